"""``flask indicators``: what the pages show, as JSON with stable keys and as a short table."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import World
from tests.factories import COUNTY, OTHER_COUNTY, make_school, make_school_year, make_task
from tests.queries.test_gains import add
from tracker.models import db

ON, LATER = "2026-03-01", "2027-09-01"


@pytest.fixture
def county(world: World) -> str:
    """A school whose grounds are too small, and a task that a year from now makes them larger; the task's key."""
    school = make_school("一小")
    numbers = {"students": 800, "classes": 20, "largest_class": 44, "qualified_teachers": 32}
    make_school_year(school, 2025, stages={"primary": numbers}, sports_ground_m2=Decimal(5000), indoor_sports_m2=0)
    task = make_task(world.plan, due_on=date(2099, 12, 31))
    add(task, "sports_ground_m2", 400, school)
    db.session.commit()
    return task.key


def run(app: Flask, *arguments: str) -> Result:
    """Run a command as somebody at a terminal does."""
    db.session.remove()
    return app.test_cli_runner().invoke(args=["indicators", *arguments])


def answer(app: Flask, *arguments: str) -> dict[str, Any]:
    """What a command prints as JSON."""
    result = run(app, *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def by_code(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """The row of an item or a condition."""
    return next(row for row in rows if row["code"] == code)


def test_a_verdict_says_what_is_met_with_decimals_as_texts(app: Flask, county: str) -> None:
    found = answer(app, "verdict", COUNTY, "--on", ON)
    assert (found["region"], found["on"], found["framework"], found["school_year"]) == (COUNTY, ON, "national", 2025)
    assert set(found) == {
        "region", "on", "framework", "school_year", "finding", "score", "items", "conditions", "vetoes", "schools",
    }  # fmt: skip
    assert by_code(found["items"], "R1")["finding"] == "short"
    unit = found["schools"][0]["units"][0]
    assert unit["conditions"]["R1"] == {
        "finding": "short", "value": "4", "bound": "4.2", "lacking": "1.6", "missing": [], "relaxed": False,
    }  # fmt: skip
    assert unit["conditions"]["R5"]["value"] == "6.25"
    assert unit["conditions"]["R7"]["missing"] == ["multimedia_rooms"]
    spread = by_code(found["conditions"], "R5")["coefficients"][0]
    assert (spread["stage"], spread["limit"], spread["value"], spread["units"]) == ("primary", "0.5", "0", 1)


def test_a_forecast_says_now_then_and_what_is_short_even_then(app: Flask, county: str) -> None:
    found = answer(app, "forecast", COUNTY, "--on", LATER)
    assert set(found) == {
        "region", "on", "today", "mode", "framework", "school_year", "finding", "items", "conditions", "schools",
        "counted", "left_out", "meetings",
    }  # fmt: skip
    r5 = by_code(found["conditions"], "R5")
    assert r5["finding"] == {"now": "short", "then": "short", "finished": "short"}
    assert [(each["school_name"], each["stage"], each["figure"], each["amount"]) for each in r5["short_even_then"]] == [
        ("一小", "primary", "sports_ground_m2", "600")
    ]
    assert (found["counted"], [(each["task"], each["why_not"]) for each in found["left_out"]]) == (
        [],
        [(county, "later")],
    )
    assert answer(app, "forecast", COUNTY, "--on", "2099-12-31")["counted"][0]["arrives_on"] == "2099-12-31"
    assert answer(app, "forecast", COUNTY, "--on", LATER, "--mode", "closed")["left_out"][0]["why_not"] == "open"


def test_a_wider_region_gives_each_of_its_counties(app: Flask, county: str) -> None:
    for command in ("verdict", "forecast"):
        found = answer(app, command, COUNTY[:2], "--on", LATER)
        assert [each["region"] for each in found["counties"]] == [COUNTY]
    assert COUNTY in run(app, "verdict", COUNTY[:2], "--on", ON).output


def test_a_county_without_schools_is_answered(app: Flask, world: World) -> None:
    assert answer(app, "verdict", OTHER_COUNTY, "--on", ON)["schools"] == []
    assert answer(app, "forecast", OTHER_COUNTY)["counted"] == []


def test_without_json_it_is_a_short_table(app: Flask, county: str) -> None:
    said = run(app, "verdict", COUNTY, "--on", ON).output.splitlines()
    assert said[0] == f"{COUNTY}  {ON}  national  school year 2025: short"
    assert len(said) == 33
    ahead = run(app, "forecast", COUNTY, "--on", LATER).output.splitlines()
    assert ahead[0] == f"{COUNTY}  {LATER}  national  deadline: short -> short -> short"
    assert ahead[-1] == "0 additions counted, 1 left out"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["verdict", "999999"], "no region has the code '999999'"),
        (["forecast", "county"], "no region has the code 'county'"),
        (["verdict", COUNTY, "--on", "2026-02-30"], "'2026-02-30' is no day"),
        (["forecast", COUNTY, "--on", "tomorrow"], "'tomorrow' is no day"),
        (["forecast", COUNTY, "--on", "9999-12-31"], "is not between 2000 and 2100"),
        (["verdict", COUNTY, "--framework", "nowhere"], "cannot be judged by a framework 'nowhere'"),
        (["forecast", COUNTY, "--mode", "hope"], "'hope' is not one of"),
        (["forecast"], "Missing argument 'REGION'"),
    ],
)
def test_what_is_not_there_is_named(app: Flask, county: str, arguments: list[str], complaint: str) -> None:
    result = run(app, *arguments)
    assert result.exit_code != 0
    assert complaint in result.output


def test_a_framework_may_be_chosen(app: Flask, county: str) -> None:
    assert answer(app, "verdict", COUNTY, "--on", ON, "--framework", "national")["framework"] == "national"
