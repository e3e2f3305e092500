"""POST /tasks/<key>/instructions and …/instructions/<id>/answer, and where an instruction is seen."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_plan, make_task, make_unit
from tests.visit import checked, client_for, token_of, visit
from tracker.models import Event, Instruction, InstructionAnswer, OutboxMail, PlanState, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

WORDS = "请财政局3月10日前拨付第二笔资金。"
_once = count(1)


def instruct(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Write an instruction as the task page lets one."""
    token = token_of(client, "/password")
    values = {"csrf_token": token, "version": "1", "once": f"once{next(_once)}", "instruction": WORDS}
    return client.post(f"/tasks/{task.key}/instructions", data=values | differences)


def answer(client: FlaskClient, task: Task, number: int, **differences: Any) -> TestResponse:
    """Answer an instruction."""
    token = token_of(client, "/password")
    values = {"csrf_token": token, "version": "1", "once": f"once{next(_once)}", "answer": "已于今日拨付。"}
    return client.post(f"/tasks/{task.key}/instructions/{number}/answer", data=values | differences)


def instructions() -> list[Instruction]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Instruction).order_by(Instruction.id)))


def test_a_leaders_word_is_seen_by_unit_and_office_and_mailed_at_once(app: Flask, world: World) -> None:
    assert instruct(client_for(app, world.leader), world.task).status_code == 302
    [said] = instructions()
    assert (said.leader_name, said.text, said.answered_at) == (world.leader.name, WORDS, None)
    for account in (world.staff, world.office, world.auditor):
        text = visit(client_for(app, account), f"/tasks/{world.task.key}").get_text()
        assert WORDS in text
        assert f"{world.leader.name}同志批示" in text
        assert "同志批示（推进办代录）" not in text
    assert WORDS in visit(client_for(app, world.staff), "/work").get_text()
    assert "今天批示" in visit(client_for(app, world.office), "/work").get_text()
    mails = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "instructed")).all()
    assert {mail.account_id for mail in mails} == {
        each.id for each in (world.staff, world.staff2, world.office, world.office2)
    }
    event = db.session.scalars(sa.select(Event).where(Event.act == "instruct")).one()
    assert (event.object_id, event.after["text"]) == (world.task.key, WORDS)


def test_the_office_records_whose_word_it_is(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    assert instruct(office, world.task).status_code == 400
    assert instruct(office, world.task, leader_name="王明").status_code == 302
    text = visit(office, f"/tasks/{world.task.key}").get_text()
    assert "王明同志批示（推进办代录）" in text
    told = db.session.scalars(sa.select(OutboxMail.account_id)).all()
    assert world.office.id not in told
    assert world.office2.id in told


def test_a_leader_names_nobody_else(app: Flask, world: World) -> None:
    assert instruct(client_for(app, world.leader), world.task, leader_name="王明").status_code == 400
    assert instructions() == []


def test_two_leaders_at_once_are_both_kept_in_order(app: Flask, world: World) -> None:
    """T121: both wrote on the page as it was before the other, and none is refused for it."""
    other = make_account(Role.LEADER)
    db.session.commit()
    assert instruct(client_for(app, world.leader), world.task, instruction="先拨付").status_code == 302
    assert instruct(client_for(app, other), world.task, instruction="后核对").status_code == 302
    assert [each.text for each in instructions()] == ["先拨付", "后核对"]
    page = visit(client_for(app, world.staff), f"/tasks/{world.task.key}")
    assert [card.select_one(".said").get_text() for card in page.select("#instructions article")] == [
        "后核对",
        "先拨付",
    ]  # type: ignore[union-attr]


def test_a_word_is_kept_in_any_state_and_beside_a_stale_version(app: Flask, world: World) -> None:
    world.task.state, world.task.closed_on, world.task.version = State.CLOSED, world.plan.issued_on, 7
    db.session.commit()
    assert instruct(client_for(app, world.leader), world.task, version="2").status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Task, world.task.id).version == 7
    assert answer(client_for(app, world.staff), world.task, instructions()[0].id, version="2").status_code == 302


