"""What calls about projects and events may carry. The names are checked here, the values by the
verbs themselves, which say what is wrong in the person's language.
"""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from core.http.api import Body
from events.event.kind import SessionKind as Sessions
from events.event.kinds import KINDS
from events.projects.organisations import OrganisationKind, PartnerRole
from events.projects.series import SERIES_KINDS

_WORDS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
    "description": "by language, or a plain string in the project's first language",
}


def _nullable(kind: str, **more: Any) -> Any:
    return WithJsonSchema({"anyOf": [{"type": kind, **more}, {"type": "null"}]})


Words = Annotated[Any, WithJsonSchema(_WORDS)]
Text = Annotated[Any, WithJsonSchema({"type": "string"})]
MaybeWords = Annotated[
    Any, WithJsonSchema({**_WORDS, "anyOf": [*_WORDS["anyOf"], {"type": "null"}]})
]
MaybeText = Annotated[Any, _nullable("string")]
_WHEN = "ISO 8601; without an offset it is local in the zone that applies"
Moment = Annotated[Any, WithJsonSchema({"type": "string", "description": _WHEN})]
MaybeMoment = Annotated[Any, _nullable("string", description=_WHEN)]
Day = Annotated[Any, _nullable("string", format="date")]
EventKind = Annotated[Any, WithJsonSchema({"type": "string", "enum": list(KINDS)})]
SessionKind = Annotated[Any, WithJsonSchema({"type": "string", "enum": list(Sessions.labels())})]
SeriesKind = Annotated[Any, WithJsonSchema({"type": "string", "enum": list(SERIES_KINDS)})]
Number = Annotated[Any, _nullable("integer", minimum=0)]
Degrees = Annotated[
    Any, _nullable("number", description="WGS 84, decimal; a place has both or neither")
]
Flag = Annotated[Any, _nullable("boolean")]
Texts = Annotated[Any, _nullable("array", items={"type": "string"})]


def _partner(*more: str) -> dict[str, Any]:
    kinds = {
        "anyOf": [{"type": "string", "enum": list(OrganisationKind.labels())}, {"type": "null"}]
    }
    properties = {
        "name": _WORDS,
        "country": {"type": "string", "description": "ISO 3166"},
        "kind": kinds,
    }
    if more:
        properties["role"] = {"type": "string", "enum": list(PartnerRole.besides_lead())}
    return {"type": "object", "properties": properties, "required": ["name", "country", *more]}


_ACTIVITY = {"number": {"type": "string"}, "title": _WORDS}
_RESOURCE = {name: {"type": "string"} for name in ("kind", "title", "status", "url")}
Lead = Annotated[Any, WithJsonSchema(_partner())]
Partners = Annotated[Any, _nullable("array", items=_partner("role"))]
Activities = Annotated[
    Any,
    _nullable("array", items={"type": "object", "properties": _ACTIVITY, "required": ["number"]}),
]
Resources = Annotated[
    Any, _nullable("array", items={"type": "object", "properties": _RESOURCE, "required": ["kind"]})
]
MaybeObject = Annotated[Any, _nullable("object")]


class ProjectBody(Body):
    """POST /projects."""

    code: Text
    slug: MaybeText = None
    acronym: MaybeText = None
    title: Words
    programme: MaybeText = None
    statement: MaybeWords = None
    starts_on: Day = None
    ends_on: Day = None
    timezone: Text
    languages: Texts
    target_groups: Texts = None
    contact_email: MaybeText = None
    accent: MaybeText = None
    activities: Activities = None
    resources: Resources = None
    lead: Lead
    partners: Partners = None


class SeriesBody(Body):
    """POST /projects/{slug}/series."""

    title: Words
    kind: SeriesKind
    threshold_percent: Number = None


class _EventBody(Body):
    timezone: MaybeText = None
    description: MaybeWords = None
    place: MaybeText = None
    latitude: Degrees = None
    longitude: Degrees = None
    online_url: MaybeText = None
    feedback_url: MaybeText = None
    country: MaybeText = None
    capacity: Number = None
    grace_minutes: Number = None
    waiting_list: Flag = None
    approval: Flag = None
    open_to_public: Flag = None
    invitation_only: Flag = None
    internal: Flag = None
    walk_ins: MaybeText = None
    rooms_grouped: Flag = None
    organisers: Texts = None
    activity: MaybeText = None
    series: MaybeText = None
    direction: MaybeObject = None
    details: MaybeObject = None
    registration_opens_at: MaybeMoment = None
    registration_closes_at: MaybeMoment = None
    offer_hours: Number = None
    agenda_days_before: Number = None
    reminder_hours_before: Number = None
    reminder_days_before: Number = None
    calendar_invites: Flag = None


class EventBody(_EventBody):
    """POST /projects/{slug}/events."""

    kind: EventKind
    title: Words
    starts_at: Moment
    ends_at: Moment


class EventPatch(_EventBody):
    """PATCH /events/{slug}: only what is given changes."""

    kind: EventKind = None
    title: Words = None
    starts_at: Moment = None
    ends_at: Moment = None
    notify: bool = True


class _SessionBody(Body):
    description: MaybeWords = None
    place: MaybeText = None
    speakers: Texts = None
    timezone: MaybeText = None
    end_timezone: MaybeText = None
    capacity: Number = None
    counted: Flag = None


class SessionBody(_SessionBody):
    """POST /events/{slug}/sessions. Those registered are told only when asked to."""

    kind: SessionKind
    title: Words
    starts_at: Moment
    ends_at: Moment
    notify: bool = False


class SessionPatch(_SessionBody):
    """PATCH /sessions/{id}: only what is given changes."""

    kind: SessionKind = None
    title: Words = None
    starts_at: Moment = None
    ends_at: Moment = None
    notify: bool = True


class NotifyBody(Body):
    """POST /events/{slug}/publication, and DELETE /sessions/{id}."""

    notify: bool = True


class ReasonBody(NotifyBody):
    """POST /events/{slug}/cancellation and /held."""

    reason: Text
