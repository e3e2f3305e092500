"""Quantities that a unit reports of a task that is measured: how many of how many."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

PERCENT = re.compile(r"([0-9]{1,3})\s*%?")
MOST_TIMES = 10  # more than ten times what the plan asks for is a slip of the finger
PLAIN = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,2})?")


def read_quantity(text: str, total: Decimal) -> Decimal | None:
    """A number from 0 to ten times the total with at most two decimals; None for anything else that was typed."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not PLAIN.fullmatch(plain):
        return None
    quantity = Decimal(plain.replace(",", ""))
    return quantity if quantity <= MOST_TIMES * total else None


def read_percent(text: str) -> int | None:
    """A whole number of percent from 0 to 100, with or without its sign; None for anything else."""
    found = PERCENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    percent = int(found.group(1)) if found else None
    return percent if percent is not None and percent <= 100 else None
