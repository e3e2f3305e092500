"""POST /tasks/<key>/report, and what it shows."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account, make_task, make_unit
from tests.visit import checked, client_for, send, token_of, visit
from tracker import clock
from tracker.models import Event, Evidence, PlanState, Report, Task, UnitKind, db
from tracker.rules.evidence import MOST_FILES
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Role

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def post(client: FlaskClient, task: Task, **differences: Any) -> TestResponse:
    """Send the report form as the task page gives it, with these differences."""
    address = f"/tasks/{task.key}"
    values: dict[str, Any] = {
        "csrf_token": token_of(client, address),
        "version": "1",
        "once": f"once-{clock.now().timestamp()}",
        "situation": "on_plan",
        "text": "已完成主体结构",
    }
    if differences.get("situation") == "done" and "files" not in differences:
        values["no_evidence_reason"] = "材料随后补交"
    return client.post(f"{address}/report", data=values | differences)


def reports() -> list[Report]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Report).order_by(Report.id)))


def reload(task: Task) -> Task:
    db.session.expire_all()
    return db.session.get_one(Task, task.id)


def test_a_report_starts_the_task_and_stands_on_its_page(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    response = post(client, world.task, text="  已完成主体结构\u202e  ")
    assert response.status_code == 302
    [report] = reports()
    assert (report.text, report.unit_id, report.on_behalf) == ("已完成主体结构", world.finance.id, False)
    assert reload(world.task).state is State.IN_PROGRESS
    assert reload(world.task).light(clock.today()) is Light.NORMAL
    assert "已完成主体结构" in visit(client, f"/tasks/{world.task.key}").get_text()
    event = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.act, event.object_id, event.unit_name) == ("report", world.task.key, "财政局")


def test_a_lead_submits_the_whole(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.task, situation="done")
    assert reload(world.task).state is State.SUBMITTED
    assert reload(world.task).submitted_on == clock.today()


def test_without_a_lead_the_last_unit_submits(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.shared_task, situation="done")
    task = reload(world.shared_task)
    assert task.state is State.IN_PROGRESS
    page = visit(client_for(app, world.office), f"/tasks/{task.key}")
    assert "2 家责任单位中已有 1 家报告完成" in page.get_text()
    post(client_for(app, world.housing_staff), task, situation="done", version=str(task.version))
    assert reload(task).state is State.SUBMITTED


def test_the_done_of_a_cooperating_unit_is_a_report_only(app: Flask, world: World) -> None:
    staff = make_account(Role.UNIT_STAFF, units=[world.education])
    post(client_for(app, staff), world.task, situation="done")
    assert reload(world.task).state is State.IN_PROGRESS


def test_a_member_reports_a_collective_task_in_its_own_name(app: Flask, world: World) -> None:
    town = make_unit("良村镇", kind=UnitKind.TOWNSHIP)
    towns = make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=[town, make_unit("均村乡", kind=UnitKind.TOWNSHIP)])
    task = make_task(world.plan, responsible=[towns], due_on=date(2099, 1, 1))
    staff = make_account(Role.UNIT_STAFF, units=[town])
    db.session.commit()
    client = client_for(app, staff)
    assert post(client, task, situation="done").status_code == 302
    assert reports()[0].unit_id == town.id
    assert reload(task).state is State.IN_PROGRESS


def test_difficulty_lights_the_task(app: Flask, world: World) -> None:
    post(client_for(app, world.staff), world.task, situation="difficulty", text="用地报批未过")
    assert reload(world.task).light(clock.today()) is Light.SOON
    page = visit(client_for(app, world.leader), f"/tasks/{world.task.key}")
    assert "报告有困难" in page.get_text()


def test_the_office_reports_on_behalf_and_it_is_marked(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert post(client, world.task, unit=str(world.education.id)).status_code == 302
    [report] = reports()
    assert (report.on_behalf, report.unit_id) == (True, world.education.id)
    assert "代填" in visit(client, f"/tasks/{world.task.key}").get_text()


def test_a_repeated_post_makes_one_row(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    first = post(client, world.task, once="the-same-form")
    second = post(client, world.task, once="the-same-form")
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(reports()) == 1


def test_the_second_of_two_sees_both_texts_and_loses_nothing(app: Flask, world: World) -> None:
    one, two = client_for(app, world.staff), client_for(app, world.staff2)
    post(one, world.task, text="甲写的话")
    response = post(two, world.task, text="乙写的话", files=(io.BytesIO(PDF), "凭证.pdf"))
    assert response.status_code == 409
    page = checked(response)
    assert "甲写的话" in page.get_text()
    assert page.find("textarea").get_text().strip() == "乙写的话"  # type: ignore[union-attr]
    assert "凭证.pdf" in page.get_text()
    form = {each["name"]: each.get("value", "") for each in page.select("form.report-form input[type=hidden]")}
    again = two.post(f"/tasks/{world.task.key}/report", data={**form, "situation": "on_plan", "text": "乙写的话"})
    assert again.status_code == 302
    assert [report.text for report in reports()] == ["甲写的话", "乙写的话"]
    assert [file.name for file in db.session.scalars(sa.select(Evidence))] == ["凭证.pdf"]


def test_three_columns_say_what_stood_what_was_saved_and_what_was_typed(app: Flask, world: World) -> None:
    one, two = client_for(app, world.staff), client_for(app, world.staff2)
    post(one, world.task, text="已拨付45万元，余款待评审")
    post(one, world.task, version="2", text="已拨付60万元，余款待评审")
    page = checked(post(two, world.task, version="2", text="已拨付60万元，余款<b>下月</b>拨付"))
    before, saved, own = page.select(".three > section")
    assert "已拨付45万元" in before.get_text()
    assert [each.get_text() for each in saved.select("del, ins")] == ["〔删〕45", "〔新〕60"]
    assert "〔新〕<b>下月</b>拨付" in own.get_text()
    assert page.find("a", string="采用对方的内容，不保存我的")["href"] == f"/tasks/{world.task.key}"  # type: ignore[index]
    assert page.find("button", string="合并后保存")


def test_words_that_came_too_late_for_a_report_stand_there_to_copy(app: Flask, world: World) -> None:
    one, two = client_for(app, world.staff), client_for(app, world.staff2)
    post(one, world.task, situation="done")
    answer = post(two, world.task, situation="done", text="验收完成", no_evidence_reason="凭证在财政局")
    assert answer.status_code == 409
    kept = checked(answer).select("#merge textarea")
    assert [each.get_text().strip() for each in kept] == ["凭证在财政局", "验收完成"]


def test_a_refused_form_comes_back_as_it_was(app: Flask, world: World) -> None:
    response = post(client_for(app, world.staff), world.task, situation="", text="我的话")
    assert response.status_code == 400
    page = checked(response)
    assert page.find("textarea").get_text().strip() == "我的话"  # type: ignore[union-attr]
    assert "请选择本周情况" in page.get_text()
    assert reports() == []


def test_evidence_is_kept_by_its_content_and_comes_back_as_a_download(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    post(client, world.task, files=(io.BytesIO(PDF), "../../凭 证.pdf"))
    file = db.session.scalars(sa.select(Evidence)).one()
    assert file.name == "凭 证.pdf"
    answer = client.get(f"/evidence/{file.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client_for(app, world.housing_staff).get(f"/evidence/{file.id}").status_code == 404
    assert client_for(app, world.administrator).get(f"/evidence/{file.id}").status_code == 403
    assert client.get("/evidence/999999").status_code == 404


def test_files_of_a_wrong_kind_are_named_and_nothing_is_stored(app: Flask, world: World) -> None:
    for content, name, said in [
        (b"MZ\x90\x00", "a.pdf", "不是可接受的类型"),
        (b"", "b.pdf", "空文件"),
        (b"<html>", "c.png", "不是可接受的类型"),
        (PDF, "d.exe", "不是可接受的类型"),
    ]:
        response = post(client_for(app, world.staff), world.task, files=(io.BytesIO(content), name))
        assert response.status_code == 400
        assert said in response.text
    assert reports() == []


def hidden(page: BeautifulSoup) -> dict[str, str]:
    """The hidden fields of the report form."""
    return {str(each["name"]): str(each.get("value", "")) for each in page.select("#report input[type=hidden]")}


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"text": " "}, "请写一句话说明情况"),
        ({"situation": ""}, "请选择本周情况"),
        ({"bad": b"MZ"}, "坏.pdf"),
    ],
)
def test_good_files_outlive_a_refusal_and_are_named(
    app: Flask, world: World, differences: dict[str, Any], said: str
) -> None:
    client = client_for(app, world.staff)
    bad = [(io.BytesIO(differences["bad"]), "坏.pdf")] if "bad" in differences else []
    sent = {name: value for name, value in differences.items() if name != "bad"}
    response = post(client, world.task, files=[(io.BytesIO(PDF), "凭证.pdf"), *bad], **sent)
    assert response.status_code == 400
    page = checked(response)
    assert said in page.get_text()
    assert "已上传并保留：凭证.pdf" in page.get_text()
    again = {**hidden(page), "situation": "on_plan", "text": "我的话"}
    assert client.post(f"/tasks/{world.task.key}/report", data=again).status_code == 302
    assert [file.name for file in db.session.scalars(sa.select(Evidence))] == ["凭证.pdf"]


def test_files_beyond_the_limit_are_refused_and_the_others_kept(app: Flask, world: World) -> None:
    client = client_for(app, world.staff)
    files = [(io.BytesIO(PDF), f"{number}.pdf") for number in range(MOST_FILES + 1)]
    page = checked(post(client, world.task, files=files))
    assert "一次最多上传 10 个文件" in page.get_text()
    again = {**hidden(page), "situation": "on_plan", "text": "我的话"}
    assert client.post(f"/tasks/{world.task.key}/report", data=again).status_code == 302
    assert len(reports()[0].evidence) == MOST_FILES


def test_who_has_two_units_with_a_part_says_for_which_they_speak(app: Flask, world: World) -> None:
    staff = make_account(Role.UNIT_STAFF, units=[world.finance, world.education])
    client = client_for(app, staff)
    page = visit(client, f"/tasks/{world.task.key}")
    assert [each.get_text() for each in page.select("#report select[name=unit] option:not([value=''])")] == [
        "财政局",
        "教科体局",
    ]
    assert "请选择填报单位" in post(client, world.task).text
    assert reports() == []
    assert post(client, world.task, unit=str(world.education.id)).status_code == 302
    assert [report.unit_id for report in reports()] == [world.education.id]


def test_in_my_work_too_two_units_are_told_apart_where_both_have_a_part(app: Flask, world: World) -> None:
    world.task.due_on = world.shared_task.due_on = clock.today()
    world.task.keep_light_dates()
    world.shared_task.keep_light_dates()
    client = client_for(app, make_account(Role.UNIT_STAFF, units=[world.finance, world.education]))
    page = visit(client, "/work")
    cards = {
        card["id"]: [each["value"] for each in card.select("select[name=unit] option:not([value=''])")]
        for card in page.select(".item")
    }
    assert cards[world.task.key] == [str(world.finance.id), str(world.education.id)]
    assert cards[world.shared_task.key] == []
    assert visit(client_for(app, world.staff), "/work").select("select[name=unit]") == []
    form = page.find(id=world.task.key).find("form")  # type: ignore[union-attr]
    values = {each["name"]: each.get("value", "") for each in form.select("input[type=hidden]")}  # type: ignore[union-attr]
    values |= {"situation": "on_plan", "text": "教科体局的话", "unit": str(world.education.id)}
    assert client.post(str(form["action"]), data=values).location.startswith("/work")  # type: ignore[index]
    assert [report.unit_id for report in reports()] == [world.education.id]


def test_in_my_work_a_member_and_its_collective_are_two_units(app: Flask, world: World) -> None:
    town = make_unit("良村镇", kind=UnitKind.TOWNSHIP)
    towns = make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=[town])
    task = make_task(world.plan, responsible=[towns], due_on=clock.today())
    client = client_for(app, make_account(Role.UNIT_STAFF, units=[town, towns]))
    page = visit(client, "/work")
    offered = [each.get_text() for each in page.select("select[name=unit] option:not([value=''])")]
    assert offered == ["良村镇", "各乡镇"]
    assert post(client, task, unit=str(towns.id)).status_code == 302
    assert [report.unit_id for report in reports()] == [towns.id]


def test_the_account_of_a_collective_unit_speaks_as_that_unit(app: Flask, world: World) -> None:
    towns = make_unit("各乡镇", kind=UnitKind.COLLECTIVE, members=[make_unit("良村镇", kind=UnitKind.TOWNSHIP)])
    task = make_task(world.plan, responsible=[towns], due_on=date(2099, 1, 1))
    client = client_for(app, make_account(Role.UNIT_STAFF, units=[towns]))
    assert post(client, task).status_code == 302
    assert [report.unit_id for report in reports()] == [towns.id]


def test_unknown_fields_are_400(app: Flask, world: World) -> None:
    for name in ("state", "light", "verified_by", "due_on", "role", "is_admin", "unit_id"):
        assert post(client_for(app, world.staff), world.task, **{name: "closed"}).status_code == 400
    assert reports() == []


def test_a_foreign_unit_in_the_body_widens_nothing(app: Flask, world: World) -> None:
    assert post(client_for(app, world.staff), world.task, unit=str(world.housing.id)).status_code == 400
    assert post(client_for(app, world.office), world.task, unit=str(world.housing.id)).status_code == 400
    assert reports() == []


def test_who_may_not_see_gets_404_and_who_may_not_report_403(app: Flask, world: World) -> None:
    key = world.task.key
    for account, status in [
        (world.housing_staff, 404),
        (world.stranger, 404),
        (world.leader, 403),
        (world.auditor, 403),
        (world.administrator, 403),
    ]:
        client = client_for(app, account)
        token = token_of(client, "/password")
        answer = client.post(
            f"/tasks/{key}/report",
            data={"csrf_token": token, "situation": "on_plan", "text": "x", "version": 1, "once": "x"},
        )
        assert answer.status_code == status, account.username
    assert client_for(app, world.staff).get(f"/tasks/{key}/report").status_code == 405
    assert client_for(app, world.staff).post(f"/tasks/{key}/report", data={"text": "x"}).status_code == 400
    assert reports() == []


def test_my_work_holds_each_task_in_one_block(app: Flask, world: World) -> None:
    today = clock.today()
    make_task(world.plan, title="我逾期", lead=[world.finance], due_on=today - timedelta(days=3))
    make_task(world.plan, title="我临期", lead=[world.finance], due_on=today + timedelta(days=3))
    make_task(world.plan, title="已交", lead=[world.finance], due_on=today, state=State.SUBMITTED, submitted_on=today)
    db.session.commit()
    page = visit(client_for(app, world.staff), "/work")
    text = page.get_text()
    assert "逾期（1）" in text
    assert "7日内到期（1）" in text
    assert "已提交待核验（1）" in text
    page.find(id="receipts").decompose()  # type: ignore[union-attr]
    assert [len(page.find_all(string=title)) for title in ("我逾期", "我临期", "已交")] == [1, 1, 1]
    assert client_for(app, world.leader).get("/work").status_code == 403


def test_my_work_asks_each_unit_for_its_own_word(app: Flask, world: World) -> None:
    world.shared_task.due_on = clock.today() + timedelta(days=60)
    world.shared_task.keep_light_dates()
    db.session.commit()
    post(client_for(app, world.staff), world.shared_task)
    assert "本周待更新（0）" in visit(client_for(app, world.staff), "/work").get_text()
    assert "本周待更新（1）" in visit(client_for(app, world.housing_staff), "/work").get_text()
    post(client_for(app, world.staff), world.shared_task, situation="done", version="2")
    assert "本单位已完成，待其他单位（1）" in visit(client_for(app, world.staff), "/work").get_text()


def test_nobody_speaks_for_the_first_unit_of_a_list_by_accident(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    page = visit(office, f"/tasks/{world.task.key}")
    assert not page.select("#report select[name=unit] option[selected]:not([value=''])")
    assert "推进办代填" in page.find(id="report").get_text()  # type: ignore[union-attr]
    refused = post(office, world.task, unit="")
    assert refused.status_code == 400
    assert "请选择填报单位" in refused.text
    assert reports() == []


def test_a_draft_plan_is_no_business_of_its_units_yet(app: Flask, world: World) -> None:
    world.plan.state = PlanState.DRAFT
    db.session.commit()
    staff, address = client_for(app, world.staff), f"/tasks/{world.task.key}"
    visit(staff, address, status=404)
    answer = send(staff, f"{address}/report", {"version": "1", "text": "已开工"}, token_from="/work")
    assert answer.status_code == 404
    visit(client_for(app, world.office), address)
