"""A worker that dies while it sends loses no mail, and doubles at most what was on its
connections.
"""

import pytest

from core.settings import Settings
from tests.faults.mails import killed
from tests.support.smtp import SmtpServer


@pytest.mark.timeout(180)
async def test_nothing_is_lost_when_a_worker_is_killed(
    database: Settings, smtp: SmtpServer
) -> None:
    database.smtp_url, database.mail_from = smtp.url, "Viesis <viesis@example.org>"
    database.data_dir.mkdir(parents=True, exist_ok=True)
    assert await killed(database, smtp, 200, 2, patient=False) == []
