"""Organisers' pages: the list of people to take along, as CSV, XLSX, or printed for the door."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from accounts.audit.audit import audit
from core.http.pages import render
from core.i18n import text
from events.event.access import Scope
from events.presentation.display import when
from events.presentation.navigation import shell
from registrations.people import spreadsheet
from registrations.presentation.scope import Viewer
from registrations.registration.registration import Registration

router = APIRouter(include_in_schema=False)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/desk/e/{event}/people.csv")
async def as_csv(scope: Viewer) -> Response:
    """Everyone, as a plain table."""
    head, rows = await spreadsheet.table(scope.event)
    await audit(scope.actor, "people.exported", scope.event)
    return _file(scope, spreadsheet.as_csv(head, rows), "text/csv; charset=utf-8", "csv")


@router.get("/desk/e/{event}/people.xlsx")
async def as_xlsx(scope: Viewer) -> Response:
    """Everyone, as a spreadsheet."""
    head, rows = await spreadsheet.table(scope.event)
    await audit(scope.actor, "people.exported", scope.event)
    body = await run_in_threadpool(spreadsheet.as_xlsx, text(scope.event.title), head, rows)
    return _file(scope, body, XLSX, "xlsx")


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


def _file(scope: Scope, body: bytes, media_type: str, extension: str) -> Response:
    name = quote(f"{scope.event.slug}-people.{extension}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)
