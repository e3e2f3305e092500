"""What the office says of what a task brings: which indicator it serves, and what it adds to which school."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, StaleTask, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.models import Addition, Contribution, Indicator, Origin, School, Task, db
from tracker.queries.indicators import national_indicator
from tracker.queries.links import additions_of, choices_in, is_confirmable
from tracker.queries.schools import school_named
from tracker.rules.links import LinkState, why_not_counted
from tracker.rules.school_figures import ADDABLE
from tracker.rules.stages import Stage


@dataclass(frozen=True)
class Serving:
    """That a task serves an indicator: why, and which yes/no condition of the county it meets when it is done."""

    code: str
    reason: str
    condition: str | None = None


@dataclass(frozen=True)
class Adding:
    """That a task adds an amount of a figure to a school's stage, a school or the county, not before ``from_on``."""

    figure: str
    amount: Decimal | None
    school: str | None
    stage: Stage | None
    from_on: date | None
    reason: str


def confirm(
    actor: Actor,
    task: Task,
    version: int,
    now: datetime,
    links: Collection[int] | None = None,
    additions: Collection[int] | None = None,
) -> int:
    """Confirm the proposals of a task, all that are complete where none are named; returns how many.

    Raises StaleTask, RuleRefused('nothing_to_confirm') and RuleRefused('addition_incomplete').
    """
    before = facts_of(task)
    claim(task, version)
    everything = links is None and additions is None
    own = [
        row for row in task.contributions if row.state is LinkState.PROPOSED and (everything or row.id in (links or ()))
    ]
    added = [
        row
        for row in additions_of(task)
        if row.state is LinkState.PROPOSED and (everything or row.id in (additions or ()))
    ]
    ready = [row for row in added if is_confirmable(row)]
    if not everything and len(ready) < len(added):
        raise RuleRefused("addition_incomplete")
    if not own and not ready:
        raise RuleRefused("nothing_to_confirm")
    proposals: list[Contribution | Addition] = [*own, *ready]
    for row in proposals:
        _decide(row, LinkState.CONFIRMED, actor, now)
    said = {"links": [link_words(row) for row in own], "additions": [addition_words(row) for row in ready]}
    note(actor, "confirm_links", task, now, before, **{name: words for name, words in said.items() if words})
    return len(own) + len(ready)


def add_link(actor: Actor, task: Task, version: int, said: Serving, now: datetime) -> Contribution:
    """Say that a task serves an indicator; what the office says is confirmed.

    Raises StaleTask and RuleRefused: indicator_unknown, condition_unknown, link_stands.
    """
    before = facts_of(task)
    claim(task, version)
    indicator = national_indicator(said.code)
    if indicator is None:
        raise RuleRefused("indicator_unknown")
    if any(row.indicator_id == indicator.id for row in task.contributions):
        raise RuleRefused("link_stands")
    _refuse_condition(indicator, said.condition)
    row = Contribution(indicator=indicator, reason=said.reason, condition=said.condition)
    task.contributions.append(row)
    _decide(row, LinkState.CONFIRMED, actor, now)
    dropped = {"no_indicator": task.no_indicator_reason} if task.no_indicator_reason else {}
    task.no_indicator_reason = None
    note(actor, "add_link", task, now, before | dropped, links=[link_words(row)])
    return row


def change_link(actor: Actor, task: Task, version: int, link_id: int, said: Serving, now: datetime) -> None:
    """Give a link another reason or condition, which confirms it. Raises StaleTask, RuleRefused('link_gone')."""
    before = facts_of(task)
    claim(task, version)
    row = _link(task, link_id)
    _refuse_condition(row.indicator, said.condition)
    old = link_words(row)
    row.reason, row.condition = said.reason, said.condition
    _decide(row, LinkState.CONFIRMED, actor, now)
    note(actor, "change_link", task, now, before | {"links": [old]}, links=[link_words(row)])


def remove_link(actor: Actor, task: Task, version: int, link_id: int, reason: str, now: datetime) -> None:
    """Take a link away; the event keeps its words. The reason of the last one says why the task serves none.

    Raises StaleTask and RuleRefused('link_gone').
    """
    before = facts_of(task)
    claim(task, version)
    row = _link(task, link_id)
    old = link_words(row)
    task.contributions.remove(row)
    if not task.contributions:
        task.no_indicator_reason = reason
    note(actor, "remove_link", task, now, before | {"links": [old]}, reason=reason)


