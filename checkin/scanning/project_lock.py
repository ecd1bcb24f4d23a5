"""The lock under which a project's scans are settled, and under which settled scans may be
unsettled.
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
