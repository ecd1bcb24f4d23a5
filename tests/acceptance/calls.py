"""Every call of the JSON interface, with ids that are there."""

from typing import Any
from uuid import uuid4

from tests.acceptance.outside import Project, at, iso, unique

PERSON = {"name": "Ilze Ozola", "email": "ilze@example.org"}


def every_call(project: Project) -> list[tuple[str, str, Any]]:
    """Each call of docs/interface.md with real ids of this project."""
    event = project.event(at(-3, 9))
    one, two = event.register(), event.register()
    session = event.session(at(-3, 9))
    period = {"name": "1", "from": "2026-01-01", "to": "2026-06-30"}
    period_id = project.api.post(f"/projects/{project.slug}/periods", period)["id"]
    indicator = project.api.post(f"/projects/{project.slug}/indicators", {"rule": "RCR84"})["id"]
    scan = event.scan({"ticket": one["ticket"], "scanned_at": at(-3, 9).isoformat()})[0]["id"]
    merge = project.api.post(f"/persons/{two['person']}/merge", {"into": one["person"]})["id"]
    times = {"starts_at": iso(at(3, 9)), "ends_at": iso(at(3, 10))}
    return [
        ("GET", f"/projects/{project.slug}", None),
        ("POST", f"/projects/{project.slug}/series", {"title": "S", "kind": "scheme"}),
        ("POST", f"/projects/{project.slug}/events", {"kind": "debate", "title": "E", **times}),
        ("GET", event.path, None),
        ("PATCH", event.path, {"place": "Here"}),
        ("POST", f"{event.path}/sessions", {"kind": "talk", "title": "S", **times}),
        ("PATCH", f"/sessions/{session}", {"place": "There"}),
        ("DELETE", f"/sessions/{session}", None),
        ("POST", f"{event.path}/publication", {}),
        ("POST", f"{event.path}/cancellation", {"reason": "x"}),
        ("POST", f"{event.path}/held", {"reason": "x"}),
        ("POST", f"{event.path}/registrations", {**PERSON, "name": unique()}),
        ("GET", f"{event.path}/registrations", None),
        ("GET", f"/registrations/{one['id']}", None),
        ("POST", f"/registrations/{one['id']}/cancellation", {}),
        ("POST", f"/registrations/{one['id']}/approval", {}),
        ("POST", f"/registrations/{one['id']}/acceptance", {}),
        ("POST", f"/registrations/{one['id']}/substitution", PERSON),
        ("POST", f"{event.path}/scans", [{"id": str(uuid4()), "ticket": one["ticket"]}]),
        ("POST", f"/scans/{scan}/withdrawal", {}),
        ("GET", f"{event.path}/attendance", None),
        ("GET", f"/projects/{project.slug}/duplicates", None),
        ("POST", f"/persons/{one['person']}/merge", {"into": two["person"]}),
        ("DELETE", f"/merges/{merge}", None),
        ("POST", f"/projects/{project.slug}/periods", {**period, "name": "2"}),
        ("POST", f"/periods/{period_id}/submission", {}),
        ("POST", f"/projects/{project.slug}/indicators", {"rule": "PEOPLE"}),
        ("GET", f"/projects/{project.slug}/indicators", None),
        (
            "POST",
            f"/indicators/{indicator}/values",
            {"value": 1, "from": "2026-01-01", "to": "2026-01-31"},
        ),
    ]
