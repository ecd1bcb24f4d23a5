"""What the tests of mail share."""

import pytest

from core.settings import Settings
from tests.support.smtp import SmtpServer


@pytest.fixture
def mail(database: Settings, smtp: SmtpServer) -> SmtpServer:
    """A server that the settings name; every letter is known."""
    database.smtp_url = smtp.url
    database.mail_from = "Viesis <viesis@example.org>"
    return smtp
