"""GET /work as the office: what waits for verification, with what the units said beside it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask

from tests.factories import OTHER_COUNTY, World, make_account, make_plan, make_task
from tests.views.test_tasks_desk import act
from tests.views.test_tasks_report import PDF, post, reload
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Task, db
from tracker.queries.accounts import person_of
from tracker.queries.desk import DESK_SIZE, partly_done
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role


def submitted(world: World, days_ago: int, **differences: Any) -> Task:
    """A task that came to the office some days ago."""
    day = clock.today() - timedelta(days=days_ago)
    return make_task(world.plan, lead=[world.finance], state=State.SUBMITTED, submitted_on=day, **differences)


def card(page: BeautifulSoup, task: Task) -> Tag:
    """The card of a task."""
    found = page.find(id=task.key)
    assert isinstance(found, Tag)
    return found


def words(page: BeautifulSoup, task: Task) -> str:
    """What stands on the card of a task, on one line."""
    return " ".join(card(page, task).get_text().split())


def test_what_waits_longest_stands_first_and_pages_turn(app: Flask, world: World) -> None:
    tasks = [submitted(world, days) for days in range(DESK_SIZE + 2)]
    foreign = make_plan(region=OTHER_COUNTY)
    make_task(foreign, title="外县任务", state=State.SUBMITTED, submitted_on=clock.today())
    client = client_for(app, world.office)
    page = visit(client, "/work")
    assert [each["id"] for each in page.select("article.desk")] == [each.key for each in tasks[:1:-1]]
    assert f"共 {DESK_SIZE + 2} 项" in page.get_text()
    last = visit(client, "/work?page=2")
    assert [each["id"] for each in last.select("article.desk")] == [tasks[1].key, tasks[0].key]
    assert "外县任务" not in page.get_text() + last.get_text()
    assert client.get("/work?page=x").status_code == 400


def test_a_card_says_how_long_it_waits_and_whether_it_came_in_time(app: Flask, world: World) -> None:
    today = clock.today()
    in_time = submitted(world, 3, due_on=today - timedelta(days=3), evidence_wanted="验收单")
    late = submitted(world, 0, due_on=today - timedelta(days=1))
    without_end = submitted(world, 1)
    page = visit(client_for(app, world.office), "/work")
    assert "按时提交 · 已等待 3 天" in words(page, in_time)
    assert "需要的佐证：验收单" in words(page, in_time)
    assert in_time.requirement in words(page, in_time)
    assert "逾期提交 · 今天提交" in words(page, late)
    assert "时提交" not in words(page, without_end)
    assert "期提交" not in words(page, without_end)


def test_every_unit_of_the_round_speaks_with_its_evidence_or_the_reason_for_none(app: Flask, world: World) -> None:
    staff, housing = client_for(app, world.staff), client_for(app, world.housing_staff)
    task = world.shared_task
    post(staff, task, situation="done", text="上一轮的话")
    post(housing, task, situation="done", version=str(reload(task).version), text="上一轮住建局的话")
    assert act(client_for(app, world.office), task, "return").status_code == 302
    post(staff, task, situation="on_plan", version=str(reload(task).version), text="只是进展")
    file = {"files": (io.BytesIO(PDF), "验收单.pdf")}
    post(staff, task, situation="done", version=str(reload(task).version), text="财政局这一轮的话", **file)
    post(housing, task, situation="done", version=str(reload(task).version), text="住建局这一轮的话")
    page = visit(client_for(app, world.office), "/work")
    said = [each.get_text() for each in card(page, task).select(".said")]
    assert said == ["财政局这一轮的话", "住建局这一轮的话"]
    assert [each.get_text() for each in card(page, task).select(".files a")] == ["验收单.pdf"]
    assert "没有佐证材料：材料随后补交" in words(page, task)
    assert "财政局" in words(page, task)
    assert "住建局" in words(page, task)


def test_who_entered_a_submission_sees_why_they_may_not_verify_it(app: Flask, world: World) -> None:
    post(client_for(app, world.office), world.task, situation="done", unit=str(world.finance.id))
    own = visit(client_for(app, world.office), "/work")
    assert "本人填报，不得核验，请由其他人员核验。" in words(own, world.task)
    assert not card(own, world.task).select("form[action*='/verify']")
    assert card(own, world.task).select("form[action*='/return']")
    other = visit(client_for(app, world.office2), "/work")
    assert "代填" in words(other, world.task)
    assert card(other, world.task).select("form[action*='/verify']")


def test_a_task_is_verified_or_returned_in_place_and_the_desk_says_so(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    for name, sent, line in [
        ("verify", {}, "已销号 · 资金拨付"),
        ("return", {"reason": "缺凭证"}, "已退回 · 校舍建设"),
    ]:
        task, staff = (world.task, world.staff) if name == "verify" else (world.housing_task, world.housing_staff)
        post(client_for(app, staff), task, situation="done")
        form = card(visit(client, "/work"), task).select_one(f"form[action*='/{name}']")
        assert form is not None
        values = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
        answer = client.post(str(form["action"]), data=values | sent)
        assert (answer.status_code, answer.location) == (302, "/work")
        page = visit(client, "/work")
        assert [each.get_text() for each in page.select("[role=status]")] == [line]
        assert page.find(id=task.key) is None


def test_a_return_without_a_reason_comes_back_and_changes_nothing(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.task, situation="done")
    client = client_for(app, world.office)
    values = {"csrf_token": token_of(client, "/work"), "version": str(reload(world.task).version), "reason": " "}
    answer = client.post(f"/tasks/{world.task.key}/return?next=/work", data=values)
    assert answer.status_code == 400
    checked(answer)
    assert reload(world.task).state is State.SUBMITTED


def test_what_some_units_have_done_waits_below_with_a_lead_and_without(app: Flask, world: World) -> None:
    education = client_for(app, make_account(Role.UNIT_STAFF, units=[world.education]))
    led = make_task(world.plan, lead=[world.finance], responsible=[world.education], title="有牵头的事项")
    untouched = make_task(world.plan, responsible=[world.finance, world.housing], title="还没有人完成的事项")
    post(education, led, situation="done")
    post(client_for(app, world.staff), world.shared_task, situation="done")
    post(client_for(app, world.staff), untouched, situation="on_plan")
    person = person_of(world.office)
    assert {each.title for each in partly_done(person)} == {"有牵头的事项", "共同责任事项"}
    assert "部分单位已完成（2）" in visit(client_for(app, world.office), "/work").get_text()
    assert partly_done(person_of(world.stranger)) == []


def test_the_word_of_a_unit_without_a_part_makes_nothing_partly_done(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.shared_task, situation="done")
    world.shared_task.assignments = [each for each in world.shared_task.assignments if each.unit is not world.finance]
    db.session.commit()
    assert partly_done(person_of(world.office)) == []


def test_what_was_returned_is_partly_done_only_when_a_unit_says_so_again(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.task, situation="done")
    assert act(client_for(app, world.office), world.task, "return").status_code == 302
    assert partly_done(person_of(world.office)) == []


def test_the_desk_counts_what_waits_for_a_deadline(app: Flask, world: World) -> None:
    make_task(world.plan, lead=[world.finance], needs_redate=True)
    page = visit(client_for(app, world.office), "/work")
    link = next(each for each in page.select("main a") if "待重定时限" in each.get_text())
    assert link.get_text() == "待重定时限 1 项"
    assert "没有等待核验的任务。" in page.get_text()


def badge(page: BeautifulSoup) -> str:
    """The count beside the person's own work in the navigation, empty without one."""
    found = page.select_one("nav a[href='/work'] .badge-count")
    return found.get_text() if found else ""


def test_the_office_of_a_county_sees_in_the_navigation_how_many_wait(app: Flask, world: World) -> None:
    client, region = client_for(app, world.office), world.office.region_code
    assert badge(visit(client, "/work")) == ""
    submitted(world, 0)
    submitted(world, 1)
    assert badge(visit(client, "/tasks")) == "2"
    assert badge(visit(client_for(app, world.stranger), "/work")) == ""
    wider = client_for(app, make_account(Role.PLAN_OFFICE, region=str(region)[:4]))
    assert badge(visit(wider, "/work")) == ""
    assert not visit(client_for(app, world.leader), "/tasks").select(".badge-count")


def test_the_count_asks_nothing_of_its_own_however_many_wait(app: Flask, world: World) -> None:
    for _number in range(25):
        submitted(world, 0)
    assert badge(visit(client_for(app, world.office), "/work")) == "25"
