"""The one place where what went wrong becomes a page, an htmx fragment or a problem document."""

import logging
import secrets
from typing import Any
from urllib.parse import quote

import asyncpg
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from tortoise.exceptions import DBConnectionError, OperationalError

from core.api import PREFIX, problem
from core.errors import DomainError
from core.i18n import Lazy, _
from core.pages import is_fragment, render

log = logging.getLogger("viesis")

_TITLES = {
    401: _("Please sign in"),
    403: _("You may not do this"),
    404: _("There is no such page"),
    405: _("This cannot be done here"),
    409: _("This could not be done"),
    410: _("This link has expired"),
    413: _("This is too large"),
    415: _("This kind of file cannot be read"),
    422: _("Please look at what you entered"),
    429: _("Too many tries"),
    500: _("Something went wrong on our side"),
    503: _("Viesis cannot be reached at the moment"),
}
_AWAY = (DBConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError, TimeoutError)


async def refused(request: Request, error: Exception) -> Response:
    """A DomainError."""
    assert isinstance(error, DomainError)
    return answer(request, error.status, str(error.message), fields=error.fields, headers=error.headers, **error.extra)


async def invalid(request: Request, error: Exception) -> Response:
    """A body or a parameter that FastAPI could not read: 422 with each field's own name."""
    assert isinstance(error, RequestValidationError)
    fields: dict[str, Lazy | str] = {}
    for item in error.errors():
        where = [str(p) for p in item["loc"] if p not in {"body", "query", "path"}]
        fields.setdefault(".".join(where) or "body", str(item["msg"]).removeprefix("Value error, "))
    return answer(request, 422, str(_TITLES[422]), fields=fields)


async def http(request: Request, error: Exception) -> Response:
    """What Starlette raises by itself: no route, wrong method, an unreadable form."""
    assert isinstance(error, HTTPException)
    detail = str(_TITLES.get(error.status_code, error.detail))
    return answer(request, error.status_code, detail, headers=dict(error.headers or {}))


async def unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours, with a number to quote; 503 when the database is away."""
    if isinstance(error, _AWAY) or (isinstance(error, OperationalError) and "locked" in str(error)):
        log.warning("database away: %s", error)
        return answer(
            request, 503, str(_("Nothing was lost. Please try again in a moment.")), headers={"Retry-After": "3"}
        )
    number = secrets.token_hex(4)
    log.error("fault %s at %s", number, request.scope.get("route_path", request.url.path), exc_info=error)
    return answer(
        request, 500, str(_("Please try again. If it happens again, tell the organiser this number.")), number=number
    )


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
    """The same refusal for whoever asked: JSON under /api/, a fragment for htmx, a page for everyone else."""
    title = str(_TITLES.get(status, _TITLES[409 if status < 500 else 500]))
    if request.url.path.startswith(PREFIX) or "application/json" in request.headers.get("accept", ""):
        if number:
            more["number"] = number
        return problem(status, title, detail, fields, headers=headers, **more)
    if status == 401 and request.method == "GET" and not is_fragment(request):
        return RedirectResponse("/desk/sign-in?next=" + quote(request.url.path), 303)
    template = "errors/fragment.html" if is_fragment(request) else "errors/page.html"
    context = {"title": title, "detail": detail, "number": number, "fields": fields or {}}
    return render(request, template, status, headers, **context, action_href="/", action_label=str(_("Coming events")))
