"""The job that freezes the week."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories import OTHER_COUNTY, World, make_plan
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.jobs.freeze_week import next_at, regions, run
from tracker.models import Issue, PlanState, db
from tracker.rules.ladders import DEFAULT
from tracker.rules.workdays import OFFICIAL

EVENING = clock.at_office(date(2026, 3, 6), 17)


def test_every_region_with_an_active_plan_gets_one_issue_a_week(world: World) -> None:
    make_plan("draft", region=OTHER_COUNTY, state=PlanState.DRAFT)
    assert regions(EVENING) == ["360732"]
    assert run(EVENING, ["360732"]) == {"360732": "issues=1"}
    assert run(EVENING, ["360732"]) == {"360732": "issues=0"}
    assert list(db.session.scalars(sa.select(Issue.region_code))) == ["360732"]
    assert run(clock.at_office(date(2026, 3, 13), 17), ["360732"]) == {"360732": "issues=1"}


@pytest.mark.parametrize(
    ("day", "hour", "due"), [(6, 16, False), (6, 17, True), (8, 23, True), (9, 0, False), (12, 17, False)]
)
def test_the_week_is_frozen_from_friday_evening_until_it_ends(world: World, day: int, hour: int, due: bool) -> None:
    assert bool(regions(clock.at_office(date(2026, 3, day), hour))) is due


@pytest.mark.parametrize(
    ("day", "hour", "friday"), [(6, 16, date(2026, 3, 6)), (6, 17, date(2026, 3, 13)), (9, 9, date(2026, 3, 13))]
)
def test_the_next_week_is_frozen_on_the_coming_friday(day: int, hour: int, friday: date) -> None:
    assert next_at(clock.at_office(date(2026, 3, day), hour), DEFAULT, OFFICIAL) == clock.at_office(friday, 17)


def test_a_region_above_with_issues_of_its_own_goes_on(world: World) -> None:
    assert regions(EVENING) == ["360732"]
    assert freeze_week("3607", EVENING)
    assert regions(clock.at_office(date(2026, 3, 13), 17)) == ["3607", "360732"]
