"""When a building project can be used."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.completion import Basis, Completion, NodeFacts, completion, opening_autumn, planned_completion

TODAY = date(2026, 3, 1)
BEGUN = NodeFacts("开工", planned_on=date(2026, 1, 10), done_on=date(2026, 1, 20))
ROOFED = NodeFacts("主体封顶", planned_on=date(2026, 2, 19))
READY = NodeFacts("竣工验收·投用", planned_on=date(2026, 8, 20), first_planned_on=date(2026, 6, 30))


@pytest.mark.parametrize(
    ("nodes", "days", "expected"),
    [
        ([], {}, (None, None)),
        ([], {"due_on": date(2026, 9, 30)}, (date(2026, 9, 30), Basis.DEADLINE)),
        ([], {"due_on": date(2025, 9, 30)}, (None, None)),
        ([], {"due_on": date(2026, 9, 30), "expected_on": date(2026, 10, 8)}, (date(2026, 10, 8), Basis.EXPECTED)),
        ([], {"due_on": date(2026, 9, 30), "expected_on": date(2026, 2, 8)}, (date(2026, 9, 30), Basis.DEADLINE)),
        ([], {"due_on": date(2026, 9, 30), "closed_on": date(2026, 2, 1)}, (date(2026, 2, 1), Basis.DONE)),
        ([BEGUN, READY], {"due_on": date(2026, 9, 30)}, (date(2026, 8, 20), Basis.PLANNED)),
        ([BEGUN, NodeFacts("投用", done_on=date(2026, 2, 3))], {}, (date(2026, 2, 3), Basis.DONE)),
        ([BEGUN, ROOFED, READY], {}, (date(2026, 8, 30), Basis.SHIFTED)),
        ([ROOFED, NodeFacts("投用", planned_on=date(2026, 8, 20), expected_on=date(2026, 8, 25))], {},
         (date(2026, 8, 25), Basis.EXPECTED)),
        ([NodeFacts("投用", planned_on=date(2026, 2, 19))], {}, (TODAY, Basis.SHIFTED)),
    ],
)  # fmt: skip
def test_the_last_node_says_when_a_project_can_be_used(
    nodes: list[NodeFacts], days: dict[str, date], expected: tuple[date | None, Basis | None]
) -> None:
    found = completion(nodes, TODAY, **days)
    assert (found.on, found.basis) == expected


def test_the_latest_node_is_named_with_its_slip() -> None:
    waits = NodeFacts("招标", planned_on=date(2026, 3, 10), expected_on=date(2026, 4, 9))
    found = completion([waits, ROOFED, READY], TODAY)
    assert (found.late_node, found.slip_days) == (waits, 30)
    assert found.on == date(2026, 9, 19)
    assert found.autumn == 2027


def test_what_was_planned_first_stays_the_plan() -> None:
    assert planned_completion([READY], date(2026, 9, 30)) == Completion(date(2026, 6, 30), Basis.PLANNED)
    assert planned_completion([BEGUN], date(2026, 9, 30)).autumn == 2026
    assert planned_completion([], None) == Completion()


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 8, 31), 2026), (date(2026, 9, 1), 2026), (date(2026, 9, 2), 2027), (date(2026, 1, 1), 2026)],
)
def test_a_day_counts_for_the_school_year_that_begins_with_it(day: date, year: int) -> None:
    assert opening_autumn(day) == year
