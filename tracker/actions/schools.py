"""What the office does to schools: make and change them; a school that is no more is closed, never deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.actions.record import Act, Actor, record_all
from tracker.actions.units import lock_names
from tracker.models import PlannedEnrolment, School, Unit, db
from tracker.queries.schools import enrolments_of, school_named
from tracker.rules.stages import SchoolKind, Stage


class StaleSchool(Exception):
    """Somebody else saved the school after this form was opened."""


class SchoolNameTaken(Exception):
    """The region has a school of this name already."""


@dataclass(frozen=True)
class SchoolSaid:
    """What a form says of a school."""

    name: str
    kind: SchoolKind
    town: str | None
    unit: Unit | None
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class Expected:
    """The students, and the classes where known, whom a stage expects in the school year that begins in ``year``."""

    stage: Stage
    year: int
    students: int | None
    classes: int | None


def create_school(actor: Actor, region: str, said: SchoolSaid, now: datetime) -> School:
    """A new school of a region. Raises SchoolNameTaken."""
    lock_names(region)
    _refuse_taken(region, said.name, None)
    school = School(region_code=region, name=said.name)
    db.session.add(school)
    _set(school, said)
    record_all(actor, [creation_of(school)], now)
    return school


def change_school(actor: Actor, school: School, version: int, said: SchoolSaid, now: datetime) -> None:
    """Set what is known of a school. Raises StaleSchool, SchoolNameTaken."""
    lock_names(school.region_code)
    before = _facts(school)
    claim_school(school, version)
    _refuse_taken(school.region_code, said.name, school.id)
    _set(school, said)
    note_school(actor, "change_school", school, now, before, _facts(school))


def set_enrolments(
    actor: Actor, school: School, version: int, said: Collection[Expected], source: str, now: datetime
) -> None:
    """Say whom a school expects; a row without students is taken out. Raises StaleSchool.

    Only what changes takes the source; years and stages that are not spoken of stay as they are. Saying the same again
    changes nothing.
    """
    stored, changed = _news(school, said)
    if not changed:
        return
    try:
        claim_school(school, version)
    except StaleSchool:
        db.session.expire_all()  # somebody was faster; perhaps with the same words
        if _news(school, said)[1]:
            raise
        return
    before, after = {}, {}
    for each in changed:
        row = stored.get((each.stage, each.year))
        name = f"expected.{each.stage.value}.{each.year}"
        before[name], after[name] = _pair(_known(row)), _pair((each.students, each.classes))
        _expect(school, row, each, source)
    db.session.flush()
    note_school(actor, "set_enrolments", school, now, before, {**after, "source": source})


def _news(
    school: School, said: Collection[Expected]
) -> tuple[dict[tuple[Stage, int], PlannedEnrolment], list[Expected]]:
    """What is stored by stage and year, and what is said otherwise."""
    stored = {(each.stage, each.year): each for each in enrolments_of(school)}
    changed = [each for each in said if _known(stored.get((each.stage, each.year))) != (each.students, each.classes)]
    return stored, changed


def claim_school(school: School, version: int) -> None:
    """Take the next version of a school, or raise StaleSchool."""
    claimed = db.session.execute(
        sa.update(School)
        .where(School.id == school.id, School.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleSchool
    db.session.refresh(school)


def note_school(
    actor: Actor,
    act: str,
    school: School,
    now: datetime,
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
) -> None:
    """Keep the event of an act on a school or its numbers."""
    record_all(actor, [act_on_school(act, school, before, after)], now)


def act_on_school(act: str, school: School, before: Mapping[str, object] | None, after: Mapping[str, object]) -> Act:
    """An act on a school or its numbers as its event says it."""
    obj = ("school", str(school.id))
    return Act(act, obj, school.region_code, before, {"school": school.name, **after})


def creation_of(school: School) -> Act:
    """The act that a school was made, with what is known of it."""
    return act_on_school("create_school", school, None, _facts(school))


def _refuse_taken(region: str, name: str, own: int | None) -> None:
    taken = school_named(region, name)
    if taken is not None and taken.id != own:
        raise SchoolNameTaken(name)


def _set(school: School, said: SchoolSaid) -> None:
    school.name, school.kind, school.town, school.unit = said.name, said.kind, said.town, said.unit
    school.opened_on, school.closed_on = said.opened_on, said.closed_on
    db.session.flush()


def _facts(school: School) -> dict[str, object]:
    return {
        "school_name": school.name,
        "school_kind": school.kind.value,
        "town": school.town,
        "entering_unit": school.unit.name if school.unit else None,
        "opened_on": school.opened_on,
        "closed_on": school.closed_on,
    }


def _expect(school: School, row: PlannedEnrolment | None, said: Expected, source: str) -> None:
    if said.students is None:
        if row:
            db.session.delete(row)
        return
    if row is None:
        row = PlannedEnrolment(school_id=school.id, stage=said.stage, year=said.year)
        db.session.add(row)
    row.students, row.classes, row.source = said.students, said.classes, source


def _known(row: PlannedEnrolment | None) -> tuple[int | None, int | None]:
    return (row.students, row.classes) if row else (None, None)


def _pair(known: tuple[int | None, int | None]) -> str | None:
    """Students and classes as an event keeps them: "420 / 10"."""
    students, classes = known
    if students is None:
        return None
    return str(students) if classes is None else f"{students} / {classes}"
