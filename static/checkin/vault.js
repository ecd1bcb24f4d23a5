// Keys that cannot be taken out of this phone: people's names rest under them, and tickets are told from forgeries.

const subtle = globalThis.crypto?.subtle;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const utf8 = new TextEncoder();

/** Whether the page may use cryptography at all: not at a plain http address. */
export const secure = Boolean(subtle);

/** A new key for what rests on this phone; not extractable. */
export const restKey = () => subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

/** The event's key of tickets (base64, as the server sends it once), not extractable from then on. */
export function ticketKey(base64) {
  return subtle.importKey("raw", Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** Any JSON value, encrypted. */
export async function seal(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await subtle.encrypt({ name: "AES-GCM", iv }, key, utf8.encode(JSON.stringify(value))) };
}

/** What was sealed. Throws when the key is another. */
export async function unseal(key, { iv, data }) {
  return JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv }, key, data)));
}

/** A code as printed, from what a camera saw or someone typed (lower case, hyphens, O I L), or "". */
export function codeOf(value) {
  const bare = value.toUpperCase().replace(/[\s\-\u2011\u2013]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(bare) ? bare : "";
}

/** The two parts of a printed code: identity (ten characters, as the roster has it), six bytes of it, four of its MAC. */
export function partsOf(code) {
  let number = 0n;
  for (const letter of code) number = (number << 5n) | BigInt(ALPHABET.indexOf(letter));
  const bytes = Uint8Array.from({ length: 10 }, (_byte, n) => Number((number >> BigInt(72 - 8 * n)) & 255n));
  const identity = number >> 32n;
  const text = Array.from({ length: 10 }, (_letter, n) => ALPHABET[Number((identity >> BigInt(45 - 5 * n)) & 31n)]).join("");
  return { identity: text, bytes: bytes.slice(0, 6), mac: bytes.slice(6) };
}

/** Whether the event made this ticket: the first four bytes of HMAC-SHA256 over its identity. */
export async function genuine(key, { bytes, mac }) {
  const made = new Uint8Array(await subtle.sign("HMAC", key, bytes));
  return mac.reduce((different, byte, n) => different | (byte ^ made[n]), 0) === 0;
}

/** The first eight bytes of SHA-256 of a printed code, base64url: how a ticket of another event is known. */
export async function fingerprint(code) {
  const bytes = new Uint8Array(await subtle.digest("SHA-256", utf8.encode(code))).slice(0, 8);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A UUID; randomUUID is missing at a plain http address. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
