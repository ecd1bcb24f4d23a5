// Finding someone by two letters, however the name is written.

const PLAIN = { ø: "o", æ: "ae", ł: "l", đ: "d", ß: "ss", þ: "th", ð: "d" };

export function fold(value) {
  return value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[øæłđßþð]/g, (c) => PLAIN[c]).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

export class People {
  constructor() {
    this.all = [];
    this.version = "";
  }

  load({ version, people }) {
    this.version = version;
    const order = new Intl.Collator(document.documentElement.lang);
    this.all = people.map(([id, name, organisation, role, status, note]) => (
      { id, name, organisation, role, status, note, key: ` ${fold(`${name} ${organisation}`)}`, own: ` ${fold(name)}` }
    )).sort((a, b) => order.compare(a.name, b.name));
  }

  /** Those whose words begin with the words typed: by name first, then by organisation. At most `most`, one more if there are. */
  find(typed, most) {
    const parts = fold(typed).split(" ").filter(Boolean).map((part) => ` ${part}`);
    if (!parts.length || parts.join("").trim().length < 2) return [];
    const byName = [];
    const others = [];
    for (const person of this.all) {
      if (parts.every((part) => person.own.includes(part))) byName.push(person);
      else if (parts.every((part) => person.key.includes(part))) others.push(person);
      if (byName.length > most) break;
    }
    return [...byName, ...others].slice(0, most + 1);
  }

  byId(id) { return this.all.find((person) => person.id === id); }
}

/** A ticket's code as typed or scanned, in its printed form, or nothing. */
export function codeOf(value) {
  const bare = value.toUpperCase().replace(/[\s\-‑–]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(bare) ? bare : "";
}
