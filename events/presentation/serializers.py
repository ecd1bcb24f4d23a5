"""Projects, series, events and sessions as JSON (docs/interface.md). No queries."""

from typing import Any

from core import settings
from events.event.event import Event
from events.event.fields import PARTS
from events.programme.sessions import Session
from events.projects.projects import Project
from events.projects.series import Series

PROJECT_PARTS = ("partners__organisation", "activities", "resources")
EVENT_PARTS = PARTS


def project_json(project: Project) -> dict[str, Any]:
    """A project, with PROJECT_PARTS fetched."""
    partners = sorted(project.partners, key=lambda p: (p.position, p.id))
    lead = next((p for p in partners if p.role == "lead"), None)
    return {
        "id": str(project.id),
        "slug": project.slug,
        "code": project.code,
        "acronym": project.acronym,
        "title": project.title,
        "programme": project.programme,
        "statement": project.statement,
        "starts_on": project.starts_on.isoformat() if project.starts_on else None,
        "ends_on": project.ends_on.isoformat() if project.ends_on else None,
        "timezone": project.timezone,
        "languages": project.languages,
        "target_groups": project.target_groups,
        "contact_email": project.contact_email,
        "accent": project.accent,
        "activities": [
            {"number": a.number, "title": a.title}
            for a in sorted(project.activities, key=lambda a: a.id)
        ],
        "resources": [
            {"kind": r.kind, "title": r.title, "status": r.status, "url": r.url}
            for r in sorted(project.resources, key=lambda r: r.id)
        ],
        "lead": _organisation(lead) if lead else None,
        "partners": [{**_organisation(p), "role": p.role} for p in partners if p is not lead],
        "url": project.url,
        "calendar_url": project.calendar_url,
    }


def _organisation(partner: Any) -> dict[str, Any]:
    known = partner.organisation
    return {"name": known.name, "country": known.country, "kind": known.kind or None}


def series_json(series: Series, project: Project) -> dict[str, Any]:
    """A series."""
    return {
        "id": str(series.id),
        "project": project.slug,
        "title": series.title,
        "kind": series.kind,
        "threshold_percent": series.threshold_percent,
    }


def event_json(event: Event) -> dict[str, Any]:
    """An event, with EVENT_PARTS fetched."""
    said = event.described_now()
    free = None if event.capacity is None else max(0, event.capacity - event.seats_taken)
    return {
        "id": str(event.id),
        "slug": event.slug,
        "project": event.project.slug,
        "status": event.status,
        "url": event.url,
        "calendar_url": event.calendar_url,
        **said,
        "series": str(event.series_id) if event.series_id else None,
        "seats": {
            "capacity": event.capacity,
            "taken": event.seats_taken,
            "free": free,
            "waiting": event.waiting,
        },
        "cancel_reason": event.cancel_reason or None,
        "held_reason": event.held_reason or None,
        "revision": event.revision,
    }


def session_json(session: Session, event: Event) -> dict[str, Any]:
    """A session of an event."""
    free = None if session.capacity is None else max(0, session.capacity - session.seats_taken)
    return {
        "id": str(session.id),
        "event": event.slug,
        **session.described(event),
        "seats": {"capacity": session.capacity, "taken": session.seats_taken, "free": free},
        "url": f"{settings.get().base_url}/e/{event.slug}",
    }
