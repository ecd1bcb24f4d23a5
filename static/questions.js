// Questions that are asked only if another one is answered so. Without this they all show, and the server knows which count.

const answers = (form, name) =>
  [...form.elements].filter((field) => field.name === name && (!["checkbox", "radio"].includes(field.type) || field.checked))
    .map((field) => field.value);

function show(form) {
  for (const box of form.querySelectorAll("[data-shown-if]")) {
    const wanted = box.dataset.shownValue.split(" ");
    box.hidden = !answers(form, box.dataset.shownIf).some((answer) => wanted.includes(answer));
  }
}

for (const form of document.querySelectorAll("form")) {
  if (!form.querySelector("[data-shown-if]")) continue;
  form.addEventListener("change", () => show(form));
  form.addEventListener("input", () => show(form));
  show(form);
}
