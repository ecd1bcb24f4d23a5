"""Results in words, as a volunteer sees them. Never by colour alone: a tone, a shape, a word, a
sentence.
"""

from dataclasses import dataclass

from core.i18n import Lazy, _


@dataclass(frozen=True)
class Result:
    """`tone` is green, yellow or red; `shape` a drawing of static/checkin/shapes.svg."""

    word: Lazy
    sentence: Lazy
    tone: str
    shape: str


RESULTS = {
    "valid": Result(_("Welcome"), _("This person may come in."), "green", "check"),
    "already_in": Result(
        _("Already in"),
        _("This ticket was shown before. Is it the same person?"),
        "yellow",
        "twice",
    ),
    "exit": Result(_("Goodbye"), _("This person has left."), "green", "out"),
    "not_inside": Result(
        _("Was not in"),
        _("Nobody had come in with this ticket. The exit is kept."),
        "yellow",
        "out",
    ),
    "repeated": Result(
        _("Already sent"), _("This very scan was counted before."), "yellow", "twice"
    ),
    "waiting": Result(
        _("On the waiting list"),
        _("There is no seat for this person yet. Ask the organiser."),
        "red",
        "clock",
    ),
    "pending": Result(
        _("Not approved yet"),
        _("The organiser has not approved this registration yet."),
        "red",
        "clock",
    ),
    "cancelled": Result(
        _("Cancelled"), _("This registration was cancelled or declined."), "red", "cross"
    ),
    "replaced": Result(
        _("Replaced"),
        _("Someone else comes in this person's place, with a ticket of their own."),
        "red",
        "cross",
    ),
    "other_event": Result(
        _("Another event"), _("This is a genuine ticket, but for another event."), "red", "cross"
    ),
    "other_session": Result(
        _("Another session"),
        _("This person chose other sessions, and this one has its own seats."),
        "red",
        "cross",
    ),
    "event_cancelled": Result(_("Event cancelled"), _("This event was cancelled."), "red", "cross"),
    "outside_hours": Result(
        _("Not the time"),
        _("It is more than two hours before the start or after the end."),
        "red",
        "clock",
    ),
    "unknown": Result(
        _("Not a ticket"),
        _("This code is not one of our tickets, or it is forged."),
        "red",
        "cross",
    ),
}
