"""What is asked of imports: names and what they may mean, deadlines and how they were read, what adopting does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, OTHER_COUNTY, make_plan, make_task, make_unit
from tracker.actions.import_rows import drop_row
from tracker.actions.imports import open_import, say_name
from tracker.actions.record import NOBODY
from tracker.models import UnitAlias, UnitKind, db
from tracker.queries.import_comparison import Consequences, comparison_of, consequences_of
from tracker.queries.imports import Reading, deadlines_of, imports_in, known_units, names_of
from tracker.rules.deadlines import Precision

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)


def test_known_names_are_settled_and_variants_proposed(app: Flask) -> None:
    education = make_unit("教科体局", full_name="兴国县教育科技体育局")
    finance = make_unit("财政局")
    make_unit("旧局", merged_into_id=finance.id)
    db.session.add(UnitAlias(unit=finance, region_code=COUNTY, alias="财局"))
    db.session.flush()
    names = ("县教科体局", "兴国县教育科技体育局", "县财局", "县教育体育局", "旧局", "潋江镇")
    tasks = (draft_task("m-01", "甲", *names), draft_task("m-02", "乙", "潋江镇"))
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    lines = {line.row.name: line for line in names_of(batch)}
    assert {name: line.row.unit_id for name, line in lines.items()} == {
        "县教科体局": education.id,
        "兴国县教育科技体育局": education.id,
        "县财局": finance.id,
        "县教育体育局": None,
        "旧局": None,
        "潋江镇": None,
    }
    assert education in lines["县教育体育局"].proposals
    assert (lines["潋江镇"].tasks, lines["潋江镇"].likely_kind) == (2, UnitKind.TOWNSHIP)
    assert next(iter(lines)) == "潋江镇"
    assert "旧局" not in known_units(COUNTY)


def test_a_name_that_no_row_uses_any_more_is_not_asked(app: Flask) -> None:
    tasks = (draft_task("m-01", "甲", "财政局"), draft_task("m-02", "乙", "住建局"))
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    drop_row(NOBODY, batch.rows[0], 1, NOW)
    assert [line.row.name for line in names_of(batch)] == ["住建局"]


def test_deadlines_are_listed_with_how_they_were_read(app: Flask) -> None:
    words = ["2024年12月", "2027年前", "2026年2月30日", "2026年暑假", "2029年", "长期", None, "2026年9月", "2026年9月"]
    tasks = [draft_task(f"m-{n:02d}", f"任务{n}", deadline=text) for n, text in enumerate(words)]
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    assert [(line.text, line.reading, line.tasks) for line in deadlines_of(batch)] == [
        ("2024年12月", Reading.BEFORE_ISSUE, 1),
        ("2027年前", Reading.AMBIGUOUS, 1),
        ("2026年2月30日", Reading.IMPOSSIBLE, 1),
        ("2026年暑假", Reading.UNREADABLE, 1),
        ("2029年", Reading.NO_MONTH, 1),
        ("长期", Reading.NO_DATE, 1),
        (None, Reading.UNSTATED, 1),
        ("2026年9月", Reading.FINE, 2),
    ]
    assert deadlines_of(batch)[-1].read.precision is Precision.MONTH


def test_a_task_without_words_falls_due_with_the_target(app: Flask) -> None:
    head = {"target_text": "2030年底前", "target_on": date(2030, 12, 31)}
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(draft_task("m-01", "甲"), head=head)), None, NOW)
    (line,) = deadlines_of(batch)
    assert (line.text, line.read.due_on, line.reading) == (None, date(2030, 12, 31), Reading.NO_MONTH)


def test_the_consequences_are_counted_before_anything_happens(app: Flask) -> None:
    make_unit("财政局")
    tasks = (
        draft_task("m-01", "甲", "财政局", "住建局", deadline="2024年9月"),
        draft_task("m-02", "乙", "住建局", deadline="长期"),
        draft_task("m-03", "丙", "县住建局", deadline="2026年9月"),
    )
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    for line in names_of(batch):
        if line.is_open:
            say_name(NOBODY, batch, line.row, None, UnitKind.DEPARTMENT, "住建局", NOW)
    assert consequences_of(batch) == Consequences(3, 0, 0, 0, 2, 1, 1, 1)


def test_a_plan_of_other_words_is_compared_by_what_they_mean(app: Flask) -> None:
    education, plan = make_unit("教科体局"), make_plan()
    make_task(plan, number="1", title="补齐教师", requirement="补齐。", section=["重点任务"], responsible=[education])
    task = draft_task("m-07", "补齐教师", "县教科体局", number="1", requirement="补齐。")
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(task)), plan, NOW)
    compared = comparison_of(batch)
    assert ([row.key for row in compared.unchanged], compared.changed, compared.missing) == (["m-07"], [], [])


def test_the_list_is_the_region_s_the_newest_first(app: Flask) -> None:
    first = open_import(NOBODY, COUNTY, said_paper(draft_of(draft_task("m-01", "甲"))), None, NOW)
    second = open_import(NOBODY, COUNTY, said_paper(draft_of()), None, NOW + timedelta(hours=1))
    open_import(NOBODY, OTHER_COUNTY, said_paper(draft_of()), None, NOW)
    assert [(line.batch.id, line.tasks) for line in imports_in(COUNTY).rows] == [(second.id, 0), (first.id, 1)]
