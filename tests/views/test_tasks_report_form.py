"""What the report form asks of a task, and what it refuses: no change, quantity, evidence, long-term tasks."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import World, make_project
from tests.views.test_reports_withdraw import withdraw
from tests.views.test_tasks_report import PDF, post, reload, reports
from tests.visit import checked, client_for, token_of, visit
from tracker import clock
from tracker.models import Draft, Report, Situation, db
from tracker.queries.project_facts import facts_of
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.rhythms import Rhythm

WARNING = "再次选择将亮临期／落后"


def measured(world: World) -> None:
    """The task counts 64 rooms."""
    world.task.quantity_total, world.task.quantity_unit = Decimal(64), "间"
    db.session.commit()


def form_of(page: BeautifulSoup) -> str:
    """The words of the report form."""
    form = page.select_one("#report form")
    assert form is not None
    return form.get_text(" ", strip=True)


def test_an_unchanged_week_needs_no_words_and_lights_the_task_the_second_time(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert WARNING not in form_of(visit(client, f"/tasks/{world.task.key}"))
    assert post(client, world.task, situation="no_change", text="").status_code == 302
    assert [(each.situation, each.text) for each in reports()] == [(Situation.NO_CHANGE, "本周无变化")]
    assert reload(world.task).light(clock.today()) is Light.NORMAL
    assert WARNING in form_of(visit(client, f"/tasks/{world.task.key}"))
    assert post(client, world.task, situation="no_change", text="", version="2").status_code == 302
    assert reload(world.task).unchanged_on is None  # one week, said twice
    db.session.execute(sa.update(Report).values(at=clock.now() - timedelta(days=7)))
    assert post(client, world.task, situation="no_change", text="", version="3").status_code == 302
    assert reload(world.task).unchanged_on == clock.today()


def test_the_warning_is_for_the_unit_whose_last_word_it_was(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.shared_task, situation="no_change", text="")
    other = client_for(app, world.housing_staff)
    assert WARNING not in form_of(visit(other, f"/tasks/{world.shared_task.key}"))
    post(client_for(app, world.staff), world.shared_task, version="2")
    assert WARNING not in form_of(visit(client_for(app, world.staff), f"/tasks/{world.shared_task.key}"))


@pytest.mark.parametrize("situation", ["on_plan", "difficulty", "done"])
def test_every_other_situation_needs_a_sentence(app: Flask, world: World, situation: str) -> None:
    answer = post(client_for(app, world.staff), world.task, situation=situation, text="")
    assert answer.status_code == 400
    assert "请写一句话说明情况" in answer.text
    assert reports() == []


def test_a_measured_task_asks_for_its_number_and_shows_the_last(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert "完成数量" not in form_of(visit(client, f"/tasks/{world.task.key}"))
    assert post(client, world.task, quantity="45").status_code == 400
    measured(world)
    assert "完成数量（共 64 间）" in form_of(visit(client, f"/tasks/{world.task.key}"))
    assert post(client, world.task, quantity="45.50").status_code == 302
    assert post(client, world.task, quantity="", version="2").status_code == 302
    assert [each.quantity for each in reports()] == [Decimal("45.5"), None]
    assert "上次填报 45.5／64 间" in form_of(visit(client, f"/tasks/{world.task.key}"))
    world.task.due_on = clock.today()
    world.task.keep_light_dates()
    card = visit(client, "/work").find(id=world.task.key)
    assert card is not None
    assert "完成数量 45.5／64 间" in card.get_text()
    assert "45.5 间" in visit(client, f"/tasks/{world.task.key}").get_text()


@pytest.mark.parametrize("quantity", ["-1", "NaN", "1e9", "640.01", "1.234", "9" * 21, "四十"])
def test_a_hostile_number_is_refused_and_every_word_kept(app: Flask, world: World, quantity: str) -> None:
    measured(world)
    answer = post(client_for(app, world.staff), world.task, quantity=quantity, text="我的话")
    assert answer.status_code == 400
    page = checked(answer)
    assert page.find(id="report-quantity")["value"] == quantity  # type: ignore[index]
    assert page.find(id="report-text").get_text().strip() == "我的话"  # type: ignore[union-attr]
    assert reports() == []


def test_done_without_a_file_comes_back_once_and_passes_with_a_reason(app: Flask, world: World) -> None:
    world.task.evidence_wanted = "验收单、照片"
    db.session.commit()
    client = client_for(app, world.staff)
    assert "需要的佐证：验收单、照片" in form_of(visit(client, f"/tasks/{world.task.key}"))
    answer = post(client, world.task, situation="done", no_evidence_reason="")
    assert answer.status_code == 400
    assert "还没有佐证材料（方案要求：验收单、照片）。请上传，或在下面说明暂无佐证的原因" in checked(answer).get_text()
    assert reports() == []
    assert post(client, world.task, situation="done", no_evidence_reason="验收单周五盖章").status_code == 302
    assert [each.no_evidence_reason for each in reports()] == ["验收单周五盖章"]
    assert reload(world.task).state is State.SUBMITTED
    assert "验收单周五盖章" in visit(client_for(app, world.office), f"/tasks/{world.task.key}").get_text()


def test_done_with_a_file_needs_no_reason(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert post(client, world.task, situation="done", files=(io.BytesIO(PDF), "验收单.pdf")).status_code == 302
    assert [each.no_evidence_reason for each in reports()] == [None]


def test_a_long_term_task_with_a_rhythm_is_never_done(app: Flask, world: World) -> None:
    world.task.due_on, world.task.rhythm, world.task.rhythm_from = None, Rhythm.MONTHLY, clock.today()
    world.task.keep_light_dates()
    db.session.commit()
    client = client_for(app, world.staff)
    page = visit(client, f"/tasks/{world.task.key}")
    assert [each["value"] for each in page.select("#report input[name=situation]")] == [
        *("on_plan", "difficulty", "no_change")
    ]
    answer = post(client, world.task, situation="done")
    assert answer.status_code == 400
    assert "长期任务按周期报告" in checked(answer).get_text()
    assert post(client, world.task).status_code == 302


def test_the_types_and_the_size_are_said_before_choosing_and_no_camera_is_forced(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.staff), f"/tasks/{world.task.key}")
    field = page.find(id="report-files")
    assert field is not None
    assert ".jpg" in str(field["accept"])  # type: ignore[index]
    assert field.get("capture") is None  # type: ignore[union-attr]
    assert "单个不超过 20 MB" in form_of(page)
    assert token_of(client_for(app, world.staff), f"/tasks/{world.task.key}")


def progress_of(world: World) -> int | None:
    """How far the building of the first task stands, as its project says it."""
    db.session.expire_all()
    facts = facts_of(world.task.id, clock.today())
    assert facts is not None
    return facts.progress


def test_only_a_project_is_asked_how_far_its_building_stands(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert "形象进度" not in form_of(visit(client, f"/tasks/{world.task.key}"))
    assert post(client, world.task, progress="45").status_code == 400
    make_project(world.task)
    assert "形象进度（%），选填" in form_of(visit(client, f"/tasks/{world.task.key}"))
    assert post(client, world.task, progress="45%").status_code == 302
    assert post(client, world.task, progress="", version="2").status_code == 302
    assert [each.progress_percent for each in reports()] == [45, None]
    assert progress_of(world) == 45
    page = visit(client, f"/tasks/{world.task.key}")
    assert "上次填报 45%" in form_of(page)
    assert "形象进度 45%" in page.select_one(".history").get_text(" ")  # type: ignore[union-attr]
    world.task.due_on = clock.today()
    world.task.keep_light_dates()
    assert "上次填报 45%" in visit(client, "/work").find(id=world.task.key).get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("progress", ["101", "-1", "45.5", "四成", "9" * 400])
def test_no_other_progress_is_taken_and_every_word_is_kept(app: Flask, world: World, progress: str) -> None:
    make_project(world.task)
    answer = post(client_for(app, world.staff), world.task, progress=progress, text="我的话")
    assert answer.status_code == 400
    page = checked(answer)
    assert "0 到 100 的整数" in page.get_text()
    assert page.find(id="report-progress")["value"] == progress  # type: ignore[index]
    assert page.find(id="report-text").get_text().strip() == "我的话"  # type: ignore[union-attr]
    assert reports() == []


def test_less_progress_than_before_is_kept_and_questioned(app: Flask, world: World) -> None:
    make_project(world.task)
    client = client_for(app, world.staff)
    post(client, world.task, progress="60")
    assert "低于上次填报" not in visit(client, f"/tasks/{world.task.key}").get_text()
    post(client, world.task, progress="45", version="2")
    assert "形象进度 45%，低于上次填报的 60%" in visit(client, f"/tasks/{world.task.key}").get_text()
    assert progress_of(world) == 45
    assert withdraw(client, world.task, reports()[-1].id).status_code == 302
    assert progress_of(world) == 60
    assert "上次填报 60%" in form_of(visit(client, f"/tasks/{world.task.key}"))


def test_progress_comes_back_from_a_draft(app: Flask, world: World) -> None:
    make_project(world.task)
    client = client_for(app, world.staff)
    address = f"/tasks/{world.task.key}"
    data = {"csrf_token": token_of(client, address), "text": "半句话", "progress": "45"}
    saved = client.post(f"{address}/draft?act=tasks.report", data=data, headers={"X-Requested-With": "fetch"})
    assert saved.status_code == 204
    assert [draft.words["progress"] for draft in db.session.scalars(sa.select(Draft))] == ["45"]
    assert visit(client, address).find(id="report-progress")["value"] == "45"  # type: ignore[index]
