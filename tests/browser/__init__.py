"""A real browser: `from tests.browser import Visitor, axe, qr_film`; the fixtures are in conftest.py."""

from tests.browser.axe import axe
from tests.browser.camera import film, qr_film, qr_picture
from tests.browser.visitor import Visitor

__all__ = ["Visitor", "axe", "film", "qr_film", "qr_picture"]
