"""Organisers' pages that import a programme from a file, with a preview, and export it."""

import base64
import hmac
import json
import zlib
from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from core import tokens
from core.errors import DomainError, invalid
from core.http import spreadsheets
from core.http.forms import Form
from core.http.pages import MOST_FIELDS, render, see_other
from core.i18n import LANGUAGES, _, language, plural
from events.event.access import Scope, desk_event
from events.event.kind import SessionKind
from events.feeds import schedule
from events.presentation.navigation import shell
from events.presentation.posted_form import language_names
from events.programme.words import heads
from events.programme_import.apply import CHANGED_MEANWHILE, Done, applied, undone
from events.programme_import.files import MOST_BYTES, opened
from events.programme_import.ics import of_calendar
from events.programme_import.plan import planned
from events.programme_import.preview import shown
from events.programme_import.rows import Row
from events.programme_import.tables import of_sheets

router = APIRouter(prefix="/desk/e/{event}", include_in_schema=False)

Organiser = Annotated[Scope, Depends(desk_event("organiser"))]
Viewer = Annotated[Scope, Depends(desk_event("viewer"))]
PART = 500_000
"""Characters of what a preview carries in one field of its form."""
Carried = dict[str, Any]


@router.get("/programme/import")
async def ask(request: Request, scope: Organiser) -> Response:
    """Which file?"""
    return _ask(request, scope, Form({"language": _codes(scope)[0]}))


def _codes(scope: Scope) -> list[str]:
    return scope.project.languages or [language()]


def _base(scope: Scope) -> str:
    return f"/desk/e/{scope.event.slug}/programme"


def _ask(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "events/desk/programme_import.html",
        status,
        form=form,
        base=_base(scope),
        codes=language_names(_codes(scope)),
        most=MOST_BYTES // 2**20,
        **shell(scope, tab="programme"),
    )


@router.post("/programme/import")
async def look(request: Request, scope: Organiser) -> Response:
    """What the file would do; nothing is done yet."""
    data = await request.form()
    form, sent = Form.of(data), data.get("file")
    try:
        upload = (
            await sent.read(MOST_BYTES + 1)
            if isinstance(sent, UploadFile) and sent.filename
            else b""
        )
        typed = str(form.values.get("text") or "").encode("utf-8", "replace")
        if not upload and not typed.strip():
            raise invalid(file=_("Please choose a file, or paste the programme below."))
        code = form.choice("language", _codes(scope)) or _codes(scope)[0]
        name = "file" if upload else "text"
        carried = await run_in_threadpool(_read, scope, upload or typed, code, name)
    except DomainError as error:
        form.take(error)
        return _ask(request, scope, form, error.status)
    finally:
        await data.close()
    return await _preview(request, scope, carried)


def _read(scope: Scope, data: bytes, code: str, name: str) -> Carried:
    """What the preview carries along: the rows of the file, and what is to be said of it."""
    event, found = scope.event, opened(data, [code, language()], name)
    if found.calendar:
        rows = of_calendar(found.calendar, code, event.starts_at, event.ends_at, name)
    else:
        rows = of_sheets(
            found.sheets, code, event.starts_at.astimezone(ZoneInfo(event.timezone)).date(), name
        )
    return {
        "rows": [row.as_json() for row in rows],
        "language": code,
        "notes": [str(note) for note in found.notes],
    }


async def _preview(
    request: Request,
    scope: Scope,
    carried: Carried,
    status: int = 200,
    chosen: dict[str, str] | None = None,
    removed: set[int] | None = None,
    wrong: str = "",
) -> Response:
    rows = [Row(**row) for row in carried["rows"]]
    sessions = await scope.event.sessions_now()
    plan = await run_in_threadpool(
        planned, scope.event, sessions, rows, carried["language"], chosen or {}
    )
    return render(
        request,
        "events/desk/programme_preview.html",
        status,
        plan=shown(scope.event, plan, chosen or {}),
        ticked=removed if removed is not None else {s.id for s in plan.called_off},
        notes=carried["notes"],
        parts=_sealed(scope, {**carried, "digest": plan.digest}),
        wrong=wrong,
        base=_base(scope),
        **shell(scope, tab="programme"),
    )


def _sealed(scope: Scope, carried: Carried) -> list[str]:
    """What was shown, for the form that says yes to it: signed, in parts that fit into fields."""
    packed = base64.b64encode(zlib.compress(json.dumps(carried).encode())).decode()
    sealed = f"{_seal(scope, packed)}.{packed}"
    return [sealed[n : n + PART] for n in range(0, len(sealed), PART)]


def _seal(scope: Scope, packed: str) -> str:
    return hmac.new(
        tokens.key("agenda import", scope.event.id), packed.encode("utf-8", "replace"), "sha256"
    ).hexdigest()


