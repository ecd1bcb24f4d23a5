// The door: the camera sees a ticket, the server says whether its holder may come in, the screen shows it.

import { Camera } from "./camera.js";
import { Finder } from "./finder.js";
import { People, codeOf } from "./people.js";
import { Screen } from "./result.js";
import { GoneError, Sender } from "./sender.js";

const SAME = 4000; // ms in which the same code is the same scan, counted from when it was last seen
const PATIENCE = 2000;
const REFRESH = 5000;
const UNDOABLE = new Set(["valid", "already_in", "exit", "not_inside"]);

const by = (id) => document.getElementById(id);
const texts = (kind) => Object.fromEntries([...document.querySelectorAll(`#texts [data-${kind}]`)].map(({ dataset }) => [dataset[kind], dataset]));
const words = { result: texts("result"), role: texts("role"), status: texts("status"), say: texts("say") };
const say = (key, values = {}) => words.say[key].word.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

const { base, worker, zone } = document.body.dataset;
const screen = new Screen();
const people = new People();
const sender = new Sender(base, showNet);
const camera = new Camera(by("video"), worker, seen);
const finder = new Finder({ people, words, say, unit, ask: (path) => sender.ask(path), tick, typed: scanCode, guest });

let counts = {};
let last = { code: "", at: 0 };

// What stands at this door -------------------------------------------------------------------------------------------

const direction = () => document.querySelector("input[name=direction]:checked").value;

function unit() {
  return by("door").value || new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(new Date(Date.now() + (sender.offset ?? 0)));
}

// Scanning -----------------------------------------------------------------------------------------------------------

function seen(code) {
  const now = Date.now();
  const same = code === last.code && now - last.at < SAME;
  last = { code, at: now };
  if (same || screen.holds || document.querySelector("dialog[open]")) return;
  scanCode(code);
}

function scanCode(code) {
  judge({ ticket: codeOf(code) || code.slice(0, 200), method: "qr" });
}

function tick(person) {
  judge({ registration: person.id, method: "manual" }, person);
}

async function judge(entry, person = null) {
  screen.unlock();
  const session = by("door").value;
  const waiting = setTimeout(() => screen.show({ tone: "yellow", shape: "wait", word: say("unanswered"), sentence: say("kept"), name: person?.name }), PATIENCE);
  const answer = await sender.scan({ direction: direction(), ...entry, ...(session ? { session } : {}) });
  clearTimeout(waiting);
  show(answer);
  refresh();
}

function show(answer) {
  const result = words.result[answer.result] ?? words.result.unknown;
  const role = answer.role && answer.role !== "attendee" ? words.role[answer.role]?.word : "";
  const since = answer.since ? say("since", { time: answer.since }) : "";
  const undo = UNDOABLE.has(answer.result) ? () => takeBack(answer.id) : null;
  screen.show({
    tone: result.tone, shape: result.shape, word: since ? `${result.word}, ${since}` : result.word, name: answer.name,
    detail: [answer.organisation, role].filter(Boolean).join(" · "), note: answer.note, undo,
    sentence: answer.result === "valid" ? "" : result.sentence,
  });
  remember(answer, result);
}

function remember(answer, result) {
  const line = document.createElement("li");
  const who = document.createElement("span");
  const what = document.createElement("span");
  line.dataset.scan = answer.id;
  line.dataset.tone = result.tone;
  who.className = "who";
  what.className = "what";
  who.textContent = answer.name || codeless(result);
  what.textContent = answer.name ? result.word : "";
  line.append(mark(result.shape), who, what);
  if (UNDOABLE.has(answer.result)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say("undo");
    button.setAttribute("aria-label", `${say("undo")}: ${answer.name}`);
    button.addEventListener("click", () => takeBack(answer.id));
    line.append(button);
  }
  by("recent").prepend(line);
  while (by("recent").children.length > 8) by("recent").lastChild.remove();
  by("none").hidden = true;
}

const codeless = (result) => result.word;

function mark(shape) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#shape-${shape}`);
  svg.append(use);
  return svg;
}

