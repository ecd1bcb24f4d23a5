// May this person in? The server's order of verdicts (docs/interface.md), over what this phone knows. checkin/scanning/rules.json tests both.

const HOURS = 2 * 60 * 60 * 1000;
const STATUS = { replaced: "replaced", cancelled: "cancelled", declined: "cancelled" };
const LATER = { waiting: "waiting", offered: "waiting", pending: "pending" };
const OPEN = new Set(["valid", "already_in", "exit", "not_inside"]);

/** Whether a scan with this result counts: the person is let in, or out. */
export const admitting = (result) => OPEN.has(result);

/**
 * knowledge: { event: {starts_at, ends_at, status}, sessions: Map by id, person, stay: {inside, since, gate}, genuine, other }
 * scan: { at (ms), session, direction } → { result, admits, since, gate, other, unlisted }.
 * `person` is null when unknown here; `genuine` whether the ticket's MAC is this event's; `other` the event whose ticket it is.
 */
export function judge(knowledge, scan) {
  const result = verdict(knowledge, scan);
  const { stay, other, person } = knowledge;
  const found = { result, admits: OPEN.has(result), since: null, gate: "", other: null, unlisted: false };
  if (result === "already_in") Object.assign(found, { since: stay.since, gate: stay.gate ?? "" });
  if (result === "other_event") found.other = other ?? null;
  if (!person && found.admits) found.unlisted = true;
  return found;
}

function verdict({ event, sessions, person, stay, genuine, other }, { at, session, direction }) {
  if (!person && other) return "other_event";
  if (!person && !genuine) return "unknown";
  const place = session ? sessions.get(session) : event;
  if (!place) return "unknown";
  if (STATUS[person?.status]) return STATUS[person.status];
  if (event.status === "cancelled") return "event_cancelled";
  if (LATER[person?.status]) return LATER[person.status];
  if (session && place.capacity && person?.chosen && !person.chosen.includes(session)) return "other_session";
  if (at + HOURS < place.starts_at || at - HOURS > place.ends_at) return "outside_hours";
  if (stay?.inside) return direction === "out" ? "exit" : "already_in";
  return direction === "out" ? "not_inside" : "valid";
}
