"""The files of the check-in app that a phone stores: its page in each language and all that it
uses, under one version.

The list is read from the files themselves, so that nothing is forgotten: what a page names, what
its modules import, what a style sheet shows.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from core import ROOT
from core.http.pages import digest
from core.i18n import LANGUAGES, text
from events.event.event import Event

WORKER = "checkin/decode.worker.js"
DECODER = "vendor/barcode-detector"
ICONS = (
    ("checkin/icon-192.png", "192x192", "any"),
    ("checkin/icon-512.png", "512x512", "any"),
    ("checkin/icon-maskable.png", "512x512", "maskable"),
)
LIGHT = "#eef2f0"
STATIC = "/static/"

_NAMED = re.compile(r"<(?:link|script|img|use|image)\b[^>]*?\b(?:href|src)=\"([^\"#]+)")
_IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+\.(?:js|mjs))["']""")
_SHOWN = re.compile(r"""url\(\s*["']?([^"')#]+)""")


@dataclass(frozen=True)
class Kept:
    """What a phone keeps: addresses, and a version that differs when anything in them does."""

    version: str
    files: tuple[str, ...]


def base(event: Event) -> str:
    """Where the app lives, without the last slash."""
    return f"/c/e/{event.slug}"


def manifest(event: Event, home: str = "") -> dict[str, Any]:
    """The app's name, its icons and where it begins; `home` pairs it where it starts without the
    browser's cookies.
    """
    name = text(event.title)
    scope = base(event) + "/"
    return {
        "id": scope,
        "name": name,
        "short_name": name[:30],
        "start_url": f"{scope}?home={home}" if home else scope,
        "scope": scope,
        "display": "standalone",
        "background_color": LIGHT,
        "theme_color": LIGHT,
        "icons": [
            {"src": _static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in ICONS
        ],
    }


def kept(event: Event, pages: dict[str, bytes]) -> Kept:
    """What the app consists of; `pages` holds its page in each language."""
    named = sorted({a for page in pages.values() for a in _addresses(page.decode())})
    static = _closed([a for a in named if a.startswith(STATIC)])
    icons = [_static(path) for path, _sizes, _purpose in ICONS]
    own = [f"{base(event)}/?shell={code}" for code in pages]
    own += [f"{base(event)}/app.webmanifest", f"{base(event)}/decode.worker.js"]
    coloured = [a for a in named if a.endswith(".css") or "/accent.css" in a]
    files = dict.fromkeys(
        [*own, *[a for a in coloured if not a.startswith(STATIC)], *static, *icons]
    )
    said = json.dumps(
        [sorted(files), sorted(_digests(files)), digest("checkin/sw.js"), manifest(event)]
    )
    whole = hashlib.sha256(said.encode())
    for code in sorted(pages):
        whole.update(pages[code])
    return Kept(whole.hexdigest()[:16], tuple(files))


def script(event: Event, found: Kept) -> str:
    """The service worker: the static file after the list of what it keeps."""
    said = {
        "VERSION": found.version,
        "BASE": base(event),
        "LANGUAGES": list(LANGUAGES),
        "FILES": list(found.files),
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in said.items())
    return head + (ROOT / "static/checkin/sw.js").read_text("utf-8")


def _static(path: str) -> str:
    return f"{STATIC}{path}?v={digest(path)}"


def _addresses(page: str) -> Iterable[str]:
    return (unescape(found) for found in _NAMED.findall(page) if found.startswith("/"))


def _digests(files: Iterable[str]) -> list[str]:
    return [digest(_path(a)) for a in files if a.startswith(STATIC)] + [digest(WORKER)]


def _path(address: str) -> str:
    return urlsplit(address).path.removeprefix(STATIC)


def _closed(named: Iterable[str]) -> list[str]:
    """These addresses with all that they use."""
    decoder = sorted(f.name for f in (ROOT / "static" / DECODER).iterdir())
    waiting = [*named, *_used(STATIC + WORKER), *(f"{STATIC}{DECODER}/{name}" for name in decoder)]
    found: dict[str, None] = {}
    while waiting:
        address = waiting.pop()
        if address not in found:
            found[address] = None
            waiting += _used(address)
    return sorted(found)


@lru_cache
def _used(address: str) -> tuple[str, ...]:
    """What a module imports or a style sheet shows, as its browser asks for it."""
    path = _path(address)
    pattern = _IMPORTED if path.endswith(".js") else _SHOWN if path.endswith(".css") else None
    if pattern is None or (path.startswith("vendor/") and path.endswith(".css")):
        return ()
    said = (ROOT / "static" / path).read_text("utf-8")
    joined = (
        urljoin(urlsplit(address).path, found)
        for found in pattern.findall(said)
        if not found.startswith("data:")
    )
    return tuple(
        found
        for found in joined
        if found.startswith(STATIC) and (ROOT / "static" / _path(found)).is_file()
    )
