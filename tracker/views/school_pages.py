"""What the places about schools share: loading one, who may enter its numbers, its stages, the year that runs."""

from __future__ import annotations

from flask import abort

from tracker import clock
from tracker.models import PlannedEnrolment, School, SchoolYear, Stage
from tracker.queries.schools import school_by_id
from tracker.rules.permissions import Can, Scope, is_within, may
from tracker.rules.school_years import school_year_of
from tracker.views.access import person, refuse
from tracker.views.query import LARGEST_ID

SCHOOL = f"/schools/<int(max={LARGEST_ID}):school_id>"


def load_school(school_id: int, can: Can = Can.SEE_INDICATORS) -> School:
    """A school by its id. 404 outside the person's region, 403 where they may see it but not do this."""
    school = school_by_id(school_id)
    if school is None or not is_within(school.region_code, person().region):
        abort(404)
    if not may_for(school, can):
        refuse(can, str(school.id), school.region_code, kind="school")
    return school


def may_for(school: School, can: Can) -> bool:
    """Whether the person may do a thing to a school; staff for the schools of their units."""
    return may(person(), can, scope_of_school(school))


def scope_of_school(school: School) -> Scope:
    """Where a school belongs: its region, and the unit that enters its numbers."""
    return Scope(school.region_code, frozenset({school.unit_id} if school.unit_id else ()))


def this_school_year() -> int:
    """The school year that runs today."""
    return school_year_of(clock.today())


def stages_known(row: SchoolYear | None, expected: list[PlannedEnrolment]) -> list[Stage]:
    """The stages of a school by its last numbers, else by what it expects."""
    found = {each.stage for each in row.stages} if row else {each.stage for each in expected}
    return [stage for stage in Stage if stage in found]
