"""/projects/<key>/facts and /projects/<key>/site: who builds, by which contract, and where it stands now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World
from tests.views.test_projects_money import built, events
from tests.visit import checked, client_for, send, token_of, visit
from tracker.models import LoginSession, PlanState, Project, ProjectBuilding, Task, db

KNOWN = {
    "version": "1",
    "owner": "县城投公司",
    "contractor": "省建一公司",
    "supervisor": "",
    "contract_yuan": "1.1亿元",
    "contract_from": "2026-03-01",
    "contract_until": "2027-06-30",
}
MOVED = {"version": "1", "site": "红军大道以北", "town": "潋江镇", "reason": "原地块征收不了"}


def keep(client: FlaskClient, key: str, **said: str) -> TestResponse:
    """Send the form of what is known."""
    return send(client, f"/projects/{key}/facts", KNOWN | said, token_from="/password")


def move(client: FlaskClient, key: str, **said: str) -> TestResponse:
    """Send the form of a new site."""
    return send(client, f"/projects/{key}/site", MOVED | said, token_from="/password")


def project_of(key: str) -> Project:
    """A project as it is stored."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Project).join(Task, Task.id == Project.task_id).where(Task.key == key)).one()


def text_of(client: FlaskClient, key: str) -> str:
    """The page of a project."""
    return " ".join(visit(client, f"/projects/{key}").get_text(" ", strip=True).split())


@pytest.fixture
def key(world: World) -> str:
    """The key of a project of 财政局 with a site."""
    return built(world, site="老车站", town="长冈乡").task.key


def test_a_unit_says_who_builds_and_by_which_contract(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    assert "未填" in text_of(staff, key)
    assert keep(staff, key).location == f"/projects/{key}#facts"
    project = project_of(key)
    assert (project.owner, project.contractor, project.supervisor) == ("县城投公司", "省建一公司", None)
    assert (project.contract_yuan, project.contract_from) == (110_000_000, date(2026, 3, 1))
    text = text_of(staff, key)
    assert "合同金额 11,000 万元" in text
    assert "2026年3月1日 至 2027年6月30日" in text
    [event] = events("keep_facts")
    assert (event.object_id, event.after["contract_yuan"], event.before["owner"]) == (key, 110_000_000, None)
    assert "登记参建单位和合同" in visit(staff, f"/tasks/{key}").get_text()


def test_what_is_emptied_is_unknown_again_and_what_is_the_same_is_no_event(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    keep(staff, key)
    assert keep(staff, key, version="2").status_code == 302
    assert len(events("keep_facts")) == 1
    # Nobody who has the page open is told that something changed.
    assert keep(staff, key, version="2", owner="", contract_yuan="").status_code == 302
    project = project_of(key)
    assert (project.owner, project.contract_yuan, project.contractor) == (None, None, "省建一公司")


def test_the_form_begins_with_what_is_known(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    keep(staff, key)
    page = visit(staff, f"/projects/{key}")
    assert page.select_one("#project_facts-keep-contract_yuan")["value"] == "11000"  # type: ignore[index]
    assert page.select_one("#project_facts-keep-owner")["value"] == "县城投公司"  # type: ignore[index]


def test_a_contract_above_the_budget_is_questioned(app: Flask, world: World, key: str) -> None:
    staff = client_for(app, world.staff)
    keep(staff, key, contract_yuan="1.2亿")
    assert "合同金额 12,000 万元，超过方案投资 11,970 万元，多 30 万元" in text_of(staff, key)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"contract_yuan": "-5"}, "合同金额须大于零"),
        ({"contract_yuan": "0"}, "合同金额须大于零"),
        ({"contract_yuan": "约一亿"}, "看不懂这个金额"),
        ({"contract_until": "2026-02-28"}, "竣工日期不能早于开工日期"),
        ({"contract_from": "bald"}, "如 2026-03-31"),
        ({"owner": "公" * 500}, "最多"),
    ],
)
def test_wrong_facts_come_back_with_their_words(
    app: Flask, world: World, key: str, said: dict[str, str], words: str
) -> None:
    answer = keep(client_for(app, world.staff), key, **({"contractor": "省建一公司"} | said))
    assert answer.status_code == 400
    page = checked(answer)
    assert words in page.get_text()
    assert page.select_one("#project_facts-keep-contractor")["value"] == "省建一公司"  # type: ignore[index]
    assert project_of(key).contractor is None


def test_stale_facts_come_back_beside_what_others_left(app: Flask, world: World, key: str) -> None:
    assert keep(client_for(app, world.staff), key).status_code == 302
    office = client_for(app, world.office)
    answer = keep(office, key, contractor="省建二公司")
    assert answer.status_code == 409
    page = checked(answer)
    assert page.select_one("#project_facts-keep-contractor")["value"] == "省建二公司"  # type: ignore[index]
    assert project_of(key).contractor == "省建一公司"


