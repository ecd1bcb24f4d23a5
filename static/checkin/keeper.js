// What this phone knows and how it rests: the roster under a key that cannot be taken out, opened until the event is over.

import { admitting } from "./judge.js";
import { fingerprint, genuine, partsOf, restKey, seal, secure, ticketKey, unseal } from "./vault.js";

const PARTS = 30; // sealed changes after which the whole roster is sealed anew

export class Keeper {
  #rest = null;
  #guests = null;
  #tickets = null;
  #upto = null;
  #parts = 0;

  /** `door`: whose roster, store, clock and sender these are. */
  constructor(door) {
    this.door = door;
    this.cursor = null;
    this.expiresAt = Infinity;
  }

  /** Whether the time to read has passed, as far as this phone knows. */
  get expired() { return this.door.clock.now > this.expiresAt; }

  /** Open what this phone keeps. */
  async load() {
    const { door } = this;
    const [known = {}, offset = null] = await Promise.all([door.store.get("known"), door.store.get("offset")]);
    Object.assign(door.clock, { offset, least: known.least ?? 0 });
    Object.assign(this, { expiresAt: known.expiresAt ?? Infinity, cursor: known.cursor ?? null, name: known.name ?? "" });
    Object.assign(door, { syncedAt: known.syncedAt ?? null, phase: known.phase ?? "open" });
    door.unsent = await door.store.unsent();
    this.look();
    if (!secure || door.phase !== "open") return;
    await this.#keys();
    await this.#open();
    const log = await door.store.log();
    const guests = log.filter(({ kind, waiting }) => kind === "guest" && waiting);
    await Promise.all(guests.map(async (row) => door.roster.guest({ id: row.id, name: "", ...(await this.guest(row)) })));
    Object.assign(door.mine, { synced: known.synced ?? 0, gate: this.name });
    door.mine.load(log.filter(({ kind, dropped }) => kind === "scan" && !dropped).map((row) => ({ ...row, admits: row.admitted ?? admitting(row.result) })));
  }

  /** After its time the phone opens nothing, until the server says that there is more time. */
  look() {
    if (!this.expired || this.door.phase !== "open") return;
    this.door.phase = "expired";
    this.forget();
  }

  async #keys() {
    const { store } = this.door;
    this.#rest = (await store.get("rest")) ?? (await store.once("rest", await restKey()));
    this.#guests = (await store.get("guests")) ?? (await store.once("guests", await restKey()));
    this.#tickets = (await store.get("tickets")) ?? null;
  }

  async #open() {
    const parts = await this.door.store.parts();
    this.#upto = parts.at(-1)?.key ?? null;
    this.#parts = parts.length;
    try {
      for (const { part } of parts) this.door.roster.apply(await unseal(this.#rest, part));
    } catch { // what cannot be read is fetched again
      this.forget();
      this.door.roster.event = null;
      await this.#keys();
    }
  }

  /** Tell the server how it is here and learn its clock. Answers whether the roster is behind. Throws as Sender.ask. */
  async meet(patience) {
    const { door } = this;
    const { clock, sender, store } = door;
    const began = clock.steady;
    const offset = clock.offset === null ? {} : { clock_offset_ms: clock.offset };
    const found = await sender.ask("/contact", { unsent: door.unsent, ...offset }, { patience });
    if (typeof found.now !== "number") throw new TypeError("an answer to something else");
    clock.measured(found.now, began);
    if (door.phase !== "open") this.cursor = null;
    this.expiresAt = found.expires_at;
    if (this.cursor === null || !door.roster.event) await this.refresh();
    Object.assign(door, { phase: "open", syncedAt: this.cursor === found.cursor ? clock.now : door.syncedAt });
    await store.set({ offset: clock.offset, known: this.#known() });
    return this.cursor !== found.cursor;
  }

  #known() {
    const { door } = this;
    return { name: this.name, expiresAt: this.expiresAt, cursor: this.cursor, syncedAt: door.syncedAt, phase: door.phase, least: door.clock.least, synced: door.mine.synced };
  }

  /** Bring the roster up to date. */
  async refresh() {
    const { door } = this;
    const asked = door.clock.raw;
    const before = this.cursor;
    const since = this.cursor !== null && door.roster.event ? `?since=${encodeURIComponent(this.cursor)}` : "";
    const { key, ...found } = await door.sender.ask(`/roster${since}`, undefined, { patience: 30_000 });
    if (!found.event) throw new TypeError("an answer to something else");
    if (key && secure) await this.#ticket(key);
    const keys = door.roster.apply(found);
    this.cursor = found.cursor;
    this.name = door.mine.gate = found.phone?.name ?? this.name;
    door.mine.told(asked, keys);
    door.syncedAt = door.clock.now;
    if (secure && (found.whole || found.cursor !== before)) await this.#keep(found);
  }

  async #ticket(key) {
    await this.#keys();
    this.#tickets = await ticketKey(key);
    await this.door.store.set({ tickets: this.#tickets });
  }

  async #keep(found) {
    const whole = found.whole || this.#parts >= PARTS;
    const part = await seal(this.#rest, found.whole || !whole ? found : this.door.roster.whole());
    this.#upto = await this.door.store.keep(part, { known: this.#known() }, whole ? this.#upto ?? Infinity : null);
    this.#parts = whole ? 1 : this.#parts + 1;
  }

  /** The phone is stopped (true), the event is over (false) or it is not paired (null): delete people and keys, never what waits. */
  async gone(revoked) {
    const { door } = this;
    this.forget();
    door.phase = revoked === null ? "unpaired" : revoked ? "revoked" : "expired";
    await door.store.wipe(["rest", "tickets"], { known: { ...this.#known(), syncedAt: null } });
    if (await door.store.unsent()) return;
    this.#guests = null;
    await door.store.wipe(["guests"], {});
  }

  /** Drop from memory whoever was known. */
  forget() {
    const { roster } = this.door;
    roster.apply({ whole: true, people: [], inside: [], others: {} });
    Object.assign(this, { cursor: null });
    this.#rest = null;
    this.#tickets = null;
    this.#upto = null;
  }

  /** Whether a printed code is genuine here, or which other event's it is. Without a secure page: whether it is on the list. */
  async examined(code, known) {
    if (!this.#tickets) return { genuine: Boolean(known), other: null };
    if (await genuine(this.#tickets, partsOf(code))) return { genuine: true, other: null };
    const print = await fingerprint(code);
    const other = Object.entries(this.door.roster.others).find(([, prints]) => prints.has(print));
    return { genuine: false, other: other?.[0] ?? null };
  }

  /** An answer as the log keeps it: sealed, or nothing where that cannot be. */
  async seal(answer) { return this.#rest ? seal(this.#rest, answer) : { plain: bare(answer) }; }

  /** What the log keeps of an answer. */
  async opened({ seen, result, admitted }) {
    if (!seen) return { result, admits: admitted ?? admitting(result), name: "" };
    if (!seen.data) return seen.plain;
    try { return await unseal(this.#rest, seen); } catch { return this.opened({ result, admitted }); }
  }

  /** A guest's values as the log keeps them: they outlive the roster until they are sent. */
  async private(values) {
    if (secure && !this.#guests) await this.#keys();
    return secure ? { sealed: await seal(this.#guests, values) } : values;
  }

  /** The values of a guest of the log. */
  async guest({ body }) {
    if (!body.sealed) return body;
    this.#guests ??= await this.door.store.get("guests");
    return unseal(this.#guests, body.sealed);
  }
}

const bare = ({ id, result, admits, offline, since }) => ({ id, result, admits, offline, since, name: "" });
