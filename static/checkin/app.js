// The door: the camera sees a ticket, the phone and the server say whether its holder may come in, the screen shows it.

import { Camera } from "./camera.js";
import { Door } from "./door.js";
import { Finder, Group } from "./finder.js";
import { Guest } from "./guest.js";
import { Kiosk } from "./kiosk.js";
import { Recent, codeOf, shown } from "./answers.js";
import { Screen } from "./result.js";
import { Shell } from "./shell.js";
import { typed } from "./wedge.js";
import { by, keep, recall, say, words } from "./words.js";

const SAME = 4000; // ms in which the same code is the same scan, counted from when it was last seen
const UNREDEEMED = 400; // ms until the screen says that an answer is on its way

const { base } = document.body.dataset;
const screen = new Screen();
const camera = new Camera(by("video"), `${base}/decode.worker.js`, seen);
camera.warm();
const shell = new Shell({ base, camera, screen, direction, turned: forget });
const kiosk = new Kiosk(base, alone);
const lately = new Map(); // code → when it was last before the camera
let last = ""; // the code that was scanned last
let judging = null;

const door = await shell.begin(() => Door.open({ base, language: document.documentElement.lang }));
const recent = new Recent({ door, takeBack });

function direction() { return document.querySelector("input[name=direction]:checked").value; }

// Scanning -----------------------------------------------------------------------------------------------------------

function forget() { lately.clear(); }

// However long a busy phone stands still meanwhile, what was before the camera until its answer was put away is no
// second scan.
screen.onSeen = () => { if (lately.has(last)) lately.set(last, performance.now()); };

/** A code in a frame taken `at`. */
function seen(code, at) {
  if (!door) return;
  const same = at - (lately.get(code) ?? -Infinity) < SAME;
  const busy = judging || document.querySelector("dialog[open]");
  if (!busy || lately.has(code)) lately.set(code, Math.max(at, lately.get(code) ?? at));
  if (lately.size > 50) lately.delete(lately.keys().next().value);
  if (busy || same || screen.holds) return;
  last = code;
  scan({ ticket: codeOf(code) || code.slice(0, 200), method: "qr" }, at);
}

/** A code that was typed, by a scanner or by hand: it is never dropped for one that is being judged. */
async function keyed(code) {
  await judging;
  seen(code, performance.now());
}

function scan(entry, at = performance.now()) {
  judging = judge(entry, at).catch(failed).finally(() => { judging = null; });
  return judging;
}

async function judge(entry, at) {
  screen.unlock();
  const slow = setTimeout(() => { by("camera").dataset.asking = ""; }, UNREDEEMED);
  try {
    const answer = await door.scan({ direction: direction(), ...shell.session, ...entry });
    show(answer, at);
  } finally {
    clearTimeout(slow);
    delete by("camera").dataset.asking;
  }
}

function show(answer, at) {
  screen.show({ ...shown(answer, door.state, kiosk.on), since: at, undo: recent.undoable(answer) && !kiosk.on ? () => takeBack(answer.id) : null });
  recent.refresh();
}

function failed(error) {
  if (door?.state.phase === "open") screen.show({ tone: "yellow", shape: "twice", word: say("failed"), sentence: error.problem?.detail ?? "" });
  console.info(error);
}

async function takeBack(id) {
  forget();
  try {
    const { undone, later, message } = await door.undo(id);
    if (!undone && !later) screen.show({ tone: "yellow", shape: "twice", word: say("not-undone"), sentence: message ?? say("undo-late") });
  } catch (error) {
    failed(error);
  }
  recent.refresh();
}

// Groups and guests --------------------------------------------------------------------------------------------------

async function together(people) {
  const answers = [];
  screen.unlock();
  for (const person of people) {
    answers.push(await door.scan({ direction: direction(), ...shell.session, registration: person.id, method: "manual" }));
    shell.progress(answers.length, people.length);
  }
  shell.progress(0, 0);
  const refused = answers.filter(({ result }) => words.result[result]?.tone === "red");
  const number = answers.length - refused.length;
  screen.show({
    tone: refused.length ? "yellow" : "green", shape: "group", word: say(direction() === "out" ? "group-out" : "group-in", { number }),
    detail: people[0]?.organisation ?? "", sentence: refused.length ? say("group-not", { names: refused.map(({ name }) => name).join(", ") }) : "",
  });
  recent.refresh();
}

async function register(values) {
  const answer = await door.guest({ ...values, ...shell.session, direction: direction() });
  if (!answer.errors) setTimeout(() => show({ ...answer, guest: true }, performance.now()));
  return answer;
}

// Hands-free ---------------------------------------------------------------------------------------------------------

function alone(on) {
  screen.hide();
  screen.alone = on;
  forget();
  camera.facing = on ? "user" : "environment";
  shell.startCamera();
}

// What is on the page ------------------------------------------------------------------------------------------------

if (door) {
  shell.door = door;
  const unit = () => shell.unit;
  const finder = new Finder({
    door, codeOf, unit,
    chosen: (person) => scan({ registration: person.id, method: "manual" }),
    typed: (code) => { lately.delete(code); keyed(code); },
    opened: (organisation) => group.open(organisation),
  });
  const group = new Group({ door, unit, direction, confirmed: (people) => { judging = together(people).catch(failed).finally(() => { judging = null; }); } });
  const guest = new Guest({ register, codeOf, policy: () => door.state.event?.walk_ins ?? document.body.dataset.walkIns, online: () => door.state.online });
  by("find").addEventListener("click", () => finder.open());
  by("kiosk-button").addEventListener("click", () => { by("menu").close(); kiosk.enter(); });
  by("send-now").addEventListener("click", () => door.contact());
  by("phase-send").addEventListener("click", () => door.contact());
  by("sound").checked = recall("sound") ?? true;
  screen.loud = by("sound").checked;
  by("sound").addEventListener("change", ({ target }) => { screen.loud = target.checked; keep("sound", target.checked); });
  document.addEventListener("pointerdown", () => screen.unlock());
  typed((code) => { if (!screen.holds) keyed(code); });
  door.on("change", (state) => { shell.show(state); guest.allow(); recent.refresh(); });
  shell.show(door.state);
  recent.refresh();
  if (kiosk.left) kiosk.enter();
  else shell.resumeCamera();
}
