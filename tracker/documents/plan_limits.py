"""How much a plan may hold: the lengths and ranges of the columns in which it is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.documents.yaml_rows import Figures

# Whole numbers: far above any school and any budget, below what the columns hold.
MOST_SEATS = 1_000_000
MOST_YUAN = 10**15


def longest(column: InstrumentedAttribute[Any]) -> int:
    """The characters that a bounded text column holds. Raises TypeError for any other column."""
    kind = column.property.columns[0].type
    if not isinstance(kind, sa.String) or kind.length is None:
        raise TypeError(f"{column} has no length")
    return kind.length


def figures(column: InstrumentedAttribute[Any]) -> Figures:
    """The numbers that a decimal column holds. Raises TypeError for any other column."""
    kind = column.property.columns[0].type
    if not isinstance(kind, sa.Numeric) or kind.precision is None or kind.scale is None:
        raise TypeError(f"{column} has no precision")
    unit = Decimal(1).scaleb(-kind.scale)
    return Figures(Decimal(10) ** (kind.precision - kind.scale) - unit, kind.scale)
