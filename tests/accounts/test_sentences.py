"""Every action that the program logs has its sentence."""

import re
from pathlib import Path

from accounts.audit.sentences import ACTIONS
from core import ROOT

PACKAGES = ("viesis", "indicators", "checkin", "registrations", "events", "accounts")


def logged() -> set[str]:
    """The actions named in the calls of `audit`."""
    sources = [
        p.read_text(encoding="utf-8") for name in PACKAGES for p in Path(ROOT / name).rglob("*.py")
    ]
    calls = [
        call
        for source in sources
        for call in re.findall(r"\baudit\(((?:[^()]|\([^()]*\))*)\)", source)
    ]
    return {
        found
        for call in calls
        for found in re.findall(r'"([a-z_]+\.[a-z_]+|signed_in|signed_out)"', call)
    }


def test_every_action_has_its_sentence() -> None:
    assert sorted(logged() - set(ACTIONS)) == []