def test_a_draft_mails_nobody_and_a_closed_plan_takes_no_word(app: Flask, world: World) -> None:
    draft = make_task(make_plan("draft", state=PlanState.DRAFT), lead=[world.finance])
    closed = make_task(make_plan("closed", state=PlanState.CLOSED), lead=[world.finance])
    db.session.commit()
    leader = client_for(app, world.leader)
    assert instruct(leader, draft).status_code == 302
    assert db.session.scalars(sa.select(OutboxMail)).all() == []
    assert instruct(leader, closed).status_code == 409
    assert len(instructions()) == 1


def test_a_repeated_word_and_a_repeated_answer_are_one(app: Flask, world: World) -> None:
    leader, staff = client_for(app, world.leader), client_for(app, world.staff)
    for _time in range(2):
        assert instruct(leader, world.task, once="same").status_code == 302
    [said] = instructions()
    for _time in range(2):
        assert answer(staff, world.task, said.id, once="same").status_code == 302
    assert len(db.session.scalars(sa.select(InstructionAnswer)).all()) == 1
    acts = db.session.scalars(sa.select(Event.act).where(Event.act.in_(["instruct", "answer_instruction"]))).all()
    assert sorted(acts) == ["answer_instruction", "instruct"]
    assert len(db.session.scalars(sa.select(OutboxMail)).all()) == 4


def test_an_answer_ends_the_wait_and_later_ones_are_kept_too(app: Flask, world: World) -> None:
    instruct(client_for(app, world.leader), world.shared_task)
    number = instructions()[0].id
    assert answer(client_for(app, world.staff), world.shared_task, number).status_code == 302
    first = instructions()[0].answered_at
    assert first is not None
    assert (
        answer(client_for(app, world.housing_staff), world.shared_task, number, answer="住建局已核对").status_code
        == 302
    )
    assert instructions()[0].answered_at == first
    text = visit(client_for(app, world.leader), f"/tasks/{world.shared_task.key}").get_text()
    assert "财政局答复" in text
    assert "住建局已核对" in text
    assert "待答复的批示" not in visit(client_for(app, world.staff), "/work").get_text()
    assert "待答复的批示" not in visit(client_for(app, world.office), "/work").get_text()


def test_the_form_in_my_work_leads_back_there(app: Flask, world: World) -> None:
    instruct(client_for(app, world.leader), world.task)
    staff = client_for(app, world.staff)
    form = visit(staff, "/work").select_one("#instructions form")
    assert form is not None
    values = {each["name"]: each["value"] for each in form.select("input[name]")}
    sent = staff.post(str(form["action"]), data={**values, "answer": "已办"})
    assert (sent.status_code, sent.location) == (302, "/work")
    assert instructions()[0].answered_at


def test_a_person_of_two_asked_units_says_for_which_they_answer(app: Flask, world: World) -> None:
    both = make_account(Role.UNIT_STAFF, units=[world.finance, world.housing])
    db.session.commit()
    instruct(client_for(app, world.leader), world.shared_task)
    number, client = instructions()[0].id, client_for(app, both)
    assert visit(client, f"/tasks/{world.shared_task.key}").select_one(f"#answer-{number}-unit")
    assert answer(client, world.shared_task, number).status_code == 400
    assert answer(client, world.shared_task, number, unit=str(world.education.id)).status_code == 403
    assert answer(client, world.shared_task, number, unit=str(world.housing.id)).status_code == 302
    assert db.session.scalars(sa.select(InstructionAnswer.unit_id)).all() == [world.housing.id]


def test_who_only_cooperates_is_not_asked(app: Flask, world: World) -> None:
    partner = make_account(Role.UNIT_STAFF, units=[world.education])
    db.session.commit()
    instruct(client_for(app, world.leader), world.task)
    client = client_for(app, partner)
    page = visit(client, f"/tasks/{world.task.key}")
    assert WORDS in page.get_text()
    assert not page.select("#instructions form")
    assert WORDS not in visit(client, "/work").get_text()
    assert answer(client, world.task, instructions()[0].id).status_code == 403


