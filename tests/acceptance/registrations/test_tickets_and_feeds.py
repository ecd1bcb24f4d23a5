"""Tickets and what calendars subscribe to."""

import io
import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

from core.clock import now
from tests.acceptance.outside import Event, Json, Outside, Project, at
from tests.support.libical import complaints
from tests.support.lint_ics import lint

CROCKFORD = re.compile(r"[0-9A-HJKMNP-TV-Z]{16}")


@pytest.fixture(scope="package")
def project(outside: Outside) -> Project:
    """One for all these tests."""
    return outside.project()


def modules(png: bytes) -> list[list[bool]]:
    """The dark modules of a QR code with a quiet zone, 21 × 21."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    wide, raw = picture.width, picture.tobytes()
    dark = [[raw[y * wide + x] < 128 for x in range(wide)] for y in range(picture.height)]
    rows = [y for y, row in enumerate(dark) if any(row)]
    # a row in the middle may be all light
    left, top, size = (
        min(row.index(True) for row in dark if any(row)),
        rows[0],
        rows[-1] - rows[0] + 1,
    )
    assert size % 21 == 0, "version 1 has 21 modules"
    step = size // 21
    assert min(left, top) >= 4 * step, "the quiet zone"
    return [
        [dark[top + y * step + step // 2][left + x * step + step // 2] for x in range(21)]
        for y in range(21)
    ]


def drawn(text: str, level: int, mask: int) -> list[list[bool]]:
    """A version 1 code as another program draws it."""
    code = qrcode.QRCode(version=1, error_correction=level, border=0, mask_pattern=mask)
    code.add_data(text, optimize=0)
    code.make(fit=False)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def test_a_ticket(project: Project, outside: Outside) -> None:
    event = project.event(at(3, 9))
    one, two = event.register(), event.register()
    assert CROCKFORD.fullmatch(one["ticket"])
    assert one["ticket"] != two["ticket"]
    http = outside.api.http
    svg = http.get(f"{one['manage_url']}/ticket.svg")
    assert (svg.status_code, svg.headers["content-type"].split(";")[0]) == (200, "image/svg+xml")
    assert "<svg" in svg.text
    png = http.get(f"{one['manage_url']}/ticket.png")
    assert (png.status_code, png.headers["content-type"]) == (200, "image/png")
    found = modules(png.content)
    levels = ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
    assert any(drawn(one["ticket"], level, mask) == found for level in levels for mask in range(8))
    assert http.get(f"{outside.program.url}/r/nobody/ticket.png").status_code == 404


def feed(outside: Outside, url: str, feed: bool = True) -> tuple[icalendar.Calendar, Any]:
    """A feed, which keeps the rules of feeds."""
    answer = outside.api.http.get(re.sub("^webcals?:", "http:", url))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    assert lint(answer.content, feed=feed) == []
    assert complaints(answer.content) == []
    assert "\r\nMETHOD" not in answer.text
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:" in answer.text
    assert answer.headers["etag"]
    again = outside.api.http.get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    return icalendar.Calendar.from_ical(answer.text), answer


def entries(calendar: icalendar.Calendar) -> dict[str, Any]:
    """Its entries by summary."""
    return {str(one["SUMMARY"]): one for one in calendar.walk("VEVENT")}


def named(found: dict[str, Any], word: str) -> Any:
    """The one entry whose summary has this word."""
    keys = [name for name in found if word in name]
    assert len(keys) == 1, (word, list(found))
    return found[keys[0]]


def test_the_feed_of_an_event(project: Project, outside: Outside) -> None:
    event = project.event(
        at(5, 9), at(5, 17), title="Smart, safe; streets\\ – ātri\u0007", place="Rīga, Town Hall"
    )
    event.session(at(5, 9), 60, title="Opening")
    moved = event.session(at(5, 10), 60, title="Moving")
    gone = event.session(at(5, 11), 60, title="Vanishing")
    url = project.api.get(event.path)["calendar_url"]
    calendar, first = feed(outside, url)
    whole = named(entries(calendar), "streets")
    assert str(whole["SUMMARY"]) == "Smart, safe; streets\\ – ātri"
    assert "Rīga, Town Hall" in str(whole["LOCATION"])
    start = named(entries(calendar), "Opening")["DTSTART"]
    assert (start.dt, start.params["TZID"]) == (at(5, 9), "Europe/Riga")
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Riga"]
    project.api.patch(
        f"/sessions/{moved}", {"starts_at": at(5, 12).isoformat(), "ends_at": at(5, 13).isoformat()}
    )
    project.api.call("DELETE", f"/sessions/{gone}")
    calendar, second = feed(outside, url)
    after = entries(calendar)
    assert first.headers["etag"] != second.headers["etag"]
    assert named(after, "Moving")["DTSTART"].dt == at(5, 12)
    assert int(named(after, "Moving")["SEQUENCE"]) > int(
        named(entries(icalendar.Calendar.from_ical(first.text)), "Moving").get("SEQUENCE", 0)
    )
    assert str(named(after, "Vanishing")["STATUS"]) == "CANCELLED"
    event.api.post(f"{event.path}/cancellation", {"reason": "Storm", "notify": False}, 200)
    calendar, _answer = feed(outside, url)
    assert {str(one["STATUS"]) for one in calendar.walk("VEVENT")} == {"CANCELLED"}


def test_a_session_in_two_zones(project: Project, outside: Outside) -> None:
    event = project.event(at(5, 9), at(6, 17))
    event.session(
        "2027-01-05T10:00",
        60,
        kind="travel",
        title="Flight",
        end_timezone="Europe/Oslo",
        ends_at="2027-01-05T11:30",
    )
    calendar, _answer = feed(outside, project.api.get(event.path)["calendar_url"])
    flight = named(entries(calendar), "Flight")
    assert (flight["DTSTART"].params["TZID"], flight["DTEND"].params["TZID"]) == (
        "Europe/Riga",
        "Europe/Oslo",
    )


def test_the_feed_of_a_project(project: Project, outside: Outside) -> None:
    fresh = outside.project()
    shown = fresh.event(at(5, 9), title="Shown", open_to_public=True)
    fresh.event(at(5, 9), title="Hidden")
    fresh.api.post(
        f"/projects/{fresh.slug}/events",
        {
            "kind": "debate",
            "title": "Draft",
            "open_to_public": True,
            "starts_at": at(5, 9).isoformat(),
            "ends_at": at(5, 10).isoformat(),
        },
    )
    calendar, _answer = feed(outside, fresh.said["calendar_url"])
    assert list(entries(calendar)) == ["Shown"]
    shown.api.post(f"{shown.path}/cancellation", {"reason": "Storm", "notify": False}, 200)
    calendar, _answer = feed(outside, fresh.said["calendar_url"])
    assert [str(one["STATUS"]) for one in calendar.walk("VEVENT")] == ["CANCELLED"]


def mine(outside: Outside, one: Json) -> dict[str, Any]:
    """A participant's own feed."""
    return entries(feed(outside, one["calendar_url"])[0])


