"""DKIM (RFC 6376): every mail signed with the domain's key, when one is set."""

import base64
from functools import lru_cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives import serialization

from core import settings
from core.settings import SettingsError

SIGNED = [
    *(b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"auto-submitted"),
]
"""One-click unsubscribing counts only when its headers are signed (RFC 8058, section 4)."""


def signed(data: bytes, domain: str) -> bytes:
    """The mail with its signature in front; as it is without a key. `domain` is the sender's."""
    given = settings.get()
    if not given.dkim_key:
        return data
    head = data.split(b"\r\n\r\n", 1)[0].lower()
    there = [h for h in SIGNED if b"\n" + h + b":" in b"\n" + head]
    found: bytes = dkim.sign(
        data,
        given.dkim_selector.encode(),
        domain.encode(),
        _key(given.dkim_key),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=there,
    )
    return found + data


def public_key() -> str:
    """What belongs into the domain's DNS, as base64; empty without a key."""
    path = settings.get().dkim_key
    if not path:
        return ""
    key = serialization.load_pem_private_key(_key(path), password=None).public_key()
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_bytes(*form)).decode()


@lru_cache(maxsize=4)
def _key(path: str) -> bytes:
    """Raises SettingsError when the file is no RSA key."""
    try:
        data = Path(path).read_bytes()
        kind = type(serialization.load_pem_private_key(data, password=None)).__name__
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"VIESIS_DKIM_KEY: {error}") from error
    if "RSA" not in kind:
        raise SettingsError("VIESIS_DKIM_KEY: must be an RSA key (openssl genrsa 2048)")
    return data
