"""POST /tasks/<key>/rhythm, and what the task page says of reporting periods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_tasks_report import post as post_report
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.actions.periods import open_periods
from tracker.models import Event, ReportingPeriod, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.rhythms import Rhythm, period_of


def set_rhythm(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Set a rhythm of twice a school year from today, with the present version."""
    values = {
        "csrf_token": token_of(client, "/password"),
        "version": str(reload(task).version),
        "rhythm": "school_year",
        "parts": "2",
        "begins_on": clock.today().isoformat(),
        "reason": "方案要求每学期报告",
    }
    return client.post(f"/tasks/{task.key}/rhythm", data=values | differences)


def without_deadline(task: Task, **values: Any) -> None:
    task.due_on = None
    for name, value in values.items():
        setattr(task, name, value)
    task.keep_light_dates()
    db.session.commit()


def test_the_office_sets_a_rhythm_with_a_reason(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert set_rhythm(client, world.task).status_code == 302
    task = reload(world.task)
    assert (task.rhythm, task.rhythm_parts, task.rhythm_from) == (Rhythm.SCHOOL_YEAR, 2, clock.today())
    page = visit(client, f"/tasks/{task.key}").get_text()
    assert "每学年 2 次" in page
    assert "方案要求每学期报告" in page
    event = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.act, event.object_id) == ("rhythm", task.key)
    assert event.after is not None
    assert (event.after["rhythm"], event.after["parts"]) == ("school_year", 2)


def test_the_office_clears_it_again(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    set_rhythm(client, world.task)
    assert set_rhythm(client, world.task, rhythm="", parts="", begins_on="").status_code == 302
    task = reload(world.task)
    assert (task.rhythm, task.rhythm_parts, task.rhythm_from) == (None, 1, None)
    assert "未设周期" in visit(client, f"/tasks/{task.key}").get_text()


def test_the_words_of_the_plan_are_a_proposal_and_set_nothing(app: Flask, world: World) -> None:
    without_deadline(world.task, requirement="每学年开展2次专项督导")
    page = visit(client_for(app, world.office), f"/tasks/{world.task.key}")
    assert [each["value"] for each in page.select("#periods-set_rhythm-rhythm option[selected]")] == ["school_year"]
    assert page.find(id="periods-set_rhythm-parts")["value"] == "2"  # type: ignore[index]
    assert reload(world.task).rhythm is None
    assert "填报周期" not in visit(client_for(app, world.staff), f"/tasks/{world.task.key}").get_text()


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"parts": "5"}, "不能平均分成这么多次"),
        ({"rhythm": "weekly", "parts": "2"}, "不能平均分成这么多次"),
        ({"parts": "0"}, "1至12的整数"),
        ({"parts": "两"}, "1至12的整数"),
        ({"parts": "13"}, "1至12的整数"),
        ({"begins_on": ""}, "请填写起算日"),
        ({"begins_on": "2026-02-30"}, "请填写日期"),
        ({"begins_on": "1999-12-31"}, "2000-01-01 至 2100-12-31"),
        ({"reason": " "}, "请填写理由"),
        ({"rhythm": "daily"}, ""),
    ],
)
def test_a_rhythm_that_cannot_be_comes_back_as_it_was(
    app: Flask, world: World, differences: dict[str, str], said: str
) -> None:
    answer = set_rhythm(client_for(app, world.office), world.task, **differences)
    assert answer.status_code == 400
    page = checked(answer)
    assert said in page.get_text()
    if "reason" not in differences:
        assert "方案要求每学期报告" in page.get_text()
    assert reload(world.task).rhythm is None


