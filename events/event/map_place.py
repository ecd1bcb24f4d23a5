"""A place on the map, as people type or paste it: `56.9496, 24.1052`."""

import re

_NUMBER = r"([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*"
_PAIR = re.compile(rf"\s*{_NUMBER}([NS]?)\s*[,;\s]\s*{_NUMBER}([EW]?)\s*", re.IGNORECASE | re.ASCII)


def read(typed: str) -> tuple[object, object]:
    """Degrees north and east; nothing for nothing; what was typed, for the verb to refuse, when it
    cannot be read.
    """
    if not typed.strip():
        return None, None
    found = _PAIR.fullmatch(typed)
    if not found:
        return typed, typed
    north, east = (float(found[i].replace(",", ".")) for i in (1, 3))
    return -north if found[2].upper() == "S" else north, -east if found[4].upper() == "W" else east


def shown(latitude: float | None, longitude: float | None) -> str:
    """The other way; empty where none is known."""
    if latitude is None or longitude is None:
        return ""
    return f"{_said(latitude)}, {_said(longitude)}"


def _said(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")
