"""Tickets: 16 characters of Crockford base32, a random 48-bit identity and a 32-bit MAC under a key
of the event.

The MAC is the first four bytes of HMAC-SHA256(event key, the identity as six bytes, big-endian), so
that a phone that holds the event's key tells a genuine ticket from a forged one without reception
(docs/interface.md, "Ticket").
"""

import hmac
import re
import secrets
import struct
import zlib

import qrcode
from qrcode.constants import ERROR_CORRECT_Q

from core import tokens

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_PRINTED = re.compile(f"[{ALPHABET}]{{{LENGTH}}}", re.ASCII)
_LOOKALIKES = str.maketrans("OIL", "011")
_DIGITS = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
"""To what Python reads as base 32."""
_SEPARATORS = str.maketrans("", "", " -\u00a0\u2011\u2013\t\n\r")
_BORDER = 4
_DOT = 12
"""Pixels a module in the PNG: 348 × 348 with the quiet zone."""


def event_key(event_id: int) -> bytes:
    """The key that paired phones of an event hold: 32 bytes."""
    return tokens.key("ticket", event_id)


def new_identity() -> int:
    """48 random bits."""
    return secrets.randbits(48)


def ticket(event_id: int, identity: int) -> str:
    """The ticket of an identity at an event."""
    number = identity << 32 | int.from_bytes(_mac(event_id, identity), "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def normal(code: str) -> str | None:
    """A code as it is printed, read from what someone typed (lower case, hyphens, spaces, O I L),
    or None.
    """
    if _PRINTED.fullmatch(code):
        return code
    bare = code.translate(_SEPARATORS).upper().translate(_LOOKALIKES)
    return bare if _PRINTED.fullmatch(bare) else None


def read(code: str) -> int | None:
    """The identity in a code, or None if it cannot be a ticket. Whether it is genuine, `genuine`
    says.
    """
    found = normal(code)
    return None if found is None else int(found.translate(_DIGITS), 32) >> 32


def genuine(event_id: int, code: str) -> bool:
    """Whether a code was made by us for this event."""
    found = normal(code)
    if found is None:
        return False
    number = int(found.translate(_DIGITS), 32)
    return hmac.compare_digest(
        _mac(event_id, number >> 32), (number & 0xFFFFFFFF).to_bytes(4, "big")
    )


def _mac(event_id: int, identity: int) -> bytes:
    return hmac.digest(event_key(event_id), identity.to_bytes(6, "big"), "sha256")[:4]


def svg(code: str) -> bytes:
    """The QR code as SVG, black on white, with its quiet zone."""
    modules = _modules(code)
    size = len(modules) + 2 * _BORDER
    path = "".join(
        f"M{_BORDER + start} {_BORDER + y}h{length}v1h-{length}z"
        for y, line in enumerate(modules)
        for start, length in _runs(line)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 10}" height="{size * 10}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    ).encode()


def png(code: str) -> bytes:
    """The QR code as PNG, one bit a pixel: the writer takes a tenth of what an imaging library
    takes.
    """
    modules = _modules(code)
    size = (len(modules) + 2 * _BORDER) * _DOT
    blank = b"\x00" + b"\xff" * ((size + 7) // 8)
    picture = bytearray(blank * (_BORDER * _DOT))
    for line in modules:
        bits = "1" * (_BORDER * _DOT) + "".join(("0" if dark else "1") * _DOT for dark in line)
        bits = bits.ljust(-(-size // 8) * 8, "1")
        picture += (b"\x00" + int(bits, 2).to_bytes(len(bits) // 8, "big")) * _DOT
    picture += blank * (_BORDER * _DOT)
    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    chunks = (
        _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(bytes(picture), 4))
        + _chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _modules(code: str) -> list[list[bool]]:
    """Version 1 (21 × 21), alphanumeric, error correction Q: 16 characters fill it. Choosing a mask
    is slow.
    """
    qr = qrcode.QRCode(version=1, error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=2)
    qr.add_data(code, optimize=0)
    qr.make(fit=False)
    return [[bool(dark) for dark in line] for line in qr.modules]


def _runs(line: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(line):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
