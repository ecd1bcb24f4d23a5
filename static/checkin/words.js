// What the page can say, in its language, and the small things that all parts of it need.

export const by = (id) => document.getElementById(id);

const texts = (kind) => Object.fromEntries([...document.querySelectorAll(`#texts [data-${kind}]`)].map(({ dataset }) => [dataset[kind], dataset]));

export const words = { result: texts("result"), role: texts("role"), status: texts("status"), say: texts("say") };

/** A sentence with its values filled in. */
export const say = (key, values = {}) => words.say[key].word.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const language = document.documentElement.lang;
const locale = language === "en" ? "en-GB" : language;

/** A time of day in the event's zone, of milliseconds; what is text already stays as it is. */
export function clock(at, zone) {
  if (typeof at === "string" && !/^\d{4}-/.test(at)) return at;
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(at));
}

/** The date in a zone, as 2026-12-10. */
export const dateIn = (at, zone) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date(at));

/** A short weekday and day: "Thu 10". */
export const dayOf = (at, zone) => new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", timeZone: zone }).format(new Date(at));

/** A list as people say it: "a, b and c". */
export const listed = (items) => new Intl.ListFormat(locale, { type: "conjunction" }).format(items);

/** A text in several languages, or a plain one. */
export const textOf = (value) => (typeof value === "object" && value ? value[language] ?? Object.values(value).find(Boolean) ?? "" : value ?? "");

export const order = new Intl.Collator(language);

export function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

export function drawing(name, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  if (className) svg.setAttribute("class", className);
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/** Organisation and role, as far as they say something. */
export const about = ({ organisation, role }) => [organisation, role && role !== "attendee" ? words.role[role]?.word : ""].filter(Boolean).join(" · ");

let saying;

/** Tell who listens to the page. */
export function announce(text) {
  by("live").textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { by("live").textContent = text; }, 80);
}

// Small things that a phone remembers about itself. A browser that keeps nothing just forgets them.
export function recall(key) { try { return JSON.parse(localStorage.getItem(`door:${key}`)); } catch { return null; } }
export function keep(key, value) { try { localStorage.setItem(`door:${key}`, JSON.stringify(value)); } catch { /* then not */ } }
