"""Counting rules as data (docs/counting-rules.md): closed values, defaults, and what a rule says in plain
words.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from core.errors import DomainError, invalid
from core.i18n import LANGUAGES, Lazy, _, speaking
from events.event.kinds import KINDS
from events.projects.organisations import OrganisationKind
from registrations.registration.vocabulary import ParticipantRole

UNITS = (
    "participations", "people", "organisations", "completions", "delivered_hours", "participant_hours",
    "events", "partners", "manual",
)  # fmt: skip
HOURS = ("delivered_hours", "participant_hours")
Unit = Literal[
    "participations", "people", "organisations", "completions", "delivered_hours", "participant_hours",
    "events", "partners", "manual",
]  # fmt: skip
Role = Annotated[ParticipantRole, Field(strict=False)]
"""Given as its code, which strict mode would not take for the member it names."""
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Direction(BaseModel):
    """From which country to which, of a study visit."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    start: Country = Field(alias="from")
    end: Country = Field(alias="to")


class Rule(BaseModel):
    """How an indicator is counted. Fields, values and defaults are docs/counting-rules.md's; anything else is
    refused.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    unit: Unit
    counting_unit: Literal["event", "scheme", "scheme_or_event"] = "event"
    window: Literal["any", "project", "year_after_end"] = "any"
    kinds: list[Word] = []
    activities: list[Word] = []
    series: list[Word] = []
    publicity: Literal["any", "open", "closed"] = "any"
    internal: bool = False
    direction: Direction | None = None
    roles: list[Role] = [ParticipantRole.ATTENDEE]
    joint: Literal["none", "organised", "organised_and_attended"] = "none"
    countries: list[Country] = []
    organisation_kinds: list[Word] = []
    target_groups: list[Word] = []
    threshold_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    all_sessions: bool = False
    min_days: Annotated[int, Field(ge=1, le=366)] = 1
    evidence: Literal["any", "signed"] = "any"
    once_per: Literal["counting_unit", "project"] = "counting_unit"

    def model_post_init(self, _context: Any) -> None:
        """Refuse kinds that do not exist."""
        if set(self.kinds) - set(KINDS):
            raise ValueError("kinds: no such kind of event")
        if set(self.organisation_kinds) - set(OrganisationKind):
            raise ValueError("organisation_kinds: no such kind of organisation")

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Rule":
        """A rule from JSON. Raises a 422 that names each wrong field as `rule.NAME`."""
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            raise _refused(error) from error

    def as_json(self) -> dict[str, Any]:
        """Every field, defaults too, as docs/counting-rules.md writes them."""
        return self.model_dump(mode="json", by_alias=True)

    @property
    def in_hours(self) -> bool:
        """Whether the figure is minutes, shown as hours."""
        return self.unit in HOURS

    @property
    def by_scheme(self) -> bool:
        """Whether the counting unit is a scheme; a completion is always one of a scheme."""
        return self.counting_unit != "event" or self.unit == "completions"

    @property
    def lone_events_count(self) -> bool:
        """Whether an event outside any scheme is a counting unit."""
        return self.counting_unit == "scheme_or_event" or not self.by_scheme


def _refused(error: ValidationError) -> DomainError:
    found: dict[str, Lazy | str] = {}
    for item in error.errors():
        message = str(item["msg"]).removeprefix("Value error, ")
        field, _sep, said = message.partition(": ")
        where = [str(part) for part in item["loc"]] or [field]
        found.setdefault(".".join(["rule", *where]), said or message)
    return invalid(**found)


class Shipped(BaseModel):
    """A rule of a pack: official code, name and unit. `verify`: its official text was not at
    hand.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str
    name: str
    unit: str
    rule: dict[str, Any]
    verify: bool = False
    pack: str = ""

    def named(self) -> dict[str, str]:
        """The name in every language that has one; English is the official one."""
        return said(self.name)

    def counting(self) -> Rule:
        """The rule itself."""
        return Rule.read(self.rule)


def said(english: str) -> dict[str, str]:
    """A text of a pack by language, from the catalogues."""
    found = {"en": english}
    for code in LANGUAGES:
        with speaking(code):
            translated = str(Lazy(english))
        if translated != english:
            found[code] = translated
    return found


@lru_cache
def shipped() -> dict[str, Shipped]:
    """Every rule of every pack, by its code, in the order of the files."""
    found: dict[str, Shipped] = {}
    for path in sorted((Path(__file__).parent / "packs").glob("*.toml")):
        pack = tomllib.loads(path.read_text("utf-8"))
        for item in pack["rule"]:
            one = Shipped.model_validate({**item, "pack": pack["name"]})
            found[one.code] = one
    return found


def shipped_rule(code: str) -> Shipped:
    """The shipped rule with this code. Raises a 422 that names `rule`."""
    if found := shipped().get(code):
        return found
    raise invalid(rule=_("No rule with this code is known."))


def needs_checking(code: str) -> bool:
    """Whether the official text behind a shipped rule has to be checked with the programme's
    secretariat.
    """
    found = shipped().get(code)
    return bool(found and found.verify)
