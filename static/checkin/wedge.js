// A scanner that types: letters in quick succession, then Enter.

const GAP = 300; // ms between two letters of one code, at most
const SHORTEST = 8;

/** Tell `found` each code that is typed while no field has the focus. */
export function typed(found) {
  let keyed = "";
  let at = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input:not([type=radio]), textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.timeStamp - at > GAP) keyed = "";
    at = event.timeStamp;
    if (event.key.length === 1) {
      keyed += event.key;
      // A list of doors that has the focus would choose another by its first letter, a button would be pressed.
      if (keyed.length > 2 || (event.target.matches("select") && event.key !== " ")) event.preventDefault();
    }
    if (event.key !== "Enter" || keyed.length < SHORTEST) return;
    event.preventDefault();
    event.stopPropagation();
    const code = keyed;
    keyed = "";
    found(code);
  }, true);
}
