"""Knowledge goes down: no statement, relation or query names a table of a package above."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import HOLE, Module, modules, texts
from tests.house.tables import height, models, package, relations, table

UPWARD = {
    ("ApiToken", "project"): "a token may be for one project",
    ("Invitation", "project"): "someone is invited to one project",
    ("Role", "project"): "a role is held in one project, the boundary of access",
}
"""Relations of accounts to the project above them, and why."""
UNNAMED = {
    "checkin.scanning.verdicts": "the tables of a list of joins, each named in it",
    "core.database.rows": "the table of a model",
    "demo.bulk": "the table of a model",
    "indicators.report.drill_down": "event or organisation",
    "viesis.commands.backup": "every table there is",
}
"""Modules whose statements leave open which table they read, and which it is."""
WRITES = re.compile(r"\b(?:INSERT INTO|(?<!DO )UPDATE|DELETE FROM)\s+(\w+)")
SEATS = "registrations.registration.seats"
WRITTEN_FROM_ABOVE = {
    "the seat counter, which is a registration's matter and is kept in the row of what has seats": {
        (f"{SEATS}._TAKE", "event"),
        (f"{SEATS}._TAKE_LATE", "event"),
        (f"{SEATS}._WAIT", "event"),
        (f"{SEATS}._HOLD", "event"),
        (f"{SEATS}.take_left", "event"),
        (f"{SEATS}.give_back", "event"),
        (f"{SEATS}.offer", "event"),
        (f"{SEATS}.take_sessions", "session"),
        (f"{SEATS}.leave_sessions", "session"),
        ("registrations.placing.one_statement._statement", "event"),
        ("registrations.placing.one_turn._SEAT", "event"),
    },
    "invented people": {("demo.bulk._replacements", "registration")},
    "a copy that sends no mail, in a database that is not open yet": {
        ("viesis.commands.backup._HOLD", "message")
    },
    "the processes' leases": {
        ("viesis.processes.worker.beat", "lease"),
        ("viesis.processes.worker.do", "lease"),
        ("viesis.processes.worker._take", "lease"),
    },
}
"""Tables that a package above their own writes by a statement, and why."""
BY_NAME = {
    *("order_by", "values", "values_list", "prefetch_related", "select_related", "fetch_related"),
    *("group_by", "only", "Count"),
}
QUERIES = BY_NAME | {"filter", "exclude", "get", "get_or_none", "annotate", "Q"}


def test_no_statement_names_a_table_of_a_package_above() -> None:
    assert [found for module in modules() for found in _above(module)] == []


def _above(module: Module, values: dict[str, object] | None = None) -> Iterator[str]:
    owners = {table(model): package(model) for model in models().values()}
    for text in texts(module, values):
        for name in text.tables:
            if height(owners.get(name, "core")) > height(module.package):
                yield f"{text.where}: {name} is of {owners[name]}"


def test_a_statement_that_names_a_table_above_is_found() -> None:
    written = (
        'SEEN = "SELECT r.id FROM registration r JOIN attendance a ON a.registration_id = r.id"'
    )
    module = Module(Path("registrations/people/seen.py"), ast.parse(written))
    assert list(_above(module, {})) == ["registrations/people/seen.py:1: attendance is of checkin"]
    assert list(_above(Module(Path("checkin/review/seen.py"), module.tree), {})) == []


def test_a_statement_names_its_tables() -> None:
    unnamed = {m.name for m in modules() for text in texts(m) if HOLE in text.tables}
    assert unnamed == set(UNNAMED)


def test_no_model_points_to_one_of_a_package_above() -> None:
    upward = {
        (relation.source.__name__, relation.name)
        for relation in relations()
        if height(package(relation.target)) > height(package(relation.source))
    }
    assert upward == set(UPWARD)


def test_no_query_goes_up_by_the_name_of_a_relation() -> None:
    assert [found for module in modules() for found in _upward_names(module)] == []


def _upward_names(module: Module) -> Iterator[str]:
    backs: dict[str, int] = defaultdict(lambda: len(models()))
    for relation in relations():
        backs[relation.back] = min(backs[relation.back], height(package(relation.source)))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _called(node) in QUERIES:
            names = [keyword.arg for keyword in node.keywords if keyword.arg]
            names += _strings(node) if _called(node) in BY_NAME else []
            for name in names:
                first = name.lstrip("-").partition("__")[0]
                if first in backs and backs[first] > height(module.package):
                    yield f"{module.path}:{node.lineno}: {name}"


def _strings(node: ast.Call) -> list[str]:
    return [
        argument.value
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def test_a_table_is_written_by_its_own_package_or_by_few() -> None:
    owners = {table(model): package(model) for model in models().values()}
    foreign = {
        (text.owner, name)
        for module in modules()
        for text in texts(module)
        for name in WRITES.findall(text.text)
        if owners.get(name, module.package) != module.package
    }
    assert foreign == set().union(*WRITTEN_FROM_ABOVE.values())


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def test_a_query_that_goes_up_is_found() -> None:
    tree = ast.parse("Registration.filter(event_id=event.id, attendance__day=day)")
    module = Module(Path("registrations/people/seen.py"), tree)
    assert list(_upward_names(module)) == ["registrations/people/seen.py:1: attendance__day"]
