"""Accounts and keys from the command line."""

import pytest

from accounts.sessions.api_tokens import ApiToken
from core.errors import DomainError
from tests.support import factories
from viesis.commands.accounts import add_token


@pytest.mark.parametrize("name", ["", "  "])
async def test_a_key_says_what_it_is_for(database: object, name: str) -> None:
    await factories.user("alice@example.org")
    with pytest.raises(DomainError) as refused:
        await add_token("alice@example.org", name=name)
    assert (refused.value.status, list(refused.value.fields)) == (422, ["name"])
    assert await ApiToken.all().count() == 0
