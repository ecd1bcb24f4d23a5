// What a script adds to pages that work without one: announcements, copying, search by "/", the visitor's own time,
// drafts that survive, and a sign that something is under way.

const say = document.body.dataset;
const live = document.getElementById("live");
const announced = new WeakSet();

function announce(words) {
  live.textContent = "";
  setTimeout(() => { live.textContent = words; }, 60);
}

function announceNew() {
  const words = [];
  for (const element of document.querySelectorAll("[data-announce]")) {
    if (announced.has(element)) continue;
    announced.add(element);
    words.push((element.dataset.announce || element.textContent).replace(/\s+/g, " ").trim());
  }
  if (words.length) announce(words.join(" "));
}

// The visitor's time beside the event's, where the clocks differ.
function minutesAhead(moment, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  }).formatToParts(moment);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
  return Math.round((wall - moment.getTime()) / 60000);
}

function statedAhead(element, moment) {
  if (element.dataset.zone) return minutesAhead(moment, element.dataset.zone);
  const offset = /([+-])(\d\d):(\d\d)$/.exec(element.dateTime);
  return offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
}

function showLocalTime(element) {
  if (element.dataset.shown) return;
  element.dataset.shown = "yes";
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  const stated = statedAhead(element, moment);
  const own = -moment.getTimezoneOffset();
  if (stated === own) return;
  const day = (ahead) => Math.floor((moment.getTime() / 60000 + ahead) / 1440);
  const format = { hour: "2-digit", minute: "2-digit" };
  if (day(stated) !== day(own)) Object.assign(format, { weekday: "short", day: "numeric", month: "short" });
  const time = new Intl.DateTimeFormat(document.documentElement.lang.replace(/^en$/, "en-GB"), format).format(moment);
  const beside = document.createElement("span");
  beside.className = "local-time";
  beside.textContent = ` (${(element.dataset.localLabel || say.sayLocal).replace("{time}", time)})`;
  (element.closest("[data-local-box]") ?? element).append(beside);
}

// Drafts: a form with data-draft="NAME" keeps what is typed until it has been sent.
const draftKey = (form) => `draft:${form.dataset.draft}`;

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}

function write(key, value) {
  try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* a browser that keeps nothing: no drafts */ }
}

function draftable(field) {
  return field.name && !field.readOnly && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.closest("[data-no-draft]");
}

function keepDraft(form, sent = false) {
  const values = [];
  for (const field of form.elements) {
    if (!draftable(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") values.push([field.name, field.value, field.checked]);
    else values.push([field.name, field.value]);
  }
  write(draftKey(form), { values, sent });
}

function restoreDraft(form) {
  const draft = read(draftKey(form));
  if (!draft || form.querySelector("[aria-invalid]") || document.querySelector("[data-error-summary]")) return;
  let changed = false;
  for (const [name, value, checked] of draft.values) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (!draftable(field)) continue;
      if (checked !== undefined && field.value === value && field.checked !== checked) { field.checked = checked; changed = true; }
      if (checked === undefined && field.value !== value) { field.value = value; changed = true; }
    }
  }
  if (changed) {
    form.dispatchEvent(new Event("change", { bubbles: true }));
    tell(say.sayKept, "info");
  }
}

function dropSentDrafts() {
  const here = new Set([...document.querySelectorAll("form[data-draft]")].map(draftKey));
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft:") && !here.has(key) && read(key)?.sent) sessionStorage.removeItem(key);
  }
}

function tell(words, tone) {
  const place = document.getElementById("flash");
  if (!place || !words) return;
  const notice = document.createElement("div");
  const text = document.createElement("p");
  const box = document.createElement("div");
  notice.className = `notice ${tone}`;
  notice.dataset.announce = "";
  text.textContent = words;
  box.append(text);
  notice.append(box);
  place.replaceChildren(notice);
  announceNew();
}

// Busy: the second click does nothing; after a second a bar says that it goes on.
let underWay = 0;
let bar = null;

function begin() {
  underWay += 1;
  setTimeout(() => {
    if (!underWay || bar) return;
    bar = document.createElement("div");
    bar.className = "working";
    document.body.append(bar);
    announce(say.sayWorking);
  }, 1000);
}

function end() {
  underWay = Math.max(0, underWay - 1);
  if (underWay) return;
  bar?.remove();
  bar = null;
}

function setBusy(form, busy) {
  form.toggleAttribute("data-busy", busy);
  for (const button of form.querySelectorAll("button:not([type=button]), [type=submit]")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.draft) keepDraft(form, true);
  if (event.defaultPrevented || form.method !== "post" || "noBusy" in form.dataset) return;
  if ("busy" in form.dataset) { event.preventDefault(); return; }
  begin();
  setTimeout(() => setBusy(form, true));
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  underWay = 0;
  end();
  document.querySelectorAll("form[data-busy]").forEach((form) => setBusy(form, false));
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) keepDraft(form);
});

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
    const label = copy.querySelector("span") ?? copy;
    const before = copy.dataset.label ??= label.textContent;
    label.textContent = say.sayCopied;
    announce(say.sayCopied);
    setTimeout(() => { label.textContent = before; }, 2000);
  }
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  }
  const arrows = event.target.closest?.("[data-arrow]") && { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrows) {
    const all = [...event.target.closest("[data-arrows]").querySelectorAll("[data-arrow]")];
    const next = all[all.indexOf(event.target) + arrows];
    if (next) { event.preventDefault(); next.focus(); }
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
});

document.addEventListener("htmx:config:request", ({ detail }) => {
  const token = document.querySelector("meta[name=csrf]")?.content ?? document.querySelector("input[name=csrf]")?.value;
  if (token) detail.ctx.request.headers["X-CSRF"] = token;
});
document.addEventListener("htmx:before:request", begin);
document.addEventListener("htmx:finally:request", end);
document.addEventListener("htmx:error", () => tell(say.sayOffline, "danger"));
document.addEventListener("htmx:after:swap", refresh);
// what updates by itself (data-keep-open) leaves open what someone has opened
globalThis.htmx?.registerExtension("keep-open", {
  htmx_before_morph_attr: (element, { attrName }) => attrName !== "open" || !element.closest("[data-keep-open]"),
});

function refresh() {
  announceNew();
  document.querySelectorAll("time[data-local]").forEach(showLocalTime);
  document.querySelectorAll("[data-copy][hidden], [data-print][hidden]").forEach((button) => { button.hidden = false; });
  for (const here of document.querySelectorAll(".desk-nav [aria-current], .tabs [aria-current]")) {
    const list = here.closest("ul");
    list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }
  const summary = document.querySelector("[data-error-summary]:not([data-seen])");
  if (summary) { summary.dataset.seen = "yes"; summary.focus(); }
}

// What a form answered has an address of its own, so that loading it again does not send the form again.
const own = document.querySelector("[data-address]");
if (own) history.replaceState(history.state, "", own.dataset.address);

dropSentDrafts();
document.querySelectorAll("form[data-draft]").forEach(restoreDraft);
refresh();
