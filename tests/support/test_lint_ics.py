"""The lint of calendars finds what is wrong, and nothing in a calendar that is right; so does
libical.
"""

import pytest

from tests.support.libical import complaints
from tests.support.lint_ics import lint

GOOD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Viesis//EN
REFRESH-INTERVAL;VALUE=DURATION:PT1H
BEGIN:VTIMEZONE
TZID:Europe/Riga
BEGIN:STANDARD
DTSTART:20261025T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:EET
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:one@viesis
DTSTAMP:20261101T100000Z
DTSTART;TZID=Europe/Riga:20261210T090000
DTEND;TZID=Europe/Riga:20261210T100000
SUMMARY:Coffee\\, tea\\; and \\\\ cake\\nat nine
SEQUENCE:2
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:two@viesis
DTSTAMP:20261101T100000Z
DTSTART;VALUE=DATE:20261210
DTEND;VALUE=DATE:20261212
SUMMARY:Visit
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def test_nothing_in_a_good_calendar() -> None:
    assert (lint(GOOD), complaints(GOOD)) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (b"\r\nVERSION", b"\nVERSION", "a line end that is not CRLF"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
        (b"Visit", b"V" * 70, "line 28: 78 octets, 75 are allowed"),
        (b"Visit", b"Vi\x07sit", "line 28: a control character"),
        (b"Visit", b"\xc4\r\n \x93", "line 28: not UTF-8, or folded inside a character"),
        (b"Visit", b"Vi\r\n\r\n sit", "line 29: empty"),
        (b"Coffee\\,", b"Coffee,", "VEVENT one@viesis: SUMMARY: ',' is not escaped"),
        (b"tea\\;", b"tea;", "VEVENT one@viesis: SUMMARY: ';' is not escaped"),
        (b"\\\\ cake", b"\\cake", "VEVENT one@viesis: SUMMARY: '\\\\' is not escaped"),
        (b"TZID:Europe/Riga", b"TZID:Europe/Oslo", "no VTIMEZONE for Europe/Riga"),
        (b"TZID:Europe/Riga", b"TZID:Europe/Oslo", "VTIMEZONE Europe/Oslo is used by nothing"),
        (b"two@", b"one@", "UID one@viesis 2 times"),
        (b"UID:two@viesis\r\n", b"", "VEVENT: no UID"),
        (b"SEQUENCE:2", b"UID:x", "VEVENT one@viesis: UID 2 times"),
        (b"PRODID:-//Viesis//EN\r\n", b"", "VCALENDAR: no PRODID"),
        (b"PRODID", b"METHOD:PUBLISH\r\nPRODID", "a feed with METHOD"),
        (b";VALUE=DURATION", b"", "VCALENDAR: REFRESH-INTERVAL: without VALUE=DURATION"),
        (b"Riga:20261210T1", b"Riga:20261209T1", "VEVENT one@viesis: ends before it starts"),
        (b"DTSTART;TZID=Europe/Riga:", b"DTSTART:", "VEVENT one@viesis: DTSTART floats: neither UTC nor a zone"),
        (b"1101T100000Z", b"1101T100000", "VEVENT one@viesis: DTSTAMP: not a moment in UTC: 20261101T100000"),
        (b"STATUS:CANCELLED", b"STATUS:GONE", "VEVENT one@viesis: STATUS: not a status: GONE"),
        (b"END:VEVENT\r\nEND:VCALENDAR", b"END:VCALENDAR", "END:VCALENDAR closes nothing"),
        (b"STATUS:CANCELLED", b"STATUS CANCELLED", "not a content line: STATUS CANCELLED"),
    ],
)  # fmt: skip
def test_each_fault_is_found(old: bytes, new: bytes, complaint: str) -> None:
    assert GOOD.count(old) >= 1
    assert complaint in lint(GOOD.replace(old, new, 1))


def test_an_invitation_may_have_a_method() -> None:
    assert lint(GOOD.replace(b"PRODID", b"METHOD:REQUEST\r\nPRODID"), feed=False) == []


def test_libical_finds_a_broken_date_and_a_method_without_its_organiser() -> None:
    assert complaints(GOOD.replace(b"PRODID", b"METHOD:REQUEST\r\nPRODID")) != []
    assert complaints(GOOD.replace(b"DTSTART;VALUE=DATE:20261210", b"DTSTART:nonsense")) != []
    assert complaints(b"") == ["not a calendar"]
