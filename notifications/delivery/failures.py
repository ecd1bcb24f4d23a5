"""The five kinds of delivery failure, told apart by the server's answer; each with its words and
retry plan.

Enhanced status codes are those of RFC 3463; a plain code is read as RFC 5321, section 4.2, says.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from core.i18n import Lazy, _

Failure = Literal[
    "refused_address", "full_mailbox", "server_down", "rejected_content", "unknown_outcome", "fault"
]
Stage = Literal["sender", "recipient", "content"]

FAILURES: Mapping[str, Lazy] = {
    "refused_address": _("The address does not exist or accepts no e-mail"),
    "full_mailbox": _("The mailbox is full"),
    "server_down": _("The mail server is away or asks to come later"),
    "rejected_content": _("The mail server does not accept this e-mail"),
    "unknown_outcome": _("No clear answer: perhaps it arrived"),
    "fault": _("This e-mail could not be written: a fault of ours"),
    "bounced": _("It came back"),
}
"""What happened, for people; `bounced` is a mail that was taken first and came back later."""
ADVICE: Mapping[str, Lazy] = {
    "refused_address": _(
        "Look for a slip in the address, or ask the person for another one, and correct it on the person's page: "
        "a new link then goes to the new address."
    ),
    "full_mailbox": _(
        "It is tried again for some days. Tell the person another way, or ask for another address."
    ),
    "server_down": _("Nothing to do: it is tried again by itself, more and more rarely."),
    "rejected_content": _(
        "The server took it for spam, or found it too large. Read what it says; change the "
        "words or attach less, and try again. If every e-mail is refused, whoever runs this "
        "installation should run: viesis check --mail"
    ),
    "unknown_outcome": _(
        "It is tried again until the answer is clear; a mail program shows it once all the same."
    ),
    "fault": _("Tell whoever runs this installation."),
}
"""What an organiser can do about it."""

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_FULL = re.compile(
    r"over ?quota|quota exceeded|mailbox (is )?full|full mailbox|not enough space in", re.IGNORECASE
)


@dataclass(frozen=True)
class Plan:
    """When to try again: the first pause (seconds, at least), and after how many tries to give up
    (0: never).
    """

    first: float
    tries: int


_PLANS: Mapping[str, Plan] = {
    "refused_address": Plan(60, 1),
    "rejected_content": Plan(60, 1),
    "full_mailbox": Plan(3600, 8),
    "server_down": Plan(60, 12),
    "unknown_outcome": Plan(60, 0),
    "fault": Plan(60, 5),
}


def kind(stage: Stage, code: int, said: str) -> Failure:
    """What a 4xx or 5xx means: of the sender, of the recipient, or of the content (after the final
    dot).
    """
    permanent = 500 <= code < 600
    found = _ENHANCED.search(said)
    subject = f"{found[2]}.{found[3]}" if found else ""
    if subject == "2.2" or (not found and _FULL.search(said)):
        return "full_mailbox"
    if not permanent:
        return "server_down"
    ours = stage == "sender" or subject.startswith(("6.", "7.")) or subject in {"3.4", "2.3"}
    if stage == "content":
        ours = not subject.startswith("1.")
    return "rejected_content" if ours else "refused_address"


def pause(attempts: int, failure: str = "server_down") -> timedelta:
    """How long to wait after so many tries: 60-90 s first (a full mailbox: 1 h), then thrice that,
    at most a day.
    """
    longest = min(_PLANS[failure].first * 1.5 * 3 ** (min(attempts, 12) - 1), 86400.0)
    return timedelta(seconds=longest * random.uniform(2 / 3, 1))  # noqa: S311 - jitter, no secret


def over(failure: str, attempts: int, *, server_wide: bool) -> bool:
    """Whether after so many tries there is no further one. A server that is away altogether is
    waited for.
    """
    tries = _PLANS[failure].tries
    return bool(tries) and attempts >= tries and not server_wide
