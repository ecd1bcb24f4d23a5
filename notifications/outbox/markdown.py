"""What an organiser writes, as HTML for a mail. Markdown (CommonMark) without raw HTML and without
pictures.

Placeholders are filled in after it was read as Markdown, so that no value is ever Markdown or HTML.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_READER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
_PLACE = re.compile(r"(?<!\{)\{([^\W\d]\w{0,39})\}(?!\})")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]*)\]\(<?([^\s()<>]+)>?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1")
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_HREF = re.compile(r'href="([^"]*)"')


def html(written: str, values: Mapping[str, str] | None = None) -> Markup:
    """The written words as HTML, `{placeholder}` replaced by its value as text, an address as a
    link.

    A link that leads elsewhere than to http, https or mailto stays text (the library's own check,
    and ours).
    """
    known = values or {}

    def put(found: re.Match[str]) -> str:
        value = known.get(found[1])
        if value is None:
            return found[0]
        shown = str(escape(value))
        return (
            f'<a href="{shown}">{shown}</a>' if value.startswith(("https://", "http://")) else shown
        )

    def lead(found: re.Match[str]) -> str:
        return f'href="{_address(found[1], known)}"'

    parts = re.split(r"(<[^>]*>)", _read(written))
    html = "".join(_HREF.sub(lead, p) if p.startswith("<") else _PLACE.sub(put, p) for p in parts)
    return Markup(html)  # noqa: S704 - escaped above


def plain(written: str) -> str:
    """The same words for the text part: marks of emphasis and headings gone, a link as its words
    and its address.
    """
    words = _LINK.sub(
        lambda found: found[2] if found[1] in {found[2], ""} else f"{found[1]}: {found[2]}", written
    )
    return _HEADING.sub("", _STRONG.sub(r"\2", words))


def _address(written: str, known: Mapping[str, str]) -> str:
    """Where a link leads: `{link}` alone is the value; a value inside an address is quoted."""
    for name, value in known.items():
        place = f"%7B{name}%7D"
        if written == place and value.startswith(("https://", "http://")):
            return str(escape(value))
        written = written.replace(place, quote(value, safe=""))
    scheme = re.match(r"[\w.+-]+:", written)
    return written if not scheme or scheme[0].casefold() in {"http:", "https:", "mailto:"} else "#"


@lru_cache(maxsize=64)
def _read(written: str) -> str:
    return str(_READER.render(written))
