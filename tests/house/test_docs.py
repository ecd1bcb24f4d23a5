"""What docs/ says is true of the program, and every signpost leads to a page that exists."""

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from starlette.routing import compile_path

from checkin.scanning.scans import RESULTS
from core import ROOT
from core.http.api import PREFIX
from core.settings import Settings
from events.event.kind import SessionKind
from events.event.kinds import KINDS
from events.projects.organisations import OrganisationKind
from indicators.rules.rules import Rule
from indicators.rules.words import REASONS
from registrations.registration.vocabulary import RegistrationStatus
from viesis.app import create
from viesis.cli import main
from viesis.routes import ROUTERS

INTERFACE = ROOT / "docs" / "interface.md"
RULES = ROOT / "docs" / "counting-rules.md"
CASES = (
    "tests/acceptance/counting/test_worked_cases.py",
    "tests/indicators/counting/test_worked_cases.py",
)
TEXT = {".py", ".md", ".toml", ".js", ".html", ".css", ".sh", ".yaml", ".typ"}


def table(page: Path, head: str) -> list[list[str]]:
    """The rows of the table that begins with this head."""
    lines = page.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {head} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_every_json_call_is_described_and_no_other() -> None:
    described = {row[0] for row in table(INTERFACE, "call")}
    calls = {
        f"{method.upper()} `{path.removeprefix(PREFIX)}`"
        for path, methods in create().openapi()["paths"].items()
        for method in methods
    }
    assert described == calls


def test_every_address_is_a_route() -> None:
    routes = [
        compile_path(route.path)[0]  # type: ignore[attr-defined]  # routers hold routes
        for router in ROUTERS
        for route in router.routes
    ]
    addresses = [address for row in table(INTERFACE, "address") for address in code(row[0])]
    assert len(addresses) > 15
    assert [a for a in addresses if not any(route.match(a) for route in routes)] == []


def test_every_command_is_described_and_no_other() -> None:
    def commands(group: click.Group, before: str = "viesis") -> set[str]:
        context = click.Context(group)
        found = set()
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is None or command.hidden:
                continue
            here = f"{before} {name}"
            found |= commands(command, here) if isinstance(command, click.Group) else {here}
        return found

    described = {
        " ".join(word for word in code(row[0])[0].split() if word.islower() and word.isalpha())
        for row in table(INTERFACE, "command")
    }
    assert described == commands(main)


def test_every_setting_is_described_and_no_other() -> None:
    described = {code(row[0])[0] for row in table(INTERFACE, "setting")}
    assert described == {f"VIESIS_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("kinds of event", KINDS),
        ("kinds of session", SessionKind),
        ("kinds of organisation", OrganisationKind),
        ("status of a registration", RegistrationStatus),
        ("result of a scan", RESULTS),
    ],
)
def test_closed_lists_are_those_of_the_code(name: str, values: object) -> None:
    [row] = [row for row in table(INTERFACE, "closed list") if row[0] == name]
    assert set(code(row[1])) == set(values)  # type: ignore[call-overload]  # each is iterable


def test_a_rule_has_the_fields_that_are_described() -> None:
    assert [code(row[0])[0] for row in table(RULES, "field")] == list(Rule.model_fields)


def test_reasons_are_described_in_their_order() -> None:
    assert [code(row[0])[0] for row in table(RULES, "reason")] == list(REASONS)


def test_the_rules_that_come_with_the_program_are_listed() -> None:
    shipped = set()
    for path in (ROOT / "indicators" / "rules" / "packs").glob("*.toml"):
        pack = tomllib.loads(path.read_text(encoding="utf-8"))
        for rule in pack["rule"]:
            verify = " (to verify)" if rule.get("verify") else ""
            shipped.add((pack["name"], rule["code"], f"{rule['name']}{verify}"))
    assert {tuple(row) for row in table(RULES, "pack")} == shipped


@pytest.mark.parametrize("path", CASES)
def test_every_worked_case_is_a_test_by_its_number(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    tested = set(re.findall(r"def test_(?:case_)?(\d+)_", source))
    assert {row[0] for row in table(RULES, "case")} == tested


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [Path(line) for line in listed.stdout.splitlines()]
    return [
        path
        for path in paths
        if (path.suffix in TEXT or path.name == "Makefile")
        and path.parts[0] not in {"migrations", "locales"}
        and "vendor" not in path.parts
        and (ROOT / path).exists()
    ]


def signposts(path: Path, text: str) -> list[Path]:
    """The pages of ours that a file points to."""
    found = [Path(name) for name in re.findall(r"(?<![\w/.-])(docs/[\w/.-]+\.\w+)", text)]
    if path.suffix == ".md":
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        found += [path.parent / link for link in links]
        found += [path.parent / name for name in re.findall(r'src="([^":]+)"', text)]
    else:
        bare = re.findall(r"(?<![\w/.{\x22-])([a-z][\w-]*\.md)\b", text)
        found += [Path(name) for name in bare]
    return found


def test_every_signpost_leads_somewhere() -> None:
    lost = []
    for path in tracked():
        if path == Path("tests/house/test_docs.py"):
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        lost += [f"{path}: {post}" for post in signposts(path, text) if not (ROOT / post).exists()]
    assert lost == []


def test_a_lost_signpost_would_be_seen() -> None:
    assert signposts(Path("x.py"), "as pages.md says; see docs/nowhere.md") == [
        Path("docs/nowhere.md"),
        Path("pages.md"),
    ]


def test_the_map_names_files_that_exist() -> None:
    """Every path in backticks of the pages for newcomers, whole or within the room named last."""
    lost = []
    for name in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        for path in code((ROOT / name).read_text(encoding="utf-8")):
            if re.fullmatch(r"[a-z_]+(/[a-z_]+)+(\.\w+|/)", path) and not (ROOT / path).exists():
                matches = list(ROOT.glob(f"*/{path}"))
                lost += [] if matches else [f"{name}: {path}"]
    assert lost == []
