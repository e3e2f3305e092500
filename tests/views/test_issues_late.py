"""GET /overview/issues/N/late: what was entered after the cut-off stands apart and changes no number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import COUNTY, World, make_money, make_project, make_task
from tests.views.test_overview import text_of
from tests.visit import client_for, visit
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.actions.record import NOBODY, record
from tracker.models import MoneyEntry, Project, ProjectPhoto, Report, Situation, Task, db
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind

FRIDAY = clock.at_office(date(2026, 3, 6), 17)
MONDAY = FRIDAY + timedelta(days=3)
NEXT_FRIDAY = FRIDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """People look on the Saturday of the week after."""
    monkeypatch.setenv("TRACKER_FAKE_NOW", (NEXT_FRIDAY + timedelta(days=1)).isoformat())


def freeze(at: datetime = FRIDAY) -> None:
    """The issue of a Friday."""
    assert freeze_week(COUNTY, at)
    db.session.commit()


def report(world: World, task: Task, at: datetime, text: str, **differences: Any) -> None:
    """What a unit said at an instant."""
    lights = {"light_before": Light.NORMAL, "light_after": Light.NORMAL}
    values: dict[str, Any] = {"situation": Situation.ON_PLAN, "once": text, **lights}
    row = Report(task=task, unit=world.finance, account=world.staff, text=text, at=at, **(values | differences))
    db.session.add(row)
    task.last_words, task.last_reported_at = text, at
    db.session.commit()


def project_of(world: World) -> Task:
    """A project with a node that is done."""
    task = make_task(world.plan, lead=[world.finance], title="第九小学", due_on=date(2099, 1, 1))
    node = {"name": "招标", "planned_on": date(2026, 3, 1), "done_on": date(2026, 3, 5)}
    make_project(task, nodes=[node])
    db.session.commit()
    return task


def enter(task: Task) -> None:
    """A node, money and a photograph of before the cut-off, all entered on Monday."""
    project = db.session.scalars(sa.select(Project).where(Project.task_id == task.id)).one()
    make_money(project, MoneyKind.PAID, 3_400_000, date(2026, 3, 4), at=MONDAY)
    make_money(project, MoneyKind.PAID, 1_000_000, date(2026, 3, 7), at=MONDAY)  # of the week after
    make_money(project, MoneyKind.PAID, 2_000_000, date(2026, 3, 4), at=MONDAY, withdrawn_at=MONDAY)
    said = {"node": "招标", "done_on": date(2026, 3, 5)}
    record(NOBODY, "finish_node", MONDAY, obj=("task", task.key), region=COUNTY, after=said)
    size = {"media_type": "image/jpeg", "size": 1, "width": 1, "height": 1, "sha256": "0" * 64}
    photo = ProjectPhoto(project=project, taken_on=date(2026, 3, 6), name="a.jpg", at=MONDAY, once="a", **size)
    photo.caption = "基坑"
    db.session.add(photo)
    db.session.commit()


def built(world: World) -> Task:
    """A project with all of that."""
    task = project_of(world)
    enter(task)
    return task


def test_what_came_after_the_cut_off_stands_apart(app: Flask, world: World) -> None:
    freeze()
    client = client_for(app, world.leader)
    before = visit(client, "/overview/issues/1")
    report(world, world.task, FRIDAY - timedelta(hours=1), "及时的话")
    report(world, world.task, FRIDAY + timedelta(days=1), "周六补的话")
    report(world, world.task, MONDAY, "下周的话")
    after = visit(client, "/overview/issues/1")
    late = after.select_one(".late").extract()  # type: ignore[union-attr]
    said = " ".join(late.get_text(" ").split())
    assert "截止后补报属于本期的 1 条，不改变本期数据" in said
    assert "资金拨付 ：周六补的话 2026年3月7日 17:00 补录" in said
    assert text_of(after) == text_of(before)  # and in no number
    listed = text_of(visit(client, "/overview/issues/1/late"))
    assert "共 1 条" in listed
    assert "周六补的话" in listed
    assert "下周的话" not in listed


def test_nodes_money_and_photographs_of_the_week_entered_later_are_named(app: Flask, world: World) -> None:
    task = project_of(world)
    freeze()
    enter(task)
    rows = visit(client_for(app, world.leader), "/overview/issues/1/late").select("tbody tr")
    assert len(rows) == 3
    said = " ".join(" ".join(row.get_text(" ").split()) for row in rows)
    for words in ("节点“招标”完成", "支付资金 340 万元", "基坑"):
        assert words in said
    assert said.count(task.title) == 3


def test_what_the_next_issue_knew_already_is_late_no_more(app: Flask, world: World) -> None:
    task = project_of(world)
    freeze()
    freeze(MONDAY - timedelta(minutes=1))
    enter(task)
    assert not visit(client_for(app, world.leader), "/overview/issues/1/late").select("tbody tr")
    # They are late for the second issue instead, which was frozen a minute before; its week began that day.
    assert len(visit(client_for(app, world.leader), "/overview/issues/2/late").select("tbody tr")) == 4


def test_what_was_taken_back_is_not_told(app: Flask, world: World) -> None:
    freeze()
    saturday = FRIDAY + timedelta(days=1)
    report(world, world.task, saturday, "撤回的话", withdrawn_at=saturday)
    said = text_of(visit(client_for(app, world.leader), "/overview/issues/1/late"))
    assert "撤回的话" not in said
    assert "没有补录。" in said


def test_the_next_issue_marks_what_was_late_for_the_one_before(app: Flask, world: World) -> None:
    freeze()
    report(world, world.task, FRIDAY + timedelta(days=1), "周六补的话")
    report(world, world.housing_task, FRIDAY + timedelta(days=4), "周二的话")
    freeze(NEXT_FRIDAY)
    client = client_for(app, world.leader)
    rows = visit(client, "/overview/issues/2/tasks").select("tbody tr")
    assert [row.td.get_text() for row in rows if row.td and "〔补录〕" in row.get_text()] == ["资金拨付"]
    assert "〔补录〕" not in text_of(visit(client, "/overview/issues/1/tasks"))


def test_the_timeline_marks_what_was_entered_late(app: Flask, world: World) -> None:
    freeze()
    report(world, world.task, FRIDAY - timedelta(hours=1), "及时的话")
    report(world, world.task, FRIDAY + timedelta(days=1), "周六补的话")
    page = visit(client_for(app, world.office), f"/tasks/{world.task.key}")
    assert [("〔补录〕" in card.get_text()) for card in page.select(".entry")] == [True, False]
    task = built(world)
    page = visit(client_for(app, world.office), f"/tasks/{task.key}")
    assert [("〔补录〕" in card.get_text()) for card in page.select(".entry")] == [True]


def test_a_long_list_is_cut_into_pages_and_counts_itself(app: Flask, world: World) -> None:
    freeze()
    for number in range(60):
        report(world, world.task, FRIDAY + timedelta(hours=1, minutes=number), f"话{number}")
    client = client_for(app, world.leader)
    page = visit(client, "/overview/issues/1/late")
    assert len(page.select("tbody tr")) == 50
    assert "共 60 条" in text_of(page)
    assert len(visit(client, "/overview/issues/1/late?page=2").select("tbody tr")) == 10
    assert len(visit(client, "/overview/issues/1/late?page=99").select("tbody tr")) == 50
    assert len(visit(client, "/overview/issues/1/late?plan=xg").select("tbody tr")) == 50
    assert client.get("/overview/issues/1/late?plan=other").status_code == 404
    assert len(visit(client, "/overview/issues/1").select(".late li")) == 5


def test_staff_and_strangers_do_not_see_it(app: Flask, world: World) -> None:
    freeze()
    assert client_for(app, world.staff).get("/overview/issues/1/late").status_code == 403
    assert client_for(app, world.stranger).get("/overview/issues/1/late").status_code == 404
    assert client_for(app, world.stranger).get(f"/overview/issues/1/late?region={COUNTY}").status_code == 404


def test_what_came_while_the_freezing_waited_is_known_and_not_late(app: Flask, world: World) -> None:
    soon = FRIDAY + timedelta(seconds=40)
    task = built(world)
    db.session.execute(sa.update(MoneyEntry).values(at=soon))
    record(NOBODY, "pay_money", soon, obj=("task", task.key), region=COUNTY)
    record(NOBODY, "report", soon, obj=("task", world.task.key), region=COUNTY)
    report(world, world.task, soon, "四十秒后的话")
    freeze()
    client = client_for(app, world.leader)
    said = text_of(visit(client, "/overview/issues/1/late"))
    assert "四十秒后的话" not in said
    assert "共 0 条" in said
    assert "〔补录〕" not in visit(client_for(app, world.office), f"/tasks/{world.task.key}").get_text()
    freeze(NEXT_FRIDAY)
    assert "〔补录〕" not in text_of(visit(client, "/overview/issues/2/tasks"))


def test_a_node_finished_again_with_the_same_day_is_told_once(app: Flask, world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], title="第九小学", due_on=date(2099, 1, 1))
    make_project(task, nodes=[{"name": "招标", "planned_on": date(2026, 3, 1), "done_on": date(2026, 3, 5)}])
    freeze()
    said = {"node": "招标", "done_on": date(2026, 3, 5)}
    for minutes in (0, 1):
        at = MONDAY + timedelta(minutes=minutes)
        record(NOBODY, "finish_node", at, obj=("task", task.key), region=COUNTY, after=said)
    db.session.commit()
    assert text_of(visit(client_for(app, world.leader), "/overview/issues/1/late")).count("招标") == 1
