"""One running program per engine for all these tests; each test makes projects of its own."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.outside import Api, Later, Outside, at
from tests.support.postgres import Server
from tests.support.running import program
from tests.support.smtp import smtp_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What only waits comes after the others of its engine. The first test starts the program and
    runs commands: that takes its time.
    """
    ours = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    waiting = [item for item in ours if item.get_closest_marker("last")]
    for item in ours:
        item.add_marker(pytest.mark.timeout(400))
    for item in waiting:
        items.remove(item)
        others = [one for one in ours if one not in waiting and engine_of(one) == engine_of(item)]
        items.insert(items.index(others[-1]) + 1 if others else len(items), item)


def engine_of(item: pytest.Item) -> str:
    """The engine of a test that meets the program."""
    return "postgres" if "postgres" in item.name.partition("[")[2] else "sqlite"


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def outside(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    """The program on a fresh database, with a mail server."""
    folder: Path = tmp_path_factory.mktemp("acceptance")
    url = f"sqlite://{folder / 'viesis.db'}"
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        url = server.create_database()
    with (
        smtp_server() as smtp,
        program(url, folder, smtp_url=f"{smtp.url}", mail_from="viesis@example.org") as running,
    ):
        running.command("user", "add", "admin@example.org", "--admin")
        token = running.last_line("token", "add", "admin@example.org", "--name", "tests")
        with httpx.Client(base_url=running.url, timeout=30) as http:
            found = Outside(str(request.param), running, Api(http, token), smtp, Later(smtp))
            found.project().event(at(3, 9)).register(email=found.later.address)
            found.later.start()
            yield found
