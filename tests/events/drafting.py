"""Projects and events made by their verbs, with what they need and no more."""

from typing import Any

import pytest

from accounts.sessions.access import Actor
from core.errors import DomainError
from events.event.event import Event
from events.projects.projects import Project

ALICE = Actor("alice@example.org")

PROJECT: dict[str, Any] = {
    "code": "4.3-24/NFI/INP-004",
    "title": {"en": "Smart governance", "lv": "Lietpratīga pārvaldība"},
    "programme": "Norwegian financial instrument 2009-2014",
    "statement": "Supported by Norway.",
    "starts_on": "2013-12-14",
    "ends_on": "2016-04-30",
    "timezone": "Europe/Riga",
    "languages": ["lv", "nb", "en"],
    "activities": [{"number": "2.1", "title": "Training"}, {"number": "2.2", "title": "Debates"}],
    "lead": {
        "name": {"en": "Latvian Association", "lv": "Latvijas apvienība"},
        "country": "LV",
        "kind": "association",
    },
    "partners": [{"name": "Norwegian Association", "country": "NO", "role": "donor_partner"}],
}

EVENT: dict[str, Any] = {
    "kind": "training",
    "title": {"en": "Course"},
    "starts_at": "2026-12-10T09:00",
    "ends_at": "2026-12-10T17:00",
}


async def project(**over: Any) -> Project:
    return await Project.begin(ALICE, **{**PROJECT, **over})


async def event(of: Project, **over: Any) -> Event:
    return await Event.draft(of, ALICE, **{**EVENT, **over})


async def refused(work: Any) -> DomainError:
    with pytest.raises(DomainError) as error:
        await work
    return error.value


SESSION: dict[str, Any] = {
    "kind": "talk",
    "title": "Opening",
    "starts_at": "2026-12-10T09:00",
    "ends_at": "2026-12-10T09:30",
}
