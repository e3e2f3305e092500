"""/projects/import: a file of nodes and payments is previewed, confirmed as a whole, and again changes nothing."""

from __future__ import annotations

import time
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.documents.test_project_sheet import book, entry, node
from tests.factories import World, make_money, make_project, make_task
from tests.visit import checked, client_for, counted_queries, send, token_of, visit
from tracker import clock
from tracker.actions.record import verified_chain
from tracker.models import (
    Event,
    MoneyEntry,
    NodeMove,
    OutboxMail,
    PlanState,
    Project,
    ProjectNode,
    Task,
    db,
)
from tracker.rules.lifecycle import State
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.project_rows import NODES

PAGE = "/projects/import"
SPRING, SUMMER = date(2026, 3, 1), date(2099, 6, 30)


@pytest.fixture
def project(app: Flask, world: World) -> Project:
    """A project of 财政局: 开工 done, 封顶 and 投用 planned and forecast, and two entries of money."""
    task = make_task(world.plan, lead=[world.finance], title="第九中学建设", due_on=date(2099, 9, 1), key="xg-p1")
    project = make_project(
        task,
        nodes=[
            {"name": "开工", "planned_on": SPRING, "done_on": SPRING},
            {"name": "封顶", "planned_on": SUMMER, "first_planned_on": date(2099, 5, 30)},
            {"name": "投用", "planned_on": date(2099, 8, 1), "expected_on": date(2099, 8, 20)},
        ],
    )
    task.expected_on = date(2099, 8, 20)
    make_money(project, MoneyKind.PLANNED, 34_000_000, for_year=2026, source=MoneySource.BOND)
    make_money(project, MoneyKind.PAID, -1_234_567, SPRING, payee="（甲）公司", note="退回\n  多付的")
    db.session.commit()
    return project


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The office's browser."""
    return client_for(app, world.office)


def upload(client: FlaskClient, content: bytes, name: str = "a.xlsx") -> TestResponse:
    """Choose a file and send it."""
    values = {"csrf_token": token_of(client, PAGE), "file": (BytesIO(content), name)}
    return client.post(PAGE, data=values, content_type="multipart/form-data")


def carried(previewed: TestResponse) -> str:
    """The word of a preview that can be confirmed."""
    rows = checked(previewed).find("input", attrs={"name": "rows"})
    assert rows, previewed.text
    return str(rows["value"])


def confirm(client: FlaskClient, previewed: TestResponse) -> TestResponse:
    """Press the button of the preview."""
    return send(client, f"{PAGE}/confirm", {"rows": carried(previewed)}, token_from=PAGE)


def said(answer: TestResponse) -> str:
    """The words of a page."""
    return checked(answer).get_text(" ", strip=True)


def counts() -> dict[str, int]:
    """How many rows there are."""
    db.session.expire_all()
    return {
        table.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in (ProjectNode, NodeMove, MoneyEntry, Event, OutboxMail)
    }


def nodes(key: str = "xg-p1") -> list[tuple[str, date | None, date | None, date | None, date | None]]:
    """The nodes of a project in their order: name, planned, planned first, expected, done."""
    db.session.expire_all()
    query = sa.select(ProjectNode).join(Task, Task.id == ProjectNode.task_id).where(Task.key == key)
    rows = db.session.scalars(query.order_by(ProjectNode.position))
    return [(each.name, each.planned_on, each.first_planned_on, each.expected_on, each.done_on) for each in rows]


