"""The program's tables: whose they are, and how they hang together."""

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tortoise.models import Model

from tests.house.source import PACKAGES
from viesis.models import MODULES


@dataclass(frozen=True)
class Relation:
    """A column that points to a row of another model. `back` is its name seen from there."""

    source: type[Model]
    name: str
    target: type[Model]
    back: str


@cache
def models() -> dict[str, type[Model]]:
    """Every model by its name."""
    return {
        name: model
        for path in MODULES
        for name, model in vars(importlib.import_module(path)).items()
        if inspect.isclass(model) and issubclass(model, Model) and model.__module__ == path
    }


def table(model: type[Model]) -> str:
    """A model's table."""
    return str(model._meta.db_table)


def package(model: type[Model]) -> str:
    """The package that a model stands in."""
    return model.__module__.partition(".")[0]


def height(package: str) -> int:
    """How high a package stands: it knows of those below it."""
    return PACKAGES.index(package)


def relations() -> Iterator[Relation]:
    """Every relation between two models."""
    for model in models().values():
        for name in sorted(model._meta.fk_fields | model._meta.o2o_fields):
            field = model._meta.fields_map[name]
            target = models()[field.model_name.partition(".")[2]]  # type: ignore[attr-defined]  # a relation has one
            yield Relation(model, name, target, str(field.related_name))  # type: ignore[attr-defined]
