"""JSON for machines: strict bodies, problem documents (RFC 9457), lists with a cursor (RFC
8288).
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import settings
from core.errors import DomainError
from core.i18n import Lazy, _
from core.text import harmless

PREFIX = "/api/v1"


class Body(BaseModel):
    """A request's body: an unknown field is an error that names it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _harmless(cls, value: Any) -> Any:
        return harmless(value)


def problem(
    status: int,
    title: str,
    detail: str = "",
    errors: Mapping[str, "Lazy | str"] | None = None,
    **more: Any,
) -> Response:
    """An application/problem+json answer."""
    headers = more.pop("headers", None)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        **more,
    }
    if errors:
        body["errors"] = [{"field": k, "message": str(v)} for k, v in errors.items()]
    return JSONResponse(body, status, headers, "application/problem+json")


Limit = Annotated[int, Query(ge=1, le=500)]


class Paging:
    """Dependency for lists: `?limit=` (1…500, 100 by default) and `?cursor=` (the id after which to
    go on).
    """

    def __init__(self, limit: Limit = 100, cursor: str = "") -> None:
        if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
            raise DomainError(
                _("Invalid cursor."),
                422,
                {"cursor": _("Invalid cursor.")},
            )
        self.limit = limit
        self.after = int(cursor or 0)

    def answer(self, request: Request, found: Iterable[tuple[int, Any]]) -> Response:
        """Answer at most `limit` of `(id, JSON)` in order of id; give `limit + 1` so that the next
        page is known.
        """
        items = list(found)
        headers = {}
        if len(items) > self.limit:
            items = items[: self.limit]
            url = request.url.include_query_params(cursor=items[-1][0], limit=self.limit)
            headers["Link"] = f'<{settings.get().base_url}{url.path}?{url.query}>; rel="next"'
        return JSONResponse([item for _id, item in items], headers=headers)


def identity(value: str) -> int:
    """An id from an address. What cannot be one is simply not there: 404."""
    if value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    raise DomainError(_("There is nothing with this id."), 404)
