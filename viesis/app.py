"""The application: routes of every package, security headers, languages, and one handler for what goes wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from accounts.access import bearer
from core import ROOT, db, settings
from core.api import PREFIX
from core.errors import DomainError
from core.idempotency import Idempotency
from core.news import news
from viesis import faults, mails
from viesis.files import Files
from viesis.models import MODULES
from viesis.routes import ROUTERS, SHORT
from viesis.shortcuts import Shortcuts
from viesis.web import Web


@asynccontextmanager
async def _life(_app: FastAPI) -> AsyncIterator[None]:
    await db.connect(settings.get(), MODULES)
    news.start(settings.get())
    yield
    await news.stop()
    await db.disconnect()


def create() -> FastAPI:
    """The ASGI application of one node."""
    app = FastAPI(
        title="Viesis",
        lifespan=_life,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        redirect_slashes=False,
    )
    app.state.mails = mails.kinds()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Files(directory=ROOT / "static"), name="static")
    app.add_exception_handler(DomainError, faults.refused)
    app.add_exception_handler(RequestValidationError, faults.invalid)
    app.add_exception_handler(HTTPException, faults.http)
    app.add_exception_handler(Exception, faults.unexpected)
    app.add_middleware(Shortcuts, routers=SHORT)
    app.add_middleware(Idempotency, known=bearer)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Web)
    return app
