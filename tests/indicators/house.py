"""A project run over the API as people and scripts do: registrations, scans, indicators."""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from events.projects.projects import Project
from tests.support import factories

API = "/api/v1"
_numbers = count(1)

PROJECT = {
    "title": {"en": "Neighbours", "lv": "Kaimiņi"},
    "programme": "Interreg",
    "starts_on": "2025-01-01",
    "ends_on": "2025-12-31",
    "timezone": "Europe/Riga",
    "languages": ["en", "lv"],
    "activities": [{"number": "2.1", "title": "Training"}, {"number": "2.2", "title": "Debates"}],
    "lead": {"name": "Town of Light", "country": "LV", "kind": "municipality"},
    "partners": [
        {"name": "Fjord County", "country": "NO", "kind": "municipality", "role": "donor_partner"}
    ],
}
BOTH = ["Town of Light", "Fjord County"]


class House:
    """One project, the API and its manager's token."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str], slug: str) -> None:
        self.client, self.headers, self.slug = client, headers, slug

    @classmethod
    async def open(cls, client: httpx.AsyncClient, **over: Any) -> "House":
        headers = await factories.bearer(await factories.user(admin=True))
        house = cls(client, headers, "")
        given = {**PROJECT, "code": f"LL-{next(_numbers):04}", **over}
        house.slug = (await house.post("/projects", given))["slug"]
        return house

    async def project(self) -> Project:
        return await Project.get(slug=self.slug)

    async def call(self, method: str, path: str, status: Sequence[int], **more: Any) -> Any:
        answer = await self.client.request(method, API + path, headers=self.headers, **more)
        assert answer.status_code in status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def post(self, path: str, body: Any, status: Sequence[int] = (200, 201, 204)) -> Any:
        return await self.call("POST", path, status, json=body)

    async def get(self, path: str, **params: str) -> Any:
        return await self.call("GET", path, (200,), params=params)

    async def event(
        self, kind: str = "training", start: str = "2025-03-03T09:00", end: str = "", **over: Any
    ) -> "Gathering":
        sessions = over.pop("sessions", [])
        given = {
            "kind": kind,
            "title": f"{kind} {next(_numbers)}",
            "starts_at": start,
            "ends_at": end or f"{start[:11]}17:00",
        }
        slug = (await self.post(f"/projects/{self.slug}/events", {**given, **over}))["slug"]
        ids = []
        for one, other in sessions:
            body = {"kind": "talk", "title": "Talk", "starts_at": one, "ends_at": other}
            ids.append((await self.post(f"/events/{slug}/sessions", body))["id"])
        await self.post(f"/events/{slug}/publication", {"notify": False})
        return Gathering(self, slug, ids)

    async def scheme(self, threshold: int | None = None) -> str:
        body: dict[str, Any] = {"title": f"Scheme {next(_numbers)}", "kind": "scheme"}
        if threshold is not None:
            body["threshold_percent"] = threshold
        return str((await self.post(f"/projects/{self.slug}/series", body))["id"])

    async def figure(self, rule: str | dict[str, Any], **span: str) -> dict[str, Any]:
        """Add an indicator, and answer it as the list shows it."""
        body = (
            {"rule": rule}
            if isinstance(rule, str)
            else {"rule": rule, "name": "Own rule", "unit": "things"}
        )
        added = await self.post(f"/projects/{self.slug}/indicators", body)
        return await self.shown(added["id"], **span)

    async def shown(self, identity: str, **span: str) -> dict[str, Any]:
        found = await self.get(f"/projects/{self.slug}/indicators", limit="500", **span)
        (one,) = [item for item in found if item["id"] == identity]
        assert one["gross"] == one["net"] + sum(item["count"] for item in one["excluded"])
        assert all(sum(buckets.values()) == one["net"] for buckets in one["by"].values())
        return dict(one)

    async def net(self, rule: str | dict[str, Any], **span: str) -> Any:
        return (await self.figure(rule, **span))["net"]


class Gathering:
    """A published event and its sessions' ids."""

    def __init__(self, house: House, slug: str, sessions: list[str]) -> None:
        self.house, self.slug, self.sessions = house, slug, sessions

    async def register(self, name: str, **over: Any) -> dict[str, Any]:
        email = f"{name.lower().replace(' ', '.')}@example.org"
        found = await self.house.post(
            f"/events/{self.slug}/registrations", {"name": name, "email": email, **over}
        )
        return dict(found)

    async def scan(self, *scans: dict[str, Any]) -> list[str]:
        """Answers the results; each scan gets an id, and is a manual tick of someone who was there
        from the start.
        """
        body = [{"id": str(uuid4()), "method": "manual", **scan} for scan in scans]
        return [one["result"] for one in await self.house.post(f"/events/{self.slug}/scans", body)]

    async def attended(
        self, *names: str, sessions: Sequence[int] | None = None, **over: Any
    ) -> list[dict[str, Any]]:
        """Register these people and tick them: at the sessions numbered from 0, or all, or the
        event's day.
        """
        found = [await self.register(name, **over) for name in names]
        doors = self.sessions if sessions is None else [self.sessions[n] for n in sessions]
        scans = [{"registration": one["id"], "session": door} for one in found for door in doors]
        scans = scans or [{"registration": one["id"]} for one in found]
        for start in range(0, len(scans), 1000):
            assert set(await self.scan(*scans[start : start + 1000])) == {"valid"}
        return found

    async def attendance(self) -> dict[str, Any]:
        return dict(await self.house.get(f"/events/{self.slug}/attendance"))


def people(number: int, first: int = 1) -> list[str]:
    """Invented names."""
    return [f"Guest {n}" for n in range(first, first + number)]
