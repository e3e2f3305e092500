"""Which changes of accounts are refused: nobody raises themselves, and an account keeps its administrative post."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from tracker.rules.permissions import Role

# The three posts of 三权分立: whoever makes accounts grants no roles, and neither wipes the traces.
ADMINISTRATIVE = frozenset({Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})


# Guessing: an account is locked for a while, never for good, so that nobody is shut out by a stranger's guesses.
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
MOST_FAILURES_OF_ADDRESS = 30
THROTTLED_FOR = timedelta(minutes=1)

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
RESERVED = frozenset({"new"})  # names a page beside the accounts' own


class AccountRefusal(StrEnum):
    """Why an act on an account is refused."""

    OWN_ROLE = "own_role"
    OWN_ACCOUNT = "own_account"
    TWO_POSTS = "two_posts"
    OTHER_POST = "other_post"


def is_username(text: str) -> bool:
    """Whether a text can name an account: 2 to 40 small letters, digits, points, hyphens and underscores."""
    return USERNAME.fullmatch(text) is not None and text not in RESERVED


def role_refusal(own: bool, old: Role | None, new: Role | None) -> AccountRefusal | None:
    """Why a role is not granted, or None: not to oneself, and an administrative post is never changed or taken.

    Taken away, it could be followed by another one a moment later. Whoever leaves such a post has the account disabled.
    """
    if own:
        return AccountRefusal.OWN_ROLE
    if old in ADMINISTRATIVE and new is not old:
        return AccountRefusal.TWO_POSTS
    return None


def disabling_refusal(own: bool) -> AccountRefusal | None:
    """Why an account is not disabled, or None: nobody locks themselves out."""
    return AccountRefusal.OWN_ACCOUNT if own else None


def reset_refusal(own: bool, role: Role | None) -> AccountRefusal | None:
    """Why a password is not reset, or None.

    Whoever resets a password can sign in with it: an administrator would thus hold the post of the security
    administrator or the auditor. Theirs are reset on the server, by the command ``reset-password``.
    """
    if own:
        return AccountRefusal.OWN_ACCOUNT
    return AccountRefusal.OTHER_POST if role in ADMINISTRATIVE - {Role.ADMINISTRATOR} else None
