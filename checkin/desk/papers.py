"""Organisers' pages of paper: the list for when all else fails, entering who signed it, the sheets
themselves.
"""

from uuid import uuid4

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import audit
from checkin.attendance.gates import Entrance, entrances, expected, one_of
from checkin.review.frame import AtDoor, Organiser, base_of, frame
from checkin.review.papers import FOLDER, Paper, sheets
from checkin.review.scan_details import COLUMNS, TABLES, seen
from core import db
from core.clock import now
from core.errors import DomainError, not_found
from core.http import uploads
from core.http.api import identity
from core.http.forms import Form
from core.http.pages import MOST_FIELDS, attachment, render, see_other
from core.i18n import _, plural, text
from events.event.access import Scope
from events.presentation.display import when

router = APIRouter(prefix="/desk/e/{event}/door", include_in_schema=False)


@router.get("/list")
async def printed(request: Request, scope: AtDoor, unit: str = "") -> Response:
    """Who is expected at this door, on paper: a box, a name, a ticket's code, a line to sign on."""
    doors = await _doors(scope)
    door = one_of(doors, unit, now())
    return render(
        request,
        "checkin/desk/list.html",
        doors=doors,
        door=door,
        people=await expected(scope.event, door),
        when=when(scope.event),
        title=text(scope.event.title),
        **frame(scope),
    )


@router.get("/papers")
async def papers(request: Request, scope: AtDoor) -> Response:
    """Which sheets are there, and what came from them?"""
    doors = {d.unit: d.label for d in await _doors(scope)}
    return render(
        request,
        "checkin/desk/papers.html",
        sheets=await sheets(scope.event),
        doors=doors,
        **frame(scope),
    )


@router.get("/papers/new")
async def new(request: Request, scope: Organiser, unit: str = "") -> Response:
    """Who signed?"""
    return await _form(request, scope, Form({"unit": unit, "key": str(uuid4())}))


@router.post("/papers")
async def enter(request: Request, scope: Organiser) -> Response:
    """Enter those who signed."""
    data = await request.form(max_fields=MOST_FIELDS)
    form = Form.of(data, ("who",))
    door = one_of(await _doors(scope), form.text("unit"), now())
    try:
        minutes = form.integer("minutes", least=1, most=60 * 24)
        note = form.text("note", longest=300)
        form.check()
        ids = [identity(str(i)) for i in form.values.get("who") or []]
        paper, number = await Paper.enter(
            scope.event,
            door,
            ids,
            scope.actor,
            key=form.text("key"),
            minutes=minutes,
            note=note,
            upload=await _upload(data),
        )
    except DomainError as error:
        form.take(error)
        return await _form(request, scope, form, error.status)
    finally:
        await data.close()
    said = plural(
        "%(n)s person was entered from the sheet.",
        "%(n)s people were entered from the sheet.",
        number,
    )
    return see_other(request, f"{base_of(scope)}/papers/{paper.id}", said)


@router.get("/papers/{paper}")
async def sheet(request: Request, scope: AtDoor, paper: str) -> Response:
    """One sheet: who was entered from it, by whom and when, and its scan."""
    return await _sheet(request, scope, await _paper(scope, paper), Form())


@router.post("/papers/{paper}/file")
async def attach(request: Request, scope: Organiser, paper: str) -> Response:
    """Put the scan of the sheet with it."""
    found = await _paper(scope, paper)
    data = await request.form(max_fields=MOST_FIELDS)
    form = Form.of(data)
    try:
        upload = await _upload(data)
        if not upload:
            form.wrong("file", _("Choose a file."))
            form.check()
        await found.add_scan(upload, scope.actor)
    except DomainError as error:
        form.take(error)
        return await _sheet(request, scope, found, form, error.status)
    finally:
        await data.close()
    return see_other(
        request, f"{base_of(scope)}/papers/{found.id}", _("The scan is with the sheet.")
    )


@router.get("/papers/{paper}/file")
async def file(scope: Organiser, paper: str) -> Response:
    """The scan of the sheet, to keep."""
    found = await _paper(scope, paper)
    if not found.file:
        raise not_found()
    await audit(scope.actor, "paper.saved", found)
    return attachment(uploads.path(FOLDER, found.file), found.download_name, found.media_type)


@router.post("/papers/{paper}/withdrawal")
async def take_back(request: Request, scope: Organiser, paper: str) -> Response:
    """Take back all that came from it."""
    found = await _paper(scope, paper)
    form = await Form.read(request)
    number = await found.take_back(form.text("reason")[:300], scope.actor)
    said = plural("%(n)s entry counts no longer.", "%(n)s entries count no longer.", number)
    return see_other(request, f"{base_of(scope)}/papers/{found.id}", said)


async def _doors(scope: Scope) -> list[Entrance]:
    return entrances(scope.event, await scope.event.sessions_now())


async def _paper(scope: Scope, paper: str) -> Paper:
    found = await Paper.get_or_none(id=identity(paper), event_id=scope.event.id)
    if not found:
        raise not_found()
    return found


async def _upload(data: FormData) -> bytes:
    sent = data.get("file")
    return (
        await sent.read(uploads.MOST_BYTES + 1)
        if isinstance(sent, UploadFile) and sent.filename
        else b""
    )


async def _form(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    doors = await _doors(scope)
    door = one_of(doors, str(form.values.get("unit") or ""), now())
    crumbs = (str(_("Signed sheets")), f"{base_of(scope)}/papers")
    return render(
        request,
        "checkin/desk/paper_new.html",
        status,
        form=form,
        doors=doors,
        door=door,
        people=await expected(scope.event, door),
        ticked={str(i) for i in form.values.get("who") or []},
        most=uploads.MOST_BYTES // 2**20,
        **frame(scope, crumbs),
    )


async def _sheet(
    request: Request, scope: Scope, paper: Paper, form: Form, status: int = 200
) -> Response:
    rows = await db.rows(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE s.event_id = $1 AND s.sheet_id = $2 ORDER BY p.search, s.id",
        scope.event.id,
        paper.id,
    )
    doors = {d.unit: d.label for d in await _doors(scope)}
    crumbs = (str(_("Signed sheets")), f"{base_of(scope)}/papers")
    return render(
        request,
        "checkin/desk/paper.html",
        status,
        paper=paper,
        scans=[seen(r) for r in rows],
        doors=doors,
        form=form,
        most=uploads.MOST_BYTES // 2**20,
        **frame(scope, crumbs),
    )
