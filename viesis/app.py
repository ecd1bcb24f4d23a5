"""The application: routes of every package, security headers, languages, and one handler for what
goes wrong.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

import viesis.wiring  # noqa: F401 - connects the signals
from accounts.sessions.access import bearer
from core import ROOT, db, settings
from core.errors import DomainError
from core.http.api import PREFIX
from core.http.idempotency import Idempotency
from core.http.pages import templates
from core.memory.change_notification import news
from events.event.event import EventStatus
from registrations.registration.vocabulary import RegistrationStatus
from viesis import error_pages
from viesis.fast_routes import Shortcuts
from viesis.middleware import Web
from viesis.models import MODULES
from viesis.routes import ROUTERS, SHORT
from viesis.static_files import Files

Beside = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""What a process does besides serving, until it is told to stop."""


def _life(beside: Beside | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        await db.connect(settings.get(), MODULES)
        news.start(settings.get())
        stop = asyncio.Event()
        doing = asyncio.create_task(beside(stop)) if beside else None
        yield
        stop.set()
        if doing:
            await asyncio.wait([doing], timeout=10)
        await news.stop()
        await db.disconnect()

    return life


def create(beside: Beside | None = None) -> FastAPI:
    """The ASGI application of one node."""
    app = FastAPI(
        title="Viesis",
        lifespan=_life(beside),
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        redirect_slashes=False,
    )
    templates.globals["status_words"] = {**EventStatus.labels(), **RegistrationStatus.labels()}
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Files(directory=ROOT / "static"), name="static")
    app.add_exception_handler(DomainError, error_pages.refused)
    app.add_exception_handler(RequestValidationError, error_pages.invalid)
    app.add_exception_handler(HTTPException, error_pages.http)
    app.add_exception_handler(Exception, error_pages.unexpected)
    app.add_middleware(Shortcuts, routers=SHORT)
    app.add_middleware(Idempotency, known=bearer)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Web)
    return app
