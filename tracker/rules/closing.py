"""What the coefficient would be if one school unit, or every one that is short, stood exactly at its threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from tracker.rules.coefficients import DIGITS, Coefficient, Share, coefficient, keeps
from tracker.rules.measures import Finding
from tracker.rules.verdicts import SpreadVerdict, UnitVerdict

MOST_CLOSED = 3


@dataclass(frozen=True, slots=True)
class Closing:
    """The coefficient once the gaps of some units are filled, and whether it keeps its limit then.

    ``lacking`` is what is to be added for it: persons, rooms, m² or yuan.
    """

    units: tuple[UnitVerdict, ...]
    lacking: Decimal
    value: Decimal
    finding: Finding


def closings(spread: SpreadVerdict, most: int = MOST_CLOSED) -> list[Closing]:
    """The units whose gap, filled alone, lowers the coefficient most; none that would raise it.

    With W = Σw, T = Σwx and Q = Σwx² each unit needs its own two changes to T and Q alone: CV² = WQ ÷ T² − 1.
    """
    if spread.coefficient is None:
        return []
    with localcontext(prec=DIGITS):
        weight, total, squares = _sums(spread)
        found = []
        for unit, share in _short(spread):
            x, bound = share.above / share.below, unit.judged[spread.condition.code].bound or Decimal(0)
            new_total = total + share.weight * (bound - x)
            new_squares = squares + share.weight * (bound * bound - x * x)
            squared = weight * new_squares / (new_total * new_total) - 1
            if squared < spread.coefficient.squared:
                found.append((squared, new_total / weight, unit))
    found.sort(key=lambda each: (each[0], each[2].school.id))
    return [
        _closing(spread, (unit,), Coefficient(squared, mean, spread.coefficient.units))
        for squared, mean, unit in found[:most]
    ]


def all_closed(spread: SpreadVerdict) -> Closing | None:
    """The coefficient once every unit that is short stands at its threshold; None where none is short."""
    units = tuple(unit for unit, _share in _short(spread))
    found = coefficient(list(_filled(spread, units))) if units else None
    return _closing(spread, units, found) if found else None


def _sums(spread: SpreadVerdict) -> tuple[Decimal, Decimal, Decimal]:
    weight = total = squares = Decimal(0)
    for _unit, share in spread.shares:
        x = share.above / share.below
        weight, total, squares = weight + share.weight, total + share.weight * x, squares + share.weight * x * x
    return weight, total, squares


def _short(spread: SpreadVerdict) -> Iterator[tuple[UnitVerdict, Share]]:
    for unit, share in spread.shares:
        if unit.judged[spread.condition.code].finding is Finding.SHORT:
            yield unit, share


def _filled(spread: SpreadVerdict, units: Iterable[UnitVerdict]) -> Iterator[Share]:
    """The shares with those of some units at their threshold."""
    filled = {id(unit) for unit in units}
    for unit, share in spread.shares:
        bound = unit.judged[spread.condition.code].bound
        at = bound * share.below if id(unit) in filled and bound is not None else share.above
        yield Share(at, share.below, share.weight)


def _closing(spread: SpreadVerdict, units: tuple[UnitVerdict, ...], found: Coefficient) -> Closing:
    kept = keeps(found, spread.limit, _filled(spread, units))
    lacking = sum((unit.judged[spread.condition.code].lacking or Decimal(0) for unit in units), Decimal(0))
    return Closing(units, lacking, found.value, _finding(spread, kept))


def _finding(spread: SpreadVerdict, kept: bool) -> Finding:
    """While a unit is unknown, filling others decides nothing."""
    if spread.unknown:
        return Finding.UNKNOWN
    return Finding.MET if kept else Finding.SHORT
