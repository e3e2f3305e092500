"""POST /tasks/<key>/accept, /return-part, /ask-again, /receipts/accept, and GET /receipts."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_task, make_unit
from tests.views.test_tasks_report import post as post_report
from tests.views.test_tasks_report import reload
from tests.visit import checked, client_for, token_of, visit
from tracker.models import Event, OutboxMail, Receipt, Task, UnitKind, db
from tracker.queries.receipts import parts_of_task
from tracker.rules.permissions import Role
from tracker.rules.receipts import PartState, Verdict


def act(client: FlaskClient, task: Task, name: str, **differences: Any) -> TestResponse:
    """Do one of the acts with the present version."""
    values = {"csrf_token": token_of(client, "/password"), "version": str(reload(task).version), "reason": "不归我局"}
    if name == "accept":
        del values["reason"]
    return client.post(f"/tasks/{task.key}/{name}", data=values | differences)


def states(task: Task) -> dict[str, PartState]:
    """How each unit stands to its part."""
    db.session.expire_all()
    return {part.unit_name: part.state for part in parts_of_task(db.session.get_one(Task, task.id))}


def mails(kind: str) -> dict[str, str]:
    """The words of the mails of a kind, by address."""
    db.session.expire_all()
    return {mail.address: mail.text for mail in db.session.scalars(sa.select(OutboxMail)) if mail.kind == kind}


def test_a_unit_accepts_its_own_part_alone(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert "本任务待财政局签收" in visit(client, f"/tasks/{world.task.key}").get_text()
    assert act(client, world.task, "accept").status_code == 302
    assert states(world.task) == {"财政局": PartState.ACCEPTED, "教科体局": PartState.OPEN}
    assert act(client, world.task, "accept", version="1").status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(Receipt.id))) == 1
    assert reload(world.task).version == 1
    assert "本任务已签收" in visit(client, f"/tasks/{world.task.key}").get_text()
    assert "未签收：教科体局" in visit(client_for(app, world.office), f"/tasks/{world.task.key}").get_text()
    event = db.session.scalars(sa.select(Event).where(Event.act == "accept_part")).one()
    assert (event.object_id, event.after["unit"]) == (world.task.key, "财政局")


def test_a_report_is_an_acceptance_too(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    assert post_report(client, world.task).status_code == 302
    assert states(world.task)["财政局"] is PartState.ACCEPTED
    assert visit(client, f"/tasks/{world.task.key}").find(id="receipts") is None


def test_one_act_accepts_everything_of_the_persons_units(app: Flask, world: World) -> None:
    towns = [make_unit(name, kind=UnitKind.TOWNSHIP) for name in ("良村镇", "杰村乡")]
    task = make_task(world.plan, responsible=[make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=towns)])
    client = client_for(app, make_account(Role.UNIT_STAFF, units=[world.finance, towns[0]]))
    assert "有 3 项新交办任务待签收" in visit(client, "/work").get_text()
    token = token_of(client, "/work")
    assert client.post("/receipts/accept", data={"csrf_token": token}).location == "/work"
    assert "已签收 3 项任务" in visit(client, "/work").get_text()
    assert client.post("/receipts/accept", data={"csrf_token": token}).location == "/work"
    assert db.session.scalar(sa.select(sa.func.count(Receipt.id))) == 3
    assert states(task) == {"良村镇": PartState.ACCEPTED, "杰村乡": PartState.OPEN}
    assert visit(client, "/work").find(id="receipts") is None


def test_a_returned_part_lies_with_the_office_until_it_is_given_again(app: Flask, world: World) -> None:
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    assert act(staff, world.task, "return-part", reason=" ").status_code == 400
    assert act(staff, world.task, "return-part", reason="应由国资中心承担").status_code == 302
    assert states(world.task)["财政局"] is PartState.RETURNED
    told = mails("part_returned")
    assert set(told) == {world.office.email, world.office2.email}
    assert "财政局：应由国资中心承担" in told[world.office.email or ""]
    page = visit(office, "/receipts")
    assert "应由国资中心承担" in page.find(id="returned").get_text()  # type: ignore[union-attr]
    assert "退回推进办 1 项，未签收 4 项" in page.get_text()
    assert "单位退回推进办 1 项" in visit(office, "/work").get_text()
    assert "应由国资中心承担" in visit(office, f"/tasks/{world.task.key}").get_text()
    answer = act(office, world.task, "ask-again", unit=str(world.finance.id), reason="资金由财政局拨付")
    assert answer.status_code == 302
    assert states(world.task)["财政局"] is PartState.OPEN
    assert set(mails("asked_again")) == {world.staff.email, world.staff2.email}
    assert "资金由财政局拨付" in visit(staff, "/work").get_text()
    assert "推进办再次交办" in visit(office, "/receipts").get_text()
    verdicts = db.session.scalars(sa.select(Receipt.verdict).order_by(Receipt.id)).all()
    assert verdicts == [Verdict.RETURNED, Verdict.ASKED_AGAIN]


def test_a_unit_may_return_what_it_accepted_with_all_the_others(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    act(client, world.task, "accept")
    assert act(client, world.task, "return-part").status_code == 302
    assert act(client, world.task, "return-part").status_code == 409
    assert act(client, world.task, "accept").status_code == 302
    assert states(world.task)["财政局"] is PartState.ACCEPTED


def test_what_was_reported_on_is_not_returned(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post_report(client, world.task)
    answer = act(client, world.task, "return-part", reason="不归我局管")
    assert answer.status_code == 409
    assert checked(answer).find(id="typed-reason").get_text().strip() == "不归我局管"  # type: ignore[union-attr]


def test_only_a_returned_part_is_given_again(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    assert act(office, world.task, "ask-again", unit=str(world.finance.id)).status_code == 409
    assert act(office, world.task, "ask-again", unit="x").status_code == 400


@pytest.mark.parametrize("name", ["return-part", "ask-again"])
def test_a_stale_word_comes_back_beside_what_changed(app: Flask, world: World, name: str) -> None:
    staff, office = client_for(app, world.staff), client_for(app, world.office)
    unit = str(world.finance.id)
    if name == "ask-again":
        act(staff, world.task, "return-part")
    client = staff if name == "return-part" else office
    seen = str(reload(world.task).version)
    post_report(office, world.shared_task, unit=unit)
    redate = {"csrf_token": token_of(office, "/password"), "version": seen, "reason": "重排", "due_on": "2098-01-31"}
    assert office.post(f"/tasks/{world.task.key}/redate", data=redate).status_code == 302
    answer = act(client, world.task, name, unit=unit, version=seen, reason="写好的理由")
    assert answer.status_code == 409
    page = checked(answer)
    place = "receipts-return_part-reason" if name == "return-part" else "receipts-ask_again-reason"
    assert page.find(id=place).get_text().strip() == "写好的理由"  # type: ignore[union-attr]
    assert act(client, world.task, name, unit=unit, reason="写好的理由").status_code == 302


def test_a_person_of_several_units_says_which_one_returns(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.UNIT_STAFF, units=[world.finance, world.education]))
    assert act(client, world.task, "return-part").status_code == 400
    assert act(client, world.task, "return-part", unit=str(world.housing.id)).status_code == 403
    assert act(client, world.task, "return-part", unit=str(world.education.id)).status_code == 302
    assert states(world.task) == {"财政局": PartState.OPEN, "教科体局": PartState.RETURNED}


@pytest.mark.parametrize("name", ["accept", "return-part", "ask-again"])
def test_strangers_find_nothing_and_others_are_refused(app: Flask, world: World, name: str) -> None:
    expected = {"ask-again": {"housing_staff": 403, "staff": 403, "stranger": 404}}.get(
        name, {"housing_staff": 404, "office": 403, "stranger": 403, "leader": 403}
    )
    for who, status in expected.items():
        client = client_for(app, getattr(world, who))
        assert act(client, world.task, name, unit=str(world.finance.id)).status_code == status, who
    assert client_for(app, world.staff).get(f"/tasks/{world.task.key}/{name}").status_code == 405
    assert db.session.scalar(sa.select(sa.func.count(Receipt.id))) == 0


def test_the_list_of_the_office_is_not_for_others(app: Flask, world: World) -> None:
    assert "没有退回推进办的任务" in visit(client_for(app, world.office), "/receipts?page=9").get_text()
    for account in (world.staff, world.leader, world.auditor):
        assert client_for(app, account).get("/receipts").status_code == 403
    assert "财政局" not in visit(client_for(app, world.stranger), "/receipts").get_text()


def test_the_list_stays_within_its_questions_however_many_rows(app: Flask, world: World) -> None:
    units = [make_unit(f"单位{number:02}") for number in range(12)]
    for _ in range(6):
        make_task(world.plan, lead=units[:1], cooperating=units[1:])
    page = visit(client_for(app, world.office), "/receipts")
    assert len(page.select("#open tbody tr")) == 50
    assert len(visit(client_for(app, world.office), "/receipts?page=2").select("#open tbody tr")) == 27


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("return-part", {}),
        ("extension", {"once": "k", "wanted_on": "2099-12-31", "work_state": "主体完工"}),
        ("wait", {"since": "2026-03-02"}),
    ],
)
def test_who_has_two_units_in_a_task_is_asked_for_which_they_speak(
    app: Flask, world: World, name: str, values: dict[str, str]
) -> None:
    both = make_account(Role.UNIT_STAFF, units=[world.finance, world.housing])
    task = make_task(world.plan, responsible=[world.finance, world.housing], cooperating=[world.education])
    task.due_on = task.first_due_on = world.task.due_on
    db.session.commit()
    if name == "wait":
        values = {**values, "unit": str(world.education.id)}
    answer = act(client_for(app, both), task, name, **values)
    assert answer.status_code == 400
    page = checked(answer)
    assert "请选择单位" in page.select_one(".error-text").get_text()  # type: ignore[union-attr]
    assert "不归我局" in [each.get_text().strip() for each in page.select("textarea[name=reason]")]
