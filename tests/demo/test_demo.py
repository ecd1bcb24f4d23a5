"""The demo's figures are the published ones, and they come out of the ordinary rules."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509

from checkin.attendance.attendance import Attendance, event_attendance, recount
from checkin.phone.devices import Device
from checkin.scanning.scans import Scan
from core import clock, tokens
from core.settings import Settings
from core.text import is_email
from demo import demo, names
from demo.past import PLANS
from demo.present import project as sixth
from events.event.event import Event
from events.programme.sessions import Session
from events.projects.projects import Project
from events.projects.toml_file import import_projects
from indicators.cache.figures import Counting
from indicators.cache.figures import recount as recount_figures
from indicators.counting.evaluation import Figure
from indicators.rules.indicators import Indicator, ManualValue
from indicators.rules.rules import Rule
from notifications.outbox.message import Message
from registrations.registration.persons import Person
from registrations.registration.registration import Registration
from viesis.commands import certificate

COUNTED = 14
"""Indicators of the five projects that are computed."""


async def figure(counting: Counting, **rule: Any) -> Figure:
    return await counting.figure(Rule.read(rule))


async def test_every_published_figure_comes_out_of_the_rules(database: Settings) -> None:
    reported: list[str] = []
    await demo.fill(0, lambda _steps, what: reported.append(what))

    assert len(reported) == demo.steps(0)
    await published()
    await beside_them()
    await nothing_left_to_count()
    await the_sixth()
    await a_second_import()
    await nobody_is_real()
    await again()


async def published() -> None:
    seen = 0
    for project in await Project.exclude(code=sixth.CODE):
        counting = await Counting.of(project)
        for one in await Indicator.filter(project_id=project.id):
            rule = Rule.read(one.rule)
            found = await counting.figure(rule, indicator_id=one.id)
            promised = one.target if rule.unit != "manual" else 0
            wanted = one.reported if one.reported is not None else promised or 0
            name = f"{project.code}: {one.name['en']}"
            scale = 60 if rule.in_hours else 100 if rule.unit == "manual" else 1
            assert (name, found.net) == (name, wanted * scale)
            assert found.gross - sum(found.excluded.values()) == found.net
            if rule.unit != "manual":
                seen += 1
                split = {bucket: count for by in found.by.values() for bucket, count in by.items()}
                assert {place: split[place] for place in one.split} == {
                    k: int(str(v)) * scale for k, v in one.split.items()
                }
    assert seen == COUNTED


async def beside_them() -> None:
    project = await Project.get(code="NOR-LT10-VRM-01-K-01-007")
    counting = await Counting.of(project)
    assert (await figure(counting, unit="people", kinds=["training", "conference"])).net == 349
    assert (await figure(counting, unit="participations", kinds=["training"])).net == 340
    assert (await figure(counting, unit="participations", kinds=["conference"])).net == 71
    project = await Project.get(code="ACF-LOCAL-DEMOCRACY")
    trained = await figure(await Counting.of(project), unit="people", activities=["2.1"])
    assert trained.by["gender"] == {"female": 201, "male": 108, "other": 1, "not_stated": 3}
    assert (project.starts_on, project.ends_on) == (None, None)
    assert project.notes["dates_raw"] == ["28 June - 7 February 2022", "18-05-19-2023"]
    visit = await Event.get(project__code="LPR-TRONDELAG-2009")
    assert await Registration.filter(event_id=visit.id).count() == 27
    assert await Registration.filter(event_id=visit.id, status="replaced").count() == 1
    assert await Registration.filter(event_id=visit.id, replaces_id__not_isnull=True).count() == 1


async def nothing_left_to_count() -> None:
    assert await Scan.filter(settled=False).count() == 0
    for project in await Project.all():
        assert await recount(project.id) == []
        assert await recount_figures(project) == []
    refused = await Scan.exclude(result__in=["valid", "exit", "already_in"]).values_list(
        "result", flat=True
    )
    assert refused == []
    methods = await Attendance.filter(signed=True).count()
    assert methods > 100


async def the_sixth() -> None:
    project = await Project.get(code=sixth.CODE)
    event = await Event.get(slug="kaiminu-diena")
    assert event.starts_at < clock.now() < event.ends_at
    now = await event_attendance(event)
    assert (now["confirmed"], now["attended"], now["inside"]) == (64, 25, 23)
    full = await Event.get(slug="macibas-ka-vadit-sarunu")
    counts = Counter(one.status for one in await Registration.filter(event_id=full.id))
    assert counts == {"confirmed": 11, "offered": 1, "waiting": 6, "cancelled": 1}
    visit = await Event.get(slug="pieredzes-brauciens-uz-bude")
    zones = (
        await Session.filter(event_id=visit.id)
        .exclude(end_timezone="")
        .values_list("timezone", "end_timezone")
    )
    assert ("Europe/Riga", "Europe/Oslo") in zones
    assert ("Europe/Oslo", "Europe/Riga") in zones
    assert await Event.filter(project_id=project.id, status="draft").count() == 2
    assert await Event.filter(project_id=project.id, status="cancelled").count() == 1
    counting = await Counting.of(project)
    completed = await figure(counting, unit="completions", counting_unit="scheme")
    assert 0 < completed.net < completed.gross
    assert await Message.filter(kind="offer").count() == 1


async def a_second_import() -> None:
    before = await everything_there()
    summary = await import_projects(demo.PROJECTS)
    assert (summary.added, summary.changed, len(summary.same)) == ([], [], 5)
    assert await everything_there() == before


async def everything_there() -> list[Any]:
    return [
        await Project.all().order_by("id").values(),
        await Indicator.all().order_by("id").values(),
        await ManualValue.all().order_by("id").values(),
    ]


async def nobody_is_real() -> None:
    emails = [person.email for person in await Person.all()]
    assert len(emails) > 1000
    assert [e for e in emails if not (is_email(e) and e.endswith(".example"))] == []


async def again() -> None:
    """Taken up another day: a new door is opened, nothing else is made."""
    events = await Event.all().count()
    tomorrow = clock.now() + timedelta(days=1)
    with clock.travelled(tomorrow):
        await demo.fill(0, lambda _steps, _what: None, again=True)
        links = await demo.links()
    assert await Event.filter(slug__startswith="kaiminu-diena").count() == 2
    assert await Event.all().count() == events + 1
    secret = links.pairing.rpartition("/")[2]
    device = await Device.get(pairing_hash=tokens.hashed(secret))
    assert device.pairing_ends_at > tomorrow + timedelta(hours=1)


async def test_a_crowd_as_large_as_one_likes(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "PLANS", ())
    monkeypatch.setattr("demo.present.crowd.AT_ONE", 400)
    steps: list[int] = []
    await demo.fill(1000, lambda some, _what: steps.append(some))

    assert sum(steps) == demo.steps(1000)
    project = await Project.get(code=sixth.CODE)
    markets = Event.filter(
        project_id=project.id, kind="publicity", starts_at__gt=clock.now() - timedelta(days=60)
    )
    fairs = [e.id for e in await markets if "mugė" in e.title["lt"]]
    found = await Registration.filter(event_id__in=fairs).values_list("person_id", flat=True)
    assert (len(fairs), len(found), len(set(found))) == (3, 1000, 1000)
    assert await Attendance.filter(event_id__in=fairs).count() == 875
    assert await recount(project.id) == []


def test_the_past_is_the_same_each_time() -> None:
    assert [make() for make in PLANS] == [make() for make in PLANS]


@pytest.mark.parametrize("country", ["LT", "LV", "NO"])
@pytest.mark.parametrize("gender", ["female", "male"])
def test_names_do_not_repeat_soon(country: str, gender: str) -> None:
    assert len({names.invented(country, gender, n) for n in range(520)}) == 520


def test_surnames_of_women_and_men() -> None:
    assert names.invented("LT", "female", 0).endswith(("ienė", "aitė", "utė", "ytė", "ūtė"))
    women = {names.invented("LV", "female", n).split()[-1] for n in range(500)}
    men = {names.invented("LV", "male", n).split()[-1] for n in range(500)}
    assert women & men == set()
    assert all(name.endswith(("a", "e")) for name in women)


def test_a_certificate_for_phones(tmp_path: Path) -> None:
    signed, key = certificate.made(tmp_path, ["192.0.2.7", "127.0.0.1"])
    found = x509.load_pem_x509_certificate(signed.read_bytes())
    said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(a) for a in said.get_values_for_type(x509.IPAddress)] == ["192.0.2.7", "127.0.0.1"]
    assert key.stat().st_mode & 0o077 == 0
    before = signed.read_bytes()
    certificate.made(tmp_path, ["127.0.0.1"])
    assert signed.read_bytes() == before
    certificate.made(tmp_path, ["192.0.2.8"])
    assert signed.read_bytes() != before


async def test_it_fills_no_database_of_anybody_else(database: Settings, tmp_path: Path) -> None:
    await import_projects(demo.PROJECTS)
    command = [
        sys.executable,
        "-m",
        "viesis",
        "demo",
        "--port",
        "0",
        "--data",
        str(tmp_path / "demo"),
    ]
    ended = await asyncio.to_thread(
        subprocess.run,
        command,
        env={**surroundings(), "VIESIS_DATABASE_URL": database.database_url},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert (ended.returncode, "fills an empty database only" in ended.stderr) == (2, True)
    assert await Project.all().count() == 5


def surroundings() -> dict[str, str]:
    """The environment without settings of a real installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VIESIS_")}


