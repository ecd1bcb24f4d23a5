"""Indicators of a file of projects come in with their rules, and only once."""

import tomllib
from pathlib import Path

import pytest

from core import ROOT
from core.errors import DomainError
from events.projects.projects import Project
from events.projects.toml_file import import_projects
from indicators.report.project_files import bring
from indicators.rules.indicators import Indicator, ManualValue, RuleVersion

FILE = ROOT / "demo" / "projects.toml"


@pytest.mark.usefixtures("database")
async def test_the_five_projects_bring_their_indicators_once() -> None:
    wanted = [
        one
        for project in tomllib.loads(FILE.read_text("utf-8"))["project"]
        for one in project["indicator"]
    ]
    await import_projects(FILE)
    await import_projects(FILE)
    found = await Indicator.all().order_by("id")
    assert [one.name["en"] for one in found] == [one["name"] for one in wanted]
    assert [float(one.reported) if one.reported is not None else None for one in found] == [
        one.get("reported") for one in wanted
    ]
    assert [one.note for one in found] == [one.get("note", "") for one in wanted]
    assert [one.split for one in found] == [one.get("split", {}) for one in wanted]
    assert [one.rule["unit"] for one in found] == [
        one.get("rule", {"unit": "manual"})["unit"] for one in wanted
    ]
    assert await RuleVersion.all().count() == len(wanted)
    by_hand = [one for one in wanted if one["counted"] == "manual" and "reported" in one]
    assert await ManualValue.all().count() == len(by_hand)


@pytest.mark.usefixtures("database")
async def test_a_changed_file_changes_what_it_names(tmp_path: Path) -> None:
    await import_projects(FILE)
    text = FILE.read_text("utf-8").replace('kinds = ["debate"]', 'kinds = ["debate", "workshop"]')
    changed = tmp_path / "projects.toml"
    changed.write_text(text.replace("target = 300", "target = 310"), "utf-8")
    await import_projects(changed)
    project = await Project.get(code="ACF-LOCAL-DEMOCRACY")
    debates = await Indicator.get(project_id=project.id, unit="events")
    assert (debates.version, debates.counting.kinds) == (2, ["debate", "workshop"])
    trained = await Indicator.get(project_id=project.id, unit="people")
    assert (trained.version, str(trained.target)) == (1, "310.00")


@pytest.mark.usefixtures("database")
async def test_a_bad_indicator_is_refused_by_name() -> None:
    await import_projects(FILE)
    project = await Project.get(code="LLI-59")
    for one, field in (
        ({"name": "X", "targets": 3}, "targets"),
        ({"name": "X", "rule": {"unit": "persons"}}, "rule.unit"),
        ({"name": "X", "target": "many"}, "target"),
        ({"unit": "people"}, "name"),
    ):
        with pytest.raises(DomainError) as refused:
            await bring(project, [one])
        assert list(refused.value.fields) == [field]
