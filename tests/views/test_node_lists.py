"""/projects/node-lists: the names with which the nodes of a county's projects begin."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import World, make_account
from tests.views.test_nodes import a_project, bare_project
from tests.views.test_task_links import events
from tests.visit import checked, client_for, token_of, visit
from tracker.models import NodeList, ProjectCategory, db
from tracker.queries.nodes import nodes_of
from tracker.rules.nodes import USUAL_NODES
from tracker.rules.permissions import Role

PAGE = "/projects/node-lists"


def save(client: FlaskClient, names: str = "采购\n安装", act: str = "", **differences: Any) -> TestResponse:
    """Write the list of 提质."""
    said = {"csrf_token": token_of(client, "/password"), "category": "upgrade", "version": "0", "names": names}
    if act:
        del said["names"]
    return client.post(PAGE + act, data=said | differences)


def stored() -> list[NodeList]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(NodeList)))


def test_the_usual_eight_stand_until_the_county_writes_its_own(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    page = visit(office, PAGE)
    assert len(page.select("textarea")) == len(ProjectCategory)
    assert {each.text.strip() for each in page.select("textarea")} == {"\n".join(USUAL_NODES)}
    assert save(office).status_code == 302
    page = visit(office, PAGE)
    assert page.select_one("#list-upgrade-names").text.strip() == "采购\n安装"  # type: ignore[union-attr]
    assert "本地清单" in page.get_text()
    [row] = stored()
    assert (row.region_code, row.category, row.names) == (world.plan.region_code, "upgrade", ["采购", "安装"])
    [event] = events("set_node_list")
    assert (event.object_id, event.after["nodes"]) == (world.plan.region_code, ["采购", "安装"])


def test_projects_that_have_nodes_keep_them(app: Flask, world: World) -> None:
    task, bare = a_project(world), bare_project(world)
    office = client_for(app, world.office)
    assert save(office, category="new").status_code == 302
    assert [node.name for node in nodes_of(task.id)] == ["开工", "封顶", "投用"]
    page = visit(office, f"/projects/{bare.key}")
    assert page.select_one("#nodes-plan-rows").text.strip() == "采购\n安装"  # type: ignore[union-attr]
    assert PAGE in {link["href"] for link in visit(office, "/projects").select("nav a")}
    assert PAGE not in {link["href"] for link in visit(client_for(app, world.leader), "/projects").select("nav a")}


def test_a_list_goes_back_to_the_usual_eight(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    save(office)
    version = str(stored()[0].version)
    assert save(office, act="/reset", version=version).status_code == 302
    assert stored() == []
    assert save(office, act="/reset", version=version).status_code == 302
    assert len(events("reset_node_list")) == 1


def test_a_stale_list_keeps_what_was_typed(app: Flask, world: World) -> None:
    office, other = client_for(app, world.office), client_for(app, world.office2)
    assert save(office).status_code == 302
    assert save(office).status_code == 302, "the same once more changes nothing"
    assert len(events("set_node_list")) == 1
    answer = save(other, "勘察\n设计")
    assert answer.status_code == 409
    page = checked(answer)
    assert page.select_one("#list-upgrade-names").text.strip() == "勘察\n设计"  # type: ignore[union-attr]
    assert "现有清单：采购、安装" in page.get_text()
    version = page.select_one("#list-upgrade-version")["value"]  # type: ignore[index]
    assert save(other, "勘察\n设计", version=version).status_code == 302
    assert stored()[0].names == ["勘察", "设计"]
    assert save(office, act="/reset", version="1").status_code == 409


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"names": ""}, "请至少写一个节点"),
        ({"names": "采购\n采购"}, "第2行的节点与前面重名"),
        ({"names": "采购 2024年3月"}, "只写节点名称"),
        ({"category": "palace"}, "请刷新页面后重试"),
        ({"version": "x"}, ""),
    ],
)
def test_a_wrong_list_comes_back(app: Flask, world: World, values: dict[str, str], said: str) -> None:
    answer = save(client_for(app, world.office), **values)
    assert answer.status_code == 400
    if "category" not in values:
        assert said in checked(answer).get_text()
    assert stored() == []


def test_only_the_office_writes_the_lists_of_its_own_county(app: Flask, world: World) -> None:
    for who in ("staff", "leader", "auditor", "administrator"):
        client = client_for(app, getattr(world, who))
        assert client.get(PAGE).status_code == 403
        assert save(client).status_code == 403
    stranger = client_for(app, world.stranger)
    assert save(stranger).status_code == 302
    assert [row.region_code for row in stored()] == [world.stranger.region_code]
    assert stranger.get(f"{PAGE}?region={world.plan.region_code}").status_code in {400, 404}
    assert app.test_client().get(PAGE).status_code == 302
    assert client_for(app, world.office).put(PAGE).status_code == 405


def test_above_a_county_one_is_chosen_first(app: Flask, world: World) -> None:
    from_above = make_account(Role.PLAN_OFFICE, username="city2", region="3607")
    client = client_for(app, from_above)
    assert "textarea" not in str(visit(client, PAGE))
    assert save(client).status_code == 400
    answer = client.post(
        f"{PAGE}?region={world.plan.region_code}",
        data={"csrf_token": token_of(client, "/password"), "category": "new", "version": "0", "names": "采购"},
    )
    assert answer.status_code == 302
    assert stored()[0].region_code == world.plan.region_code


def test_the_button_that_deletes_a_list_stands_behind_what_is_lost(app: Flask, world: World) -> None:
    office = client_for(app, world.office)
    save(office, names="一\n二")
    page = visit(office, PAGE)
    button = page.select_one("form[action*='reset'] button")
    behind = button.find_parent("details") if button else None
    assert behind is not None
    assert "“一、二”会被删除" in behind.get_text()
