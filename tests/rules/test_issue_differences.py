"""Two issues compared by item: one reason for each task, and effects that add up to every changed figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.queries.issue_lines import Line
from tracker.rules.issue_clauses import CLAUSES, clauses, paragraph
from tracker.rules.issue_differences import Difference, Item, compared, difference
from tracker.rules.issue_reasons import Facet, Reason
from tracker.rules.lifecycle import State
from tracker.rules.lights import COUNTED, Light
from tracker.rules.overview import has_become, light_changes

DUE = date(2026, 3, 10)
PLAIN = Line(
    **{
        **dict.fromkeys(Line.__slots__),  # type: ignore[arg-type]
        **dict.fromkeys(("units", "unit_ids", "cooperating", "waits_for", "indicators")),
        **dict.fromkeys(("fallen_due", "in_time", "stale", "to_decide"), False),
        **dict.fromkeys(("days_late", "extensions", "redates", "returns", "periods_missed"), 0),
        "task_id": 1,
        "task_key": "xg-001",
        "plan_code": "xg",
        "region_code": "360732",
        "position": 1,
        "title": "资金拨付",
        "units": ["财政局"],
        "unit_ids": [7],
        "cooperating": [],
        "waits_for": [],
        "indicators": [],
        "light": Light.NORMAL,
        "state": State.IN_PROGRESS,
        "due_on": DUE,
    }
)
GOOD, LATE, SOON = {"light": Light.NORMAL}, {"light": Light.OVERDUE}, {"light": Light.SOON}
LATER = {"extensions": 1, "due_on": date(2026, 4, 10)}
GONE = {"light": Light.SUSPENDED, "state": State.SUSPENDED}


def line(**differences: Any) -> Line:
    """A task as an issue froze it."""
    return replace(PLAIN, **differences)


def reason_of(was: dict[str, Any], now: dict[str, Any]) -> Reason | None:
    """The one reason of a task that stood so and stands so."""
    item = compared(line(**was), line(**now))
    return item.reason if item else None


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        (GOOD, {"light": Light.CLOSED, "state": State.CLOSED}, Reason.CLOSED),
        (LATE, {"light": Light.CLOSED, "returns": 1, "extensions": 1}, Reason.CLOSED),
        (GONE, {"light": Light.CLOSED, "state": State.CLOSED}, Reason.CLOSED),
        ({"light": Light.CLOSED, "closed_on": DUE}, LATE, Reason.REOPENED),
        (
            {"light": Light.CLOSED, "closed_on": DUE},
            {"light": Light.CLOSED, "closed_on": date(2026, 3, 12)},
            Reason.REOPENED,
        ),
        (SOON, LATE, Reason.NEWLY_LATE),
        ({"light": Light.NOT_DUE}, LATE, Reason.NEWLY_LATE),
        (GOOD, LATE | LATER, Reason.NEWLY_LATE),
        (LATE, {"light": Light.NOT_DUE}, Reason.NO_LONGER_LATE),
        (LATE, {"light": Light.NORMAL, "state": State.SUBMITTED}, Reason.NO_LONGER_LATE),
        (GOOD, LATE | {"returns": 1, "returned_on": date(2026, 3, 12)}, Reason.RETURNED),
        (GOOD, LATE | {"returns": 1, "returned_on": date(2026, 3, 2)}, Reason.NEWLY_LATE),
        ({"state": State.SUBMITTED}, SOON | {"returns": 1}, Reason.RETURNED),
        ({"state": State.SUBMITTED}, {"returns": 1}, Reason.RETURNED),
        (LATE, GOOD | LATER, Reason.EXTENDED),
        (LATE, LATE | LATER, Reason.EXTENDED),
        (GOOD, SOON | LATER, Reason.DUE_SOON),
        ({"light": Light.REDATE}, GOOD | {"redates": 1}, Reason.REDATED),
        ({"light": Light.REDATE}, LATE | {"redates": 1}, Reason.REDATED),
        (LATE, GOOD | {"redates": 1, "due_on": date(2026, 5, 1)}, Reason.REDATED),
        (GOOD, LATE | {"redates": 1, "due_on": date(2026, 2, 1)}, Reason.REDATED),
        ({"light": Light.NOT_DUE, "due_on": None}, SOON, Reason.REDATED),
        (GOOD, GOOD | {"redates": 1}, Reason.REDATED),
        (GOOD, {"light": Light.REDATE}, Reason.DOUBTED),
        (GOOD, SOON, Reason.DUE_SOON),
        (SOON, GOOD, Reason.RECOVERED),
        (SOON, {"light": Light.NORMAL, "state": State.SUBMITTED}, Reason.SUBMITTED),
        ({"light": Light.NOT_DUE, "state": State.NOT_STARTED}, GOOD, Reason.STARTED),
        ({"light": Light.NOT_DUE}, GOOD, Reason.STARTED),
        (LATE, GONE, Reason.SUSPENDED),
        (LATE, GONE | {"withdrawn_on": DUE}, Reason.WITHDRAWN),
        (GONE, GONE | {"withdrawn_on": DUE}, Reason.WITHDRAWN),
        (GONE, LATE, Reason.RESUMED),
        (GOOD, {"light": Light.NOT_DUE}, Reason.OTHER),
        (LATE, LATE | {"to_decide": True, "last_words": "说"}, Reason.TO_DECIDE),
        (GOOD, {"last_words": "完成主体"}, Reason.REPORTED),
        (GOOD, {"last_reported_at": datetime(2026, 3, 1, tzinfo=UTC)}, Reason.REPORTED),
        (LATE, LATE | {"periods_missed": 1}, Reason.MISSED),
        (GOOD, {"stale": True}, Reason.STALE),
        (GOOD, {"title": "改名"}, Reason.CHANGED),
        (GOOD, {"units": ["住建局"], "unit_ids": [8]}, Reason.CHANGED),
        (GOOD, {"project": {"light": "soon", "nodes": [{"name": "开工"}]}}, Reason.CHANGED),
        (GOOD, GOOD, None),
        (LATE | {"days_late": 3}, LATE | {"days_late": 10}, None),
        (GOOD, {"units": ["财政和国资局"]}, None),
        (GOOD | {"project": {"light": "normal"}}, {"project": {"light": "soon"}}, None),
    ],
)
def test_every_change_has_the_one_reason_that_explains_it(
    was: dict[str, Any], now: dict[str, Any], reason: Reason | None
) -> None:
    assert reason_of(was, now) is reason


def test_a_task_in_one_issue_alone_was_added_or_has_left() -> None:
    added, left = compared(None, line()), compared(line(), None)
    assert added
    assert left
    assert (added.reason, added.effect) == (Reason.ADDED, {Light.NORMAL: 1})
    assert (left.reason, left.effect) == (Reason.LEFT, {Light.NORMAL: -1})
    assert compared(None, None) is None


def test_the_id_of_a_deleted_task_given_to_another_is_not_the_same_task() -> None:
    found = difference([line(task_key="xg-001")], [line(task_key="xg-002")])
    assert [item.reason for item in found.items] == [Reason.ADDED, Reason.LEFT]


def test_other_acts_of_the_same_weeks_stand_beside_the_reason() -> None:
    item = compared(line(), line(**LATE, **LATER, returns=1, redates=2))
    assert item
    assert (item.reason, item.also) == (Reason.NEWLY_LATE, (Reason.RETURNED, Reason.EXTENDED, Reason.REDATED))


def test_what_else_is_otherwise_is_named() -> None:
    item = compared(line(), line(title="改名", cooperating=["公安局"], project={"budget_yuan": 5}))
    assert item
    assert item.facets == [Facet.TITLE, Facet.COOPERATING, Facet.PROJECT]


def test_what_changes_no_group_stands_apart() -> None:
    then = [line(), line(task_id=2), line(task_id=3)]
    now = [line(**LATE), line(task_id=2, last_words="说了"), line(task_id=3)]
    found = difference(then, now)
    assert [item.reason for item in found.items] == [Reason.NEWLY_LATE]
    assert [item.reason for item in found.quiet] == [Reason.REPORTED]
    assert found.sums == light_changes({Light.OVERDUE: 1, Light.NORMAL: 2}, {Light.NORMAL: 3})


def test_items_stand_in_the_order_of_reasons_and_the_latest_first() -> None:
    then = [line(task_id=number, position=number) for number in range(1, 5)]
    now = [
        line(task_id=1, position=1, **LATE, days_late=2),
        line(task_id=2, position=2, light=Light.CLOSED),
        line(task_id=3, position=3, **LATE, days_late=9),
        line(task_id=4, position=4, **SOON),
    ]
    assert [item.line.task_id for item in difference(then, now).items] == [2, 3, 1, 4]


def test_the_newly_late_of_the_sentence_are_told_apart() -> None:
    then = [line(), line(task_id=2, light=Light.REDATE), line(task_id=3, **GONE), line(task_id=5, **LATE)]
    now = [line(task_id=number, **LATE) for number in (1, 2, 3, 4, 5)]
    found = difference(then, now)
    assert found.newly_late == {Reason.NEWLY_LATE: 1, Reason.REDATED: 1, Reason.RESUMED: 1}
    assert found.sums[Light.OVERDUE] == 4


def test_the_paragraph_tells_what_happened_in_the_order_of_reasons() -> None:
    then = [line(task_id=number) for number in range(1, 6)]
    now = [
        line(task_id=1, light=Light.CLOSED),
        line(task_id=2, **LATE),
        line(task_id=3, **LATE, units=["财政局", "住建局"], unit_ids=[7, 8]),
        line(task_id=4, last_words="说了"),
        line(task_id=5),
    ]
    found = difference(then, now)
    assert paragraph(found, 9, date(2026, 2, 27), date(2026, 3, 6)) == (
        "与第9期（2月27日）相比，销号 1 项，到期转为逾期 2 项（均为财政局）；另有 1 项变化不影响各组数字。"
    )
    assert [each.reason for each in clauses(found)] == [Reason.CLOSED, Reason.NEWLY_LATE]


def test_a_week_without_changes_is_said() -> None:
    assert (
        paragraph(difference([line()], [line()]), 9, date(2025, 12, 26), date(2026, 1, 2))
        == "与第9期（2025年12月26日）相比，各组数字没有变化。"
    )


def test_every_reason_that_may_change_a_group_has_its_words() -> None:
    quiet = {Reason.TO_DECIDE, Reason.REPORTED, Reason.MISSED, Reason.STALE, Reason.CHANGED}
    assert set(CLAUSES) == set(Reason) - quiet


DAYS = st.sampled_from([None, date(2026, 2, 1), DUE, date(2026, 4, 1)])
LINES = st.builds(
    line,
    task_id=st.integers(1, 8),
    task_key=st.sampled_from(["a", "a", "a", "b"]),
    light=st.sampled_from(Light),
    state=st.sampled_from(State),
    due_on=DAYS,
    returned_on=DAYS,
    closed_on=DAYS,
    withdrawn_on=DAYS,
    extensions=st.integers(0, 2),
    redates=st.integers(0, 2),
    returns=st.integers(0, 2),
    periods_missed=st.integers(0, 1),
    last_words=st.sampled_from([None, "说", "又说"]),
    stale=st.booleans(),
    to_decide=st.booleans(),
    units=st.sampled_from([["财政局"], ["财政局", "住建局"], []]),
    unit_ids=st.sampled_from([[7], [7, 8], []]),
)
ISSUES = st.lists(LINES, max_size=12, unique_by=lambda each: (each.task_id, each.task_key))


@settings(max_examples=400, deadline=None)
@given(ISSUES, ISSUES)
def test_for_any_two_issues_the_sums_explain_every_changed_number(then: list[Line], now: list[Line]) -> None:
    found = difference(then, now)
    before, after = (Counter(each.light for each in side) for side in (then, now))
    assert found.sums == light_changes(after, before)
    assert (found.lights_then, found.lights_now) == (before, after)
    for light in COUNTED:
        assert sum(row.effect[light] for row in found.rows) == after[light] - before[light]
    assert sum(row.count for row in found.rows) == len(found.items)


@settings(max_examples=400, deadline=None)
@given(ISSUES, ISSUES)
def test_for_any_two_issues_each_task_that_differs_stands_once_and_no_other(then: list[Line], now: list[Line]) -> None:
    found = difference(then, now)
    told = [(item.line.task_id, item.line.task_key) for item in found.items + found.quiet]
    assert len(told) == len(set(told))
    old, new = ({(each.task_id, each.task_key): each for each in side} for side in (then, now))
    assert set(old) ^ set(new) <= set(told)
    silent = (set(old) & set(new)) - set(told)
    assert all(_stood_still(old[key], new[key]) for key in silent)
    assert not any(item.was == item.now for item in found.items + found.quiet)


@settings(max_examples=300, deadline=None)
@given(ISSUES, ISSUES)
def test_closed_and_newly_late_are_those_of_the_sentence(then: list[Line], now: list[Line]) -> None:
    found = difference(then, now)
    both = [item for item in found.items + found.quiet if item.was and item.now]
    withdrawn = [item for item in both if item.reason is Reason.WITHDRAWN]
    closed = [item for item in both if _became(Light.CLOSED, item) and item not in withdrawn]
    assert [item for item in found.items if item.reason is Reason.CLOSED] == closed
    assert sum(found.newly_late.values()) == sum(_became(Light.OVERDUE, item) for item in both)
    assert not [item for item in found.items if item.reason is Reason.NEWLY_LATE and not _became(Light.OVERDUE, item)]


def _became(light: Light, item: Item) -> bool:
    return bool(item.was and item.now) and has_become(light, item.now.light, item.was.light)  # type: ignore[union-attr]


def _stood_still(was: Line, now: Line) -> bool:
    """Whether nothing differs but what the calendar alone moves."""
    moved_by_days = {"stale", "to_decide", "returned_on", "closed_on", "withdrawn_on", "extensions", "redates"}
    kept = {"returns", "periods_missed", "units", "unit_ids"} | moved_by_days
    return all(getattr(was, name) == getattr(now, name) for name in Line.__slots__ if name not in kept)


def test_nothing_differs_between_nothing() -> None:
    found = difference([], [])
    assert (found.items, found.quiet, found.rows, found.total) == ([], [], [], 0)
    assert found.sums == dict.fromkeys(COUNTED, 0)
    assert Difference().newly_late == {}
