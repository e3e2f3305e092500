"""Whose word completes a task."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.lifecycle import Act
from tracker.rules.parts import Parts, act_of_done, difficulty_since, unchanged_since

A, B, C, OFFICE = 1, 2, 3, None
NONE: frozenset[int] = frozenset()


def parts(leads: set[int] | None = None, responsible: set[int] | None = None, done: set[int] | None = None) -> Parts:
    """Parts from plain sets."""
    return Parts(frozenset(leads or ()), frozenset(responsible or ()), frozenset(done or ()))


@pytest.mark.parametrize(
    ("said", "unit", "act"),
    [
        (parts(leads={A}), A, Act.SUBMIT),
        (parts(leads={A, B}), B, Act.SUBMIT),
        (parts(leads={A}, responsible={B}), A, Act.SUBMIT),
        (parts(leads={A}, responsible={B}), B, Act.REPORT),
        (parts(leads={A}, responsible={B}, done={B}), B, Act.REPORT),
        (parts(leads={A}), C, Act.REPORT),
        (parts(leads={A}), OFFICE, Act.REPORT),
    ],
)
def test_where_leads_are_named_any_lead_submits_the_whole_and_nobody_else(said: Parts, unit: int, act: Act) -> None:
    assert said.has_lead
    assert said.missing == NONE
    assert act_of_done(said, unit) is act


@pytest.mark.parametrize(
    ("said", "unit", "act", "missing"),
    [
        (parts(responsible={A}), A, Act.SUBMIT, {A}),
        (parts(responsible={A, B}), A, Act.REPORT, {A, B}),
        (parts(responsible={A, B}, done={A}), B, Act.SUBMIT, {B}),
        (parts(responsible={A, B}, done={A}), A, Act.REPORT, {B}),
        (parts(responsible={A, B, C}, done={A}), C, Act.REPORT, {B, C}),
        (parts(responsible={A, B, C}, done={A, B}), C, Act.SUBMIT, {C}),
        (parts(responsible={A, B}, done={A, C}), C, Act.REPORT, {B}),
    ],
)
def test_where_no_lead_is_named_the_last_responsible_unit_submits(
    said: Parts, unit: int, act: Act, missing: set[int]
) -> None:
    assert not said.has_lead
    assert said.missing == missing
    assert act_of_done(said, unit) is act


@pytest.mark.parametrize(
    ("words", "since"),
    [
        ([], None),
        ([(1, True, date(2026, 3, 2))], date(2026, 3, 2)),
        ([(1, True, date(2026, 3, 2)), (2, False, date(2026, 3, 3))], date(2026, 3, 2)),
        ([(1, True, date(2026, 3, 2)), (1, True, date(2026, 3, 9))], date(2026, 3, 2)),
        ([(1, True, date(2026, 3, 2)), (1, False, date(2026, 3, 9))], None),
        ([(2, True, date(2026, 3, 5)), (1, True, date(2026, 3, 2)), (1, False, date(2026, 3, 9))], date(2026, 3, 5)),
    ],
)
def test_difficulty_stands_until_the_same_unit_ends_it(
    words: list[tuple[int | None, bool, date]], since: date | None
) -> None:
    assert difficulty_since(words) == since


@pytest.mark.parametrize(
    ("words", "since"),
    [
        ([], None),
        ([(1, True, date(2026, 3, 2))], None),
        ([(1, True, date(2026, 3, 2)), (1, True, date(2026, 3, 9))], date(2026, 3, 9)),
        ([(1, True, date(2026, 3, 2)), (1, True, date(2026, 3, 9)), (1, True, date(2026, 3, 16))], date(2026, 3, 9)),
        ([(1, True, date(2026, 3, 2)), (2, True, date(2026, 3, 9))], None),
        ([(1, True, date(2026, 3, 2)), (2, False, date(2026, 3, 5)), (1, True, date(2026, 3, 9))], date(2026, 3, 9)),
        ([(1, True, date(2026, 3, 2)), (1, False, date(2026, 3, 9)), (1, True, date(2026, 3, 16))], None),
        # Said twice in one week it is one week without a change; Sunday ends a week.
        ([(1, True, date(2026, 3, 2)), (1, True, date(2026, 3, 2)), (1, True, date(2026, 3, 8))], None),
        ([(1, True, date(2026, 3, 8)), (1, True, date(2026, 3, 9))], date(2026, 3, 9)),
        ([(1, True, date(2026, 3, 2)), (1, True, date(2026, 3, 9)), (1, False, date(2026, 3, 16))], None),
        (
            [
                *((1, True, date(2026, 3, 2)), (2, True, date(2026, 3, 3)), (2, True, date(2026, 3, 4))),
                *((1, True, date(2026, 3, 9)), (2, False, date(2026, 3, 10))),
            ],
            date(2026, 3, 9),
        ),
    ],
)
def test_no_change_is_free_for_a_week_and_counts_from_the_second_of_the_same_unit(
    words: list[tuple[int | None, bool, date]], since: date | None
) -> None:
    assert unchanged_since(words) == since
