// Scans on their way to the server. Each has an id of its own, made here, so sending it again is harmless;
// what has no answer yet is kept on the phone, over a reload too.

const EVERY = 2000;
const TIMEOUT = 15000;

export class GoneError extends Error {}

export class Sender {
  constructor(base, onState) {
    this.base = base;
    this.onState = onState;
    this.key = `door:unsent:${base}`;
    this.offset = null;
    this.unsent = new Map(read(this.key).map((scan) => [scan.id, { scan, answered: () => {} }]));
  }

  /** Resolves with the answer, however long that takes. */
  scan(entry) {
    const scan = { id: uuid(), scanned_at: new Date().toISOString(), ...entry };
    if (this.offset !== null) scan.clock_offset_ms = this.offset;
    return new Promise((answered) => {
      this.unsent.set(scan.id, { scan, answered });
      this.#changed();
      this.flush();
    });
  }

  async flush() {
    if (this.busy || !this.unsent.size) return;
    this.busy = true;
    clearTimeout(this.timer);
    const batch = [...this.unsent.values()].slice(0, 100);
    try {
      const answers = await this.ask("/scans", batch.map(({ scan }) => scan));
      answers.forEach((answer, n) => { this.unsent.delete(batch[n].scan.id); batch[n].answered(answer); });
      this.online = true;
    } catch (error) {
      if (error instanceof GoneError) { this.onState({ gone: true }); return; }
      this.online = false;
      this.timer = setTimeout(() => this.flush(), EVERY);
    } finally {
      this.busy = false;
    }
    this.#changed();
    if (this.online) this.flush();
  }

  /** Ask the server. Throws GoneError when this phone is not paired any more; else an error with `.problem` if it said why. */
  async ask(path, body) {
    const began = Date.now();
    const answer = await fetch(this.base + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
      cache: "no-store",
    });
    if (answer.status === 410) throw new GoneError();
    const found = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(found.detail), { problem: found });
    if (typeof found.now === "number" && Date.now() - began < 2000) this.offset = Math.round(found.now - (began + Date.now()) / 2);
    return found;
  }

  #changed() {
    try { localStorage.setItem(this.key, JSON.stringify([...this.unsent.values()].map(({ scan }) => scan))); } catch { /* full: they stay in memory */ }
    this.onState({ waiting: this.unsent.size, online: this.online !== false });
  }
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; }
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
