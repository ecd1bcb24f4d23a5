"""Error handlers: turn an error into a page, an htmx fragment or a problem document."""

import logging
import secrets
from typing import Any
from urllib.parse import quote

import asyncpg
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from tortoise.exceptions import DBConnectionError, OperationalError, ValidationError

from core.errors import DomainError
from core.http.api import PREFIX, problem
from core.http.pages import is_fragment, render
from core.i18n import Lazy, _
from core.text import clean
from core.tokens import masked

log = logging.getLogger("viesis")

_TITLES = {
    400: _("This request cannot be read"),
    401: _("Please sign in"),
    403: _("You may not do this"),
    404: _("There is no such page"),
    405: _("This cannot be done here"),
    409: _("This could not be done"),
    410: _("This link has expired"),
    413: _("This is too large"),
    415: _("This kind of file cannot be read"),
    422: _("Please look at what you entered"),
    429: _("Too many attempts"),
    500: _("Something went wrong on our side"),
    503: _("Viesis cannot be reached at the moment"),
}
_MOST_ERRORS = 50
_MACHINES = (PREFIX, "/health", "/metrics")
_AWAY = (
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    ConnectionError,
    TimeoutError,
)


async def refused(request: Request, error: Exception) -> Response:
    """A DomainError."""
    assert isinstance(error, DomainError)
    more: dict[str, Any] = error.extra
    return answer(
        request,
        error.status,
        str(error.message),
        fields=error.fields,
        headers=error.headers,
        **more,
    )


async def invalid(request: Request, error: Exception) -> Response:
    """A body or a parameter that FastAPI could not read: 422 with each field's own name."""
    assert isinstance(error, RequestValidationError)
    fields: dict[str, Lazy | str] = {}
    for item in error.errors()[:_MOST_ERRORS]:
        where = [str(p) for p in item["loc"] if p not in {"body", "query", "path"}]
        name = "body" if item["type"] == "json_invalid" else clean(".".join(where)[:200])
        fields.setdefault(name or "body", str(item["msg"]).removeprefix("Value error, "))
    return answer(request, 422, str(_TITLES[422]), fields=fields)


async def http(request: Request, error: Exception) -> Response:
    """What Starlette raises by itself: no route, wrong method, an unreadable or too large form."""
    assert isinstance(error, HTTPException)
    path, status = request.url.path, error.status_code
    if status == 404 and request.method == "GET" and path.endswith("/") and path.strip("/"):
        # What a person typed with a slash at the end. Never from the Host header, as Starlette
        # would do it.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse("/" + quote(path.strip("/")) + query, 307)
    if status == 405 and request.method == "GET" and not path.startswith(PREFIX):
        # A form came back with a question, and its page was asked for again: in another language,
        # or from a bookmark.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(quote("/" + path.strip("/").rpartition("/")[0]) + query, 303)
    if status == 400:
        # Starlette's and FastAPI's word for a body that cannot be parsed.
        status = 422
    return answer(
        request,
        status,
        str(_TITLES.get(error.status_code, error.detail)),
        headers=dict(error.headers or {}),
    )


async def unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours, with a number to quote; 503 when the database is away, 422 for what no
    database can hold.
    """
    if isinstance(error, _AWAY) or (isinstance(error, OperationalError) and _passing(error)):
        log.warning("database away: %s", error)
        said = str(_("Nothing was lost. Please try again in a moment."))
        return answer(request, 503, said, headers={"Retry-After": "3"})
    if _unstorable(error):
        log.warning(
            "cannot be stored, at %s: %s", masked(request.scope["path"]), type(error).__name__
        )
        return answer(
            request,
            422,
            str(_("Something here is too long, too large or cannot be kept. Please check it.")),
        )
    number = secrets.token_hex(4)
    log.error("fault %s at %s", number, masked(request.scope["path"]), exc_info=error)
    said = str(_("Please try again. If it happens again, tell the organiser this number."))
    return answer(request, 500, said, number=number)


def _passing(error: Exception) -> bool:
    return "locked" in str(error) or isinstance(error.__cause__, _AWAY)


def _unstorable(error: Exception) -> bool:
    """Values that came past every check: a number beyond 64 bits, a text beyond its column."""
    cause = error.__cause__ if isinstance(error, OperationalError) else error
    return isinstance(cause, asyncpg.DataError | OverflowError | ValidationError)


def answer(
    request: Request,
    status: int,
    detail: str,
    *,
    fields: Any = None,
    headers: Any = None,
    number: str | None = None,
    **more: Any,
) -> Response:
    """The same refusal for whoever asked: JSON for machines, a fragment for htmx, a page for
    everyone else.
    """
    title = str(_TITLES.get(status, _TITLES[409 if status < 500 else 500]))
    if request.url.path.startswith(_MACHINES) or "application/json" in request.headers.get(
        "accept", ""
    ):
        if number:
            more["number"] = number
        return problem(status, title, detail, fields, headers=headers, **more)
    if status == 401 and request.method == "GET" and not is_fragment(request):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse("/desk/sign-in?next=" + quote(back, safe="/"), 303)
    template = "errors/fragment.html" if is_fragment(request) else "errors/page.html"
    if template == "errors/page.html" and detail.rstrip(".") == title:
        detail = ""  # the page says more than its title twice
    context = {"title": title, "detail": detail, "number": number, "fields": fields or {}}
    href, label = ("/desk/sign-in", _("Sign in")) if status == 401 else ("/", _("Coming events"))
    return render(
        request, template, status, headers, **context, action_href=href, action_label=str(label)
    )
