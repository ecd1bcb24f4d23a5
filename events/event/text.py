"""An event in words: its addresses, its times, and the fields that can be changed."""

from datetime import datetime
from typing import Any

from core import settings, times
from core.clock import now
from core.i18n import text
from events.event import fields


class Said:
    """The words of an event; its columns are in events.event.event."""

    slug: Any
    title: Any
    timezone: Any
    ends_at: Any
    fetch_related: Any

    @property
    def name(self) -> str:
        """Its title in the person's language."""
        return text(self.title)

    @property
    def url(self) -> str:
        """Its page."""
        return f"{settings.get().base_url}/e/{self.slug}"

    @property
    def calendar_url(self) -> str:
        """Its feed."""
        return f"{self.url}.ics"

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return bool(self.ends_at <= now())

    def iso(self, moment: datetime | None) -> str | None:
        """A moment in the event's zone, ISO 8601 with its offset."""
        return times.iso(moment, self.timezone) if moment else None

    async def described(self) -> dict[str, Any]:
        """What can be changed, in words of JSON: what history compares and keeps. Times are in the
        event's zone.
        """
        await self.fetch_related(*fields.PARTS)
        return self.described_now()

    def described_now(self) -> dict[str, Any]:
        """As `described`, where `event_fields.PARTS` are fetched."""
        event: Any = self
        columns = {name: getattr(event, name) for name in fields.PLAIN}
        hours = {name: self.iso(getattr(event, name)) for name in fields.TIMES}
        series = dict(event.series.title) if event.series else None
        return {**columns, **hours, **fields.linked_now(event), "series": series}
