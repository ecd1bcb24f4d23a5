"""A place where it is day: a door that is open for hours must not close at midnight while a test
stands at it.
"""

from zoneinfo import ZoneInfo

from core.clock import now

PLACES = (
    "Europe/Riga",
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Auckland",
    "Asia/Tokyo",
)


def zone() -> str:
    """The name of a time zone where it is between six in the morning and four in the afternoon;
    Riga's if it can be.
    """
    return next(place for place in PLACES if 6 <= now().astimezone(ZoneInfo(place)).hour < 16)
