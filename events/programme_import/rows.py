"""A row of an imported file, before it is compared with the programme."""

from dataclasses import asdict, dataclass, field
from typing import Any

from core.i18n import Lazy

APART = 10_000
"""Between the numbers of two sheets' rows."""


@dataclass
class Row:
    """One item. `number` is its own in the whole file. `values` are as `Session.add` takes them,
    each where the file says it; times without an offset are local where the item begins and
    ends. `problems` are by the name of a column, `said` what stands in it.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    uid: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sheet: str = ""
    """Its sheet, where several have rows."""
    cancelled: bool = False
    calendar: bool = False
    """Of a calendar: its zones are those that a program wrote, its description may begin with the
    speakers.
    """
    days: list[str] = field(default_factory=list)
    """Of an all-day entry: its first day and the one after its last."""

    @property
    def line(self) -> int:
        """The number that it has in its sheet."""
        return self.number % APART

    @property
    def title(self) -> str:
        """Its title as written."""
        return next((t for t in self.values.get("title", {}).values() if t), "")

    def wrong(self, name: str, message: "Lazy | str") -> None:
        """Note what is wrong; the first of a column stays."""
        self.problems.setdefault(name, str(message))

    def as_json(self) -> dict[str, Any]:
        """For keeping between the preview and what is done."""
        return asdict(self)
