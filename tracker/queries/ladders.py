"""Which ladder of reminders holds where, and the quiet days of a region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.models import QuietDay, ReminderLadder, db
from tracker.queries.jobs import regions_served
from tracker.rules.ladders import Ladder, Ladders


@dataclass(frozen=True)
class QuietSpan:
    """Quiet days in a row under one note, chosen by a region."""

    region: str
    first_on: date
    last_on: date
    note: str


def ladders() -> Ladders:
    """The ladders of all regions, in one question."""
    return ladders_of(ladder_rows())


def ladder_rows() -> Sequence[ReminderLadder]:
    """The choices of all regions."""
    return db.session.scalars(sa.select(ReminderLadder)).all()


def ladders_of(rows: Sequence[ReminderLadder]) -> Ladders:
    """The choices of regions as the rules have them."""
    return Ladders({row.region_code: ladder_of(row) for row in rows})


def ladder_of(row: ReminderLadder) -> Ladder:
    """A stored ladder as the rules have it."""
    return Ladder(
        days_before=tuple(sorted(row.days_before, reverse=True)),
        day_after=row.day_after,
        repeat_every=row.repeat_every,
        head_after=row.head_after,
        decide_after=row.decide_after,
        sends_at=row.sends_at,
        leaders_at=row.leaders_at,
    )


def ladder_row(region: str) -> ReminderLadder | None:
    """The choice of a region itself."""
    return db.session.get(ReminderLadder, region)


def regions_following(region: str, by: Ladders) -> list[str]:
    """The regions with something to remind of whose people follow the choice of a region, or would if it made one."""
    choosing = by.choosing(region, by.of(region))
    return [code for code in regions_served() if code.startswith(region) and choosing.chooser(code) == region]


def quiet_rows(region: str, first_on: date) -> Sequence[QuietDay]:
    """The quiet days that hold in a region from a day on, its own and those of the regions around it."""
    around = [region[:digits] for digits in range(len(region) + 1)]
    query = sa.select(QuietDay).where(QuietDay.region_code.in_(around), QuietDay.day >= first_on)
    return db.session.scalars(query.order_by(QuietDay.region_code, QuietDay.day)).all()


def spans_of(rows: Sequence[QuietDay]) -> list[QuietSpan]:
    """Quiet days as spans, the earliest first."""
    spans: list[QuietSpan] = []
    for row in rows:
        last = spans[-1] if spans else None
        follows = last and (last.region, last.note) == (row.region_code, row.note)
        if last and follows and row.day - last.last_on == timedelta(days=1):
            spans[-1] = replace(last, last_on=row.day)
        else:
            spans.append(QuietSpan(row.region_code, row.day, row.day, row.note))
    return sorted(spans, key=lambda span: (span.first_on, span.region))
