"""/self-evaluation and its Excel file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from tests.factories import COUNTY, World, make_account, make_school, make_school_year
from tests.visit import client_for, counted_queries, visit
from tracker.models import CountyValue, Framework, Plan, Standing, db
from tracker.rules.permissions import Role

PAGE = "/self-evaluation?framework=national&on=2026-03-06"
AT = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
NUMBERS = {
    "students": 800,
    "classes": 20,
    "largest_class": 44,
    "full_time_teachers": 50,
    "qualified_teachers": 40,
    "backbone_teachers": 9,
    "arts_teachers": 8,
    "licensed_teachers": 50,
    "trained_teachers": 50,
}


def say(figure: str, said: Any, **differences: Any) -> None:
    """A value of the county."""
    answer = {"yes": said} if isinstance(said, bool) else {"number": Decimal(said)}
    values: dict[str, Any] = {
        "region_code": COUNTY,
        "on": date(2026, 1, 1),
        "standing": Standing.CHECKED,
        "source": "教科体局",
        "said_at": AT,
    }
    db.session.add(CountyValue(figure=figure, **(values | answer | differences)))
    db.session.commit()


def text_of(page: Any) -> str:
    """What the page says, in one line."""
    return " ".join(page.select_one("main").get_text(" ").split())


def row_of(page: Any, number: str) -> str:
    """The row of an item with its parts."""
    for row in page.select("tr.item"):
        if row.select_one(".code").text == number:
            said = [row.get_text(" ")]
            for below in row.find_next_siblings("tr"):
                if "item" in below["class"]:
                    break
                said.append(below.get_text(" "))
            return " ".join(" ".join(said).split())
    raise AssertionError(number)


def test_every_item_says_what_was_found_and_why(app: Flask, world: World) -> None:
    school = make_school("第一小学")
    make_school_year(school, stages={"primary": NUMBERS}, teaching_area_m2=4000)
    page = visit(client_for(app, world.office), PAGE)
    said = row_of(page, "R3")
    assert "1／1 所达到" in said
    second = make_school("第二小学")
    make_school_year(second, stages={"primary": NUMBERS | {"arts_teachers": 7}})
    page = visit(client_for(app, world.office), PAGE)
    said = row_of(page, "R3")
    assert "1／2 所达到" in said
    assert "第二小学 小学 0.88" in said
    assert page.select_one(f"tr a[href='/schools/{second.id}']")
    assert "网络多媒体教室" in row_of(page, "R7")


def test_the_sentence_counts_and_concludes(app: Flask, world: World) -> None:
    page = visit(client_for(app, world.leader), PAGE)
    assert "截至2026年3月6日" in text_of(page)
    assert "数据不全，还不能认定。" in text_of(page)
    assert page.select("#missing a[href^='/county-values/']")


def test_a_value_names_who_says_it(app: Flask, world: World) -> None:
    links = visit(client_for(app, world.office), PAGE).select("#missing a[href^='/county-values/']")
    figure = str(links[0]["href"]).removeprefix("/county-values/").partition("?")[0]
    say(figure, True)
    page = visit(client_for(app, world.office), PAGE)
    assert "教科体局 2026年1月1日（已核）" in text_of(page)
    assert not page.select(f"#missing a[href^='/county-values/{figure}?']")
    before = visit(client_for(app, world.office), PAGE.replace("2026-03-06", "2025-12-31"))
    assert before.select(f"#missing a[href^='/county-values/{figure}?']")


def test_a_scored_framework_says_points_parts_and_vetoes(plans_app: Flask) -> None:
    plan = db.session.scalars(sa.select(Plan).join(Framework).where(Framework.code == "xingguo-2023")).one()
    client = client_for(plans_app, make_account(Role.PLAN_OFFICE, region=plan.region_code))
    page = visit(client, "/self-evaluation")
    said = text_of(page)
    assert "A 类指标" in said
    assert len(page.select("tr.item")) == 38
    assert "B 类至少 0 分、至多 100 分，需 90 分" in said
    assert "7 项一票否决事项未答" in said
    say("xingguo-2023/8.1", "1", region_code=plan.region_code)
    say("xingguo-2023/veto.1", True, region_code=plan.region_code)
    said = text_of(visit(client, "/self-evaluation"))
    assert "B 类至少 1 分" in said
    assert "有 1 项一票否决事项" in said
    assert "按现有数据，不能通过。" in said


def test_the_file_holds_the_tables_of_the_page(plans_app: Flask) -> None:
    region = db.session.scalars(sa.select(Plan.region_code).where(Plan.code == "xingguo-2023")).one()
    client = client_for(plans_app, make_account(Role.LEADER, region=region))
    say("xingguo-2023/8.1", "1", region_code=region)
    answer = client.get("/self-evaluation.xlsx?on=2026-03-06")
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["自评", "一票否决", "缺的数据"]
    rows = list(book["自评"].values)
    eight = next(row for row in rows if row[0] == "8")
    assert (eight[3], float(eight[4]), float(eight[5])) == ("B", 10, 1)
    assert len([row for row in book["一票否决"].values if row[2] == "未答"]) == 7
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("address", [PAGE, PAGE.replace("?", ".xlsx?")])
def test_who_sees_it_and_who_does_not(app: Flask, world: World, address: str) -> None:
    for account in (world.office, world.leader, world.auditor, world.staff):
        assert client_for(app, account).get(address).status_code == 200
    for account in (world.administrator, world.security):
        assert client_for(app, account).get(address).status_code == 403
    assert app.test_client().get(address).status_code == 302
    assert client_for(app, world.office).post(address).status_code == 405
    assert client_for(app, world.stranger).get(f"{address}&region={COUNTY}").status_code == 400
    for odd, status in (
        ("framework=nothing", 404),
        ("framework=" + "x" * 60, 400),
        ("on=yesterday", 400),
        ("on=0001-01-01", 400),
        ("on=20260306", 400),
    ):
        asked = f"{address.split('?')[0]}?{odd}"
        assert client_for(app, world.office).get(asked).status_code == status, odd


def test_above_a_county_one_is_chosen(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.LEADER, region="36"))
    page = visit(client, PAGE)
    assert page.select("main nav.presets a[href='/self-evaluation?region=3607']")
    page = visit(client, f"{PAGE}&region={COUNTY}")
    assert "兴国县 自评" in text_of(page)
    assert f"?region={COUNTY}&framework=" in str(page.select_one("#missing a")["href"])  # type: ignore[index]
    # A leader enters no numbers: a school's own page is what they may open.
    assert not page.select("a[href*='/years/']")
    assert page.select(f"nav a[href='/forecast?region={COUNTY}']")
    assert client.get("/self-evaluation.xlsx").status_code == 400
    visit(client_for(app, make_account(Role.LEADER, region="")), "/self-evaluation")


def test_fifty_schools_ask_no_more_questions_than_one(app: Flask, world: World) -> None:
    def questions() -> int:
        client = client_for(app, db.session.merge(world.office))
        client.get(PAGE)
        db.session.remove()
        with counted_queries() as statements:
            assert client.get(PAGE).status_code == 200
        return len(statements)

    make_school_year(make_school(), stages={"primary": NUMBERS})
    one = questions()
    for _ in range(50):
        make_school_year(make_school(), stages={"primary": NUMBERS})
    assert questions() == one


def test_english_readers_read_english_titles(app: Flask, world: World) -> None:
    client = client_for(app, world.leader)
    client.set_cookie("language", "en")
    assert "Networked multimedia classrooms per 100 students" in text_of(visit(client, PAGE))
