"""Encryption of dietary and access needs. Keys can be rotated: the newest writes, all of them read."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core import settings
from core.errors import DomainError
from core.i18n import _


def _keys() -> MultiFernet:
    given = [k.strip() for k in settings.get().private_keys.split(",") if k.strip()]
    if not given:
        raise DomainError(
            _("Dietary and access needs cannot be kept: no key is set for them."), 503
        )
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(k.encode()).digest())) for k in given]
    )


def seal(value: str) -> str:
    """Encrypt with the newest key."""
    return _keys().encrypt(value.encode()).decode()


def unseal(value: str) -> str:
    """Decrypt with whichever key wrote it. Raises DomainError when that key is gone."""
    try:
        return _keys().decrypt(value.encode()).decode()
    except InvalidToken as error:
        raise DomainError(_("This answer was kept under a key that is gone."), 410) from error


def resealed(value: str) -> str:
    """The same under the newest key."""
    return _keys().rotate(value.encode()).decode()
