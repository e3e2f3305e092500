"""What the office does to its reminders: choose a ladder, follow the region above again, keep quiet on certain days."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.actions.record import Actor, record
from tracker.clock import office_day
from tracker.models import QuietDay, ReminderLadder, db
from tracker.models.once import insert_once
from tracker.queries.ladders import ladder_of, ladder_row
from tracker.rules.ladders import Ladder, faults
from tracker.rules.quiet import QuietFault, quiet_fault

NO_ROW = 0  # the version of a region that has chosen nothing


class StaleLadder(Exception):
    """Somebody else saved the reminders of the region after this form was opened."""


class LadderRefused(Exception):
    """A ladder that may not be; ``fields`` are at fault."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__("、".join(fields))
        self.fields = fields


class QuietRefused(Exception):
    """Days that cannot become quiet."""

    def __init__(self, fault: QuietFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def save_ladder(actor: Actor, region: str, ladder: Ladder, version: int, now: datetime) -> None:
    """Choose a ladder for a region and all below it that choose none. Raises LadderRefused, StaleLadder."""
    if wrong := faults(ladder):
        raise LadderRefused(wrong)
    before = _stored(region)
    columns = {**vars(ladder), "days_before": list(ladder.days_before)}
    if version == NO_ROW:
        # A number that no row of this region had before: a page opened before a reset stays stale.
        first = 1 + secrets.randbelow(2**30)
        statement = insert_once(ReminderLadder).values(region_code=region, version=first, **columns)
    else:
        statement = _claimed(sa.update(ReminderLadder), region, version).values(version=version + 1, **columns)
    _do(statement)
    _note(actor, "change_reminders", region, now, before, _facts(ladder))


def reset_ladder(actor: Actor, region: str, version: int, now: datetime) -> None:
    """Follow the region above again, or the usual ladder where none there has chosen. Raises StaleLadder."""
    before = _stored(region)
    _do(_claimed(sa.delete(ReminderLadder), region, version))
    _note(actor, "reset_reminders", region, now, before, None)


def set_quiet_days(actor: Actor, region: str, first_on: date, last_on: date, note: str, now: datetime) -> int:
    """Send no reminders on some days; how many of them were not quiet already. Raises QuietRefused."""
    if fault := quiet_fault(first_on, last_on, office_day(now)):
        raise QuietRefused(fault)
    days = [first_on + timedelta(days=ahead) for ahead in range((last_on - first_on).days + 1)]
    rows = [{"region_code": region, "day": day, "note": note} for day in days]
    new = sum(_count(insert_once(QuietDay).values(**row)) for row in rows)
    if new:
        said = {"first_on": first_on, "last_on": last_on, "note": note}
        _note(actor, "set_quiet_days", region, now, None, said)
    return new


def remove_quiet_days(actor: Actor, region: str, first_on: date, last_on: date, now: datetime) -> int:
    """Send reminders again on some days; how many of them were quiet."""
    removed = _count(sa.delete(QuietDay).where(QuietDay.region_code == region, QuietDay.day.between(first_on, last_on)))
    if removed:
        _note(actor, "remove_quiet_days", region, now, {"first_on": first_on, "last_on": last_on}, None)
    return removed


def _stored(region: str) -> dict[str, Any] | None:
    """What a region has chosen so far, as events keep it."""
    row = ladder_row(region)
    if row is None:
        return None
    # The statements below do not know of a row in the session.
    db.session.expunge(row)
    return _facts(ladder_of(row))


def _claimed(statement: Any, region: str, version: int) -> Any:
    """A change of the row of a region that finds nothing where another has changed it since."""
    return statement.where(ReminderLadder.region_code == region, ReminderLadder.version == version)


def _do(statement: Any) -> None:
    """Run a statement about one row. Raises StaleLadder where it finds none."""
    if _count(statement) != 1:
        raise StaleLadder


def _count(statement: Any) -> int:
    """Run a statement; how many rows it touched."""
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _facts(ladder: Ladder) -> dict[str, Any]:
    """A ladder as events keep it: hours to the minute."""
    said = {**vars(ladder), "days_before": list(ladder.days_before)}
    return {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in said.items()}


def _note(
    actor: Actor, act: str, region: str, now: datetime, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    record(actor, act, now, obj=("region", region), region=region, before=before, after=after)
