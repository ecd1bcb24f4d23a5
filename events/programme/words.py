"""What the columns of a programme are called, and the kinds of its items: in four languages, and as
people say them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from core.i18n import LANGUAGES, Lazy, _, fmt, speaking
from core.text import search_key
from events.event.kind import SessionKind

COLUMNS: dict[str, Lazy] = {
    "day": _("Day"),
    "starts": _("Begins"),
    "ends": _("Ends"),
    "end_day": _("Ends on another day"),
    "title": _("Title"),
    "kind": _("Kind"),
    "place": _("Room or place"),
    "speakers": _("Speakers"),
    "description": _("Description"),
    "capacity": _("Seats of its own"),
    "counted": _("Attendance is taken"),
    "timezone": _("Time zone"),
    "end_timezone": _("Time zone at the end"),
    "reference": _("Reference (leave it as it is)"),
}
"""In the order in which they are written; `title` and `description` once for each language."""
TIME = _("Time")
TEXTS = ("title", "description")

_SAID = {
    "day": "date, day, datums, diena, data, dato, dag, start date, date start, day date, sākuma datums, pradžios data, "
    "startdato",
    "starts": "start, starts, start time, begin, begins, begin time, from, starts at, starts_at, dtstart, sākums, "
    "sākas, sākuma laiks, no, pradžia, pradžios laikas, nuo, prasideda, starttid, fra, begynner, date and time, "
    "datums un laiks, data ir laikas, dato og tid, start date and time",
    "ends": "end, ends, end time, finish, until, to, till, ends at, ends_at, dtend, beigas, beidzas, beigu laiks, "
    "līdz, pabaiga, pabaigos laikas, iki, baigiasi, slutt, sluttid, slutter, til",
    "end_day": "end date, end day, last day, date end, beigu datums, pabaigos data, sluttdato",
    "time": "time, times, hours, laiks, laikas, tid, klokkeslett, tidspunkt, when, kad, kada",
    "title": "title, name, session, topic, subject, summary, talk, item, activity, event, programme, agenda, "
    "nosaukums, temats, tēma, pasākums, darba kārtība, aktivitāte, pavadinimas, tema, sesija, renginys, darbotvarkė, "
    "tittel, navn, emne, sesjon, innhold, aktivitet",
    "kind": "kind, type, category, session type, format, veids, tips, kategorija, rūšis, tipas, slag, kategori",
    "place": "place, room, location, venue, hall, where, room or place, telpa, vieta, zāle, norises vieta, kur, "
    "salė, kambarys, patalpa, rom, sted, sal, lokale, hvor",
    "speakers": "speakers, speaker, presenter, presenters, person, persons, lecturer, moderator, runātājs, runātāji, "
    "lektors, lektori, vadītājs, pranešėjas, pranešėjai, kalbėtojai, lektorius, foredragsholder, foredragsholdere, "
    "taler, talere, innleder, innledere",
    "description": "description, abstract, details, notes, text, apraksts, saturs, piezīmes, aprašymas, aprašas, "
    "turinys, pastabos, beskrivelse, omtale, detaljer",
    "capacity": "capacity, seats, places, vietas, vietu skaits, vietos, vietų skaičius, plasser, antall plasser",
    "counted": "counted, attendance, attendance is taken",
    "timezone": "time zone, timezone, tz, zone, laika josla, laiko juosta, tidssone",
    "end_timezone": "end time zone, end timezone, end_timezone",
    "reference": "reference, uid, id, nr ref",
}

_KINDS = {
    "talk": "lecture, presentation, keynote, speech, panel, discussion, opening, welcome, closing, talk, plenary, "
    "lekcija, prezentācija, diskusija, atklāšana, uzruna, paskaita, pranešimas, pristatymas, diskusija, atidarymas, "
    "foredrag, presentasjon, innlegg, debatt, åpning",
    "workshop": "workshop, group work, exercise, training, seminar, darbnīca, grupu darbs, nodarbība, seminārs, "
    "dirbtuvės, grupinis darbas, seminaras, verksted, gruppearbeid, øvelse",
    "visit": "visit, site visit, tour, excursion, study visit, vizīte, apmeklējums, ekskursija, vizitas, apsilankymas, "
    "besøk, omvisning, befaring",
    "travel": "travel, transfer, bus, train, flight, journey, departure, arrival, transport, brauciens, pārbrauciens, "
    "lidojums, autobuss, kelionė, skrydis, autobusas, pervežimas, reise, transport, buss, tog, fly",
    "meal": "meal, lunch, dinner, breakfast, supper, reception, pusdienas, vakariņas, brokastis, maltīte, pietūs, "
    "vakarienė, pusryčiai, lunsj, middag, frokost, måltid",
    "stay": "stay, hotel, accommodation, overnight, night, overnight stay, nakšņošana, viesnīca, nakvynė, viešbutis, "
    "overnatting, hotell",
    "break": "break, coffee, coffee break, pause, networking, free time, pārtraukums, kafijas pauze, pertrauka, kavos "
    "pertrauka, kaffepause",
}

_YES = {"yes", "y", "true", "1", "x", "ja", "jā", "taip"}
_NO = {"no", "n", "false", "0", "nei", "ne", "nē"}


def key(said: str) -> str:
    """A word as it is compared: without case, accents, points and what is in brackets."""
    return " ".join(
        re.sub(r"[^\w/ -]", " ", search_key(re.sub(r"\(.*?\)|\[.*?\]|\*", " ", said))).split()
    )


@lru_cache
def _headers() -> dict[str, str]:
    found = {key(word): name for name, words in _SAID.items() for word in words.split(",")}
    for code in LANGUAGES:
        with speaking(code):
            found |= {key(str(word)): name for name, word in COLUMNS.items()}
            found[key(str(TIME))] = "time"
    return found


@lru_cache
def _kinds() -> dict[str, str]:
    found = {key(word): name for name, words in _KINDS.items() for word in words.split(",")}
    found |= {name: name for name in SessionKind.labels()}
    for code in LANGUAGES:
        with speaking(code):
            found |= {key(str(word)): name for name, word in SessionKind.labels().items()}
    return found


def column(said: str) -> tuple[str, str] | None:
    """What a column is for, and the language that its head names: `Title (lv)`, `title_lv`; None
    for an unknown one.
    """
    if len(said) > 100:
        return None
    language = ""
    if match := re.search(r"[\s_(\[-]([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)[)\]]?\s*$", said):
        language, bare = match[1], said[: match.start()]
        if key(bare) in _headers() and _headers()[key(bare)] in TEXTS:
            return _headers()[key(bare)], _code(language)
    name = _headers().get(key(said)) or _headers().get(
        key(said.replace("_", " ").partition("/")[0])
    )
    return (name, "") if name else None


def _code(given: str) -> str:
    head, _sep, tail = given.partition("-")
    short = {"no": "nb", "nn": "nb"}.get(head.lower(), head.lower())
    return f"{short}-{tail}" if tail else short


def kind_named(said: str) -> str:
    """The kind of session that a word means, or nothing."""
    whole = key(said)
    return _kinds().get(whole, "") if len(said) < 100 else ""


def yes_or_no(said: str) -> bool | None:
    """What a cell says; None when neither."""
    word = said.casefold()
    if word in _YES:
        return True
    return False if word in _NO else None


def speakers(said: str) -> list[str]:
    """Names: one a line, or with `;` or `,` between them."""
    mark = next((m for m in ("\n", ";", ",") if m in said), "\n")
    return [name.strip() for name in said.split(mark) if name.strip()]


def speakers_said(names: Sequence[str]) -> str:
    """The other way, so that it is read as the same names."""
    if not any("," in n or ";" in n for n in names):
        return ", ".join(names)
    mark = "\n" if any(";" in n for n in names) else ";"
    return mark.join(names) + (mark if len(names) == 1 else "")


def heads(codes: list[str]) -> list[tuple[str, str, str]]:
    """(field, language, head) of each column of a table that we write, in the reader's language."""
    found = []
    for name, word in COLUMNS.items():
        if name not in TEXTS:
            found.append((name, "", str(word)))
        else:
            found += [
                (name, code, f"{word} ({code})" if len(codes) > 1 else str(word)) for code in codes
            ]
    return found


def language_name(code: str) -> str:
    """A language's name in the reader's."""
    return fmt.locale.languages.get(code) or LANGUAGES.get(code, code)
