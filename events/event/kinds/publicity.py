"""A publicity event: the project shows itself to whoever is interested."""

from core.i18n import _
from events.event.kind import Detail, Kind

KIND = Kind(
    "publicity",
    _("Publicity event"),
    _("Publicity events"),
    "flag",
    details=(
        Detail("media", _("Media invited"), "lines"),
        Detail(
            "news_url",
            _("News about it"),
            "address",
            _("The address of an article, after the event."),
            shown=True,
        ),
    ),
)
