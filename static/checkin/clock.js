// The phone's clock against the server's, and whether it jumped while nobody looked.

const JUMP = 60_000; // ms by which the wall clock and the monotonic one may part between two looks
const TRUSTED = 2000; // ms of round trip above which an offset says too little

export class Clock {
  #wall;
  #steady;
  #last = null;
  #jumped = false;
  #fresh = true;
  #ahead = 0;
  #rough = false; // whether the offset was measured over a slow line

  /** `wall` and `steady` answer ms: Date.now and performance.now, but in tests. */
  constructor({ wall = () => Date.now(), steady = () => performance.now() } = {}) {
    this.#wall = wall;
    this.#steady = steady;
    this.offset = null; // ms by which the server is ahead, as last measured, also by the monotonic clock; null: never
    this.least = 0; // ms: the server's time was at least this, so that turning the phone back opens nothing
    globalThis.document?.addEventListener("visibilitychange", () => { this.#last = null; });
  }

  /** The phone's own time in ms, wrong or not. */
  get raw() { return this.#wall(); }

  /** The server's time in ms, as far as it is known. */
  get now() { return Math.max(this.#wall() + (this.offset ?? 0), this.least); }

  /** Ms since some moment; never jumps. */
  get steady() { return this.#steady(); }

  /** Note what the server's clock said in an answer asked at `began` (steady ms). */
  measured(server, began) {
    const trip = this.#steady() - began;
    this.look();
    this.least = Math.max(this.least, server);
    // Seconds off are better than hours: where the line is slow, what it says is taken until it says it quickly.
    if (trip > TRUSTED && this.offset !== null && !this.#rough) return;
    this.#rough = trip > TRUSTED;
    this.offset = Math.round(server + trip / 2 - this.#wall());
    this.#fresh = true;
    this.#ahead = 0;
  }

  /** Look at both clocks. Between looks while the page was visible they must agree. */
  look() {
    const now = { wall: this.#wall(), steady: this.#steady() };
    const last = this.#last;
    this.#last = globalThis.document?.hidden ? null : now;
    const by = last && this.#last ? now.wall - last.wall - (now.steady - last.steady) : 0;
    if (Math.abs(by) > JUMP) this.#jump(by);
    // An empty battery leaves a phone in 1970: it goes on from when the server was last heard.
    const late = this.offset === null ? 0 : this.least - now.wall - this.offset;
    if (late > JUMP) this.#jump(-late);
  }

  // Forwards may be sleep, in which the monotonic clock stands still. Backwards never is: then that one is right.
  #jump(by) {
    this.#jumped = true;
    this.#fresh = false;
    const back = Math.max(0, -by);
    const undone = Math.min(back, this.#ahead);
    this.#ahead += Math.max(0, by) - undone;
    if (back > undone && this.offset !== null) this.offset = Math.round(this.offset + back - undone);
  }

  /** Whether the scan made now is to be marked: the clock jumped since the last one, or since it was last measured. */
  jumped() {
    this.look();
    const found = this.#jumped;
    if (this.#fresh) this.#jumped = false;
    return found;
  }
}