def task_of(key: str = "xg-p1") -> Task:
    """A task by its key, as it stands."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Task).where(Task.key == key)).one()


def test_nodes_and_money_are_previewed_and_taken_in_at_once(office: FlaskClient, project: Project) -> None:
    before = counts()
    moved, expected = date(2099, 7, 15), date(2099, 8, 25)
    content = book(
        [
            node("招标", "xg-p1", planned="2025-12-01", done="2026-01-05"),
            node("开工", "xg-p1"),
            node("封顶", "xg-p1", planned=moved, reason="雨季停工"),
            node("装修", "xg-p1", planned="2099年7月"),
            node("投用", "xg-p1", expected=expected, reason="设备到货晚"),
        ],
        [
            entry("到位", "1.2亿元", SPRING, "xg-p1", source="中央资金"),
            entry("支付", 56.7, SPRING, "xg-p1", payee="乙公司"),
        ],
    )
    previewed = upload(office, content)
    assert previewed.status_code == 200, previewed.text
    words = said(previewed)
    assert "新增 2，更改 2，不变 1" in words
    assert "2099年6月30日" in words
    assert "2099年7月15日" in words
    assert "12,000 万元" in words
    assert counts() == before
    assert confirm(office, previewed).location == PAGE
    assert nodes() == [
        ("招标", date(2025, 12, 1), date(2025, 12, 1), None, date(2026, 1, 5)),
        ("开工", SPRING, SPRING, None, SPRING),
        ("封顶", moved, date(2099, 5, 30), None, None),
        ("装修", date(2099, 7, 31), date(2099, 7, 31), None, None),
        ("投用", date(2099, 8, 1), date(2099, 8, 1), expected, None),
    ]
    [move] = db.session.scalars(sa.select(NodeMove))
    assert (move.old_on, move.new_on, move.reason, move.account_id) == (SUMMER, moved, "雨季停工", 3)
    task = task_of()
    assert (task.node_due_on, task.expected_on, task.state) == (moved, expected, State.IN_PROGRESS)
    new = db.session.scalars(sa.select(MoneyEntry).order_by(MoneyEntry.id.desc()).limit(2)).all()
    assert [(each.amount_yuan, each.source, each.payee) for each in reversed(new)] == [
        (120_000_000, MoneySource.CENTRAL, None),
        (567_000, None, "乙公司"),
    ]
    assert counts()["outbox_mails"] == before["outbox_mails"]


def test_a_file_leaves_one_event_a_task_and_one_of_its_own(office: FlaskClient, project: Project) -> None:
    before = counts()["events"]
    confirm(
        office,
        upload(office, book([node("封顶", "xg-p1", done=SPRING)], [entry(key="xg-p1"), entry(amount=3, key="xg-p1")])),
    )
    assert counts()["events"] == before + 2
    of_task, of_file = db.session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(2)).all()[::-1]
    assert (of_task.act, of_task.object_type, of_task.object_id) == ("import_project_rows", "task", "xg-p1")
    assert of_task.after is not None
    assert of_task.after["nodes"] == [f"封顶 计划 {SUMMER} 完成 {SPRING}"]
    assert len(of_task.after["entries"]) == 2
    assert "支付 12.5 万元 2026-03-01" in of_task.after["entries"][0]
    assert of_file.after is not None
    assert (of_file.act, of_file.object_type, of_file.object_id) == (
        "import_projects",
        "file",
        of_file.after["hash"][:40],
    )
    assert verified_chain().broken is None
    timeline = visit(office, "/tasks/xg-p1").get_text(" ", strip=True)
    assert f"从 Excel 导入：1 个节点（封顶 计划 {SUMMER} 完成 {SPRING}）、2 笔资金（#" in timeline


def test_the_same_file_twice_adds_nothing(office: FlaskClient, project: Project) -> None:
    content = book(
        [node("绿化", "xg-p1", planned=SUMMER)], [entry(key="xg-p1"), entry("计划", 9, None, "xg-p1", year=2027)]
    )
    confirm(office, upload(office, content))
    before = counts()
    again = said(upload(office, content))
    assert "文件内容与现有内容相同" in again
    assert "已登记过的 2 笔不重复" in again
    assert counts() == before


def test_a_confirmation_sent_twice_adds_nothing(office: FlaskClient, project: Project) -> None:
    previewed = upload(office, book(money=[entry(key="xg-p1")]))
    assert confirm(office, previewed).status_code == 302
    before = counts()
    answer = confirm(office, previewed)
    assert answer.status_code == 302
    assert "该文件已导入" in said(office.get(answer.location))
    assert counts() == before


def test_what_was_withdrawn_is_not_entered_again(office: FlaskClient, project: Project) -> None:
    make_money(project, MoneyKind.PAID, 125_000, SPRING, withdrawn_at=clock.now(), withdrawn_reason="重复")
    db.session.commit()
    words = said(upload(office, book(money=[entry(key="xg-p1")])))
    assert "与已撤回的记录相同的 1 笔不再登记" in words
    assert "文件内容与现有内容相同" in words


def test_an_entry_is_known_by_its_number_and_never_changed(office: FlaskClient, project: Project) -> None:
    first = db.session.scalars(sa.select(MoneyEntry).order_by(MoneyEntry.id)).first()
    assert first
    same = {"key": "xg-p1", "year": 2026, "source": "专项债券", "number": first.id}
    assert "相同，不需要导入" in said(upload(office, book(money=[entry("计划", 3400, None, **same)])))
    changed = upload(office, book(money=[entry("计划", 3500, None, **same)]))
    assert changed.status_code == 400
    assert "资金 第 2 行 J 列（记录编号）" in said(changed)
    assert "登记后不能更改" in said(changed)
    unknown = upload(office, book(money=[entry("计划", 3500, None, **same | {"number": 999_999})]))
    assert "没有这个编号的记录" in said(unknown)


def test_a_number_of_another_project_is_told_like_one_that_is_none(
    office: FlaskClient, project: Project, world: World
) -> None:
    other = make_project(make_task(world.plan, lead=[world.housing], key="xg-p2"))
    number = make_money(other, MoneyKind.PAID, 125_000, SPRING).id
    db.session.commit()
    answer = upload(office, book(money=[entry(key="xg-p1", number=number)]))
    assert answer.status_code == 400
    assert "没有这个编号的记录" in said(answer)


def test_rows_that_are_left_out_take_nothing_away(office: FlaskClient, project: Project) -> None:
    before = nodes()
    confirm(office, upload(office, book([node("封顶", "xg-p1", expected=SUMMER)])))
    assert [name for name, *_ in nodes()] == [name for name, *_ in before]
    assert counts()["money_entries"] == 2


def test_a_new_node_without_neighbours_in_the_file_goes_where_its_day_puts_it(
    office: FlaskClient, project: Project
) -> None:
    confirm(office, upload(office, book([node("装修", "xg-p1", planned=date(2099, 7, 10))])))
    assert [name for name, *_ in nodes()] == ["开工", "封顶", "装修", "投用"]
    confirm(office, upload(office, book([node("移交", "xg-p1", expected=date(2099, 9, 1))])))
    assert [name for name, *_ in nodes()] == ["开工", "封顶", "装修", "投用", "移交"]
    # The last node is when the project can be used: what is expected of it and of the task is one day.
    assert task_of().expected_on == date(2099, 9, 1)


def test_a_forecast_is_taken_back_with_a_word(office: FlaskClient, project: Project) -> None:
    confirm(office, upload(office, book([node("投用", "xg-p1", expected="无")])))
    assert nodes()[-1][3] is None
    assert task_of().expected_on is None


def test_empty_lines_of_a_project_without_nodes_plan_nothing(office: FlaskClient, world: World) -> None:
    make_project(make_task(world.plan, key="xg-p3"))
    db.session.commit()
    words = said(upload(office, book([node("立项", "xg-p3"), node("投用", "xg-p3")])))
    assert "没有日期的 2 行不新增" in words
    assert "相同，不需要导入" in words
    confirm(office, upload(office, book([node("立项", "xg-p3", planned=SUMMER), node("投用", "xg-p3")])))
    assert [(name, planned) for name, planned, *_ in nodes("xg-p3")] == [("立项", SUMMER), ("投用", None)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (node("封顶", "xg-p1", planned=date(2099, 7, 1)), "节点 第 2 行 H 列（调整原因）：没有填写"),
        (node("封顶", "xg-p1", planned="无"), "节点 第 2 行 D 列（计划日期）：已定的计划日期不能清除"),
        (node("开工", "xg-p1", planned=SUMMER, reason="x"), "节点 第 2 行 D 列（计划日期）“2099-06-30”：该节点已完成"),
        (node("开工", "xg-p1", done="2026-02-01"), "节点 第 2 行 G 列（完成日期）“2026-02-01”：与已登记的完成日期不同"),
        (node("开工", "xg-p1", done="无"), "节点 第 2 行 G 列（完成日期）：该节点已登记完成"),
        (node("封顶", "xg-p1", expected="2026-01-01"), "节点 第 2 行 F 列（预计日期）“2026-01-01”：早于今天"),
        (node("封顶", "xg-p1", expected=date(2099, 7, 1)), "节点 第 2 行 H 列（调整原因）：没有填写；预计晚于"),
        (node("封顶", "xg-none", planned=SUMMER), "节点 第 2 行 A 列（任务编号）“xg-none”：没有这个编号"),
        (node("封顶", "xg-p1", planned=SUMMER, title="第八中学"), "节点 第 2 行 B 列（项目名称）“第八中学”：与该编号"),
        (node("封顶", "xg-p1", planned="三月底"), "节点 第 2 行 D 列（计划日期）“三月底”：不是日期"),
    ],
)
def test_a_fault_is_named_by_its_cell_and_nothing_is_written(
    office: FlaskClient, project: Project, row: dict[str, Any], fault: str
) -> None:
    before = counts()
    answer = upload(office, book([row], [entry(key="xg-p1")]))
    assert answer.status_code == 400
    assert fault in said(answer)
    assert "有 1 处需要修改，没有导入任何内容" in said(answer)
    assert not checked(answer).find("input", attrs={"name": "rows"})
    assert counts() == before


def test_all_faults_are_told_at_once(office: FlaskClient, project: Project) -> None:
    rows = [node("封顶", f"no-{number}", planned=SUMMER) for number in range(250)]
    words = said(upload(office, book(rows, [entry("借款", key="xg-p1")])))
    assert "有 251 处需要修改" in words
    assert "只列出前 200 项" in words


def test_a_suspended_project_keeps_its_nodes_but_its_money_moves(office: FlaskClient, project: Project) -> None:
    task = task_of()
    task.state = State.SUSPENDED
    task.keep_light_dates()
    db.session.commit()
    assert "该项目已中止" in said(upload(office, book([node("封顶", "xg-p1", done=SPRING)])))
    assert confirm(office, upload(office, book(money=[entry(key="xg-p1")]))).status_code == 302


def test_a_closed_task_keeps_its_nodes(office: FlaskClient, project: Project) -> None:
    task = task_of()
    task.state, task.closed_on = State.CLOSED, clock.today()
    task.keep_light_dates()
    db.session.commit()
    assert "该任务已销号，节点不能再更改" in said(upload(office, book([node("封顶", "xg-p1", done=SPRING)])))


def test_a_closed_plan_is_read_only(office: FlaskClient, project: Project) -> None:
    task_of().plan.state = PlanState.CLOSED
    db.session.commit()
    assert "所属计划已结束" in said(upload(office, book(money=[entry(key="xg-p1")])))


def test_what_somebody_changed_meanwhile_is_not_overwritten(office: FlaskClient, project: Project) -> None:
    previewed = upload(office, book([node("封顶", "xg-p1", planned=date(2099, 7, 1), reason="雨季")]))
    db.session.execute(sa.update(ProjectNode).where(ProjectNode.name == "封顶").values(planned_on=date(2099, 7, 20)))
    db.session.commit()
    before = counts()
    answer = confirm(office, previewed)
    assert answer.status_code == 409
    assert "核对时为 2099-06-30，现在是 2099-07-20" in said(answer)
    assert counts() == before
    # The page shows the file anew: confirmed once more it answers what stands now.
    rows = checked(answer).find("input", attrs={"name": "rows"})
    assert rows
    assert send(office, f"{PAGE}/confirm", {"rows": rows["value"]}, token_from=PAGE).status_code == 302
    assert nodes()[1][1] == date(2099, 7, 1)


def test_a_node_that_was_done_meanwhile_is_a_fault_of_the_file(office: FlaskClient, project: Project) -> None:
    previewed = upload(office, book([node("封顶", "xg-p1", done=SPRING)]))
    db.session.execute(sa.update(ProjectNode).where(ProjectNode.name == "封顶").values(done_on=date(2026, 2, 1)))
    db.session.commit()
    answer = confirm(office, previewed)
    assert answer.status_code == 409
    assert "与已登记的完成日期不同" in said(answer)


def test_a_rule_that_refuses_the_file_is_told_with_its_task(
    office: FlaskClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewed = upload(office, book(money=[entry(on=clock.today(), key="xg-p1")]))
    before = counts()
    # The clock of the machine was ahead and is set right.
    monkeypatch.setenv("TRACKER_FAKE_NOW", (clock.now() - timedelta(days=1)).isoformat())
    answer = confirm(office, previewed)
    assert answer.status_code == 409
    words = said(answer)
    assert "没有导入任何内容" in words
    assert "第九中学建设：到位和支付的日期不能晚于今天。" in words
    assert "已被他人更改" not in words
    monkeypatch.undo()
    assert counts() == before


def test_an_entry_that_came_meanwhile_is_not_added_twice(office: FlaskClient, project: Project) -> None:
    previewed = upload(office, book(money=[entry(key="xg-p1"), entry(amount=7, key="xg-p1")]))
    make_money(project, MoneyKind.PAID, 125_000, SPRING)
    db.session.commit()
    answer = confirm(office, previewed)
    assert answer.status_code == 409
    assert "资金 第 2 行 xg-p1：刚由他人登记或撤回" in said(answer)
    assert counts()["money_entries"] == 3


def test_staff_import_only_projects_of_their_unit(app: Flask, world: World, project: Project) -> None:
    make_project(make_task(world.plan, lead=[world.housing], title="别人的项目", key="xg-p4"))
    db.session.commit()
    staff = client_for(app, world.staff)
    answer = upload(staff, book([node("开工", "xg-p4", planned=SUMMER)], [entry(key="xg-p4"), entry(key="nowhere")]))
    assert answer.status_code == 400
    words = said(answer)
    assert words.count("没有这个编号的工程项目，或您无权查看") == 3
    assert "别人的项目" not in words
    assert confirm(staff, upload(staff, book(money=[entry(key="xg-p1")]))).status_code == 302


def test_an_office_elsewhere_changes_nothing_here(app: Flask, world: World, project: Project) -> None:
    answer = upload(client_for(app, world.stranger), book(money=[entry(key="xg-p1")]))
    assert answer.status_code == 400
    assert "没有这个编号的工程项目" in said(answer)


def test_who_keeps_no_project_is_refused(app: Flask, world: World, project: Project) -> None:
    for who in (world.leader, world.auditor, world.administrator):
        client = client_for(app, who)
        visit(client, PAGE, status=403)
        assert client.get("/projects/template.xlsx").status_code == 403
    assert client_for(app, world.office).get(f"{PAGE}/confirm").status_code == 405
    assert client_for(app, None).get(PAGE).status_code == 302
    assert PAGE not in visit(client_for(app, world.leader), "/projects").decode()
    assert PAGE in visit(client_for(app, world.staff), "/projects").decode()


def test_what_a_form_carries_must_be_ours(app: Flask, world: World, project: Project) -> None:
    office = client_for(app, world.office)
    assert send(office, f"{PAGE}/confirm", {"rows": "x.y.z"}, token_from=PAGE).status_code == 400
    assert send(office, f"{PAGE}/confirm", {}, token_from=PAGE).status_code == 400
    rows = carried(upload(office, book(money=[entry(key="xg-p1")])))
    other = client_for(app, world.office2)
    assert send(other, f"{PAGE}/confirm", {"rows": rows}, token_from=PAGE).status_code == 400
    assert send(office, f"{PAGE}/confirm", {"rows": rows, "x": "1"}, token_from=PAGE).status_code == 400


def test_a_file_that_cannot_be_opened_is_told_why(office: FlaskClient, project: Project) -> None:
    assert "模板" in said(upload(office, b"x", "a.txt"))
    assert ".xlsx" in said(upload(office, book([]), "a.xlsm"))
    assert "没有名为“节点”或“资金”的工作表" in said(upload(office, renamed(book([]))))
    assert office.post(PAGE, data={"csrf_token": token_of(office, PAGE)}).status_code == 400


def renamed(content: bytes) -> bytes:
    """A file whose sheet is called otherwise."""
    work = load_workbook(BytesIO(content))
    work[NODES].title = "表一"
    file = BytesIO()
    work.save(file)
    return file.getvalue()


def test_three_thousand_rows_take_seconds(office: FlaskClient, world: World) -> None:
    keys = []
    for number in range(150):
        task = make_task(world.plan, lead=[world.finance], key=f"xg-m{number}")
        make_project(task, nodes=[{"name": f"节点{place}", "planned_on": SUMMER} for place in range(4)])
        keys.append(task.key)
    db.session.commit()
    day = clock.today() - timedelta(days=1)
    rows = [node(f"节点{place}", key, done=day) for key in keys for place in range(8)]
    money = [entry("支付", place + 1, day, key, payee="甲公司") for key in keys for place in range(12)]
    content = book(rows, money)
    began = time.monotonic()
    with counted_queries() as asked:
        previewed = upload(office, content)
    assert previewed.status_code == 200
    assert len(asked) <= 40
    assert confirm(office, previewed).status_code == 302
    assert time.monotonic() - began < 20
    assert counts()["money_entries"] == 1800
