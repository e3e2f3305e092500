"""What a standard asks a county: which figures, of which kind, and who may check what was said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.county_values import (
    Asked,
    FigureKind,
    asked_figure,
    asked_of,
    check_refusal,
    is_old,
    months_between,
    withdraw_refusal,
)
from tracker.rules.standards import Condition, FigureSpec, Item, Part, Standard, Subject, VetoRule
from tracker.rules.value_lines import HEIGHT, MARGIN, WIDTH, line_of


def spec(code: str, is_question: bool = False) -> FigureSpec:
    """A figure of the county."""
    return FigureSpec(code, code, "", "人", is_question)


def item(code: str, *conditions: Condition, parts: tuple[Part, ...] = (), points: int | None = None) -> Item:
    """An item."""
    return Item(
        code, code, code, "", "", "", None, conditions, parts, points=None if points is None else Decimal(points)
    )


RATIO = Condition("G11", Subject.COUNTY, plus=("rotated",), per=("eligible",))
FUNDS = Condition("G6", Subject.SCHOOL, plus=("operating_funds_yuan",), bound_figures={"primary": "funds"})
QUESTION = Condition("Q8", Subject.COUNTY, asks="light_work")
STANDARD = Standard(
    "jx",
    "",
    "",
    items=(
        item("19", RATIO),
        item("14", FUNDS),
        item("20", RATIO, QUESTION),
        item("28", QUESTION, parts=(Part("1", "", Decimal(4), "jx/28.1"), Part("2", "", None, "", "G11")), points=9),
        item("30", parts=(Part("1", "", None, "jx/30.1"),)),
    ),
    vetoes=(VetoRule("1", "", "jx/veto.1"),),
    figures=(
        spec("rotated"),
        spec("eligible"),
        spec("funds"),
        spec("light_work", True),
        spec("jx/28.1"),
        spec("jx/30.1", True),
        spec("jx/veto.1", True),
    ),
)


def test_each_figure_stands_once_under_the_first_item_that_asks_for_it() -> None:
    found = [(each.item.code if each.item else "", [one.code for one in each.figures]) for each in asked_of(STANDARD)]
    assert found == [
        ("19", ["rotated", "eligible"]),
        ("14", ["funds"]),
        ("20", ["light_work"]),
        ("28", ["jx/28.1"]),
        ("30", ["jx/30.1"]),
        ("", ["jx/veto.1"]),
    ]


def test_a_figure_knows_its_kind_and_its_items() -> None:
    kinds = {code: asked_figure(STANDARD, code) for code in ("rotated", "light_work", "jx/28.1", "jx/veto.1")}
    assert {code: (each[0].kind, [one.code for one in each[1]]) for code, each in kinds.items() if each} == {
        "rotated": (FigureKind.NUMBER, ["19", "20"]),
        "light_work": (FigureKind.QUESTION, ["20"]),
        "jx/28.1": (FigureKind.POINTS, ["28"]),
        "jx/veto.1": (FigureKind.QUESTION, []),
    }
    assert asked_figure(STANDARD, "nothing") is None
    assert Asked(spec("x"), Decimal(4)).most == 4


@pytest.mark.parametrize(
    ("earlier", "months", "old"),
    [
        (date(2026, 3, 6), 0, False),
        (date(2026, 2, 7), 0, False),
        (date(2026, 2, 6), 1, False),
        (date(2025, 3, 7), 11, False),
        (date(2025, 3, 6), 12, True),
        (date(2025, 1, 1), 14, True),
    ],
)
def test_age_is_counted_in_whole_months(earlier: date, months: int, old: bool) -> None:
    today = date(2026, 3, 6)
    assert (months_between(earlier, today), is_old(earlier, today)) == (months, old)


def test_four_eyes() -> None:
    assert check_refusal(1, 1, True) == "own_value"
    assert check_refusal(2, 1, True) is None
    assert check_refusal(2, 1, False) == "value_decided"
    assert withdraw_refusal(1, 1, False) is None
    assert withdraw_refusal(2, 1, False) == "not_own_value"
    assert withdraw_refusal(1, 1, True) == "value_decided"


def test_a_line_steps_from_value_to_value_and_ends_today() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 21)]
    line = line_of([(days[1], Decimal(10)), (days[0], Decimal(5)), (days[1], Decimal(20))], days[2])
    assert line
    assert [(mark.x, mark.y) for mark in line.marks] == [(MARGIN, HEIGHT - MARGIN), (WIDTH / 2, MARGIN)]
    assert line.corners[-1] == (WIDTH - MARGIN, MARGIN)
    assert line_of([(days[0], Decimal(5))], days[2]) is None
    flat = line_of([(days[0], Decimal(5)), (days[1], Decimal(5))], days[1])
    assert flat
    assert {mark.y for mark in flat.marks} == {HEIGHT / 2}
