"""POST /views and /views/<id>/delete: lists that a person comes back to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World
from tests.visit import client_for, send, visit
from tracker.models import SavedView, db


def views() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(view.name, view.query) for view in db.session.scalars(sa.select(SavedView).order_by(SavedView.id))]


def test_a_view_is_a_link_with_filters_and_columns(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    query = "cols=due,number&light=overdue&page=3&__class__=x&state="
    answer = send(client, "/views", {"name": " 逾期速览 ", "query": query}, "/tasks")
    assert answer.status_code == 302
    assert views() == [("逾期速览", "light=overdue&cols=number%2Cdue")]
    page = visit(client, str(answer.location))
    link = page.find("a", string="逾期速览")
    assert link["aria-current"] == "page"  # type: ignore[index]
    assert visit(client, str(link["href"]))  # type: ignore[index]
    assert "逾期速览" not in visit(client_for(app, world.office2), "/tasks").get_text()


def test_the_same_name_again_takes_the_new_filters(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    for query in ("light=soon", "light=soon", "light=closed"):
        send(client, "/views", {"name": "我的", "query": query}, "/tasks")
    assert views() == [("我的", "light=closed")]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "query": ""},
        {"name": "长" * 41, "query": ""},
        {"name": "x", "query": "light=red"},
        {"name": "x", "query": "q" * 3000},
        {"name": "x", "query": "", "account_id": "1"},
    ],
)
def test_an_unsound_view_is_not_kept(app: Flask, world: World, values: dict[str, str]) -> None:
    assert send(client_for(app, world.office), "/views", values, "/tasks").status_code == 400
    assert views() == []


def test_twenty_views_are_enough(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    db.session.add_all([SavedView(account_id=world.office.id, name=str(n), query="") for n in range(20)])
    db.session.commit()
    answer = send(client, "/views", {"name": "再来", "query": ""}, "/tasks")
    assert answer.status_code == 409
    assert "最多保存20个" in answer.text


def test_only_its_owner_drops_a_view(app: Flask, world: World) -> None:
    view = SavedView(account_id=world.office.id, name="我的", query="q=x")
    db.session.add(view)
    db.session.commit()
    address = f"/views/{view.id}/delete"
    assert send(client_for(app, world.office2), address, {}, "/tasks").status_code == 404
    assert len(views()) == 1
    client = client_for(app, world.office)
    assert client.get(address).status_code == 405
    assert send(client, address, {"x": "1"}, "/tasks").status_code == 400
    assert send(client, address, {}, "/tasks").status_code == 302
    assert views() == []
    assert send(client, address, {}, "/tasks").status_code == 404


def test_a_view_that_no_longer_reads_is_the_whole_ledger(app: Flask, world: World) -> None:
    db.session.add(SavedView(account_id=world.office.id, name="旧", query="light=red"))
    db.session.commit()
    link = visit(client_for(app, world.office), "/tasks").find("a", string="旧")
    assert link["href"] == "/tasks"  # type: ignore[index]