async function takeBack(id) {
  try {
    await sender.ask("/undo", { id });
  } catch (error) {
    trouble(error);
    return;
  }
  const line = document.querySelector(`[data-scan="${CSS.escape(id)}"]`);
  if (line) {
    line.classList.add("undone");
    line.querySelector(".what").textContent = say("undone");
    line.querySelector("button")?.remove();
  }
  last = { code: "", at: 0 };
  refresh();
}

async function guest(values) {
  const { registration } = await sender.ask("/guests", values);
  judge({ registration, method: "manual" }, values);
}

// The rest of the screen ---------------------------------------------------------------------------------------------

function trouble(error) {
  if (error instanceof GoneError) { showNet({ gone: true }); return; }
  screen.show({ tone: "yellow", shape: "twice", word: say("failed"), sentence: error.problem?.detail ?? "" });
}

function showNet({ waiting = 0, online = true, gone = false }) {
  if (gone) {
    camera.stop();
    clearInterval(timer);
    screen.show({ tone: "red", shape: "cross", word: say("gone"), sentence: say("gone-more") });
    by("result-next").hidden = true;
    return;
  }
  by("net").hidden = online && waiting < 2;
  by("net").textContent = waiting ? say("waiting", { number: waiting }) : say("offline");
}

async function refresh() {
  try {
    const found = await sender.ask("/state");
    counts = found.counts;
    by("expected").textContent = found.expected;
    showCounts();
    showNet({ waiting: sender.unsent.size });
    if (found.version !== people.version) people.load(await sender.ask("/roster"));
    sender.flush();
  } catch (error) {
    if (error instanceof GoneError) showNet({ gone: true });
    else showNet({ waiting: sender.unsent.size, online: false });
  }
}

function showCounts() {
  const here = counts[unit()] ?? { came: 0, inside: 0 };
  by("came").textContent = here.came;
  by("inside").textContent = here.inside;
}

async function startCamera(deviceId) {
  screen.unlock();
  try {
    await camera.start(deviceId);
  } catch (error) {
    by("camera").dataset.state = "refused";
    by("start-words").textContent = say(error.message in words.say ? error.message : "absent");
    by("start").textContent = say("again");
    return;
  }
  by("camera").dataset.state = "on";
  by("torch").hidden = !camera.hasTorch;
  const choices = await camera.choices();
  by("cameras").hidden = by("cameras-label").hidden = choices.length < 2;
  by("cameras").replaceChildren(...choices.map((one, n) => new Option(one.label || `${n + 1}`, one.deviceId, false, one.deviceId === camera.current)));
}

by("start").addEventListener("click", () => startCamera());
by("cameras").addEventListener("change", ({ target }) => { camera.remember(target.value); startCamera(target.value); });
by("torch").addEventListener("click", async ({ currentTarget: button }) => {
  const on = button.getAttribute("aria-pressed") !== "true";
  await camera.torch(on);
  button.setAttribute("aria-pressed", String(on));
});
by("sound").addEventListener("change", ({ target }) => { screen.loud = target.checked; });
by("door").addEventListener("change", () => { last = { code: "", at: 0 }; showCounts(); });
for (const way of document.querySelectorAll("input[name=direction]")) way.addEventListener("change", () => { last = { code: "", at: 0 }; document.body.dataset.direction = direction(); });
by("find").addEventListener("click", () => finder.open());
document.addEventListener("pointerdown", () => screen.unlock(), { once: true });
document.addEventListener("click", (event) => { if (!event.target.closest("#menu")) by("menu").open = false; });
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
window.addEventListener("online", () => refresh());

// A scanner that types: letters in quick succession, then Enter.
let keyed = "";
let keyedAt = 0;
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.timeStamp - keyedAt > 300) keyed = "";
  keyedAt = event.timeStamp;
  if (event.key.length === 1) keyed += event.key;
  if (event.key === "Enter" && keyed.length >= 8) {
    event.preventDefault();
    const code = keyed;
    keyed = "";
    if (!screen.holds) seen(code);
  }
});

refresh();
sender.flush();
const timer = setInterval(() => { if (!document.hidden) refresh(); }, REFRESH);
navigator.permissions?.query({ name: "camera" }).then(({ state }) => { if (state === "granted") startCamera(); }, () => {});
