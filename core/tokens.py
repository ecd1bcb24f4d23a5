"""Secrets in addresses: random or derived, always stored as a hash only."""

import hashlib
import hmac
import re
import secrets

from core import settings

SESSION, API, DEVICE, CALENDAR, REGISTRATION, LINK = "vst_", "vsa_", "vsd_", "vsc_", "vsr_", "vsl_"


_SECRET = re.compile(r"\b(vs[a-z]_)[\w-]+")


def random(prefix: str) -> str:
    """A new secret of 160 random bits with the prefix that tells its kind."""
    return prefix + secrets.token_urlsafe(20)


def derived(prefix: str, identity: object, generation: int = 0) -> str:
    """A secret that must be sent again: HMAC(secret, kind, id, generation). A new generation
    revokes the old.
    """
    return prefix + _mac(prefix, identity, generation)[:20].hex()


def key(kind: str, identity: object, generation: int = 0) -> bytes:
    """A key of 32 bytes for one purpose and one object."""
    return _mac(kind, identity, generation)


def hashed(token: str) -> str:
    """What is stored of a secret, and looked up: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def masked(path: str) -> str:
    """An address for a log: without the secrets in it."""
    return _SECRET.sub(r"\1…", path)


def _mac(*parts: object) -> bytes:
    said = "\x1f".join(str(p) for p in parts).encode()
    return hmac.digest(settings.get().secret_key.encode(), said, "sha256")
