"""Secrets that must be used again, such as the token of a robot: sealed with a key that follows from ``SECRET_KEY``."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Says how the rest was sealed, so that another way can come beside it.
FIRST_WAY = "v1:"
PURPOSE = b"tracker: tokens of robots, v1"


def seal(secret_key: str, text: str) -> str:
    """A text that only the same secret key opens again."""
    return FIRST_WAY + _fernet(secret_key).encrypt(text.encode()).decode("ascii")


def unseal(secret_key: str, sealed: str) -> str | None:
    """What was sealed; None where the secret key has changed since, or it is no sealed text at all."""
    if not sealed.startswith(FIRST_WAY):
        return None
    try:
        return _fernet(secret_key).decrypt(sealed.removeprefix(FIRST_WAY).encode()).decode()
    except (InvalidToken, UnicodeError):
        return None


def _fernet(secret_key: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(key))
