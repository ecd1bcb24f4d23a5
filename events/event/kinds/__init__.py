"""Every kind of event: one file here each. A new file is a new kind; there is no list to add it
to.
"""

import pkgutil
from importlib import import_module

from core.i18n import _
from events.event.kind import Kind

KINDS: dict[str, Kind] = {
    kind.code: kind
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__))
    for kind in [import_module(f"{__name__}.{name}").KIND]
}
"""By code, in order of the codes."""


def kind_of(code: str) -> Kind:
    """The kind with this code; a plain one for a code whose file has gone, so that old events stay
    readable.
    """
    return KINDS.get(code) or Kind(code, _("Event"), _("Events"), "calendar")
