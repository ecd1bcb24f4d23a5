// What this phone keeps: a log of scans, guests and undos (what waits to be sent is part of it), the sealed roster, a few facts.

const VERSION = 1;

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export class Store {
  /** Open, or make, what is kept for the event at this address. */
  static async open(base) {
    const opening = indexedDB.open(`door:${base}`, VERSION);
    opening.onupgradeneeded = () => {
      const log = opening.result.createObjectStore("log", { keyPath: "n", autoIncrement: true });
      log.createIndex("id", "id", { unique: true });
      log.createIndex("waiting", "waiting"); // rows of equal waiting come in the order of n
      opening.result.createObjectStore("roster", { autoIncrement: true });
      opening.result.createObjectStore("meta");
    };
    const store = new Store();
    store.db = await done(opening);
    store.db.onversionchange = () => store.db.close();
    return store;
  }

  close() { this.db.close(); }

  /** Run `work(stores by name)` in one transaction; on the disk when this resolves. `work` may only await requests of it. */
  write(names, work) {
    return new Promise((resolve, reject) => {
      const tx = this.db.transaction(names, "readwrite", { durability: "strict" });
      let found;
      tx.oncomplete = () => resolve(found);
      tx.onabort = () => reject(tx.error ?? new Error("aborted"));
      const stores = Object.fromEntries(names.map((name) => [name, tx.objectStore(name)]));
      Promise.resolve(work(stores)).then((value) => { found = value; }, (error) => { reject(error); try { tx.abort(); } catch { /* it is over */ } });
    });
  }

  /** Append rows to the log; answers their numbers. Those with `waiting: 1` are to be sent. */
  add(...rows) {
    return this.write(["log"], async ({ log }) => {
      const numbers = [];
      for (const row of rows) numbers.push(await done(log.add(row)));
      return numbers;
    });
  }

  /** Change rows by their ids: `change(row)` answers the new row, or nothing to leave it. Answers the rows as they are then. */
  change(ids, change) {
    return this.write(["log"], async ({ log }) => {
      const rows = [];
      for (const id of ids) {
        const row = await done(log.index("id").get(id));
        const next = row && change(row);
        if (next) await done(log.put(next));
        rows.push(next || row);
      }
      return rows;
    });
  }

  /** Rows that wait, oldest first. */
  waiting() { return done(this.#read("log").index("waiting").getAll(1)); }

  /** How many wait. */
  unsent() { return done(this.#read("log").index("waiting").count(1)); }

  /** The whole log, oldest first. */
  log() { return done(this.#read("log").getAll()); }

  /** The newest rows for which `wanted(row)` holds, newest first: at most `most`. */
  last(most, wanted) {
    return new Promise((resolve, reject) => {
      const found = [];
      const asked = this.#read("log").openCursor(null, "prev");
      asked.onerror = () => reject(asked.error);
      asked.onsuccess = () => {
        const cursor = asked.result;
        if (!cursor || found.length === most) { resolve(found); return; }
        if (wanted(cursor.value)) found.push(cursor.value);
        cursor.continue();
      };
    });
  }

  /** A row by its id. */
  row(id) { return done(this.#read("log").index("id").get(id)); }

  /** A fact. */
  get(key) { return done(this.#read("meta").get(key)); }

  /** Keep facts. */
  set(facts) {
    return this.write(["meta"], ({ meta }) => { for (const [key, value] of Object.entries(facts)) meta.put(value, key); });
  }

  /** A fact that is made once, whichever tab is first: the one there is, or `value`. */
  once(key, value) {
    return this.write(["meta"], async ({ meta }) => {
      const found = await done(meta.get(key));
      if (found === undefined) meta.put(value, key);
      return found ?? value;
    });
  }

  /** The sealed parts of the roster, in order: a whole one, then what changed. */
  async parts() {
    const roster = this.#read("roster");
    const [keys, parts] = await Promise.all([done(roster.getAllKeys()), done(roster.getAll())]);
    return parts.map((part, n) => ({ part, key: keys[n] }));
  }

  /** Keep a part of the roster and the facts that go with it. `upto`: this part replaces those up to that key. */
  keep(part, facts, upto = null) {
    return this.write(["roster", "meta"], async ({ roster, meta }) => {
      if (upto !== null) roster.delete(IDBKeyRange.upperBound(upto));
      for (const [key, value] of Object.entries(facts)) meta.put(value, key);
      return done(roster.add(part));
    });
  }

  /** Delete the roster, the keys named, and who the log was about. What waits to be sent stays as it is. */
  wipe(keys, facts) {
    return this.write(["roster", "meta", "log"], async ({ roster, meta, log }) => {
      roster.clear();
      for (const key of keys) meta.delete(key);
      for (const [key, value] of Object.entries(facts)) meta.put(value, key);
      for (const row of await done(log.getAll())) {
        if (row.waiting) log.put({ ...row, seen: undefined });
        else log.delete(row.n);
      }
    });
  }

  #read(name) { return this.db.transaction([name]).objectStore(name); }
}
