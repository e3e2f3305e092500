"""校际差异系数: how far the schools of a county lie apart.

With x_i = a_i / n_i and weights w_i (the students n_i, or 1): X̄ = Σ w x / Σ w, S = √(Σ w (x − X̄)² / Σ w), CV = S / X̄,
which is √(Σ w · Σ w x² / (Σ w x)² − 1). The weighted form is that of the evaluation of 基本均衡 (教督〔2012〕3号).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

DIGITS = 60
# Nearer to the limit than this, rounded digits cannot decide: the exact fractions are asked.
DOUBTFUL = Decimal("1e-40")


class Share(NamedTuple):
    """One school unit's value as an exact quotient ``above / below``, and its weight."""

    above: Decimal
    below: Decimal
    weight: Decimal


# The same as a plain tuple; a county has thousands.
Weighed = Share | tuple[Decimal, Decimal, Decimal]


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


def coefficient(shares: Collection[Weighed]) -> Coefficient | None:
    """The coefficient; None where there is no unit, or the mean is not positive."""
    with localcontext(prec=DIGITS):
        weight = total = squares = Decimal(0)
        for above, below, counts in shares:
            # A unit that weighs as much as it is divided by needs no rounded quotient for the mean.
            part = above if counts is below or counts == below else counts * above / below
            weight, total, squares = weight + counts, total + part, squares + part * above / below
        if not shares or total <= 0:
            return None
        return Coefficient(weight * squares / (total * total) - 1, +(total / weight), len(shares))


def keeps(found: Coefficient, limit: Decimal, shares: Iterable[Weighed]) -> bool:
    """Whether a coefficient is at most its limit, decided exactly."""
    with localcontext(prec=DIGITS):
        distance = found.squared - limit * limit
        if abs(distance) > DOUBTFUL:
            return distance < 0
    return _exact_square(shares) <= Fraction(limit) ** 2


def _exact_square(shares: Iterable[Weighed]) -> Fraction:
    weight = total = squares = Fraction(0)
    for above, below, counts in shares:
        w, x = Fraction(counts), Fraction(above) / Fraction(below)
        weight, total, squares = weight + w, total + w * x, squares + w * x * x
    return weight * squares / (total * total) - 1
