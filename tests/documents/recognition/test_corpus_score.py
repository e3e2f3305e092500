"""The scorer is scored first: each kind of mistake lowers its own number, and only what is right counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.corpus.paper_maker import paper_of, word, wrapped
from tests.corpus.real import paired_by_likeness
from tests.corpus.score import Score, score
from tests.corpus.table import below, lines_of, raised, shares
from tests.corpus.truth import Layout, layout_from
from tracker.documents.paper import Paragraph, Place, Table
from tracker.documents.plan_draft import DraftDoubt, DraftHead, DraftTask, DraftUnit, PlanDraft
from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import AssignmentRole, ProjectCategory, TaskKind

LEAD, RESPONSIBLE, COOPERATING = AssignmentRole.LEAD, AssignmentRole.RESPONSIBLE, AssignmentRole.COOPERATING
LAYOUT = layout_from(
    "layout",
    {
        "about": "two tasks",
        "text": "修建乡村公路。整治河道。",
        "head": {"document_number": "云政发〔2024〕3号", "issued_on": "2024-05-06"},
        "tasks": [
            {
                "t": "修建乡村公路",
                "lead": "县交通局",
                "coop": "县财政局 各乡镇",
                "by": "2024年底前 = 2024-12-31",
                "who": "张三",
            },
            {"t": "整治河道", "resp": "县水利局", "by": "长期 = ongoing", "yuan": 3000000, "seats": {"城东小学": 900}},
        ],
    },
)
WHOLE = ["tasks", "units", "deadlines", "figures", "rest"]


def task(title: str, **differences: object) -> DraftTask:
    place = Place(0)
    plain = DraftTask("m-01", TaskKind.MEASURE, title, title, place, "第1段", title)
    return replace(plain, **differences)  # type: ignore[arg-type]


def project(seats: int = 900) -> ProjectSeed:
    school = SchoolSeed("城东小学", Stage.PRIMARY, seats, None)
    return ProjectSeed(ProjectCategory.NEW, None, None, None, None, None, 3_000_000, [school], [])


ROAD = task(
    "修建乡村公路",
    units=(DraftUnit("县交通局", LEAD), DraftUnit("县财政局", COOPERATING), DraftUnit("各乡镇", COOPERATING)),
    deadline="2024年底前",
    officials=("张三",),
)
RIVER = task("整治河道", units=(DraftUnit("县水利局", RESPONSIBLE),), deadline="长期", project=project())
HEAD = DraftHead(document_number="云政发〔2024〕3号", issued_on=date(2024, 5, 6))
PERFECT = PlanDraft(HEAD, (ROAD, RIVER))


def lowered(draft: PlanDraft, layout: Layout = LAYOUT) -> dict[str, tuple[int, int, int]]:
    """The aspects that are not perfect: right, wanted, given."""
    counts = score(layout, draft).counts
    return {
        name: (count.right, count.wanted, count.given)
        for name, count in counts.items()
        if not count.right == count.wanted == count.given
    }


def test_a_perfect_reading_lowers_nothing() -> None:
    scored = score(LAYOUT, PERFECT)
    assert lowered(PERFECT) == {}
    assert scored.faults == []
    assert {name: count.wanted for name, count in scored.counts.items()} == {
        "tasks": 2, "units": 4, "deadlines": 2, "figures": 3, "rest": 4,
    }  # fmt: skip


def test_an_empty_reading_finds_nothing_and_invents_nothing() -> None:
    assert lowered(PlanDraft(HEAD)) == {
        "tasks": (0, 2, 0), "units": (0, 4, 0), "deadlines": (0, 2, 0), "figures": (0, 3, 0), "rest": (2, 4, 4),
    }  # fmt: skip


def test_a_missing_task_lowers_recall_with_all_that_belongs_to_it() -> None:
    assert lowered(replace(PERFECT, tasks=(ROAD,))) == {
        "tasks": (1, 2, 1), "units": (3, 4, 3), "deadlines": (1, 2, 1), "figures": (1, 3, 1),
        "rest": (3, 4, 4),
    }  # fmt: skip


def test_an_invented_task_lowers_precision_with_all_that_belongs_to_it() -> None:
    invented = task("加强组织领导", units=(DraftUnit("县委办", LEAD),), deadline="2025年底前")
    assert lowered(replace(PERFECT, tasks=(ROAD, RIVER, invented))) == {
        "tasks": (2, 2, 3), "units": (4, 4, 5), "deadlines": (2, 2, 3),
    }  # fmt: skip


def test_what_people_would_decide_in_either_way_counts_neither_way() -> None:
    either = replace(LAYOUT, maybe=("到2025年基本建成",))
    goal = task("到2025年基本建成美丽乡村", deadline="到2025年")
    assert lowered(replace(PERFECT, tasks=(ROAD, RIVER, goal)), either) == {}
    assert lowered(PERFECT, either) == {}


def test_the_same_task_given_twice_is_invented_once() -> None:
    assert lowered(replace(PERFECT, tasks=(ROAD, ROAD, RIVER)))["tasks"] == (2, 2, 3)


@pytest.mark.parametrize(
    ("wrong", "counts"),
    [
        ((DraftUnit("县水利局", LEAD),), (3, 4, 4)),
        ((DraftUnit("县水务局", RESPONSIBLE),), (3, 4, 4)),
        ((), (3, 4, 3)),
        ((DraftUnit("县水利局", RESPONSIBLE), DraftUnit("各乡镇", RESPONSIBLE)), (4, 4, 5)),
        ((DraftUnit("县水利局", RESPONSIBLE), DraftUnit("县水利局", RESPONSIBLE)), (4, 4, 5)),
    ],
    ids=["wrong role", "wrong name", "missing", "invented", "twice"],
)
def test_a_wrong_unit_lowers_units_alone(wrong: tuple[DraftUnit, ...], counts: tuple[int, int, int]) -> None:
    assert lowered(replace(PERFECT, tasks=(ROAD, replace(RIVER, units=wrong)))) == {"units": counts}


@pytest.mark.parametrize(
    ("wrong", "counts"),
    [
        ({"deadline": "2025年底前"}, (1, 2, 2)),
        ({"deadline": None}, (1, 2, 1)),
        ({"other_deadlines": ("2026年6月",)}, (2, 2, 3)),
        ({"deadline": "修建乡村公路"}, (1, 2, 2)),
    ],
    ids=["another day", "missing", "invented", "no deadline at all"],
)
def test_a_wrong_deadline_lowers_deadlines_alone(wrong: dict[str, object], counts: tuple[int, int, int]) -> None:
    assert lowered(replace(PERFECT, tasks=(replace(ROAD, **wrong), RIVER))) == {"deadlines": counts}  # type: ignore[arg-type]


def test_a_deadline_of_other_words_for_the_same_day_is_wrong_but_more_words_around_it_are_not() -> None:
    other, more = replace(ROAD, deadline="2024年12月31日"), replace(ROAD, deadline="力争2024年底前完成")
    assert lowered(replace(PERFECT, tasks=(other, RIVER))) == {"deadlines": (1, 2, 2)}
    assert lowered(replace(PERFECT, tasks=(more, RIVER))) == {}


def test_the_right_words_that_come_to_another_day_are_wrong() -> None:
    within = layout_from("l", {"about": "", "text": "", "tasks": [{"t": "建校", "by": "年内 = 2024-12-31"}]})
    tasks = (task("建校", deadline="年内"),)
    assert lowered(PlanDraft(HEAD, tasks), within) == {}
    other_year = replace(HEAD, issued_on=date(2023, 5, 6))
    assert lowered(PlanDraft(other_year, tasks), within) == {"deadlines": (0, 1, 1)}
    no_year = replace(HEAD, issued_on=None, document_number=None)
    assert lowered(PlanDraft(no_year, tasks), within) == {"deadlines": (0, 1, 1)}


def test_wrong_seats_and_officials_lower_figures() -> None:
    seats = replace(RIVER, project=project(800))
    assert lowered(replace(PERFECT, tasks=(ROAD, seats))) == {"figures": (2, 3, 3)}
    assert lowered(replace(PERFECT, tasks=(replace(ROAD, officials=("李四",)), RIVER))) == {"figures": (2, 3, 3)}


def test_an_exact_amount_is_the_same_however_it_is_written() -> None:
    land = layout_from("l", {"about": "", "text": "建校", "tasks": [{"t": "建校", "land": 70.26}]})
    given = replace(project(), budget_yuan=None, land_mu=Decimal("70.260"), schools=[])
    assert lowered(PlanDraft(DraftHead(), (task("建校", project=given),)), land) == {}


def test_two_tasks_read_as_one_find_one() -> None:
    both = task("修建乡村公路，整治河道", units=ROAD.units, deadline=ROAD.deadline, officials=ROAD.officials)
    assert lowered(replace(PERFECT, tasks=(both,)))["tasks"] == (1, 2, 1)


def test_one_task_read_as_two_invents_one() -> None:
    halves = (replace(ROAD, units=ROAD.units[:1]), task("修建", units=ROAD.units[1:]), RIVER)
    assert lowered(replace(PERFECT, tasks=halves))["tasks"] == (2, 2, 3)


def test_a_wrong_title_and_a_wrong_head_lower_the_rest() -> None:
    titled = replace(ROAD, title="修建乡村公路，方便群众")
    assert lowered(replace(PERFECT, tasks=(titled, RIVER))) == {"rest": (3, 4, 4)}
    assert lowered(replace(PERFECT, head=replace(HEAD, issued_on=date(2024, 5, 7)))) == {"rest": (3, 4, 4)}


def test_a_doubt_that_should_be_there_or_should_not_counts() -> None:
    doubted = replace(LAYOUT, rest={"doubts": ["inherited_units"], "no_doubts": ["split_row"]})
    kinds = (ReadingDoubt.INHERITED_UNITS, ReadingDoubt.SPLIT_ROW)
    given = replace(PERFECT, doubts=tuple(DraftDoubt(kind, None) for kind in kinds))
    assert lowered(given, doubted) == {"rest": (5, 6, 6)}
    assert lowered(replace(given, doubts=given.doubts[:1]), doubted) == {}


def test_tasks_of_one_title_are_told_apart_by_their_words() -> None:
    said = {
        "about": "",
        "text": "",
        "tasks": [{"t": "建校", "in": "城东", "resp": "甲局"}, {"t": "建校", "in": "城西", "resp": "乙局"}],
    }
    west = task("建校", requirement="城西建校", units=(DraftUnit("乙局", RESPONSIBLE),))
    assert lowered(PlanDraft(DraftHead(), (west,)), layout_from("l", said)) == {
        "tasks": (1, 2, 1), "units": (1, 2, 1), "rest": (1, 2, 2),
    }  # fmt: skip


def test_a_summary_is_paired_with_the_task_that_has_its_words() -> None:
    pairs = paired_by_likeness(list(LAYOUT.tasks), [task("大力整治全县河道"), task("修建通村的乡村公路")])
    assert [(want.title, given.title[:2]) for want, given in pairs] == [("修建乡村公路", "修建"), ("整治河道", "大力")]


def test_a_fall_is_named_and_a_floor_never_falls() -> None:
    good, bad = score(LAYOUT, PERFECT), score(LAYOUT, replace(PERFECT, tasks=(ROAD,)))
    floor = raised({}, [good])
    assert below(good, floor["layout"]) == []
    assert raised(floor, [bad]) == floor
    assert below(bad, floor["layout"])[0] == "recall of tasks 50 % under 100 %"
    assert shares(bad)[:4] == [100, 50, 100, 75]


def test_to_give_little_makes_no_floor_of_precision() -> None:
    one_of_two = score(LAYOUT, replace(PERFECT, tasks=(ROAD,)))
    assert raised({}, [one_of_two])["layout"][:4] == [50, 50, 75, 75]


def test_totals_add_counts_and_name_what_is_not_here() -> None:
    bad = replace(score(LAYOUT, replace(PERFECT, tasks=(ROAD,))), name="other")
    lines = lines_of([score(LAYOUT, PERFECT), bad], ["real:x.txt"])
    assert "100/75" in lines[-2]
    assert "TOTAL of the corpus" in lines[-2]
    assert lines[-1] == "real:x.txt: not read, the document is not here"


@pytest.mark.parametrize(
    "wrong",
    [{"t": "建校", "resposible": "甲局"}, {"t": "建校", "by": "2024年底前"}, {"t": "建校", "by": "2024年底前 = soon"}],
    ids=["unknown key", "deadline without meaning", "unknown precision"],
)
def test_a_slip_in_the_truth_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="layout, task 1"):
        layout_from("layout", {"about": "", "text": "", "tasks": [wrong]})


def test_pasted_text_is_broken_at_the_edge_and_loses_nothing() -> None:
    lines = wrapped("一" * 100 + "\n二").splitlines()
    assert [len(line) for line in lines] == [37, 37, 26, 1]


def test_a_made_word_document_has_its_merged_cells_and_changes() -> None:
    blocks = ["第一段{+新+}{-旧-}", {"table": [["甲", "<", "乙"], ["丙", "丁", "^"]]}]
    made = paper_of(Layout("made", "", ("word",), {"word": blocks}, ()), "word")
    assert word(blocks)[:2] == b"PK"
    assert isinstance(made.blocks[0], Paragraph)
    assert isinstance(made.blocks[1], Table)
    assert [[cell.text for cell in row] for row in made.blocks[1].rows] == [["甲", "甲", "乙"], ["丙", "丁", "乙"]]


def test_a_score_begins_at_nothing() -> None:
    counts = Score("x").counts
    assert list(counts) == WHOLE
    assert {(count.right, count.wanted, count.given) for count in counts.values()} == {(0, 0, 0)}
