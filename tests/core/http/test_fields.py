import ast
from typing import Any

import pytest

from core import ROOT, errors
from core.errors import DomainError
from core.http.fields import FieldReader
from core.http.forms import Form
from core.i18n import Lazy


def wrong(reader: FieldReader) -> tuple[str, dict[str, str]]:
    with pytest.raises(DomainError) as refused:
        reader.check()
    assert refused.value.status == 422
    return str(refused.value), {name: str(said) for name, said in refused.value.fields.items()}


def test_all_that_is_wrong_is_said_at_once_each_beside_its_field() -> None:
    reader = FieldReader({"title": 5, "kind": "ball", "size": 4}, ("title", "kind", "country"))
    reader.text("title")
    reader.choice("kind", ["talk"])
    reader.country("country", required=True)
    assert wrong(reader) == (
        "There is no such field.",
        {
            "size": "There is no such field.",
            "title": "This must be a text.",
            "kind": "Please choose one of the list.",
            "country": "Please fill this in.",
        },
    )


def test_a_form_gives_back_what_was_typed_and_says_the_same() -> None:
    form = Form({"title": " ", "kind": "ball", "email": "anna@"})
    read = form.text("title", required=True), form.choice("kind", ["talk"]), form.email("email")
    assert (read, form.values) == (
        ("", "", "anna@"),
        {"title": " ", "kind": "ball", "email": "anna@"},
    )
    assert wrong(form) == (
        "Please look at the fields marked below.",
        {
            "title": "Please fill this in.",
            "kind": "Please choose one of the list.",
            "email": "This is not an e-mail address. It looks like name@example.org.",
        },
    )


def test_what_is_wrong_with_a_part_is_named_by_its_place() -> None:
    reader, lead = FieldReader({}), FieldReader({"name": ""})
    lead.text("name", required=True)
    reader.take_part("lead", lead)
    assert wrong(reader) == ("Please fill this in.", {"lead.name": "Please fill this in."})


def test_a_refusal_of_no_field_in_particular_is_kept_too() -> None:
    form = Form()
    form.take(DomainError("The event is full."))
    assert wrong(form) == ("Please look at the fields marked below.", {"": "The event is full."})


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1 234,5", 1234.5), ("7,0", 7), (0, 0), ("", None), ("nan", None), ("10e12", None)],
)
def test_a_number_is_read_as_people_write_it(typed: Any, read: float | None) -> None:
    form = Form({"size": typed})
    assert form.decimal("size") == read
    assert bool(form.errors) == (typed in {"nan", "10e12"})


def test_some_of_a_list_come_in_its_order() -> None:
    form = Form({"days": ["sun", "", "fri"], "nights": "mon"})
    assert (form.several("days", ["fri", "sat", "sun"]), form.several("nights", ["fri"])) == (
        ["fri", "sun"],
        [],
    )
    assert {k: str(v) for k, v in form.errors.items()} == {"nights": "Please choose from the list."}


def test_a_sentence_that_fields_share_stands_in_one_place() -> None:
    shared = {said.text for said in vars(errors).values() if isinstance(said, Lazy)}
    shared |= {said.text for said in (errors.too_long(1), errors.out_of_range(1, 2))}
    shared |= {errors.none_of(["in", "out"]).text}
    assert len(shared) == 17
    packages = {path.relative_to(ROOT).parts[0] for path in ROOT.glob("*/__init__.py")}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in sorted(packages - {"tests"})
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != ROOT / "core" / "errors.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in shared
    ]
    assert found == []
