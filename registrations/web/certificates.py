"""Certificates: to download, for whoever attended; to look up, for anyone."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from core.errors import not_found
from core.http import limits
from core.http.pages import SECRET_HEADERS, render
from core.i18n import _, fmt, text
from events.presentation.display import when
from registrations.people.certificates import Certificate, attended, minutes, pdf
from registrations.registration.registration import Registration

router = APIRouter(include_in_schema=False)


@router.get("/r/{token}/certificate.pdf")
async def certificate(request: Request, token: str) -> Response:
    """The certificate, once the event is over and the person was there."""
    found = await Registration.by_token(token)
    if not found:
        await limits.wrong_token(request)
        raise not_found()
    if not await attended(found):
        raise not_found(_("You can download a certificate after the event, if you were there."))
    headers = {
        **SECRET_HEADERS,
        "Content-Disposition": f'attachment; filename="certificate-{found.event.slug}.pdf"',
    }
    return Response(await pdf(found), media_type="application/pdf", headers=headers)


@router.get("/verify/{number}")
async def verify(request: Request, number: str) -> Response:
    """Whether a certificate with this number was issued, and what it must say."""
    found = await Certificate.by_number(number)
    if not found:
        await limits.wrong_token(request)
        return render(request, "registrations/web/verify.html", 404, certificate=None)
    registration: Registration = found.registration
    event = registration.event
    return render(
        request,
        "registrations/web/verify.html",
        certificate=found,
        project=event.project,
        name="" if registration.person.erased_at else registration.person.name,
        title=text(event.title),
        when=when(event),
        place=", ".join(filter(None, (event.place, fmt.country(event.country)))),
        minutes=await minutes(registration) or 0,
    )
