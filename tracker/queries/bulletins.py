"""Bulletins (通报) as a list, one by its id, and what the next one may take over from the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from tracker.models import Bulletin, Issue, db
from tracker.rules.bulletins import BulletinKind, BulletinState

LISTED = (
    *(Bulletin.kind, Bulletin.number, Bulletin.title, Bulletin.state, Bulletin.dated_on, Bulletin.version),
    *(Bulletin.settled_by, Bulletin.settled_at, Bulletin.region_code, Bulletin.issue_id, Bulletin.plan_code),
)


def bulletins_of(region: str) -> Sequence[Bulletin]:
    """The bulletins of a region, newest first, without their texts and files."""
    query = sa.select(Bulletin).where(Bulletin.region_code == region).order_by(Bulletin.id.desc())
    narrow = (load_only(*LISTED), joinedload(Bulletin.issue).load_only(Issue.number, Issue.cut_off_at))
    return db.session.scalars(query.options(*narrow)).all()


def bulletin_by_id(bulletin_id: int) -> Bulletin | None:
    """A bulletin with its issue."""
    query = sa.select(Bulletin).where(Bulletin.id == bulletin_id).options(joinedload(Bulletin.issue))
    return db.session.scalar(query)


def last_issues(region: str, most: int) -> Sequence[Issue]:
    """The newest issues of a region."""
    query = sa.select(Issue).where(Issue.region_code == region).order_by(Issue.number.desc()).limit(most)
    return db.session.scalars(query).all()


def bulletin_once(region: str, once: str) -> Bulletin | None:
    """The bulletin that a form has made already."""
    return db.session.scalar(sa.select(Bulletin).where(Bulletin.region_code == region, Bulletin.once == once))


def last_of_kind(region: str, kind: BulletinKind) -> Bulletin | None:
    """The newest bulletin of a kind in a region: the next one begins with what stands around its text."""
    query = sa.select(Bulletin).where(Bulletin.region_code == region, Bulletin.kind == kind)
    return db.session.scalar(query.order_by(Bulletin.id.desc()).limit(1))


def next_brief_number(region: str, year: int) -> int:
    """The 期号 to propose for a brief: after the last one of the year that was settled."""
    query = sa.select(sa.func.max(Bulletin.number)).where(_settled_briefs(region, year))
    return (db.session.scalar(query) or 0) + 1


def is_number_taken(bulletin: Bulletin, number: int) -> bool:
    """Whether another brief of the region was settled under this 期号 in the year of its date."""
    others = _settled_briefs(bulletin.region_code, bulletin.dated_on.year)
    query = sa.select(sa.exists().where(others, Bulletin.number == number, Bulletin.id != bulletin.id))
    return bool(db.session.scalar(query))


def _settled_briefs(region: str, year: int) -> sa.ColumnElement[bool]:
    """The briefs that a region has settled in a year: their numbers begin anew with each."""
    return sa.and_(
        Bulletin.region_code == region,
        Bulletin.kind == BulletinKind.BRIEF,
        Bulletin.state == BulletinState.SETTLED,
        Bulletin.dated_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
