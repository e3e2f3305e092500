"""What units and the office do to a school's numbers of a year: enter them, and say that they were checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from tracker.actions.record import Act, Actor, record_all
from tracker.actions.schools import act_on_school
from tracker.models import School, SchoolYear, StageYear, db
from tracker.queries.school_years import numbers_of, values_of, year_before, year_of
from tracker.rules.jumps import Doubt, Numbers, contradictions, questions
from tracker.rules.stages import Standing


class StaleYear(Exception):
    """Somebody else saved these numbers after the form was opened."""


class Contradictory(Exception):
    """The numbers cannot all be right."""

    def __init__(self, doubts: list[Doubt]) -> None:
        super().__init__(", ".join(each.key for each in doubts))
        self.doubts = doubts


class Unexplained(Exception):
    """Numbers are odd, and nobody has said yet why they are right."""

    def __init__(self, doubts: list[Doubt]) -> None:
        super().__init__(", ".join(each.key for each in doubts))
        self.doubts = doubts


@dataclass(frozen=True)
class YearSaid:
    """What a form or a sheet says of a school's year; what is absent or None is unknown.

    ``explained`` answers the questions whose keys are in ``asked``, which were shown to who answers.
    """

    counted_on: date
    standing: Standing
    source: str
    numbers: Numbers
    exceptions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    explained: str | None = None
    asked: frozenset[str] = frozenset()


def enter_year(actor: Actor, school: School, year: int, version: int, said: YearSaid, now: datetime) -> SchoolYear:
    """Store a school's numbers of a year; version 0 is a year without numbers. Entering the same again changes nothing.

    What was checked is no longer, once it changes. Raises StaleYear, Contradictory, Unexplained.
    """
    refused = contradictions(said.numbers)
    if refused:
        raise Contradictory(refused)
    row = _held(school, year)
    if row and _says(row) == _wanted(said, row):
        return row
    explained = _explanation(school, year, row, said)
    if (row.version if row else 0) != version:
        raise StaleYear
    before = facts_of(row)
    row = row or SchoolYear(school_id=school.id, year=year)
    _set(row, said, explained)
    row.entered_by_id, row.entered_at = actor.person.id if actor.person else None, now
    row.checked_by_id = row.checked_at = None
    row.version = version + 1
    db.session.add(row)
    db.session.flush()
    record_all(actor, [entry_of("enter_school_year", school, row, before)], now)
    return row


def check_year(actor: Actor, school: School, year: int, version: int, now: datetime) -> SchoolYear:
    """Say that a school's numbers of a year were checked; single values keep their own standing. Raises StaleYear."""
    row = _held(school, year)
    if row is None or row.version != version:
        raise StaleYear
    before = facts_of(row)
    row.standing = Standing.CHECKED
    row.checked_by_id, row.checked_at = actor.person.id if actor.person else None, now
    row.version = version + 1
    db.session.flush()
    record_all(actor, [entry_of("check_school_year", school, row, before)], now)
    return row


def _held(school: School, year: int) -> SchoolYear | None:
    """The row as it stands now; those who write numbers of one school follow one another."""
    db.session.execute(sa.select(School.id).where(School.id == school.id).with_for_update())
    return year_of(school, year, fresh=True)


def _explanation(school: School, year: int, row: SchoolYear | None, said: YearSaid) -> str | None:
    """Why the odd numbers are right, None where none is odd. Raises Unexplained for questions without an answer.

    What the stored numbers were asked already is not asked again.
    """
    earlier = year_before(school, year)
    before = numbers_of(earlier) if earlier else None
    odd = questions(said.numbers, before)
    answered = {each.key for each in questions(numbers_of(row), before)} if row and row.jumps_explained else set()
    new = [each for each in odd if each.key not in answered]
    if new and not (said.explained and all(each.key in said.asked for each in new)):
        raise Unexplained(new)
    return (said.explained or (row.jumps_explained if row else None)) if odd else None


def _set(row: SchoolYear, said: YearSaid, explained: str | None) -> None:
    row.counted_on, row.standing, row.source = said.counted_on, said.standing, said.source
    row.exceptions = {name: dict(each) for name, each in said.exceptions.items()}
    row.jumps_explained = explained
    for code, value in said.numbers.whole.items():
        setattr(row, code, value)
    kept = {each.stage: each for each in row.stages if each.stage in said.numbers.stages}
    for stage, figures in said.numbers.stages.items():
        stage_row = kept.setdefault(stage, StageYear(stage=stage))
        for code, value in figures.items():
            setattr(stage_row, code, value)
    row.stages = list(kept.values())


def _says(row: SchoolYear) -> tuple[object, ...]:
    """What a row says, to be compared."""
    return row.counted_on, row.standing, row.source, row.exceptions, numbers_of(row)


def _wanted(said: YearSaid, row: SchoolYear) -> tuple[object, ...]:
    """What was said in the same form; nobody who saves a checked row unchanged takes its check away."""
    is_kept = row.standing is Standing.CHECKED and said.standing is Standing.REPORTED
    standing = Standing.CHECKED if is_kept else said.standing
    exceptions = {name: dict(each) for name, each in said.exceptions.items()}
    return said.counted_on, standing, said.source, exceptions, said.numbers


def facts_of(row: SchoolYear | None) -> dict[str, object]:
    """What an event says of a row: its numbers by name, and how they are known."""
    if row is None:
        return {}
    known = {name: value for name, value in values_of(row).items() if value is not None}
    of_row = {
        "counted_on": row.counted_on,
        "standing": row.standing.value,
        "source": row.source,
        "jumps_explained": row.jumps_explained,
    }
    single = [f"{name} {each['standing']} {each.get('source', '')}".strip() for name, each in row.exceptions.items()]
    return {**of_row, "exceptions": single, **known}


def entry_of(act: str, school: School, row: SchoolYear, before: Mapping[str, object]) -> Act:
    """The act on a school's year with what changed alone: a year has forty numbers."""
    after = facts_of(row)
    names = list(dict.fromkeys(name for name in (*before, *after) if before.get(name) != after.get(name)))
    was = {name: before[name] for name in names if name in before}
    return act_on_school(act, school, was or None, {"year": row.year, **{name: after.get(name) for name in names}})
