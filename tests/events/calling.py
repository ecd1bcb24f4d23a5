"""Projects and events over the JSON interface, as an administrator's program."""

from typing import Any

import httpx

LATGALE = {
    "code": "4.3-24/NFI/INP-004",
    "title": {"en": "Smart governance", "lv": "Lietpratīga pārvaldība"},
    "programme": "Norwegian financial instrument 2009-2014",
    "statement": {"en": "Supported by Norway.", "lv": "Atbalsta Norvēģija."},
    "starts_on": "2013-12-14",
    "ends_on": "2016-04-30",
    "timezone": "Europe/Riga",
    "languages": ["lv", "nb", "en"],
    "activities": [{"number": "2.1", "title": {"lv": "Apmācības"}}],
    "lead": {
        "name": {"lv": "Latvijas Pašvaldību savienība"},
        "country": "LV",
        "kind": "association",
    },
    "partners": [
        {"name": {"nb": "KS"}, "country": "NO", "kind": "association", "role": "donor_partner"}
    ],
}

EVENT = {
    "kind": "training",
    "title": {"en": "Course", "lv": "Kurss"},
    "starts_at": "2026-12-10T09:00",
    "ends_at": "2026-12-10T17:00",
}

API = "/api/v1"


async def made(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.post(API + path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def wrong(answer: httpx.Response) -> list[str]:
    """The fields that a 422 names."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {"title", "detail", "errors"} <= set(body)
    return [e["field"] for e in body["errors"]]
