"""A real browser: `from tests.browser import Visitor, axe, qr_film`; the fixtures are in
conftest.py.
"""

from tests.browser.support.axe import axe
from tests.browser.support.camera import film, qr_film, qr_picture
from tests.browser.support.visitor import Visitor

__all__ = ["Visitor", "axe", "film", "qr_film", "qr_picture"]
