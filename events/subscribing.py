"""Feeds over HTTP: languages, ETag and compression, the same for every feed."""

from starlette.requests import Request
from starlette.responses import Response

from core.i18n import LANGUAGES
from events.feeds import Feed, built, etag, packed
from events.projects import Project


def language_of(request: Request, project: Project | None) -> str:
    """A feed speaks the language asked for with `?lang=`, else its project's first: calendar programs have none."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return next((c for c in (project.languages if project else []) if c in LANGUAGES), "en")


async def answer(request: Request, feed: Feed, *, secret: bool = False) -> Response:
    """The feed over HTTP: 304 when the subscriber has this state; compressed once, not per subscriber."""
    tag = etag(feed)
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache" if secret else "no-cache",
        "Vary": "Accept-Encoding",
        "Content-Disposition": 'inline; filename="viesis.ics"',
    }
    if secret:
        headers["Referrer-Policy"] = "no-referrer"
    if tag in {t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = await packed(feed)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await built(feed)
    return Response(body, headers=headers, media_type="text/calendar")
