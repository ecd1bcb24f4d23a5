"""Pages: Jinja with StrictUndefined, what every template may use, and answers for plain links and
for htmx alike.
"""

import hashlib
import hmac
import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from core import ROOT, settings, tokens
from core.errors import DomainError, not_found
from core.i18n import LANGUAGES, Lazy, _, catalogue, fmt, language, text
from core.text import clean

SECRET_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""For pages whose address is a secret."""

_ATTACHED = {**SECRET_HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}

_FLASH = "flash"
MOST_FIELDS = 10_000
"""Of a form that someone with authority sends: a list of people to tick is long."""


def _gettext(message: str) -> str:
    return catalogue(language()).gettext(message)


def _ngettext(one: str, many: str, n: int) -> str:
    return catalogue(language()).ngettext(one, many, n)


def _static(path: str) -> str:
    return f"/static/{path}?v={digest(path)}"


@lru_cache
def digest(path: str) -> str:
    """What a static file's address carries, so that it may be kept for ever."""
    return hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:10]


def environment(folder: Path = ROOT / "templates") -> Environment:
    """The Jinja environment of every page; undefined names raise."""
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]  # from the extension
    env.globals.update(fmt=fmt, text=text, static=_static, languages=LANGUAGES)
    return env


templates = environment()


class Csrf:
    """The form token of this browser; made, with its cookie, only when a page shows it."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def __str__(self) -> str:
        bound = self.request.cookies.get(cookie_name("session")) or self.request.cookies.get(
            cookie_name("visitor")
        )
        if not bound:
            bound = self.request.scope.setdefault("new_visitor", tokens.random("vsv_"))
        return csrf_token(bound)


def csrf_token(bound: str) -> str:
    """The form token that goes with a cookie's value."""
    return tokens.key("csrf", bound).hex()[:40]


def cookie_name(name: str) -> str:
    """`__Host-` on https; on plain http, for trying out only, another name."""
    return f"__Host-viesis-{name}" if settings.get().secure else f"viesis-{name}"


def set_cookie(response: Response, name: str, value: str, *, days: int | None = None) -> None:
    """Set one of our cookies: HttpOnly, SameSite=Lax, Secure on https."""
    age = days * 86400 if days else None
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=age,
        path="/",
        secure=settings.get().secure,
        httponly=True,
        samesite="lax",
    )


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page (htmx 4's HX-Request-Type)."""
    return request.headers.get("hx-request-type") == "partial"


def render(
    request: Request,
    template: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page or a fragment. `context` may bring `project` (shown at head and foot), `nav`,
    `crumbs`.

    `user` is request.state.user, set by whoever signs in; None else.
    """
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    given: dict[str, Any] = {
        "request": request,
        "path": request.url.path + ("?" + urlencode(query) if query else ""),
        "lang": language(),
        "user": getattr(request.state, "user", None),
        "csrf": Csrf(request),
        "flash": _take_flash(request),
        "project": None,
        "nav": [],
        "crumbs": [],
        "base_url": settings.get().base_url,
        "status": status,
        **context,
    }
    response = HTMLResponse(templates.get_template(template).render(given), status, headers)
    if visitor := request.scope.get("new_visitor"):
        set_cookie(response, "visitor", visitor)
    if given["flash"]:
        response.delete_cookie(
            cookie_name(_FLASH), path="/", secure=settings.get().secure, httponly=True
        )
    return response


def attachment(path: Path, name: str, media_type: str) -> Response:
    """A kept file, to be saved and never shown in the page's place. Raises 404 when it is gone."""
    if not path.is_file():
        raise not_found()
    return FileResponse(path, media_type=media_type, filename=name, headers=_ATTACHED)


def see_other(
    _request: Request, to: str, said: "Lazy | str" = "", tone: str = "success", undo: str = ""
) -> Response:
    """After a form: go to a page of ours, which says what happened where the eye is."""
    response = RedirectResponse(to, 303)
    if said:
        value = quote(json.dumps({"text": str(said), "tone": tone, "undo_url": undo}))
        set_cookie(response, _FLASH, value)
    return response


def _take_flash(request: Request) -> dict[str, str] | None:
    raw = request.cookies.get(cookie_name(_FLASH))
    if not raw:
        return None
    try:
        found = json.loads(unquote(raw))
        undo = safe_next(str(found.get("undo_url", "")), "")
        return {
            "text": clean(str(found["text"])[:500]),
            "tone": clean(str(found["tone"])[:10]),
            "undo_url": undo,
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def safe_next(target: str, otherwise: str = "/desk") -> str:
    """`next` is a path of ours or nothing: no host, no scheme, no backslash, no control
    character.
    """
    parts = urlsplit(target) if target.isprintable() else None
    ours = parts and not parts.scheme and not parts.netloc and target.startswith("/")
    return (
        target
        if ours and not target.startswith(("//", "/\\")) and "\\" not in target
        else otherwise
    )


def check_origin(request: Request) -> None:
    """A form comes from our own page: Sec-Fetch-Site, or Origin where a browser does not send it.
    Raises 403.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site and site not in {"same-origin", "none"}:
        raise DomainError(_CROSS, 403)
    if (
        not site
        and origin
        and origin != settings.get().base_url
        and urlsplit(origin).netloc != request.headers.get("host")
    ):
        raise DomainError(_CROSS, 403)


async def check_csrf(request: Request) -> None:
    """For every form with someone's authority behind it: the origin, and the token of this browser.
    Raises 403.
    """
    check_origin(request)
    bound = (
        request.cookies.get(cookie_name("session"))
        or request.cookies.get(cookie_name("visitor"))
        or ""
    )
    given = request.headers.get("x-csrf") or str(
        (await request.form(max_fields=MOST_FIELDS, max_part_size=2**20)).get("csrf", "")
    )
    if not bound or not hmac.compare_digest(given.encode(), csrf_token(bound).encode()):
        raise DomainError(
            _(
                "This page was open for too long. Go back, reload it and try again: what you typed is kept."
            ),
            403,
        )


_CROSS = _("This form was sent from another site, so nothing was done.")
