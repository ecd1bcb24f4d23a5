"""Every query on a table that belongs to a project says whose rows it wants.

A query is scoped when it compares an id with one of an object that the program already holds: the
project, the event, the registration, or the row's own. An id that comes straight from a request
does not count, for anybody can write any number. A secret does, and so does the address of a
project or an event: there the scope begins, and `tests/access.csv` says who may.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import VERB, Module, modules, texts
from tests.house.tables import models, relations, table

STARTS = {"filter", "get", "get_or_none", "all", "exclude", "first"}
SECRETS = {"hash", "pairing_hash", "number"}
ADDRESSES = {"Project": {"slug", "code"}, "Event": {"slug"}}
SURFACES = {"web", "desk", "api"}
"""Rooms that hear from requests: in their SQL a row's own id is not enough."""
OF_A_PROJECT = re.compile(r"(\w+_id|scope|subject_of)$")
GIVEN = r"\s*(?:[<>]?=|IN)\s*\(?(?:ANY\s*\(|[$:]\w)"
SCOPE = re.compile(rf"\b(?:\w+_id|scope|subject_of|slug|{'|'.join(SECRETS)}){GIVEN}")
ROW = re.compile(rf"\bid{GIVEN}")

UNSCOPED = {
    "for administrators, who see every project": {
        "accounts.audit.audit.page",  # or of the project that the caller names
        "events.desk.outbox._OF_ALL",
        "events.desk.outbox.everything",
        "viesis.desk.home._PROJECTS",
    },
    "narrowed to the projects of whoever asks, in a second step or by a placeholder": {
        "events.api.projects.projects",
        "events.event.access.projects_of",
        "events.feeds.feeds.organiser_feed",
        "viesis.desk.home._MAILS",
        "viesis.desk.home._PEOPLE",
        "viesis.desk.home._needs",
    },
    "public events of every project": {"events.web.events._listed"},
    "put together from conditions of which one names the project or event": {
        "checkin.scanning.verdicts._one",
        "indicators.counting.queries._sql",
        "indicators.counting.queries._thin",
        "notifications.outbox.message.release_all",
        "notifications.outbox.message.withdraw",
    },
    "the worker's, and figures of the whole installation": {
        "checkin.review.papers._orphans",
        "checkin.review.papers.sweep",
        "indicators.report.warm_up.large",
        "indicators.report.warm_up.warm",
        "notifications.delivery.pace._LATER",
        "notifications.delivery.postman._DUE",
        "notifications.delivery.postman._LEASE",
        "notifications.outbox.message.hold_all",
        "registrations.form.answers.forget_private",
        "registrations.mail.notices.ahead",
        "registrations.people.erasure.forget_addresses",
        "registrations.people.erasure.forget_people",
        "registrations.people.pairs.compare_all",
        "registrations.registration.waiting_list.expire_offers",
        "viesis.commands.backup._HOLD",
        "viesis.commands.recount.run",
        "viesis.processes.embedded_worker._MAILS",
        "viesis.processes.embedded_worker._SCANS",
        "viesis.processes.worker.settle_projects",
        "viesis.web.health._COUNTS",
    },
    "what a mail is about: its own row in the outbox names it": {
        "accounts.management.letters.invitation",
        "accounts.management.sign_ins.ask",
        "notifications.outbox.message.queue_all",
        "registrations.mail.invitations.event_invitation",
        "registrations.mail.letters.message",
        "registrations.mail.recipients.trial",
    },
    "an id that comes with a secret, which is checked": {
        "checkin.phone.devices.at_home",
        "registrations.calendar.address.by_calendar",
        "registrations.mail.unsubscribe.found",
    },
    "by the code of a ticket, which may be of any event: the verdict asks for the door's": {
        "checkin.scanning.scans._foreign",
        "checkin.scanning.scans._one_name",
        "demo.bulk._replacements",
    },
    "phones that a phone itself made": {"checkin.phone.devices.revoke"},
}
"""Queries that no id scopes, and why each may be."""


def test_every_query_is_scoped_by_its_project() -> None:
    unscoped = {found for module in modules() for found in _unscoped(module)}
    assert unscoped == set().union(*UNSCOPED.values())


@cache
def _columns() -> dict[str, set[str]]:
    """For each model that belongs to a project, the columns that say whose a row is."""
    pointing = {name: {"id", "pk"} for name in models()}
    for name, model in models().items():
        # those of relations, which are there once Tortoise has begun, are looked at below
        of_relations = {f"{relation}_id" for relation in model._meta.fk_fields}
        pointing[name] |= set(filter(OF_A_PROJECT.match, model._meta.fields_map)) - of_relations
    owned = {"Project"} | {name for name, columns in pointing.items() if len(columns) > 2}
    every = list(relations())
    for _step in models():
        owned |= {r.source.__name__ for r in every if r.target.__name__ in owned}
    for relation in every:
        pointing[relation.source.__name__] |= {relation.name, f"{relation.name}_id"}
    return {name: pointing[name] | SECRETS | ADDRESSES.get(name, set()) for name in owned}


def _unscoped(module: Module, values: dict[str, object] | None = None) -> Iterator[str]:
    """Where a query of this module asks for rows of any project."""
    tables = {table(models()[name]) for name in _columns()}
    for text in texts(module, values):
        if VERB.match(text.text) and not text.text.lstrip().startswith("INSERT"):
            row = ROW.search(text.text) and module.path.parts[1] not in SURFACES
            if tables & set(text.tables) and not row and not SCOPE.search(text.text):
                yield text.owner
    for function in ast.walk(module.tree):
        if isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            asked, required = _asked(function), _required(function)
            for model, kept_as, chain in _queries(function, module):
                known = any(_says_whose(model, call, asked) for call in chain)
                if not known and kept_as not in required:
                    yield f"{module.name}.{function.name}"


