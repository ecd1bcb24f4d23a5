"""The program's source as syntax trees, and the SQL statements in it."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
    """SQL in a module, with the constants filled in, and what else it is made of."""

    where: str
    owner: str
    """The function or the constant that it stands in, with the module."""
    text: str
    holes: tuple[ast.expr, ...]

    @property
    def tables(self) -> list[str]:
        """The tables that it names."""
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


def texts(module: Module, values: dict[str, object] | None = None) -> tuple[Text, ...]:
    """The SQL in a module, whole statements and parts, docstrings left out. The constants that it is
    made of are looked up in the module, unless they are given.
    """
    return _texts(module) if values is None else tuple(_looked_up(module, values))


@cache
def _texts(module: Module) -> tuple[Text, ...]:
    return tuple(_looked_up(module, vars(importlib.import_module(module.name))))


def _looked_up(module: Module, known: dict[str, object]) -> Iterator[Text]:
    owners = list(_owners(module))
    parts: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        text, holes = "", tuple[ast.expr, ...]()
        if isinstance(node, ast.Expr):
            parts.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts |= set(node.values)
            text, holes = _filled(node, known)
        elif isinstance(node, ast.Call) and (formatted := _formatted(node, known)):
            text, holes = formatted, tuple(_arguments(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            text = node.value
        if isinstance(node, ast.expr) and (VERB.match(text) or TABLE.search(text)):
            owner = [name for first, last, name in owners if first <= node.lineno <= last][-1:]
            where = f"{module.path}:{node.lineno}"
            yield Text(where, ".".join([module.name, *owner]), text, holes)


def _owners(module: Module) -> Iterator[tuple[int, int, str]]:
    """The lines of each constant of the module and of each function, the outer ones first."""
    for node in ast.walk(module.tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, node.end_lineno or 0, name
            case ast.Assign(targets=[ast.Name(id=name)]) if name.isupper():
                yield node.lineno, node.end_lineno or 0, name
            case _:
                pass


def _formatted(node: ast.Call, known: dict[str, object]) -> str | None:
    """The constant whose `format` is called."""
    match node.func:
        case ast.Attribute(value=constant, attr="format"):
            return _constant(constant, known)
        case _:
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
