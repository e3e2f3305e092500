"""When a building project can be used."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.completion import Basis, Completion, NodeFacts, completion, opening_autumn, planned_completion

TODAY = date(2026, 3, 1)
BEGUN = NodeFacts("开工", planned_on=date(2026, 1, 10), done_on=date(2026, 1, 20))
ROOFED = NodeFacts("主体封顶", planned_on=date(2026, 2, 19))
FORGOTTEN = NodeFacts("可研", planned_on=date(2024, 1, 10))
EXPECTED = NodeFacts("投用", planned_on=date(2026, 8, 20), expected_on=date(2026, 8, 25))
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
        ([NodeFacts("投用", planned_on=date(2026, 2, 19))], {}, (None, None)),
        ([NodeFacts("投用", planned_on=date(2026, 2, 19))], {"due_on": date(2026, 9, 30)}, (None, None)),
        ([NodeFacts("投用", planned_on=date(2026, 2, 19), expected_on=date(2026, 2, 25))], {}, (None, None)),
        ([NodeFacts("投用", planned_on=date(2026, 2, 19), expected_on=date(2026, 5, 1))], {},
         (date(2026, 5, 1), Basis.EXPECTED)),
        ([FORGOTTEN, BEGUN, READY], {}, (date(2026, 8, 20), Basis.PLANNED)),
        ([FORGOTTEN, BEGUN, ROOFED, READY], {}, (date(2026, 8, 30), Basis.SHIFTED)),
        ([NodeFacts("封顶", planned_on=date(2026, 6, 1), expected_on=date(2026, 9, 9)), EXPECTED], {},
         (date(2026, 11, 28), Basis.SHIFTED)),
        ([NodeFacts("封顶", planned_on=date(2026, 6, 1), expected_on=date(2026, 8, 9)), EXPECTED], {},
         (date(2026, 8, 25), Basis.EXPECTED)),
        ([NodeFacts("封顶", planned_on=date(2026, 6, 1), expected_on=date(2026, 9, 9)), BEGUN, EXPECTED], {},
         (date(2026, 8, 25), Basis.EXPECTED)),
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


def test_a_missed_last_node_is_named_where_no_day_is_known() -> None:
    missed = NodeFacts("投用", planned_on=date(2026, 2, 19))
    found = completion([FORGOTTEN, missed], TODAY)
    assert (found.on, found.late_node, found.slip_days, found.autumn) == (None, missed, 10, None)


SEPTEMBER = date(2026, 9, 25)
# What is known of a last node → the autumn that finds it usable.
AUTUMNS: list[tuple[str, NodeFacts, dict[str, date], int | None]] = [
    ("planned in September", NodeFacts("投用", SEPTEMBER, SEPTEMBER), {}, 2026),
    ("planned in October", NodeFacts("投用", date(2026, 10, 1), date(2026, 10, 1)), {}, 2027),
    ("expected before the planned day", NodeFacts("投用", SEPTEMBER, SEPTEMBER, date(2026, 9, 20)), {}, 2026),
    ("expected behind the planned day", NodeFacts("投用", SEPTEMBER, SEPTEMBER, date(2026, 9, 26)), {}, 2027),
    ("expected without a plan", NodeFacts("投用", None, None, date(2026, 9, 20)), {}, 2027),
    ("done on the planned day", NodeFacts("投用", SEPTEMBER, SEPTEMBER, None, SEPTEMBER), {}, 2026),
    ("done behind the planned day", NodeFacts("投用", date(2025, 9, 5), date(2025, 9, 5), None, date(2025, 9, 6)), {},
     2026),
    ("done before the day it was moved to", NodeFacts("投用", SEPTEMBER, date(2026, 8, 1), None, date(2026, 9, 20)), {},
     2026),
    ("done by the first plan", NodeFacts("投用", date(2027, 8, 1), SEPTEMBER, None, date(2026, 9, 20)), {}, 2026),
    ("a summer earlier than planned", NodeFacts("投用", SEPTEMBER, SEPTEMBER, None, date(2025, 8, 1)), {}, 2025),
    ("closed before its deadline", NodeFacts(""), {"due_on": date(2026, 9, 30), "closed_on": date(2026, 9, 20)}, 2026),
    ("expected before its deadline", NodeFacts(""), {"due_on": date(2026, 9, 30), "expected_on": date(2026, 9, 20)},
     2026),
    ("expected behind its deadline", NodeFacts(""), {"due_on": date(2026, 9, 20), "expected_on": date(2026, 9, 21)},
     2027),
]  # fmt: skip


@pytest.mark.parametrize(("last", "days", "autumn"), [case[1:] for case in AUTUMNS], ids=[case[0] for case in AUTUMNS])
def test_a_plan_means_its_september_and_earlier_than_promised_is_no_loss(
    last: NodeFacts, days: dict[str, date], autumn: int | None
) -> None:
    assert completion([last], TODAY, **days).autumn == autumn


def test_a_shifted_plan_must_be_there_by_the_first_of_september() -> None:
    assert completion([ROOFED, NodeFacts("投用", date(2026, 9, 1), date(2026, 9, 1))], TODAY).autumn == 2027
