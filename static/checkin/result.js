// The answer, over the whole screen: colour, shape, word, sound and vibration, so that no one sense is needed.

import { by } from "./words.js";

const STAYS = { green: 3000, yellow: 6000, red: 0 };
const STAYS_ALONE = { green: 3000, yellow: 5000, red: 7000 };
const BUZZ = { green: [80], yellow: [60, 80, 60], red: [350, 120, 350] };
const NOTES = { green: [[880, 0, 0.12], [1320, 0.12, 0.18]], yellow: [[660, 0, 0.14], [660, 0.2, 0.14]], red: [[196, 0, 0.28], [165, 0.32, 0.4]] };
const KEPT = 200;

export class Screen {
  constructor() {
    this.box = by("result");
    this.loud = true;
    this.alone = false; // nobody stands by who could touch it
    this.onSeen = () => {}; // an answer that waited for a hand was put away
    by("result-next").addEventListener("click", () => this.hide());
    this.box.addEventListener("click", (event) => { if (!event.target.closest("button")) this.hide(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.open) this.hide(); });
  }

  get open() { return !this.box.hidden; }

  /** A red answer waits for a hand: nothing is scanned until it was seen. */
  get holds() { return this.open && this.box.dataset.tone === "red" && !this.alone; }

  /** Show an answer; `since` is when the frame that led to it was taken, for measuring. */
  show({ tone, shape, word, sentence = "", name = "", detail = "", note = "", fact = "", check = "", undo = null, since = 0 }) {
    clearTimeout(this.timer);
    if (!this.open) this.before = document.activeElement;
    this.box.dataset.tone = tone;
    by("result-shape").setAttribute("href", `#shape-${shape}`);
    for (const [id, words] of Object.entries({ word, name, detail, note, fact, check, sentence })) {
      by(`result-${id}`).textContent = words;
      by(`result-${id}`).hidden = !words;
    }
    by("result-undo").hidden = !undo;
    by("result-undo").onclick = () => { this.hide(); undo(); };
    this.box.hidden = false;
    this.box.scrollTop = 0;
    this.box.classList.remove("tight");
    this.box.classList.toggle("tight", this.box.scrollHeight > this.box.clientHeight);
    this.box.classList.remove("fresh");
    requestAnimationFrame(() => { this.box.classList.add("fresh"); if (since) measure(since); });
    this.box.focus();
    if (this.loud) this.#sound(tone);
    const stays = (this.alone ? STAYS_ALONE : STAYS)[tone];
    if (stays) this.timer = setTimeout(() => this.hide(), stays);
  }

  hide() {
    clearTimeout(this.timer);
    if (!this.open) return;
    if (this.holds) this.onSeen();
    this.box.hidden = true;
    if (this.before?.isConnected) this.before.focus();
    this.before = null;
  }

  /** Browsers make sounds only after a touch. */
  unlock() {
    if (navigator.userActivation?.hasBeenActive === false) return;
    this.audio ??= window.AudioContext ? new AudioContext() : null;
    if (this.audio?.state === "suspended") this.audio.resume();
  }

  #sound(tone) {
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(BUZZ[tone]);
    if (this.audio?.state !== "running") return;
    for (const [pitch, at, length] of NOTES[tone]) {
      const start = this.audio.currentTime + at;
      const note = this.audio.createOscillator();
      const gain = this.audio.createGain();
      note.type = tone === "red" ? "square" : "sine";
      note.frequency.value = pitch;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(tone === "red" ? 0.25 : 0.5, start + 0.015);
      gain.gain.setTargetAtTime(0, start + length * 0.6, 0.04);
      note.connect(gain).connect(this.audio.destination);
      note.start(start);
      note.stop(start + length + 0.2);
    }
  }
}

// From the frame to the answer on the screen: read by tests, and by whoever wonders why a phone is slow.
function measure(since) {
  if (performance.getEntriesByName("verdict").length >= KEPT) performance.clearMeasures("verdict");
  performance.measure("verdict", { start: since, end: performance.now() });
}