def test_the_feed_of_a_participant(outside: Outside) -> None:
    project = outside.project()
    visit = project.event(at(5, 9), at(7, 17), title="Visit")
    visit.session(at(5, 6), 120, kind="travel", title="Flight")
    other, without = (
        project.event(at(9, 9), title="Second"),
        project.event(at(11, 9), title="Without me"),
    )
    one = visit.register("Anna Liepa")
    assert any("Visit" in name for name in mine(outside, one))
    assert any("Flight" in name for name in mine(outside, one))
    second = other.register("Anna Liepa")
    without.register()
    found = mine(outside, one)
    assert any("Second" in name for name in found)
    assert not any("Without me" in name for name in found)
    outside.api.post(f"/registrations/{second['id']}/cancellation", {}, 200)
    assert str(named(mine(outside, one), "Second")["STATUS"]) == "CANCELLED"


def test_feeds_of_nobody(outside: Outside) -> None:
    for path in (
        "/e/nothing.ics",
        "/p/nothing.ics",
        "/r/nothing.ics",
        "/desk/calendar/nothing.ics",
    ):
        assert outside.api.http.get(path).status_code == 404, path


def test_what_was_is_in_the_past_too(project: Project, outside: Outside) -> None:
    event = Event(project.api, project.event(now() - timedelta(days=2), title="Past").slug)
    assert named(entries(feed(outside, project.api.get(event.path)["calendar_url"])[0]), "Past")
