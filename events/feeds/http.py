"""Feeds over HTTP: language, ETag and compression, the same for every feed."""

from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from core.clock import now
from core.i18n import LANGUAGES
from core.memory.change_notification import news
from core.memory.lru import LRU
from events.feeds.feeds import built, etag, packed
from events.feeds.ics import Feed
from events.projects.projects import Project

VARY = "Accept-Encoding"


def language_of(request: Request, project: Project | None) -> str:
    """A feed speaks the language asked for with `?lang=`, else its project's first: calendar
    programs have none.
    """
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return next((c for c in (project.languages if project else []) if c in LANGUAGES), "en")


_known: LRU[tuple[str, bytes], tuple[object, str]] = LRU(5000)
"""Address → the stamp under which its ETag was found, and the ETag."""


def unchanged(request: Request) -> Response | None:
    """304 without asking the database, when nothing has changed since this address was last read;
    else None.
    """
    asked = request.headers.get("if-none-match")
    if not asked:
        return None
    found = _known.get(_address(request))
    stamp = news.stamp()
    if not found or stamp is None or found[0] != (stamp, now().date()) or found[1] not in asked:
        return None
    return Response(
        status_code=304, headers={"ETag": found[1], "Cache-Control": "no-cache", "Vary": VARY}
    )


def _address(request: Request) -> tuple[str, bytes]:
    return request.scope["path"], request.scope["query_string"]


def _remember(request: Request, before: object, tag: str) -> None:
    if before is not None and before == news.stamp():
        _known[_address(request)] = ((before, now().date()), tag)


_modified: LRU[tuple[str, bytes], tuple[str, int]] = LRU(5000)
"""Address → the last ETag, and the second that is told as its time of change: another one for each
state.
"""


def _last_modified(request: Request, feed: Feed, tag: str) -> str | None:
    """Two changes in one second have two times, so that whoever asks by time alone misses none."""
    address = _address(request)
    known, second = _modified.get(address, ("", 0))
    if known != tag:
        second = max(int(feed.changed.timestamp()), second + 1) if feed.changed else 0
    _modified[address] = tag, second
    return formatdate(second, usegmt=True) if second else None


def has_it(request: Request, tag: str, modified: str | None = None) -> bool:
    """Whether the subscriber has this state: by its ETag, else by exactly the time that was told
    (RFC 9110, 13.2.2).
    """
    if asked := request.headers.get("if-none-match"):
        return asked.strip() == "*" or tag in {
            t.strip().removeprefix("W/") for t in asked.split(",")
        }
    return modified is not None and request.headers.get("if-modified-since") == modified


async def answer(
    request: Request, feed: Feed, *, before: object = None, secret: bool = False
) -> Response:
    """The feed over HTTP: 304 when the subscriber has this state; compressed once, not per
    subscriber.

    `before` is `news.stamp()` from before the feed was read: with it, the next unchanged answer
    needs no database.
    """
    tag = etag(feed)
    _remember(request, before, tag)
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache" if secret else "no-cache",
        "Vary": VARY,
        "Content-Disposition": 'inline; filename="viesis.ics"',
    }
    if modified := _last_modified(request, feed, tag):
        headers["Last-Modified"] = modified
    if secret:
        headers["Referrer-Policy"] = "no-referrer"
    if has_it(request, tag, modified):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await packed(feed)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await built(feed)
    return Response(body, headers=headers, media_type="text/calendar")
