"""The program's source as syntax trees, and the SQL statements in it."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

from core import ROOT

PACKAGES = (
    *("core", "notifications", "accounts", "events", "registrations", "checkin", "indicators"),
    *("demo", "viesis"),
)
"""From the lowest to the highest."""
VERB = re.compile(r"\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s")
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?(\w+|…)")
HOLE = "…"
"""What stands in a statement's text for a part that is not a constant."""


@dataclass(frozen=True)
class Module:
    """One module of the program."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """As in `import`."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    @property
    def package(self) -> str:
        """Its top package."""
        return self.path.parts[0]


@dataclass(frozen=True)
class Text:
    """A string of a module, with the constants filled in, and what else it is made of."""

    where: str
    text: str
    holes: tuple[ast.expr, ...] = field(default=())

    @property
    def tables(self) -> list[str]:
        """The tables that it names, if it is SQL."""
        return TABLE.findall(self.text)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of every package."""
    return tuple(
        Module(path.relative_to(ROOT), ast.parse(path.read_text()))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.stem != "__main__"  # it runs when imported
    )


def texts(module: Module, values: dict[str, object] | None = None) -> Iterator[Text]:
    """The strings of a module, docstrings left out."""
    known = vars(_imported(module)) if values is None else values
    parts: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Expr):
            parts.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts |= set(node.values)
            yield Text(f"{module.path}:{node.lineno}", *_filled(node, known))
        elif isinstance(node, ast.Call) and (text := _formatted(node, known)):
            yield Text(f"{module.path}:{node.lineno}", text, tuple(_arguments(node)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            yield Text(f"{module.path}:{node.lineno}", node.value)


def _formatted(node: ast.Call, known: dict[str, object]) -> str | None:
    """The constant whose `format` is called."""
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _constant(node.func.value, known)
    return None


def _arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _filled(node: ast.JoinedStr, known: dict[str, object]) -> tuple[str, tuple[ast.expr, ...]]:
    text, holes = "", []
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            constant = _constant(part.value, known)
            text += HOLE if constant is None else constant
            if constant is None:
                holes.append(part.value)
    return text, tuple(holes)


def _constant(node: ast.expr, known: dict[str, object]) -> str | None:
    """What a constant of the module, or of one that it imports, says."""
    if isinstance(node, ast.Name) and node.id.isupper():
        return str(known[node.id])
    if isinstance(node, ast.Attribute) and node.attr.isupper() and isinstance(node.value, ast.Name):
        return str(getattr(known[node.value.id], node.attr))
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "json_rows"
    ):
        return "jsonb_to_recordset($1)"
    return None


@cache
def _imported(module: Module) -> ModuleType:
    return importlib.import_module(module.name)
