"""Organisers' pages: the list of people to download, as CSV, XLSX, or printed for the door."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import audit
from core.http.pages import render
from core.http.spreadsheets import download
from core.i18n import text
from events.presentation.display import when
from events.presentation.navigation import shell
from registrations.people import spreadsheet
from registrations.presentation.scope import Viewer
from registrations.registration.registration import Registration

router = APIRouter(include_in_schema=False)


@router.get("/desk/e/{event}/people.csv")
@router.get("/desk/e/{event}/people.xlsx")
async def export(request: Request, scope: Viewer) -> Response:
    """Everyone, as a plain table or as a workbook."""
    head, rows = await spreadsheet.table(scope.event)
    await audit(scope.actor, "people.exported", scope.event)
    return await download(
        request.url.path.rpartition(".")[2],
        f"{scope.event.slug}-people",
        head,
        rows,
        title=text(scope.event.title),
        widths=[20] * len(head),
    )


@router.get("/desk/e/{event}/people/print")
async def printed(request: Request, scope: Viewer) -> Response:
    """Those who have a seat, by name, with a place to tick and to sign."""
    found = await Registration.filter(event_id=scope.event.id, status="confirmed").prefetch_related(
        "person", "organisation"
    )
    found.sort(key=lambda r: (r.person.search, r.id))
    return render(
        request,
        "registrations/desk/print.html",
        people=found,
        when=when(scope.event),
        base=f"/desk/e/{scope.event.slug}/people",
        **shell(scope, tab="people"),
    )
