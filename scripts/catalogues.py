"""The catalogues of the languages, under locales/.

catalogues.py extract   write locales/messages.pot from the program and the templates
catalogues.py update    extract, then bring what is new into every language's messages.po
catalogues.py compile   messages.po to messages.mo, where it is older or missing
catalogues.py check     is everything extracted, translated, well-formed and in plain words?
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locales"
TEMPLATE = LOCALES / "messages.pot"
SOURCE = "en"
TRANSLATIONS = ("lt", "lv", "nb")

PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "lt": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
    # Babel's own rule for Latvian is wrong for 10; the forms are those of CLDR: zero, one, other.
    "lv": "nplurals=3; plural=(n%10==0 || (n%100>=11 && n%100<=19) ? 0 : n%10==1 && n%100!=11 ? 1 : 2);",
    "nb": "nplurals=2; plural=(n != 1);",
}

KEYWORDS = {**DEFAULT_KEYWORDS, "Lazy": None, "plural": None}

REFUSED = {
    r"[Tt]ake (\w+ ){0,3}along": "Export, or Download my data",
    r"^(Later|Earlier)$": "Move down, Move up",
    r"\b[Ii]ts page\b": "Public page",
    r"[Ww]hat (you|was) said": "Your answers, Answers",
    r"What to look at|[Pp]lease look at these": "To review",
    r"[Pp]eople are forgotten": "Delete personal data on",
    r"What it made and uses": "Outputs and resources",
    r"Whether it is genuine says": "Check that it is genuine at",
    r"[Ss]ay so until": "reply by",
    r"[Rr]egister until": "Register by",
    r"fall(s|en) free": "A place has become available",
    r"(?<!-)\b[Mm]ails?\b(?! server| program)": "e-mail",
    r"That was too often|Too many tries": "Too many attempts",
    r"\b[Tt]rainings\b": "Training courses",
    r"Keys for programs": "API keys",
    r"^Made( an?| the| as| %|$)": "Created",
    r"is not one of ours": "Invalid",
    r"[Tt]hose registered were told": "Everyone registered has been notified",
    r"\b[Ll]eave (it )?out\b": "Remove",
    r"\bone can\b": "you can",
    r"\b[Yy]ou need not\b": "you don't need to",
}
"""English that sounds translated, and what to write instead."""

Found = Iterator[tuple[int, str, Any, list[str]]]


def main() -> None:
    commands: dict[str, Callable[[], None]] = {
        "extract": write_template,
        "update": update,
        "compile": compile_all,
        "check": check,
    }
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()


def lazy(source: IO[bytes], keywords: Any, comments: Any, options: Any) -> Found:
    """Sentences of a Python file; `_("%(n)s seat", "%(n)s seats", n=n)` holds a plural too."""
    # Babel's annotation names what a later step gives; its text names what comes here.
    found: Any = extract_python(source, keywords, comments, options)
    for line, name, said, remarks in found:
        texts = said if isinstance(said, tuple) else (said,)
        if name in {"_", "Lazy", "plural"}:
            # A bare ", " is that of a `", ".join(…)` among the values.
            plural = len(texts) > 1 and any(map(str.isalpha, texts[1] or ""))
            yield (
                line,
                "ngettext" if plural else "gettext",
                texts[:2] if plural else texts[0],
                remarks,
            )
        else:
            yield line, name or "gettext", said, remarks


METHODS: list[tuple[str, Any]] = [
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("templates/**.txt", "jinja2.ext:babel_extract"),
    ("templates/**.svg", "jinja2.ext:babel_extract"),
    ("**.py", lazy),
]
# As core.http.pages makes its environment: else a {% trans %} is another sentence here than on the
# page.
JINJA = {
    "extensions": "jinja2.ext.do",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
OPTIONS = {f"templates/**.{kind}": JINJA for kind in ("html", "txt", "svg")}
FOLDERS = (
    "viesis",
    "indicators",
    "checkin",
    "registrations",
    "events",
    "accounts",
    "notifications",
    "core",
    "demo",
)


def extracted() -> Catalog:
    """Every sentence of the program, with the files it is in; without line numbers, which would
    always change.
    """
    catalog = Catalog(project="Viesis", copyright_holder="the authors of Viesis", charset="utf-8")
    for folder in ("templates", *FOLDERS):
        for name, _line, said, remarks, context in extract_from_dir(
            ROOT / folder,
            method_map=[
                (pattern.removeprefix("templates/"), method) for pattern, method in METHODS
            ],
            options_map={
                pattern.removeprefix("templates/"): options for pattern, options in OPTIONS.items()
            },
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        ):
            where: list[Any] = [(f"{folder}/{name}", None)]
            catalog.add(said, locations=where, auto_comments=remarks, context=context)
    return catalog


def written(catalog: Catalog, *, template: bool = False) -> bytes:
    """The catalogue as a file: sorted, and without dates, so that two people's changes meet without
    a conflict.
    """
    catalog.fuzzy = False
    file = io.BytesIO()
    write_po(
        file,
        catalog,
        width=100,
        sort_by_file=False,
        sort_output=True,
        omit_header=True,
        include_previous=False,
    )
    language = "" if template else str(catalog.locale)
    plurals = "" if template else f'"Plural-Forms: {PLURALS[language]}\\n"\n'
    header = (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: Viesis\\n"\n'
        f'"Language: {language}\\n"\n{plurals}'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header.encode() + file.getvalue()


def write_template() -> None:
    LOCALES.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written(extracted(), template=True))


def update() -> None:
    write_template()
    found = extracted()
    for language in (SOURCE, *TRANSLATIONS):
        path = po(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(language) if path.exists() else Catalog(locale=language)
        catalog.update(found, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.write_bytes(written(catalog))
    compile_all()


def compile_all() -> None:
    """Write each messages.mo that is missing or older than its messages.po."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/messages.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        # Moved into place: a program that starts meanwhile never reads half a catalogue.
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalog)
        fresh.replace(target)


