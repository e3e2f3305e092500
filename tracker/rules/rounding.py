"""Numbers as they are shown: rounded, but never so that they seem to say the opposite beside their bound."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MOST_PLACES = 12
WHOLE_PERCENT = Decimal(1)


def shown(value: Decimal, bound: Decimal | None = None, places: int = 2) -> Decimal:
    """A value with as many places as are needed for it to lie on the side of the bound on which it truly lies.

    2.0399 beside 2.04 stays 2.0399; 2.05 beside it is 2.05.
    """
    for count in range(places, MOST_PLACES + 1):
        rounded = value.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)
        if bound is None or _side(rounded, bound) == _side(value, bound):
            return rounded
    return value


def percent_shown(share: Decimal, step: Decimal = WHOLE_PERCENT) -> Decimal:
    """A share of one in percent; what is begun never reads 0, what lacks something never 100, what is above it more."""
    percent = (share * 100).quantize(step, ROUND_HALF_UP)
    if 0 < share < 1:
        return min(max(percent, step), 100 - step)
    return max(percent, 100 + step) if share > 1 else percent


def _side(value: Decimal, bound: Decimal) -> int:
    return (value > bound) - (value < bound)
