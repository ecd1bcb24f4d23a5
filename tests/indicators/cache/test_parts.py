"""A figure put together from what a process holds is the figure counted from all facts, after every
kind of change.
"""

from datetime import date
from typing import Any

import httpx
import pytest

from events.event.event import Event
from events.projects.organisations import Organisation
from events.projects.series import Series
from indicators.cache import memory, parts
from indicators.cache.figures import Counting
from indicators.counting import queries
from indicators.counting.evaluation import plain
from indicators.counting.spans import WHOLE, Span
from indicators.rules.rules import Rule, shipped
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from tests.indicators.house import BOTH, House, people

OWN: list[dict[str, Any]] = [
    {"unit": "people", "once_per": "project"},
    {"unit": "participations", "once_per": "project"},
    {"unit": "organisations", "countries": ["LV"]},
    {"unit": "participations", "counting_unit": "scheme_or_event", "threshold_percent": 60},
    {
        "unit": "completions",
        "counting_unit": "scheme_or_event",
        "all_sessions": True,
        "once_per": "project",
    },
    {"unit": "people", "joint": "organised_and_attended", "evidence": "signed"},
    {"unit": "participant_hours", "roles": [], "min_days": 2},
    {"unit": "delivered_hours", "window": "project", "roles": ["speaker"]},
    {"unit": "events", "window": "year_after_end", "internal": True},
    {"unit": "events", "countries": ["NO"], "organisation_kinds": ["municipality"]},
    {"unit": "delivered_hours", "roles": [], "countries": ["LT", "NO"], "joint": "organised"},
    {"unit": "events", "joint": "organised_and_attended"},
]
SPANS = [
    WHOLE,
    Span(None, date(2025, 6, 30)),
    Span(date(2025, 7, 1), None),
    Span(date(2025, 3, 4), date(2025, 9, 3)),
    Span(date(2030, 1, 1), None),
]


async def agree(house: House) -> None:
    """Every rule in every span: from parts, in full, and in full from single facts."""
    counting = await Counting.of(await house.project())
    rules = [one.counting() for one in shipped().values() if one.rule["unit"] != "manual"]
    for rule in [*rules, *[Rule.read(own) for own in OWN]]:
        for span in SPANS:
            quick, full = (
                plain(await counting.figure(rule, span)),
                plain(await counting.behind(rule, span)),
            )
            assert (rule, span, quick) == (rule, span, full)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(queries, "grain", lambda _rule: "fine")
                assert (rule, span, plain(await counting.behind(rule, span))) == (rule, span, full)


async def test_a_book_that_is_too_large_is_let_go_without_harm(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_ENTRIES", 1)
    house = await House.open(client)
    await (await house.event()).attended(*people(3))
    await agree(house)
    await (await house.event()).attended(*people(4))
    await agree(house)


async def test_parts_agree_with_a_full_count_after_every_change(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.forget()
    monkeypatch.setattr(parts, "WORTH_KEEPING", 0)
    house = await House.open(client, ends_on="2025-08-31")
    scheme = await house.scheme(60)
    town = {"name": "Town of Rain", "country": "LV", "kind": "municipality"}
    first = await house.event(
        "training", "2025-03-03T09:00", "2025-03-04T12:00", series=scheme, organisers=BOTH,
        sessions=[("2025-03-03T09:00", "2025-03-03T11:00"), ("2025-03-04T09:00", "2025-03-04T11:00")],
    )  # fmt: skip
    second = await house.event("training", "2025-07-03T09:00", "2025-07-03T11:00", series=scheme)
    debate = await house.event("debate", "2025-09-03T09:00", organisers=BOTH, open_to_public=True)
    there = await first.attended(*people(4), organisation=town, gender="female", country="NO")
    await first.attended(*people(2, 5), sessions=[0], role="speaker")
    await agree(house)
    await second.attended(*people(3, 3), organisation={"name": "New one", "country": "LT"})
    await agree(house)
    await debate.attended(*people(6), birth_year=1990)
    memory.forget()
    await agree(house)
    merged = await house.post(f"/persons/{there[0]['person']}/merge", {"into": there[1]["person"]})
    await agree(house)
    await house.call("DELETE", f"/merges/{merged['id']}", (204,))
    await Registration.filter(id=int(there[2]["id"])).update(role="host")
    await Person.filter(id=int(there[3]["person"])).update(gender="other", organisation_id=None)
    await agree(house)
    quiet = await house.event("workshop", "2025-05-05T09:00")
    await house.post(f"/events/{quiet.slug}/held", {"reason": "Nobody had a phone."})
    await agree(house)
    await house.post(f"/events/{second.slug}/cancellation", {"reason": "Snow.", "notify": False})
    await agree(house)
    await Event.filter(slug=first.slug).update(internal=True)
    await agree(house)
    await Organisation.filter(kind="municipality").update(kind="ngo", country="LT")
    await Series.filter(id=int(scheme)).update(threshold_percent=90)
    memory.forget()
    await agree(house)
