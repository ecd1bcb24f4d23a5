// What an answer looks like, and the list of the last ones.

import { about, by, clock, drawing, element, listed, say, textOf, words } from "./words.js";

const UNDOABLE = new Set(["valid", "already_in", "exit", "not_inside"]);
const LINES = 8;

// The digits as a scanner types them that thinks of an American keyboard, where the keyboard is a Lithuanian one.
const DIGITS = { Ą: "1", Č: "2", Ę: "3", Ė: "4", Į: "5", Š: "6", Ų: "7", Ū: "8" };

/** A ticket's code as typed or scanned, in its printed form, or nothing. */
export function codeOf(value) {
  const bare = value.toUpperCase().replace(/[ĄČĘĖĮŠŲŪ]/g, (letter) => DIGITS[letter]).replace(/[\s\-‑–]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(bare) ? bare : "";
}

const resultOf = (answer) => words.result[answer.result] ?? words.result.unknown;

/** How to show an answer. Before a guest who stands there alone: no note, and whom to ask. */
export function shown(answer, state, alone) {
  const result = resultOf(answer);
  const { tone, shape, word } = result;
  const fact = why(answer, state);
  const sentence = answer.result === "valid" || answer.result === "exit" ? "" : result.sentence;
  if (alone) return { tone, shape, word, name: answer.name, sentence: tone === "green" ? "" : say("see-desk") };
  const check = [answer.overflow ? say("overflow") : "", answer.guest && answer.offline ? say("later") : answer.unlisted ? say("unlisted") : ""].filter(Boolean).join(" ");
  return { tone, shape, word, name: answer.name, detail: about(answer), note: answer.note, fact, check, sentence };
}

// What exactly is known: when and where, which event, which sessions.
function why({ result, since, gate, other }, { event, sessions }) {
  if (result === "already_in" && since) {
    const time = clock(since, event.zone);
    return gate ? say("came-in-at", { time, gate }) : say("came-in", { time });
  }
  if (result === "other_event" && other) return say("ticket-of", { event: textOf(other) });
  if (result === "other_session" && other?.length) {
    const titles = [other].flat().map((id) => textOf(sessions.find((session) => session.id === String(id))?.title ?? id));
    return say("chose", { sessions: listed(titles) });
  }
  return "";
}

/** The last scans of this phone, over a reload too: each can be undone for a quarter of an hour. */
export class Recent {
  constructor({ door, takeBack }) {
    Object.assign(this, { door, takeBack });
    setInterval(() => this.refresh(), 30_000);
  }

  undoable({ result, admits = true }) { return UNDOABLE.has(result) && admits !== false; }

  async refresh() {
    if (this.running) { this.again = true; return; }
    this.running = true;
    try {
      const found = await this.door.recent(LINES);
      this.#show(found);
    } finally {
      this.running = false;
    }
    if (this.again) { this.again = false; this.refresh(); }
  }

  #show(found) {
    const state = JSON.stringify(found.map(({ id, undone, result, name, fresh, overflow }) => [id, undone, result, name, fresh, overflow]));
    if (state === this.state) return;
    this.state = state;
    const focused = document.activeElement?.closest?.("#recent li")?.dataset.scan;
    by("recent").replaceChildren(...found.map((one) => this.#line(one)));
    by("none").hidden = found.length > 0;
    if (focused) (by("recent").querySelector(`[data-scan="${CSS.escape(focused)}"] button`) ?? by("find")).focus();
  }

  #line(one) {
    const result = resultOf(one);
    const line = element("li");
    const word = one.undone ? say("undone") : result.word;
    const late = !one.undone && this.undoable(one) && !one.fresh;
    line.dataset.scan = one.id;
    line.dataset.tone = result.tone;
    line.classList.toggle("undone", Boolean(one.undone));
    line.append(drawing(`shape-${result.shape}`), element("span", "who", one.name || result.word));
    line.append(element("span", "what", [clock(one.at, document.body.dataset.zone), one.name || one.undone ? word : "", one.overflow ? say("overflow") : "", late ? say("undo-late") : ""].filter(Boolean).join(" · ")));
    if (!one.undone && this.undoable(one) && !late) line.append(this.#undo(one));
    return line;
  }

  #undo(one) {
    const button = element("button", "", say("undo"));
    button.type = "button";
    button.setAttribute("aria-label", `${say("undo")}: ${one.name || resultOf(one).word}`);
    button.addEventListener("click", () => { button.disabled = true; this.takeBack(one.id); });
    return button;
  }
}
