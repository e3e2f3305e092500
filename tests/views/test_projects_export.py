"""/projects/export.xlsx and /projects/template.xlsx: what goes out comes back unchanged, and what is filled in."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

from flask import Flask
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

from tests.factories import OTHER_COUNTY, World, make_money, make_project, make_task
from tests.views.test_projects_import import SPRING, SUMMER, confirm, counts, nodes, office, project, said, upload
from tests.visit import client_for, counted_queries
from tracker import clock
from tracker.models import NodeList, PlanState, Project, ProjectCategory, db
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.nodes import USUAL_NODES
from tracker.rules.project_rows import MONEY, NODES

__all__ = ["office", "project"]
EXPORT, TEMPLATE = "/projects/export.xlsx", "/projects/template.xlsx"


def sheet(answer: TestResponse, title: str) -> Worksheet:
    """A sheet of a file."""
    assert answer.status_code == 200, answer.text[:500]
    page = load_workbook(BytesIO(answer.data))[title]
    assert isinstance(page, Worksheet)
    return page


def lines(page: Worksheet) -> list[tuple[Any, ...]]:
    """The rows below the heads and the advice."""
    rows = list(page.iter_rows(min_row=2, values_only=True))
    return [row for row in rows if not str(row[0] or "").startswith("说明：")]


def test_an_export_changes_nothing_when_it_comes_back(app: Flask, world: World, project: Project) -> None:
    client = client_for(app, world.office)
    for number, source in enumerate(MoneySource):
        make_money(project, MoneyKind.ALLOCATED, -10_001 * (number + 1), SPRING, source=source, payee="=1+1", note="@x")
    make_project(make_task(world.plan, title="没有节点的项目", key="xg-empty"))
    db.session.commit()
    answer = client.get(EXPORT)
    before, money = nodes(), counts()
    again = upload(client, answer.data)
    assert again.status_code == 200, again.text
    assert "文件内容与现有内容相同，不需要导入" in said(again)
    assert "新增 0，更改 0，不变 3" in said(again)
    assert "已登记过的 10 笔不重复" in said(again)
    assert (nodes(), counts()) == (before, money)


def test_an_export_says_where_when_and_who(app: Flask, world: World, project: Project) -> None:
    make_money(project, MoneyKind.PAID, 50_000, SPRING, invented=True, payee="=1+1")
    make_money(project, MoneyKind.PAID, 70_000, SPRING, withdrawn_at=clock.now(), withdrawn_reason="错")
    db.session.commit()
    answer = client_for(app, world.leader).get(EXPORT)
    page = sheet(answer, NODES)
    assert "兴国县工程项目，截至 " in str(page["A3"].value)
    assert f"导出人：{world.leader.name}；金额单位为万元" in str(page["A3"].value)
    assert page["A4"].value == "说明：节点 3 个，资金 3 笔（不含已撤回的）"
    assert "均为虚构" in str(page["A5"].value)
    assert [row[2] for row in lines(page)] == ["开工", "封顶", "投用"]
    money = sheet(answer, MONEY)
    assert [row[10] for row in lines(money)] == [None, None, "演示数据"]
    assert [row[3] for row in lines(money)] == [3400, -123.4567, 5]
    [cell] = [cell for row in money.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cell.data_type == "s"


def test_everybody_exports_what_they_see(app: Flask, world: World, project: Project) -> None:
    make_project(
        make_task(world.plan, lead=[world.housing], key="xg-h"), nodes=[{"name": "封顶", "planned_on": SUMMER}]
    )
    db.session.commit()
    seen = {who: [row[0] for row in lines(sheet(client_for(app, who).get(EXPORT), NODES))] for who in cast(world)}
    assert set(seen[world.office]) == {"xg-p1", "xg-h"}
    assert set(seen[world.staff]) == {"xg-p1"}
    assert set(seen[world.housing_staff]) == {"xg-h"}
    assert seen[world.stranger] == []
    assert client_for(app, world.administrator).get(EXPORT).status_code == 403
    assert client_for(app, None).get(EXPORT).status_code == 302
    assert client_for(app, world.office).post(EXPORT).status_code == 405


def cast(world: World) -> list[Any]:
    """Some who may export."""
    return [world.office, world.staff, world.housing_staff, world.stranger]


def test_an_export_follows_the_filters_of_the_list(app: Flask, world: World, project: Project) -> None:
    other = make_project(make_task(world.plan, key="xg-up"), category=ProjectCategory.UPGRADE, nodes=[{"name": "开工"}])
    db.session.commit()
    client = client_for(app, world.office)
    rows = lines(sheet(client.get(f"{EXPORT}?category=upgrade&plan=xg"), NODES))
    assert [row[0] for row in rows] == [other.task.key]
    assert client.get(f"{EXPORT}?plan=none").status_code == 400
    assert client.get(f"{TEMPLATE}?region={OTHER_COUNTY}").status_code == 400
    assert client.get(f"{EXPORT}?light=bright").status_code in {200, 400}


def test_the_template_lists_nodes_and_the_usual_list(app: Flask, world: World, project: Project) -> None:
    make_project(make_task(world.plan, title="新项目", key="xg-new"))
    make_project(make_task(world.plan, key="xg-up"), category=ProjectCategory.UPGRADE)
    db.session.add(NodeList(region_code="360732", category=ProjectCategory.UPGRADE, names=["采购", "验收"]))
    closed = make_task(world.plan, key="xg-out", withdrawn_on=clock.today(), state=State.SUSPENDED)
    make_project(closed)
    db.session.commit()
    client = client_for(app, world.office)
    with counted_queries() as asked:
        answer = client.get(TEMPLATE)
    assert len(asked) <= 15
    rows = lines(sheet(answer, NODES))
    by_key = {key: [row[2] for row in rows if row[0] == key] for key in dict.fromkeys(row[0] for row in rows)}
    assert by_key == {"xg-p1": ["开工", "封顶", "投用"], "xg-new": list(USUAL_NODES), "xg-up": ["采购", "验收"]}
    money = lines(sheet(answer, MONEY))
    assert [row[:3] for row in money] == [
        ("xg-p1", "第九中学建设", None),
        ("xg-new", "新项目", None),
        ("xg-up", money[2][1], None),
    ]
    assert "相同，不需要导入" in said(upload(client, answer.data))


def test_a_template_is_filled_in_and_taken_in(app: Flask, world: World) -> None:
    make_project(make_task(world.plan, lead=[world.finance], title="新项目", key="xg-new"))
    db.session.commit()
    staff = client_for(app, world.staff)
    work = load_workbook(BytesIO(staff.get(TEMPLATE).data))
    rows = [row for row in work[NODES].iter_rows(min_row=2) if row[0].value == "xg-new"]
    rows[0][3].value, rows[0][6].value = "2025年12月", date(2026, 1, 5)
    rows[-1][3].value = SUMMER
    money = next(row for row in work[MONEY].iter_rows(min_row=2) if row[0].value == "xg-new")
    money[2].value, money[3].value, money[4].value, money[6].value = "到位", 88.5, SPRING, "县级资金"
    file = BytesIO()
    work.save(file)
    assert confirm(staff, upload(staff, file.getvalue())).status_code == 302
    stored = nodes("xg-new")
    assert [name for name, *_ in stored] == list(USUAL_NODES)
    assert stored[0][1:] == (date(2025, 12, 31), date(2025, 12, 31), None, date(2026, 1, 5))
    assert stored[-1][1] == SUMMER
    assert lines(sheet(staff.get(EXPORT), MONEY))[0][2:7] == ("到位", 88.5, midnight(SPRING), None, "县级资金")


def midnight(day: date) -> datetime:
    """A day as a cell gives it back."""
    return datetime(day.year, day.month, day.day)


def test_a_closed_plan_offers_no_lines_to_fill(app: Flask, world: World, project: Project) -> None:
    world.plan.state = PlanState.CLOSED
    db.session.merge(world.plan)
    db.session.commit()
    client = client_for(app, world.office)
    assert lines(sheet(client.get(TEMPLATE), NODES)) == []
    assert len(lines(sheet(client.get(EXPORT), NODES))) == 3
