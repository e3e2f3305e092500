"""Who says the numbers behind an indicator: how far each school's row may be relied on, and the county's values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.stages import Stage, Standing


@dataclass(frozen=True)
class RowStanding:
    """How far the numbers of a school's year may be relied on, with those that differ from the rest of the row."""

    standing: Standing
    exceptions: Mapping[str, Any]

    def of(self, figures: Collection[str], stage: Stage | None = None) -> Standing:
        """The weakest standing among some figures of the row."""
        named = [self.exceptions.get(code) or self.exceptions.get(f"{stage}.{code}") for code in figures]
        return weakest([Standing(each["standing"]) if each else self.standing for each in named] or [self.standing])


# From the best to the weakest.
STRENGTH = {Standing.CHECKED: 0, Standing.REPORTED: 1, Standing.ESTIMATED: 2}


def weakest(standings: Collection[Standing]) -> Standing:
    """The weakest of some standings. Raises ValueError for none."""
    return max(standings, key=STRENGTH.__getitem__)
