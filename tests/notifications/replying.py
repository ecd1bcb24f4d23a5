"""Answers as Gmail, Outlook, Thunderbird, khal and Apple shape them, of invented people."""

import base64
import quopri

from core.clock import now
from events.event.event import Event
from events.feeds.ics import uid
from notifications.outbox import return_addresses
from registrations.registration.registration import Registration
from tests.notifications.inviting import again
from tests.notifications.test_incoming import hand_in

CALENDAR = """BEGIN:VCALENDAR
PRODID:{prodid}
VERSION:2.0
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
DTSTAMP:{stamp}
ORGANIZER;CN=Project:mailto:{to}
DTSTART:20261204T070000Z
SUMMARY:Conference
SEQUENCE:{sequence}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said};CN=Bob:mailto:{attendee}
END:VEVENT
END:VCALENDAR
"""

GMAIL = """From: Bob <bob@example.org>
To: {to}
Subject: Accepted: Conference @ Fri 4 Dec 2026 9am - 5pm (EET)
Sender: Google Calendar <calendar-notification@google.com>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="0000"

--0000
Content-Type: multipart/alternative; boundary="1111"

--1111
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes

Bob has accepted this invitation.

--1111
Content-Type: text/html; charset="UTF-8"

<p>Bob has accepted this invitation.</p>

--1111
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

{calendar}
--1111--

--0000
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{base64}
--0000--
"""
OUTLOOK = """From: =?utf-8?B?QsWNYiDFoG7Em2c=?= <bob@example.org>
To: "Project" <{to}>
Subject: Accepted: Conference
Thread-Topic: Conference
X-MS-Has-Attach:
X-Auto-Response-Suppress: DR, OOF, AutoReply
Content-Type: multipart/alternative; boundary="_000_"
MIME-Version: 1.0

--_000_
Content-Type: text/plain; charset="iso-8859-13"
Content-Transfer-Encoding: quoted-printable

See you there.

--_000_
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64

{base64}
--_000_--
"""
THUNDERBIRD = """From: Bob <bob@example.org>
To: Project <{to}>
Subject: Invitation Reply (Accepted): Conference
User-Agent: Mozilla Thunderbird
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="---TB"

-----TB
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

Bob has accepted your event invitation.

-----TB
Content-Type: text/calendar; method=REPLY; charset=UTF-8
Content-Transfer-Encoding: quoted-printable

{quoted}
-----TB--
"""
BARE = """From: Bob <bob@example.org>
To: {to}
Subject: Conference
MIME-Version: 1.0
Content-Type: text/calendar; charset=utf-8; method=REPLY; component=vevent

{calendar}"""
FILE = """From: Bob <bob@example.org>
To: {to}
Subject: Conference
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: application/octet-stream; name="reply.ics"
Content-Disposition: attachment; filename="reply.ics"
Content-Transfer-Encoding: base64

{base64}
--b--
"""
SHAPES = {
    "gmail": GMAIL,
    "outlook": OUTLOOK,
    "thunderbird": THUNDERBIRD,
    "bare": BARE,
    "file": FILE,
}
PRODIDS = {
    "gmail": "-//Google Inc//Google Calendar 70.9054//EN",
    "outlook": "Microsoft Exchange Server 2010",
    "thunderbird": "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
    "bare": "-//PIMUTILS.ORG//NONSGML khal / icalendar //EN",
    "file": "-//Apple Inc.//macOS 15.1//EN",
}


def identity(event: Event) -> str:
    return uid("event", event.id, event.created_at)


def answer(to: Registration, said: str, shape: str = "gmail", **over: object) -> str:
    """A mail that a calendar program writes when somebody presses a button."""
    given: dict[str, object] = {
        "method": "REPLY",
        "uid": identity(to.event),
        "stamp": f"{now():%Y%m%dT%H%M%SZ}",
        "to": return_addresses.address("reply", to.id),
        "sequence": to.invited_sequence,
        "said": said,
        "attendee": "bob@example.org",
        "prodid": PRODIDS[shape],
    }
    given |= over
    calendar = CALENDAR.format(**given)
    crlf = calendar.replace("\n", "\r\n").encode()
    encoded = {
        "base64": base64.encodebytes(crlf).decode(),
        "quoted": quopri.encodestring(calendar.encode()).decode(),
    }
    return SHAPES[shape].format(calendar=calendar, **encoded, **given)


async def say(
    door: str, to: Registration, said: str, shape: str = "gmail", **over: object
) -> tuple[int, str]:
    """Hand an answer in: the code, and what is kept now."""
    code = await hand_in(
        door, return_addresses.address("reply", to.id), answer(to, said, shape, **over)
    )
    return code, (await again(to)).reply
