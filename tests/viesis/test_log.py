"""What `viesis serve` writes to its log: nothing that opens a participant's page or calendar."""

from pathlib import Path

import httpx
import pytest

from core.settings import Settings
from tests.support.running import program


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_secret_address_comes_into_the_log(fresh: Settings, tmp_path: Path) -> None:
    secrets = ["vsc_1_" + "a" * 40, "vsr_" + "b" * 40, "vsc_" + "c" * 40]
    paths = [
        f"/r/{secrets[0]}.ics",
        f"/r/{secrets[1]}",
        f"/r/{secrets[1]}/ticket.svg",
        f"/desk/calendar/{secrets[2]}.ics",
    ]
    log = tmp_path / "serve.log"
    with program(fresh.database_url, tmp_path, log=log) as running:
        assert [httpx.get(running.url + path).status_code for path in paths] == [404] * 4
        assert httpx.post(f"{running.url}/r/{secrets[1]}", content=b"\xff").status_code in {
            404,
            405,
        }
    written = log.read_text()
    assert [secret for secret in secrets if secret in written] == []
