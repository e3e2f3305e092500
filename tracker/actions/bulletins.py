"""What an office does to its bulletins (通报): make one from an issue, word it, settle it, drop a draft."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.record import Actor, hold_chain, record
from tracker.models import Bulletin, Issue, IssueState, db
from tracker.queries.bulletins import bulletin_once, is_number_taken
from tracker.rules.bulletins import Block, BulletinKind, BulletinState

# What an event calls otherwise than a bulletin does: tasks have a title and a number of another kind.
FACTS = {"title": "heading", "number": "brief_number"}


class StaleBulletin(Exception):
    """Somebody else saved or settled the bulletin after this form was opened."""


class IssueUnsigned(Exception):
    """The figures of the issue may still change: it is not signed."""


class NumberTaken(Exception):
    """Another brief of the region and year was settled under this number, or none was given."""


@dataclass(frozen=True)
class Around:
    """What stands around the text of a bulletin."""

    title: str
    issuer: str
    dated_on: date
    addressee: str = ""
    number: int | None = None
    reported_to: str = ""
    sent_to: str = ""
    issued_to: str = ""


@dataclass(frozen=True)
class Scope:
    """Of what a bulletin speaks: one plan or all, some units or all."""

    plan_code: str | None = None
    unit_names: Sequence[str] = ()


def make_bulletin(
    actor: Actor,
    issue: Issue,
    kind: BulletinKind,
    scope: Scope,
    around: Around,
    blocks: Sequence[Block],
    once: str,
    now: datetime,
) -> Bulletin:
    """A draft about an issue; the same form sent twice makes one."""
    bulletin = Bulletin(
        region_code=issue.region_code,
        issue_id=issue.id,
        kind=kind,
        plan_code=scope.plan_code,
        unit_names=list(scope.unit_names),
        blocks=[asdict(block) for block in blocks],
        made_by_id=actor.person.id if actor.person else None,
        made_at=now,
        once=once,
        **asdict(around),
    )
    try:
        with db.session.begin_nested():
            db.session.add(bulletin)
    except IntegrityError:
        there = bulletin_once(issue.region_code, once)
        if there is None:
            raise
        return there
    said = {"heading": around.title, "bulletin": kind.value, "issue": issue.number}
    _note(actor, "make_bulletin", bulletin, now, None, said)
    return bulletin


def word_bulletin(
    actor: Actor, bulletin: Bulletin, version: int, around: Around, blocks: Sequence[Block], now: datetime
) -> bool:
    """Keep what the office wrote; whether anything changed. Raises StaleBulletin."""
    _claim(bulletin, version)
    before = _said(bulletin)
    for name, value in asdict(around).items():
        setattr(bulletin, name, value)
    bulletin.blocks = [asdict(block) for block in blocks]
    db.session.flush()
    after = _said(bulletin)
    changed = [name for name in after if before.get(name) != after[name]]
    if changed:
        said = ({name: each.get(name) for name in changed} for each in (before, after))
        _note(actor, "word_bulletin", bulletin, now, *said)
    return bool(changed)


def check_settling(bulletin: Bulletin) -> None:
    """Raises IssueUnsigned while the figures may change, NumberTaken for a brief without a number of its own.

    Whoever settles another one at the same time waits until this transaction ends.
    """
    hold_chain()
    if bulletin.issue.state is not IssueState.SIGNED:
        raise IssueUnsigned
    if bulletin.kind is BulletinKind.BRIEF and (bulletin.number is None or is_number_taken(bulletin, bulletin.number)):
        raise NumberTaken


def settle_bulletin(actor: Actor, bulletin: Bulletin, file: bytes, now: datetime) -> None:
    """Keep a bulletin with its Word file for good; its words were claimed in the same transaction."""
    bulletin.file, bulletin.sha256 = file, hashlib.sha256(file).hexdigest()
    bulletin.settled_at, bulletin.settled_by = now, actor.person.name if actor.person else None
    bulletin.state = BulletinState.SETTLED
    db.session.flush()
    _note(actor, "settle_bulletin", bulletin, now, None, {"heading": bulletin.title, "hash": bulletin.sha256})


def drop_bulletin(actor: Actor, bulletin: Bulletin, version: int, now: datetime) -> None:
    """Remove a draft. Raises StaleBulletin, also for one that is settled."""
    _claim(bulletin, version)
    _note(actor, "drop_bulletin", bulletin, now, _said(bulletin), None)
    db.session.delete(bulletin)
    db.session.flush()


def _claim(bulletin: Bulletin, version: int) -> None:
    """Take the next version of a draft."""
    mine = sa.and_(Bulletin.id == bulletin.id, Bulletin.version == version, Bulletin.state == BulletinState.DRAFT)
    claimed = db.session.execute(
        sa.update(Bulletin)
        .where(mine)
        .values(version=Bulletin.version + 1)
        .returning(Bulletin.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if claimed is None:
        raise StaleBulletin
    db.session.refresh(bulletin, ["version"])


def _said(bulletin: Bulletin) -> dict[str, Any]:
    around = {FACTS.get(name, name): getattr(bulletin, name) for name in Around.__dataclass_fields__}
    return around | {each["key"]: each["text"] for each in bulletin.blocks}


def _note(
    actor: Actor,
    act: str,
    bulletin: Bulletin,
    now: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    thing = ("bulletin", str(bulletin.id))
    record(actor, act, now, obj=thing, region=bulletin.region_code, before=before, after=after)