def check() -> None:
    wrong: list[str] = []
    found = extracted()
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != written(found, template=True):
        wrong.append("locales/messages.pot is not what the program says: make translations")
    for language in (SOURCE, *TRANSLATIONS):
        wrong += (
            complaints(language, found)
            if po(language).exists()
            else [f"{language}: there is no messages.po"]
        )
    wrong += refused(found)
    if wrong:
        sys.exit("\n".join(wrong))


def refused(found: Catalog) -> list[str]:
    """The English sentences that use a refused word, one line each."""
    return [
        f"{SOURCE}: not {match[0]!r} but {better}: {text!r}"
        for message in found
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        for pattern, better in REFUSED.items()
        if (match := re.search(pattern, text))
    ]


def complaints(language: str, found: Catalog) -> list[str]:
    """What is missing or wrong in a language, one line each."""
    catalog = read(language)
    lines = (
        []
        if catalog.plural_forms.rstrip(";") == PLURALS[language].rstrip(";")
        else [f"{language}: Plural-Forms is not ours"]
    )
    for message in found:
        said = catalog.get(message.id, context=message.context) if message.id else None
        if said is None:
            if message.id:
                lines.append(f"{language}: not in the catalogue: {message.id!r}")
            continue
        if language != SOURCE and not complete(said, catalog.num_plurals):
            lines.append(f"{language}: not translated: {message.id!r}")
        lines += [f"{language}: {error}: {message.id!r}" for error in said.check(catalog)]
    return lines


def complete(message: Message, plurals: int) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    wanted = plurals if message.pluralizable else 1
    return len(forms) == wanted and all(forms) and not message.fuzzy


def read(language: str) -> Catalog:
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def po(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "messages.po"


if __name__ == "__main__":
    main()
