"""Past midnight: a scan at the event's own door is of the day whose door is still open."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sessions.access import Actor
from checkin.attendance.attendance import event_attendance, settle
from checkin.attendance.gates import entrances, one_of
from checkin.review import live
from checkin.review.sign_out_all import doors_of, everyone_out
from checkin.scanning.event_days import day_of, nights_between
from checkin.scanning.presence import Presence
from core.clock import travelled
from events.event.event import Event
from tests.checkin.attendance.test_attendance import NINE, agrees, at, enter, gathering, minutes
from tests.checkin.people import registered, scan, session
from tests.support import factories

ZONE = "Europe/Riga"
FOURTH, FIFTH, SIXTH = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)


def t(hours: float) -> datetime:
    """That hour of the fourth of May in Riga; 24 and more are the next day."""
    return datetime.fromisoformat(at(hours))


def day(hours: float, start: float, end: float, *awake: tuple[float, float]) -> date:
    found = nights_between(t(start), t(end), ZONE, [(t(a), t(b)) for a, b in awake])
    return day_of(t(hours), ZONE, found)


@pytest.mark.parametrize(
    ("hours", "event", "awake", "expected"),
    [
        (24.3, (18, 26), (), FOURTH),
        (27.9, (18, 26), (), FOURTH),
        (28, (18, 26), (), FIFTH),
        (24.3, (9, 23), (), FOURTH),
        (24.3, (9, 21), (), FIFTH),
        (22.5, (24.5, 28), (), FIFTH),
        (22, (24.5, 28), (), FOURTH),
        # two days with a party between them, one without a session of its own at its end
        (24.3, (9, 41), ((9, 17), (19, 26), (33, 41)), FOURTH),
        (27.9, (9, 41), ((9, 17), (19, 26), (33, 41)), FOURTH),
        (32.9, (9, 41), ((9, 17), (19, 26), (33, 41)), FIFTH),
        (24.3, (9, 26), ((9, 17),), FOURTH),
        (24.3, (9, 41), (), FIFTH),
        # the second day begins early: its door opens two hours before, but not while the party goes
        # on
        (26.5, (9, 41), ((19, 26), (29, 41)), FOURTH),
        (27.1, (9, 41), ((19, 26), (29, 41)), FIFTH),
        (25.9, (9, 41), ((19, 26), (26.5, 41)), FOURTH),
        # after dinner the disco, though it begins on the next date
        (24.6, (9, 41), ((19, 24), (24.5, 27), (33, 41)), FOURTH),
        (28.5, (9, 41), ((19, 24), (24.5, 27), (33, 41)), FOURTH),
        (32.5, (9, 41), ((19, 24), (24.5, 27), (33, 41)), FIFTH),
        # what goes on beyond noon is no night: an exhibition, a long event without sessions
        (32.5, (9, 65), ((9, 65), (9, 17), (33, 41), (57, 65)), FIFTH),
        (32.5, (18, 40), (), FIFTH),
        (57, (9, 58), ((9, 17),), SIXTH),
        (40, (0, 46.25), (), FIFTH),
    ],
)
def test_the_day(
    hours: float, event: tuple[float, float], awake: tuple[tuple[float, float], ...], expected: date
) -> None:
    assert day(hours, *event, *awake) == expected


HOURS = st.integers(0, 4 * 96).map(lambda n: n / 4)
SPANS = st.lists(
    st.tuples(HOURS, st.integers(1, 48)).map(lambda s: (s[0], s[0] + s[1] / 4)), max_size=8
)


@given(HOURS, st.integers(1, 4 * 72), SPANS)
def test_days_follow_one_another(
    start: float, quarters: int, awake: list[tuple[float, float]]
) -> None:
    end = start + quarters / 4
    found = nights_between(
        t(start), t(end), ZONE, [(t(a), t(b)) for a, b in awake if start <= a and b <= end]
    )
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(found)), "none overlap"
    at = [t(start + n / 4) for n in range(-8, quarters + 8)]
    days = [day_of(one, ZONE, found) for one in at]
    assert days == sorted(days)
    dates = [one.astimezone(ZoneInfo(ZONE)).date() for one in at]
    assert all(abs((a - b).days) <= 1 for a, b in zip(days, dates, strict=True))
    assert min(days) == dates[8], "nobody comes before the first day"


def test_the_night_on_which_the_clocks_change() -> None:
    start, end = (
        datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 3, 28, 23, tzinfo=ZoneInfo("UTC")),
    )
    (night,) = nights_between(start, end, ZONE, [])
    assert (night.day, night.ends_at) == (date(2026, 3, 28), end + timedelta(hours=2))


async def party(**over: Any) -> tuple[Event, Any]:
    """Two days of talks, and a party between them until two o'clock that is not counted."""
    event = await gathering(9, 41)
    await session(event, t(9), t(17))
    await session(event, t(33), t(41))
    return event, await session(event, t(19), t(26), kind="meal", counted=False, **over)


