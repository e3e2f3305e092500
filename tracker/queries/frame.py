"""What the frame of every page asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.models import DEMONSTRATION, Mark, OutboxHold, Region, Task, db
from tracker.queries.desk import is_submission
from tracker.queries.visibility import COUNTY_DIGITS, within_region
from tracker.queries.work import needs_a_word
from tracker.rules.permissions import Person, Role


@dataclass(frozen=True)
class FrameFacts:
    """Whether the progress here is invented, the reader's region (empty for the country), how many tasks wait.

    ``mail_is_held``: for administrators, whether mails of their region wait for them to let the outbox go on.
    """

    demonstration: bool
    region_name: str
    waiting: int = 0
    mail_is_held: bool = False


def frame_facts(reader: Person | None, today: date) -> FrameFacts:
    """What the frame shows, in one question."""
    marked = sa.select(Mark.name).where(Mark.name == DEMONSTRATION).scalar_subquery()
    name = sa.select(Region.name).where(Region.code == (reader.region if reader else "")).scalar_subquery()
    found = db.session.execute(sa.select(marked, name, _waiting(reader, today), _is_held(reader))).one()
    return FrameFacts(found[0] is not None, found[1] or "", found[2], bool(found[3]))


def _is_held(reader: Person | None) -> sa.ColumnElement[bool]:
    if reader is None or reader.role is not Role.ADMINISTRATOR:
        return sa.false()
    return sa.exists(sa.select(OutboxHold.region_code).where(within_region(OutboxHold.region_code, reader.region)))


def _waiting(reader: Person | None, today: date) -> sa.ColumnElement[int]:
    """How many tasks wait for a person of a county: for the office to verify, for staff returned and overdue ones."""
    if reader is None or len(reader.region) < COUNTY_DIGITS:
        return sa.literal(0)
    match reader.role:
        case Role.PLAN_OFFICE:
            condition = is_submission(reader)
        case Role.UNIT_STAFF:
            condition = needs_a_word(reader, today)
        case _:
            return sa.literal(0)
    return sa.select(sa.func.count()).select_from(Task).where(condition).scalar_subquery()


def is_demonstration() -> bool:
    """Whether the progress in this database is invented."""
    return db.session.get(Mark, DEMONSTRATION) is not None


def region_name(code: str) -> str:
    """The name of a region; the empty code is the whole country."""
    region = db.session.get(Region, code) if code else None
    return region.name if region else "全国"


def region_names(codes: Collection[str]) -> dict[str, str]:
    """The names of several regions; the empty code is the whole country."""
    found = sa.select(Region.code, Region.name).where(Region.code.in_([code for code in codes if code]))
    named = dict(db.session.execute(found).all()) if any(codes) else {}
    return {code: named.get(code, "全国") for code in codes}


def regions_below(code: str) -> list[Region]:
    """The regions that have a code with this prefix, the region itself included."""
    return list(
        db.session.scalars(sa.select(Region).where(Region.code.startswith(code, autoescape=True)).order_by(Region.code))
    )


def schema_revision() -> sa.ScalarSelect[str]:
    """The revision of the tables, as the last migration left it; to be asked beside others."""
    version = sa.table("alembic_version", sa.column("version_num"))
    return sa.select(version.c.version_num).limit(1).scalar_subquery()
