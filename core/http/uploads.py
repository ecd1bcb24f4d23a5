"""Files that people send: pictures are decoded and encoded again, PDFs looked through, the rest
refused.

Kept under the data folder, by the hash of their contents. Whoever serves them checks who may see
them, and serves them as attachments (shared design: no SVG, no markup, nothing that runs).
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from core import settings
from core.errors import DomainError, invalid
from core.i18n import _

FOLDERS = ("logos", "papers", "materials")
"""Where files are kept under the data folder; a backup takes them along."""
MOST_BYTES = 10 * 2**20
MOST_PIXELS = 50_000_000
MOST_PAGES = 1000
LONGEST_SIDE = 4000
PICTURES = ("PNG", "JPEG", "WEBP")
_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
_RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
_ODD = (
    PyPdfError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
)
"""What pypdf raises at a file that is no PDF."""


@dataclass(frozen=True)
class Kept:
    """A kept file: `name` in its folder, `media_type`, `size` in bytes, `sha256` of what is kept,
    as hex.
    """

    name: str
    media_type: str
    size: int
    sha256: str


def path(folder: str, name: str) -> Path:
    """Where a kept file is."""
    return settings.get().data_dir / folder / Path(name).name


def keep(folder: str, upload: bytes, field: str = "file") -> Kept:
    """Check and write a PDF or a picture. Slow: call it in a thread. Raises a 422 for `field` with
    what is wrong.
    """
    if len(upload) > MOST_BYTES:
        raise invalid(
            **{
                field: _(
                    "This file is too large. At most %(most)s MB, please.", most=MOST_BYTES // 2**20
                )
            }
        )
    if upload[:1024].lstrip().startswith(b"%PDF-"):
        _check_pdf(upload, field)
        made, kind = upload, "pdf"
    else:
        made, kind = _photo(upload, field)
    digest = hashlib.sha256(made).hexdigest()
    name = f"{digest}.{kind}"
    where = path(folder, name)
    where.parent.mkdir(parents=True, exist_ok=True)
    if not where.exists():
        fresh = where.with_suffix(".new")
        fresh.write_bytes(made)
        fresh.replace(where)
    return Kept(name, _TYPES[kind], len(made), digest)


def remove(folder: str, name: str) -> None:
    """Remove a kept file, if it is there. The caller knows that nothing else points to it."""
    if name:
        path(folder, name).unlink(missing_ok=True)


def picture(upload: bytes, field: str, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """A PNG, JPEG or WebP, decoded, upright, without anything but its pixels. Raises a 422 for
    `field`.
    """
    try:
        with Image.open(io.BytesIO(upload), formats=PICTURES) as found:
            if found.width * found.height > most_pixels:
                raise invalid(
                    **{field: _("This picture has too many pixels. Make it smaller, please.")}
                )
            upright = ImageOps.exif_transpose(found).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise invalid(
            **{field: _("This is not a picture that we can read. PNG, JPEG or WebP, please.")}
        ) from error
    bare = Image.new("RGBA", upright.size)
    bare.paste(upright)
    return bare


def _photo(upload: bytes, field: str) -> tuple[bytes, str]:
    try:
        found = picture(upload, field)
    except DomainError as error:
        if upload[:4] in {b"\x89PNG", b"RIFF"} or upload[:2] == b"\xff\xd8":
            raise
        raise invalid(
            **{field: _("This kind of file is not taken. PDF, PNG, JPEG or WebP, please.")}
        ) from error
    found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    seen_through = min(found.getchannel("A").tobytes()) < 255
    out = io.BytesIO()
    if seen_through:
        found.save(out, "PNG", optimize=True)
        return out.getvalue(), "png"
    found.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), "jpg"


def _check_pdf(upload: bytes, field: str) -> None:
    """Raises a 422 for what is no PDF, is locked, is endless, or carries a script, a program or
    another file.
    """
    try:
        reader = PdfReader(io.BytesIO(upload))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
        runs = not locked and pages <= MOST_PAGES and any(_acts(reader))
    except _ODD as error:
        raise invalid(**{field: _("This PDF is damaged. Save it once more, please.")}) from error
    if locked:
        raise invalid(**{field: _("This PDF asks for a password. Save it without one, please.")})
    if not 1 <= pages <= MOST_PAGES:
        raise invalid(**{field: _("A PDF of 1 to %(most)s pages, please.", most=MOST_PAGES)})
    if runs:
        raise invalid(
            **{
                field: _(
                    "This PDF holds a script or another file. Print it into a new PDF, please."
                )
            }
        )


def _acts(reader: PdfReader) -> Iterator[bool]:
    """For each place where a PDF may hold something that runs, whether it does."""
    root = _plain(reader.trailer["/Root"])
    names = _plain(root.get("/Names")) or {}
    yield "/JavaScript" in names or "/EmbeddedFiles" in names
    yield _runs(root.get("/OpenAction")) or "/AA" in root
    for page in reader.pages:
        yield "/AA" in page
        for note in _plain(page.get("/Annots")) or ():
            found = _plain(note)
            yield (
                _runs(found.get("/A"))
                or "/AA" in found
                or found.get("/Subtype") == "/FileAttachment"
            )


def _runs(action: Any) -> bool:
    found = _plain(action)
    return isinstance(found, dict) and found.get("/S") in _RUNS


def _plain(value: Any) -> Any:
    """What a reference points to."""
    return value.get_object() if hasattr(value, "get_object") else value
