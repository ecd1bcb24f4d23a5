"""Return addresses for bounces and replies: a purpose, an id and a MAC, so that nobody can invent
one.

`viesis+bounce-4711-0a1b2c3d4e5f@example.org`: the sender's own mailbox name before the +, so that a
server with recipient delimiters, or one that hands a whole domain over, brings it to
`VIESIS_MAIL_IN`.
"""

import hmac
import re
from email.utils import parseaddr

from core import settings, tokens

_FORM = re.compile(r"(?:[^+]+\+)?([a-z]+)-(\d{1,18})-([0-9a-f]{16})")


def address(purpose: str, identity: int) -> str:
    """The address for this purpose and this object; empty when no mail is taken in. `purpose` is
    a-z.
    """
    given = settings.get()
    if not given.mail_in:
        return ""
    local, _at, domain = parseaddr(given.mail_from)[1].rpartition("@")
    return f"{local.split('+')[0]}+{purpose}-{identity}-{_mac(purpose, identity)}@{given.mail_in_domain or domain}"


def read(email: str) -> tuple[str, int] | None:
    """Purpose and object of one of our addresses; None for any other, and for one that somebody
    made up.
    """
    found = _FORM.fullmatch(email.rpartition("@")[0].casefold())
    if not found or not hmac.compare_digest(found[3], _mac(found[1], int(found[2]))):
        return None
    return found[1], int(found[2])


def _mac(purpose: str, identity: int) -> str:
    return tokens.key("mailbox", f"{purpose}:{identity}").hex()[:16]