def _unsealed(scope: Scope, data: FormData) -> Carried:
    """The other way. Raises a 422 for what is none of ours."""
    seal, _dot, packed = "".join(str(part) for part in data.getlist("plan")).partition(".")
    if not hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(scope, packed).encode()):
        raise DomainError(_("This preview is not complete. Please choose the file once more."), 422)
    found: Carried = json.loads(zlib.decompress(base64.b64decode(packed)))
    return found


@router.post("/programme/import/apply")
async def apply(request: Request, scope: Organiser) -> Response:
    """Do what was shown, all of it or nothing."""
    data = await request.form(max_fields=MOST_FIELDS, max_part_size=2**20)
    try:
        carried = _unsealed(scope, data)
    except DomainError as error:
        form = Form({"language": _codes(scope)[0]})
        form.take(error)
        return _ask(request, scope, form, error.status)
    chosen = {n.removeprefix("choice-"): str(v) for n, v in data.items() if n.startswith("choice-")}
    removed = {
        int(v)
        for v in map(str, data.getlist("remove"))
        if v.isascii() and v.isdigit() and len(v) < 19
    }
    rows = [Row(**row) for row in carried["rows"]]
    try:
        done = await applied(
            scope.event, scope.actor, rows, carried["language"], carried["digest"], chosen, removed
        )
    except DomainError as error:
        ticked = None if error.code == CHANGED_MEANWHILE else removed
        return await _preview(
            request, scope, carried, error.status, chosen, ticked, str(error.message)
        )
    undo = (
        f"{_base(scope)}/import/undo?before={done.before}&last={done.last}"
        if done.last > done.before
        else ""
    )
    return see_other(request, _base(scope), _said(scope, done), undo=undo)


def _said(scope: Scope, done: Done) -> str:
    parts = [
        plural("%(n)s session added", "%(n)s sessions added", done.added) if done.added else "",
        plural("%(n)s changed", "%(n)s changed", done.changed) if done.changed else "",
        plural("%(n)s removed", "%(n)s removed", done.removed) if done.removed else "",
    ]
    if not any(parts):
        return str(_("Nothing was changed."))
    said = ", ".join(str(part) for part in parts if part) + "."
    if scope.event.status == "published":
        said += " " + str(_("Nobody has been told yet: the event's page offers that."))
    return said


@router.post("/programme/import/undo")
async def undo(request: Request, scope: Organiser, before: int = 0, last: int = 0) -> Response:
    """Take the whole import back."""
    try:
        await undone(scope.event, scope.actor, max(0, min(before, 2**62)), last)
    except DomainError as error:
        return see_other(request, _base(scope), str(error.message), "warning")
    return see_other(
        request, _base(scope), _("The import was taken back. The programme is as it was before.")
    )


@router.get("/programme/template.csv")
@router.get("/programme/template.xlsx")
async def template(request: Request, scope: Organiser) -> Response:
    """An empty table with the heads in the reader's language and a row that shows how."""
    columns = [c for c in heads(_codes(scope)) if c[0] != "reference"]
    day = scope.event.starts_at.astimezone(ZoneInfo(scope.event.timezone)).date()
    example = [_example(name, code, day) for name, code, _head in columns]
    head = [head for _name, _code, head in columns]
    name = f"{scope.event.slug}-template"
    return await spreadsheets.download(
        _ending(request), name, head, [example], widths=schedule.widths(columns)
    )


def _ending(request: Request) -> str:
    return request.url.path.rpartition(".")[2]


def _example(name: str, code: str, day: date) -> spreadsheets.Cell:
    given: dict[str, spreadsheets.Cell] = {
        "day": day,
        "starts": time(9),
        "ends": time(10, 30),
        "title": str(_("Opening (an example: write over it)"))
        if code in {language(), *LANGUAGES}
        else "",
        "kind": str(SessionKind.TALK.label),
        "speakers": "Anna Bērziņa, Kari Nordmann",
    }
    return given.get(name, "")


@router.get("/programme.csv")
@router.get("/programme.xlsx")
@router.get("/programme.json")
@router.get("/programme.xml")
async def export(request: Request, scope: Viewer) -> Response:
    """The programme as a table (xlsx, csv), or as the schedule of conference apps (json, xml), of a
    draft too.
    """
    kind = _ending(request)
    event, sessions, name = (
        scope.event,
        await scope.event.sessions_now(),
        f"{scope.event.slug}-programme",
    )
    if kind in {"csv", "xlsx"}:
        head, rows, widths = schedule.table(event, sessions, _codes(scope))
        return await spreadsheets.download(kind, name, head, rows, widths=widths)
    return spreadsheets.file(
        name, kind, schedule.as_file(schedule.schedule(event, sessions, language()), kind)
    )
