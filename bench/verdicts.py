"""The arithmetic of indicators: a county's verdict and forecast beside a bare page, a province's beside bare SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.clocks import Timed, side_by_side
from bench.pages import getter
from bench.rows import county_code
from bench.schools import UNITS
from tracker import clock
from tracker.models import School, SchoolYear, StageYear, db
from tracker.queries.county_facts import facts_of
from tracker.queries.forecasts import forecasts_within
from tracker.queries.gains import ahead_of
from tracker.queries.standards import national_standard
from tracker.queries.verdicts import verdicts_within
from tracker.rules.forecast import forecast
from tracker.rules.school_years import school_year_of
from tracker.rules.standards import Standard
from tracker.rules.verdicts import judge

MOST_FOR_COUNTY = 50  # milliseconds
MOST_FOR_PROVINCE = 2000
TURNS = 3


@dataclass(frozen=True)
class Reckoned:
    """What was reckoned, over how many school units, how long it took beside the bare thing, and the most it may."""

    name: str
    units: int
    timed: Timed
    most: int

    @property
    def verdict(self) -> str:
        """Whether the limit was kept."""
        return f"≤ {self.most} ms {'kept' if self.timed.ours <= self.most else 'MISSED'}"


def measure_county(app: Flask, bare: FlaskClient, runs: int) -> list[Reckoned]:
    """The verdict of a county with its coefficients, and verdict and forecast, from what was read before."""
    region, today = county_code(0), clock.today()
    with app.test_request_context():
        standard, facts, ahead = national_standard(), facts_of(region, today), ahead_of(region, today)
    on = september(today)
    verdict, both = partial(judge, standard, facts), partial(forecast, standard, facts, ahead, on)
    timed = {
        "verdict of a county (× bare page)": side_by_side(verdict, getter(bare, "/bare"), runs),
        "verdict and forecast (× bare page)": side_by_side(both, getter(bare, "/bare"), runs),
    }
    return [Reckoned(name, UNITS, each, MOST_FOR_COUNTY) for name, each in timed.items()]


def measure_province(app: Flask, counties: int, turns: int) -> list[Reckoned]:
    """All counties read and judged, and read, judged and forecast, beside the bare statement of their numbers."""
    today = clock.today()
    with app.test_request_context():
        standard = national_standard()
        bare = partial(_bare_numbers, today)
        judged = side_by_side(partial(_judge_all, standard, today), bare, turns)
        ahead = side_by_side(partial(_forecast_all, standard, today), bare, turns)
    units = counties * UNITS
    return [
        Reckoned(f"read and judge {units} units (× SQL)", units, judged, MOST_FOR_PROVINCE),
        Reckoned(f"read, judge, forecast {units} (× SQL)", units, ahead, MOST_FOR_PROVINCE),
    ]


def september(today: date) -> date:
    """The September after next, when what tasks of this year bring has arrived."""
    return date(today.year + 2, 9, 1)


def _judge_all(standard: Standard, today: date) -> int:
    return sum(len(each.items) for each in verdicts_within(standard, "", today))


def _forecast_all(standard: Standard, today: date) -> int:
    return sum(len(each.then.items) for each in forecasts_within(standard, "", september(today), today))


def _bare_numbers(today: date) -> int:
    """The numbers of all units of the present year as they lie in the tables, without the types of the ORM."""
    schools, years, stages = School.__table__, SchoolYear.__table__, StageYear.__table__
    joined = schools.join(years, years.c.school_id == schools.c.id).join(stages, stages.c.school_year_id == years.c.id)
    columns = [sa.type_coerce(each, sa.types.NullType()) for each in (*years.c, *stages.c)]
    query = sa.select(*columns).select_from(joined).where(years.c.year == school_year_of(today))
    return len(db.session.connection().execute(query).fetchall())
