// Hands-free: people show their own tickets to a tablet on a stand. Nothing else can be reached until the lock was held.

import { by, keep, recall, say } from "./words.js";

const HOLD = 2000;

export class Kiosk {
  /** `changed(on)` is told when it begins and ends. */
  constructor(base, changed) {
    this.key = `kiosk:${base}`;
    this.changed = changed;
    const button = by("unlock");
    button.addEventListener("pointerdown", () => this.#hold());
    for (const end of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) button.addEventListener(end, () => this.#release());
    button.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); if (!event.repeat) this.#hold(); } });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    document.addEventListener("visibilitychange", () => { if (this.on && !document.hidden) this.#awake(); });
  }

  get on() { return "kiosk" in document.body.dataset; }

  /** Whether it was on before the page was loaded again: a guest who reloads it is no volunteer. */
  get left() { return recall(this.key) === true; }

  enter() {
    keep(this.key, true);
    this.#set(true);
    if (navigator.userActivation?.isActive !== false) document.documentElement.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {});
    this.#awake();
  }

  leave() {
    keep(this.key, false);
    this.#set(false);
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    this.lock?.release().catch(() => {});
  }

  #set(on) {
    if (on) document.body.dataset.kiosk = "";
    else delete document.body.dataset.kiosk;
    by("lock").hidden = !on;
    for (const part of document.querySelectorAll(".about, .bar")) part.inert = on;
    by("aim").textContent = say(on ? "aim-kiosk" : "aim");
    this.changed(on);
  }

  async #awake() {
    try { this.lock = await navigator.wakeLock?.request("screen"); } catch { /* a low battery refuses */ }
  }

  #hold() {
    by("unlock").classList.add("held");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.#release(); this.leave(); by("menu-button").focus(); }, HOLD);
  }

  #release() {
    clearTimeout(this.timer);
    by("unlock").classList.remove("held");
  }
}