def test_who_may_say_them(app: Flask, world: World, key: str) -> None:
    for who, status in {"housing_staff": 404, "leader": 403, "auditor": 403, "stranger": 404, "staff": 302}.items():
        assert keep(client_for(app, getattr(world, who)), key).status_code == status, who
    for who, status in {"housing_staff": 403, "staff": 403, "leader": 403, "auditor": 403, "stranger": 404}.items():
        assert move(client_for(app, getattr(world, who)), key, version="2").status_code == status, who
    assert move(client_for(app, world.office), key, version="2").status_code == 302
    for part in ("facts", "site"):
        assert client_for(app, world.office).get(f"/projects/{key}/{part}").status_code == 405


@pytest.mark.parametrize(("part", "said"), [("facts", KNOWN), ("site", MOVED)])
def test_words_outlive_an_ended_session(app: Flask, world: World, key: str, part: str, said: dict[str, Any]) -> None:
    client = client_for(app, world.office)
    token = token_of(client, "/password")
    db.session.execute(sa.delete(LoginSession))
    answer = client.post(f"/projects/{key}/{part}", data=said | {"csrf_token": token})
    assert answer.status_code == 401
    assert (said.get("owner") or said["site"]) in answer.text


def test_a_closed_plan_is_read_only(app: Flask, world: World, key: str) -> None:
    world.plan.state = PlanState.CLOSED
    office = client_for(app, world.office)
    assert keep(office, key).status_code == 409
    assert move(office, key).status_code == 409
    assert "变更项目位置" not in text_of(office, key)


def test_a_moved_site_keeps_where_the_plan_wanted_it(app: Flask, world: World, key: str) -> None:
    office = client_for(app, world.office)
    assert move(office, key).location == f"/projects/{key}#facts"
    project = project_of(key)
    assert (project.site, project.town, project.first_site) == ("红军大道以北", "潋江镇", "老车站（长冈乡）")
    assert project.site_reason == "原地块征收不了"
    page = visit(client_for(app, world.leader), f"/projects/{key}")
    struck = page.select_one("dd s")
    assert struck
    assert struck.text == "老车站（长冈乡）"
    assert "原地块征收不了" in page.get_text()
    assert "项目位置变更为红军大道以北" in visit(office, f"/tasks/{key}").get_text()
    assert move(office, key, version="2", site="东门外").status_code == 302
    assert project_of(key).first_site == "老车站（长冈乡）"
    assert move(office, key, version="3", site="老车站", town="长冈乡").status_code == 302
    project = project_of(key)
    assert (project.site, project.first_site, project.site_reason) == ("老车站", None, None)
    assert [event.after["first_site"] for event in events("move_site")] == [
        "老车站（长冈乡）",
        "老车站（长冈乡）",
        None,
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"site": "老车站", "town": "长冈乡"}, "与现在的位置相同"),
        ({"site": ""}, "请填写现在的位置"),
        ({"reason": ""}, "请填写理由"),
        ({"site": "地" * 401}, "最多400字"),
    ],
)
def test_a_move_that_is_none_comes_back(app: Flask, world: World, key: str, said: dict[str, str], words: str) -> None:
    answer = move(client_for(app, world.office), key, **said)
    assert answer.status_code == 400
    assert words in checked(answer).get_text()
    assert project_of(key).site == "老车站"
    assert project_of(key).task.version == 1


def test_a_draft_is_edited_and_never_moved(app: Flask, world: World, key: str) -> None:
    project_of(key).task.plan.state = PlanState.DRAFT
    db.session.commit()
    assert move(client_for(app, world.office), key).status_code == 409
    project = project_of(key)
    assert (project.site, project.first_site, project.task.version) == ("老车站", None, 1)


def test_a_first_site_where_the_plan_named_none_is_no_move(app: Flask, world: World) -> None:
    key = built(world).task.key
    assert move(client_for(app, world.office), key).status_code == 302
    project = project_of(key)
    assert (project.site, project.first_site, project.site_reason) == ("红军大道以北", None, None)


def test_areas_by_use_say_what_they_leave_open(app: Flask, world: World, key: str) -> None:
    project = project_of(key)
    project.floor_area_m2 = Decimal(30_000)
    for position, (use, area) in enumerate([("教学楼", Decimal(18_000)), ("食堂", Decimal(4_000)), ("宿舍", None)], 1):
        project.buildings.append(ProjectBuilding(position=position, use=use, floor_area_m2=area))
    leader = client_for(app, world.leader)
    text = text_of(leader, key)
    assert "合计 1 项未列 22,000" in text
    assert "还有 8,000 ㎡没有列出用途" in text
    project_of(key).floor_area_m2 = Decimal(20_000)
    assert "各用途合计比校舍总面积 20,000 ㎡多 2,000 ㎡" in text_of(leader, key)
    project_of(key).floor_area_m2 = None
    assert "不能与合计比较" in text_of(leader, key)
