"""The lock of a project's attendance: who settles scans, and who makes them unsettled, takes
turns.
"""

from core import db, sql


async def lock(project_id: int) -> None:
    """Until the end of the transaction nobody else settles this project, and nobody makes its scans
    unsettled.
    """
    if not sql.takes_turns():
        await db.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('attendance', $1::bigint))", project_id
        )
