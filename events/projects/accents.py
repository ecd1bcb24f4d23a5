"""A project's colour, made readable: white stands on `--accent`, near-black on `--accent-dark`,
each at 4.5 : 1.

Contrast as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3).
"""

import hashlib
from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache

from PIL import ImageColor

Rgb = tuple[float, float, float]

WHITE, NIGHT = "#ffffff", "#171e1b"
ENOUGH = 5.5
"""A little more than 4.5, because tinted surfaces take some of it away."""


def own(name: str) -> str:
    """A colour for a project that chose none: always the same for the same name, sober enough for
    print.
    """
    hue = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") / 65536
    return "#" + "".join(f"{round(255 * c):02x}" for c in hls_to_rgb(hue, 0.33, 0.55))


@lru_cache(maxsize=500)
def sheet(colour: str) -> str:
    """The style sheet of a project with this colour (`#1a5fb4`); an empty one for the house's
    own.
    """
    if not colour:
        return ""
    return f":root {{ --accent: {on_light(colour)}; --accent-dark: {on_dark(colour)}; }}\n"


def on_light(colour: str) -> str:
    """The colour, darkened as far as white on it needs."""
    return _until(colour, WHITE, -0.01)


def on_dark(colour: str) -> str:
    """The colour, lightened as far as it needs on a dark page."""
    return _until(colour, NIGHT, 0.01)


@lru_cache(maxsize=500)
def nearest_name(colour: str) -> str:
    """The name of CSS 3 that looks most like a colour (RFC 7986 takes only names)."""
    red, green, blue = _rgb(colour)

    def far(name: str) -> float:
        # weighted as eyes are: most for green; red counts more where there is much of it
        r, g, b = (part / 255 for part in ImageColor.getrgb(name)[:3])
        more = (red + r) / 2
        return (2 + more) * (red - r) ** 2 + 4 * (green - g) ** 2 + (3 - more) * (blue - b) ** 2

    return min(sorted(ImageColor.colormap), key=far)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    low, high = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (high + 0.05) / (low + 0.05)


def _until(colour: str, against: str, step: float) -> str:
    hue, light, saturation = rgb_to_hls(*_rgb(colour))
    found = colour
    while contrast(found, against) < ENOUGH and 0 < light + step < 1:
        light += step
        found = "#" + "".join(f"{round(255 * c):02x}" for c in hls_to_rgb(hue, light, saturation))
    return found


def _rgb(colour: str) -> Rgb:
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return r, g, b


def _luminance(rgb: Rgb) -> float:
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
