"""The mailed link to a new password: how long it works, how often it is mailed, and how its code is written."""

from __future__ import annotations

import secrets
from datetime import timedelta

from tracker.rules.passwords import ONE_TIME_ALPHABET, normal

RESET_LASTS = timedelta(minutes=30)
MOST_RESETS = 3  # mails to one address within RESETS_WITHIN
RESETS_WITHIN = timedelta(hours=1)
GROUPS, GROUP = 5, 5  # 25 characters of 31: 123 bits, which nobody guesses, and which can still be typed


def reset_code() -> str:
    """A new code: five groups of five characters, of which none is misread on paper."""
    return "-".join("".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def code_as_typed(text: str) -> str:
    """A code as it was mailed, however it was typed: capitals, spaces and missing hyphens do not matter."""
    plain = "".join(character for character in normal(text).casefold() if character.isalnum())
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))
