// Answers to scans, in one shape: the server's, or the phone's own.

import { admitting, judge } from "./judge.js";
import { codeOf, partsOf } from "./vault.js";

const ASIDE = new Set(["waiting", "pending"]);

export class Verdicts {
  /** `roster`: who is known; `keeper`: who can tell a ticket. */
  constructor(roster, keeper) { Object.assign(this, { roster, keeper }); }

  /** Whose ticket this is, as far as the list goes. */
  person(ticket) {
    const code = codeOf(ticket);
    return code ? this.roster.tickets.get(partsOf(code).identity) ?? null : null;
  }

  /** Judge a row of the log with what the phone knows. */
  async own({ id, body, registration, at, unit, direction }) {
    const { roster } = this;
    const code = body.ticket === undefined ? "" : codeOf(body.ticket);
    const known = (registration && roster.people.get(registration)) || null;
    const { genuine, other } = code ? await this.keeper.examined(code, known) : { genuine: Boolean(known), other: null };
    const person = genuine ? known : null;
    const stay = person ? roster.stay(person.id, unit) : null;
    const found = judge({ event: roster.event ?? {}, sessions: roster.sessions, person, stay, genuine, other }, { at, session: body.session, direction });
    return { id, offline: true, ...who(person), ...found, other: found.other ?? chosen(found.result, person), overflow: false, guest: Boolean(body.guest) };
  }

  /** The server's answer to a row of the log. A guest beyond the seats is let in, and it shows. */
  server(row, answer) {
    const overflow = Boolean(row.body.guest) && ASIDE.has(answer.result);
    const result = overflow ? "valid" : answer.result;
    const other = answer.other_event ?? chosen(result, this.roster.people.get(answer.registration));
    const since = result === "already_in" ? answer.since ?? (Date.parse(answer.first_scanned_at) || null) : null;
    return { id: row.id, offline: false, ...who(answer), result, admits: admitting(result), since, gate: answer.gate ?? "", other, unlisted: false, overflow, guest: Boolean(row.body.guest) };
  }
}

const who = (one) => ({ name: one?.name ?? "", organisation: one?.organisation ?? "", role: one?.role ?? "", note: one?.note ?? "" });

/** The ids of the sessions that someone chose instead. */
const chosen = (result, person) => (result === "other_session" ? person?.chosen ?? null : null);
