"""Holds: where nothing is sent until an administrator lets it go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.models import (
    Account,
    HoldReason,
    MailState,
    OutboxHold,
    OutboxMail,
    Plan,
    PlanState,
    Region,
    Unit,
    db,
)
from tracker.queries.jobs import regions_served
from tracker.queries.visibility import within_region
from tracker.rules.permissions import Role

WAITING = (MailState.QUEUED, MailState.LEASED)


@dataclass(frozen=True)
class Hold:
    """A hold that concerns a region: set there, below or above it."""

    region_code: str
    region_name: str
    reason: HoldReason
    held_at: datetime
    is_above: bool


@dataclass(frozen=True)
class Held:
    """The holds that concern a region, and the waiting mails that those at and below it keep, counted by kind."""

    holds: list[Hold]
    kinds: dict[str, int]

    @property
    def mails(self) -> int:
        """How many mails wait under the holds that may be lifted here."""
        return sum(self.kinds.values())

    @property
    def own(self) -> list[Hold]:
        """The holds that may be lifted here."""
        return [hold for hold in self.holds if not hold.is_above]

    @property
    def above(self) -> Hold | None:
        """The widest hold that was set above."""
        return next((hold for hold in self.holds if hold.is_above), None)

    @property
    def restored(self) -> Hold | None:
        """A hold because the database was restored."""
        return next((hold for hold in self.own if hold.reason is HoldReason.RESTORED), None)


def held_in(region: str) -> Held:
    """What is held at and below a region and why, and what waits under it, in one question."""
    waiting = _kinds_kept(region)
    query = (
        sa.select(OutboxHold.region_code, Region.name, OutboxHold.reason, OutboxHold.held_at, waiting)
        .select_from(OutboxHold)
        .outerjoin(Region, Region.code == OutboxHold.region_code)
        .outerjoin(waiting, sa.true())
        .where(sa.or_(within_region(OutboxHold.region_code, region), OutboxHold.region_code.in_(_above(region))))
        .order_by(OutboxHold.region_code, waiting.c.count.desc(), waiting.c.kind)
    )
    rows = db.session.execute(query).all()
    holds = {
        code: Hold(code, name or "", reason, held_at, code != region and region.startswith(code))
        for code, name, reason, held_at, _kind, _count in rows
    }
    return Held(list(holds.values()), {kind: count for *_hold, kind, count in rows if kind})


def not_held() -> sa.ColumnElement[bool]:
    """The mails that no hold keeps."""
    return ~_kept_by(sa.true())


def _kinds_kept(region: str) -> sa.Subquery:
    """How many mails of each kind wait under the holds at and below a region."""
    kept = _kept_by(within_region(OutboxHold.region_code, region))
    query = sa.select(OutboxMail.kind, sa.func.count().label("count"))
    return query.where(OutboxMail.state.in_(WAITING), kept).group_by(OutboxMail.kind).subquery()


def _kept_by(wanted: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The mails that one of the wanted holds keeps."""
    region_of_hold = sa.func.substr(OutboxMail.region_code, 1, sa.func.length(OutboxHold.region_code))
    return sa.exists().where(region_of_hold == OutboxHold.region_code, wanted).correlate(OutboxMail)


def regions_to_hold() -> Sequence[str]:
    """The regions from which a mail may go out: with an active plan, a waiting mail, or people or units around one."""
    plans = sa.select(Plan.region_code).where(Plan.state == PlanState.ACTIVE)
    mails = sa.select(OutboxMail.region_code).where(OutboxMail.state.in_(WAITING))
    around = regions_served()
    people = sa.select(Account.region_code).where(Account.region_code.in_(around), Account.disabled_at.is_(None))
    units = sa.select(Unit.region_code).where(Unit.region_code.in_(around), Unit.disabled_at.is_(None))
    return db.session.scalars(sa.union(plans, mails, people, units)).all()


def left_above(region: str) -> Sequence[str]:
    """The holds of a restored database above a region that no administrator there could lift."""
    own = sa.func.substr(OutboxHold.region_code, 1, sa.func.length(Account.region_code)) == Account.region_code
    overseen = sa.exists().where(Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None), own)
    restored = [OutboxHold.reason == HoldReason.RESTORED, OutboxHold.region_code.in_(_above(region))]
    return db.session.scalars(sa.select(OutboxHold.region_code).where(*restored, ~overseen)).all()


def _above(region: str) -> list[str]:
    return [region[:digits] for digits in range(len(region))]
