"""Public addresses of a programme for conference apps: schedule.xml and schedule.json, in frab's
format.
"""

from hashlib import sha256

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.errors import not_found
from core.http.spreadsheets import TYPES
from core.memory.lru import LRU, MEGABYTE
from events.event.event import Event
from events.feeds import http, schedule

router = APIRouter(include_in_schema=False)

_built: LRU[str, bytes] = LRU(32 * MEGABYTE, len)


@router.api_route("/e/{event}/schedule.xml", methods=["GET", "HEAD"])
async def as_xml(request: Request, event: str) -> Response:
    """What Giggity and its like read; for whoever has the address. A draft is not there yet."""
    return await _schedule(request, event, "xml")


@router.api_route("/e/{event}/schedule.json", methods=["GET", "HEAD"])
async def as_json(request: Request, event: str) -> Response:
    """The same for programs: events/feeds/schedule.py says what is in it."""
    return await _schedule(request, event, "json")


async def _schedule(request: Request, slug: str, kind: str) -> Response:
    event = await Event.filter(slug=slug).exclude(status="draft").select_related("project").first()
    if not event:
        raise not_found()
    code = http.language_of(request, event.project)
    tag = _tag(event, code, kind)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": http.VARY}
    if http.has_it(request, tag):
        return Response(status_code=304, headers=headers)
    body = _built.get(tag)
    if body is None:
        found = await run_in_threadpool(schedule.schedule, event, await event.sessions_now(), code)
        body = _built[tag] = await run_in_threadpool(schedule.as_file, found, kind)
    return Response(body, headers=headers, media_type=TYPES[kind])


def _tag(event: Event, code: str, kind: str) -> str:
    """Every change of a published event or of its sessions raises its revision."""
    state = (
        f"{event.id}.{event.created_at.timestamp()}.{event.revision}.{event.status}.{code}.{kind}"
    )
    return f'"{sha256(state.encode()).hexdigest()[:27]}"'
