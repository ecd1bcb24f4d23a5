// From the log to the server: guests, then scans, then undos, in batches. Each has an id of its own, so sending again is harmless.

const LONGEST = 15_000; // ms for a batch
const MOST = { guest: 50, scan: 500, undo: 200 };
const REFUSED = 10 * 60_000; // ms until what the server refused is sent again

/** This phone is not paired here: `revoked` true, false (the event is over) or null (it never was). */
export class GoneError extends Error {
  constructor(revoked = null) { super("gone"); this.revoked = revoked; }
}

/** The server understood and refused; `problem` says why. */
export class RefusedError extends Error {
  constructor(status, problem) { super(problem?.detail ?? `${status}`); this.status = status; this.problem = problem; }
}

export class Sender {
  #waiters = new Map();
  #refused = new Map();
  #flying = null;
  #again = false;
  busy = null; // the sending that is under way

  /**
   * `hooks`: guest(row) → what a guest row holds, seal(row, answer) → what the log keeps of an answer,
   * met(row, registration, scans) after a guest was registered, sent(row, answer) after anything was.
   */
  constructor({ base, store, clock, hooks, fetch = (...given) => globalThis.fetch(...given) }) {
    Object.assign(this, { base, store, clock, hooks, fetch });
  }

  /** Ask the server. Throws GoneError, RefusedError, or what fetch throws when there is no answer within `patience` ms. */
  async ask(path, body, { patience = LONGEST, control = new AbortController() } = {}) {
    const timer = setTimeout(() => control.abort(), patience);
    try {
      const answer = await this.fetch(this.base + path, {
        method: body === undefined ? "GET" : "POST",
        headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: control.signal, cache: "no-store",
      });
      const found = await answer.json();
      if (answer.status === 410) throw new GoneError(found.revoked ?? null);
      if (!answer.ok) throw new RefusedError(answer.status, found);
      return found;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The server's answer to a row of the log; null as soon as it is clear that there is none now. */
  answer(id) {
    return new Promise((resolve) => {
      this.#waiters.set(id, resolve);
      this.flush().catch(() => this.#tell(id, null));
    });
  }

  /** Wait for this answer no longer, and let a request that carries it go. */
  giveUp(id) {
    this.#waiters.delete(id);
    if (this.#flying?.ids.has(id)) this.#flying.control.abort();
  }

  /** The phone decided on a guest by itself: the server is told so, and waited for no longer. */
  async decided(guest, admitted) {
    this.giveUp(guest);
    await this.store.change([guest], (row) => (row.waiting ? { ...row, admitted: row.admitted || admitted } : undefined));
  }

  /** Send all that waits. One tab of this phone at a time. Throws as `ask` when there is no connection. */
  flush() {
    if (this.busy) { this.#again = true; return this.busy; }
    this.busy = this.#alone(async () => {
      do { this.#again = false; await this.#drain(); } while (this.#again);
    }).finally(() => {
      this.busy = null;
      if (this.#again) this.flush().catch(() => {});
    });
    return this.busy;
  }

  async #alone(work) {
    if (!globalThis.navigator?.locks) return work();
    return navigator.locks.request(`door:${this.base}`, work);
  }

  async #drain() {
    for (;;) {
      const batch = this.#next(await this.store.waiting());
      if (!batch.length) break;
      try {
        await this.#send(batch);
      } catch (error) {
        if (!(error instanceof RefusedError) || error.status < 400 || error.status >= 500 || error.status === 429) throw error;
        await this.#apart(batch, error);
      }
    }
    await this.#others();
  }

  /** What can go now: a scan after its guest, an undo after its scan. */
  #next(rows) {
    const now = this.clock.steady;
    const free = rows.filter(({ id }) => !(this.#refused.get(id) > now));
    const open = new Set(rows.filter(({ kind }) => kind === "scan").map(({ id }) => id));
    const ready = {
      guest: free.filter(({ kind }) => kind === "guest"),
      scan: free.filter(({ kind, body }) => kind === "scan" && !(body.guest && !body.registration)),
      undo: free.filter(({ kind, body }) => kind === "undo" && !open.has(body.id)),
    };
    const kind = Object.keys(ready).find((one) => ready[one].length);
    return kind ? ready[kind].slice(0, MOST[kind]) : [];
  }

  // One wrong row must not hold up the others, and no row is ever thrown away.
  async #apart(batch, error) {
    if (batch.length > 1) {
      for (const row of batch) {
        try { await this.#send([row]); } catch (reason) {
          if (!(reason instanceof RefusedError)) throw reason;
          await this.#refuse(row, reason.problem);
        }
      }
    } else await this.#refuse(batch[0], error.problem);
  }

  // A guest whom the volunteer still waits for was not let in; everything else is kept, and sent again later.
  async #refuse(row, problem) {
    const errors = (problem?.errors ?? []).map(({ field, message }) => ({ field: field.replace(/^\d+\./, ""), message }));
    if (row.kind === "guest" && this.#waiters.has(row.id)) await this.#drop(row);
    else this.#refused.set(row.id, this.clock.steady + REFUSED);
    this.#tell(row.id, row.kind === "guest" ? { errors } : null);
  }

  async #send(batch) {
    const control = new AbortController();
    this.#flying = { ids: new Set(batch.map(({ id }) => id)), control };
    try {
      if (batch[0].kind === "guest") await this.#guests(batch, control);
      else if (batch[0].kind === "scan") await this.#scans(batch, control);
      else await this.#undos(batch, control);
    } finally {
      this.#flying = null;
    }
  }

  async #scans(batch, control) {
    const bodies = batch.map(({ id, body: { guest, ...body }, admitted }) => ({ id, ...body, ...(admitted === undefined ? {} : { admitted }) }));
    const answers = await this.ask("/scans", bodies, { control });
    alike(batch, answers);
    const sealed = await Promise.all(batch.map((row, n) => (row.seen ? undefined : this.hooks.seal(row, answers[n]))));
    const at = this.clock.raw;
    for (const [n, row] of batch.entries()) this.#tell(row.id, answers[n]);
    const by = new Map(batch.map((row, n) => [row.id, n]));
    const rows = await this.store.change(batch.map(({ id }) => id), (row) => {
      const n = by.get(row.id);
      // While this was under way the phone decided by itself: what it showed is still to be told.
      if (row.admitted !== batch[n].admitted) return undefined;
      return { ...row, waiting: undefined, sent: at, result: answers[n].result, registration: answers[n].registration ?? row.registration, ...(sealed[n] ? { seen: sealed[n] } : {}) };
    });
    for (const [n, row] of rows.entries()) if (row && !row.waiting) await this.hooks.sent(row, answers[n]);
  }

  async #guests(batch, control) {
    const bodies = await Promise.all(batch.map(async (row) => ({ id: row.id, ...(await this.hooks.guest(row)), ...(row.admitted ? { admitted: true } : {}) })));
    const answers = await this.ask("/guests", bodies, { control });
    alike(batch, answers);
    for (const [n, row] of batch.entries()) {
      const answer = answers[n];
      if (answer.registration) await this.#met(row, answer);
      else await this.#refuse(row, answer);
    }
  }

