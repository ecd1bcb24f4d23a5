"""Cache of public event pages: rendered once for each state and language, then sent as bytes.

One small query tells whether a page is still current; those who ask at the same moment share it
(core/memory/single_flight.py).
"""

import gzip
import hashlib
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core import db
from core.clock import now
from core.http.pages import cookie_name
from core.i18n import language
from core.memory.lru import LRU, MEGABYTE
from core.memory.single_flight import Looks
from events.presentation.display import FEW

_STATE = """
SELECT e.id, e.revision, e.changed_at, e.status, e.seats_taken, e.waiting, e.capacity, e.starts_at, e.ends_at,
       e.registration_opens_at, e.registration_closes_at, p.changed_at AS project, s.title AS series, o.name, o.country
FROM event e JOIN project p ON p.id = e.project_id LEFT JOIN series s ON s.id = e.series_id
LEFT JOIN event_organiser eo ON eo.event_id = e.id LEFT JOIN partner pa ON pa.id = eo.partner_id
LEFT JOIN organisation o ON o.id = pa.organisation_id
WHERE e.slug = $1 AND e.status <> 'draft' ORDER BY eo.id
"""
_BORDERS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at")
_COOKIES = ("session", "flash")
MOST = 16 * MEGABYTE
"""What the pages that a process keeps may weigh; one has about 20 KB."""

State = tuple[object, ...]


@dataclass
class Page:
    """A page as it was rendered. `packed` is made when someone can read it compressed."""

    state: State
    body: bytes
    tag: str
    packed: bytes = b""

    @classmethod
    def of(cls, state: State, body: bytes) -> "Page":
        """With the tag that its bytes have on every node."""
        return cls(state, body, f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')


states: Looks[State | None] = Looks()
_pages: LRU[tuple[str, str], Page] = LRU(MOST, lambda page: len(page.body))


def plain(request: Request) -> bool:
    """Whether this browser sees what everybody sees: nobody is signed in, nothing is said to it,
    nothing is asked.
    """
    if request.scope["query_string"]:
        return False
    cookies = request.headers.get("cookie", "")
    return not cookies or not any(cookie_name(name) in cookies for name in _COOKIES)


async def state_of(slug: str) -> State | None:
    """What the page shows that may change, as it is now; None for a draft, or where there is no
    such event.
    """
    return await states.look(slug, lambda: _state(slug))


async def _state(slug: str) -> State | None:
    found = await db.rows(_STATE, slug)
    return _shown(found) if found else None


def _shown(found: list[dict[str, Any]]) -> State:
    """The event, its project, series and organisers, seats where they are few, and borders of time
    that were passed.
    """
    row, moment = found[0], now()
    passed = tuple(bool(row[b]) and db.moment(row[b]) <= moment for b in _BORDERS)
    if row["capacity"] is None or (
        row["capacity"] - row["seats_taken"] > FEW and not row["waiting"]
    ):
        row["seats_taken"] = None
    return (
        *row.values(),
        *(one[name] for one in found[1:] for name in ("name", "country")),
        *passed,
    )


def kept(slug: str, state: State) -> Page | None:
    """The page in this state and the current language, if it has been rendered."""
    found = _pages.get((slug, language()))
    return found if found and found.state == state else None


def keep(slug: str, state: State, body: bytes) -> Page:
    """Keep a page that was rendered after this state was read; the ones not used for longest go."""
    page = _pages[slug, language()] = Page.of(state, body)
    return page


def answer(request: Request, page: Page) -> Response:
    """The page, or 304 for whoever has it."""
    headers = {
        "ETag": page.tag,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding, Accept-Language, Cookie",
    }
    asked = request.headers
    if page.tag.removeprefix("W/") in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" not in asked.get("accept-encoding", ""):
        return Response(page.body, headers=headers, media_type="text/html")
    page.packed = page.packed or gzip.compress(page.body, 6, mtime=0)
    headers["Content-Encoding"] = "gzip"
    return Response(page.packed, headers=headers, media_type="text/html")
