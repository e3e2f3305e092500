"""序时进度: the share of time gone, and who stays behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tracker.rules.completion import NodeFacts
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.schedules import (
    EndBasis,
    Figure,
    NoShare,
    Standing,
    StartBasis,
    expected_share,
    expected_yuan,
    invested,
    schedule_of,
    schedules_of,
    time_gone,
    year_money,
)

ISSUED = date(2026, 1, 1)
DEADLINE = date(2026, 4, 11)  # a hundred days after the plan
HALF = date(2026, 2, 20)


def project(**differences: Any) -> ProjectFacts:
    values: dict[str, Any] = {"key": "p", "title": "某小学", "category": "new", "issued_on": ISSUED, "due_on": DEADLINE}
    return ProjectFacts(**(values | differences))


def node(name: str, planned_on: date | None = None, first: date | None = None, done: date | None = None) -> NodeFacts:
    return NodeFacts(name, planned_on, first or planned_on, done_on=done)


@pytest.mark.parametrize(
    ("differences", "today", "share", "bases"),
    [
        ({}, HALF, "0.5", (StartBasis.PLAN, EndBasis.DEADLINE)),
        ({}, date(2025, 12, 1), "0", (StartBasis.PLAN, EndBasis.DEADLINE)),
        ({}, DEADLINE, "1", (StartBasis.PLAN, EndBasis.DEADLINE)),
        ({}, date(2027, 1, 1), "1", (StartBasis.PLAN, EndBasis.DEADLINE)),
        ({"starts_on": date(2026, 2, 10)}, HALF, str(Decimal(10) / 60), (StartBasis.TASK, EndBasis.DEADLINE)),
        # The first planned day of the first node counts, however often it was moved since.
        ({"nodes": (node("立项", date(2026, 2, 18), date(2026, 2, 10)), node("竣工", date(2026, 3, 2)))},
         HALF, "0.5", (StartBasis.FIRST_NODE, EndBasis.LAST_NODE)),
        # A node alone is the end of the project.
        ({"nodes": (node("竣工", DEADLINE),), "due_on": None}, HALF, "0.5", (StartBasis.PLAN, EndBasis.LAST_NODE)),
        ({"nodes": (node("立项"), node("竣工"))}, HALF, "0.5", (StartBasis.PLAN, EndBasis.DEADLINE)),
        ({"nodes": (node("竣工", DEADLINE),), "needs_redate": True}, HALF, "0.5",
         (StartBasis.PLAN, EndBasis.LAST_NODE)),
    ],
)  # fmt: skip
def test_the_share_of_time_gone_says_what_it_rests_on(
    differences: dict[str, Any], today: date, share: str, bases: tuple[StartBasis, EndBasis]
) -> None:
    found = time_gone(project(**differences), today)
    assert found.share == Decimal(share)
    assert (found.start_basis, found.end_basis) == bases
    assert found.missing is None


@pytest.mark.parametrize(
    ("differences", "missing"),
    [
        ({"due_on": None}, NoShare.NO_END),
        ({"needs_redate": True}, NoShare.REDATE),
        ({"issued_on": None}, NoShare.NO_START),
        ({"starts_on": date(2026, 5, 1)}, NoShare.END_BEFORE_START),
        ({"starts_on": DEADLINE}, NoShare.END_BEFORE_START),
    ],
)
def test_without_an_end_there_is_no_share_and_a_reason(differences: dict[str, Any], missing: NoShare) -> None:
    found = time_gone(project(**differences), HALF)
    assert (found.share, found.missing) == (None, missing)


def test_nothing_is_expected_of_what_is_closed_or_suspended() -> None:
    assert expected_share(project(), HALF) == Decimal("0.5")
    assert expected_share(project(suspended=True), HALF) is None
    assert expected_share(project(closed_on=date(2026, 2, 1)), HALF) is None
    assert expected_yuan(project(budget_yuan=30_000_000), HALF) == 15_000_000
    assert expected_yuan(project(), HALF) is None


@pytest.mark.parametrize(
    ("differences", "standing", "figures"),
    [
        ({}, Standing.UNKNOWN, []),
        ({"budget_yuan": 100}, Standing.UNKNOWN, []),
        # Ten points are within the tolerance, a hair more is not; without an entry nothing is known.
        ({"budget_yuan": 1000, "money": {MoneyKind.PAID: 400}}, Standing.ON_SCHEDULE, []),
        ({"budget_yuan": 1000, "money": {MoneyKind.PAID: 399}}, Standing.BEHIND, [Figure.PAID]),
        ({"budget_yuan": 1000, "money": {MoneyKind.ALLOCATED: 300}}, Standing.BEHIND, [Figure.ALLOCATED]),
        ({"money": {MoneyKind.PLANNED: 1000, MoneyKind.PAID: 100}}, Standing.BEHIND, [Figure.PAID]),
        ({"money": {MoneyKind.PAID: 100}}, Standing.UNKNOWN, []),
        ({"budget_yuan": 0, "money": {MoneyKind.PAID: 100}}, Standing.UNKNOWN, []),
        ({"progress": 40}, Standing.ON_SCHEDULE, []),
        ({"progress": 39}, Standing.BEHIND, [Figure.PROGRESS]),
        ({"progress": 0}, Standing.BEHIND, [Figure.PROGRESS]),
        ({"progress": 39, "due_on": None}, Standing.UNKNOWN, []),
        ({"progress": 39, "suspended": True}, Standing.SUSPENDED, []),
        ({"progress": 39, "closed_on": date(2026, 2, 1)}, Standing.CLOSED, []),
        # A node of today is still in time; one of yesterday is not, whatever else was done early.
        ({"nodes": (node("招标", HALF), node("竣工", DEADLINE))}, Standing.ON_SCHEDULE, []),
        ({"nodes": (node("招标", date(2026, 2, 19)), node("竣工", DEADLINE, done=date(2026, 2, 1)))},
         Standing.BEHIND, [Figure.NODES]),
        ({"nodes": (node("招标", date(2026, 2, 19)), node("竣工")), "due_on": None}, Standing.BEHIND, [Figure.NODES]),
        ({"nodes": (node("招标"), node("竣工"))}, Standing.UNKNOWN, []),
        ({"nodes": (node("招标", date(2026, 1, 9)), node("竣工", DEADLINE)), "budget_yuan": 1000, "progress": 1,
          "money": {MoneyKind.PAID: 1, MoneyKind.ALLOCATED: 1}},
         Standing.BEHIND, [Figure.NODES, Figure.PAID, Figure.ALLOCATED, Figure.PROGRESS]),
    ],
)  # fmt: skip
def test_a_project_is_behind_for_stated_reasons(
    differences: dict[str, Any], standing: Standing, figures: list[Figure]
) -> None:
    found = schedule_of(project(**differences), HALF)
    assert found.standing is standing
    assert [reason.figure for reason in found.reasons] == figures


def test_the_reason_names_the_missed_nodes_and_the_shares() -> None:
    bid = node("招标", date(2026, 2, 1))
    begun = node("立项", date(2026, 1, 11), done=date(2026, 1, 12))
    found = schedule_of(project(nodes=(begun, bid, node("竣工", date(2026, 3, 12))), progress=10), HALF)
    nodes, progress = found.reasons
    assert (nodes.missed, nodes.due, nodes.done) == ((bid,), 2, 1)
    assert (found.due, found.due_done) == (2, 1)
    assert (progress.reached, progress.gone) == (Decimal("0.1"), Decimal(40) / 60)


def test_the_most_missed_nodes_stand_first_then_the_largest_lag() -> None:
    late = project(key="late", nodes=(node("招标", date(2026, 2, 1)), node("竣工", DEADLINE)))
    little, much = project(key="little", progress=30), project(key="much", progress=5)
    known, unknown = project(key="known", progress=60), project(key="unknown")
    found = schedules_of([little, much, late, known, unknown], HALF)
    assert [each.project.key for each in found[Standing.BEHIND]] == ["late", "much", "little"]
    assert [each.project.key for each in found[Standing.ON_SCHEDULE]] == ["known"]
    assert [each.project.key for each in found[Standing.UNKNOWN]] == ["unknown"]


def test_only_what_has_a_plan_is_held_against_it() -> None:
    said = [
        project(budget_yuan=1000, money={MoneyKind.ALLOCATED: 400}),
        project(money={MoneyKind.PLANNED: 600, MoneyKind.ALLOCATED: 400, MoneyKind.PAID: 160}),
        project(money={MoneyKind.ALLOCATED: 1600, MoneyKind.PAID: 800}),
        project(budget_yuan=9000, money={MoneyKind.PAID: 9000}, suspended=True),
        project(),
    ]
    money = invested(said)
    assert money.projects == 4
    assert money.sums == {MoneyKind.PLANNED: 1600, MoneyKind.ALLOCATED: 2400, MoneyKind.PAID: 960}
    assert money.saying == {MoneyKind.PLANNED: 2, MoneyKind.ALLOCATED: 3, MoneyKind.PAID: 2}
    assert [money.share(kind) for kind in MoneyKind] == [1, Decimal("0.5"), Decimal("0.1")]
    assert (money.unplanned, money.apart) == (1, {MoneyKind.ALLOCATED: 1600, MoneyKind.PAID: 800})
    assert invested(said[2:3]).share(MoneyKind.PAID) is None


def test_the_year_counts_the_projects_that_planned_it() -> None:
    planned = project(of_year={MoneyKind.PLANNED: 36_500, MoneyKind.PAID: 1_000})
    silent = project(of_year={MoneyKind.PAID: 70, MoneyKind.ALLOCATED: 90})
    cancelled = project(suspended=True, of_year={MoneyKind.PLANNED: 5_000, MoneyKind.PAID: 5_000})
    found = year_money([planned, silent, project(), cancelled], date(2026, 2, 19))
    assert (found.year, found.projects, found.saying) == (2026, 3, 1)
    assert (found.planned, found.allocated, found.paid, found.apart) == (36_500, None, 1_000, 70)
    assert found.expected == 5_000
    assert found.share(found.paid) == Decimal(1_000) / 36_500
    assert found.share(found.allocated) is None


def test_the_last_day_of_a_leap_year_expects_the_whole() -> None:
    planned = project(of_year={MoneyKind.PLANNED: 36_500})
    assert year_money([planned], date(2028, 12, 31)).expected == 36_500


def test_without_a_plan_for_the_year_nothing_is_known() -> None:
    found = year_money([project(of_year={MoneyKind.PAID: 70})], HALF)
    assert (found.planned, found.paid, found.expected, found.apart) == (None, None, None, 70)
    assert (found.projects, found.saying) == (1, 0)
