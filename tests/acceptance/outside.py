"""The program as somebody outside meets it: a running `viesis serve`, its commands, and HTTP."""

import itertools
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from core.clock import now
from tests.support.running import Program
from tests.support.smtp import SmtpServer

_numbers = itertools.count(1)
RIGA = "Europe/Riga"
Json = dict[str, Any]


def unique(word: str = "x") -> str:
    """A word that no other test uses."""
    return f"{word}-{next(_numbers)}-{uuid4().hex[:6]}"


@dataclass
class Api:
    """A token's view of the API."""

    http: httpx.Client
    token: str = ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Any call below /api/v1; underscores in names of headers become hyphens."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        where = path if path.startswith("http") else f"/api/v1{path}"
        return self.http.request(method, where, json=body, headers=given)

    def get(self, path: str, status: int = 200) -> Any:
        """The JSON of a GET that answers `status`."""
        return said(self.call("GET", path), status)

    def post(self, path: str, body: Any, status: int = 201, **headers: str) -> Any:
        """The JSON of a POST that answers `status`."""
        return said(self.call("POST", path, body, **headers), status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        """The JSON of a PATCH that answers `status`."""
        return said(self.call("PATCH", path, body), status)

    def wrong(self, path: str, body: Any, *fields: str, method: str = "POST") -> Json:
        """The problem of a call that is refused with 422, and names these fields."""
        found = self.call(method, path, body)
        assert found.status_code == 422, f"{path} {body}: {found.status_code} {found.text}"
        return problem(found, *fields)


def said(answer: httpx.Response, status: int) -> Any:
    """The JSON of an answer with this status."""
    where = f"{answer.request.method} {answer.request.url}"
    assert answer.status_code == status, f"{where}: {answer.status_code} {answer.text[:1500]}"
    return answer.json() if answer.content else None


def problem(answer: httpx.Response, *fields: str) -> Json:
    """A problem document, which names these fields."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    found: Json = answer.json()
    assert {"title", "detail"} <= found.keys(), found
    if fields:
        assert {e["field"] for e in found["errors"]} >= set(fields), found
        assert all(e["message"] for e in found["errors"])
    return found


class Later(threading.Thread):
    """A mail that the server refuses once with a 451, watched from the side: when it was refused,
    and when it came.
    """

    def __init__(self, smtp: SmtpServer) -> None:
        super().__init__(daemon=True)
        self.smtp, self.address = smtp, f"{unique('later')}@example.org"
        self.refused: float | None = None
        self.came: float | None = None
        smtp.answer("451 4.3.0 Later", times=1, recipient=self.address)
        self._told = smtp.misbehaviours[-1]

    def run(self) -> None:
        """Watch."""
        while self.came is None:
            if self.refused is None and self._told.times == 0:
                self.refused = time.monotonic()
            if self.smtp.to(self.address):
                self.came = time.monotonic()
            time.sleep(0.05)


@dataclass
class Outside:
    """The running program, an administrator's token, and the mail server it sends to."""

    engine: str
    program: Program
    api: Api
    smtp: SmtpServer
    later: Later

    def nobody(self) -> Api:
        """Without a token."""
        return Api(self.api.http)

    def as_role(self, role: str, project: str) -> Api:
        """A new user's token with one role in a project."""
        email = f"{unique(role)}@example.org"
        self.program.command("user", "add", email, "--role", role, "--project", project)
        return Api(
            self.api.http, self.program.last_line("token", "add", email, "--name", "for tests")
        )

    def project(self, **more: Any) -> "Project":
        """A new project."""
        given = {
            "code": unique("4.3-24/NFI/INP"),
            "slug": unique("p"),
            "title": "Project",
            "timezone": RIGA,
            "languages": ["en", "lv"],
            "lead": {"name": "Riga City", "country": "LV", "kind": "municipality"},
            "partners": [
                {
                    "name": "Trondheim",
                    "country": "NO",
                    "kind": "municipality",
                    "role": "donor_partner",
                },
                {"name": "Liepaja", "country": "LV", "kind": "municipality", "role": "partner"},
            ],
            **more,
        }
        return Project(self, self.api, self.api.post("/projects", given))


@dataclass
class Project:
    """A project, with short ways to fill it."""

    outside: Outside
    api: Api
    said: Json

    @property
    def slug(self) -> str:
        """Its address."""
        return str(self.said["slug"])

    def event(
        self, starts: "datetime | str" = "", ends: "datetime | str" = "", **more: Any
    ) -> "Event":
        """A published event; tomorrow from nine to five unless said otherwise."""
        starts = starts or at(1, 9)
        given = {
            "kind": "training",
            "title": "Event",
            "starts_at": iso(starts),
            "ends_at": iso(ends) if ends else iso(later(starts, 480)),
            **more,
        }
        found = self.api.post(f"/projects/{self.slug}/events", given)
        self.api.post(f"/events/{found['slug']}/publication", {}, 200)
        return Event(self.api, found["slug"])

    def scheme(self, threshold: int | None = None, kind: str = "scheme") -> str:
        """A new series."""
        body = {"title": "Scheme", "kind": kind, "threshold_percent": threshold}
        return str(self.api.post(f"/projects/{self.slug}/series", body)["id"])

    def shipped(self, *codes: str) -> None:
        """Add shipped indicators."""
        for code in codes:
            self.api.post(f"/projects/{self.slug}/indicators", {"rule": code})

    def rule(self, unit: str, name: str = "", **fields: Any) -> str:
        """Add an indicator with a rule of its own; answers its name."""
        name = name or unique("Indicator")
        body = {"name": name, "unit": "things", "rule": {"unit": unit, **fields}}
        self.api.post(f"/projects/{self.slug}/indicators", body)
        return name

    def figures(self, query: str = "") -> dict[str, Json]:
        """Every indicator by its code, or by its name."""
        found = self.api.get(f"/projects/{self.slug}/indicators{query}")
        for one in found:
            sums(one)
        return {one["code"] or word(one["name"]): one for one in found}

    def net(self, query: str = "") -> dict[str, float]:
        """The net figure of each."""
        return {name: one["net"] for name, one in self.figures(query).items()}

    def measure(self, unit: str, query: str = "", **fields: Any) -> Json:
        """The figure of a rule."""
        name = self.rule(unit, **fields)
        return self.figures(query)[name]


@dataclass
class Event:
    """An event."""

    api: Api
    slug: str

    @property
    def path(self) -> str:
        """Its address below /api/v1."""
        return f"/events/{self.slug}"

    def session(self, starts: "datetime | str", minutes: int = 60, **more: Any) -> str:
        """A session; answers its id."""
        body = {
            "kind": "talk",
            "title": "Session",
            "starts_at": iso(starts),
            "ends_at": iso(later(starts, minutes)),
            **more,
        }
        return str(self.api.post(f"{self.path}/sessions", body)["id"])

    def register(self, name: str = "", status: int = 201, **more: Any) -> Json:
        """Someone new."""
        name = name or unique("Person")
        email = more.pop("email", None) or f"{name.lower().replace(' ', '.')}@example.org"
        return dict(
            self.api.post(
                f"{self.path}/registrations", {"name": name, "email": email, **more}, status
            )
        )

    def people(self, count: int, prefix: str = "", **more: Any) -> list[Json]:
        """So many people."""
        prefix = prefix or unique("P")
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda n: self.register(f"{prefix} {n}", **more), range(count)))

    def scan(self, *scans: Json, status: int = 200, api: Api | None = None) -> list[Json]:
        """Scans; ids are made where they are not given."""
        body = [{"id": str(uuid4()), **one} for one in scans]
        return list((api or self.api).post(f"{self.path}/scans", body, status))

    def result(self, **one: Any) -> str:
        """The result of one scan."""
        return str(self.scan(one)[0]["result"])

    def here(self, registrations: Sequence[Json], method: str = "manual", **more: Any) -> None:
        """An organiser says afterwards that they were there."""
        scans = [{"registration": r["id"], "method": method, **more} for r in registrations]
        for start in range(0, len(scans), 1000):
            for one in self.scan(*scans[start : start + 1000]):
                assert one["result"] in {"valid", "already_in"}, one

    def attendance(self) -> Json:
        """What the event's attendance is now."""
        return dict(self.api.get(f"{self.path}/attendance"))


