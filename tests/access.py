"""The table of who may what, tests/access.csv: read, compared with the program's routes, and asked
of the program.
"""

import csv
import re
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from accounts.management.sign_ins import printed_link
from accounts.sessions.api_tokens import ApiToken
from accounts.sessions.sessions import WebSession
from core import tokens
from core.clock import now
from core.http.api import PREFIX
from tests.access_world import ROLES, World
from tests.support.factories import csrf
from viesis.routes import ROUTERS

TABLE = Path(__file__).with_name("access.csv")
STRANGER = "organiser of another project"

BODIES: dict[str, dict[str, object]] = {
    "POST /api/v1/projects": {
        "code": "X",
        "title": "X",
        "timezone": "Europe/Riga",
        "languages": ["en"],
        "lead": {"name": "X", "country": "LV", "kind": "municipality"},
        "partners": [],
    },
    "POST /api/v1/registrations/{registration}/substitution": {
        "name": "X",
        "email": "x@example.org",
    },
    "POST /api/v1/indicators/{indicator}/values": {
        "value": 1,
        "from": "2026-01-01",
        "to": "2026-01-31",
    },
    "POST /api/v1/persons/{person}/merge": {"into": "$kept"},
}
FORMS: dict[str, dict[str, object]] = {
    "POST /desk/p/{project}/duplicates": {"one": "$person", "two": "$kept", "what": "two"},
    "POST /desk/e/{event}/door/conflicts": {"scan": "$scan"},
    "POST /r/{token}/needs": {"code": "000000"},
}
"""What is sent where an empty body is refused before the right to send it is asked for; `$name` is
an id.
"""

WORDS = {401: "sign in", 403: "no", 404: "not there", 410: "gone"}
"""What a cell says of an answer; else it is `yes` below 500: done, or refused for its content."""


def routes() -> list[str]:
    """Every route of the program, as `GET /address/{name}`."""
    every: list[Any] = [route for router in ROUTERS for route in router.routes]
    found = [(method, route.path) for route in every for method in route.methods]
    return [f"{method} {path}" for method, path in dict.fromkeys(found) if method != "HEAD"]


def table() -> dict[str, dict[str, str]]:
    """Route → role → word."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("route"): row for row in csv.DictReader(file)}


def word(answer: httpx.Response) -> str:
    """What an answer is called in the table."""
    if answer.status_code >= 500:
        return f"fault {answer.status_code}"
    if answer.is_redirect and answer.headers["location"].startswith("/desk/sign-in?next="):
        return WORDS[401]
    return WORDS.get(answer.status_code, "yes")


async def asked(
    app: FastAPI, world: World, role: str, route: str, **other_ids: str
) -> httpx.Response:
    """Let someone with this role ask for a route of the world's first project."""
    method, path = route.split(" ")
    async with world.client(app, role) as client:
        address = await filled(world, role, path, other_ids)
        given: dict[str, Any] = {"headers": {}}
        if path.startswith((PREFIX, "/c/e/")):
            if method in {"POST", "PATCH"}:
                given["json"] = sent(BODIES.get(route, {}), world)
            if found := world.bearers.get(role):
                given["headers"]["Authorization"] = f"Bearer {found}"
        elif method == "POST":
            given["data"] = {"csrf": csrf(client), **sent(FORMS.get(route, {}), world)}
        return await client.request(method, address, **given)


def sent(template: dict[str, object], world: World) -> dict[str, object]:
    """A body with the world's ids in it."""
    return {
        k: world.ids[v[1:]] if isinstance(v, str) and v.startswith("$") else v
        for k, v in template.items()
    }


async def filled(world: World, role: str, path: str, other_ids: dict[str, str]) -> str:
    """The address with real ids in it."""
    ids = {
        **world.ids,
        "kind": "csv",
        "what": "off",
        "language": "en",
        **await _own(world, role, path),
        **other_ids,
    }
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: ids[found[1]], path)


async def _own(world: World, role: str, path: str) -> dict[str, str]:
    """What differs from role to role: secrets in addresses, and what belongs to an account."""
    user = world.users.get("organiser" if role == STRANGER else role) or world.users["organiser"]
    if path.startswith("/desk/account/tokens/"):
        mine = await ApiToken.filter(user_id=user.id).first()
        return {"token": str(mine.id if mine else 0)}
    if path.startswith("/desk/account/sessions/"):
        given = {
            "user_id": user.id,
            "hash": tokens.hashed(tokens.random("")),
            "created_at": now(),
            "seen_at": now(),
        }
        return {"session": str((await WebSession.create(**given)).id)}
    if path.startswith("/desk/enter/"):
        return {"secret": (await printed_link(user)).rpartition("/")[2]}
    fixed = {
        "/desk/calendar/": {"token": world.ids["calendar"]},
        "/desk/join/": {"secret": world.ids["invitation secret"]},
        "/desk/outbox/": {"what": "retry"},
        "/c/": {"token": world.ids["pairing"]},
        "/desk/e/{event}/door/everyone-out/": {"scan": world.ids["leaving"]},
        "/desk/p/{project}/indicators/{indicator}/values/": {
            "indicator": world.ids["manual indicator"],
            "what": "out",
        },
    }
    for beginning, ids in fixed.items():
        if path.startswith(beginning):
            return ids
    participants = {
        "participant": world.registration,
        "another participant": world.other_registration,
    }
    return {"token": participants.get(role, "vsr_" + "0" * 40)}


def write(rows: dict[str, dict[str, str]]) -> None:
    """Write the table anew from what the program does, for a person to read through line by
    line.
    """
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, ["route", *ROLES], lineterminator="\n")
        out.writeheader()
        out.writerows({"route": route, **row} for route, row in rows.items())