@pytest.mark.usefixtures("database")
async def test_who_came_before_midnight_and_left_after_it_is_not_inside() -> None:
    event, _meal = await party()
    left, stays, again = [await registered(event) for _n in range(3)]
    assert await enter(event, *(scan(one, at(23)) for one in (left, stays, again))) == ["valid"] * 3
    assert await enter(event, scan(left, at(24.3), "out")) == ["exit"]
    assert await enter(event, scan(again, at(24.3)), scan(left, at(24.4), "out")) == [
        "already_in",
        "not_inside",
    ]
    with travelled(t(24.5)):
        assert (await event_attendance(event))["inside"] == 2
        assert (await live.counts(event))["2026-05-04"] == {"came": 3, "inside": 2}
        assert sum(number for _at, number in (await live.arrivals(event)).points) == 3
        assert [(g.came, g.left) for g in await live.gates(event)] == [(3, 1)]
    assert await Presence.filter(unit="2026-05-05").count() == 0
    assert await enter(event, scan(left, at(32.5))) == ["valid"], "the next morning is another day"
    await settle(event.project_id)
    assert await agrees(event)


@pytest.mark.usefixtures("database")
async def test_everyone_out_closes_the_day_that_is_open() -> None:
    event, _meal = await party()
    people = [await registered(event) for _n in range(2)]
    await enter(event, scan(people[0], at(23)), scan(people[1], at(24.2)))
    programme = await event.sessions_now()
    with travelled(t(24.5)):
        door = one_of(entrances(event, programme), "", t(24.5))
        assert (door.unit, door.ends_at) == ("2026-05-04", t(26))
        units = doors_of(event, programme, door)
        assert await everyone_out(event, units, t(24.5), 2, Actor("alice")) == 2
        assert (await event_attendance(event))["inside"] == 0
    assert await Presence.filter(inside=True).count() == 0
    assert await agrees(event)


@pytest.mark.usefixtures("database")
async def test_everyone_out_the_morning_after_still_closes_the_day_before() -> None:
    event, _meal = await party()
    await enter(event, scan(await registered(event), at(23)))
    units = doors_of(event, await event.sessions_now(), entrances(event, [])[0])
    with travelled(t(34)):
        assert await everyone_out(event, units, t(33.5), 1, Actor("alice")) == 1
    assert await Presence.filter(inside=True).count() == 0


@pytest.mark.usefixtures("database")
async def test_the_minutes_of_a_night_end_when_the_person_left() -> None:
    event = await gathering(18, 26)
    one = await registered(event)
    await enter(event, scan(one, at(23)), scan(one, at(24.1)), scan(one, at(24.5), "out"))
    assert await minutes(one) == {"2026-05-04": 90}
    assert [d.unit for d in entrances(event, [])] == ["2026-05-04"]
    assert (entrances(event, [])[0].starts_at, entrances(event, [])[0].ends_at) == (t(18), t(26))


@pytest.mark.usefixtures("database")
async def test_a_disco_after_dinner_is_inside_tonight() -> None:
    event = await gathering(19, 27)
    dinner, disco = await session(event, t(19), t(24)), await session(event, t(24), t(27))
    one = await registered(event)
    await enter(event, scan(one, at(24.2), session=disco.id))
    with travelled(t(24.5)):
        assert (await event_attendance(event))["inside"] == 1
    assert await minutes(one) == {str(disco.id): 168}
    assert [d.unit for d in entrances(event, [dinner, disco])] == [
        "2026-05-04",
        str(dinner.id),
        str(disco.id),
    ]
    with travelled(t(27.5)):
        assert one_of(entrances(event, [dinner, disco]), "", t(27.5)).unit == "2026-05-04"


async def test_a_longer_programme_is_known_at_once(client: httpx.AsyncClient) -> None:
    """Also where the door of an API call is remembered for a minute."""
    event = await gathering(9, 21)
    one = await registered(event)
    headers = await factories.bearer(await factories.organiser(event.project))
    address = f"/api/v1/events/{event.slug}/scans"
    scans = [scan(one, at(hours)) for hours in (20, 24.3)]
    body = [{"id": s.id, "ticket": s.ticket, "scanned_at": s.scanned_at} for s in scans]
    with travelled(NINE + timedelta(hours=11)):
        assert (await client.post(address, json=body[:1], headers=headers)).json()[0][
            "result"
        ] == "valid"
        change = {"ends_at": t(26).isoformat()}
        assert (
            await client.patch(f"/api/v1/events/{event.slug}", json=change, headers=headers)
        ).status_code == 200
    with travelled(t(24.4)):
        assert (await client.post(address, json=body[1:], headers=headers)).json()[0][
            "result"
        ] == "already_in"
