"""Plain text: folding for comparison, cleaning of what people paste, addresses of pages."""

import re
import unicodedata
from typing import Any

_plain = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss"}
)
_keep = {"\n", "\t"}


def fold(value: str) -> str:
    """For comparison (docs/counting-rules.md): NFKD, marks removed, case folded, spaces collapsed."""
    bare = value
    if not value.isascii():
        bare = "".join(
            c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c)
        )
    return " ".join(bare.casefold().split())


def search_key(value: str) -> str:
    """For finding by typing: folded, and letters without a decomposition (ø, æ, ł) as people type
    them.
    """
    return fold(value.translate(_plain))


def clean(value: str, *, lines: bool = False) -> str:
    """What a person typed without control characters, lone surrogates and bidi overrides; one line
    unless `lines`.
    """
    if value.isprintable():
        # no character of the kinds below, and no other space than the plain one
        return value.strip() if lines else " ".join(value.split())
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        c
        for c in value
        if c in _keep or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _BIDI)
    )
    return kept.strip() if lines else " ".join(kept.split())


_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def harmless(value: Any, depth: int = 20) -> Any:
    """A JSON value whose texts (keys too) have no control characters, lone surrogates or bidi
    overrides.

    What is nested deeper than `depth` is nothing that we ask for: None.
    """
    if isinstance(value, str):
        return value if value.isprintable() else clean(value, lines=True)
    if isinstance(value, list):
        return [harmless(v, depth - 1) for v in value] if depth else None
    if isinstance(value, dict):
        return {harmless(k): harmless(v, depth - 1) for k, v in value.items()} if depth else None
    return value


def slug(value: str, limit: int = 60) -> str:
    """A name for an address: lower case, digits and hyphens; never empty."""
    found = re.sub(r"[^a-z0-9]+", "-", search_key(value)).strip("-")[:limit].strip("-")
    return found or "x"


EMAIL = re.compile(
    r"^[^@\s\"(),:;<>\[\]\\]{1,64}@[^@\s\"(),:;<>\[\]\\.]+(\.[^@\s\"(),:;<>\[\]\\.]+)+$"
)


def is_email(value: str) -> bool:
    """Whether this can be an address that mail is sent to."""
    return len(value) <= 254 and bool(EMAIL.match(value))
