"""What a standard asks a county itself: its figures by item, what each takes, and who may check what was said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.rules.standards import FigureSpec, Item, Standard

OLD_MONTHS = 12
MONTHS_A_YEAR = 12


class FigureKind(StrEnum):
    """What a figure takes: a number, yes or no, or the points of a part."""

    NUMBER = "number"
    QUESTION = "question"
    POINTS = "points"


@dataclass(frozen=True)
class Asked:
    """A figure that the county is asked for; of points ``most`` is the whole of the part."""

    spec: FigureSpec
    most: Decimal | None = None

    @property
    def code(self) -> str:
        """The code under which the value is kept."""
        return self.spec.code

    @property
    def kind(self) -> FigureKind:
        """What it takes."""
        if self.most is not None:
            return FigureKind.POINTS
        return FigureKind.QUESTION if self.spec.is_question else FigureKind.NUMBER


@dataclass(frozen=True)
class AskedItem:
    """An item with the figures that it asks of the county; without an item they are the vetoes."""

    item: Item | None
    figures: tuple[Asked, ...]


def asked_of(standard: Standard) -> list[AskedItem]:
    """Every item that asks the county for anything, in the order of the standard, the vetoes last.

    A figure that several items ask for stands under the first one alone.
    """
    specs = {each.code: each for each in standard.figures}
    found, known = [], set[str]()
    for item in standard.items:
        figures = [each for each in _figures(item, specs) if each.code not in known]
        known |= {each.code for each in figures}
        if figures:
            found.append(AskedItem(item, tuple(figures)))
    vetoes = tuple(Asked(specs[veto.figure]) for veto in standard.vetoes if veto.figure in specs)
    return [*found, AskedItem(None, vetoes)] if vetoes else found


def asked_figure(standard: Standard, code: str) -> tuple[Asked, list[Item]] | None:
    """A figure with all the items that ask for it, None where the standard does not know it."""
    specs = {each.code: each for each in standard.figures}
    items = [item for item in standard.items if any(each.code == code for each in _figures(item, specs))]
    found = next((each for item in items for each in _figures(item, specs) if each.code == code), None)
    if found is None and code in specs:
        found = Asked(specs[code])
    return (found, items) if found else None


def _figures(item: Item, specs: dict[str, FigureSpec]) -> list[Asked]:
    """The county's figures of an item: those of its conditions, and the parts that no condition answers.

    An item that is scored is answered by its parts alone.
    """
    named = {code for part in item.parts for code, _side in part.asked}
    conditions = [each for each in item.conditions if item.points is None or each.code in named]
    codes = dict.fromkeys(code for each in conditions for code in each.figures if code in specs)
    parts = [Asked(specs[part.figure], part.points) for part in item.parts if part.figure in specs]
    return [*(Asked(specs[code]) for code in codes), *parts]


def months_between(earlier: date, later: date) -> int:
    """How many whole months have passed."""
    months = (later.year - earlier.year) * MONTHS_A_YEAR + later.month - earlier.month
    return months - (later.day < earlier.day)


def is_old(on: date, today: date) -> bool:
    """Whether a value tells of a day so long ago that it should be said anew."""
    return months_between(on, today) >= OLD_MONTHS


def check_refusal(person_id: int, said_by: int | None, is_open: bool) -> str | None:
    """Why a person may not check a value: nobody checks what they said themselves (four eyes)."""
    if not is_open:
        return "value_decided"
    return "own_value" if person_id == said_by else None


def withdraw_refusal(person_id: int, said_by: int | None, is_withdrawn: bool) -> str | None:
    """Why a person may not withdraw a value: only one's own mistake is, of others a new value is said."""
    if is_withdrawn:
        return "value_decided"
    return None if person_id == said_by else "not_own_value"


def allowed_units(serving: dict[str, frozenset[int]], items: Collection[Item]) -> frozenset[int]:
    """The units with a part in a task that serves any of some items."""
    return frozenset(unit for item in items for unit in serving.get(item.code, frozenset()))
