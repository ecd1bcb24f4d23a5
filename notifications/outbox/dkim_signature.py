"""DKIM (RFC 6376): every mail signed with the domain's key, when one is set.

dkimpy says what is signed (canonicalization), OpenSSL signs: dkimpy's own RSA takes 25 times as
long, longer than writing the mail.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from dkim.canonicalization import Relaxed

from core import settings
from core.clock import now
from core.settings import SettingsError

SIGNED = [
    *(
        b"from",
        b"to",
        b"subject",
        b"date",
        b"message-id",
        b"reply-to",
        b"mime-version",
        b"content-type",
    ),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"auto-submitted"),
]
"""One-click unsubscribing counts only when its headers are signed (RFC 8058, section 4)."""

_LINES = re.compile(rb"\r\n(?![ \t])")
_FOLD = ":\r\n  "
_WIDE = re.compile(rb".{1,72}")


def signed(data: bytes, domain: str) -> bytes:
    """The mail with its signature in front; as it is without a key. `domain` is the sender's; no
    header comes twice.
    """
    given = settings.get()
    if not given.dkim_key:
        return data
    head, _gap, body = data.partition(b"\r\n\r\n")
    there = dict(Relaxed.canonicalize_headers([_named(line) for line in _LINES.split(head)]))
    names = [name for name in SIGNED if name in there]
    print_of_body = base64.b64encode(
        hashlib.sha256(Relaxed.canonicalize_body(body)).digest()
    ).decode()
    value = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};\r\n s={given.dkim_selector}; t={now().timestamp():.0f};\r\n"
        f" h={_FOLD.join(n.decode() for n in names)};\r\n bh={print_of_body};\r\n b="
    ).encode()
    [own] = Relaxed.canonicalize_headers([(b"DKIM-Signature", b" " + value)])
    lines = [*((name, there[name]) for name in names), (own[0], own[1].rstrip(b"\r\n"))]
    signature = _key(given.dkim_key).sign(
        b"".join(n + b":" + v for n, v in lines), padding.PKCS1v15(), hashes.SHA256()
    )
    wrapped = b"\r\n ".join(_WIDE.findall(base64.b64encode(signature)))
    return b"DKIM-Signature: " + value + wrapped + b"\r\n" + data


def _named(line: bytes) -> tuple[bytes, bytes]:
    name, _colon, value = line.partition(b":")
    return name, value + b"\r\n"


def public_key() -> str:
    """What belongs into the domain's DNS, as base64; empty without a key."""
    path = settings.get().dkim_key
    if not path:
        return ""
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(_key(path).public_key().public_bytes(*form)).decode()


@lru_cache(maxsize=4)
def _key(path: str) -> rsa.RSAPrivateKey:
    """Raises SettingsError when the file is no RSA key."""
    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"VIESIS_DKIM_KEY: {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SettingsError("VIESIS_DKIM_KEY: must be an RSA key (openssl genrsa 2048)")
    return key