def at(days: int, hour: int, minute: int = 0, zone: str = RIGA) -> datetime:
    """A time of day so many days from today."""
    day = (
        now().astimezone(ZoneInfo(zone)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    )
    return (day.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone))


def iso(value: "datetime | str") -> str:
    """ISO 8601 as it is sent."""
    return value if isinstance(value, str) else value.isoformat()


def later(value: "datetime | str", minutes: int) -> "datetime | str":
    """So many minutes later; a local time stays one."""
    moved = (datetime.fromisoformat(value) if isinstance(value, str) else value) + timedelta(
        minutes=minutes
    )
    return moved.isoformat() if isinstance(value, str) else moved


def word(value: "Json | str") -> str:
    """A translatable text in its first language."""
    return value if isinstance(value, str) else str(next(iter(value.values())))


def sums(one: Json) -> None:
    """What holds for every figure: gross less what was left out is net, and so is every breakdown's
    sum.
    """
    twin = "_minutes" if "net_minutes" in one else ""
    assert (
        one["gross" + twin] - sum(e["count" + twin] for e in one["excluded"]) == one["net" + twin]
    ), one
    assert all(e["count"] > 0 for e in one["excluded"]), one
    assert set(one["by" + twin]) == {
        "gender",
        "country",
        "organisation_kind",
        "age",
        "target_group",
        "direction",
    }
    for buckets in one["by" + twin].values():
        assert "not_stated" in buckets, one
        assert abs(sum(buckets.values()) - one["net" + twin]) < 1e-9, one


def excluded(one: Json) -> dict[str, float]:
    """What was left out, by reason."""
    return {e["reason"]: e["count"] for e in one["excluded"]}
