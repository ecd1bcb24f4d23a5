"""Invitations for calendars as they arrive: who was sent what, read out of real mails."""

from email.message import EmailMessage
from typing import Any

import vobject
from icalendar import Calendar
from icalendar import Event as VEvent

from events.event.event import Event
from notifications.delivery.postman import Postman
from notifications.outbox.message import Message
from registrations.registration.registration import Registration
from tests.support import factories
from tests.support.libical import complaints
from tests.support.lint_ics import lint
from tests.support.smtp import Received, SmtpServer


async def conference(**over: Any) -> Event:
    """One that sends invitations."""
    given = {"calendar_invites": True, "place": "Town hall; Great Hall, 1st floor"}
    project = await factories.project(contact_email="anna@example.org")
    return await factories.event(project, **{**given, **over})


async def guest(
    event: Event, name: str = "Bob", email: str = "bob@example.org", **over: Any
) -> Registration:
    """Somebody who registered, and their confirmation went out."""
    made = await factories.register(event, name, email, **over)
    await sent()
    return await again(made)


async def again(made: Registration) -> Registration:
    """The registration as it is now."""
    return await Registration.get(id=made.id).select_related("person", "event__project")


async def sent() -> None:
    """Everything in the outbox goes out."""
    while await Postman().round():
        continue
    assert not await Message.filter(state="queued").count()


def calendars(mail: Received) -> list[tuple[str, bytes]]:
    """Every calendar in a mail: where it stands (`alternative` or `attachment`), and its bytes."""
    found = []
    for part in mail.message.walk():
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            where = (
                "attachment" if part.get_content_disposition() == "attachment" else "alternative"
            )
            found.append((where, part.get_payload(decode=True)))
    return found  # type: ignore[return-value]  # a leaf's payload, decoded, is bytes


def invitation(mail: Received) -> tuple[str, Any]:
    """METHOD and VEVENT (icalendar.Event) of the one invitation in a mail: where programs look,
    without fault.
    """
    (first, body), (second, file) = calendars(mail)
    assert (first, second, body) == ("alternative", "attachment", file)
    assert checked(body) == []
    calendar = Calendar.from_ical(body)
    (event,) = (c for c in calendar.subcomponents if isinstance(c, VEvent))
    method = str(calendar["METHOD"])
    tree = shape(mail.message, method)
    assert (
        tree.startswith("mixed(alternative(plain, "),
        tree.endswith(", ics)"),
        "calendar), " in tree,
    ) == (True,) * 3
    return method, event


def checked(body: bytes) -> list[str]:
    """What our lint, libical and vobject have against it."""
    vobject.readOne(body.decode()).validate(raiseException=True)
    return [*lint(body, feed=False), *complaints(body)]


def shape(mail: EmailMessage, method: str = "") -> str:
    """The tree of a mail's parts."""
    kind = mail.get_content_subtype()
    if mail.is_multipart():
        return f"{kind}({', '.join(shape(part, method) for part in mail.iter_parts())})"  # type: ignore[arg-type]  # parts of an EmailMessage
    if mail.get_content_type() == "text/calendar":
        given = mail["Content-Type"].params
        assert (given.get("method", "").upper(), given.get("charset")) == (method, "utf-8"), given
    return kind


def last(mail: SmtpServer, address: str = "bob@example.org") -> Received:
    """The newest mail to somebody."""
    return mail.to(address)[-1]


def said(event: Any, name: str) -> str:
    """A parameter of the one attendee."""
    return str(event["ATTENDEE"].params.get(name, ""))