def add_addition(actor: Actor, task: Task, version: int, said: Adding, once: str, now: datetime) -> Addition:
    """Say what a task adds; what the office says is confirmed. The same form sent again adds nothing.

    Raises StaleTask and RuleRefused with the words of ``why_not_counted`` and school_unknown.
    """
    if earlier := _sent_before(task, once):
        return earlier
    before = facts_of(task)
    try:
        claim(task, version)
    except StaleTask:
        if earlier := _sent_before(task, once):
            return earlier
        raise
    row = Addition(task_id=task.id, once=once, origin=Origin.HAND)
    _write(task, row, said)
    _decide(row, LinkState.CONFIRMED, actor, now)
    db.session.add(row)
    note(actor, "add_addition", task, now, before, additions=[addition_words(row)], reason=said.reason)
    return row


def _sent_before(task: Task, once: str) -> Addition | None:
    return db.session.scalar(sa.select(Addition).where(Addition.task_id == task.id, Addition.once == once))


def change_addition(actor: Actor, task: Task, version: int, addition_id: int, said: Adding, now: datetime) -> None:
    """Give an addition other values, which confirms it; a dismissed one counts again.

    Raises StaleTask and RuleRefused with the words of ``why_not_counted``, school_unknown and addition_gone.
    """
    before = facts_of(task)
    claim(task, version)
    row = _addition(task, addition_id)
    old = addition_words(row)
    _write(task, row, said)
    row.origin = Origin.HAND
    _decide(row, LinkState.CONFIRMED, actor, now)
    added = [addition_words(row)]
    note(actor, "change_addition", task, now, before | {"additions": [old]}, additions=added, reason=said.reason)


def dismiss_addition(actor: Actor, task: Task, version: int, addition_id: int, reason: str, now: datetime) -> None:
    """Say that a task does not add this; it stays, so that it is not proposed again.

    Raises StaleTask and RuleRefused('addition_gone').
    """
    before = facts_of(task)
    claim(task, version)
    row = _addition(task, addition_id)
    if row.state is LinkState.DISMISSED:
        raise RuleRefused("addition_gone")
    old = addition_words(row)
    _decide(row, LinkState.DISMISSED, actor, now)
    note(actor, "dismiss_addition", task, now, before | {"additions": [old]}, reason=reason)


def link_words(row: Contribution) -> str:
    """A link as its event keeps it: the code of the indicator, why, and the condition that it meets."""
    return f"{row.indicator.code} {row.reason}" + (f"（{row.condition}）" if row.condition else "")


def addition_words(row: Addition) -> str:
    """An addition as its event keeps it: school, stage, the code of the figure, the amount, from when."""
    amount = "" if row.amount is None else f"{row.amount.normalize():f}"
    parts = (row.school.name if row.school else None, row.stage, row.figure, amount, row.from_on)
    return " ".join(str(part) for part in parts if part)


def _write(task: Task, row: Addition, said: Adding) -> None:
    """Put what was said into a row. Raises RuleRefused for what cannot be counted."""
    figures = choices_in(task.region_code, task.plan.framework_id).figures
    school = _school(task, said.school)
    of_stage = said.figure in ADDABLE and ADDABLE[said.figure].of_stage
    stage = said.stage if of_stage or said.figure in figures else None  # a whole school's figure has no stage
    refusal = why_not_counted(said.figure, school is not None, stage, said.amount, figures)
    if refusal:
        raise RuleRefused(refusal)
    row.figure, row.amount, row.stage, row.from_on, row.reason = (
        said.figure,
        said.amount,
        stage,
        said.from_on,
        said.reason,
    )
    row.school = school


def _school(task: Task, name: str | None) -> School | None:
    """The school of the task's county with a name. Raises RuleRefused('school_unknown')."""
    if not name:
        return None
    school = school_named(task.region_code, name)
    if school is None:
        raise RuleRefused("school_unknown")
    return school


def _decide(row: Contribution | Addition, state: LinkState, actor: Actor, now: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at = state, actor.person.id if actor.person else None, now


def _link(task: Task, link_id: int) -> Contribution:
    row = next((each for each in task.contributions if each.id == link_id), None)
    if row is None:
        raise RuleRefused("link_gone")
    return row


def _addition(task: Task, addition_id: int) -> Addition:
    row = next((each for each in additions_of(task) if each.id == addition_id), None)
    if row is None:
        raise RuleRefused("addition_gone")
    return row


def _refuse_condition(indicator: Indicator, condition: str | None) -> None:
    """Raise RuleRefused('condition_unknown') for a condition that the indicator does not ask as a question."""
    asked = {each["code"] for each in indicator.conditions or () if each.get("asks")}
    if condition is not None and condition not in asked:
        raise RuleRefused("condition_unknown")
