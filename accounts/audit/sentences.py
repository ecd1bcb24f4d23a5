"""The audit log in sentences: what each action is called, and words for what was changed."""

from dataclasses import dataclass

from accounts.audit.audit import AuditEntry
from core.i18n import Lazy, _, fmt

ACTIONS: dict[str, Lazy] = {
    "signed_in": _("Signed in"),
    "signed_out": _("Signed out"),
    "account.changed": _("Changed the own account"),
    "password.changed": _("Set a password"),
    "admin.first": _("Became the first administrator"),
    "admin.given": _("Made someone an administrator"),
    "admin.taken": _("Took an administrator's rights away"),
    "user.added": _("Added an account"),
    "user.disabled": _("Switched an account off"),
    "user.enabled": _("Switched an account on again"),
    "token.added": _("Created an API key"),
    "token.revoked": _("Revoked an API key"),
    "invitation.sent": _("Invited someone to the team"),
    "invitation.revoked": _("Took an invitation back"),
    "invitation.accepted": _("Took up an invitation to the team"),
    "role.changed": _("Gave someone another role"),
    "role.removed": _("Took someone out of the team"),
    "project.created": _("Created the project"),
    "project.imported": _("Imported the project"),
    "project.changed": _("Changed the project"),
    "series.created": _("Created a series"),
    "series.changed": _("Changed a series"),
    "event.created": _("Created an event"),
    "event.copied": _("Copied an event"),
    "event.changed": _("Changed an event"),
    "event.published": _("Published an event"),
    "event.cancelled": _("Cancelled an event"),
    "event.held": _("Marked an event as held"),
    "event.not_told": _("Told nobody of a change"),
    "event.change_told": _("Told those registered of a change"),
    "event.agenda_sent": _("Sent the agenda"),
    "event.reminder_sent": _("Sent a reminder"),
    "event.thanked": _("Thanked those who came"),
    "event.invited": _("Invited people to an event"),
    "event.calendar_invited": _("Sent invitations for calendars"),
    "event.words_changed": _("Changed the wording of an event's e-mails"),
    "event.message_sent": _("Wrote to people of an event"),
    "material.added": _("Added a material to an event"),
    "material.removed": _("Took a material of an event away"),
    "registration.made": _("Registered someone"),
    "registration.approved": _("Approved a registration"),
    "registration.declined": _("Declined a registration"),
    "registration.cancelled": _("Cancelled a registration"),
    "registration.substituted": _("Named a substitute"),
    "registration.seat_given": _("Gave someone on the waiting list a seat"),
    "registration.accepted": _("Accepted an offered seat for someone"),
    "registration.offer_refused": _("Refused an offered seat for someone"),
    "registration.changed": _("Changed a registration"),
    "registration.corrected": _("Corrected what someone had said"),
    "registration.door_note": _("Wrote a note for the door"),
    "registration.needs_changed": _("Changed dietary or access needs"),
    "registration.said_yes": _("Answered Yes in the calendar"),
    "registration.said_maybe": _("Answered Maybe in the calendar"),
    "registration.said_no": _("Answered No in the calendar"),
    "registration.proposed_time": _("Proposed another time in the calendar"),
    "person.erased": _("Erased a person"),
    "people.exported": _("Took the list of people along"),
    "persons.merged": _("Merged two entries of one person"),
    "persons.merge_taken_back": _("Took a merge of two entries back"),
    "persons.told_apart": _("Said that two entries are two people"),
    "persons.proposed_again": _("Let two entries be proposed again as one person"),
    "question.added": _("Added a question to a form"),
    "question.changed": _("Changed a question of a form"),
    "question.moved": _("Moved a question of a form"),
    "question.asked": _("Asked a question of a form again"),
    "question.left_out": _("Left a question of a form out"),
    "door.opened": _("Showed a code that pairs a phone"),
    "door.paired": _("Paired a phone"),
    "door.revoked": _("Took a phone's access away"),
    "scan.withdrawn": _("Took a check-in back"),
    "scan.seen": _("Looked at something odd at the door"),
    "scan.counted": _("Counted a check-in of a phone that had been stopped"),
    "door.everyone_out": _("Recorded that everyone had left"),
    "door.everyone_out_taken_back": _("Took back that everyone had left"),
    "paper.entered": _("Entered attendance from a signed sheet"),
    "paper.attached": _("Put the scan of a signed sheet with it"),
    "paper.saved": _("Took the scan of a signed sheet along"),
    "paper.taken_back": _("Took back what was entered from a signed sheet"),
    "paper.forgotten": _("Removed the scan of a signed sheet"),
    "mail.retry": _("Sent an e-mail again"),
    "mail.hold": _("Held an e-mail back"),
    "mail.release": _("Released a held e-mail"),
    "mail.released": _("Released held e-mails"),
    "period.made": _("Created a reporting period"),
    "period.removed": _("Removed a reporting period"),
    "period.submitted": _("Submitted a reporting period"),
    "indicator.added": _("Added an indicator"),
    "indicator.changed": _("Changed an indicator"),
    "indicator.rule_changed": _("Changed an indicator's rule"),
    "indicator.value_entered": _("Entered a value of an indicator"),
    "indicator.value_withdrawn": _("Took a value of an indicator back"),
    "indicator.value_put_back": _("Put a value of an indicator back"),
}

FIELDS: dict[str, Lazy] = {
    "name": _("name"),
    "language": _("language"),
    "role": _("role"),
    "title": _("title"),
    "description": _("description"),
    "starts_at": _("beginning"),
    "ends_at": _("end"),
    "place": _("place"),
    "capacity": _("seats"),
    "timezone": _("time zone"),
    "statement": _("funder's statement"),
    "logo": _("emblem"),
    "contact_email": _("address for questions"),
    "retention_on": _("day on which personal data is deleted"),
    "target": _("target"),
    "baseline": _("baseline"),
    "note": _("note"),
    "organisation": _("organisation"),
    "country": _("country"),
    "email": _("e-mail address"),
}


ACTORS: dict[str, Lazy] = {"participant": _("The person concerned"), "command line": _("A command")}


@dataclass(frozen=True)
class Told:
    """An entry for components/timeline.html."""

    when: str
    what: str
    who: str
    text: str
    tone: str


def told(entry: AuditEntry, zone: str) -> Told:
    """An entry in words, its time in `zone`."""
    action = ACTIONS.get(entry.action)
    words = [str(FIELDS[name]) for name in entry.changed if name in FIELDS]
    more = len(entry.changed) - len(words)
    if words and more:
        words.append(str(_("and more")))
    return Told(
        fmt.datetime(entry.at, zone),
        str(
            _("Refused: %(what)s", what=action or entry.action)
            if entry.refused
            else action or entry.action
        ),
        str(
            _("Somebody unknown")
            if entry.actor.startswith("#")
            else ACTORS.get(entry.actor, entry.actor)
        ),
        ", ".join(words),
        "danger" if entry.refused else "",
    )
