"""A QR code of any text as SVG: for the link that pairs a phone."""

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

_BORDER = 4


def svg(text: str, label: str) -> Markup:
    """Black on white with its quiet zone; one path, no style."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    size = len(modules) + 2 * _BORDER
    path = "".join(
        f"M{x + _BORDER} {y + _BORDER}h1v1h-1z"
        for y, line in enumerate(modules)
        for x, dark in enumerate(line)
        if dark
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="320" height="320" role="img" '
        'aria-label="{1}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}H0z"/>'
        '<path fill="#000" d="{2}"/></svg>'
    ).format(size, label, path)
