"""The seats of schools against the students whom they expect."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.rules.completion import NodeFacts
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.seat_needs import Today, needs_of, outlook_of, students_expected
from tracker.rules.seats import Batch, batches_of_all
from tracker.rules.stages import Stage

TODAY = date(2026, 3, 1)
P, J, N = Stage.PRIMARY, Stage.JUNIOR, Stage.NINE_YEAR


def batches(*schools: tuple[int, Stage | None, int], ready: date = date(2026, 8, 1)) -> list[Batch]:
    parts = tuple(PartFacts(school, f"学校{school}", stage, seats) for school, stage, seats in schools)
    nodes = (NodeFacts("投用", ready, ready),)
    return batches_of_all([ProjectFacts("p", "项目", "new", parts=parts, nodes=nodes)], TODAY)


def test_what_one_school_has_over_does_not_help_another_and_silence_is_no_nought() -> None:
    found = needs_of(
        batches((1, P, 500), (2, P, 500), (3, J, 800), (4, P, 300)),
        {(1, P, 2026): 620, (2, P, 2026): 400, (4, P, 2026): 900},
        {(4, P)},
        2026,
    )
    [need] = found
    assert (need.year, need.seats, need.students, need.short, need.over) == (2026, 1000, 1020, 120, 100)
    assert [row.school for row in need.compared] == ["学校1", "学校2"]
    assert [row.school for row in need.silent] == ["学校3"]
    assert [row.school for row in need.running] == ["学校4"]
    assert need.running[0].difference is None


@pytest.mark.parametrize(
    ("stage", "running", "is_running"),
    [(J, {(1, P)}, False), (J, {(1, J)}, True), (P, {(2, P)}, False), (N, {(1, P)}, True), (N, {(1, N)}, True),
     (P, {(1, N)}, True), (None, {(1, J)}, True), (None, {(2, J)}, False)],
)  # fmt: skip
def test_a_school_runs_stage_by_stage(stage: Stage | None, running: set[tuple[int, Stage]], is_running: bool) -> None:
    [need] = needs_of(batches((1, stage, 500)), {(1, P, 2026): 9, (1, J, 2026): 9}, running, 2026)
    assert need.rows[0].is_running is is_running


def test_seats_that_come_later_do_not_help_the_coming_year() -> None:
    own = batches((1, P, 500), ready=date(2027, 3, 1))
    first, second = needs_of(own, {(1, P, 2026): 200, (1, P, 2027): 300, (1, P, 2025): 9}, set(), 2026)
    assert (first.year, first.compared[0].seats, first.short) == (2026, 0, 200)
    assert (second.year, second.compared[0].seats, second.over) == (2027, 500, 200)


def test_without_a_word_of_anybody_the_coming_year_says_so() -> None:
    [need] = needs_of(batches((1, P, 500)), {}, set(), 2026)
    assert (need.year, len(need.silent), need.compared) == (2026, 1, [])


@pytest.mark.parametrize(
    ("stage", "expected", "students"),
    [
        (P, {(1, P, 2026): 90}, 90),
        (J, {(1, P, 2026): 90}, None),
        (N, {(1, P, 2026): 90}, None),
        (N, {(1, P, 2026): 90, (1, J, 2026): 60}, 150),
        (P, {(1, P, 2026): 0}, 0),
        (P, {(2, P, 2026): 90, (1, P, 2027): 90}, None),
        (None, {(1, P, 2026): 90}, None),
    ],
)
def test_a_nine_year_school_knows_its_students_when_both_stages_do(
    stage: Stage | None, expected: dict[tuple[int, Stage, int], int], students: int | None
) -> None:
    assert students_expected(1, stage, 2026, expected) == students


def test_a_county_grows_only_where_every_school_has_said_what_it_expects() -> None:
    today = [Today(1, P, 500, 12), Today(2, P, 300, None), Today(3, J, 400, 8), Today(4, P, None, None)]
    own = batches((9, P, 200), (8, N, 900))
    expected = {(1, P, 2026): 520, (2, P, 2026): 310, (9, P, 2026): 100, (3, J, 2026): 390, (8, J, 2026): 30}
    primary, junior = outlook_of(today, expected, own, 2026)
    assert (primary.students, primary.classes, primary.schools, primary.expected) == (800, None, 2, 930)
    assert (primary.saying, primary.of_schools, primary.seats, primary.growth) == (3, 4, 200, None)
    assert (junior.students, junior.classes, junior.seats, junior.growth) == (400, 8, 0, 20)
    assert outlook_of([], {}, [], 2026) == []
