"""The lines of the list of projects and what they come to together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tracker.rules.money import MoneyKind, share_of
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.project_lines import lines_of, together
from tracker.rules.rounding import WHOLE_PERCENT

TODAY = date(2026, 3, 6)
PLANNED, ALLOCATED, PAID = MoneyKind


def project(key: str = "p", **differences: Any) -> ProjectFacts:
    return ProjectFacts(**({"key": key, "title": "某小学", "category": "new"} | differences))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (None, 100, None), (50, None, None), (50, 0, None), (0, 100, 0), (50, 100, 50), (100, 100, 100),
        (1, 1000, 1), (999, 1000, 99), (1001, 1000, 101), (655, 1000, 66), (-5, 1000, -1),
    ],
)  # fmt: skip
def test_a_percentage_never_says_all_or_nothing_for_less(
    part: int | None, whole: int | None, expected: int | None
) -> None:
    assert share_of(part, whole, WHOLE_PERCENT) == expected


def test_suspended_projects_stand_apart_and_in_no_sum() -> None:
    projects = [
        project("a", budget_yuan=1000, money={ALLOCATED: 600, PAID: 300}, parts=(PartFacts(1, "某小学", None, 450),)),
        project("b", budget_yuan=9000, money={PAID: 9000}, suspended=True, parts=(PartFacts(2, "某中学", None, 900),)),
        project("c"),
    ]
    lines = lines_of(projects, TODAY)
    assert [line.project.key for line in lines.running] == ["a", "c"]
    assert [line.project.key for line in lines.suspended] == ["b"]
    assert (lines.running[0].allocated, lines.running[0].paid) == (60, 30)
    assert (lines.running[1].allocated, lines.running[1].paid) == (None, None)
    found = together(projects, TODAY)
    assert (found.projects, found.seats.seats, found.seats.projects) == (2, 450, 1)
    assert [(bar.kind, bar.amount, bar.share, bar.length) for bar in found.bars] == [
        (PLANNED, 1000, 100, 100.0),
        (ALLOCATED, 600, 60, 60.0),
        (PAID, 300, 30, 30.0),
    ]


def test_the_expected_level_weighs_what_is_dated_by_its_investment() -> None:
    dated = {"issued_on": date(2026, 3, 1), "due_on": date(2026, 3, 11)}
    projects = [
        project("half", budget_yuan=3000, **dated),
        project("closed", budget_yuan=1000, closed_on=date(2026, 3, 2)),
        project("undated", budget_yuan=500),
        project("unpriced", **dated),
    ]
    found = together(projects, TODAY)
    assert (found.expected, found.timed) == (63, 2)
    assert found.tick == pytest.approx(62.5, abs=0.1)
    nothing = together([project()], TODAY)
    assert (nothing.expected, nothing.tick, nothing.timed) == (None, None, 0)
    assert [bar.amount for bar in nothing.bars] == [None, None, None]


def test_money_without_a_plan_is_in_no_share() -> None:
    projects = [
        project("a", budget_yuan=1000, money={ALLOCATED: 500, PAID: 200}),
        project("b", money={ALLOCATED: 1000, PAID: 900}),
        project("c", budget_yuan=0, money={PAID: 5}),
        project("d"),
    ]
    found = together(projects, TODAY)
    assert [(bar.amount, bar.share) for bar in found.bars] == [(1000, 100), (1500, 50), (1105, 20)]
    assert (found.money.unplanned, found.money.apart) == (2, {PLANNED: 0, ALLOCATED: 1000, PAID: 905})


def test_what_is_nearly_expected_in_full_is_not_all() -> None:
    dated = {"issued_on": date(2026, 3, 5), "due_on": date(2026, 3, 7)}
    projects = [project("half", budget_yuan=1, **dated), project("closed", budget_yuan=999, closed_on=TODAY)]
    assert together(projects, TODAY).expected == 99


def test_more_than_planned_is_drawn_longer_and_said_in_percent() -> None:
    bars = together([project(budget_yuan=1000, money={PAID: 1250})], TODAY).bars
    assert [(bar.share, bar.length) for bar in bars] == [(100, 80.0), (None, 0.0), (125, 100.0)]
