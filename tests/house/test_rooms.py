"""The house keeps its shape: small rooms, short modules, and routes only where others look for them.

The directions of imports are contracts in pyproject.toml, held by import-linter in `make check`.
"""

import ast
import statistics
import subprocess
from collections import Counter
from pathlib import Path

from core import ROOT

PACKAGES = (
    "core",
    "notifications",
    "accounts",
    "events",
    "registrations",
    "checkin",
    "indicators",
    "demo",
    "viesis",
)
SURFACES = {"web", "desk", "api"}
MEDIAN = 101
"""Lines of the median module. The aim is 90: lower this whenever it can be lowered."""


def files() -> list[Path]:
    """Every Python file of the repository, but for migrations, which are history."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [Path(line) for line in listed.stdout.splitlines()]
    return [p for p in paths if p.parts[0] != "migrations" and (ROOT / p).exists()]


def product() -> list[Path]:
    return [path for path in files() if path.parts[0] in PACKAGES]


def lines(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def routes(source: str) -> list[str]:
    """The calls that make a router."""
    return [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("APIRouter")
    ]


def test_a_folder_holds_at_most_twelve_python_files() -> None:
    crowded = {
        str(folder): count
        for folder, count in Counter(path.parent for path in files()).items()
        if count > 12
    }
    assert crowded == {}


def test_modules_are_short() -> None:
    lengths = {str(path): len(lines(path)) for path in product()}
    assert {path: length for path, length in lengths.items() if length > 300} == {}
    assert statistics.median(lengths.values()) <= MEDIAN


def test_lines_over_a_hundred_characters_are_rare() -> None:
    every = [line for path in files() for line in lines(path)]
    assert sum(len(line) > 100 for line in every) <= len(every) / 100


def test_every_router_stands_in_a_surface() -> None:
    strays = [
        str(path)
        for path in product()
        if routes("\n".join(lines(path))) and not SURFACES & set(path.parts[:-1])
    ]
    assert strays == []


def test_a_router_elsewhere_would_be_seen() -> None:
    assert routes("import fastapi\nrouter = fastapi.APIRouter(prefix='/x')") == [
        "fastapi.APIRouter"
    ]


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path in product()
        if path.name == "__init__.py"
        and not ast.get_docstring(ast.parse("\n".join(lines(path)) or "pass"))
    ]
    assert silent == []
