"""一校一策: one sheet of paper for a school, or one for each school that is not met."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries.brought import tasks_by_key
from tracker.queries.forecasts import forecast_from
from tracker.queries.gaps import horizon_of
from tracker.rules.measures import Finding
from tracker.rules.permissions import Can
from tracker.rules.verdicts import SchoolVerdict
from tracker.views.access import needs, person
from tracker.views.county_answers import CountyAnswer, counties_within, county_answer, county_of
from tracker.views.reach import asked_reach
from tracker.views.school_needs import Sheet, keys_of, sheet_of
from tracker.views.school_pages import SCHOOL, load_school

place = Blueprint("school_plans", __name__)
MOST_SHEETS = 60


@place.get(f"{SCHOOL}/sheet")
@needs(Can.SEE_INDICATORS)
def sheet(school_id: int) -> ResponseReturnValue:
    """The sheet of one school, with a choice of the county's others."""
    school = load_school(school_id)
    county = county_answer(school.region_code)
    found = next((each for each in county.verdict.schools if each.school.id == school_id), None)
    return render_template(
        "school_plans/sheet.html",
        school=school,
        county=county,
        sheet=next(iter(sheets_of(county, [found] if found else [])), None),
        others=sorted(county.verdict.schools, key=lambda each: each.school.name),
        today=clock.today(),
        horizon=horizon_of(clock.today()),
    )


@place.get("/schools/sheets")
@needs(Can.SEE_INDICATORS)
def sheets() -> ResponseReturnValue:
    """A sheet for each school of a county that is not met, ready to print; above a county, its counties."""
    reach = asked_reach()
    region = county_of(reach)
    if region is None:
        return render_template("school_plans/counties.html", counties=counties_within(reach))
    county = county_answer(region)
    failing = [each for each in county.verdict.schools if each.finding is Finding.SHORT]
    first = page_of(len(failing))
    shown = failing[first : first + MOST_SHEETS]
    return render_template(
        "school_plans/sheets.html",
        county=county,
        sheets=sheets_of(county, shown),
        failing=failing,
        others=others(county.verdict.schools),
        first=first,
        most=MOST_SHEETS,
        region=region if region != person().region else None,
        today=clock.today(),
        horizon=horizon_of(clock.today()),
    )


def sheets_of(county: CountyAnswer, schools: list[SchoolVerdict]) -> list[Sheet]:
    """The sheets of some schools, with what the county's forecast says of them."""
    if not schools:
        return []
    found = forecast_from(county.verdict, horizon_of(clock.today()))
    tasks = tasks_by_key(person(), keys_of(schools, found))
    return [sheet_of(each, found, tasks) for each in schools]


def page_of(count: int) -> int:
    """From which failing school on the sheets are shown: the first, or what the address asks for."""
    asked = request.args.get("from", "0")
    first = int(asked) if asked.isdecimal() and len(asked) < len(str(MOST_SHEETS)) + 4 else 0
    return first if first < count else 0


def others(schools: tuple[SchoolVerdict, ...]) -> dict[Finding, int]:
    """How many schools are found how."""
    return {finding: sum(each.finding is finding for each in schools) for finding in Finding}
