"""What holds for every SQL statement of the program, over its syntax trees."""

import ast

from tests.house.source import HOLE, VERB, Module, Text, modules, texts

ASKS = {"core.sql", "core.db", "core.database.schema"}
"""Where the question which engine it is may stand: `core.sql` answers it, the others run
statements and migrations.
"""
BUILT = {
    "checkin.phone.roster": "all people or those changed, one condition for two statements",
    "checkin.phone.serializer": "a column out of two",
    "checkin.review.scan_list": "a condition out of a closed list, for the page and its number",
    "checkin.scanning.verdicts": "one verdict for both engines, out of fragments",
    "core.database.rows": "the columns of a model",
    "demo.bulk": "the columns of a model",
    "indicators.counting.queries": "the grain and the groups that a rule needs",
    "indicators.report.drill_down": "a table and its column out of two",
    "registrations.placing.one_statement": "the columns of four models, and what the seat decides",
    "viesis.commands.backup": "every table there is",
}
"""Statements made of more than constants, and of what."""


def test_only_core_asks_which_engine_it_is() -> None:
    asking = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if _word(node) in {"is_sqlite", "capabilities", "dialect"}
    }
    assert asking == ASKS


def _word(node: ast.AST) -> str:
    match node:
        case ast.Name(id=word) | ast.Attribute(attr=word) | ast.alias(name=word):
            return word
        case _:
            return ""


def test_a_statement_is_made_of_constants() -> None:
    built = {module.name for module in modules() for text in texts(module) if not _constant(text)}
    assert built == set(BUILT)


def _constant(text: Text) -> bool:
    return not VERB.match(text.text) or all(_ours(hole) for hole in text.holes)


def _ours(node: ast.expr) -> bool:
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name) if name.isupper():
            return True
        case ast.Attribute(value=value, attr="format" | "join") | ast.Subscript(value=value):
            return _ours(value)
        case ast.Call(func=function, args=args, keywords=keywords):
            return all(map(_ours, [function, *args, *(k.value for k in keywords)]))
        case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
            return _ours(left) and _ours(right)
        case _:
            return False


def test_a_statement_with_a_value_in_it_is_found() -> None:
    written = "def look(name):\n    return f\"SELECT id FROM person WHERE name = '{name}'\""
    (text,) = _texts(written)
    assert (text.text, _constant(text)) == (f"SELECT id FROM person WHERE name = '{HOLE}'", False)
    (text,) = _texts('def look():\n    return f"SELECT {COLUMNS} FROM person"')
    assert (text.text, _constant(text)) == ("SELECT id FROM person", True)


def _texts(source: str) -> list[Text]:
    module = Module(modules()[0].path, ast.parse(source))
    return list(texts(module, {"COLUMNS": "id"}))
