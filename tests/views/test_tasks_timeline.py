"""GET /tasks/<key>: the timeline as each reader sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import COUNTY, World
from tests.queries.test_related import project
from tests.queries.test_timeline import NOON, keep, mail, say
from tests.visit import client_for, visit
from tracker.models import Contribution, Indicator, Instruction, MailState, OverdueNotice, School, db
from tracker.queries.timeline import TOLD_ACTS
from tracker.views.history import SENTENCES

SAID = {
    "accept_part": ({"unit": ["财政局", "教科体局"]}, "财政局、教科体局签收任务"),
    "return_part": ({"unit": "财政局", "reason": "不属本单位职责"}, "财政局退回推进办"),
    "ask_extension": (
        {"unit": "财政局", "wanted_on": date(2026, 4, 30), "reason": "设计变更", "work": "已完成六成"},
        "财政局申请延至 2026年4月30日",
    ),
    "decide_extension": ({"unit": "财政局", "decision": "refused", "reason": "不符合条件"}, "不同意延期"),
    "wait": ({"unit": "住建局", "since": date(2026, 3, 1), "reason": "等图纸"}, "自 2026年3月1日 起等待住建局配合"),
    "wait_end": ({"unit": "住建局"}, "结束等待住建局配合"),
    "urge": ({"units": ["财政局"], "text": "请更新"}, "催办财政局"),
    "slip": ({"colour": "red", "answer_by": date(2026, 3, 9)}, "生成督办单（红色），限 2026年3月9日 前办结"),
    "reopen": ({"reason": "发现造假"}, "重新打开任务"),
    "rhythm": ({"reason": "改为每月", "rhythm": "monthly", "parts": 1}, "填报周期定为"),
    "edit_task": ({"reason": "笔误"}, "修改任务"),
}


def page_of(app: Flask, world: World, who: str) -> BeautifulSoup:
    db.session.commit()
    return visit(client_for(app, getattr(world, who)), f"/tasks/{world.task.key}")


@pytest.mark.parametrize("act", SAID)
def test_every_act_is_told_in_a_sentence_with_its_reason(app: Flask, world: World, act: str) -> None:
    said, sentence = SAID[act]
    keep(world, act, **said)
    text = page_of(app, world, "staff").select_one(".entry").get_text()  # type: ignore[union-attr]
    assert sentence in text
    for name in ("reason", "text", "work"):
        assert str(said.get(name, "")) in text


def test_no_act_is_told_by_its_name_in_the_code(app: Flask, world: World) -> None:
    """Acts without facts, such as those of older events, have words as well."""
    for act in TOLD_ACTS:
        keep(world, act)
    text = page_of(app, world, "office").get_text()
    assert not [act for act in TOLD_ACTS if "_" in act and act in text]
    assert set(SENTENCES) <= set(TOLD_ACTS)


def test_a_moved_deadline_shows_the_old_one_struck(app: Flask, world: World) -> None:
    keep(world, "redate", reason="延期", due_on="2099-12-31")
    card = page_of(app, world, "staff").select_one(".entry")
    assert card is not None
    assert card.select_one("s").get_text() == "2099年6月30日"  # type: ignore[union-attr]
    assert "2099年12月31日" in card.get_text()


def test_a_withdrawn_report_is_struck_and_its_words_stay(app: Flask, world: World) -> None:
    report = say(world)
    report.withdrawn_at = NOON + timedelta(minutes=3)
    card = page_of(app, world, "leader").select_one(".entry.withdrawn")
    assert card is not None
    assert card.select_one("s").get_text() == "已拨付"  # type: ignore[union-attr]
    assert "已撤回" in card.get_text()


def test_notes_of_the_machine_fold_away_and_mails_are_for_those_who_may(app: Flask, world: World) -> None:
    db.session.add(OverdueNotice(task_id=world.task.id, due_on=date(2026, 3, 6), noticed_on=date(2026, 3, 7)))
    mail(world, "a", MailState.SENT, sent_at=NOON)
    mail(world, "b", MailState.DEAD, account=None, address="box@example.test")
    for who in ("office", "auditor"):
        notes = page_of(app, world, who).select("details.machine:not([open]) li")
        text = " ".join(note.get_text(" ", strip=True) for note in notes)
        assert "转为逾期：时限 2026年3月6日 已过" in text
        assert f"催办通知 邮件已发：{world.staff.name}" in text
        assert "邮件失败：b***@example.test" in text
        assert "box@example.test" not in text
    for who in ("staff", "leader"):
        text = page_of(app, world, who).get_text()
        assert "转为逾期" in text
        assert "催办通知" not in text


def test_a_page_with_everything_stays_within_its_questions(app: Flask, world: World) -> None:
    """A project with its school, indicators, reports, mails, acts and instructions: ``visit`` counts."""
    school = School(region_code=COUNTY, name="第八中学")
    world.task, _beside = project(world, school, cooperating=[world.finance]), project(world, school)
    indicator = db.session.scalars(sa.select(Indicator).limit(1)).one()
    world.task.contributions.append(Contribution(indicator=indicator, reason="补短板"))
    said = {"account": world.leader, "leader_name": "王明", "text": "请抓紧", "at": NOON}
    db.session.add_all(Instruction(task=world.task, once=str(number), **said) for number in range(3))
    for number in range(12):
        say(world, NOON + timedelta(minutes=number), once=f"r{number}")
        mail(world, f"m{number}", MailState.SENT)
        keep(world, "urge", NOON + timedelta(hours=number))
    for who in ("office", "staff", "leader"):
        assert page_of(app, world, who).select(".entry")


def test_what_is_written_between_brackets_stays_text(app: Flask, world: World) -> None:
    evil = "<script>alert(1)</script>"
    keep(world, "urge", units=[evil], text=evil)
    keep(world, "wait", unit=evil, since="x" + evil, reason=evil)
    keep(world, "slip", colour=evil, answer_by=evil)
    keep(world, "decide_extension", decision=evil, granted_on=evil)
    page = page_of(app, world, "office")
    assert page.get_text().count(evil) >= 4
