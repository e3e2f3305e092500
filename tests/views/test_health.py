"""/health, and the line of the dead-man's switch on the overview."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from tests.factories import World
from tests.jobs.test_standing import run_all
from tests.visit import client_for, visit
from tracker import clock
from tracker.actions.record import NOBODY, record
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import db

STOPPED = clock.at_office(date(2026, 3, 4), 17)
LATER = STOPPED + timedelta(hours=26)
LINE = "数据未自动更新，最近一次 3月4日17:00：提醒邮件和周览暂未自动生成，"


def test_an_empty_database_is_well(app: Flask) -> None:
    answer = client_for(app, None).get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert answer.content_type.startswith("text/plain")


def test_a_scheduler_stopped_for_26_hours_is_told_until_it_is_back(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(NOBODY, "sign_in", STOPPED - timedelta(days=9))
    db.session.commit()
    run_all(STOPPED)
    anybody = client_for(app, None)
    monkeypatch.setenv("TRACKER_FAKE_NOW", STOPPED.isoformat())
    assert anybody.get("/health").text == "ok"
    monkeypatch.setenv("TRACKER_FAKE_NOW", LATER.isoformat())
    answer = anybody.get("/health")
    assert (answer.status_code, answer.text) == (503, "late")
    for who in (world.leader, world.office, world.auditor):
        assert LINE in visit(client_for(app, who), "/overview").get_text()
        assert "请联系系统管理员" in visit(client_for(app, who), "/overview").get_text()
    mended = visit(client_for(app, world.administrator), "/outbox").get_text()
    assert LINE in mended
    assert "python -m tracker.serve" in mended
    run_all(LATER)
    assert anybody.get("/health").text == "ok"
    for address in ("/overview", "/outbox"):
        assert "数据未自动更新" not in visit(client_for(app, world.office), address).get_text()


def test_a_wrong_clock_is_told_where_the_figures_are(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record(NOBODY, "sign_in", LATER)
    db.session.commit()
    back = LATER - timedelta(days=2)
    run_job(TIMETABLE[0], back)
    monkeypatch.setenv("TRACKER_FAKE_NOW", back.isoformat())
    for address in ("/overview", "/outbox"):
        assert "系统时间异常" in visit(client_for(app, world.office), address).get_text()
    assert client_for(app, None).get("/health").status_code == 503
