"""What libical 3 says about a calendar. `python -m tests.support.libical` ends with 0 if the
library is there.
"""

import ctypes
import sys
from ctypes.util import find_library
from functools import cache
from pathlib import Path

UNPACKED = Path(__file__).resolve().parents[2] / ".cache" / "libical"


@cache
def library() -> ctypes.CDLL:
    """The system's libical, else one that scripts/bring.sh unpacked. Raises OSError if there is
    none.
    """
    if name := find_library("ical"):
        loaded = ctypes.CDLL(name)
    else:
        for part in ("libicudata", "libicuuc", "libicui18n"):
            for needed in sorted(UNPACKED.rglob(f"{part}.so.*"))[:1]:
                ctypes.CDLL(str(needed), mode=ctypes.RTLD_GLOBAL)
        found = sorted(UNPACKED.rglob("libical.so.3"))
        if not found:
            raise OSError("libical 3 is not here")
        loaded = ctypes.CDLL(str(found[0]))
    for function in ("icalparser_parse_string", "icalcomponent_as_ical_string"):
        getattr(loaded, function).restype = ctypes.c_void_p
    loaded.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    loaded.icalcomponent_free.argtypes = [ctypes.c_void_p]
    loaded.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    loaded.icalrestriction_check.argtypes = [ctypes.c_void_p]
    return loaded


def complaints(calendar: bytes) -> list[str]:
    """The errors that libical notes while it reads and checks a calendar, one line each; none is
    what we want.
    """
    ical = library()
    component = ical.icalparser_parse_string(calendar)
    if not component:
        return ["not a calendar"]
    sound = ical.icalrestriction_check(component)
    text = ctypes.string_at(ical.icalcomponent_as_ical_string(component)).decode()
    ical.icalcomponent_free(component)
    lines = text.replace("\r\n ", "").split("\r\n")
    errors = [line for line in lines if line.startswith("X-LIC-ERROR")]
    return errors or ([] if sound else ["icalrestriction_check fails"])


if __name__ == "__main__":
    try:
        library()
    except OSError:
        sys.exit(1)