def _queries(function: ast.AST, module: Module) -> Iterator[tuple[str, str, list[ast.Call]]]:
    """The queries in a function: the model's name, what the answer is called, and the calls that
    narrow it.
    """
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    for node in parents:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if attr in STARTS:
                model = _class_of(function, module) if name == "cls" else name
                if model in _columns():
                    yield model, *_chain(node, parents)
            case _:
                pass


def _chain(first: ast.Call, parents: dict[ast.AST, ast.AST]) -> tuple[str, list[ast.Call]]:
    chain, node = [first], parents.get(first)
    while isinstance(node, ast.Attribute | ast.Call | ast.Await | ast.IfExp):
        if isinstance(node, ast.Call):
            chain.append(node)
        node = parents.get(node)
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name, chain
        case _:
            return "", chain


def _class_of(function: ast.AST, module: Module) -> str:
    return next(
        (
            node.name
            for node in module.tree.body
            if isinstance(node, ast.ClassDef) and function in node.body
        ),
        "",
    )


def _asked(function: ast.AsyncFunctionDef | ast.FunctionDef) -> set[str]:
    """What in a function comes straight from a request."""
    asked = {"request", "form"}
    if any("router." in ast.unparse(decorator) for decorator in function.decorator_list):
        asked |= {argument.arg for argument in function.args.args} - {"scope", "actor"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and re.search(
            r"\b(identity\(|form\.)", ast.unparse(node.value)
        ):
            asked |= {
                n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)
            }
    return asked


def _required(function: ast.AST) -> set[str]:
    """The rows of whose project a role is asked for, by the names that the function gives them."""
    asking = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and re.search(r"\b(require|role_in)$", ast.unparse(node.func))
    ]
    return {
        node.id
        for call in asking
        for argument in call.args
        if isinstance(argument, ast.Attribute)
        for node in ast.walk(argument)
        if isinstance(node, ast.Name)
    }


def _says_whose(model: str, call: ast.Call, asked: set[str]) -> bool:
    """Whether a call narrows a query by an id that the program holds, by a secret or an address."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "exclude":
        return False
    given = [*call.keywords]
    for argument in call.args:
        given += [
            k for node in ast.walk(argument) if isinstance(node, ast.Call) for k in node.keywords
        ]
    for keyword in given:
        column = (keyword.arg or "").partition("__")[0]
        if column in SECRETS | ADDRESSES.get(model, set()):
            return True
        if column in _columns()[model] and _held(keyword.value, asked):
            return True
    return False


def _held(value: ast.expr, asked: set[str]) -> bool:
    """Whether the program already holds what this id is of."""
    match value:
        case ast.Name(id=name):
            return name not in asked
        case ast.Attribute(value=inner) | ast.Subscript(value=inner):
            return _held(inner, asked) if not isinstance(inner, ast.Call) else True
        case ast.ListComp(elt=inner) | ast.SetComp(elt=inner) | ast.GeneratorExp(elt=inner):
            return _held(inner, asked)
        case ast.Call(func=ast.Name(id="list" | "sorted" | "set"), args=[inner]):
            return _held(inner, asked)
        case ast.BoolOp(values=[first, ast.Constant()]):
            return _held(first, asked)
        case _:
            return False


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        # an id from the address, of anybody's
        ("await Merge.get_or_none(id=identity(merge))", True),
        ("await Merge.get_or_none(id=merge)", True),
        ("await Merge.filter(taken_back_at=None).order_by('-id')", True),
        ("await Merge.filter(id=identity(merge)).exclude(project_id=scope.project.id)", True),
        ("await db.row('SELECT name FROM person WHERE id = $1', identity(merge))", True),
        ("await db.rows('SELECT name FROM person ORDER BY name')", True),
        # the same of the project at hand
        ("await Merge.get_or_none(id=identity(merge), project_id=scope.project.id)", False),
        ("await Merge.filter(id=identity(merge)).filter(project_id=scope.project.id)", False),
        ("await Merge.get_or_none(hash=tokens.hashed(merge))", False),
        ("await db.row('SELECT name FROM person WHERE id = $1 AND project_id = $2', 1, 2)", False),
        # nobody's, or everybody's
        ("await User.get_or_none(id=identity(merge))", False),
        # whoever asks must have a role in its project
        ("found = await Merge.get(id=merge)\n    await require(actor, found.project_id)", False),
        ("found = await Merge.get(id=merge)\n    await require(actor, scope.project_id)", True),
    ],
)
def test_a_query_without_a_scope_is_found(written: str, refused: bool) -> None:
    route = f"@router.get('/merges/{{merge}}')\nasync def look(merge, scope):\n    {written}"
    module = Module(Path("registrations/desk/look.py"), ast.parse(route))
    found = ["registrations.desk.look.look"] if refused else []
    assert list(_unscoped(module, {})) == found


def test_a_lookup_that_was_loosened_is_found() -> None:
    """The real page of duplicates, with the project taken out of one of its queries."""
    (module,) = [m for m in modules() if m.name == "registrations.desk.duplicates"]
    assert list(_unscoped(module)) == []
    source = ast.unparse(module.tree)
    loosened = source.replace(
        "id=identity(merge), project_id=scope.project.id", "id=identity(merge)"
    )
    assert loosened != source
    assert list(_unscoped(Module(module.path, ast.parse(loosened)), {})) == [
        "registrations.desk.duplicates.take_back"
    ]
