"""/overview/issues/N/words, /sign, /freeze-again: the office words and signs a draft, others see how it came about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, World, make_account, make_task, sign_in
from tests.views.test_overview import days_ago, freeze, text_of
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.actions.issues import freeze_missed_week, freeze_week
from tracker.models import Event, Issue, IssueState, LoginSession, Plan, PlanState, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

PAGE = "/overview/issues/1/words"


def issue() -> Issue:
    """The one issue as it is stored."""
    db.session.rollback()
    return db.session.scalars(sa.select(Issue).execution_options(populate_existing=True)).one()


def decide(world: World) -> Task:
    """A task that has waited for the leaders for long."""
    task = make_task(world.plan, lead=[world.finance], title="用地报批", due_on=days_ago(45), state=State.IN_PROGRESS)
    db.session.commit()
    return task


def word(client: FlaskClient, version: int = 1, **values: Any) -> TestResponse:
    """Save words."""
    return send(client, PAGE, {"version": version, **values})


def do(client: FlaskClient, act: str, version: int = 1) -> TestResponse:
    """Press a button of the page."""
    return send(client, f"/overview/issues/1/{act}", {"version": version}, token_from=PAGE)


def test_the_office_sees_the_words_of_the_rules_beside_its_own_and_restores_them(app: Flask, world: World) -> None:
    task = decide(world)
    generated = freeze(0).generated
    client = client_for(app, world.office)
    said = text_of(visit(client, PAGE))
    assert f"系统生成： {generated}" in said or f"系统生成：{generated}" in said
    assert "请领导决定 1：用地报批 财政局" in said
    answer = word(client, sentence=" 本周\n平稳。", about_1=task.key, ask_1="请定用地")
    assert answer.headers["Location"] == PAGE
    assert (issue().sentence, issue().asks) == ("本周 平稳。", {task.key: "请定用地"})
    page = visit(client, PAGE)
    assert "已保存第 1 期的文字。" in text_of(page)
    assert page.select_one("input[name=ask_1]")["value"] == "请定用地"  # type: ignore[index]
    word(client, 2, sentence="什么都行", restore="1", about_1=task.key, ask_1="请定用地")
    assert issue().sentence == issue().generated == generated
    history = text_of(visit(client, PAGE))
    assert history.count("修改周览文字") == 2
    assert f"{generated} 本周 平稳。" in history  # both stay to be read
    assert f"{task.key}：请定用地" in history


def test_words_that_are_too_long_come_back_with_the_reason(app: Flask, world: World) -> None:
    task = decide(world)
    freeze(0)
    client = client_for(app, world.office)
    answer = word(client, sentence="长" * 301, about_1=task.key, ask_1="问" * 101)
    assert answer.status_code == 400
    page = checked(answer)
    assert "长" * 301 in page.select_one("textarea").text  # type: ignore[union-attr]
    assert page.text.count("最多300字") == 2
    assert page.text.count("最多100字") == 2
    assert issue().version == 1


@pytest.mark.parametrize("values", [{"state": "signed"}, {"version": ""}, {"version": "9" * 12}])
def test_odd_forms_change_nothing(app: Flask, world: World, values: dict[str, str]) -> None:
    freeze(0)
    client = client_for(app, world.office)
    for act in ("words", "sign", "freeze-again"):
        sent = {"version": "1", **({"sentence": "x"} if act == "words" else {}), **values}
        assert send(client, f"/overview/issues/1/{act}", sent, token_from=PAGE).status_code == 400
    assert (issue().version, issue().state) == (1, IssueState.DRAFT)


def test_a_stale_save_keeps_what_was_typed_beside_what_the_other_saved(app: Flask, world: World) -> None:
    task = decide(world)
    freeze(0)
    word(client_for(app, world.office2), sentence="乙的话。", about_1=task.key, ask_1="乙的请示")
    client = client_for(app, world.office)
    answer = word(client, sentence="甲的话。", about_1=task.key, ask_1="甲的请示")
    assert answer.status_code == 409
    page = checked(answer)
    said = text_of(page)
    assert "本期已被他人修改，您的内容还没有保存" in said
    assert "现已保存：乙的话。" in said
    assert "现已保存：乙的请示" in said
    assert page.select_one("textarea").text.strip() == "甲的话。"  # type: ignore[union-attr]
    assert page.select_one("input[name=ask_1]")["value"] == "甲的请示"  # type: ignore[index]
    version = page.select_one(f"form[action='{PAGE}'] input[name=version]")["value"]  # type: ignore[index]
    assert word(client, int(str(version)), sentence="甲的话。").status_code == 302
    assert issue().sentence == "甲的话。"


def test_what_was_asked_on_a_task_that_waits_no_more_is_shown_to_be_copied(app: Flask, world: World) -> None:
    task = decide(world)
    freeze(0)
    client = client_for(app, world.office)
    task.state, task.closed_on = State.CLOSED, clock.today()
    task.keep_light_dates()
    db.session.commit()
    assert do(client, "freeze-again").status_code == 302
    answer = word(client, sentence="甲的话。", about_1=task.key, ask_1="请定用地")
    assert answer.status_code == 409
    said = text_of(checked(answer))
    assert "以下文字所说的任务已不在“需要领导决定”之列，可复制保存： 请定用地" in said


def test_an_ended_session_loses_no_word(app: Flask, world: World) -> None:
    task = decide(world)
    freeze(0)
    client = client_for(app, world.office)
    typed = {"sentence": "甲的话。", "about_1": task.key, "ask_1": "请定用地"}
    token = token_of(client, PAGE)
    db.session.execute(sa.update(LoginSession).values(ended_at=clock.now()))
    answer = client.post(PAGE, data={"csrf_token": token, "version": 1, **typed})
    assert answer.status_code == 401
    page = checked(answer)
    assert "甲的话。" in page.text
    assert "请定用地" in page.text
    assert page.select_one("input[name=typed]")["value"]  # type: ignore[index]
    assert page.select_one("input[name=next]")["value"] == PAGE  # type: ignore[index]
    sign_in(client, world.office)
    with client.session_transaction() as session:
        session["typed"] = ["issue_acts.word", "1", typed]
    page = visit(client, PAGE)
    assert "您在登录超时前填写的内容还没有保存。" in text_of(page)
    assert page.select_one("textarea").text.strip() == "甲的话。"  # type: ignore[union-attr]
    assert page.select_one("input[name=ask_1]")["value"] == "请定用地"  # type: ignore[index]


def test_a_signature_ends_all_changes_and_later_ones_are_told_by_whom(app: Flask, world: World) -> None:
    freeze(0)
    client = client_for(app, world.office)
    assert do(client, "sign").headers["Location"] == "/overview/issues/1"
    said = text_of(visit(client, "/overview/issues/1"))
    assert "第 1 期已签发，今后不再变动。" in said
    assert f"{world.office.name} {clock.today().year}年" in said
    assert "草稿" not in said
    sign = {"version": 1}
    answer = send(client, "/overview/issues/1/sign", sign, token_from="/password")
    assert answer.headers["Location"] == "/overview/issues/1"  # pressed twice
    other = client_for(app, world.office2)
    for act in ("sign", "freeze-again"):
        answer = send(other, f"/overview/issues/1/{act}", {"version": 1}, token_from="/password")
        assert answer.status_code == 409
        assert f"{world.office.name}已于 {clock.today().year}年" in checked(answer).text
    answer = send(other, PAGE, {"version": 1, "sentence": "乙的话。"}, token_from="/password")
    assert answer.status_code == 409
    page = checked(answer)
    assert "第 1 期已签发" in page.text
    assert "乙的话。" in page.text  # to be copied
    assert not visit(other, PAGE).select("main form")
    refused = sa.select(sa.func.count()).where(Event.allowed.is_(False), Event.object_type == "issue")
    assert db.session.scalar(refused) == 3


def test_what_stands_in_the_form_is_what_is_signed(app: Flask, world: World) -> None:
    task = decide(world)
    freeze(0)
    client = client_for(app, world.office)
    button = visit(client, PAGE).select_one("button[formaction$='/sign']")
    assert button
    assert button["form"] == "words"
    values = {"version": 1, "sentence": "没有先保存的话。", "about_1": task.key, "ask_1": "请定用地"}
    assert send(client, "/overview/issues/1/sign", values, token_from=PAGE).status_code == 302
    assert (issue().sentence, issue().asks) == ("没有先保存的话。", {task.key: "请定用地"})
    assert issue().state is IssueState.SIGNED


def test_a_stale_signature_keeps_what_was_typed(app: Flask, world: World) -> None:
    freeze(0)
    word(client_for(app, world.office2), sentence="乙的话。")
    values = {"version": 1, "sentence": "甲的话。"}
    answer = send(client_for(app, world.office), "/overview/issues/1/sign", values, token_from=PAGE)
    assert answer.status_code == 409
    page = checked(answer)
    assert page.select_one("textarea").text.strip() == "甲的话。"  # type: ignore[union-attr]
    assert "现已保存：乙的话。" in text_of(page)
    assert (issue().sentence, issue().state) == ("乙的话。", IssueState.DRAFT)


def test_a_draft_that_changed_is_not_signed_unseen(app: Flask, world: World) -> None:
    freeze(0)
    word(client_for(app, world.office2), sentence="乙的话。")
    answer = do(client_for(app, world.office), "sign")
    assert answer.status_code == 409
    page = checked(answer)
    assert "还没有签发" in page.text
    assert page.select_one("textarea").text.strip() == "乙的话。"  # type: ignore[union-attr]
    assert issue().state is IssueState.DRAFT


def test_figures_are_taken_anew_within_the_week(app: Flask, world: World) -> None:
    before = freeze(0).cut_off_at
    make_task(world.plan, lead=[world.finance])
    client = client_for(app, world.office)
    assert do(client, "freeze-again").headers["Location"] == PAGE
    assert issue().cut_off_at > before
    assert "的数据已重新冻结" in text_of(visit(client, PAGE))
    assert "共 4 项" in text_of(visit(client, "/overview/issues/1"))
    assert do(client, "freeze-again").status_code == 409  # on the old version


def test_a_week_that_is_over_is_not_frozen_anew(app: Flask, world: World) -> None:
    freeze(7)
    client = client_for(app, world.office)
    page = visit(client, PAGE)
    assert not page.select("form[action$='freeze-again']")
    assert "该期所属的一周已过" in checked(do(client, "freeze-again")).text
    assert do(client, "sign").status_code == 302  # signing has no term


def test_others_read_how_the_words_came_about_and_change_nothing(app: Flask, world: World) -> None:
    freeze(0)
    word(client_for(app, world.office), sentence="本周平稳。")
    for who in (world.leader, world.auditor):
        client = client_for(app, who)
        page = visit(client, PAGE)
        assert not page.select("main form")
        assert "本周平稳。" in text_of(page)
        assert "修改周览文字" in text_of(page)
        assert "草稿，尚未签发。" in text_of(visit(client, "/overview/issues/1"))
        for act in ("words", "sign", "freeze-again"):
            answer = send(client, f"/overview/issues/1/{act}", {"version": 2}, token_from="/password")
            assert answer.status_code == 403
    assert client_for(app, world.staff).get(PAGE).status_code == 403
    assert issue().version == 2


def test_issues_of_elsewhere_are_not_found_and_those_below_only_read(app: Flask, world: World) -> None:
    freeze(0)
    stranger = client_for(app, world.stranger)
    assert stranger.get(f"{PAGE}?region={COUNTY}").status_code == 404
    assert stranger.get(PAGE).status_code == 404
    prefecture = client_for(app, make_account(Role.PLAN_OFFICE, region="3607"))
    page = visit(prefecture, f"{PAGE}?region={COUNTY}")
    assert not page.select("main form")
    for act in ("words", "sign", "freeze-again"):
        address = f"/overview/issues/1/{act}?region={COUNTY}"
        answer = send(prefecture, address, {"version": 1}, token_from="/password")
        assert answer.status_code == 404
    assert client_for(app, world.office).get("/overview/issues/2/words").status_code == 404
    assert issue().version == 1


def test_acts_take_no_get_and_no_foreign_form(app: Flask, world: World) -> None:
    freeze(0)
    client = client_for(app, world.office)
    for act in ("sign", "freeze-again"):
        assert client.get(f"/overview/issues/1/{act}").status_code == 405
    for act in ("words", "sign", "freeze-again"):
        assert client.post(f"/overview/issues/1/{act}", data={"version": 1}).status_code == 400


def test_a_missed_week_says_when_it_was_made_up(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monday = clock.as_instant("2026-03-09T08:00")
    freeze_week(COUNTY, monday - timedelta(days=10))
    assert freeze_missed_week(COUNTY, monday)
    monkeypatch.setenv("TRACKER_FAKE_NOW", monday.isoformat())
    client = client_for(app, world.leader)
    assert "本期于3月9日补出。" in text_of(visit(client, "/overview/issues/2"))
    assert "补出" not in text_of(visit(client, "/overview/issues/1"))


def test_a_region_without_plans_says_why_it_has_no_issue(app: Flask, world: World) -> None:
    db.session.execute(sa.update(Plan).values(state=PlanState.CLOSED))
    client = client_for(app, world.office)
    page = visit(client, "/overview")
    assert "没有执行中的计划，没有可以冻结的周览" in text_of(page)
    assert not page.select(".freeze")
    send(client, "/overview/freeze", {}, token_from="/password")
    assert "没有执行中的计划，没有可以冻结的数据。" in text_of(visit(client, "/overview"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Issue)) == 0


def test_a_sentence_that_looks_like_a_page_stays_a_sentence(app: Flask, world: World) -> None:
    freeze(0)
    client = client_for(app, world.office)
    word(client, sentence="<b>平稳</b>{{ 7*7 }}")
    for address in (PAGE, "/overview/issues/1", "/archive"):
        assert "<b>平稳</b>{{ 7*7 }}" in text_of(visit(client, address))
