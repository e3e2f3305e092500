"""What tasks bring to schools and counties: the confirmed additions that a person may see, with their tasks."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from tracker.models import Addition, Plan, Task, db
from tracker.queries.visibility import visible_to, within_region
from tracker.rules.links import LinkState
from tracker.rules.permissions import Person

MOST_BROUGHT = 500


def additions_to(
    person: Person, region: str, figures: Collection[str] | None = None, schools: Collection[int] | None = None
) -> list[Addition]:
    """The confirmed additions to some figures or schools of a county, those that come first on top."""
    query = (
        sa.select(Addition)
        .join(Addition.task)
        .where(
            visible_to(person),
            within_region(Task.region_code, region),
            Addition.state == LinkState.CONFIRMED,
        )
        .options(
            contains_eager(Addition.task).joinedload(Task.duty_of),
            contains_eager(Addition.task).joinedload(Task.plan).load_only(Plan.code, Plan.state),
            joinedload(Addition.school),
        )
        .order_by(Task.due_on.is_(None), Task.due_on, Addition.id)
        .limit(MOST_BROUGHT)
    )
    if figures is not None:
        query = query.where(Addition.figure.in_(list(figures)))
    if schools is not None:
        query = query.where(Addition.school_id.in_(list(schools)))
    return list(db.session.scalars(query))
