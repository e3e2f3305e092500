"""签收: what units and the office say of parts of tasks. Accepting changes no task and so needs no version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor, record
from tracker.models import Receipt, Task, Unit, db
from tracker.queries.receipts import Part, parts_of_task, parts_to_accept
from tracker.rules.receipts import PartState, Verdict


def accept(actor: Actor, task: Task, unit_ids: Collection[int], now: datetime) -> int:
    """Accept the parts of these units in a task; how many that were. Said again it adds nothing.

    Raises RuleRefused('not_your_part') where none of the units has one.
    """
    _hold(unit_ids)
    own = [part for part in parts_of_task(task) if part.unit_id in unit_ids]
    if not own:
        raise RuleRefused("not_your_part")
    return _accept([part for part in own if part.state is not PartState.ACCEPTED], actor, now)


def accept_all(actor: Actor, now: datetime) -> int:
    """Accept every open part of the person's units; how many that were. Said again it adds nothing."""
    if actor.person is None:
        return 0
    _hold(actor.person.units)
    return _accept(parts_to_accept(actor.person), actor, now)


def return_part(actor: Actor, task: Task, version: int, unit_id: int, reason: str, now: datetime) -> Part:
    """Return a unit's part to the office with a reason. Raises StaleTask, RuleRefused('part_not_open')."""
    before = facts_of(task)
    claim(task, version)
    part = _part(task, unit_id)
    if part is None or not part.may_be_returned:
        raise RuleRefused("part_not_open")
    db.session.add(_receipt(part, actor, Verdict.RETURNED, now, reason))
    note(actor, "return_part", task, now, before, unit=part.unit_name, reason=reason)
    return part


def ask_again(actor: Actor, task: Task, version: int, unit_id: int, reason: str, now: datetime) -> Part:
    """Give a returned part to its unit once more. Raises StaleTask, RuleRefused('part_not_returned')."""
    before = facts_of(task)
    claim(task, version)
    part = _part(task, unit_id)
    if part is None or part.state is not PartState.RETURNED:
        raise RuleRefused("part_not_returned")
    db.session.add(_receipt(part, actor, Verdict.ASKED_AGAIN, now, reason))
    note(actor, "ask_part_again", task, now, before, unit=part.unit_name, reason=reason)
    return part


def _hold(unit_ids: Collection[int]) -> None:
    """Let those who accept for one unit follow one another; on SQLite the writing transaction sees to it."""
    rows = sa.select(Unit.id).where(Unit.id.in_(unit_ids)).order_by(Unit.id)
    db.session.execute(rows.with_for_update(key_share=True))


def _part(task: Task, unit_id: int) -> Part | None:
    return next((part for part in parts_of_task(task) if part.unit_id == unit_id), None)


def _accept(parts: Iterable[Part], actor: Actor, now: datetime) -> int:
    """Append an acceptance to each part, and one event to each task."""
    by_task: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        db.session.add(_receipt(part, actor, Verdict.ACCEPTED, now))
        by_task[(part.key, part.region_code)].append(part)
    db.session.flush()
    for (key, region), accepted in by_task.items():
        units = "、".join(part.unit_name for part in accepted)
        record(actor, "accept_part", now, obj=("task", key), region=region, after={"unit": units})
    return sum(map(len, by_task.values()))


def _receipt(part: Part, actor: Actor, verdict: Verdict, now: datetime, reason: str | None = None) -> Receipt:
    return Receipt(
        task_id=part.task_id,
        unit_id=part.unit_id,
        account_id=actor.person.id if actor.person else None,
        verdict=verdict,
        reason=reason,
        at=now,
    )
