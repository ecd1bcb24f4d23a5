"""What holds for every answer: the language of the person, and headers that keep a page to itself."""

from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import settings
from core.i18n import LANGUAGES, best, speak

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Web:
    """Pure ASGI, so that it costs nothing on the hot paths."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the language before, the headers after."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        speak(_language(headers, asked))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out.setdefault("Content-Security-Policy", CSP)
                out.setdefault("X-Content-Type-Options", "nosniff")
                out.setdefault("Referrer-Policy", "same-origin")
                out.setdefault("Cross-Origin-Opener-Policy", "same-origin")
                if settings.get().secure:
                    out.setdefault("Strict-Transport-Security", "max-age=31536000")
                if asked in LANGUAGES:
                    out.append("Set-Cookie", f"lang={asked}; Path=/; Max-Age=31536000; SameSite=Lax")
            await send(message)

        await self.app(scope, receive, answer)


def _language(headers: Headers, asked: str) -> str:
    if asked in LANGUAGES:
        return asked
    raw = headers.get("cookie", "")
    if "lang=" in raw:
        found = SimpleCookie(raw).get("lang")
        if found and found.value in LANGUAGES:
            return found.value
    return best(headers.get("accept-language", ""))
