"""Films for the camera of a browser."""

import io
from collections.abc import Sequence
from pathlib import Path

import qrcode
from PIL import Image
from playwright.async_api import Page

SIZE = (1280, 720)
FRAMES = 10
"""How many times each picture is shown: a third of a second."""


DECODER = """
window.decoded = { pictures: 0, codes: 0 };
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      decoded.pictures += 1;
      decoded.codes += data.codes.length;
    });
  }
};"""
"""A script for a page: counts in `decoded` what the app reads in the pictures of its camera."""


async def decoded(page: Page, what: str, number: int) -> None:
    """Wait until the app has read so many more "pictures", or "codes" in them."""
    before = await page.evaluate(f"decoded.{what}")
    await page.wait_for_function(
        "([what, number]) => decoded[what] >= number", arg=[what, before + number], timeout=30_000
    )


def qr_picture(text: str, *, module: int = 12) -> Image.Image:
    """A frame of 1280 x 720 with the QR code of `text` in its middle, `module` pixels a dot."""
    code = qrcode.QRCode(box_size=module, border=4)
    code.add_data(text)
    picture = code.make_image().get_image().convert("RGB")
    frame = Image.new("RGB", SIZE, (200, 200, 200))
    frame.paste(picture, ((SIZE[0] - picture.width) // 2, (SIZE[1] - picture.height) // 2))
    return frame


def film(path: Path, pictures: Sequence[Image.Image], *, frames: int = FRAMES) -> Path:
    """Write the pictures, one after the other, as MJPEG: each `frames` times (30 a second)."""
    encoded: dict[int, bytes] = {}
    with path.open("wb") as file:
        for picture in pictures:
            if id(picture) not in encoded:
                jpeg = io.BytesIO()
                picture.save(jpeg, "JPEG", quality=90, subsampling="4:2:0")
                encoded[id(picture)] = jpeg.getvalue()
            file.write(encoded[id(picture)] * frames)
    return path


def qr_film(path: Path, *texts: str, frames: int = 30) -> Path:
    """A film that shows the code of each text for `frames` frames, with as much of nothing after
    it.
    """
    nothing = Image.new("RGB", SIZE, (200, 200, 200))
    return film(
        path, [picture for text in texts for picture in (qr_picture(text), nothing)], frames=frames
    )