def throwaways(below: Path) -> list[Path]:
    """The demo's folders there."""
    return list(below.glob("viesis-demo-*"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "viesis", "demo", "--port", str(port), "--lan"]
    env = {**surroundings(), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        yield process, port
        process.terminate()
        process.wait(30)


async def test_it_serves_phones_says_where_and_leaves_nothing(
    running: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, port = running
    assert process.stdout
    said = ""
    async with asyncio.timeout(100):
        while "phone asks whether" not in said:
            said += await asyncio.to_thread(process.stdout.readline)
    pairing = next(line.split()[-1] for line in said.splitlines() if "A phone at the door" in line)
    link = next(line.split()[-1] for line in said.splitlines() if "An organiser signs in" in line)
    own = f"https://127.0.0.1:{port}"
    async with httpx.AsyncClient(verify=False) as client:  # the certificate is of its own making
        statuses = []
        for path in ("/", "/health", "/" + pairing.split("/", 3)[3], "/" + link.split("/", 3)[3]):
            started = time.monotonic()
            while time.monotonic() - started < 60:
                try:
                    statuses.append((await client.get(own + path, timeout=60)).status_code)
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.2)
        assert statuses == [200, 200, 200, 200]
        base, path = pairing.split("/c/")
        paired = await client.post(
            f"{own}/c/{path}", data={"name": "My phone"}, headers={"Origin": base}, timeout=60
        )
        assert (paired.status_code, "Secure" in paired.headers["set-cookie"]) == (303, True)
        door = await client.get(own + paired.headers["location"], timeout=60)
        assert (door.status_code, "/app.webmanifest" in door.text) == (200, True)
    assert throwaways(tmp_path)
    process.send_signal(signal.SIGINT)
    await asyncio.to_thread(process.wait, 30)
    assert not throwaways(tmp_path), "Ctrl+C takes it along"
