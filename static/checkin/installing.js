// The app stays on the phone.

import { secure } from "./vault.js";

/** Install the service worker of the app at `base`: from the next visit on the page needs no network, and the browser is asked not to throw anything away. */
export function install(base) {
  if (!secure) return;
  navigator.serviceWorker?.register(`${base}/sw.js`, { scope: `${base}/` }).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
}
