"""A POST that carries an Idempotency-Key happens once; sent again, it is answered as before.

The key is claimed and the answer stored in the transaction of the work itself. So a second request
waits at the first one's row until that commits, a crash takes the claim away with the work, and no
answer exists without its work.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import db, tokens
from core.clock import now
from core.database.state import IdempotencyKey
from core.errors import DomainError
from core.http.api import PREFIX, problem
from core.i18n import _

KEPT = timedelta(hours=24)
_PASSING = {401, 403, 404, 408, 413, 422, 425, 429}
"""Refusals before anything was tried, like every 5xx: rights may come, and a corrected body may
carry the same key.
"""
_HEADERS = {"content-type", "location", "link"}

Known = Callable[[Request], Awaitable[object]]


class Idempotency:
    """Pure ASGI; a request without the header passes untouched. `known` raises a DomainError for an
    unknown token.
    """

    def __init__(self, app: ASGIApp, known: Known) -> None:
        self.app, self.known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the store, or do it and store the answer."""
        if (
            scope["type"] != "http"
            or scope["method"] != "POST"
            or not scope["path"].startswith(PREFIX + "/")
        ):
            await self.app(scope, receive, send)
            return
        key = next((value for name, value in scope["headers"] if name == b"idempotency-key"), None)
        if key is None:
            await self.app(scope, receive, send)
            return
        answer = await self._answer(scope, receive, key)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, key: bytes) -> Response:
        request = Request(scope, receive)
        if not 1 <= len(key) <= 255:
            wrong = {"Idempotency-Key": _("Please give a key of 1 to 255 characters.")}
            return problem(422, str(_("Please look at what you entered")), errors=wrong)
        try:
            await self.known(request)
        except DomainError as error:
            return problem(error.status, str(error), headers=error.headers)
        body = await request.body()
        name = _name(scope, key)
        print_of_body = hashlib.sha256(body).hexdigest()
        try:
            return await _once(self.app, scope, body, name, print_of_body)
        except _RefusedError as refused:
            return await _kept(name, print_of_body, refused.answer)


class _RefusedError(Exception):
    """What was begun is taken back, and this is the answer."""

    def __init__(self, answer: "_Answer") -> None:
        super().__init__()
        self.answer = answer


class _Answer(Response):
    """An answer as it was given."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        super().__init__(body, status)
        self.raw_headers = headers

    def stored(self) -> str:
        """As text, for the table."""
        headers = [
            (k.decode("latin-1"), v.decode("latin-1"))
            for k, v in self.raw_headers
            if k.decode() in _HEADERS
        ]
        return json.dumps({"headers": headers, "body": self.body.decode()})  # type: ignore[union-attr]  # bytes

    @classmethod
    def read(cls, row: IdempotencyKey) -> "_Answer":
        """From the table."""
        found = json.loads(row.answer)
        body = found["body"].encode()
        headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in found["headers"]]
        length = (b"content-length", str(len(body)).encode())
        return cls(row.status or 200, [*headers, length, (b"idempotent-replayed", b"true")], body)


@db.atomic
async def _once(app: ASGIApp, scope: Scope, body: bytes, name: str, print_of_body: str) -> Response:
    if not await _claimed(name, print_of_body):
        return await _known_answer(name, print_of_body)
    answer = await _done(app, scope, body)
    if answer.status_code >= 400:
        raise _RefusedError(answer)
    await IdempotencyKey.filter(key=name).update(status=answer.status_code, answer=answer.stored())
    return answer


async def _claimed(name: str, print_of_body: str) -> bool:
    """Whether this request is the first one. On PostgreSQL another one's open transaction is waited
    for here.
    """
    moment = now()
    row = await db.row(
        """INSERT INTO idempotency_key AS k (key, body, status, answer, created_at) VALUES ($1, $2, NULL, '', $3)
        ON CONFLICT (key) DO UPDATE
        SET body = excluded.body, status = NULL, answer = '', created_at = excluded.created_at
        WHERE k.created_at < $4 RETURNING key""",
        name,
        print_of_body,
        moment,
        moment - KEPT,
    )
    return row is not None


async def _known_answer(name: str, print_of_body: str) -> Response:
    row = await IdempotencyKey.get(key=name)
    if row.body != print_of_body:
        wrong = {
            "Idempotency-Key": _("This key was used for another request. Please use a new one.")
        }
        return problem(422, str(_("Please look at what you entered")), errors=wrong)
    return _Answer.read(row)


@db.atomic
async def _kept(name: str, print_of_body: str, answer: "_Answer") -> Response:
    """Keep a refusal too, now that what it had begun is rolled back; passing ones are not kept."""
    if answer.status_code < 500 and answer.status_code not in _PASSING:
        if not await _claimed(name, print_of_body):
            return await _known_answer(name, print_of_body)
        await IdempotencyKey.filter(key=name).update(
            status=answer.status_code, answer=answer.stored()
        )
    return answer


async def _done(app: ASGIApp, scope: Scope, body: bytes) -> "_Answer":
    """Let the application work, holding its answer back until the transaction has committed."""
    sent: list[Message] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return given.pop() if given else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start: dict[str, Any] = dict(sent[0])
    return _Answer(
        start["status"], list(start["headers"]), b"".join(m.get("body", b"") for m in sent[1:])
    )


def _name(scope: Scope, key: bytes) -> str:
    token = Headers(scope=scope).get("authorization", "")
    parts = [token, scope["path"], scope["query_string"].decode("latin-1"), key.decode("latin-1")]
    return tokens.key("idempotency", json.dumps(parts)).hex()


async def sweep() -> int:
    """Forget answers of more than a day ago. For the timetable of periodic work."""
    return await IdempotencyKey.filter(created_at__lt=now() - KEPT).delete()
