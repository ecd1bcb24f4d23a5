"""The schema: migrations under a lock, and whether a database fits this program."""

from collections.abc import Sequence

from tortoise import Tortoise
from tortoise.migrations.api import migrate as tortoise_migrate

from core import db
from core.settings import Settings


async def migrate(settings: Settings, modules: Sequence[str]) -> None:
    """Bring the schema to head."""
    await tortoise_migrate(config=db.config(settings, modules))
    await Tortoise.close_connections()
