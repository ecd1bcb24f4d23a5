// What this phone itself scanned, laid over what the server last told: who is inside, also before anything is sent.

/** Where someone stands after a scan that counts. "left": they went into another room, where rooms are grouped. */
function move(stay, { direction, at }, gate) {
  if (direction === "left") return stay?.inside ? { ...stay, inside: false } : stay;
  if (direction === "out") return { inside: false, since: stay?.since ?? null, gate: stay?.gate ?? "" };
  return stay?.inside ? stay : { inside: true, since: at, gate };
}

export class Mine {
  #rows = new Map(); // by `${registration} ${unit}`
  #keys = new Map(); // of each scan

  /** `roster` is where it is laid over. */
  constructor(roster) {
    this.roster = roster;
    this.gate = ""; // this phone's name
    this.synced = 0; // the phone's time in ms when what the server told was asked for
  }

  /** Scans of the log, oldest first: { id, registration, unit, direction, at, admits, sent, undone, undoSent } */
  load(rows) {
    for (const row of rows) this.#note(row);
    for (const key of this.#rows.keys()) this.lay(key);
  }

  /** Lay a scan over; again with the same id when more is known of it. */
  add(row) {
    const before = this.#keys.get(row.id) ?? [];
    for (const key of before) this.#rows.set(key, this.#rows.get(key).filter(({ id }) => id !== row.id));
    for (const key of new Set([...before, ...this.#note(row)])) this.lay(key);
  }

  #note(row) {
    if (!row.registration) return [];
    const rooms = this.#rooms(row).map((unit) => ({ ...row, unit, direction: "left" }));
    const keys = [row, ...rooms].map((one) => {
      const key = `${one.registration} ${one.unit}`;
      this.#rows.set(key, [...(this.#rows.get(key) ?? []), one].sort((a, b) => a.at - b.at));
      return key;
    });
    this.#keys.set(row.id, keys);
    return keys;
  }

  /** The rooms that going into this one leaves. */
  #rooms({ unit, direction, admits }) {
    const { event, sessions } = this.roster;
    if (!event?.rooms_grouped || !sessions.has(unit) || direction !== "in" || !admits) return [];
    return [...sessions.keys()].filter((id) => id !== unit);
  }

  /** Where the phone thinks someone stands at this door, counted afresh. */
  lay(key) {
    const rows = this.#rows.get(key);
    if (!rows) return;
    let stay = this.roster.stays.get(key) ?? null;
    for (const row of rows) {
      const told = row.sent && row.sent < this.synced;
      const taken = row.undone && !(row.undoSent && row.undoSent < this.synced);
      if (told && taken && row.direction !== "left") stay = row.before ?? null;
      else if (!told && !row.undone && row.admits) stay = move(stay, row, this.gate);
    }
    this.roster.over(key, stay);
  }

  /** The server has told anew, asked at this time of the phone: only what it cannot know stays laid over. */
  told(at, keys) {
    this.synced = at;
    for (const key of new Set([...keys, ...this.#rows.keys()])) this.lay(key);
  }
}
