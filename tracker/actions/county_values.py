"""What is done to the values of a county: say one, check it, take back one's own mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused
from tracker.actions.record import Actor, record
from tracker.actions.tasks import KeptFile
from tracker.models import CountyValue, CountyValueFile, db
from tracker.models.once import insert_once
from tracker.queries.county_values import value_sent_as
from tracker.rules.county_values import check_refusal, withdraw_refusal
from tracker.rules.stages import Standing


@dataclass(frozen=True)
class ValueSaid:
    """What a person says of a figure: a number, or yes or no. ``once`` is the form's own key."""

    figure: str
    on: date
    number: Decimal | None
    yes: bool | None
    standing: Standing
    source: str
    note: str | None
    unit_id: int | None
    once: str
    files: Sequence[KeptFile] = ()


def say_value(actor: Actor, region: str, said: ValueSaid, now: datetime) -> CountyValue:
    """Say a new value; what was said before stays in the history. Sent again it adds nothing."""
    made = db.session.execute(
        insert_once(CountyValue).values(
            region_code=region,
            figure=said.figure,
            on=said.on,
            number=said.number,
            yes=said.yes,
            standing=said.standing,
            source=said.source,
            note=said.note,
            unit_id=said.unit_id,
            said_by_id=actor.person.id if actor.person else None,
            said_at=now,
            once=said.once,
        )
    )
    value = value_sent_as(region, said.once)
    if value is None:
        raise RuntimeError("the value that was just said is not there")
    if made.rowcount:  # type: ignore[attr-defined]
        for file in said.files:
            kept = CountyValueFile(name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256)
            kept.at, kept.value = now, value
            db.session.add(kept)
        db.session.flush()
        _note(actor, "say_value", value, now, None, _facts(value) | {"files": [file.name for file in said.files]})
    return value


def check_value(actor: Actor, value: CountyValue, now: datetime) -> None:
    """Say that a value was checked. Raises RuleRefused('own_value') and RuleRefused('value_decided')."""
    person = actor.person.id if actor.person else 0
    is_open = value.checked_at is None and value.withdrawn_at is None
    _refuse(check_refusal(person, value.said_by_id, is_open))
    before = {"standing": value.standing.value}
    _decide(value, checked_by_id=person, checked_at=now, standing=Standing.CHECKED)
    _note(actor, "check_value", value, now, before, {"standing": Standing.CHECKED.value})


def withdraw_value(actor: Actor, value: CountyValue, now: datetime) -> None:
    """Take back one's own mistake; it stays in the history and counts no more.

    Raises RuleRefused('not_own_value') and RuleRefused('value_decided').
    """
    person = actor.person.id if actor.person else 0
    _refuse(withdraw_refusal(person, value.said_by_id, value.withdrawn_at is not None))
    _decide(value, withdrawn_at=now)
    _note(actor, "withdraw_value", value, now, _facts(value), {})


def _refuse(reason: str | None) -> None:
    if reason:
        raise RuleRefused(reason)


def _decide(value: CountyValue, **changes: object) -> None:
    """Change a value as it was read; what somebody decided meanwhile is not decided again."""
    unchanged = (CountyValue.checked_at.is_(None)) if value.checked_at is None else CountyValue.checked_at.is_not(None)
    done = db.session.execute(
        sa.update(CountyValue)
        .where(CountyValue.id == value.id, CountyValue.withdrawn_at.is_(None), unchanged)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleRefused("value_decided")
    db.session.refresh(value)


def _facts(value: CountyValue) -> dict[str, object]:
    """What an event says of a value."""
    return {
        "value": value.number if value.yes is None else "是" if value.yes else "否",
        "on": value.on,
        "standing": value.standing.value,
        "source": value.source,
        "note": value.note,
        "said_by_unit": value.unit.name if value.unit else None,
    }


def _note(
    actor: Actor,
    act: str,
    value: CountyValue,
    now: datetime,
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
) -> None:
    obj = ("county_value", str(value.id))
    record(actor, act, now, obj=obj, region=value.region_code, before=before, after={"figure": value.figure, **after})
