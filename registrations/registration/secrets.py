"""Secret addresses of a registration: derived, so that they can be mailed again; only their hashes
are stored.
"""

from core import tokens


def secret(identity: int, generation: int = 0) -> str:
    """What makes a manage address: derived, so that it can be mailed again; only its hash is
    stored.
    """
    return tokens.derived(tokens.REGISTRATION, identity, generation)


def calendar_secret(registration_id: int, generation: int = 0) -> str:
    """What makes the address of a participant's calendar (registrations.calendar.address); a new
    generation ends it.
    """
    kind = f"{tokens.CALENDAR}{registration_id:x}_"
    return tokens.derived(kind, "participant", generation)
