"""Every closed list of codes stands in one place: where its words are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.users.roles import ProjectRole
from core import ROOT
from core.i18n import Vocabulary
from events.event.event import EventStatus
from events.event.kind import SessionKind
from events.projects.organisations import OrganisationKind, PartnerRole
from registrations.registration.vocabulary import (
    CalendarReply,
    Gender,
    ParticipantRole,
    RegistrationStatus,
)

PACKAGES = ("core", "notifications", "accounts", "events", "registrations", "checkin", "indicators")
HOMES: dict[type[Vocabulary], str] = {
    ProjectRole: "accounts/users/roles.py",
    EventStatus: "events/event/event.py",
    SessionKind: "events/event/kind.py",
    OrganisationKind: "events/projects/organisations.py",
    PartnerRole: "events/projects/organisations.py",
    CalendarReply: "registrations/registration/vocabulary.py",
    Gender: "registrations/registration/vocabulary.py",
    ParticipantRole: "registrations/registration/vocabulary.py",
    RegistrationStatus: "registrations/registration/vocabulary.py",
}
OTHER_LISTS = {
    "checkin/scanning/scans.py": "results of a scan, some of which are named as a status",
    "registrations/mail/wordings.py": "kinds of mail, some of which are named as a status",
}


def lists(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """The line and the texts of every set, tuple, list and Literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            yield (
                node.lineno,
                {
                    item.value
                    for item in node.elts
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                },
            )


def copies(source: str, vocabulary: type[Vocabulary]) -> list[int]:
    return [line for line, texts in lists(ast.parse(source)) if len(texts & set(vocabulary)) >= 3]


def files() -> Iterator[Path]:
    for package in (*PACKAGES, "viesis"):
        yield from sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("vocabulary", HOMES, ids=lambda vocabulary: vocabulary.__name__)
def test_the_codes_of_a_vocabulary_are_listed_nowhere_else(vocabulary: type[Vocabulary]) -> None:
    allowed = {HOMES[vocabulary], *OTHER_LISTS}
    found = [
        f"{name}:{line}"
        for path in files()
        if (name := path.relative_to(ROOT).as_posix()) not in allowed
        for line in copies(path.read_text(encoding="utf-8"), vocabulary)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'GENDERS = ("female", "male", "other")',
        'if gender in {"female", "male", "other"}: pass',
        'gender: Literal["female", "male", "other"] | None = None',
        'choices = [*("female", "male"), *["other", "male", "female"]]',
    ],
)
def test_a_copied_list_is_found(source: str) -> None:
    assert copies(source, Gender) == [1]


def test_every_vocabulary_is_checked() -> None:
    defined = {
        (path.relative_to(ROOT).as_posix(), node.name)
        for path in files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and {base.id for base in node.bases if isinstance(base, ast.Name)}
        & {"Vocabulary", "CountedVocabulary"}
    }
    homes = {(home, vocabulary.__name__) for vocabulary, home in HOMES.items()}
    assert defined - {("core/i18n.py", "CountedVocabulary")} == homes


def test_a_member_is_its_code_and_has_a_word() -> None:
    assert (ParticipantRole.PARTNER_STAFF, f"{Gender.MALE}") == ("partner_staff", "male")
    assert str(Gender.of("female").label) == "Woman"
    assert str(Gender.of("female").many) == "Women"
    assert list(CalendarReply.labels()) == ["accepted", "tentative", "declined"]
    with pytest.raises(KeyError):
        Gender.of("unknown")
