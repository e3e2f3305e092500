"""督办单: the three colours of a supervision slip and their order."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

# What fits on one sheet together with everything else (``documents/supervision_slip.py``).
LONGEST_DEMAND = 240


class Colour(StrEnum):
    """Blue reminds, yellow warns, red is the last."""

    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"


_AFTER = {Colour.BLUE: Colour.YELLOW, Colour.YELLOW: Colour.RED, Colour.RED: Colour.RED}


def proposed_colour(earlier: Iterable[str]) -> Colour:
    """The colour that follows the gravest slip so far; blue is the first."""
    known = set(earlier)
    gravest = next((colour for colour in reversed(Colour) if colour in known), None)
    return _AFTER[gravest] if gravest else Colour.BLUE
