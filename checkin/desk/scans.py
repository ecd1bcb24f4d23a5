"""Organisers' pages of single scans: all of them, what someone should look at, undoing with a
reason.
"""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from checkin.attendance.gates import entrances
from checkin.review import scan_list
from checkin.review.conflicts import conflicts
from checkin.review.frame import AtDoor, Organiser, base_of, frame
from checkin.review.papers import of_scans
from checkin.review.scan_details import Seen
from checkin.review.verbs import count_in, review, undo
from checkin.scanning.scan_input import uuid_of
from checkin.scanning.undo import WINDOW
from core.clock import now
from core.errors import DomainError, not_found
from core.http.forms import Form
from core.http.pages import is_fragment, render, safe_next, see_other
from core.i18n import _
from core.text import clean
from events.event.access import Scope

router = APIRouter(prefix="/desk/e/{event}/door", include_in_schema=False)


@router.get("/scans")
async def scans(
    request: Request,
    scope: AtDoor,
    q: str = "",
    result: str = "",
    gate: str = "",
    since: str = "",
    until: str = "",
    page: int = 1,
) -> Response:
    """What happened at the door? Every scan, those taken back too."""
    asked = scan_list.Narrowed(
        clean(q)[:100], result, clean(gate)[:300], clean(since)[:30], clean(until)[:30], page
    )
    found = await scan_list.scans(scope.event, asked)
    template = "checkin/desk/scan_rows.html" if is_fragment(request) else "checkin/desk/scans.html"
    return render(
        request,
        template,
        found=found,
        asked=asked,
        form=Form(
            {"since": asked.since, "until": asked.until, "result": asked.result, "gate": asked.gate}
        ),
        gates=await scan_list.gates(scope.event) if template.endswith("scans.html") else [],
        states=scan_list.STATES,
        **await _named(scope),
        **frame(scope),
    )


async def _named(scope: Scope) -> dict[str, Any]:
    doors = entrances(scope.event, await scope.event.sessions_now())
    return {"doors": {d.unit: d.title for d in doors}}


@router.get("/scans/{scan}")
async def scan_page(request: Request, scope: AtDoor, scan: str) -> Response:
    """What is known of one scan, and undoing it."""
    return await _scan_page(request, scope, await _found(scope, scan), Form())


async def _found(scope: Scope, scan: str) -> Seen:
    found = await scan_list.one(scope.event, uuid_of(scan)) if uuid_of(scan) else None
    if not found:
        raise not_found()
    return found


async def _scan_page(
    request: Request, scope: Scope, found: Seen, form: Form, status: int = 200
) -> Response:
    sheets = await of_scans(scope.event.id, [found.sheet] if found.sheet else [])
    crumbs = (str(_("All scans")), f"{base_of(scope)}/scans")
    return render(
        request,
        "checkin/desk/scan.html",
        status,
        one=found,
        form=form,
        late=_late(found),
        sheet=sheets.get(found.sheet or 0),
        **await _named(scope),
        **frame(scope, crumbs),
    )


@router.post("/scans/{scan}/withdrawal")
async def withdrawal(request: Request, scope: AtDoor, scan: str) -> Response:
    """Undo a scan; with a reason when it is one that a phone could not undo any more."""
    form = await Form.read(request)
    found = await _found(scope, scan)
    reason = form.text("reason", required=found.may_undo and _late(found), longest=300)
    try:
        form.check()
    except DomainError as error:
        return await _scan_page(request, scope, found, form, error.status)
    await undo(scope.event, found.id, reason, scope.actor)
    return see_other(
        request,
        _back(scope, form),
        _("Undone. The scan stays in the history, and counts no longer."),
    )


def _late(found: Seen) -> bool:
    return now() - found.at > WINDOW


@router.post("/scans/{scan}/count")
async def count(request: Request, scope: Organiser, scan: str) -> Response:
    """Count a stopped phone's scan after all."""
    form = await Form.read(request)
    if not uuid_of(scan):
        raise not_found()
    await count_in(scope.event, uuid_of(scan), scope.actor)
    return see_other(request, _back(scope, form), _("It counts now."))


@router.get("/conflicts")
async def conflict_page(request: Request, scope: AtDoor) -> Response:
    """What should someone look at? And what has been looked at."""
    found = await conflicts(scope.event)
    return render(
        request,
        "checkin/desk/conflicts.html",
        conflicts=[c for c in found if not c.is_seen],
        looked_at=[c for c in found if c.is_seen],
        **frame(scope),
    )


@router.post("/conflicts")
async def conflict_seen(request: Request, scope: AtDoor) -> Response:
    """Someone has looked at these scans."""
    form = await Form.read(request, ("scan",))
    ids = [found for given in form.values.get("scan") or [] if (found := uuid_of(given))]
    await review(scope.event, ids, scope.actor)
    return see_other(request, _back(scope, form), _("Noted. It stays among those looked at."))


def _back(scope: Scope, form: Form) -> str:
    base = base_of(scope)
    asked = safe_next(str(form.values.get("back") or ""), base)
    return asked if asked.startswith(base) else base