def test_a_single_span_needs_a_deadline(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert set_rhythm(client, world.task, rhythm="once", parts="1").status_code == 302
    assert set_rhythm(client, world.task, rhythm="once", parts="1", begins_on="2100-01-01").status_code == 409
    without_deadline(world.housing_task)
    answer = set_rhythm(client, world.housing_task, rhythm="once", parts="1")
    assert answer.status_code == 409
    assert "须有时限" in checked(answer).get_text()


def test_only_the_office_of_the_county_may_and_a_stale_form_is_told(app: Flask, world: World) -> None:
    for account, status in [
        (world.staff, 403),
        (world.leader, 403),
        (world.auditor, 403),
        (world.housing_staff, 403),
        (world.stranger, 404),
    ]:
        assert set_rhythm(client_for(app, account), world.task).status_code == status, account.username
    client = client_for(app, world.office)
    assert set_rhythm(client, world.task, version="99").status_code == 409
    assert client.get(f"/tasks/{world.task.key}/rhythm").status_code == 405
    assert reload(world.task).rhythm is None


def test_a_closed_task_takes_no_rhythm(app: Flask, world: World) -> None:
    world.task.state, world.task.closed_on = State.CLOSED, clock.today()
    world.task.keep_light_dates()
    db.session.commit()
    assert set_rhythm(client_for(app, world.office), world.task).status_code == 409


def test_the_page_shows_what_was_reported_missed_and_open(app: Flask, world: World) -> None:
    today = clock.today()
    begins = today - timedelta(days=14)
    without_deadline(world.task, rhythm=Rhythm.WEEKLY, rhythm_from=begins)
    for _ in range(4):
        open_periods(clock.now())
    db.session.commit()
    client = client_for(app, world.staff)
    text = visit(client, f"/tasks/{world.task.key}").select_one("#periods").get_text()  # type: ignore[union-attr]
    assert (text.count("未报告"), text.count("进行中，待报告")) == (2, 1)
    page = visit(client, f"/tasks/{world.task.key}").get_text()
    assert "一期没有报告" in page
    assert "逾期" in page
    assert reload(world.task).light(today) is Light.OVERDUE
    assert post_report(client, world.task).status_code == 302
    assert reload(world.task).light(today) is Light.NOT_DUE
    text = visit(client, f"/tasks/{world.task.key}").select_one("#periods").get_text()  # type: ignore[union-attr]
    assert "已报告 · 财政局" in text


def test_a_new_rhythm_takes_the_place_of_a_period_that_still_runs(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    set_rhythm(client, world.task)
    open_periods(clock.now())
    db.session.commit()
    assert set_rhythm(client, world.task, rhythm="monthly", parts="1").status_code == 302
    open_periods(clock.now())
    month = period_of(Rhythm.MONTHLY, 1, clock.today())
    rows = db.session.execute(sa.select(ReportingPeriod.starts_on, ReportingPeriod.ends_on)).all()
    assert [tuple(row) for row in rows] == [month]


def test_a_missed_period_counts_days_late_in_every_list(app: Flask, world: World) -> None:
    today = clock.today()
    week = period_of(Rhythm.WEEKLY, 1, today - timedelta(days=7))
    without_deadline(world.task, rhythm=Rhythm.WEEKLY, rhythm_from=week.starts_on)
    late = f"逾期 {(today - week.ends_on).days} 天"
    assert late in visit(client_for(app, world.office), "/tasks").get_text()
    assert late in visit(client_for(app, world.staff), "/work").get_text()
    assert "资金拨付" in visit(client_for(app, world.leader), "/overview").get_text()


def test_my_work_asks_for_a_period_that_ends_within_a_week_until_it_is_reported(app: Flask, world: World) -> None:
    without_deadline(world.task, rhythm=Rhythm.WEEKLY, rhythm_from=clock.today())
    client = client_for(app, world.staff)
    page = visit(client, "/work").get_text()
    assert "7日内到期（1）" in page
    assert "本期剩" in page
    assert post_report(client, world.task).status_code == 302
    left = (period_of(Rhythm.WEEKLY, 1, clock.today() + timedelta(days=7)).ends_on - clock.today()).days
    assert ("7日内到期（0）" in visit(client, "/work").get_text()) == (left > 7)
