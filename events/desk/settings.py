"""A project's settings for its managers, and making a project for administrators."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from accounts.sessions.access import Actor, signed_in
from core import countries, settings, times
from core.errors import DomainError, forbidden
from core.http.forms import Form
from core.http.pages import render, see_other
from core.i18n import LANGUAGES, _, language
from events.event.access import Scope, desk_project
from events.presentation.form_rows import (
    activities_from,
    lines,
    partner_rows,
    partners_from,
    resources_from,
    rows_errors,
)
from events.presentation.navigation import home_navigation, shell
from events.presentation.posted_form import language_names, spread, take, words
from events.presentation.source_notes import source_notes
from events.projects import logos
from events.projects.organisations import OrganisationKind, PartnerRole
from events.projects.projects import Activity, Partner, Project, Resource

router = APIRouter(include_in_schema=False)

TEXTS = ("title", "statement")
PLAIN = (
    "code",
    "acronym",
    "programme",
    "contact_email",
    "timezone",
    "starts_on",
    "ends_on",
    "retention_on",
)
HOUSE = "#0b6e4f"
"""Our own accent: a project with it has none of its own."""
SPARE = 2
"""Empty rows for more partners and resources."""


@router.get("/desk/p/new")
async def new_project(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
    """The short form of a new project; for administrators."""
    return _new(
        request,
        _administrator(actor),
        Form({"language": language(), "timezone": settings.get().timezone}),
    )


def _administrator(actor: Actor) -> Actor:
    if not actor.user or not actor.user.admin:
        raise forbidden()
    return actor


def _new(request: Request, actor: Actor, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "events/desk/project_new.html",
        status,
        form=form,
        kinds=list(OrganisationKind.labels().items()),
        countries=list(countries.choices().items()),
        languages_all=language_names(LANGUAGES),
        zones=times.zones(),
        nav=home_navigation(actor, "/desk/p/new"),
        crumbs=[(_("My desk"), "/desk")],
    )


@router.post("/desk/p/new")
async def make_project(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
    """Make a project from its code, title, lead partner and first language."""
    _administrator(actor)
    form = await Form.read(request)
    given = {name: form.values.get(name, "") for name in ("code", "title", "timezone")}
    lead = {part: form.values.get(f"lead_{part}", "") for part in ("name", "country", "kind")}
    try:
        code = form.choice("language", LANGUAGES, required=True)
        form.check()
        made = await Project.begin(actor, languages=[code], lead=lead, partners=[], **given)
    except DomainError as error:
        fields = {name.replace("lead.", "lead_"): message for name, message in error.fields.items()}
        form.take(DomainError(error.message, error.status, fields))
        return _new(request, actor, form, error.status)
    return see_other(
        request,
        f"/desk/p/{made.slug}",
        _("The project is made. Its partners and the rest stand in its settings."),
    )


@router.get("/desk/p/{project}/settings")
async def project_settings(
    request: Request, scope: Annotated[Scope, Depends(desk_project("manager"))]
) -> Response:
    """Everything about the project."""
    return await _page(request, scope, Form(await _values(scope.project)))


async def _values(project: Project) -> dict[str, Any]:
    codes = project.languages or ["en"]
    activities = await Activity.filter(project_id=project.id).order_by("id")
    first = project.first_language
    return {
        **{name: str(getattr(project, name) or "") for name in PLAIN},
        **spread("title", project.title, codes),
        **spread("statement", project.statement, codes),
        "accent": project.accent or HOUSE,
        "language": first,
        "languages": codes,
        "target_groups": "\n".join(project.target_groups),
        "activities": "\n".join(
            f"{a.number} {a.title.get(first) or next(iter(a.title.values()), '')}".strip()
            for a in activities
        ),
    }


async def _page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    project = scope.project
    partners = (
        await Partner.filter(project_id=project.id)
        .order_by("position", "id")
        .prefetch_related("organisation")
    )
    return render(
        request,
        "events/desk/project_settings.html",
        status,
        form=form,
        partners=partner_rows(partners, form, SPARE),
        resources=[
            *await Resource.filter(project_id=project.id).order_by("id"),
            *[Resource(kind="")] * SPARE,
        ],
        roles=list(PartnerRole.besides_lead().items()),
        kinds=list(OrganisationKind.labels().items()),
        countries=list(countries.choices().items()),
        codes=language_names(project.languages or ["en"]),
        languages_all=language_names({**LANGUAGES, **dict.fromkeys(project.languages)}),
        zones=times.zones(),
        source=source_notes(project),
        **shell(scope, current="settings"),
    )


@router.post("/desk/p/{project}/settings")
async def save(
    request: Request, scope: Annotated[Scope, Depends(desk_project("manager"))]
) -> Response:
    """Save everything; the picture of the logo too."""
    data = await request.form()
    form, project = Form.of(data, ("languages",)), scope.project
    try:
        logo = await _logo(data.get("logo"), form)
        await project.change(scope.actor, **await _changes(form, project))
    except DomainError as error:
        take(form, rows_errors(error, form), TEXTS, project.first_language)
        return await _page(request, scope, form, error.status)
    finally:
        await data.close()
    if logo is not None:
        await project.take_logo(scope.actor, logo)
    return see_other(request, f"/desk/p/{project.slug}/settings", _("Saved."))


async def _logo(upload: Any, form: Form) -> str | None:
    """The new logo's name, an empty text to remove it, None to keep it."""
    if isinstance(upload, UploadFile) and upload.filename:
        return logos.keep(await upload.read(logos.MOST_BYTES + 1))
    return "" if form.values.get("no_logo") else None


async def _changes(form: Form, project: Project) -> dict[str, Any]:
    codes = project.languages or ["en"]
    chosen = form.values.get("languages") or []
    first = str(form.values.get("language") or project.first_language)
    accent = str(form.values.get("accent") or "").lower()
    return {
        **{name: form.values.get(name, "") for name in PLAIN},
        **{name: {**getattr(project, name), **words(form, name, codes)} for name in TEXTS},
        "accent": "" if accent == HOUSE else accent,
        "languages": list(dict.fromkeys([first, *[c for c in codes if c in chosen], *chosen])),
        "target_groups": lines(form, "target_groups"),
        "activities": await activities_from(form, project),
        **await partners_from(form, project),
        "resources": resources_from(form),
    }
