"""The job that freezes the week."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from tests.factories import OTHER_COUNTY, World, make_plan
from tracker import clock
from tracker.jobs.freeze_week import run
from tracker.models import Issue, PlanState, db

EVENING = clock.at_office(date(2026, 3, 6), 17)


def test_every_region_with_an_active_plan_gets_one_issue_a_week(world: World) -> None:
    make_plan("draft", region=OTHER_COUNTY, state=PlanState.DRAFT)
    assert run(EVENING) == "issues=1"
    assert run(EVENING) == "issues=0"
    assert list(db.session.scalars(sa.select(Issue.region_code))) == ["360732"]
    assert run(clock.at_office(date(2026, 3, 13), 17)) == "issues=1"
