// Putting the door on the phone's home screen: offered once, and in the settings.

import { by, keep, recall } from "./words.js";

export const APPLE = /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Mac") && navigator.maxTouchPoints > 1);

let offer = null;

function answered() {
  keep("install", true);
  by("install").hidden = true;
}

async function ask() {
  answered();
  await offer?.prompt();
  offer = null;
  by("install-menu").hidden = true;
}

/** Offer it as soon as the browser can do it. */
export function offerHome() {
  const installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  by("install-yes").addEventListener("click", ask);
  by("install-menu").addEventListener("click", () => { by("menu").close(); ask(); });
  by("install-no").addEventListener("click", () => { answered(); by("find").focus(); });
  if (installed) return;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    by("install-menu").hidden = false;
    by("install-yes").hidden = false;
    by("install").hidden = recall("install") === true;
  });
  if (APPLE && isSecureContext && recall("install") !== true) {
    by("install").hidden = false;
    by("install-words").hidden = true;
    by("install-apple").hidden = false;
  }
}
