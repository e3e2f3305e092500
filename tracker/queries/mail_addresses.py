"""The rule of mail addresses in SQL, for those who are counted rather than written to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tracker.rules.mail_addresses import LONGEST

# As ``rules/mail_addresses.py`` has it, in what both databases understand; a test holds the two together.
PATTERN = (
    r"\A[A-Za-z0-9_]([A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?[.])+[A-Za-z]{2,63}\Z"
)


def is_address(column: Any) -> sa.ColumnElement[bool]:
    """Whether a column holds exactly one plain address; false where it holds nothing."""
    text = sa.func.coalesce(column, "")
    return sa.and_(text.regexp_match(PATTERN), sa.func.length(text) <= LONGEST, text.not_like("%..%"))
