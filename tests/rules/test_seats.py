"""The seats of building projects by the September that finds them usable."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.completion import Basis, NodeFacts
from tracker.rules.project_facts import HandoverFacts, PartFacts, ProjectFacts
from tracker.rules.seats import (
    autumns_of,
    batches_of,
    batches_of_all,
    coming,
    groups_of,
    handed_seats,
    has_seats,
    overfull,
    planned_seats,
    slips_of,
    tight_of,
)
from tracker.rules.stages import Stage

TODAY = date(2026, 3, 1)
ROOFED = NodeFacts("主体封顶", date(2026, 1, 30), date(2026, 1, 30))  # thirty days late
READY = NodeFacts("竣工验收·投用", date(2026, 8, 20), date(2026, 8, 20))


def project(*parts: PartFacts, key: str = "p", **differences: Any) -> ProjectFacts:
    return ProjectFacts(**({"key": key, "title": f"项目{key}", "category": "new", "parts": parts} | differences))


def part(seats: int | None = 2000, stage: Stage | None = Stage.PRIMARY, *handovers: HandoverFacts) -> PartFacts:
    return PartFacts(1, "第九小学", stage, seats, handovers=handovers)


MOVED = {"nodes": (ROOFED, READY)}
# A project → its batches as (seats, planned autumn, autumn as things stand, basis, days to spare, lost).
CASES: list[tuple[str, ProjectFacts, list[tuple[Any, ...]]]] = [
    ("on its way", project(part(), nodes=(READY,)), [(2000, 2026, 2026, Basis.PLANNED, 12, False)]),
    ("past 1 September", project(part(), **MOVED), [(2000, 2026, 2027, Basis.SHIFTED, -18, True)]),
    ("month only", project(part(), due_on=date(2026, 9, 30)), [(2000, 2026, 2026, Basis.DEADLINE, 0, False)]),
    ("a year ahead", project(part(), due_on=date(2026, 12, 31)), [(2000, 2027, 2027, Basis.DEADLINE, 244, False)]),
    ("no date", project(part()), [(2000, None, None, None, None, False)]),
    ("to be dated anew", project(part(), due_on=date(2022, 9, 30), needs_redate=True),
     [(2000, None, None, None, None, False)]),
    ("a deadline gone", project(part(), due_on=date(2024, 9, 30)), [(2000, 2024, None, None, None, True)]),
    ("done for the deadline", project(part(), due_on=date(2024, 9, 30), closed_on=date(2024, 8, 1)),
     [(2000, 2024, 2024, Basis.DONE, 31, False)]),
    ("expected only", project(part(), expected_on=date(2026, 8, 31)), [(2000, None, 2026, Basis.EXPECTED, 1, False)]),
    ("expected later", project(part(), due_on=date(2026, 9, 30), expected_on=date(2027, 1, 5)),
     [(2000, 2026, 2027, Basis.EXPECTED, -126, True)]),
    ("suspended", project(part(), nodes=(READY,), suspended=True), []),
    ("suspended after a batch was handed over",
     project(part(2000, None, HandoverFacts(800, date(2025, 9, 20), None, date(2025, 9, 10)),
                  HandoverFacts(300, date(2026, 8, 1)), HandoverFacts(100, None, None, date(2026, 2, 1))),
             nodes=(READY,), suspended=True),
     [(800, 2025, 2025, Basis.DONE, 0, False), (100, 2026, 2026, Basis.DONE, 212, False)]),
    ("no seats", project(part(None), nodes=(READY,)), []),
    ("zero seats", project(part(0), nodes=(READY,)), []),
    ("two schools on one site", project(part(), part(1500, Stage.JUNIOR), nodes=(READY,)),
     [(2000, 2026, 2026, Basis.PLANNED, 12, False), (1500, 2026, 2026, Basis.PLANNED, 12, False)]),
    ("in parts", project(part(2000, None, HandoverFacts(800, date(2025, 8, 20), None, date(2025, 8, 25))), **MOVED),
     [(800, 2025, 2025, Basis.DONE, 7, False), (1200, 2026, 2027, Basis.SHIFTED, -18, True)]),
    ("handed over early",
     project(part(2000, None, HandoverFacts(2000, date(2026, 8, 20), None, date(2025, 6, 1))), **MOVED),
     [(2000, 2026, 2025, Basis.DONE, 457, False)]),
    ("a batch expected late",
     project(part(2000, None, HandoverFacts(500, date(2026, 8, 1), date(2026, 9, 2))), nodes=(READY,)),
     [(500, 2026, 2027, Basis.EXPECTED, -1, True), (1500, 2026, 2026, Basis.PLANNED, 12, False)]),
    ("a batch moved by the node before it",
     project(part(500, None, HandoverFacts(500, date(2026, 8, 15))), **MOVED),
     [(500, 2026, 2027, Basis.SHIFTED, -13, True)]),
    ("a batch before the late node",
     project(part(500, None, HandoverFacts(500, date(2026, 8, 15))),
             nodes=(NodeFacts("验收", date(2026, 8, 20), date(2026, 8, 20), date(2026, 10, 1)),)),
     [(500, 2026, 2026, Basis.PLANNED, 17, False)]),
    ("a batch whose day has passed",
     project(part(500, None, HandoverFacts(500, date(2026, 2, 1)))), [(500, 2026, None, None, None, True)]),
    ("a batch behind a node that was formally moved past it",
     project(part(500, None, HandoverFacts(500, date(2026, 8, 15))),
             nodes=(NodeFacts("验收", date(2026, 9, 9), date(2026, 8, 10)),)),
     [(500, 2026, 2027, Basis.SHIFTED, -13, True)]),
    ("a batch expected in time behind a node that was moved past it",
     project(part(500, None, HandoverFacts(500, date(2026, 8, 15), date(2026, 8, 14))),
             nodes=(NodeFacts("验收", date(2026, 9, 9), date(2026, 8, 10)),)),
     [(500, 2026, 2026, Basis.EXPECTED, 18, False)]),
    ("a batch planned anew behind a node that was moved",
     project(part(500, None, HandoverFacts(500, date(2026, 8, 15))),
             nodes=(NodeFacts("封顶", date(2026, 8, 1), date(2026, 6, 1)),)),
     [(500, 2026, 2026, Basis.PLANNED, 17, False)]),
    ("a batch behind a forgotten node",
     project(part(500, None, HandoverFacts(500, date(2026, 8, 15))),
             nodes=(NodeFacts("可研", date(2024, 1, 1), date(2024, 1, 1)),
                    NodeFacts("封顶", date(2026, 9, 1), date(2026, 9, 1), None, date(2026, 2, 1)), READY)),
     [(500, 2026, 2026, Basis.PLANNED, 17, False)]),
    ("planned in September", project(part(), nodes=(NodeFacts("投用", date(2026, 9, 20), date(2026, 9, 20)),)),
     [(2000, 2026, 2026, Basis.PLANNED, 0, False)]),
    ("a batch handed over before its day in September",
     project(part(500, None, HandoverFacts(500, date(2025, 9, 25), None, date(2025, 9, 20))), nodes=(READY,)),
     [(500, 2025, 2025, Basis.DONE, 0, False)]),
    ("a batch without a day handed over before the deadline in September",
     project(part(500, None, HandoverFacts(500, None, None, date(2025, 9, 20))), due_on=date(2025, 9, 30)),
     [(500, 2025, 2025, Basis.DONE, 0, False)]),
    ("a missed last node", project(part(), nodes=(NodeFacts("投用", date(2026, 2, 1), date(2026, 2, 1)),)),
     [(2000, 2026, None, None, None, True)]),
    ("a batch without a day goes with the rest",
     project(part(500, None, HandoverFacts(200)), nodes=(READY,)),
     [(200, 2026, 2026, Basis.PLANNED, 12, False), (300, 2026, 2026, Basis.PLANNED, 12, False)]),
    ("more handed over than planned",
     project(part(500, None, HandoverFacts(600, None, None, date(2025, 8, 1))), nodes=(READY,)),
     [(600, 2026, 2025, Basis.DONE, 396, False)]),
    ("the seats of batches alone",
     project(part(None, None, HandoverFacts(600, date(2026, 8, 1)))), [(600, 2026, 2026, Basis.PLANNED, 31, False)]),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_seats_are_usable_when_they_are_handed_over(facts: ProjectFacts, expected: list[tuple[Any, ...]]) -> None:
    found = batches_of(facts, TODAY)
    assert [
        (each.seats, each.planned.autumn, each.usable.autumn, each.usable.basis, each.slack, each.is_lost)
        for each in found
    ] == expected


def test_a_slip_names_its_node_its_days_its_seats_and_where_they_move() -> None:
    late = project(part(), part(1500, Stage.JUNIOR), **MOVED)
    [slip] = slips_of(batches_of_all([late, project(part(), nodes=(READY,), key="q")], TODAY))
    assert (slip.project, slip.seats, slip.planned.autumn, slip.usable.autumn) == (late, 3500, 2026, 2027)
    assert (slip.usable.late_node, slip.usable.slip_days, slip.days_late, slip.slack) == (ROOFED, 30, 30, -18)


def test_what_can_bear_sixty_days_is_tight_and_what_is_done_or_lost_is_not() -> None:
    ends = {"a": date(2026, 7, 3), "b": date(2026, 7, 2), "c": date(2026, 9, 1), "d": date(2026, 10, 1)}
    projects = [project(part(100), key=key, nodes=(NodeFacts("投用", day, day),)) for key, day in ends.items()]
    projects.append(project(part(100), key="e", due_on=date(2026, 8, 20), closed_on=date(2026, 2, 1)))
    assert [(each.project.key, each.slack) for each in tight_of(batches_of_all(projects, TODAY))] == [
        ("c", 0),
        ("a", 60),
    ]


def test_sums_by_autumn_tell_the_stages_apart_and_add_up_from_the_first() -> None:
    projects = [
        project(part(800), part(600, Stage.JUNIOR), key="a", nodes=(READY,)),
        project(part(2000, Stage.NINE_YEAR), key="b", **MOVED),
        project(part(300, None), key="c", due_on=date(2027, 8, 1)),
        project(part(50), key="d"),
    ]
    first, second, undated = autumns_of(batches_of_all(projects, TODAY))
    assert (first.year, first.whole.planned, first.whole.usable, first.whole.lost, first.whole.in_time) == (
        *(2026, 3400, 1400, 2000),
        1400,
    )
    assert list(first.stages) == [Stage.PRIMARY, Stage.JUNIOR, Stage.NINE_YEAR]
    assert [first.stages[stage].usable for stage in first.stages] == [800, 600, 0]
    assert (second.year, second.whole.planned, second.whole.usable) == (2027, 300, 2300)
    assert list(second.stages) == [Stage.NINE_YEAR, None]
    assert [(each.planned_so_far, each.usable_so_far) for each in (first, second)] == [(3400, 1400), (3700, 3700)]
    assert (undated.year, undated.whole.planned, undated.whole.usable) == (None, 50, 50)


def test_the_coming_september_counts_what_came_before_it_and_leaves_out_what_says_nothing() -> None:
    projects = [
        project(part(800), key="a", due_on=date(2024, 9, 30), closed_on=date(2024, 8, 1)),
        project(part(2000), key="b", **MOVED),
        project(part(None), key="c", nodes=(READY,)),
        project(part(50), key="d"),
        project(part(70), key="e", suspended=True),
        project(part(90, None, HandoverFacts(30, None, None, date(2025, 8, 1))), key="f", suspended=True),
    ]
    found = coming(projects, TODAY)
    assert (found.year, found.planned, found.usable, found.short) == (2026, 2800, 830, 1970)
    assert (found.seats, found.undated, found.projects, found.silent) == (2880, 50, 3, 1)
    assert coming(projects, date(2026, 9, 2)).year == 2027
    assert coming([], TODAY).seats == 0


def test_seats_are_summed_by_town_and_those_without_a_town_stand_last() -> None:
    projects = [
        project(part(100), key="a", town="潋江镇"),
        project(part(900), key="b"),
        project(part(300), key="c", town="埠头乡", nodes=(READY,)),
        project(part(200), key="d", town="潋江镇", nodes=(READY,)),
    ]
    found = groups_of(batches_of_all(projects, TODAY), lambda each: (each.town, each.town))
    assert [(each.name, each.seats) for each in found] == [("埠头乡", 300), ("潋江镇", 300), (None, 900)]
    assert {year: cell.usable for year, cell in found[-1].autumns.items()} == {None: 900}


def test_more_seats_handed_over_than_planned_are_questioned() -> None:
    full, over = part(500, None, HandoverFacts(500)), part(500, None, HandoverFacts(300), HandoverFacts(201))
    unknown = part(None, None, HandoverFacts(10))
    facts = project(full, over, unknown)
    assert overfull([facts]) == [(facts, over)]
    assert [has_seats(each) for each in (project(unknown), project(part(None)), project())] == [True, False, False]


days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2032, 12, 31)))
handovers = st.builds(HandoverFacts, st.integers(1, 3000), days, days, days)
parts = st.builds(
    lambda stage, seats, own: PartFacts(1, "校", stage, seats, handovers=tuple(own)),
    st.one_of(st.none(), st.sampled_from(Stage)),
    st.one_of(st.none(), st.integers(0, 5000)),
    st.lists(handovers, max_size=3),
)
nodes = st.builds(
    lambda first, moved, expected, done: NodeFacts("节点", first and first + timedelta(moved), first, expected, done),
    days,
    st.integers(0, 400),
    days,
    days,
)
projects_of_any_kind = st.builds(
    lambda number, own, steps, due, expected, closed, redate, suspended: ProjectFacts(
        str(number), "项目", "new", due_on=due, needs_redate=redate, expected_on=expected, closed_on=closed,
        suspended=suspended, nodes=tuple(steps), parts=tuple(own), town="镇" if number % 2 else None, id=number,
    ),
    st.integers(1, 5), st.lists(parts, max_size=3), st.lists(nodes, max_size=3), days, days, days, st.booleans(),
    st.booleans(),
)  # fmt: skip


@given(st.lists(projects_of_any_kind, max_size=6))
def test_every_seat_of_a_living_project_stands_in_one_autumn_or_has_no_day(projects: list[ProjectFacts]) -> None:
    whole = sum(handed_seats(each) if each.suspended else planned_seats(each) for each in projects)
    batches = batches_of_all(projects, TODAY)
    autumns = autumns_of(batches)
    assert sum(each.whole.planned for each in autumns) == whole
    assert sum(each.whole.usable for each in autumns) == whole
    for autumn in autumns:
        assert sum(cell.usable for cell in autumn.stages.values()) == autumn.whole.usable
    assert sum(each.seats for each in groups_of(batches, lambda one: (one.town, one.town))) == whole
    assert sum(slip.seats for slip in slips_of(batches)) == sum(each.whole.lost for each in autumns)
    assert coming(projects, TODAY).seats == whole
