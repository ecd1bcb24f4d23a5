"""What people send: pictures come out anew, PDFs are looked through, the rest is refused with a
sentence.
"""

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from core import settings
from core.errors import DomainError
from core.http import uploads
from core.settings import Settings


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder."""
    monkeypatch.setattr(settings, "get", lambda: Settings(data_dir=tmp_path))
    return tmp_path


def pdf(pages: int = 1, script: str = "", attached: bytes = b"", password: str = "") -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 300)
    if script:
        writer.add_open_action(JavaScript(script))
    if attached:
        writer.add_attachment("virus.exe", attached)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(out, kind, **more)
    return out.getvalue()


def test_a_pdf_is_kept_as_it_is(kept_in: Path) -> None:
    sent = pdf(2)
    kept = uploads.keep("papers", sent)
    assert (kept.media_type, kept.size) == ("application/pdf", len(sent))
    assert uploads.path("papers", kept.name).read_bytes() == sent
    uploads.remove("papers", kept.name)
    uploads.remove("papers", kept.name)
    assert not uploads.path("papers", kept.name).exists()


def test_a_photo_comes_out_upright_and_without_its_place(kept_in: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "CANARY at 56.5, 27.3"
    kept = uploads.keep("papers", photo(exif=exif))
    found = uploads.path("papers", kept.name)
    assert b"CANARY" not in found.read_bytes()
    with Image.open(found) as picture:
        assert (picture.format, picture.size) == ("JPEG", (40, 60))


def test_a_drawing_keeps_what_can_be_seen_through(kept_in: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "WEBP")
    assert uploads.keep("papers", out.getvalue()).media_type == "image/png"


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (pdf(script="app.alert('x')"), "script"),
        (pdf(attached=b"MZ"), "another file"),
        (pdf(password="secret"), "password"),
        (b"%PDF-1.7\nnonsense", "damaged"),
        (pdf()[:200], "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind of file"),
        (b"", "kind of file"),
        (photo()[:100], "picture that we can read"),
        (photo(size=(9000, 9000)), "too many pixels"),
        (b"\x00" * (uploads.MOST_BYTES + 1), "too large"),
    ],
)
def test_what_is_refused(kept_in: Path, sent: bytes, says: str) -> None:
    with pytest.raises(DomainError) as refused:
        uploads.keep("papers", sent, "sheet")
    assert refused.value.status == 422
    assert says in str(refused.value.fields["sheet"])


def test_a_name_never_leaves_its_folder(kept_in: Path) -> None:
    assert uploads.path("papers", "../../etc/passwd") == kept_in / "papers" / "passwd"
