"""The five real projects come in with all their notes, once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import ROOT
from core.errors import DomainError
from core.settings import Settings
from events.projects import toml_file
from events.projects.projects import Activity, Partner, Project, Resource
from events.projects.toml_file import Summary, import_projects

FILE = ROOT / "demo" / "projects.toml"
CODES = [
    "NOR-LT10-VRM-01-K-01-007",
    "LLI-59",
    "ACF-LOCAL-DEMOCRACY",
    "LPR-TRONDELAG-2009",
    "4.3-24/NFI/INP-004",
]


@pytest.fixture(autouse=True)
def indicators(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """What the indicators' part would be given, by project."""
    found: dict[str, list[dict[str, Any]]] = {}

    async def take(project: Project, given: list[dict[str, Any]]) -> None:
        found[project.code] = given

    monkeypatch.setattr(toml_file, "indicators_given", [take])
    return found


async def test_the_five_projects_come_in_once(
    database: Settings, indicators: dict[str, Any]
) -> None:
    said: list[str] = []
    assert await import_projects(FILE, said.append) == Summary(added=CODES)
    assert said == [f"{code}: added" for code in CODES]
    assert {code: len(given) for code, given in indicators.items()} == dict(
        zip(CODES, [9, 4, 5, 3, 4], strict=True)
    )
    first = indicators[CODES[0]][0]
    assert (first["reported"], first["rule"]["unit"], first["counted"]) == (
        411,
        "participations",
        "attendance",
    )
    indicators.clear()
    await Project.filter(code="LLI-59").update(acronym="Changed by a person")
    again = await import_projects(FILE)
    assert (again, str(again), indicators) == (
        Summary(same=CODES),
        "0 projects added, 0 changed, 5 unchanged",
        {},
    )
    assert (await Project.get(code="LLI-59")).acronym == "Changed by a person"


async def test_what_a_source_says_is_kept(database: Settings) -> None:
    await import_projects(FILE)
    corrupt = await Project.get(code="ACF-LOCAL-DEMOCRACY")
    assert (corrupt.starts_on, corrupt.ends_on) == (None, None)
    assert corrupt.notes["dates_raw"] == ["28 June - 7 February 2022", "18-05-19-2023"]
    assert len(list(corrupt.notes["municipalities"])) == 10  # type: ignore[call-overload]  # a list in JSON
    activities = await Activity.filter(project_id=corrupt.id).order_by("number")
    assert [a.number for a in activities] == ["1.1", "1.2", "2.1", "2.2", "3.1", "4.1", "4.2"]
    kinds = await Partner.filter(project_id=corrupt.id, role="donor_partner").prefetch_related(
        "organisation"
    )
    assert [p.organisation.kind for p in kinds] == ["", ""]

    visit = await Project.get(code="LPR-TRONDELAG-2009")
    assert (visit.starts_on, visit.notes["duration_months"]) == (date(2009, 8, 1), 3)
    assert visit.notes["starts_note"] == "The source gives the month only."
    assert visit.title["lv"].startswith("Latgales plānošanas reģiona")

    leaders = await Project.get(code="LLI-59")
    assert (leaders.acronym, leaders.slug, leaders.budget["ERDF"]) == (
        "OPEN LEADERSHIP",
        "lli-59",
        "325267.50",
    )
    assert [r.kind for r in await Resource.filter(project_id=leaders.id)] == ["survey"]
    lead = await leaders.lead()
    assert lead
    assert (lead.country, lead.kind) == ("LT", "association")


async def test_a_changed_file_changes_what_it_names_and_keeps_what_a_person_confirmed(
    database: Settings, tmp_path: Path
) -> None:
    await import_projects(FILE)
    await Project.filter(code="ACF-LOCAL-DEMOCRACY").update(starts_on=date(2021, 6, 28))
    file = tmp_path / "changed.toml"
    file.write_text(
        FILE.read_text(encoding="utf-8").replace("local democracy at", "democracy at"),
        encoding="utf-8",
    )
    assert (await import_projects(file)).changed == ["ACF-LOCAL-DEMOCRACY"]
    found = await Project.get(code="ACF-LOCAL-DEMOCRACY")
    assert (found.starts_on, "democracy at" in found.title["en"]) == (date(2021, 6, 28), True)


GOOD = """
[[project]]
code = "A"
title.en = "A"
timezone = "Europe/Riga"
languages = ["en"]
lead = { name.en = "Lead", country = "LV", kind = "ngo" }
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[project", "bad.toml: Expected"),
        ("", "bad.toml: a list of [[project]] is expected"),
        ("project = 5", "bad.toml: a list of [[project]] is expected"),
        ("[[project]]\ntitle.en = 'x'", "bad.toml: project 1 has no code"),
        (GOOD + 'colour = "red"', "bad.toml: A: colour: There is no such field."),
        (GOOD.replace("Europe/Riga", "Mars"), "bad.toml: A: timezone: This is not a time zone"),
        (GOOD.replace('"ngo"', '"club"'), "bad.toml: A: lead.kind: Please choose"),
        (
            GOOD.replace('title.en = "A"', 'title = "A"\nstarts_on = "soon"'),
            "bad.toml: A: starts_on: ",
        ),
        (GOOD + GOOD.replace('"A"', '"B"').replace("LV", "XX"), "bad.toml: B: lead.country: "),
        (GOOD + "indicator = 5", "bad.toml: A: indicator: This must be a list."),
        (GOOD + "budget_eur = 5", "bad.toml: A: budget_eur: This must be an object."),
    ],
)
async def test_a_malformed_file_is_one_clear_line_and_changes_nothing(
    database: Settings, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DomainError) as error:
        await import_projects(file)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)
    assert await Project.all().count() == 0


async def test_a_file_that_is_not_text_is_one_clear_line(
    database: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "bad.toml"
    for content in (b"\xff\xfe", None):
        if content:
            file.write_bytes(content)
        else:
            file.unlink()
        with pytest.raises(DomainError, match=r"bad\.toml: "):
            await import_projects(file)
