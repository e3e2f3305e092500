"""/frameworks and what an office does there: copy, adjust, add, remove, choose for a plan."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task
from tests.visit import checked, client_for, send, visit
from tracker import clock
from tracker.actions.frameworks import FrameworkElsewhere, choose_framework
from tracker.actions.record import Actor
from tracker.models import Event, Framework, Indicator, Plan, PlanState, Region, Task, db
from tracker.queries.standards import framework_by_code, framework_for, standard_of
from tracker.rules.permissions import Role
from tracker.rules.standards import Sense, Standard, Weighting

COPY = f"/frameworks/{COUNTY}-1"


def copied(app: Flask, world: World, origin: str = "national", name: str = "本县调整") -> FlaskClient:
    """The browser of an office that has copied a framework."""
    client = client_for(app, world.office)
    answer = send(client, f"/frameworks/{origin}/copy", {"name": name}, f"/frameworks/{origin}")
    assert answer.status_code == 302, answer.text[:2000]
    return client


def standard(code: str = f"{COUNTY}-1") -> Standard:
    """What a framework asks now."""
    db.session.expire_all()
    found = framework_by_code(code)
    assert found
    return standard_of(found)


def typed(client: FlaskClient, address: str) -> dict[str, Any]:
    """What the first form of a page would send as it stands."""
    page = visit(client, address)
    form = page.select_one("main form.card")
    assert form
    return values_of(form)


def values_of(form: Any) -> dict[str, Any]:
    """The values of a form."""
    values: dict[str, Any] = {}
    for each in form.select("input, select, textarea"):
        if each.get("type") == "checkbox":
            if each.has_attr("checked"):
                values[each["name"]] = each.get("value", "y")
        elif each.name == "select":
            chosen = each.select_one("option[selected]") or each.select_one("option")
            values[each["name"]] = chosen["value"] if chosen else ""
        elif each.name == "textarea":
            values[each["name"]] = each.text.strip()
        else:
            values[each["name"]] = each.get("value", "")
    return values


def change(client: FlaskClient, address: str, **differences: Any) -> Any:
    """Send the form of a page with some fields changed."""
    return client.post(address, data=typed(client, address) | differences)


def problem(answer: Any) -> str:
    """What a refused form says."""
    page = checked(answer)
    return " ".join(each.get_text(" ", strip=True) for each in page.select(".notice.bad, .error-text"))


def test_everybody_in_the_county_reads_the_frameworks(app: Flask, world: World) -> None:
    for account in (world.office, world.leader, world.auditor, world.staff):
        client = client_for(app, account)
        assert visit(client, "/frameworks").select("a[href='/frameworks/national']")
        page = visit(client, "/frameworks/national")
        assert "每个学校单元 7 项中至少 6 项达标" in page.get_text()
        assert ("复制标准" in page.get_text()) is (account is world.office)
        assert "与国家标准不同之处" not in page.get_text()
    for account in (world.administrator, world.security):
        visit(client_for(app, account), "/frameworks", status=403)
    assert app.test_client().get("/frameworks").status_code == 302


def test_a_plans_list_says_in_words_what_is_not_national(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.LEADER, region="653023"))
    page = visit(client, "/frameworks/akqi-2022")
    said = " ".join(page.select_one("#differences").get_text(" ").split())  # type: ignore[union-attr]
    assert "教师培训经费 ÷ 教师工资总额" in said
    assert "1.5%" in said
    assert "没有列入的国家指标： G7" in said
    visit(client_for(plans_app, make_account(Role.LEADER, region=OTHER_COUNTY)), "/frameworks/akqi-2022", status=404)


def test_a_copy_asks_what_its_origin_asks(plans_app: Flask) -> None:
    office = make_account(Role.PLAN_OFFICE, region=COUNTY)
    client = client_for(plans_app, office)
    assert (
        send(client, "/frameworks/xingguo-2023/copy", {"name": "副本"}, "/frameworks/xingguo-2023").status_code == 302
    )
    mine, origin = standard(), standard("xingguo-2023")
    assert mine.items == origin.items
    assert mine.vetoes == origin.vetoes
    assert (mine.unit, mine.weights, mine.pass_points) == (origin.unit, origin.weights, origin.pass_points)
    event = db.session.scalars(sa.select(Event).where(Event.act == "copy_framework")).one()
    assert (event.region_code, event.after) == (COUNTY, {"name": "副本", "origin": "xingguo-2023"})


@pytest.mark.parametrize("address", ["/frameworks", "/frameworks/national/copy"])
def test_a_form_that_is_sent_twice_makes_one_framework(app: Flask, world: World, address: str) -> None:
    client = client_for(app, world.office)
    page = address.removesuffix("/copy")
    first, second = (send(client, address, {"name": "一份"}, page) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (302, COPY)
    made = sa.select(sa.func.count()).select_from(Framework).where(Framework.region_code == COUNTY)
    assert db.session.scalar(made) == 1
    other = "/frameworks" if address.endswith("copy") else "/frameworks/national/copy"
    refused = send(client, other, {"name": "一份"}, other.removesuffix("/copy"))
    assert refused.status_code == 400
    assert "请换一个名称" in refused.text
    assert db.session.scalar(made) == 1


def test_every_item_of_a_copy_opens_and_saves_unchanged(app: Flask, world: World) -> None:
    client = copied(app, world)
    before = standard()
    for item in before.items:
        answer = change(client, f"{COPY}/items/{item.code}")
        assert answer.status_code == 302, f"{item.code}: {problem(answer)}"
    after = standard()
    assert [each.conditions for each in after.items] == [each.conditions for each in before.items]
    assert change(client, f"{COPY}/edit").status_code == 302
    assert standard().unit == before.unit


def test_thresholds_limits_and_relaxations_are_adjusted(app: Flask, world: World) -> None:
    client = copied(app, world)
    answer = change(client, f"{COPY}/items/R1", **{"bound-R1-primary": "4.5", "spread-R1-junior": "0.4"})
    assert answer.status_code == 302, problem(answer)
    changed = standard().conditions["R1"]
    assert str(changed.bounds["primary"]) == "4.5"
    assert str(changed.spread["junior"]) == "0.4"
    assert changed.bounds["junior"] == standard("national").conditions["R1"].bounds["junior"]
    four = next(each for each in standard().items if each.code == "G4").conditions[0]
    assert four.relaxation is None
    eased = {f"relaxed-{four.code}-on": "y", f"relaxed-{four.code}-opened_before": "2018-09-01"}
    assert change(client, f"{COPY}/items/G4", **eased).status_code == 302
    relaxed = standard().conditions[four.code].relaxation
    assert relaxed
    assert relaxed.on
    assert (str(relaxed.share), str(relaxed.opened_before)) == ("1.2", "2018-09-01")
    said = visit(client, COPY).select_one("#differences")
    assert said
    assert "小学 不低于 4.5" in " ".join(said.get_text(" ").split())
    event = db.session.scalars(sa.select(Event).where(Event.act == "change_framework_item")).first()
    assert event
    assert event.before != event.after


def test_the_terms_are_adjusted(app: Flask, world: World) -> None:
    client = copied(app, world)
    answer = change(
        client,
        f"{COPY}/edit",
        needed="5",
        floor="80",
        weighting="none",
        junior="1.2",
        pass_points="85",
        vetoes="甲\n乙\n甲",
    )
    assert answer.status_code == 302, problem(answer)
    now = standard()
    assert (now.unit.needed, str(now.unit.floor), now.weighting) == (5, "0.8", Weighting.NONE)
    assert str(now.weights["junior"]) == "1.2"
    assert str(now.pass_points) == "85"
    assert [each.title for each in now.vetoes] == ["甲", "乙"]
    assert change(client, f"{COPY}/edit", vetoes="乙\n丙").status_code == 302
    kept = {each.title: each.figure for each in standard().vetoes}
    assert kept["乙"] == now.vetoes[1].figure
    assert kept["丙"] not in {each.figure for each in now.vetoes}


def test_a_new_veto_never_takes_the_answer_to_an_old_one(app: Flask, world: World) -> None:
    client = copied(app, world)
    assert change(client, f"{COPY}/edit", vetoes="甲\n乙").status_code == 302
    answered = standard().vetoes[1].figure
    said = {"region": COUNTY, "yes": "yes", "on": "2026-01-05", "source": "县委办", "standing": "reported"}
    address = f"/county-values/{answered}?framework={COUNTY}-1"
    assert send(client, address, values_of(visit(client, address).select_one("#say form")) | said).status_code == 302
    assert change(client, f"{COPY}/edit", vetoes="甲\n丙").status_code == 302
    assert standard().vetoes[1].figure != answered
    assert change(client, f"{COPY}/edit", vetoes="").status_code == 302
    assert change(client, f"{COPY}/edit", vetoes="丁").status_code == 302
    assert standard().vetoes[0].figure > answered


def test_a_new_framework_never_takes_the_answers_to_a_deleted_one(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert send(client, "/frameworks", {"name": "甲"}, "/frameworks").status_code == 302
    version = {"version": typed(client, f"{COPY}/edit")["version"]}
    assert send(client, f"{COPY}/delete", version, f"{COPY}/edit").status_code == 302
    assert send(client, "/frameworks", {"name": "乙"}, "/frameworks").location == f"/frameworks/{COUNTY}-2"


def test_weights_stay_while_a_condition_is_divided_by_them(app: Flask, world: World) -> None:
    client = copied(app, world)
    assert standard().weights
    none = dict.fromkeys(("primary", "junior", "senior", "kindergarten"), "")
    answer = change(client, f"{COPY}/edit", **none)
    assert (answer.status_code, "请写明各学段的分摊权重" in answer.text) == (400, True)
    assert standard().weights


@pytest.mark.parametrize(
    ("page", "wrong", "words"),
    [
        ("edit", {"needed": "8"}, "0 至 7 的整数"),
        ("edit", {"floor": ""}, "大于 0"),
        ("edit", {"name": ""}, "请填写名称"),
        ("edit", {"primary": "-1"}, "不能为负"),
        ("edit", {"weighting": "sometimes"}, ""),
        ("items/R1", {"bound-R1-primary": ""}, "请填写数字"),
        ("items/R1", {"bound-R1-primary": "四"}, "请只填数字"),
        ("items/R1", {"number": "R2"}, "这个编号已有别的指标使用"),
        ("items/R1", {"points": "10"}, "计分指标至少要有一条要求"),
        ("items/R1", {"points": "10", "parts-0-text": "一", "parts-0-points": "9"}, "合计等于指标分值"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    app: Flask, world: World, page: str, wrong: dict[str, str], words: str
) -> None:
    client = copied(app, world)
    before = standard()
    answer = change(client, f"{COPY}/{page}", **wrong)
    assert answer.status_code == 400
    assert words in problem(answer)
    assert standard() == before


def test_a_condition_that_a_part_names_cannot_be_taken_away(plans_app: Flask) -> None:
    client = client_for(plans_app, make_account(Role.PLAN_OFFICE, region=COUNTY))
    send(client, "/frameworks/xingguo-2023/copy", {"name": "副本"}, "/frameworks/xingguo-2023")
    page = visit(client, f"{COPY}/items/1")
    assert "R1/primary" in page.get_text()
    answer = change(client, f"{COPY}/items/8", number="8甲")
    assert answer.status_code == 302
    assert (
        next(each for each in standard().items if each.code == "8").parts
        == next(each for each in standard("xingguo-2023").items if each.code == "8").parts
    )


def test_another_field_of_policy_defines_its_own(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    assert send(client, "/frameworks", {"name": "河长制"}).status_code == 302
    visit(client, COPY)
    asked = {"number": "1", "title": "河道清漂", "group": "水质", "kind": "question"}
    answer = change(client, f"{COPY}/new-item", **asked)
    assert answer.status_code == 302, problem(answer)
    quotient = {
        "number": "2",
        "title": "断面达标率",
        "group": "水质",
        "kind": "quotient",
        "above": "达标断面",
        "above_unit": "个",
        "below": "断面",
        "below_unit": "个",
        "in_percent": "y",
        "sense": "at_least",
        "bound": "90",
    }
    answer = change(client, f"{COPY}/new-item", **quotient)
    assert answer.status_code == 302, problem(answer)
    scored = {"number": "3", "title": "巡河", "group": "管理", "grade": "B", "points": "5"}
    parts = {"parts-0-number": "1", "parts-0-text": "有记录", "parts-0-points": "5"}
    assert change(client, f"{COPY}/new-item", **scored, **parts).status_code == 302
    now = standard()
    assert [each.title for each in now.items] == ["河道清漂", "断面达标率", "巡河"]
    assert now.items[0].conditions[0].asks
    ratio = now.items[1].conditions[0]
    assert (ratio.sense, str(ratio.bounds["all"]), str(ratio.factor)) == (Sense.AT_LEAST, "90", "100")
    assert {each.name: each.unit for each in now.figures if not each.is_question and each.code in ratio.figures} == {
        "达标断面": "个",
        "断面": "个",
    }
    page = visit(client, f"/self-evaluation?framework={COUNTY}-1")
    assert "河道清漂" in page.get_text()
    wrong = change(client, f"{COPY}/new-item", **(quotient | {"number": "4", "above": "", "bound": ""}))
    assert wrong.status_code == 400
    assert "请填写数据名称" in problem(wrong)


def test_an_item_is_removed_with_what_the_terms_say_of_it(app: Flask, world: World) -> None:
    client = copied(app, world)
    page = f"{COPY}/items/R2"
    assert send(client, f"{page}/remove", {"version": typed(client, page)["version"]}, page).status_code == 302
    assert "R2" not in standard().unit.conditions
    assert "R2" not in {each.code for each in standard().items}
    visit(client, page, status=404)


def test_a_stale_form_keeps_its_words(app: Flask, world: World) -> None:
    client = copied(app, world)
    for address in (f"{COPY}/items/R1", f"{COPY}/edit"):
        read = typed(client, address)
        assert client.post(address, data=read | {"name" if "edit" in address else "title": "甲"}).status_code == 302
        answer = client.post(address, data=read | {"name" if "edit" in address else "title": "乙的文字"})
        assert answer.status_code == 409
        page = BeautifulSoup(answer.text, "html.parser")
        assert "已被他人更改" in page.get_text()
        assert page.select_one("input[value='乙的文字']")
        form = page.select_one("main form.card")
        assert client.post(address, data=values_of(form)).status_code == 302


def test_shared_ones_and_those_of_others_are_not_changed(app: Flask, world: World) -> None:
    client = copied(app, world)
    for address in ("/frameworks/national/edit", "/frameworks/national/items/R1", "/frameworks/national/new-item"):
        visit(client, address, status=403)
    assert send(client, "/frameworks/national/delete", {"version": 1}, "/frameworks").status_code == 403
    for account in (world.leader, world.staff, world.auditor):
        other = client_for(app, account)
        visit(other, COPY)
        visit(other, f"{COPY}/edit", status=403)
    stranger = client_for(app, world.stranger)
    visit(stranger, COPY, status=404)
    visit(stranger, f"{COPY}/edit", status=404)
    assert send(stranger, f"{COPY}/copy", {"name": "x"}, "/frameworks").status_code == 404
    assert client.delete(COPY).status_code == 405


def test_a_plan_is_judged_by_the_copy_that_is_chosen(app: Flask, world: World) -> None:
    copied(app, world, name="第一份")
    first = framework_by_code(f"{COUNTY}-1")
    assert first
    world.plan.framework_id = first.id
    item = db.session.scalars(
        sa.select(Indicator).where(Indicator.framework_id == first.id, Indicator.code == "G1")
    ).one()
    world.task.duty_of_id = item.id
    db.session.commit()
    client = copied(app, world, origin=f"{COUNTY}-1", name="第二份")
    second = f"/frameworks/{COUNTY}-2"
    assert send(client, f"{second}/plan", {"plan": "xg"}, second).status_code == 302
    db.session.expire_all()
    assert framework_for(COUNTY).code == f"{COUNTY}-2"
    duty = db.session.scalars(sa.select(Task).where(Task.key == world.task.key)).one().duty_of
    assert duty
    assert (duty.code, duty.framework.code) == ("G1", f"{COUNTY}-2")
    event = db.session.scalars(sa.select(Event).where(Event.act == "choose_framework")).one()
    assert (event.before, event.after) == ({"framework": f"{COUNTY}-1"}, {"framework": f"{COUNTY}-2"})
    make_plan("elsewhere", region=OTHER_COUNTY)
    make_plan("over", state=PlanState.CLOSED)
    for code in ("elsewhere", "over", "nothing"):
        assert send(client, f"{second}/plan", {"plan": code}, second).status_code == 400
    assert send(client_for(app, world.leader), f"{second}/plan", {"plan": "xg"}, "/password").status_code == 403


PREFECTURE = COUNTY[:4]


def test_a_plan_takes_no_copy_of_another_county(app: Flask, world: World) -> None:
    copied(app, world)
    neighbour = next(f"{PREFECTURE}{n}" for n in range(10, 90) if f"{PREFECTURE}{n}" not in {COUNTY, OTHER_COUNTY})
    db.session.merge(Region(code=neighbour, name="邻县"))
    make_plan("beside", region=neighbour)
    office = client_for(app, make_account(Role.PLAN_OFFICE, region=PREFECTURE))
    page = visit(office, COPY)
    assert [each["value"] for each in page.select("select[name=plan] option")] == ["xg"]
    assert send(office, f"{COPY}/plan", {"plan": "beside"}, COPY).status_code == 400
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "beside")).one()
    mine = framework_by_code(f"{COUNTY}-1")
    assert mine
    with pytest.raises(FrameworkElsewhere):
        choose_framework(Actor(), plan, mine, clock.now())
    # A plan that took one before is judged by it nevertheless.
    plan.framework = mine
    db.session.commit()
    for place in ("self-evaluation", "forecast", "evidence-binder", "indicators", "county-values"):
        visit(office, f"/{place}?region={neighbour}")


def test_every_page_knows_the_same_frameworks(app: Flask, world: World) -> None:
    above = client_for(app, make_account(Role.PLAN_OFFICE, region=PREFECTURE))
    assert send(above, "/frameworks", {"name": "全市"}, "/frameworks").status_code == 302
    office = copied(app, world)
    far = Framework(code="far", name="别县的表", terms={}, figures=[])
    make_plan("elsewhere", region=OTHER_COUNTY).framework = far
    db.session.commit()
    for place in ("self-evaluation", "forecast", "evidence-binder", "indicators", "county-values"):
        visit(office, f"/{place}?framework={PREFECTURE}-1")
        visit(office, f"/{place}?framework={COUNTY}-1")
        for unknown in ("far", "nowhere"):
            visit(office, f"/{place}?framework={unknown}", status=404)


def test_the_national_standard_may_be_chosen_for_a_plan(app: Flask, world: World) -> None:
    client = copied(app, world)
    first = framework_by_code(f"{COUNTY}-1")
    assert first
    world.plan.framework_id = first.id
    world.task.duty_of_id = next(each.id for each in first.indicators if each.code == "G1")
    db.session.commit()
    assert send(client, "/frameworks/national/plan", {"plan": "xg"}, "/frameworks/national").status_code == 302
    page = visit(client, "/plans/xg/indicators")
    assert "本地项" not in page.get_text()
    row = page.select_one("#item-G1")
    assert row
    assert row.select_one("ul.serving a")
    listed = row.select_one("td a[href^='/tasks']")
    assert listed
    assert world.task.title in visit(client, str(listed["href"])).get_text()
    version = {"version": typed(client, f"{COPY}/edit")["version"]}
    assert send(client, f"{COPY}/delete", version, f"{COPY}/edit").status_code == 302


def test_a_duty_that_has_no_place_in_a_framework_is_named(app: Flask, world: World) -> None:
    client = copied(app, world)
    first = framework_by_code(f"{COUNTY}-1")
    assert first
    item = next(each for each in first.indicators if each.code == "G1")
    item.national_id, item.title = None, "本县自己的指标"
    world.plan.framework_id, world.task.duty_of_id = first.id, item.id
    db.session.commit()
    answer = send(client, "/frameworks/national/plan", {"plan": "xg"}, "/frameworks/national")
    assert answer.status_code == 409
    assert "本县自己的指标" in problem(answer)
    db.session.expire_all()
    assert framework_for(COUNTY).code == f"{COUNTY}-1"


def test_what_is_used_is_not_deleted(app: Flask, world: World) -> None:
    client = copied(app, world)
    plan = db.session.scalars(sa.select(Plan).where(Plan.code == "xg")).one()
    plan.framework_id = db.session.scalars(sa.select(Framework.id).where(Framework.code == f"{COUNTY}-1")).one()
    db.session.commit()
    version = {"version": typed(client, f"{COPY}/edit")["version"]}
    assert send(client, f"{COPY}/delete", version, f"{COPY}/edit").status_code == 409
    db.session.merge(plan).framework_id = None
    db.session.commit()
    assert send(client, f"{COPY}/delete", version, f"{COPY}/edit").status_code == 302
    visit(client, COPY, status=404)


def test_the_country_has_no_copy_of_its_own(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.PLAN_OFFICE, region=""))
    assert "复制标准" not in visit(client, "/frameworks/national").get_text()
    assert send(client, "/frameworks/national/copy", {"name": "x"}, "/projects").status_code == 400
    make_task(make_plan("x"), title="t")


@pytest.mark.parametrize(
    "weights", [{"junior": "0"}, {"senior": ""}, {"primary": "", "junior": "", "senior": "", "kindergarten": "1"}]
)
def test_a_stage_without_a_weight_is_refused_where_rooms_are_divided(
    app: Flask, world: World, weights: dict[str, str]
) -> None:
    client = copied(app, world)
    before = standard().weights
    answer = change(client, f"{COPY}/edit", **weights)
    assert answer.status_code == 400
    assert "不分摊的，四项权重都不填" in problem(answer)
    assert standard().weights == before


def test_an_ended_session_loses_no_word_of_a_framework(app: Flask, world: World) -> None:
    client = copied(app, world)
    for page, words in (
        ("edit", {"vetoes": "写了很久的否决事项"}),
        ("items/G1", {"requirement": "写了很久的要求"}),
        ("items/G1", {"parts-0-text": "写了很久的一条"}),
        ("new-item", {"title": "写了很久的指标"}),
    ):
        sent = typed(client, f"{COPY}/{page}") | words
        with client.session_transaction() as session:
            session.pop("_user_id")
        answer = client.post(f"{COPY}/{page}", data=sent)
        assert answer.status_code == 401
        assert next(iter(words.values())) in checked(answer).get_text()
        client = client_for(app, world.office)


def test_a_stale_save_shows_what_is_stored(app: Flask, world: World) -> None:
    client = copied(app, world)
    late, late_item = typed(client, f"{COPY}/edit"), typed(client, f"{COPY}/items/R1")
    assert change(client, f"{COPY}/edit", name="别人起的名", vetoes="别人写的").status_code == 302
    assert change(client, f"{COPY}/items/R1", **{"bound-R1-primary": "4.9"}).status_code == 302
    for page, sent, words in (("edit", late, "别人写的"), ("items/R1", late_item, "4.9")):
        answer = client.post(f"{COPY}/{page}", data=sent)
        assert answer.status_code == 409
        stored = checked(answer).select_one("section[aria-labelledby=stored]")
        assert stored
        assert words in stored.get_text()


def test_a_part_keeps_its_answer_whatever_becomes_of_the_others(app: Flask, world: World) -> None:
    client = copied(app, world)
    new = {"number": "90", "title": "校车", "group": "安全", "kind": "question"}
    parts = {f"parts-{place}-text": text for place, text in enumerate("甲乙丙")}
    assert change(client, f"{COPY}/new-item", **new, **parts).status_code == 302
    [item] = [each for each in standard().items if each.number == "90"]
    before = {part.text: part.figure for part in item.parts}
    assert len(set(before.values())) == 3
    # The second goes, and another comes at its place; the first is numbered.
    page = f"{COPY}/items/{item.code}"
    gone = {"parts-1-text": "", "parts-3-text": "丁", "parts-0-number": "2"}
    assert change(client, page, **gone).status_code == 302
    [item] = [each for each in standard().items if each.number == "90"]
    after = {part.text: part.figure for part in item.parts}
    assert (after["甲"], after["丙"]) == (before["甲"], before["丙"])
    assert after["丁"] not in before.values()
    # Two parts are never answered as one, whoever writes the form.
    code = before["甲"].rpartition(".")[2]
    assert change(client, page, **{"parts-1-code": code}).status_code == 400


def test_an_item_never_takes_the_code_of_one_that_was_removed(app: Flask, world: World) -> None:
    client, codes = copied(app, world), []
    new = {"number": "90", "title": "校车", "group": "安全", "kind": "question"}
    for _time in range(2):
        assert change(client, f"{COPY}/new-item", **new).status_code == 302
        [code] = [each.code for each in standard().items if each.number == "90"]
        codes.append(code)
        version = {"version": typed(client, f"{COPY}/items/{code}")["version"]}
        assert send(client, f"{COPY}/items/{code}/remove", version, f"{COPY}/items/{code}").status_code == 302
        framework = framework_by_code(f"{COUNTY}-1")
        assert framework
        framework.version = 1
        db.session.commit()
    assert len(set(codes)) == 2


@pytest.mark.parametrize(("condition", "said"), [("NOPE", "数据条件"), ("R1+", "数据条件"), ("R1/x", "学段")])
def test_a_part_that_names_no_condition_is_refused_in_words(
    app: Flask, world: World, condition: str, said: str
) -> None:
    client = copied(app, world)
    part = {"parts-0-number": "1", "parts-0-text": "点", "parts-0-condition": condition}
    answer = change(client, f"{COPY}/items/R1", **part)
    assert answer.status_code == 400
    assert said in problem(answer)
    assert "parts (" not in problem(answer)