  /** A guest has a registration: the scans that waited for it say so. */
  async #met(guest, { registration, status }) {
    const over = status !== "confirmed";
    const full = status === "waiting" || status === "offered";
    const scans = (await this.store.waiting()).filter(({ body }) => body.guest === guest.id).map(({ id }) => id);
    const [, ...rows] = await this.store.change([guest.id, ...scans], (row) => {
      if (row.kind === "guest") return { ...row, waiting: undefined, sent: this.clock.raw, body: { registration, status } };
      const marks = [...(row.body.marks ?? []), ...(full ? ["overflow"] : [])];
      const body = { ...row.body, registration, ...(marks.length ? { marks } : {}) };
      return { ...row, body, registration, ...(over ? { admitted: true } : {}) };
    });
    this.hooks.met(guest, registration, rows);
    this.#tell(guest.id, { registration, status });
  }

  async #undos(batch, control) {
    const answers = await this.ask("/undo", batch.map(({ body }) => body), { control });
    alike(batch.map(({ body }) => body), answers);
    const later = batch.filter((_row, n) => answers[n].later);
    for (const row of later) this.#refused.set(row.id, this.clock.steady + 5000);
    const settled = batch.filter((row) => !later.includes(row)).map(({ id }) => id);
    const rows = await this.store.change(settled, (row) => ({ ...row, waiting: undefined, sent: this.clock.raw }));
    for (const row of rows) await this.hooks.sent(row, answers[batch.findIndex(({ id }) => id === row.id)]);
    for (const [n, row] of batch.entries()) this.#tell(row.id, answers[n].later ? null : answers[n]);
  }

  /** Take a guest who was not let in, and their scan, out of what waits. */
  async #drop(guest) {
    const scans = (await this.store.waiting()).filter(({ body }) => body.guest === guest.id).map(({ id }) => id);
    await this.store.change([guest.id, ...scans], (row) => ({ ...row, waiting: undefined, dropped: true, body: {} }));
    for (const id of scans) this.#tell(id, null);
  }

  // Another tab may have sent what is waited for here.
  async #others() {
    for (const id of [...this.#waiters.keys()]) {
      const row = await this.store.row(id);
      if (row && !row.waiting) this.#tell(id, { again: row });
      else if (row && this.#refused.has(id)) this.#tell(id, null);
    }
  }

  #tell(id, answer) {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    waiter?.(answer);
  }
}

// A hotel's sign-in page answers 200 too: only an answer to what was asked is one.
function alike(batch, answers) {
  const fits = Array.isArray(answers) && answers.length === batch.length && answers.every((answer, n) => answer?.id === batch[n].id);
  if (!fits) throw new TypeError("an answer to something else");
}
