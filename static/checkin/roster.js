// Everyone at the event, in memory: by id, by ticket, by name however it is written; and who is inside which door.

const PLAIN = { ø: "o", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", ħ: "h", ŧ: "t", ŋ: "n", ı: "i", ŀ: "l" };
const MOST = 30;

/** What the server takes for an address that mail can be sent to. */
export const ADDRESS = /^(?=.{1,254}$)[^@\s"(),:;<>[\]\\]{1,64}@[^@\s"(),:;<>[\]\\.]+(?:\.[^@\s"(),:;<>[\]\\.]+)+$/;

/** Text as people type it: no accents, no case, single spaces. */
export function fold(value) {
  return value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[øæœłđðþßħŧŋıŀ]/g, (letter) => PLAIN[letter]).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

export class Roster {
  #ordered = null;
  #own = new Map();

  constructor() {
    this.people = new Map();
    this.tickets = new Map();
    this.stays = new Map(); // `${registration} ${unit}` → { inside, since, gate }
    this.counts = {};
    this.others = {};
    this.sessions = new Map();
    this.event = null;
  }

  /** Take a whole roster or what changed, as GET /roster answers. Answers the keys of the stays that it names. */
  apply(found) {
    if (found.whole) {
      for (const map of [this.people, this.tickets, this.stays, this.#own]) map.clear();
      this.counts = {};
    }
    this.event = found.event ?? this.event;
    if (found.sessions) this.sessions = new Map(found.sessions.map((session) => [session.id, session]));
    if (found.whole) this.others = {};
    for (const [title, prints] of Object.entries(found.others ?? {})) {
      const known = this.others[title] ??= new Set();
      for (const print of prints) known.add(print);
    }
    for (const row of found.people ?? []) this.#person(row);
    for (const id of found.gone ?? []) this.#remove(id);
    for (const [id, unit, inside, since, gate] of found.inside ?? []) this.stand(id, unit, { inside: Boolean(inside), since, gate });
    if (found.people?.length || found.gone?.length || found.whole) this.#ordered = null;
    return (found.inside ?? []).map(([id, unit]) => `${id} ${unit}`);
  }

  #person([id, identity, name, organisation, role, status, note, chosen]) {
    const own = ` ${fold(name)}`;
    const old = this.people.get(id);
    if (old && old.identity !== identity) this.tickets.delete(old.identity);
    const person = { id, identity, name, organisation, role, status, note, chosen, own, key: organisation ? `${own} ${fold(organisation)}` : own };
    this.people.set(id, person);
    if (identity) this.tickets.set(identity, person);
  }

  #remove(id) {
    this.tickets.delete(this.people.get(id)?.identity);
    this.people.delete(id);
  }

  /** A guest of whom the server has not heard, as one of the people. */
  guest({ id, name, organisation }) {
    this.#person([id, "", name, organisation ?? "", "attendee", "confirmed", "", null]);
    this.#ordered = null;
  }

  /** The server has heard of the guest, and calls them so. */
  known(guest, id) {
    const person = this.people.get(guest);
    if (!person) return;
    this.people.delete(guest);
    if (!this.people.has(id)) this.#person([id, "", person.name, person.organisation, "attendee", "confirmed", "", null]);
    this.#ordered = null;
  }

  /** Everyone as JSON arrays, as GET /roster has them: for keeping it. */
  whole() {
    const people = [...this.people.values()].filter(({ id }) => !id.includes("-"));
    return {
      whole: true, event: this.event, sessions: [...this.sessions.values()], others: Object.fromEntries(Object.entries(this.others).map(([title, prints]) => [title, [...prints]])),
      people: people.map((p) => [p.id, p.identity, p.name, p.organisation, p.role, p.status, p.note, p.chosen]),
      inside: [...this.stays].map(([key, s]) => [...key.split(" "), s.inside ? 1 : 0, s.since, s.gate]).filter(([id]) => !id.includes("-")),
    };
  }

  /** Where someone stands at a door. */
  stay(id, unit) { return this.#effective(`${id} ${unit}`); }

  /** The server says where someone stands at a door: { inside, since (ms), gate } */
  stand(id, unit, stay) { this.#put(this.stays, `${id} ${unit}`, stay); }

  /** This phone knows more than the server. */
  over(key, stay) { this.#put(this.#own, key, stay); }

  #effective(key) { return this.#own.has(key) ? this.#own.get(key) : this.stays.get(key) ?? null; }

  #put(map, key, stay) {
    const counts = this.counts[key.slice(key.indexOf(" ") + 1)] ??= { came: 0, inside: 0 };
    const tell = (one, by) => { if (one?.since) counts.came += by; if (one?.inside) counts.inside += by; };
    tell(this.#effective(key), -1);
    map.set(key, stay);
    tell(this.#effective(key), 1);
  }

  /** How many are expected. */
  get expected() {
    let found = 0;
    for (const { status } of this.people.values()) if (status === "confirmed") found += 1;
    return found;
  }

  get #everyone() {
    return this.#ordered ??= [...this.people.values()].sort((a, b) => (a.own < b.own ? -1 : Number(a.own > b.own)));
  }

  /** Those whose words begin with the words typed, by name first, then by organisation: at most 30, and `.more`. */
  find(typed, unit) {
    const parts = fold(typed).split(" ").filter(Boolean).map((part) => ` ${part}`);
    if (parts.join("").replaceAll(" ", "").length < 2) return Object.assign([], { more: false });
    const byName = [];
    const others = [];
    for (const person of this.#everyone) {
      if (parts.every((part) => person.own.includes(part))) byName.push(person);
      else if (others.length <= MOST && parts.every((part) => person.key.includes(part))) others.push(person);
      if (byName.length > MOST) break;
    }
    const found = [...byName, ...others];
    return Object.assign(found.slice(0, MOST).map((person) => this.#shown(person, unit)), { more: found.length > MOST });
  }

  /** Organisations whose words begin with the words typed (all, without any): { organisation, people, missing } */
  groups(typed, unit) {
    const parts = fold(typed).split(" ").filter(Boolean).map((part) => ` ${part}`);
    const found = new Map();
    for (const { id, organisation, status, own, key } of this.people.values()) {
      if (!organisation || status !== "confirmed") continue;
      if (!parts.every((part) => key.slice(own.length).includes(part))) continue;
      const group = found.get(organisation) ?? { organisation, people: 0, missing: 0 };
      group.people += 1;
      if (!this.stay(id, unit)?.since) group.missing += 1;
      found.set(organisation, group);
    }
    const order = new Intl.Collator(globalThis.document?.documentElement.lang || undefined);
    return [...found.values()].sort((a, b) => order.compare(a.organisation, b.organisation));
  }

  /** The people of an organisation, in order. */
  group(organisation, unit) {
    return this.#everyone.filter((person) => person.organisation === organisation).map((person) => this.#shown(person, unit));
  }

  #shown({ id, name, organisation, role, status, note }, unit) {
    const stay = this.stay(id, unit);
    return { id, name, organisation, role, status, note, inside: stay?.inside ?? false, since: stay?.since ?? null };
  }
}
