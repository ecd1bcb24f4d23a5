// Keeps the check-in app on the phone. The server writes before this what to keep:
// VERSION, BASE ("/c/e/slug"), LANGUAGES, and FILES, among them the page in each language as `${BASE}/?shell=xx`.

const NAME = `door:${BASE}:${VERSION}`;
const SPOKEN = `door:${BASE}:language`;
const shell = (language) => `${BASE}/?shell=${language}`;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === `${BASE}/` && !url.searchParams.has("shell")) event.respondWith(page(request, url.searchParams.get("lang")));
  } else if (kept(url)) event.respondWith(file(request));
});

async function install() {
  const cache = await caches.open(NAME);
  await Promise.all(FILES.map(async (address) => {
    // What the browser has already is asked after, not fetched again: the decoder is half a megabyte.
    const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
    await cache.put(address, answer);
  }));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(`door:${BASE}:`) && name !== NAME && name !== SPOKEN);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

const paths = new Set(FILES.filter((address) => !address.startsWith(`${BASE}/?`)).map((address) => address.split("?")[0]));
const kept = ({ pathname }) => paths.has(pathname);

/** A file from what is kept; a module names another without its version, so that is not looked at. */
async function file(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request)) ?? (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** The page in the language asked for now or before; the server's while nothing is kept. */
async function page(request, asked) {
  const spoken = await caches.open(SPOKEN);
  if (LANGUAGES.includes(asked)) await spoken.put("/language", new Response(asked));
  const before = await (await spoken.match("/language"))?.text();
  const wished = (self.navigator.languages ?? []).map((one) => one.slice(0, 2).replace("no", "nb"));
  const language = [before, ...wished, LANGUAGES[0]].find((one) => LANGUAGES.includes(one));
  const cache = await caches.open(NAME);
  return (await cache.match(shell(language))) ?? fetch(request);
}
