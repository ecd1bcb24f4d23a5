// The door of one event on this phone: scans, names, guests, undo, with or without a connection. What the page uses.

import { Clock } from "./clock.js";
import { admitting } from "./judge.js";
import { Heart } from "./heart.js";
import { install } from "./installing.js";
import { Keeper } from "./keeper.js";
import { Mine } from "./mine.js";
import { ADDRESS, Roster } from "./roster.js";
import { GoneError, Sender } from "./sender.js";
import { Store } from "./store.js";
import { codeOf, secure, uuid } from "./vault.js";
import { Verdicts } from "./verdict.js";

export { GoneError };

const PATIENCE = 2000; // ms a scan waits for the server
const SAME = 4000; // ms in which the same code is the same scan, counted from when it was last seen
const UNDO = 15 * 60_000;

const sleep = (ms, value = null) => new Promise((resolve) => { setTimeout(resolve, ms, value); });

export class Door {
  #listeners = new Set();
  #lately = new Map(); // code and door → { direction, at, answer }
  #days = null;

  /** Open the door of the event at `base` ("/c/e/slug"): from what this phone keeps, or from the server the first time. Throws GoneError when it was never paired. `alone`: it speaks with the server only when told to. */
  static async open({ base, language = "en", fetch, clock = new Clock(), worker = true, alone = false }) {
    const door = new Door();
    Object.assign(door, { base, language, clock, alone, online: globalThis.navigator?.onLine !== false, syncedAt: null, unsent: 0, phase: "open", secure, closed: false });
    door.roster = new Roster();
    door.mine = new Mine(door.roster);
    door.store = await Store.open(base);
    const hooks = { guest: (row) => door.keeper.guest(row), seal: (row, answer) => door.keeper.seal(door.verdicts.server(row, answer)), met: (...given) => door.#met(...given), sent: (row, answer) => door.#sent(row, answer) };
    door.sender = new Sender({ base, store: door.store, clock, hooks, ...(fetch ? { fetch } : {}) });
    door.keeper = new Keeper(door);
    door.heart = new Heart(door);
    door.verdicts = new Verdicts(door.roster, door.keeper);
    await door.keeper.load();
    if (worker) install(base);
    if (door.phase !== "open" || !door.roster.event) await door.contact({ first: true }).catch((error) => { door.close(); throw error; });
    else door.contact();
    globalThis.addEventListener?.("online", door.#awake);
    globalThis.document?.addEventListener("visibilitychange", door.#awake);
    return door;
  }

  /** Stop; what waits is sent the next time. */
  close() {
    this.closed = true;
    this.heart.stop();
    globalThis.removeEventListener?.("online", this.#awake);
    globalThis.document?.removeEventListener("visibilitychange", this.#awake);
    this.store.close();
  }

  /** Wait until nothing is under way. */
  async idle() {
    do await Promise.allSettled([this.heart.beating, this.sender.busy]); while (this.heart.beating || this.sender.busy);
  }

  /** Call `listener(state)` at every change; answers what ends it. */
  on(_change, listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is on the screen all the time. Times in ms. */
  get state() {
    const { online, syncedAt, unsent, phase, roster } = this;
    return { online, syncedAt, unsent, phase, secure, name: this.keeper.name, offset: this.clock.offset ?? 0, counts: roster.counts, expected: roster.expected, event: roster.event, sessions: [...roster.sessions.values()] };
  }

  /** Say that something changed. */
  changed() { if (!this.closed) for (const listener of this.#listeners) listener(this.state); }
  #awake = () => { if (!globalThis.document?.hidden) this.contact(); };

  // Scans ----------------------------------------------------------------------------------------------------------------

  /** One ticket or person at the door: { id, result, admits, offline, name, organisation, role, note, since (ms), gate, other, unlisted, overflow, same (seen twice within seconds) } */
  async scan({ ticket, registration, session, direction = "in", method = "qr" }) {
    this.#check();
    const code = ticket === undefined ? undefined : codeOf(ticket) || ticket.slice(0, 64);
    const key = `${code ?? registration} ${session}`;
    const at = this.clock.steady;
    const before = this.#lately.get(key);
    if (before?.direction === direction && at - before.at < SAME) {
      before.at = at;
      return { ...(await before.answer), same: true };
    }
    const answer = this.#scanned({ ...(code === undefined ? { registration } : { ticket: code }), ...(session ? { session } : {}), direction, method });
    this.#lately.set(key, { direction, at, answer });
    if (this.#lately.size > 50) this.#lately.delete(this.#lately.keys().next().value);
    answer.catch(() => this.#lately.delete(key));
    return answer;
  }

  async #scanned(given) {
    const body = given.registration?.includes("-") ? await this.#ofGuest(given) : given;
    const row = this.#row(body, body.registration ?? body.guest ?? this.verdicts.person(body.ticket)?.id ?? null);
    await this.#kept(row);
    return this.#answered(row);
  }

  /** A guest whom the server has not heard of is called by the phone's own id until then. */
  async #ofGuest({ registration: guest, ...body }) {
    const row = await this.store.row(guest);
    return row?.sent ? { ...body, registration: row.body.registration } : { ...body, guest };
  }

  #row(body, registration) {
    const marks = this.clock.jumped() ? { marks: ["jump"] } : {};
    const raw = this.clock.raw;
    const at = raw + (this.clock.offset ?? 0);
    const when = { scanned_at: new Date(raw).toISOString(), ...(this.clock.offset === null ? {} : { clock_offset_ms: this.clock.offset }) };
    const unit = body.session ?? this.unit(at);
    const before = registration ? this.roster.stay(registration, unit) : null;
    return { kind: "scan", id: uuid(), waiting: 1, registration, at, unit, before, direction: body.direction, body: { ...body, ...when, ...marks } };
  }

  async #kept(...rows) {
    const numbers = await this.store.add(...rows);
    rows.forEach((row, n) => { row.n = numbers[n]; });
    this.unsent += rows.length;
  }

  /** The server's answer if it comes in time, else the phone's own. */
  async #answered(row) {
    let found = null;
    if (this.online) {
      const asked = this.sender.answer(row.id);
      found = await Promise.race([asked, sleep(PATIENCE)]);
      found ??= await this.#alone(row, asked);
    } else found = await this.#alone(row);
    const answer = found.offline ? found : found.again ? { ...(await this.keeper.opened(found.again)), id: row.id } : this.verdicts.server(await this.store.row(row.id), found);
    const kept = await this.store.row(row.id);
    if (!kept.dropped) this.mine.add({ ...kept, admits: answer.admits });
    this.unsent = await this.store.unsent();
    this.changed();
    return answer;
  }

  async #alone(row, asked = null) {
    const answer = await this.verdicts.own(row);
    const seen = await this.keeper.seal(answer);
    if (row.body.guest) await this.sender.decided(row.body.guest, answer.admits);
    const marks = answer.unlisted ? [...(row.body.marks ?? []), "unlisted"] : row.body.marks;
    const [now] = await this.store.change([row.id], (kept) => (kept.waiting
      ? { ...kept, admitted: answer.admits, result: answer.result, seen, body: { ...kept.body, ...(marks ? { marks } : {}) } } : undefined));
    if (asked && !now.waiting) return (await Promise.race([asked, sleep(300)])) ?? answer;
    if (asked) this.#lost(row.id);
    return answer;
  }

  // Undo, guests, names --------------------------------------------------------------------------------------------------

  /** Undo a scan of the last fifteen minutes: { undone, later (not sent yet), message } */
  async undo(id) {
    this.#check();
    const scan = await this.store.row(id);
    const raw = this.clock.raw;
    if (!scan || raw + (this.clock.offset ?? 0) - scan.at > UNDO) return { undone: false, late: true };
    this.#lately.clear();
    const when = { at: new Date(raw).toISOString(), ...(this.clock.offset === null ? {} : { clock_offset_ms: this.clock.offset }) };
    const row = { kind: "undo", id: `undo:${id}`, waiting: 1, body: { id, ...when } };
    await this.#kept(row).catch(() => { /* it is undone already */ });
    await this.#taken(id, { undone: true });
    const answer = this.online ? await Promise.race([this.sender.answer(row.id), sleep(PATIENCE)]) : null;
    if (this.online && !answer) this.sender.giveUp(row.id);
    if (answer?.message && !answer.undone) await this.#taken(id, { undone: false });
    this.unsent = await this.store.unsent();
    this.changed();
    return answer && !answer.again ? { undone: answer.undone, message: answer.message } : { undone: true, later: !answer };
  }

  async #taken(id, facts) {
    const [row] = await this.store.change([id], (kept) => ({ ...kept, ...facts }));
    if (row) this.mine.add({ ...row, admits: row.admitted ?? admitting(row.result) });
  }

  /** Someone who is not registered, and their scan: an answer as of `scan`, or { errors: [{ field, message }] } */
  async guest({ session, direction = "in", ...values }) {
    this.#check();
    const given = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, (value ?? "").trim()]).filter(([, value]) => value));
    const policy = this.online ? "" : this.roster.event?.walk_ins; // the server knows it better
    const wrong = ["name", "email", ...(policy === "ask" ? ["agreed_by"] : [])].filter((field) => !given[field]);
    if (policy === "no") wrong.push("name");
    if (given.email && !ADDRESS.test(given.email)) wrong.push("email");
    if (wrong.length) return { errors: wrong.map((field) => ({ field, message: "" })) };
    const guest = uuid();
    const scan = this.#row({ guest, ...(session ? { session } : {}), direction, method: "manual" }, guest);
    this.roster.guest({ id: guest, name: "", ...given });
    await this.#kept({ kind: "guest", id: guest, waiting: 1, body: await this.keeper.private({ ...given, at: new Date(scan.at).toISOString() }) }, scan);
    const refused = this.online ? this.sender.answer(guest).then((found) => (found?.errors ? found : new Promise(() => {}))) : new Promise(() => {});
    const answer = await Promise.race([refused, this.#answered(scan)]);
    if (answer.errors) { this.roster.people.delete(guest); this.unsent = await this.store.unsent(); this.changed(); }
    return answer;
  }

  /** People by name or organisation, at most 30 and `.more`: { id, name, organisation, role, status, note, inside, since (ms) } */
  find(text, { unit = this.unit() } = {}) { return this.roster.find(text, unit); }

  /** Organisations: { organisation, people, missing } */
  groups(text = "", { unit = this.unit() } = {}) { return this.roster.groups(text, unit); }

  /** The people of an organisation, as `find` has them. */
  group(organisation, { unit = this.unit() } = {}) { return this.roster.group(organisation, unit); }

  /** The last scans of this phone, newest first, also after a reload: answers as of `scan`, with `at` (ms), `fresh` (can still be undone) and `undone` */
  async recent(most = 8) {
    const rows = await this.store.last(most, ({ kind, dropped }) => kind === "scan" && !dropped);
    return Promise.all(rows.map(async (row) => ({ ...(await this.keeper.opened(row)), id: row.id, at: row.at, fresh: this.clock.now - row.at < UNDO, overflow: row.body.marks?.includes("overflow") ?? false, undone: row.undone ?? false })));
  }

  /** The door's day: the date in the event's zone; after midnight the day whose door is still open. */
  unit(at = this.clock.now) {
    const { zone, nights } = this.roster.event ?? {};
    const night = nights?.find(([from, until]) => from <= at && at < until);
    if (night) return night[2];
    if (!this.#days || this.#days.zone !== zone) this.#days = { zone, format: new Intl.DateTimeFormat("sv-SE", { timeZone: zone }) };
    return this.#days.format.format(at);
  }

  // The server -----------------------------------------------------------------------------------------------------------

  #check() {
    this.keeper.look();
    if (this.phase !== "open") throw new GoneError(this.phase === "revoked");
  }

  #lost(id) { this.sender.giveUp(id); this.online = false; this.contact(); }

  /** Speak with the server now: its clock, who came, what changed; send what waits. By itself every few seconds. */
  contact(how) { return this.heart.beat(how); }

  #met(guest, registration, scans) {
    this.roster.known(guest.id, registration);
    for (const row of scans) this.mine.add({ ...row, admits: row.admitted ?? admitting(row.result) });
  }

  async #sent(row, answer) {
    if (row.kind === "undo") await this.#taken(row.body.id, { ...(row.quiet ? {} : { undone: answer.undone || undefined }), undoSent: row.sent });
    if (row.kind !== "scan") return;
    this.mine.add({ ...row, admits: row.admitted ?? admitting(row.result) });
    // Whom this phone turned away, by what it knew then, was not there, whatever the list says now.
    if (row.admitted !== false || !admitting(answer.result)) return;
    const { scanned_at: at, clock_offset_ms: offset } = row.body;
    const body = { id: row.id, at, ...(offset === undefined ? {} : { clock_offset_ms: offset }) };
    await this.store.add({ kind: "undo", id: `undo:${row.id}`, waiting: 1, quiet: true, body }).catch(() => { /* it is noted already */ });
  }
}
