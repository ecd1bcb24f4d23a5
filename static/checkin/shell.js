// What stands around a scan: in step or not, how many came, which door, the camera's panel, settings, and the end.

import { APPLE, offerHome } from "./home.js";
import { announce, by, clock, dateIn, dayOf, element, keep, recall, say, textOf } from "./words.js";

const PHASES = { expired: "clock", revoked: "cross", unpaired: "cross" };

// What a camera is called: browsers say "camera2 0, facing back".
function nameOf(label, n) {
  const side = /back|rear|environment/i.test(label) ? "back" : /front|user|face/i.test(label) ? "front" : "";
  return side ? `${say(side)} · ${n + 1}` : label || `${n + 1}`;
}

export class Shell {
  constructor({ base, camera, screen, direction, turned }) {
    Object.assign(this, { base, camera, screen, direction, turned });
    this.zone = document.body.dataset.zone;
    this.state = null;
    this.#choices();
    this.#camera();
    this.#menu();
    offerHome();
  }

  /** Open the door; without a pairing the page says so, and there is no door. */
  async begin(open) {
    try {
      return await open();
    } catch (error) {
      console.info(error);
      // On an iPhone an app on the home screen shares the kept files but no cookie: the server knows what pairs it.
      const asked = new URLSearchParams(location.search);
      if (asked.has("home") && !asked.has("shell")) location.replace(`${location.search}&shell=new`);
      this.#phase({ phase: "unpaired", unsent: 0 });
      return null;
    }
  }

  /** What scans say about the door: nothing for the whole day. */
  get session() { return by("door").value ? { session: by("door").value } : {}; }

  /** What is counted here: a session, or the day in the event's zone. */
  get unit() { return by("door").value || (this.door?.unit() ?? ""); }

  /** Show the door's state. */
  show(state) {
    const before = this.state;
    this.state = state;
    this.zone = state.event?.zone ?? this.zone;
    if (state.name) by("phone-name").textContent = state.name;
    this.#sync(state, before);
    this.#sessions(state);
    this.#counts(state);
    by("insecure").hidden = state.secure !== false;
    this.#phase(state);
  }

  /** How far a group is. */
  progress(done, all) {
    if (all) by("sync-words").textContent = `${done} / ${all}`;
    else if (this.state) this.#sync(this.state, this.state);
  }

