// The sheet in which someone is found by name, or a code is typed, or a guest is added.

import { codeOf } from "./people.js";

const MOST = 30;
const by = (id) => document.getElementById(id);

export class Finder {
  constructor({ people, words, say, unit, ask, tick, typed, guest }) {
    Object.assign(this, { people, words, say, unit, ask, tick, typed });
    this.sheet = by("finder");
    by("query").addEventListener("input", () => this.#search());
    by("query").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      by("found").querySelector("button")?.click();
    });
    by("guest-button").addEventListener("click", () => this.#newGuest());
    by("guest-form").addEventListener("submit", (event) => { event.preventDefault(); this.#register(guest); });
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    }
  }

  open() {
    by("query").value = "";
    this.#search();
    this.sheet.showModal();
    by("query").focus();
  }

  async #search() {
    const typed = by("query").value;
    const found = this.people.find(typed, MOST);
    const code = codeOf(typed);
    const rows = found.slice(0, MOST).map((person) => this.#row(person));
    if (code) rows.unshift(this.#codeRow(code));
    by("found").replaceChildren(...rows);
    by("hint").textContent = this.#hint(typed, rows.length, found.length);
    by("hint").hidden = !by("hint").textContent;
    if (found.length) await this.#whoIsIn(found.slice(0, MOST), typed);
  }

  #hint(typed, rows, found) {
    if (found > MOST) return this.say("more");
    if (rows) return "";
    return typed.trim().length < 2 ? this.say("hint") : this.say("nobody");
  }

  #row(person) {
    const button = document.createElement("button");
    const status = person.status === "confirmed" ? "" : this.words.status[person.status]?.word ?? person.status;
    const role = person.role === "attendee" ? "" : this.words.role[person.role]?.word;
    button.type = "button";
    button.dataset.person = person.id;
    button.append(text("span", "name", person.name), text("span", "about", [person.organisation, role].filter(Boolean).join(" · ")));
    if (person.note) button.append(text("span", "note", person.note));
    button.append(text("span", status ? "status" : "since", status));
    button.addEventListener("click", () => { this.sheet.close(); this.tick(person); });
    return item(button);
  }

  #codeRow(code) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(text("span", "name", code.replace(/(.{4})(?!$)/g, "$1 ")), text("span", "about", this.say("code")));
    button.addEventListener("click", () => { this.sheet.close(); this.typed(code); });
    return item(button);
  }

  // Who of those shown is inside comes from the server, a moment later.
  async #whoIsIn(shown, typed) {
    let inside;
    try {
      inside = await this.ask(`/inside?unit=${encodeURIComponent(this.unit())}&ids=${shown.map(({ id }) => id).join(",")}`);
    } catch { return; }
    if (by("query").value !== typed) return;
    for (const [id, time] of Object.entries(inside)) {
      const since = by("found").querySelector(`[data-person="${id}"] .since`);
      if (since) since.textContent = `${this.words.result.already_in.word}, ${this.say("since", { time })}`;
    }
  }

  #newGuest() {
    this.sheet.close();
    by("guest-form").reset();
    if (!codeOf(by("query").value)) by("guest-name").value = by("query").value.trim();
    this.#wrong({});
    by("guest").showModal();
    (by("guest-name").value ? by("guest-email") : by("guest-name")).focus();
  }

  async #register(guest) {
    const button = by("guest-form").querySelector(".primary");
    button.disabled = true;
    try {
      await guest(Object.fromEntries(new FormData(by("guest-form"))));
      by("guest").close();
    } catch (error) {
      const errors = Object.fromEntries((error.problem?.errors ?? []).map(({ field, message }) => [field, message]));
      this.#wrong(errors, Object.keys(errors).length ? "" : error.problem?.detail ?? this.say("failed"));
    } finally {
      button.disabled = false;
    }
  }

  #wrong(errors, general = "") {
    for (const line of by("guest-form").querySelectorAll("[data-error]")) {
      line.textContent = errors[line.dataset.error] ?? "";
      line.hidden = !line.textContent;
      line.previousElementSibling.setAttribute("aria-invalid", String(!line.hidden));
    }
    by("guest-error").textContent = general;
    by("guest-error").hidden = !general;
    by("guest-form").querySelector("[aria-invalid=true]")?.focus();
  }
}

function text(tag, name, words) {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = words;
  return element;
}

function item(child) {
  const line = document.createElement("li");
  line.append(child);
  return line;
}
