"""Fast routes: the few addresses that thousands ask for at once are answered before FastAPI's own
routing.

Each of these addresses has its ordinary route too, which documents it and takes every request that
is not plain: an endpoint here answers None for it, and the request goes on as if nothing had been.
"""

import re
from collections.abc import Awaitable, Callable, Iterable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import DomainError
from viesis import error_pages

Endpoint = Callable[[Request], Awaitable[Response | None]]


class Shortcuts:
    """Pure ASGI, next to the application: what concerns every request has been done."""

    def __init__(self, app: ASGIApp, routers: Iterable[APIRouter]) -> None:
        self.app = app
        self.ways: dict[str, list[tuple[re.Pattern[str], Endpoint]]] = {}
        for route in (route for router in routers for route in router.routes):
            assert isinstance(route, Route)
            for method in route.methods or ():
                self.ways.setdefault(method, []).append((route.path_regex, route.endpoint))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] == "http":
            path = scope["path"]
            for pattern, endpoint in self.ways.get(scope["method"], ()):
                if found := pattern.match(path):
                    await self._answer(endpoint, found.groupdict(), scope, receive, send)
                    return
        await self.app(scope, receive, send)

    async def _answer(
        self, endpoint: Endpoint, params: dict[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        request = Request({**scope, "path_params": params}, receive)
        try:
            response = await endpoint(request)
        except DomainError as error:
            response = await error_pages.refused(request, error)
        if response is None:
            await self.app(scope, _again(request, receive), send)
        else:
            await response(request.scope, receive, send)


def _again(request: Request, receive: Receive) -> Receive:
    """The body that was read, given once more."""
    body: bytes | None = getattr(request, "_body", None)
    if body is None:
        return receive
    given: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return given.pop() if given else await receive()

    return replayed
