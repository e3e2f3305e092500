"""校际差异系数: how far the schools of a county lie apart.

With x_i = a_i / n_i and weights w_i (the students n_i, or 1): X̄ = Σ w x / Σ w, S = √(Σ w (x − X̄)² / Σ w), CV = S / X̄,
which is √(Σ w · Σ w x² / (Σ w x)² − 1). The weighted form is that of the evaluation of 基本均衡 (教督〔2012〕3号).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 60
# Nearer to the limit than this, rounded digits cannot decide: the exact fractions are asked.
DOUBTFUL = Decimal("1e-40")


@dataclass(frozen=True, slots=True)
class Share:
    """One school unit's value as an exact quotient ``above / below``, and its weight."""

    above: Decimal
    below: Decimal
    weight: Decimal


@dataclass(frozen=True)
class Coefficient:
    """The coefficient of some shares: its square to 60 digits, and whether it keeps a limit, exactly."""

    squared: Decimal
    mean: Decimal
    units: int

    @property
    def value(self) -> Decimal:
        """The coefficient itself, to 28 digits."""
        return max(self.squared, Decimal(0)).sqrt()


def coefficient(shares: list[Share]) -> Coefficient | None:
    """The coefficient; None where there is no unit, or the mean is not positive."""
    with localcontext(prec=DIGITS):
        weight = sum((each.weight for each in shares), Decimal(0))
        values = [(each.weight, each.above / each.below) for each in shares]
        total = sum((w * x for w, x in values), Decimal(0))
        if not shares or total <= 0:
            return None
        squares = sum((w * x * x for w, x in values), Decimal(0))
        return Coefficient(weight * squares / (total * total) - 1, +(total / weight), len(shares))


def keeps(found: Coefficient, limit: Decimal, shares: Iterable[Share]) -> bool:
    """Whether a coefficient is at most its limit, decided exactly."""
    with localcontext(prec=DIGITS):
        distance = found.squared - limit * limit
        if abs(distance) > DOUBTFUL:
            return distance < 0
    return _exact_square(shares) <= Fraction(limit) ** 2


def _exact_square(shares: Iterable[Share]) -> Fraction:
    weight = total = squares = Fraction(0)
    for each in shares:
        w, x = Fraction(each.weight), Fraction(each.above) / Fraction(each.below)
        weight, total, squares = weight + w, total + w * x, squares + w * x * x
    return weight * squares / (total * total) - 1
