// Someone who is not registered: a short form, as the event allows it, without reception too.

import { ADDRESS } from "./roster.js";
import { by, say } from "./words.js";

export class Guest {
  /** `register(values)` answers `{ errors }` when the server refused; `policy()` is "no", "ask" or "yes". */
  constructor({ register, policy, online, codeOf }) {
    Object.assign(this, { register, policy, online, codeOf });
    this.sheet = by("guest");
    this.form = by("guest-form");
    by("guest-button").addEventListener("click", () => this.open());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.allow();
  }

  /** Show what the event's policy is. */
  allow() {
    const policy = this.policy();
    by("guest-button").hidden = policy === "no";
    by("no-guests").hidden = policy !== "no";
    by("guest-ask").hidden = policy !== "ask";
    by("guest-agreed_by").required = policy === "ask";
  }

  open() {
    const typed = by("query").value.trim();
    by("finder").close();
    this.form.reset();
    this.allow();
    if (!this.codeOf(typed) || !/\d/.test(typed)) by("guest-name").value = typed;
    this.#wrong({});
    by("guest-offline").hidden = this.online();
    this.sheet.showModal();
    (by("guest-name").value ? by("guest-email") : by("guest-name")).focus();
  }

  async #send() {
    const values = Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, value.trim()]));
    const wrong = this.#look(values);
    if (Object.keys(wrong).length) { this.#wrong(wrong); return; }
    const button = this.form.querySelector(".primary");
    button.disabled = true;
    try {
      const { errors } = (await this.register(values)) ?? {};
      if (errors) this.#refused(errors);
      else this.sheet.close();
    } catch {
      this.#wrong({}, say("failed"));
    } finally {
      button.disabled = false;
    }
  }

  #look({ name, email, agreed_by: agreed }) {
    const wrong = {};
    if (!name) wrong.name = say("needed");
    if (!ADDRESS.test(email)) wrong.email = say(email ? "bad-email" : "needed");
    if (this.policy() === "ask" && !agreed) wrong.agreed_by = say("who-agreed");
    return wrong;
  }

  #refused(errors) {
    const given = Array.isArray(errors) ? Object.fromEntries(errors.map(({ field, message }) => [field, message || say("needed")])) : errors;
    const known = Object.fromEntries(Object.entries(given).filter(([name]) => this.form.elements[name]));
    const others = Object.entries(given).filter(([name]) => !(name in known)).map(([, message]) => message);
    this.#wrong(known, others.join(" ") || (Object.keys(known).length ? "" : say("failed")));
  }

  #wrong(errors, general = "") {
    for (const line of this.form.querySelectorAll("[data-error]")) {
      line.textContent = errors[line.dataset.error] ?? "";
      line.hidden = !line.textContent;
      line.previousElementSibling.setAttribute("aria-invalid", String(!line.hidden));
    }
    by("guest-error").textContent = general;
    by("guest-error").hidden = !general;
    this.form.querySelector("[aria-invalid=true]")?.focus();
  }
}
