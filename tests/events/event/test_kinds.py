"""Every kind of event is a file that is found by itself."""

import re
from pathlib import Path

import pytest

from core import ROOT
from core.errors import DomainError
from core.i18n import LANGUAGES
from events.event import kinds
from events.event.kind import Kind, SessionKind
from events.event.kinds import KINDS, kind_of
from events.programme.sessions import UNCOUNTED
from registrations.form.questions import QUESTION_KINDS

ICONS = set(
    re.findall(
        r'id="([a-z0-9-]+)"',
        (ROOT / "static" / "vendor" / "lucide.svg").read_text(encoding="utf-8"),
    )
)


def test_the_kinds_are_those_promised() -> None:
    assert set(KINDS) == {
        "conference",
        "training",
        "study_visit",
        "workshop",
        "coaching",
        "group_coaching",
        "working_group",
        "consultation",
        "debate",
        "publicity",
    }


def test_each_kind_is_a_file_of_its_name_and_there_is_no_list() -> None:
    folder = Path(kinds.__file__).parent
    assert {file.stem for file in folder.glob("*.py")} - {"__init__"} == set(KINDS)
    assert not [
        code for code in KINDS if code in (folder / "__init__.py").read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_a_kind_is_whole(kind: Kind) -> None:
    assert kind.icon in ICONS
    assert kind.session_kind in set(SessionKind) - set(UNCOUNTED)
    assert str(kind.label)
    assert str(kind.many)
    keys = [d.key for d in kind.details] + [a.key for a in kind.asks]
    assert len(keys) == len(set(keys))
    for question in kind.questions():
        assert question["kind"] in QUESTION_KINDS
        assert set(question["label"]) == set(LANGUAGES)
        assert re.fullmatch(r"[a-z_]{1,40}", question["key"])


def test_details_are_checked_by_the_kind() -> None:
    visit = kind_of("study_visit")
    assert visit.read_details(
        {"meeting_point": " Riga \x00 bus station ", "passport": True, "insurance": False}
    ) == {
        "meeting_point": "Riga bus station",
        "passport": True,
    }
    with pytest.raises(DomainError) as error:
        visit.read_details({"passport": "yes", "tracks": "A"})
    assert set(error.value.fields) == {"details.passport", "details.tracks"}


def test_an_event_of_a_kind_that_has_gone_stays_readable() -> None:
    assert str(kind_of("ball").label) == "Event"
