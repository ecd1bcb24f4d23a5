"""Middleware of every request: client, language, limits, security headers, and errors that nobody
caught.
"""

from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import settings
from core.i18n import LANGUAGES, best, speak
from viesis import error_pages

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LARGEST = 12 * 2**20
"""Bytes of a request's body: an uploaded picture or PDF fits, nothing needs more."""
_PLAIN = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
"""For every answer that does not say otherwise, as they go over the wire."""
_SECURE = [*_PLAIN, (b"strict-transport-security", b"max-age=31536000")]


class Web:
    """Pure ASGI, so that it costs nothing on the hot paths."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Prepare the request, let the application answer, and see to it that there is an
        answer.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        asked = _asked_language(scope)
        speak(asked or _language(headers))
        _believe_proxy(scope, headers)
        _harmless(scope)
        answer = _Answer(send, asked, head=scope["method"] == "HEAD")
        if answer.head:
            # a new one: the server looks at its own to see that no body is due
            scope = {**scope, "method": "GET"}
        if (accepted := headers.get(b"accept-encoding")) and (
            plain := _plain_coding(accepted)
        ) != accepted:
            others = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
            scope = {**scope, "headers": [*others, (b"accept-encoding", plain)]}
        try:
            await self.app(scope, _limited(headers, receive), answer)
        except ClientDisconnect:
            return
        except Exception as error:
            if answer.started:
                raise
            request = Request(scope)
            handler = (
                error_pages.http if isinstance(error, HTTPException) else error_pages.unexpected
            )
            response = await handler(request, error)
            await response(scope, receive, answer)


class _Answer:
    """Sends on, with our headers; to HEAD without a body."""

    def __init__(self, send: Send, asked: str, *, head: bool) -> None:
        self.send, self.asked, self.head, self.started = send, asked, head, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            given = message["headers"] = list(message.get("headers", ()))
            names = {name for name, _value in given}
            given += [
                one for one in (_SECURE if settings.get().secure else _PLAIN) if one[0] not in names
            ]
            if b"vary" in names:
                message["headers"] = given = [
                    (n, _once(v) if n == b"vary" else v) for n, v in given
                ]
            if self.asked:
                given.append(
                    (
                        b"set-cookie",
                        f"lang={self.asked}; Path=/; Max-Age=31536000; SameSite=Lax".encode(),
                    )
                )
        elif self.head:
            message = {
                "type": "http.response.body",
                "body": b"",
                "more_body": message.get("more_body", False),
            }
        await self.send(message)


def _limited(headers: dict[bytes, bytes], receive: Receive) -> Receive:
    """The body, if it is not larger than LARGEST. Raises 413, before the first byte where the size
    is announced.
    """
    announced = headers.get(b"content-length", b"0")
    taken = int(announced) if announced.isdigit() and announced.isascii() else 0
    if taken <= LARGEST and b"transfer-encoding" not in headers:
        # The server holds a body to the length that was announced.
        return receive

    async def limited() -> Message:
        nonlocal taken
        if taken > LARGEST:
            raise HTTPException(413)
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            raise HTTPException(413)
        return message

    return limited


def _believe_proxy(scope: Scope, headers: dict[bytes, bytes]) -> None:
    """Take the client's address and scheme from a proxy's word, if the proxy is one of
    VIESIS_TRUSTED_PROXIES.

    X-Forwarded-For is read from the right: what lies left of the first address that is not ours may
    be anyone's word.
    """
    named = settings.get().trusted_proxies
    client = scope.get("client")
    if not named or not client or not _trusted(named, client[0]):
        return
    for part in reversed(headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
        found = part.strip()
        if not _is_address(found):
            break
        scope["client"] = (found, 0)
        if not _trusted(named, found):
            break
    if headers.get(b"x-forwarded-proto") in {b"http", b"https"}:
        scope["scheme"] = headers[b"x-forwarded-proto"].decode()


@lru_cache(maxsize=4096)
def _trusted(named: str, address: str) -> bool:
    if not _is_address(address):
        return False
    return any(
        ip_address(address) in ip_network(part.strip(), strict=False)
        for part in named.split(",")
        if part.strip()
    )


def _is_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _harmless(scope: Scope) -> None:
    """Take NUL out of the address: PostgreSQL keeps none, and nobody means one."""
    if "\0" in scope["path"]:
        scope["path"] = scope["path"].replace("\0", "\ufffd")
    while b"%00" in scope["query_string"]:
        scope["query_string"] = scope["query_string"].replace(b"%00", b"")


@lru_cache(maxsize=256)
def _plain_coding(accepted: bytes) -> bytes:
    """`gzip` for whoever takes it, else `identity`: below, nobody weighs qualities (RFC 9110,
    12.5.3).
    """
    taken = {}
    for one in accepted.decode("latin-1").lower().split(","):
        name, _semicolon, weight = one.partition(";")
        quality = weight.strip().removeprefix("q=")
        taken[name.strip()] = not weight or (
            quality[:1] in {"0", "1"} and bool(quality.strip("0."))
        )
    return b"gzip" if taken.get("gzip", taken.get("x-gzip", False)) else b"identity"


@lru_cache(maxsize=64)
def _once(vary: bytes) -> bytes:
    """What an answer varies by, each once."""
    return b", ".join(dict.fromkeys(one.strip() for one in vary.split(b",")))


def _asked_language(scope: Scope) -> str:
    if b"lang=" not in scope["query_string"]:
        return ""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    return asked if asked in LANGUAGES else ""


def _language(headers: dict[bytes, bytes]) -> str:
    raw = headers.get(b"cookie", b"")
    if b"lang=" in raw:
        try:
            found = SimpleCookie(raw.decode("latin-1")).get("lang")
        except CookieError:
            found = None
        if found and found.value in LANGUAGES:
            return found.value
    return _best(headers.get(b"accept-language", b""))


@lru_cache(maxsize=256)
def _best(accept: bytes) -> str:
    return best(accept.decode("latin-1"))
