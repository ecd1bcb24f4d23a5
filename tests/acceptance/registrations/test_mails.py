"""Mails, at a real SMTP server."""

import time
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from tests.acceptance.outside import Outside, at, unique


def mails(
    outside: Outside, address: str, count: int = 1, seconds: float = 25
) -> list[EmailMessage]:
    """What came for this address."""
    until = time.monotonic() + seconds
    while len(found := outside.smtp.to(address)) < count:
        assert time.monotonic() < until, f"{len(found)} of {count} mails for {address}"
        time.sleep(0.1)
    return [one.message for one in found]


def text(mail: EmailMessage, kind: str = "plain") -> str:
    """Its text."""
    part = mail.get_body((kind,))
    assert part
    return str(part.get_content())


def parts(mail: EmailMessage) -> list[str]:
    """The media types in it."""
    return [part.get_content_type() for part in mail.walk()]


def test_the_confirmation(outside: Outside) -> None:
    event = outside.project().event(at(3, 9), title="Smart streets", capacity=1, place="Rīga")
    one, waits = (
        event.register("Ilze Ozola"),
        event.register("Jānis Ozols", email=f"{unique()}@example.org"),
    )
    mail = mails(outside, one["email"])[0]
    assert one["manage_url"] in text(mail)
    assert one["manage_url"] in text(mail, "html")
    assert "Smart streets" in str(mail["Subject"])
    assert "viesis@example.org" in str(mail["From"])
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert (
        picture.get_payload(decode=True)
        == outside.api.http.get(f"{one['manage_url']}/ticket.png").content
    )
    assert f"cid:{str(picture['Content-ID']).strip('<>')}" in text(mail, "html")
    ics = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    found: list[Any] = icalendar.Calendar.from_ical(str(ics.get_content())).walk("VEVENT")
    assert found[0]["DTSTART"].dt == at(3, 9)
    assert str(ics.get_filename()).endswith(".ics")
    waiting = mails(outside, waits["email"])[0]
    assert waits["manage_url"] in text(waiting)
    assert "image/png" not in parts(waiting)
    outside.api.post(f"/registrations/{one['id']}/cancellation", {}, 200)
    offer = mails(outside, waits["email"], 2)[1]
    assert waits["manage_url"] in text(offer)
    outside.api.post(f"/registrations/{waits['id']}/acceptance", {}, 200)
    assert "image/png" in parts(mails(outside, waits["email"], 3)[2])
    assert len(mails(outside, one["email"], 2)) == 2


def test_those_concerned_are_told_unless_notify_is_false(outside: Outside) -> None:
    event = outside.project().event(at(3, 9), title="Moving")
    one = event.register()
    mails(outside, one["email"])
    outside.api.patch(event.path, {"place": "Elsewhere", "notify": False})
    outside.api.patch(event.path, {"starts_at": at(3, 10).isoformat()})
    assert "10" in text(mails(outside, one["email"], 2)[1])
    outside.api.post(f"{event.path}/cancellation", {"reason": "The storm"}, 200)
    assert "The storm" in text(mails(outside, one["email"], 3)[2])
    quiet = outside.project().event(at(3, 9))
    other = quiet.register()
    mails(outside, other["email"])
    outside.api.post(f"{quiet.path}/cancellation", {"reason": "The storm", "notify": False}, 200)
    past = outside.project().event(at(-3, 9))
    gone = past.register()
    outside.api.post(f"/registrations/{gone['id']}/cancellation", {}, 200)
    outside.api.post(f"{past.path}/cancellation", {"reason": "x"}, 200)
    last = outside.project().event(at(3, 9)).register()
    mails(outside, last["email"])
    assert len(outside.smtp.to(other["email"])) == 1
    assert outside.smtp.to(gone["email"]) == []


def test_a_mail_in_the_persons_language(outside: Outside) -> None:
    event = outside.project().event(at(3, 9), title={"en": "Streets", "lv": "Ielas"})
    one = event.register(language="lv")
    assert "Ielas" in str(mails(outside, one["email"])[0]["Subject"])


@pytest.mark.last
def test_later_is_tried_again_after_60_to_90_seconds(outside: Outside) -> None:
    """Begun when these tests began: nobody waits for it."""
    ends = time.monotonic() + 100
    while outside.later.came is None and time.monotonic() < ends:
        time.sleep(0.5)
    assert outside.later.came
    assert outside.later.refused
    assert 59 <= outside.later.came - outside.later.refused <= 91
    assert len(outside.smtp.to(outside.later.address)) == 1
