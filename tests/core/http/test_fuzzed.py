"""Schemathesis sends odd things to every call, with the ids of things that exist: never a fault of
ours.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.settings import Settings
from tests.access_world import World, made
from tests.support.running import Program, program

LEFT_OUT = ("/api/v1/events/{event}/cancellation",)
"""What would make all that follows be refused."""


@pytest.fixture
def served(database: Settings) -> Iterator[tuple[Program, Path]]:
    """The program, and its folder."""
    with (
        tempfile.TemporaryDirectory(prefix="viesis-") as folder,
        program(database.database_url, Path(folder)) as one,
    ):
        yield one, Path(folder)


@pytest.mark.timeout(600)
async def test_no_call_breaks(served: tuple[Program, Path]) -> None:
    one, folder = served
    world = await made()
    async with httpx.AsyncClient() as client:
        document = (await client.get(f"{one.url}/api/v1/openapi.json")).json()
    schema = folder / "schema.json"
    await asyncio.to_thread(schema.write_text, json.dumps(with_ids(document, world)))
    words = [
        "run",
        str(schema),
        "--url",
        one.url,
        "-H",
        f"Authorization: Bearer {world.bearers['administrator']}",
    ]
    words += [
        "--checks",
        "not_a_server_error",
        "--phases",
        "coverage,fuzzing",
        "-n",
        "4",
        "--no-color",
    ]
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("schemathesis")), *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
    )
    said, _none = await process.communicate()
    assert process.returncode == 0, said.decode()


def with_ids(document: dict[str, Any], world: World) -> dict[str, Any]:
    """The document with addresses of what there is."""
    document["paths"] = {
        path: calls for path, calls in document["paths"].items() if path not in LEFT_OUT
    }
    for path, calls in document["paths"].items():
        for call in calls.values():
            for given in call.get("parameters", []):
                if given["in"] == "path":
                    name = "manual indicator" if path.endswith("/values") else given["name"]
                    given["schema"] = {"type": "string", "enum": [world.ids[name]]}
    return document