  #sync({ online, syncedAt, unsent, event }, before) {
    const time = syncedAt ? clock(syncedAt, this.zone) : "";
    const state = !syncedAt && !event && online !== false ? "new" : online ? "on" : "off";
    const off = time ? say("offline-since", { time }) : say("offline");
    const text = { new: say("syncing"), on: time ? say("synced", { time }) : say("syncing"), off }[state];
    by("sync").dataset.state = state;
    by("sync-mark").setAttribute("href", `#mark-${{ new: "wait", on: "on", off: "off" }[state]}`);
    by("sync-words").textContent = text;
    by("unsent").textContent = say("unsent", { number: unsent });
    by("unsent").hidden = false;
    by("unsent").classList.toggle("some", unsent > 0);
    if (before && before.online !== online) announce(online ? say("online") : text);
  }

  #counts({ counts, expected }) {
    const here = counts?.[this.unit] ?? { came: 0, inside: 0 };
    by("came").textContent = here.came;
    by("inside").textContent = here.inside;
    by("expected").textContent = expected ?? 0;
  }

  // Which door ---------------------------------------------------------------------------------------------------------

  #choices() {
    const kept = recall(`place:${this.base}`) ?? {};
    this.kept = kept.session ?? "";
    this.keptTitle = kept.title ?? "";
    const way = document.querySelector(`input[name=direction][value="${kept.direction === "out" ? "out" : "in"}"]`);
    way.checked = true;
    document.body.dataset.direction = way.value;
    const chosen = () => {
      this.kept = by("door").value;
      this.keptTitle = this.kept ? by("door").selectedOptions[0].dataset.title : "";
      document.body.dataset.direction = this.direction();
      keep(`place:${this.base}`, { session: this.kept, title: this.keptTitle, direction: this.direction() });
      this.turned();
      this.#where();
      if (this.state) this.#counts(this.state);
    };
    this.chosen = chosen;
    by("door").addEventListener("change", () => { by("moved").hidden = true; chosen(); });
    by("moved-seen").addEventListener("click", () => { by("moved").hidden = true; by("find").focus(); });
    for (const input of document.querySelectorAll("input[name=direction]")) input.addEventListener("change", chosen);
  }

  #sessions({ sessions = [], event }) {
    const several = new Set(sessions.map(({ starts_at: at }) => dateIn(at, this.zone))).size > 1;
    const label = ({ starts_at: at, title }) => `${several ? `${dayOf(at, this.zone)} ` : ""}${clock(at, this.zone)} ${textOf(title)}`;
    const wanted = sessions.map((session) => [session.id, label(session), textOf(session.title)]);
    const state = JSON.stringify(wanted);
    if (state === this.listed) return;
    this.listed = state;
    const [first] = by("door").options;
    by("door").replaceChildren(first, ...wanted.map(([id, text, title]) => {
      const option = new Option(text, id, false, id === this.kept);
      option.dataset.title = title;
      return option;
    }));
    this.#where();
    if (event && this.kept && !by("door").value) this.#gone();
  }

  // The session that was chosen here is no longer in the programme: nobody finds themselves at another door unawares.
  #gone() {
    by("moved-words").textContent = say("moved", { session: this.keptTitle });
    by("moved").hidden = false;
    this.chosen();
  }

  #where() {
    const way = document.querySelector("input[name=direction]:checked + span").textContent;
    by("lock-where").textContent = `${by("door").selectedOptions[0]?.textContent ?? ""} · ${way}`;
  }

  // The camera's panel -------------------------------------------------------------------------------------------------

  #camera() {
    this.camera.onState = (trouble) => (trouble ? this.#noCamera(trouble) : this.#running());
    by("start").addEventListener("click", () => this.startCamera());
    by("cameras").addEventListener("change", ({ target }) => { this.camera.remember(target.value); this.startCamera(target.value); });
    by("torch").addEventListener("click", async ({ currentTarget: button }) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      try { await this.camera.torch(on); } catch { return; }
      button.setAttribute("aria-pressed", String(on));
    });
  }

  /** Start the camera without asking, when it was allowed before. */
  async resumeCamera() {
    try {
      const { state } = await navigator.permissions.query({ name: "camera" });
      if (state === "granted") this.startCamera();
    } catch { /* a browser that does not say: then by the button */ }
  }

  async startCamera(deviceId) {
    this.screen.unlock();
    try {
      await this.camera.start(deviceId);
      await this.#running();
    } catch (error) {
      this.#noCamera(error.message);
    }
  }

  async #running() {
    by("camera").dataset.state = "on";
    by("torch").hidden = !this.camera.hasTorch;
    by("torch").setAttribute("aria-pressed", "false");
    const choices = await this.camera.choices();
    by("cameras").hidden = by("cameras-label").hidden = choices.length < 2;
    by("cameras").replaceChildren(...choices.map((one, n) => new Option(nameOf(one.label, n), one.deviceId, false, one.deviceId === this.camera.current)));
  }

  #noCamera(trouble) {
    const refused = trouble === "refused";
    const known = ["refused", "absent", "busy", "insecure"].includes(trouble) ? trouble : "absent";
    by("camera").dataset.state = refused ? "refused" : "off";
    by("start-words").textContent = say(known);
    by("start").textContent = say("again");
    by("start").hidden = known === "insecure";
    by("start-drawing").toggleAttribute("hidden", !refused);
    by("start-icon").hidden = refused;
    by("start-drawing-use").setAttribute("href", APPLE ? "#drawing-safari" : "#drawing-chrome");
  }

  // Settings -----------------------------------------------------------------------------------------------------------

  #menu() {
    by("menu-button").addEventListener("click", () => {
      by("menu-sync").textContent = `${by("sync-words").textContent} · ${by("unsent").textContent}`;
      by("menu").showModal();
    });
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    }
  }

  // The end ------------------------------------------------------------------------------------------------------------

  #phase({ phase, unsent }) {
    const shape = PHASES[phase];
    const began = shape && by("phase").hidden;
    by("phase").hidden = !shape;
    document.body.toggleAttribute("data-over", Boolean(shape));
    for (const part of document.querySelectorAll("main, .bar, .lock")) part.inert = Boolean(shape) || (part.matches(".bar") && "kiosk" in document.body.dataset);
    if (!shape) { this.#goesOn(); return; }
    const more = phase === "expired" && !unsent ? "expired-done" : `${phase}-more`;
    by("phase-shape").setAttribute("href", `#shape-${shape}`);
    by("phase-title").textContent = say(phase);
    by("phase-words").textContent = say(more);
    by("phase-left").textContent = phase === "unpaired" && !unsent ? "" : unsent ? say("left", { number: unsent }) : say("sent");
    by("phase-send").hidden = !unsent;
    if (!began) return;
    this.cameraWas = this.camera.on;
    this.camera.stop();
    this.screen.hide();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    by("phase-title").focus();
  }

  /** The event goes on after all. */
  #goesOn() {
    if (!this.cameraWas) return;
    this.cameraWas = false;
    this.startCamera();
  }
}
