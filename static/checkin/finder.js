// The sheet in which someone is found by name, or a whole group, or a code is typed. It works without reception.

import { about, by, clock, drawing, element, say, words } from "./words.js";

const MOST = 60;

export class Finder {
  /** `door` finds; `chosen(person)`, `typed(code)`, `opened(organisation)` are told what was tapped. */
  constructor({ door, codeOf, unit, chosen, typed, opened }) {
    Object.assign(this, { door, codeOf, unit, chosen, typed, opened });
    this.sheet = by("finder");
    by("query").addEventListener("input", () => this.#search());
    by("query").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      by("found").querySelector("button")?.click();
    });
    for (const way of document.querySelectorAll("input[name=finding]")) way.addEventListener("change", () => this.#turn());
  }

  get groups() { return document.querySelector("input[name=finding]:checked").value === "groups"; }

  open() {
    by("query").value = "";
    document.querySelector("input[name=finding][value=people]").checked = true;
    this.#turn();
    this.sheet.showModal();
    by("query").focus();
  }

  #turn() {
    const label = say(this.groups ? "query-groups" : "query");
    by("query-label").textContent = label;
    by("query").placeholder = label;
    this.#search();
  }

  #search() {
    if (this.groups) this.#searchGroups();
    else this.#searchPeople();
  }

  #searchPeople() {
    const typed = by("query").value;
    const found = this.door.find(typed, { unit: this.unit() });
    const code = this.codeOf(typed);
    const rows = found.map((person) => this.#person(person));
    // Last: a name of sixteen letters could be a code too.
    if (code) rows.push(this.#code(code));
    by("found").replaceChildren(...rows);
    const short = typed.trim().length < 2;
    this.#hint(found.more ? say("more") : rows.length ? say("found", { number: rows.length }) : say(short ? "hint" : "nobody"), Boolean(rows.length) && !found.more);
  }

  #searchGroups() {
    const found = this.door.groups(by("query").value, { unit: this.unit() });
    by("found").replaceChildren(...found.slice(0, MOST).map((group) => this.#group(group)));
    this.#hint(say(found.length > MOST ? "more" : found.length ? "hint-groups" : "no-group"), false);
  }

  #hint(text, quiet) {
    by("hint").textContent = text;
    by("hint").classList.toggle("visually-hidden", quiet);
  }

  #person(person) {
    const status = person.status === "confirmed" ? "" : words.status[person.status]?.word ?? person.status;
    const inside = person.inside ? [words.result.already_in.word, person.since ? say("since", { time: clock(person.since, document.body.dataset.zone) }) : ""].filter(Boolean).join(", ") : "";
    const parts = [element("span", "name", person.name), element("span", "detail", about(person)), element("span", "note", person.note)];
    if (status) parts.push(element("span", "status", status));
    if (inside) parts.push(element("span", "since", inside));
    return this.#row(parts, () => this.chosen(person));
  }

  #code(code) {
    const printed = code.replace(/(.{4})(?!$)/g, "$1 ");
    return this.#row([element("span", "name", printed), element("span", "detail", say("code"))], () => this.typed(code));
  }

  #group({ organisation, people, missing }) {
    const state = missing ? say("missing", { missing, people }) : say("all-in", { people });
    return this.#row([element("span", "name", organisation), element("span", missing ? "detail" : "since", state)], () => this.opened(organisation));
  }

  #row(parts, tapped) {
    const button = element("button");
    const line = element("li");
    button.type = "button";
    button.append(...parts);
    button.addEventListener("click", () => { this.sheet.close(); tapped(); });
    line.append(button);
    return line;
  }
}

/** A whole delegation: everyone is ticked but those who are there already, or may not come in. */
export class Group {
  /** `confirmed(people)` is told whom to let in or out. */
  constructor({ door, unit, direction, confirmed }) {
    Object.assign(this, { door, unit, direction, confirmed });
    this.sheet = by("group");
    by("group-form").addEventListener("submit", (event) => { event.preventDefault(); this.#confirm(); });
    by("group-people").addEventListener("change", () => this.#count());
    by("group-all").addEventListener("click", () => this.#all());
  }

  open(organisation) {
    const out = this.direction() === "out";
    this.people = this.door.group(organisation, { unit: this.unit() });
    const people = this.people.filter(({ status }) => status === "confirmed").length;
    by("group-title").textContent = organisation;
    const missing = this.people.filter(({ status, since }) => status === "confirmed" && !since).length;
    by("group-about").textContent = missing ? say("missing", { missing, people }) : say("all-in", { people });
    by("group-people").replaceChildren(...this.people.map((person, n) => this.#line(person, n, out)));
    this.#count();
    this.sheet.showModal();
    by("group-confirm").focus();
  }

  get #boxes() { return [...by("group-people").querySelectorAll("input:not(:disabled)")]; }

  #line(person, n, out) {
    const line = element("li");
    const label = element("label");
    const box = element("input");
    const barred = person.status !== "confirmed";
    const done = !out && person.inside;
    box.type = "checkbox";
    box.value = n;
    box.disabled = barred || done || (out && !person.inside);
    box.checked = !box.disabled;
    const state = barred ? words.status[person.status]?.word ?? person.status : done ? words.result.already_in.word : "";
    const text = element("span");
    text.append(element("span", "name", person.name), element("span", "note", person.note), element("span", barred ? "status" : "since", state));
    label.append(box, text);
    if (done) label.append(drawing("mark-on", "mark"));
    line.append(label);
    return line;
  }

  #all() {
    const some = this.#boxes.some((box) => !box.checked);
    for (const box of this.#boxes) box.checked = some;
    this.#count();
  }

  #count() {
    const number = this.#boxes.filter((box) => box.checked).length;
    by("group-confirm").textContent = say(this.direction() === "out" ? "let-out" : "let-in", { number });
    by("group-confirm").disabled = !number;
    by("group-all").hidden = this.#boxes.length < 2;
  }

  #confirm() {
    const chosen = this.#boxes.filter((box) => box.checked).map((box) => this.people[Number(box.value)]);
    this.sheet.close();
    this.confirmed(chosen);
  }
}
