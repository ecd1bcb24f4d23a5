"""Who was erased, kept beside the backups, so that a restore does not bring them back.

One line a person under the data folder: ids and a keyed hash of the address; whoever reads it
learns nobody's name.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core import settings, tokens
from core.clock import now
from registrations.registration.persons import Person

FILE = "erased.jsonl"


def path() -> Path:
    """Where the journal is."""
    return settings.get().data_dir / FILE


def note(person: Person) -> None:
    """Write a person down, on the disk before this returns. Call it while the address is still
    known.
    """
    path().parent.mkdir(parents=True, exist_ok=True)
    line = {
        "at": now().isoformat(),
        "project": person.project_id,
        "person": person.id,
        "who": _who(person),
    }
    with path().open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(line) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


async def returned() -> list[Person]:
    """Those written down who are in the database again."""
    found = []
    for line in _lines():
        person = await Person.get_or_none(
            id=line["person"], project_id=line["project"], erased_at=None
        )
        if person and _who(person) == line["who"]:
            found.append(person)
    return found


def _lines() -> Iterator[dict[str, Any]]:
    if path().exists():
        with path().open(encoding="utf-8") as journal:
            for line in journal:
                if line.endswith("}\n"):  # else the disk was full in the middle of it
                    yield json.loads(line)


def _who(person: Person) -> str:
    return tokens.hashed(tokens.key("erased", person.id).hex() + person.email_folded)
