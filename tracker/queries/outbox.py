"""What the outbox holds: for the mailer what is due, for the page how it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, load_only, selectinload

from tracker.clock import at_office
from tracker.models import MailState, OutboxItem, OutboxMail, RefusedAddress, Robot, Task, db
from tracker.queries.holds import WAITING, not_held
from tracker.queries.paging import Page, page_of
from tracker.queries.quiet import sending_days
from tracker.queries.reminders import DIGEST
from tracker.queries.visibility import within_region
from tracker.rules.quiet import SendingDay

LEADERS_WEEK = "leaders_week"
# What goes out on working days that are not quiet; what an act causes goes out at once.
REMINDERS = (DIGEST, LEADERS_WEEK)


@dataclass(frozen=True)
class Standing:
    """How the outbox of a region stands: mails by state, the oldest that waits, the latest answer of the server."""

    counts: dict[MailState, int]
    oldest_at: datetime | None
    answered: OutboxMail | None

    @property
    def waiting(self) -> int:
        """How many mails wait to be sent."""
        return sum(self.counts.get(state, 0) for state in WAITING)

    @property
    def total(self) -> int:
        """How many mails there are."""
        return sum(self.counts.values())


def sendable(day: date) -> list[sa.ColumnElement[bool]]:
    """What may be sent on a day of all that waits: nothing that is held, reminders where their region is reminded.

    A digest waits for the hour of its day: at midnight it would leave beside the one that is queued in the morning.
    """
    reminders = OutboxMail.kind.in_(REMINDERS)
    waiting = sa.select(OutboxMail.region_code).where(OutboxMail.state == MailState.QUEUED, reminders).distinct()
    days = sending_days(db.session.scalars(waiting).all(), day)
    resting = [region for region, kind_of_day in days.items() if kind_of_day is not SendingDay.SENDS]
    reminded = [sa.not_(sa.and_(reminders, OutboxMail.region_code.in_(resting)))] if resting else []
    outdated = sa.and_(OutboxMail.kind == DIGEST, OutboxMail.queued_at < at_office(day, 0))
    return [not_held(), sa.not_(outdated), *reminded]


def is_due(now: datetime, wanted: Sequence[sa.ColumnElement[bool]]) -> bool:
    """Whether any mail that is wanted waits to be sent."""
    due = sa.exists().where(OutboxMail.state == MailState.QUEUED, OutboxMail.not_before <= now, *wanted)
    return bool(db.session.scalar(sa.select(due)))


def waiting_count() -> int:
    """How many mails of all regions wait."""
    return db.session.scalar(sa.select(sa.func.count()).where(OutboxMail.state.in_(WAITING))) or 0


def queued_in(regions: Collection[str], kind: str, at: datetime) -> dict[str, int]:
    """How many mails of a kind were just queued, at an instant, in each of some regions."""
    # Asked by what the mailer's index holds: it is the same as long as nobody has touched them.
    just_queued = (OutboxMail.state == MailState.QUEUED, OutboxMail.not_before == at)
    query = sa.select(OutboxMail.region_code, sa.func.count()).where(
        *just_queued, OutboxMail.kind == kind, OutboxMail.region_code.in_(regions)
    )
    return dict(db.session.execute(query.group_by(OutboxMail.region_code)).all())


def newer_exists() -> sa.ColumnElement[bool]:
    """That the recipient of a mail has a newer one of its kind."""
    newer = aliased(OutboxMail)
    later = [newer.kind == OutboxMail.kind, newer.id > OutboxMail.id]
    mailbox = [newer.region_code == OutboxMail.region_code, newer.address == OutboxMail.address]
    # Two questions, so that each is answered by the index of accounts.
    return sa.or_(
        sa.exists().where(newer.account_id == OutboxMail.account_id, *later),
        sa.and_(OutboxMail.account_id.is_(None), sa.exists().where(newer.account_id.is_(None), *mailbox, *later)),
    )


def with_newer(mail_ids: Collection[int]) -> set[int]:
    """Those of some mails whose recipient has a newer one of their kind."""
    if not mail_ids:
        return set()
    return set(db.session.scalars(sa.select(OutboxMail.id).where(OutboxMail.id.in_(mail_ids), newer_exists())))


def has_newer(mail: OutboxMail) -> bool:
    """Whether the recipient of a mail has a newer one of its kind."""
    return bool(with_newer([mail.id]))


def refused_among(addresses: Collection[str]) -> set[str]:
    """Those of some addresses that a mail server refused for good."""
    return set(db.session.scalars(sa.select(RefusedAddress.address).where(RefusedAddress.address.in_(addresses))))


def tasks_mentioned(mail_ids: Collection[int]) -> dict[int, set[int]]:
    """The tasks of which each of some mails speaks."""
    found: dict[int, set[int]] = {mail_id: set() for mail_id in mail_ids}
    items = sa.select(OutboxItem.mail_id, OutboxItem.task_id).where(OutboxItem.mail_id.in_(mail_ids))
    for mail_id, task_id in db.session.execute(items):
        found[mail_id].add(task_id)
    return found


def told_of(kind: str, task_ids: Collection[int], since: datetime) -> set[int]:
    """Those of some tasks of which a mail of a kind has been sent, or is just being, that was queued since then."""
    left = OutboxMail.state.in_([MailState.LEASED, MailState.SENT])
    query = sa.select(OutboxItem.task_id).join(OutboxMail, OutboxMail.id == OutboxItem.mail_id)
    query = query.where(OutboxItem.task_id.in_(task_ids), OutboxMail.kind == kind, OutboxMail.queued_at >= since, left)
    return set(db.session.scalars(query)) if task_ids else set()


def outbox_standing(region: str) -> Standing:
    """How the outbox at and below a region stands."""
    own = within_region(OutboxMail.region_code, region)
    states = sa.select(OutboxMail.state, sa.func.count(), sa.func.min(OutboxMail.queued_at))
    rows = db.session.execute(states.where(own).group_by(OutboxMail.state)).all()
    answered = sa.select(OutboxMail).where(own, OutboxMail.attempts > 0, OutboxMail.last_answer.is_not(None))
    return Standing(
        counts={state: count for state, count, _oldest in rows},
        oldest_at=min((oldest for state, _count, oldest in rows if state in WAITING), default=None),
        answered=db.session.scalar(answered.order_by(OutboxMail.id.desc()).options(_without_words()).limit(1)),
    )


def mails(region: str, state: MailState | None, number: int, standing: Standing) -> Page[OutboxMail]:
    """A page of the mails at and below a region, newest first, without their words; ``standing`` has counted them."""
    query = sa.select(OutboxMail).where(within_region(OutboxMail.region_code, region))
    if state:
        query = query.where(OutboxMail.state == state)
    total = standing.counts.get(state, 0) if state else standing.total
    robot = joinedload(OutboxMail.robot).load_only(Robot.kind)
    return page_of(query.order_by(OutboxMail.id.desc()).options(_without_words(), robot), number, total=total)


def mail_in(region: str, mail_id: int) -> OutboxMail | None:
    """A mail at or below a region with the tasks that it mentions."""
    query = sa.select(OutboxMail).where(OutboxMail.id == mail_id, within_region(OutboxMail.region_code, region))
    tasks = selectinload(OutboxMail.items).joinedload(OutboxItem.task).load_only(Task.key, Task.number, Task.title)
    return db.session.scalar(
        query.options(joinedload(OutboxMail.account), joinedload(OutboxMail.robot).joinedload(Robot.unit), tasks)
    )


def _without_words() -> sa.orm.strategy_options._AbstractLoad:
    """The columns of a list: the text of a mail is read on its own page alone."""
    return load_only(
        OutboxMail.kind,
        OutboxMail.address,
        OutboxMail.subject,
        OutboxMail.state,
        OutboxMail.queued_at,
        OutboxMail.not_before,
        OutboxMail.sent_at,
        OutboxMail.attempts,
        OutboxMail.last_answer,
    )
