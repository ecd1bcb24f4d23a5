"""A project's logo: what was uploaded is decoded and written anew, so that nothing but the picture
is kept.
"""

import hashlib
import io
from pathlib import Path

from core import settings
from core.errors import invalid
from core.http import uploads
from core.i18n import _

MOST_BYTES = 5 * 2**20
MOST_PIXELS = 25_000_000
SHOWN = (800, 400)


def folder() -> Path:
    """Where logos are kept: `<hash>.png`."""
    return settings.get().data_dir / "logos"


def path(name: str) -> Path:
    """The file of a logo."""
    return folder() / f"{name}.png"


def keep(upload: bytes) -> str:
    """Write an uploaded picture (PNG, JPEG or WebP) as PNG; answers its name. Raises a 422 for
    anything else.
    """
    if len(upload) > MOST_BYTES:
        raise invalid(logo=_("This picture is too large. At most 5 MB, please."))
    made = _anew(upload)
    name = hashlib.sha256(made).hexdigest()[:32]
    folder().mkdir(parents=True, exist_ok=True)
    if not path(name).exists():
        fresh = path(name).with_suffix(".new")
        fresh.write_bytes(made)
        fresh.replace(path(name))
    return name


def _anew(upload: bytes) -> bytes:
    shown = uploads.picture(upload, "logo", MOST_PIXELS)
    shown.thumbnail(SHOWN)
    out = io.BytesIO()
    shown.save(out, "PNG", optimize=True)
    return out.getvalue()
