"""GET /work as a unit: the blocks of its tasks, each with its form in place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.factories import World, make_account, make_project, make_task
from tests.views.test_tasks_desk import act
from tests.views.test_tasks_report import post, reload
from tests.visit import client_for, visit
from tracker import clock
from tracker.models import Report, Situation, Task, db
from tracker.queries import work as work_queries
from tracker.queries.accounts import person_of
from tracker.queries.work import Work, work_of
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.rules.rhythms import Rhythm


def work(world: World) -> Work:
    """The blocks of 财政局 today."""
    db.session.expire_all()
    return work_of(person_of(world.staff), clock.today())


def keys(world: World, block: str) -> list[str]:
    """The tasks of a block."""
    return [each.key for each in getattr(work(world), block)]


def said(world: World, task: Task, at: datetime, situation: Situation = Situation.ON_PLAN) -> None:
    """A word of 财政局 at an instant."""
    task.last_reported_at = at
    db.session.add(
        Report(
            task_id=task.id,
            unit_id=world.finance.id,
            account_id=world.staff.id,
            situation=situation,
            text="进展",
            at=at,
            state_before=task.state,
            light_before=Light.NORMAL,
            light_after=Light.NORMAL,
            once=f"at-{at.timestamp()}",
        )
    )
    task.keep_light_dates()
    db.session.commit()


def ongoing(world: World, **differences: Any) -> Task:
    """A task of 财政局 that has begun."""
    values: dict[str, Any] = {"state": State.IN_PROGRESS, "due_on": clock.today() + timedelta(days=90)}
    return make_task(world.plan, lead=[world.finance], **values | differences)


def card(page: BeautifulSoup, task: Task) -> Tag:
    """The card of a task."""
    found = page.find(id=task.key)
    assert isinstance(found, Tag)
    return found


def preset(page: BeautifulSoup, task: Task) -> list[str]:
    """The situations that are chosen beforehand in the form of a task."""
    return [str(each["value"]) for each in card(page, task).select("input[name=situation][checked]")]


def test_what_the_unit_has_done_waits_for_the_others_folded(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.shared_task, situation="done")
    assert keys(world, "own_done") == [world.shared_task.key]
    page = visit(client_for(app, world.staff), "/work")
    assert "本单位已完成，待其他单位（1）" in page.get_text()
    assert page.find(id=world.shared_task.key) is None
    post(client_for(app, world.staff), world.task, situation="done")
    assert keys(world, "submitted") == [world.task.key]


def test_a_returned_task_stands_first_with_the_reason_and_nothing_chosen(app: Flask, world: World) -> None:
    late = ongoing(world, due_on=clock.today() - timedelta(days=5))
    post(client_for(app, world.staff), world.task, situation="done")
    act(client_for(app, world.office), world.task, "return", reason="缺第二笔凭证")
    page = visit(client_for(app, world.staff), "/work")
    assert [each["id"] for each in page.select("article.item")][:2] == [world.task.key, late.key]
    assert "缺第二笔凭证" in card(page, world.task).get_text()
    assert preset(page, world.task) == []
    assert preset(page, late) == ["on_plan"]
    post(client_for(app, world.staff), world.task, version=str(reload(world.task).version))
    assert keys(world, "returned") == []


def test_a_task_in_difficulty_has_nothing_chosen(app: Flask, world: World) -> None:
    task = ongoing(world, due_on=clock.today() + timedelta(days=3))
    post(client_for(app, world.staff), task, situation="difficulty")
    assert preset(visit(client_for(app, world.staff), "/work"), task) == []


def test_what_runs_is_asked_for_a_word_once_in_a_week(app: Flask, world: World) -> None:
    task, monday = ongoing(world), clock.today() - timedelta(days=clock.today().weekday())
    said(world, task, clock.at_office(monday, 0) - timedelta(minutes=1))
    assert keys(world, "to_update") == [task.key]
    said(world, task, clock.at_office(monday, 0))
    assert task.key in keys(world, "others")


def test_a_long_term_task_is_asked_once_in_each_of_its_periods(app: Flask, world: World) -> None:
    """A month that ends within a week asks as what is due soon does; the day is one where it does not."""
    today, first = date(2026, 11, 16), date(2026, 11, 1)
    task = ongoing(world, due_on=None, rhythm=Rhythm.MONTHLY, rhythm_parts=1, rhythm_from=date(2026, 9, 1))
    said(world, task, clock.at_office(first, 0) - timedelta(days=1))
    person = person_of(world.staff)
    assert [each.key for each in work_of(person, today).to_update] == [task.key]
    said(world, task, clock.at_office(first, 9))
    assert task.key in [each.key for each in work_of(person, today).others]


def test_after_a_report_the_next_task_that_asks_is_open(app: Flask, world: World) -> None:
    late = [ongoing(world, due_on=clock.today() - timedelta(days=days)) for days in (9, 5)]
    client = client_for(app, world.staff)
    form = card(visit(client, "/work"), late[0]).select_one("form.report-form")
    assert form is not None
    values = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[type=hidden]")}
    answer = client.post(str(form["action"]), data={**values, "situation": "on_plan", "text": "已支付"})
    assert answer.status_code == 302
    assert answer.location == f"/work?open={late[1].key}"
    page = visit(client, answer.location)
    assert "接着填报" in page.get_text()
    assert [each.find_parent("article")["id"] for each in page.select("details[open]")] == [late[1].key]  # type: ignore[index]
    assert not visit(client, "/work?open=no-such").select("details[open]")


def test_staff_without_a_unit_are_told_whom_to_ask(app: Flask, world: World) -> None:
    page = visit(client_for(app, make_account(Role.UNIT_STAFF)), "/work")
    assert "请联系系统管理员" in page.get_text()
    assert not page.select(".badge-count")


def test_a_cooperating_units_done_says_who_submits(app: Flask, world: World) -> None:
    education = client_for(app, make_account(Role.UNIT_STAFF, units=[world.education]))
    post(education, world.task, situation="done")
    assert "尚待牵头单位提交" in visit(education, "/work").get_text()
    staff = client_for(app, world.staff)
    post(staff, world.shared_task, situation="done")
    assert "尚待其他责任单位" in visit(staff, "/work").get_text()


def test_more_than_300_tasks_are_cut_and_the_ledger_named(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_queries, "MOST_TASKS", 2)
    assert not work(world).is_cut
    assert "其余请到任务台账查看" not in visit(client_for(app, world.staff), "/work").get_text()
    late = ongoing(world, due_on=clock.today() - timedelta(days=1))
    cut = work(world)
    assert cut.is_cut
    assert [each.key for each in cut.overdue] == [late.key]
    assert len(cut.others) == 1
    assert "其余请到任务台账查看" in visit(client_for(app, world.staff), "/work").get_text()


def test_the_table_of_the_week_is_offered_to_whom_many_tasks_ask(app: Flask, world: World) -> None:
    for _number in range(3):
        ongoing(world)
    client = client_for(app, world.staff)
    assert not visit(client, "/work").select("a[href='/week']")
    ongoing(world)
    assert visit(client, "/work").select("a[href='/week']")


def test_the_navigation_counts_the_returned_and_the_overdue(app: Flask, world: World) -> None:
    """The count agrees with the two blocks at every step."""
    client = client_for(app, world.staff)

    def counted() -> int:
        badge = visit(client, "/tasks").select_one("nav a[href='/work'] .badge-count")
        number, blocks = int(badge.get_text()) if badge else 0, work(world)
        assert number == len(blocks.returned) + len(blocks.overdue)
        return number

    yesterday = clock.today() - timedelta(days=1)
    assert counted() == 0
    late = make_task(world.plan, responsible=[world.finance, world.housing], due_on=yesterday)
    make_task(world.plan, lead=[world.housing], due_on=yesterday)
    make_task(world.plan, lead=[world.finance], due_on=yesterday, needs_redate=True)
    assert counted() == 1
    post(client, late, situation="done")
    assert counted() == 0
    post(client, world.task, situation="done")
    assert counted() == 0
    act(client_for(app, world.office), world.task, "return")
    assert counted() == 1
    post(client, world.task, version=str(reload(world.task).version))
    assert counted() == 0


def test_a_missed_node_asks_until_the_unit_says_a_word(app: Flask, world: World) -> None:
    due = {
        "due_on": clock.today() + timedelta(days=90),
        "rhythm": Rhythm.ONCE,
        "rhythm_from": clock.today() - timedelta(days=90),
    }
    task = make_task(world.plan, lead=[world.finance], state=State.IN_PROGRESS, **due)
    node = {"name": "招标", "planned_on": clock.today() - timedelta(days=1)}
    make_project(task, nodes=[{"name": "立项"}, node, {"name": "投用", "planned_on": due["due_on"]}])
    said(world, task, clock.now() - timedelta(days=3))
    assert task.key in keys(world, "to_update")
    card = visit(client_for(app, world.staff), "/work").find(id=task.key)
    assert isinstance(card, Tag)
    link = card.find("a", href=f"/projects/{task.key}#nodes")
    assert isinstance(link, Tag)
    assert "节点“招标”已过计划日期" in link.get_text()
    said(world, task, clock.now())
    assert task.key in keys(world, "others")


def test_the_card_of_a_project_names_its_next_node(app: Flask, world: World) -> None:
    task = ongoing(world, due_on=clock.today() + timedelta(days=3))
    later, soon = (clock.today() + timedelta(days=days) for days in (9, 2))
    make_project(task, nodes=[{"name": "封顶", "planned_on": later}, {"name": "招标", "planned_on": soon}])
    card = visit(client_for(app, world.staff), "/work").find(id=task.key)
    assert isinstance(card, Tag)
    assert "下一节点：招标，" in card.get_text()
    assert "封顶" not in card.get_text()
