"""GET /tasks: the ledger."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories import World, make_plan, make_task, make_unit
from tests.visit import client_for, counted_queries, visit
from tracker import clock
from tracker.models import (
    Issue,
    IssueLine,
    PlanState,
    Project,
    ProjectCategory,
    ProjectSchool,
    Report,
    School,
    Situation,
    Task,
    UnitAlias,
    db,
)
from tracker.queries.columns import Column
from tracker.queries.ledger import Filters
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.views.query import PLAIN, filters_from, look_from, query_of


def titles(page: object) -> list[str]:
    return [link.get_text() for link in page.select("td.title-cell a")]  # type: ignore[attr-defined]


def test_the_office_sees_every_task_of_its_county_and_none_of_another(app: Flask, world: World) -> None:
    make_task(make_plan("other", region="640422"), title="别县任务", due_on=date(2099, 1, 1))
    db.session.commit()
    assert sorted(titles(visit(client_for(app, world.office), "/tasks"))) == ["共同责任事项", "校舍建设", "资金拨付"]
    assert titles(visit(client_for(app, world.stranger), "/tasks")) == ["别县任务"]


def test_staff_see_the_tasks_of_their_units_alone(app: Flask, world: World) -> None:
    assert sorted(titles(visit(client_for(app, world.staff), "/tasks"))) == ["共同责任事项", "资金拨付"]


def test_administrators_see_no_business(app: Flask, world: World) -> None:
    assert client_for(app, world.administrator).get("/tasks").status_code == 403
    assert client_for(app, world.security).get("/tasks").status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask, world: World) -> None:
    response = app.test_client().get("/tasks?light=overdue")
    assert response.status_code == 302
    assert response.location == "/sign-in?next=/tasks?light%3Doverdue"


def test_worst_comes_first(app: Flask, world: World) -> None:
    today = clock.today()
    make_task(world.plan, title="逾期久", lead=[world.finance], due_on=today - timedelta(days=40))
    make_task(world.plan, title="逾期新", lead=[world.finance], due_on=today - timedelta(days=2))
    make_task(world.plan, title="临期", lead=[world.finance], due_on=today + timedelta(days=3))
    make_task(world.plan, title="待重定", lead=[world.finance], due_on=date(2020, 1, 1), needs_redate=True)
    make_task(world.plan, title="已销号", state=State.CLOSED, closed_on=today, due_on=today)
    db.session.commit()
    found = titles(visit(client_for(app, world.office), "/tasks"))
    assert found[:4] == ["逾期久", "逾期新", "临期", "待重定"]
    assert found[-1] == "已销号"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("light=overdue", ["逾期"]),
        ("light=overdue&light=soon", ["逾期", "临期"]),
        ("state=closed", ["销号"]),
        ("due=past", ["逾期"]),
        ("due=week", ["临期", "销号"]),
        ("due=none", ["长期"]),
        ("late_for=30", ["逾期"]),
        ("late_for=50", []),
        ("q=临期", ["临期"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=城投公司", ["长期"]),
        ("indicator=none", ["逾期", "临期", "长期", "销号"]),
        ("stale=1", ["逾期", "临期", "长期"]),
        ("in_time=1", ["销号"]),
        ("due_by_now=1", ["逾期", "销号"]),
        ("plan=nowhere", []),
    ],
)
def test_every_filter_keeps_what_it_says(app: Flask, world: World, query: str, expected: list[str]) -> None:
    today = clock.today()
    plan = make_plan("filters")
    make_task(plan, title="逾期", due_on=today - timedelta(days=40))
    make_task(plan, title="临期", due_on=today + timedelta(days=3))
    make_task(plan, title="长期", responsible=[make_unit("城投公司")])
    make_task(plan, title="销号", due_on=today, state=State.CLOSED, submitted_on=today, closed_on=today)
    db.session.commit()
    prefix = "" if "plan=" in query else "plan=filters&"
    page = visit(client_for(app, world.office), f"/tasks?{prefix}{query}")
    assert sorted(titles(page)) == sorted(expected)


CHOSEN: dict[str, list[str]] = {
    "plan": ["xg"],
    "active": ["1"],
    "region": ["360732"],
    "unit": ["7000"],
    "lead": ["7001"],
    "light": ["overdue", "soon"],
    "state": ["not_started", "in_progress"],
    "kind": ["measure"],
    "category": ["new"],
    "due": ["week"],
    "indicator": ["X9"],
    "item": ["7002"],
    "school": ["7003"],
    "q": ["资金"],
    "late_for": ["30"],
    "stale": ["1"],
    "changed": ["overdue"],
    "due_by_now": ["1"],
    "in_time": ["1"],
    "moved": ["1"],
    "waiting": ["1"],
    "waits_for": ["7004"],
}


def sent_by(page: BeautifulSoup) -> MultiDict[str, str]:
    """What a browser sends for the form of filters as it stands."""
    sent: MultiDict[str, str] = MultiDict()
    for each in page.select("form.filters input[name]"):
        sent.add(str(each["name"]), str(each.get("value", "")))
    for each in page.select("form.filters select"):
        chosen = each.select_one("option[selected]")
        sent.add(str(each["name"]), str(chosen["value"]) if chosen else "")
    return sent


def test_there_is_a_case_for_every_filter() -> None:
    assert set(CHOSEN) == {field.name for field in fields(Filters)}


@pytest.mark.parametrize("name", list(CHOSEN))
def test_a_filter_outlives_the_choice_of_another(app: Flask, world: World, name: str) -> None:
    query = urlencode({name: CHOSEN[name]}, doseq=True)
    sent = sent_by(visit(client_for(app, world.office), f"/tasks?{query}"))
    other = "due" if name != "due" else "q"
    sent[other] = {"due": "month", "q": "校舍"}[other]
    found = filters_from(sent)
    assert query_of(found) == {name: CHOSEN[name], other: [sent[other]]}


@pytest.mark.parametrize("name", ["light", "state"])
def test_one_light_or_state_may_be_exchanged_for_another(app: Flask, world: World, name: str) -> None:
    page = visit(client_for(app, world.office), f"/tasks?{name}={CHOSEN[name][0]}")
    sent = sent_by(page)
    sent[name] = CHOSEN[name][1]
    assert query_of(filters_from(sent)) == {name: [CHOSEN[name][1]]}


def test_units_and_leads_filter_apart(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert sorted(titles(visit(client, f"/tasks?unit={world.education.id}"))) == ["资金拨付"]
    assert titles(visit(client, f"/tasks?lead={world.education.id}")) == []
    assert sorted(titles(visit(client, f"/tasks?lead={world.housing.id}"))) == ["共同责任事项", "校舍建设"]


def test_schools_and_categories_filter_projects(app: Flask, world: World) -> None:
    school = School(region_code=world.plan.region_code, name="第八中学")
    db.session.add(
        Project(task=world.task, category=ProjectCategory.NEW, schools=[ProjectSchool(school=school, position=1)])
    )
    db.session.commit()
    client = client_for(app, world.office)
    assert titles(visit(client, f"/tasks?school={school.id}")) == ["资金拨付"]
    assert titles(visit(client, "/tasks?category=new")) == ["资金拨付"]
    assert titles(visit(client, "/tasks?q=第八中")) == ["资金拨付"]


def test_changed_compares_with_the_last_frozen_week(app: Flask, world: World) -> None:
    late = make_task(world.plan, title="新逾期", due_on=clock.today() - timedelta(days=1))
    issue = Issue(
        region_code=world.plan.region_code, number=1, week_on=date(2026, 1, 5), cut_off_at=clock.now(), sentence=""
    )
    issue.lines = [
        IssueLine(
            task_id=late.id,
            task_key=late.key,
            plan_code="xg",
            title=late.title,
            units=[],
            light=Light.SOON,
            state=late.state,
            due_on=late.due_on,
            days_late=0,
            fallen_due=False,
            in_time=False,
        )
    ]
    db.session.add(issue)
    db.session.commit()
    client = client_for(app, world.office)
    assert titles(visit(client, "/tasks?changed=overdue")) == ["新逾期"]
    assert titles(visit(client, "/tasks?changed=closed")) == []


@pytest.mark.parametrize(
    "query",
    [
        "light=red",
        "state=1",
        "due=x",
        "unit=abc",
        "unit=99999999999",
        "school=-1",
        "kind=__class__",
        "region=36'--",
        "item=٣",
    ],
)
def test_odd_values_are_a_clear_400(app: Flask, world: World, query: str) -> None:
    visit(client_for(app, world.office), f"/tasks?{query}", status=400)


def test_pages_are_real_and_the_questions_do_not_grow(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    with counted_queries() as few:
        client.get("/tasks")
    for _ in range(60):
        make_task(world.plan, lead=[world.finance], cooperating=[world.housing], due_on=date(2099, 1, 1))
    db.session.commit()
    with counted_queries() as many:
        page = visit(client, "/tasks")
    assert len(titles(page)) == 50
    assert "第 1 / 2 页" in page.get_text()
    assert len(many) == len(few)
    assert len(titles(visit(client, "/tasks?page=2"))) == 13
    assert len(titles(visit(client, "/tasks?page=999"))) == 13


def test_the_text_of_a_foreign_unit_cannot_be_found(app: Flask, world: World) -> None:
    assert titles(visit(client_for(app, world.staff), "/tasks?q=校舍")) == []


def heads(page: BeautifulSoup) -> list[str]:
    return [head.get_text(strip=True) for head in page.select("thead th") if head.get_text(strip=True) != "选择"]


def say(task: Task, text: str, account_id: int, **differences: object) -> Report:
    report = Report(
        task_id=task.id,
        account_id=account_id,
        situation=Situation.ON_PLAN,
        text=text,
        at=clock.now(),
        light_before=Light.NORMAL,
        light_after=Light.NORMAL,
        once=f"once-{text[:20]}",
        **differences,
    )
    db.session.add(report)
    db.session.commit()
    return report


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("拨", ["资金拨付"]),
        ("资金 拨付", ["资金拨付"]),
        ("拨付 校舍", []),
        ("财政 共同", ["共同责任事项"]),
        ("市财", ["资金拨付", "共同责任事项"]),
        ("ＧＢ５０", ["校舍建设"]),
        ("gb50", ["校舍建设"]),
        ("Gb５0", ["校舍建设"]),
        ("封顶", ["资金拨付"]),
        ("㎡", ["资金拨付"]),
        ("M2", ["资金拨付"]),
        ("收回", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", []),
        ("　拨付　", ["资金拨付"]),
    ],
)
def test_a_search_finds_substrings_of_any_length_width_and_case(
    app: Flask, world: World, query: str, found: list[str]
) -> None:
    world.finance.aliases.append(UnitAlias(region_code=world.finance.region_code, alias="市财政"))
    world.housing_task.requirement = "按ＧＢ50099设计"
    say(world.task, "主体封顶，完成１２００m2", world.staff.id)
    say(world.task, "误报，收回", world.staff.id, withdrawn_at=clock.now())
    page = visit(client_for(app, world.office), "/tasks?" + urlencode({"q": query}))
    assert sorted(titles(page)) == sorted(found)


def test_a_task_is_found_by_its_key_and_number(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert titles(visit(client, f"/tasks?q={world.task.key.upper()}")) == ["资金拨付"]
    world.task.number = "Ａ-７７"
    db.session.commit()
    assert titles(visit(client, "/tasks?q=a-77")) == ["资金拨付"]


def test_a_hit_in_a_report_is_shown_with_what_surrounds_it_and_escaped(app: Flask, world: World) -> None:
    say(world.task, "<b>砌体</b>完成七成", world.staff.id)
    page = visit(client_for(app, world.office), "/tasks?q=砌体")
    assert page.select_one("td.title-cell mark").get_text() == "砌体"  # type: ignore[union-attr]
    assert "<b>砌体</b>完成七成" in page.select_one("td.title-cell").get_text()  # type: ignore[union-attr]


def test_the_words_of_other_units_give_no_hit_and_change_no_count(app: Flask, world: World) -> None:
    say(world.housing_task, "金丝雀五九", world.housing_staff.id)
    client = client_for(app, world.staff)
    page = visit(client, "/tasks?q=金丝雀五九")
    assert titles(page) == []
    assert "共 0 项" in page.get_text()
    # Who sees a task reads every report on it, whichever unit speaks.
    say(world.shared_task, "金丝雀五九", world.housing_staff.id)
    assert titles(visit(client, "/tasks?q=金丝雀五九")) == ["共同责任事项"]


def test_columns_are_chosen_in_the_address_and_survive_filters_and_paging(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert heads(visit(client, "/tasks")) == ["编号", "任务", "牵头／责任", "时限", "灯", "状态", "最近更新"]
    page = visit(client, "/tasks?cols=requirement,number,__class__&light=not_due")
    assert heads(page) == ["编号", "任务", "措施原文"]
    assert world.task.requirement in page.get_text()
    assert look_from(sent_by(page)).columns == ("number", "requirement")
    for link in page.select("nav.presets a"):
        assert "cols=" in str(link["href"])
    assert heads(visit(client, "/tasks?cols=light&cols=due")) == ["任务", "时限", "灯"]
    assert look_from(MultiDict({"cols": "nothing"})) == PLAIN


def test_every_column_can_be_shown_at_once(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.office), "/tasks?cols=" + ",".join(each.value for each in Column))
    assert len(heads(page)) == len(Column) + 1
    assert "教科体局" in page.get_text()


def frozen(world: World, *lines: tuple[Task, dict[str, object]], number: int = 1) -> Issue:
    """An issue of the county with these tasks as they stand now but for the differences."""
    issue = Issue(
        region_code=world.plan.region_code,
        number=number,
        week_on=date(2026, 1, 5) + timedelta(days=7 * number),
        cut_off_at=clock.now(),
        sentence="",
    )
    for task, differences in lines:
        values: dict[str, object] = {
            "light": task.light(clock.today()),
            "state": task.state,
            "due_on": task.due_on,
            "units": task.unit_names,
        }
        issue.lines.append(
            IssueLine(
                task_id=task.id,
                task_key=task.key,
                plan_code="xg",
                title=task.title,
                days_late=0,
                **(values | differences),
            )
        )
    db.session.add(issue)
    db.session.commit()
    return issue


def marks(page: BeautifulSoup) -> dict[str, str]:
    return {
        str(row.select_one("a.two-lines").get_text()): str(mark.get_text())  # type: ignore[union-attr]
        for row in page.select("tbody tr")
        if (mark := row.select_one("[class^=mark-]"))
    }


def test_last_week_stands_struck_through_beside_this_one(app: Flask, world: World) -> None:
    frozen(
        world,
        (world.task, {"due_on": date(2098, 1, 31)}),
        (world.housing_task, {"light": Light.SOON, "units": ["旧住建局"], "state": State.IN_PROGRESS}),
    )
    page = visit(client_for(app, world.office), "/tasks?compare=1")
    assert "与第1期比较" in page.get_text()
    assert marks(page) == {"资金拨付": "～变化", "校舍建设": "～变化", "共同责任事项": "＋新增"}
    struck = [each.get_text() for each in page.select("td del")]
    assert sorted(struck) == sorted(["2098年1月31日", "旧住建局", "临期／落后", "推进中"])
    assert "～变化 2 项" in " ".join(page.get_text().split())


def test_what_left_the_list_follows_after_its_last_row(app: Flask, world: World) -> None:
    frozen(world, (world.task, {"light": Light.OVERDUE}), (world.housing_task, {}), (world.shared_task, {}))
    page = visit(client_for(app, world.office), "/tasks?light=overdue&compare=1")
    assert marks(page) == {"资金拨付": "－移出"}
    assert "－移出 1 项" in " ".join(page.get_text().split())
    assert "共 0 项" in page.get_text()
    page = visit(client_for(app, world.office), "/tasks?light=not_due&compare=1")
    assert marks(page) == {"资金拨付": "＋新增"}


def test_a_comparison_without_an_issue_says_so(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.office), "/tasks?compare=1")
    assert "还没有固化的周览" in page.get_text()
    assert marks(page) == {}


def test_the_newest_issue_counts_and_drafts_have_no_marks(app: Flask, world: World) -> None:
    frozen(world, (world.task, {"light": Light.OVERDUE}))
    frozen(world, (world.task, {}), (world.housing_task, {}), (world.shared_task, {}), number=2)
    make_task(make_plan("draft", state=PlanState.DRAFT), title="草稿任务")
    db.session.commit()
    client = client_for(app, world.office)
    page = visit(client, "/tasks?compare=1")
    assert "与第2期比较" in page.get_text()
    assert marks(page) == {}
    assert titles(visit(client, "/tasks?moved=1&compare=1")) == []


def test_moved_lists_what_is_new_or_another_than_last_week(app: Flask, world: World) -> None:
    frozen(world, (world.task, {"state": State.SUBMITTED}), (world.housing_task, {}))
    assert titles(visit(client_for(app, world.office), "/tasks?moved=1")) == ["资金拨付", "共同责任事项"]


def test_a_comparison_asks_no_more_for_more_rows(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    frozen(world, (world.task, {"light": Light.OVERDUE}))
    make_task(world.plan, lead=[world.finance], cooperating=[world.housing], due_on=date(2099, 1, 1))
    with counted_queries() as few:
        client.get("/tasks?compare=1&q=任务&cols=indicators,cooperating,requirement")
    for _ in range(60):
        make_task(world.plan, lead=[world.finance], cooperating=[world.housing], due_on=date(2099, 1, 1))
    db.session.commit()
    with counted_queries() as many:
        visit(client, "/tasks?compare=1&q=任务&cols=indicators,cooperating,requirement")
    assert len(many) == len(few)


def test_what_was_withdrawn_stands_under_suspended_alone(app: Flask, world: World) -> None:
    make_task(world.plan, title="撤销的", state=State.SUSPENDED, withdrawn_on=clock.today())
    make_task(world.plan, title="中止的", state=State.SUSPENDED)
    db.session.commit()
    client = client_for(app, world.office)
    page = visit(client, "/tasks")
    assert "撤销的" not in titles(page)
    assert "中止的" in titles(page)
    assert "共 4 项" in page.get_text()
    for query in ("light=suspended", "state=suspended"):
        page = visit(client, f"/tasks?{query}")
        assert sorted(titles(page)) == ["中止的", "撤销的"]
        assert "已撤销" in page.get_text()


def test_what_is_filtered_is_said_in_words_with_a_way_out_of_each(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.office), f"/tasks?light=overdue&unit={world.finance.id}&stale=1")
    said = [" ".join(chip.get_text().split()) for chip in page.select("a.chip[title]")]
    assert said == ["单位 财政局", "灯 逾期", "两周未更新"]


@pytest.mark.parametrize("name", list(CHOSEN))
def test_every_filter_has_words(app: Flask, world: World, name: str) -> None:
    page = visit(client_for(app, world.office), "/tasks?" + urlencode({name: CHOSEN[name]}, doseq=True))
    assert len(page.select("a.chip[title]")) == 1


def test_only_who_may_act_on_many_gets_boxes_to_tick(app: Flask, world: World) -> None:
    assert visit(client_for(app, world.office), "/tasks").select("input[name=key]")
    for account in (world.staff, world.leader, world.auditor):
        assert not visit(client_for(app, account), "/tasks").select("input[name=key]")
