// A long list of people to tick: narrowed by typing, ticked all at once, and how many are ticked.

const PLAIN = { ø: "o", æ: "ae", ł: "l", đ: "d", ß: "ss" };
const fold = (value) => value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[øæłđß]/g, (c) => PLAIN[c]);

for (const form of document.querySelectorAll("[data-ticking]")) {
  const people = [...form.querySelectorAll(".choice")].map((label) => (
    { label, box: label.querySelector("input"), key: ` ${fold(label.textContent).replace(/\s+/g, " ")}` }
  ));
  const find = form.querySelector("[data-tick-find]");
  const count = form.querySelector("[data-tick-count]");
  const say = () => {
    const ticked = people.filter(({ box }) => box.checked).length;
    count.textContent = count.dataset.words.replace("{ticked}", ticked).replace("{all}", people.length);
  };
  const tick = (checked) => {
    for (const { label, box } of people) if (!label.hidden) box.checked = checked;
    say();
  };
  form.querySelector("[data-ticking-tools]").hidden = false;
  find.addEventListener("input", () => {
    const parts = fold(find.value).split(/\s+/).filter(Boolean);
    for (const { label, key } of people) label.hidden = !parts.every((part) => key.includes(` ${part}`));
  });
  // Enter in the field that narrows ticks the only one left, and sends nothing
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const shown = people.filter(({ label }) => !label.hidden);
    if (shown.length !== 1) return;
    shown[0].box.checked = !shown[0].box.checked;
    find.select();
    say();
  });
  form.querySelector("[data-tick-all]").addEventListener("click", () => tick(true));
  form.querySelector("[data-tick-none]").addEventListener("click", () => tick(false));
  form.addEventListener("change", say);
  say();
}
