"""Take in a file of schools' numbers: all of it or nothing, and the second time nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.record import Act, Actor, record_all
from tracker.actions.school_years import entry_of, facts_of
from tracker.actions.schools import creation_of
from tracker.actions.units import lock_names
from tracker.clock import office_day
from tracker.models import School, SchoolYear, StageYear, db
from tracker.queries.school_sheet import (
    Conflict,
    Preview,
    SchoolChange,
    Value,
    conflicts,
    counted_on_of,
    preview_of,
    source_of,
)
from tracker.rules.jumps import Doubt
from tracker.rules.permissions import Person
from tracker.rules.school_rows import COUNTED_ON, SOURCE, SchoolSheet, counted_usually
from tracker.rules.stages import SchoolKind, Standing

USUAL_SOURCE = "Excel 导入"


@dataclass(frozen=True)
class FileSaid:
    """A file as it is confirmed: its rows and hash, what its preview showed, and the answers given to it.

    ``seen`` are the old values of the differences by school and name; ``explained`` answers the questions ``asked``.
    """

    sheet: SchoolSheet
    digest: str
    seen: Mapping[str, Mapping[str, str]]
    asked: frozenset[str]
    explained: str | None = None
    makes_schools: bool = False


class FileNotTaken(Exception):
    """The file cannot be taken in as things stand now.

    The preview names its faults, ``conflicts`` the numbers that changed meanwhile, ``unanswered`` whether a reason for
    odd numbers is wanted, ``unmade`` whether schools must be made first.
    """

    def __init__(
        self, preview: Preview, conflicts: Sequence[Conflict] = (), unanswered: bool = False, unmade: bool = False
    ) -> None:
        super().__init__("the file cannot be taken in")
        self.preview = preview
        self.conflicts = conflicts
        self.unanswered = unanswered
        self.unmade = unmade


def import_sheet(actor: Actor, person: Person, region: str, said: FileSaid, now: datetime) -> Preview:
    """Do what the preview of a file said, asked anew. Raises FileNotTaken, and then nothing is written."""
    _hold(region)
    preview = preview_of(person, region, said.sheet)
    changed = conflicts(preview, said.seen)
    unanswered = any(not said.explained or key_of(*each) not in said.asked for each in preview.doubts)
    unmade = bool(preview.unknown) and not said.makes_schools
    if preview.faults or changed or unanswered or unmade:
        raise FileNotTaken(preview, changed, unanswered, unmade)
    done = [each for each in preview.schools if each.differences or each.school is None]
    before = [facts_of(each.year) for each in done]
    try:
        stored = [_store(actor, region, each, preview.year, said.explained, now) for each in done]
        db.session.flush()
    except IntegrityError as error:
        # A form has stored the first numbers of a school between the question and this.
        raise FileNotTaken(preview, [Conflict(each.name, "", "", "") for each in done]) from error
    if done:
        acts = [act for each, was, new in zip(done, before, stored, strict=True) for act in _acts(each, was, new)]
        record_all(actor, [*acts, _summary(region, preview, said)], now)
    return preview


def key_of(change: SchoolChange, doubt: Doubt) -> str:
    """A question of a file, so that an answer to it answers no other."""
    return f"{change.name}:{doubt.why.value}:{doubt.name}:{doubt.now}"


def changed_numbers(change: SchoolChange) -> dict[str, Value]:
    """The numbers of a school that a file changes, by name, as they will stand."""
    return {each.name: each.new for each in change.differences if each.name not in {COUNTED_ON, SOURCE}}


def _hold(region: str) -> None:
    """Let those who write numbers in a county follow one another; on SQLite the transaction already sees to it."""
    lock_names(region)
    db.session.execute(sa.select(School.id).where(School.region_code == region).order_by(School.id).with_for_update())


def _acts(
    change: SchoolChange, before: Mapping[str, object], stored: tuple[School, SchoolYear | None]
) -> Iterator[Act]:
    """What was done to one school: that it was made, and which of its numbers changed from what."""
    school, row = stored
    if change.school is None:
        yield creation_of(school)
    if row is not None:
        yield entry_of("enter_school_year", school, row, before)


def _summary(region: str, preview: Preview, said: FileSaid) -> Act:
    after = {
        "year": preview.year,
        "schools": _counts(preview),
        "numbers": sum(len(changed_numbers(each)) for each in preview.changes),
        "hash": said.digest,
        "jumps_explained": said.explained,
    }
    # The first forty digits of the hash say which file it was.
    return Act("import_school_years", ("file", said.digest[:40]), region, after=after)


def _store(
    actor: Actor, region: str, change: SchoolChange, year: int, explained: str | None, now: datetime
) -> tuple[School, SchoolYear | None]:
    """The school of some rows and its year as they will stand, the year only where it changes."""
    school = change.school or _made(region, change)
    if not change.differences:
        return school, None
    row = change.year
    if row is None:
        row = SchoolYear(school=school, year=year, version=0, exceptions={})
        row.counted_on, row.standing = counted_usually(year, office_day(now)), Standing.REPORTED
        row.source = USUAL_SOURCE
        db.session.add(row)
    row.counted_on = counted_on_of(change.rows) or row.counted_on
    row.source = source_of(change.rows) or row.source
    _set_numbers(row, change)
    _set_standing(row, change)
    if change.doubts:
        row.jumps_explained = explained
    row.entered_by_id, row.entered_at = actor.person.id if actor.person else None, now
    row.checked_by_id = row.checked_at = None
    row.version += 1
    return school, row


def _made(region: str, change: SchoolChange) -> School:
    kind = next((row.kind for row in change.rows if row.kind), SchoolKind.SCHOOL)
    school = School(region_code=region, name=change.name, kind=kind)
    db.session.add(school)
    return school


def _set_numbers(row: SchoolYear, change: SchoolChange) -> None:
    for code, number in change.after.whole.items():
        setattr(row, code, number)
    kept = {each.stage: each for each in row.stages}
    for stage, figures in change.after.stages.items():
        if stage not in kept:
            kept[stage] = StageYear(stage=stage)
            row.stages.append(kept[stage])
        for code, number in figures.items():
            setattr(kept[stage], code, number)


def _set_standing(row: SchoolYear, change: SchoolChange) -> None:
    """What was checked is no longer; where the others stay estimates, the numbers that changed say so themselves."""
    changed = changed_numbers(change)
    kept = {name: each for name, each in row.exceptions.items() if name not in changed}
    if row.standing is Standing.ESTIMATED:
        said = {"standing": Standing.REPORTED.value, "source": row.source, "on": row.counted_on.isoformat()}
        kept |= {name: said for name, new in changed.items() if new is not None}
    else:
        row.standing = Standing.REPORTED
    row.exceptions = kept


def _counts(preview: Preview) -> str:
    """+new ~changed =unchanged schools."""
    new = sum(each.is_new for each in preview.changes)
    changed = len(preview.changes) - new
    return f"+{new} ~{changed} ={len(preview.schools) - new - changed}"
