"""Record an event in the transaction of its act, chained by hash to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tracker.models import Event, db
from tracker.rules.permissions import Person

FIRST_HASH = "0" * 64
ROWS_AT_ONCE = 1000
CHAIN_LOCK = 7_310_001  # the advisory lock that orders the writers of the chain on PostgreSQL


@dataclass(frozen=True)
class Actor:
    """Who acts and from where; a job acts without a person."""

    person: Person | None = None
    unit_name: str | None = None
    address: str | None = None


NOBODY = Actor()


@dataclass(frozen=True)
class Act:
    """An act on an object of a region, with what stood before and after."""

    name: str
    obj: tuple[str, str] | None = None
    region: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    allowed: bool = True


def record(
    actor: Actor,
    act: str,
    now: datetime,
    *,
    obj: tuple[str, str] | None = None,
    region: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    allowed: bool = True,
) -> Event:
    """Append an event. Values may be dates, decimals and enums; they are kept as text."""
    return record_all(actor, [Act(act, obj, region, before, after, allowed)], now)[0]


def record_all(actor: Actor, acts: Iterable[Act], now: datetime) -> list[Event]:
    """Append an event for each act, in their order and in one flush."""
    hold_chain()
    previous = db.session.scalar(sa.select(Event.hash).order_by(Event.id.desc()).limit(1)) or FIRST_HASH
    events = []
    for act in acts:
        events.append(_event(actor, act, now, previous))
        previous = events[-1].hash
    db.session.add_all(events)
    db.session.flush()
    return events


def _event(actor: Actor, act: Act, now: datetime, previous: str) -> Event:
    event = Event(
        at=now,
        act=act.name,
        allowed=act.allowed,
        account_id=actor.person.id if actor.person else None,
        person_name=actor.person.name if actor.person else None,
        role=actor.person.role if actor.person else None,
        unit_name=actor.unit_name,
        address=actor.address,
        region_code=act.region,
        object_type=act.obj[0] if act.obj else None,
        object_id=act.obj[1] if act.obj else None,
        before=_plain(act.before),
        after=_plain(act.after),
        previous_hash=previous,
    )
    event.hash = event_hash(event)
    return event


def event_hash(event: Event) -> str:
    """SHA-256 over the previous hash and everything that the row says."""
    said = [
        event.previous_hash,
        event.at.astimezone(UTC).isoformat(),
        event.act,
        event.allowed,
        event.account_id,
        event.person_name,
        event.role,
        event.unit_name,
        event.address,
        event.region_code,
        event.object_type,
        event.object_id,
        event.before,
        event.after,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """How many events were read, the hash that the chain ends with, and the first event that does not fit, if any."""

    count: int
    last_hash: str
    broken: Event | None = None


def verified_chain() -> Verdict:
    """Read every event and compute the chain anew: a changed row, and the gap where one was removed, are found.

    Rows missing at the end leave no gap: compare the count and the last hash with those noted elsewhere.
    """
    count, last = 0, FIRST_HASH
    for event in db.session.scalars(sa.select(Event).order_by(Event.id).execution_options(yield_per=ROWS_AT_ONCE)):
        if event.previous_hash != last or event.hash != event_hash(event):
            return Verdict(count, last, event)
        count, last = count + 1, event.hash
    return Verdict(count, last)


def hold_chain() -> None:
    """Writers of the chain follow one another; on SQLite the writing transaction already sees to it."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: _as_text(value) for name, value in values.items()}


def _as_text(value: Any) -> Any:
    if isinstance(value, date | datetime | Decimal):
        return value.isoformat() if not isinstance(value, Decimal) else str(value)
    return value
