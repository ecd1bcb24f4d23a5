"""The list of people to take along: CSV and XLSX, in which no cell can be a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from core.i18n import Lazy, _, fmt, language, text
from events.event.event import Event
from events.programme.sessions import Session
from registrations.form import form
from registrations.form.answers import asked
from registrations.registration.choices import Choice
from registrations.registration.registration import Registration
from registrations.registration.waiting_list import with_positions

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins so for a formula."""

Row = list[str | int | float | datetime]
"""A datetime is a time of the day and place of the event, without a zone, as spreadsheets know
it.
"""

HEAD: tuple[Lazy, ...] = (
    _("Name"),
    _("E-mail"),
    _("Status"),
    _("Number on the waiting list"),
    _("Role"),
    _("Organisation"),
    _("Kind of organisation"),
    _("Country"),
    _("Gender"),
    _("Year of birth"),
    _("Group"),
    _("Language"),
    _("Sessions"),
    _("Ticket"),
    _("Registered"),
    _("Calendar reply"),
)


async def table(event: Event) -> tuple[list[str], list[Row]]:
    """Everyone there ever was, by name: head and rows. Needs kept apart are not in it."""
    found = await Registration.filter(event_id=event.id).prefetch_related("person", "organisation")
    await with_positions(found)
    found.sort(key=lambda r: (r.person.search, r.id))
    titles = {s.id: text(s.title) for s in await Session.filter(event_id=event.id)}
    chosen: dict[int, list[str]] = {}
    for choice in await Choice.filter(registration__event_id=event.id).order_by("session_id"):
        chosen.setdefault(choice.registration_id, []).append(titles.get(choice.session_id, ""))
    questions = [q for q in await asked(event) if not q.private]
    head = [str(h) for h in HEAD] + [text(q.label) for q in questions]
    rows: list[Row] = []
    for one in found:
        answers = [
            form.in_words(q, one.answers[q.key]) if q.key in one.answers else "" for q in questions
        ]
        rows.append([*_person(one, event, ", ".join(chosen.get(one.id, []))), *answers])
    return head, rows


def _person(one: Registration, event: Event, sessions: str) -> Row:
    organisation = one.organisation if one.organisation_id else None
    return [
        one.person.name,
        one.person.email,
        str(form.STATUS_WORDS[one.status]),
        one.place_in_line or "",
        str(form.ROLE_WORDS[one.role]),
        text(organisation.name) if organisation else "",
        str(form.KIND_WORDS.get(organisation.kind, "")) if organisation else "",
        fmt.country(one.country),
        str(form.GENDER_WORDS.get(one.gender, "")),
        one.birth_year or "",
        one.target_group,
        one.language,
        sessions,
        one.ticket,
        one.created_at.astimezone(ZoneInfo(event.timezone)).replace(tzinfo=None),
        str(form.REPLY_WORDS.get(one.reply, "")),
    ]


def as_csv(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with a byte order mark, separated as spreadsheets of the reader's language expect it.

    A cell that would be a formula gets an apostrophe before it, which spreadsheets take for "this
    is text".
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter="," if language() == "en" else ";")
    writer.writerow([_harmless(h) for h in head])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _harmless(cell: str | float | datetime) -> str | float:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "'" + cell if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def as_xlsx(title: str, head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A workbook; every text is text, whatever it begins with, so telephone numbers stay as they
    are.
    """
    out = io.BytesIO()
    options: dict[str, Any] = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet()
        bold, moment = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        for column, words in enumerate(head):
            sheet.write_string(0, column, words, bold)
        for n, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(n, column, cell[:32_000])
                elif isinstance(cell, datetime):
                    sheet.write_datetime(n, column, cell, moment)
                else:
                    sheet.write_number(n, column, cell)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(head), 20)
    return out.getvalue()
