"""GET /tasks/<key>/on and /tasks/<key>/on/<day>: a task as it stood at the end of a past day."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from tests.factories import COUNTY, World
from tests.visit import client_for, visit
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.actions.record import NOBODY, Actor, record
from tracker.actions.tasks import Said, report, verify
from tracker.clock import at_office
from tracker.models import Situation, db
from tracker.queries.accounts import person_of

DAY = date(2026, 3, 6)


def told(world: World) -> None:
    """A task on which was reported on Tuesday, and which is closed since the next Tuesday."""
    task, staff = world.task, Actor(person_of(world.staff), "财政局")
    record(NOBODY, "store_plan", at_office(DAY - timedelta(days=5), 9), obj=("plan", world.plan.code), region=COUNTY)
    words = Said(Situation.DIFFICULTY, "资金缺口三百万元", "one", 1, world.finance.id)
    report(staff, task, words, at_office(DAY - timedelta(days=3), 10))
    freeze_week(COUNTY, at_office(DAY, 17))
    report(staff, task, Said(Situation.DONE, "已全部拨付", "two", 2, world.finance.id), at_office(DAY, 20))
    verify(Actor(person_of(world.office)), task, 3, at_office(DAY + timedelta(days=4), 10))
    db.session.commit()


def test_the_page_says_what_stood_at_the_end_of_the_day(app: Flask, world: World) -> None:
    told(world)
    page = visit(client_for(app, world.office), f"/tasks/{world.task.key}/on/2026-03-05", most_queries=15)
    text = page.get_text(" ", strip=True)
    assert "2026年3月5日的状态" in text
    assert "资金缺口三百万元" in text
    assert "已全部拨付" not in text
    assert "推进中" in text
    assert "2099年6月30日" in text
    evening = visit(client_for(app, world.office), f"/tasks/{world.task.key}/on/2026-03-06")
    assert "已全部拨付" in evening.get_text()
    assert evening.select_one("a[href*='/overview/issues/1']")


def test_the_reader_goes_on_day_by_day(app: Flask, world: World) -> None:
    told(world)
    page = visit(client_for(app, world.office), f"/tasks/{world.task.key}/on/2026-03-05")
    assert [link["href"] for link in page.select("a[rel]")] == [
        f"/tasks/{world.task.key}/on/2026-03-04",
        f"/tasks/{world.task.key}/on/2026-03-06",
    ]
    today = visit(client_for(app, world.office), f"/tasks/{world.task.key}/on/{clock.today()}")
    assert not today.select("a[rel=next]")


def test_the_task_page_asks_for_a_day_and_leads_there(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    form = visit(client, f"/tasks/{world.task.key}").select_one("form.day-chooser")
    assert form
    answer = client.get(f"{form['action']}?day=2026-03-05")
    assert answer.headers["Location"] == f"/tasks/{world.task.key}/on/2026-03-05"
    assert client.get(str(form["action"])).headers["Location"].endswith(clock.today().isoformat())
    assert client.get(f"{form['action']}?day=soon").status_code == 404


def test_before_the_task_existed_and_after_today_the_page_says_so(app: Flask, world: World) -> None:
    told(world)
    client = client_for(app, world.office)
    assert "才录入系统" in visit(client, f"/tasks/{world.task.key}/on/2026-02-20").get_text()
    coming = clock.today() + timedelta(days=1)
    assert "还没有到" in visit(client, f"/tasks/{world.task.key}/on/{coming}").get_text()
    for day in ("9999-12-31", "0001-01-01"):
        visit(client, f"/tasks/{world.task.key}/on/{day}")


def test_what_is_no_day_is_not_found(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    for day in ("2026-02-30", "20260305", "2026-3-5", "x", "2026-W10-1"):
        assert client.get(f"/tasks/{world.task.key}/on/{day}").status_code == 404
    assert client.post(f"/tasks/{world.task.key}/on/2026-03-05").status_code == 405


def test_strangers_and_other_units_find_no_such_task(app: Flask, world: World) -> None:
    told(world)
    for account in (world.stranger, world.housing_staff):
        assert client_for(app, account).get(f"/tasks/{world.task.key}/on/2026-03-05").status_code == 404
    for account in (world.staff, world.leader, world.auditor):
        visit(client_for(app, account), f"/tasks/{world.task.key}/on/2026-03-05")
    page = visit(client_for(app, world.staff), f"/tasks/{world.task.key}/on/2026-03-06")
    assert not page.select("a[href*='/overview/']")