def test_a_member_answers_for_its_collective_unit(app: Flask, world: World) -> None:
    group = make_unit("各乡镇", kind="collective", members=[world.housing])  # type: ignore[arg-type]
    task = make_task(world.plan, responsible=[group])
    db.session.commit()
    assert instruct(client_for(app, world.leader), task).status_code == 302
    assert len(instructions()) == 1
    client = client_for(app, world.housing_staff)
    assert WORDS in visit(client, "/work").get_text()
    assert answer(client, task, instructions()[0].id).status_code == 302


def test_an_instruction_of_another_task_is_not_found(app: Flask, world: World) -> None:
    instruct(client_for(app, world.leader), world.housing_task)
    number = instructions()[0].id
    staff = client_for(app, world.staff)
    assert answer(staff, world.task, number).status_code == 404
    assert answer(staff, world.task, 2**31 - 1).status_code == 404
    assert answer(client_for(app, world.stranger), world.task, number).status_code in (403, 404)
    assert instructions()[0].answered_at is None


@pytest.mark.parametrize(
    ("who", "status"), [("staff", 403), ("auditor", 403), ("stranger", 404), ("administrator", 403)]
)
def test_others_write_no_instruction(app: Flask, world: World, who: str, status: int) -> None:
    assert instruct(client_for(app, getattr(world, who)), world.task, leader_name="王明").status_code == status
    assert instructions() == []


def test_get_is_the_wrong_method(app: Flask, world: World) -> None:
    assert client_for(app, world.leader).get(f"/tasks/{world.task.key}/instructions").status_code == 405


@pytest.mark.parametrize("text", ["", "  ", "字" * 501])
def test_an_empty_or_endless_word_comes_back(app: Flask, world: World, text: str) -> None:
    page = instruct(client_for(app, world.leader), world.task, instruction=text)
    assert page.status_code == 400
    assert checked(page).find(id="instruct").has_attr("open")  # type: ignore[union-attr]


def test_an_answer_that_is_refused_comes_back_under_its_own_instruction(app: Flask, world: World) -> None:
    leader = client_for(app, world.leader)
    instruct(leader, world.task, instruction="甲")
    instruct(leader, world.task, instruction="乙")
    first = instructions()[0].id
    sent = answer(client_for(app, world.staff), world.task, first, answer="字" * 1001, about=str(first))
    assert sent.status_code == 400
    page = checked(sent)
    assert page.find(id=f"answer-{first}").get_text().strip() == "字" * 1001  # type: ignore[union-attr]
    assert [each.get_text().strip() for each in page.select("#instructions textarea")].count("") == 1


def test_a_link_opens_the_form(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.leader), f"/tasks/{world.task.key}?instruct=1")
    assert page.find(id="instruct").has_attr("open")  # type: ignore[union-attr]
    instruct(client_for(app, world.leader), world.task)
    page = visit(client_for(app, world.staff), f"/tasks/{world.task.key}?answer=1")
    assert page.select_one("#instructions details[open] textarea")


def test_what_is_written_between_brackets_stays_text(app: Flask, world: World) -> None:
    evil = "<script>alert(1)</script>{{7*7}}"
    instruct(client_for(app, world.leader), world.task, instruction=evil)
    answer(client_for(app, world.staff), world.task, instructions()[0].id, answer=evil)
    page = visit(client_for(app, world.office), f"/tasks/{world.task.key}")
    assert page.get_text().count(evil) >= 2
    mail = db.session.scalars(sa.select(OutboxMail)).first()
    assert mail is not None
    assert "<script>" not in mail.html


def test_the_overview_leads_leaders_to_the_form(app: Flask, world: World) -> None:
    world.task.due_on = world.plan.issued_on
    world.task.keep_light_dates()
    db.session.commit()
    address = f"/overview?instruct={world.task.key}"
    assert visit(client_for(app, world.leader), "/overview").select(f"a[href='{address}']")
    assert not visit(client_for(app, world.auditor), "/overview").select(".to-instruct")
