"""The programme on paper: what goes with the agenda, in the reader's language, with the funder's
statement.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import typst
from starlette.concurrency import run_in_threadpool

from core import ROOT
from core.i18n import _, fmt, language, text
from core.memory.lru import LRU, MEGABYTE
from events.event.event import Event
from events.presentation.display import ShownDay, ShownSession, when
from events.projects import logos

SOURCE = ROOT / "templates" / "registrations" / "mail" / "day_sheet.typ"

_sheets: LRU[bytes, bytes] = LRU(16 * MEGABYTE, len)


async def day_sheet(event: Event, days: Sequence[ShownDay]) -> bytes:
    """A PDF of these days; the project is fetched. Most people of an event have the same one: it is
    made once.
    """
    words = json.dumps(_words(event, days))
    key = sha256(words.encode()).digest()
    if (sheet := _sheets.get(key)) is not None:
        return sheet
    # our source never changes; what people wrote comes to it as data
    given = {"data": words}
    made: bytes = await run_in_threadpool(
        typst.compile, SOURCE, ignore_system_fonts=True, sys_inputs=given
    )
    _sheets[key] = made
    return made


def _words(event: Event, days: Sequence[ShownDay]) -> dict[str, Any]:
    path = logos.path(event.project.logo) if event.project.logo else None
    return {
        "language": language(),
        "kind": str(_("Agenda")),
        "title": text(event.title),
        "when": when(event),
        "place": ", ".join(filter(None, (event.place, fmt.country(event.country)))),
        "project": event.project.name,
        "statement": event.project.statement_text,
        "logo": list(path.read_bytes()) if path and path.is_file() else [],
        "days": [{"date": day.date, "items": [_item(s) for s in day.sessions]} for day in days],
    }


def _item(session: ShownSession) -> dict[str, Any]:
    zones = " → ".join(filter(None, (session.zone, session.end_zone)))
    lines = [session.place, ", ".join(session.speakers), zones]
    time = f"{session.start}\u2013{session.end}"
    return {"time": time, "title": session.title, "lines": [x for x in lines if x]}
