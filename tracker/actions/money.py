"""资金台账: add an entry of a project's money, or withdraw a wrong one; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, hold_open, stay_project
from tracker.actions.record import Actor, record
from tracker.actions.tasks import KeptFile
from tracker.clock import office_day
from tracker.models import MoneyEntry, Project, ProjectFile, Task, db
from tracker.models.once import insert_once
from tracker.queries.money import entry_sent_as
from tracker.rules.money import MoneyKind, MoneySource, entry_refusal

# Entries of one INSERT: each brings a dozen values, and a statement takes no more than some tens of thousands.
AT_ONCE = 500


@dataclass(frozen=True)
class MoneySaid:
    """What a person says of a project's money, in whole yuan. ``once`` is the form's own key, or that of a row."""

    kind: MoneyKind
    amount_yuan: int
    on: date | None
    for_year: int | None
    source: MoneySource | None
    payee: str | None
    note: str | None
    once: str
    files: Sequence[KeptFile] = ()
    invented: bool = False


def add_entry(actor: Actor, project: Project, said: MoneySaid, now: datetime) -> MoneyEntry:
    """Add an entry to the ledger of a project; sent again it adds nothing, and two people at once are both kept.

    Money may move while a project is suspended. Raises RuleRefused: plan_closed, withdrawn, amount_zero, day_missing,
    day_ahead, year_unasked and
    project_gone.
    """
    hold_open(project.task)
    refusal = entry_refusal(said.kind, said.amount_yuan, said.on, said.for_year, office_day(now))
    if refusal:
        raise RuleRefused(refusal)
    stay_project(project.task_id)
    made = db.session.execute(insert_once(MoneyEntry).values(**_columns(actor, project, said, now)))
    entry = entry_sent_as(project.task_id, said.once)
    if entry is None:
        raise RuntimeError("the entry that was just added is not there")
    if made.rowcount:  # type: ignore[attr-defined]
        for file in said.files:
            kept = ProjectFile(name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256)
            kept.at, kept.entry = now, entry
            db.session.add(kept)
        db.session.flush()
        files = {"files": [file.name for file in said.files]} if said.files else {}
        _note(actor, "add_money", project.task, now, None, facts_of(entry) | files)
    return entry


def add_entries(actor: Actor, project: Project, rows: Sequence[MoneySaid], now: datetime) -> list[MoneyEntry]:
    """Add the entries of a file at once and give those that are new; who calls keeps the event.

    Raises RuleRefused as ``add_entry`` does.
    """
    hold_open(project.task)
    reasons = [entry_refusal(each.kind, each.amount_yuan, each.on, each.for_year, office_day(now)) for each in rows]
    for reason in filter(None, reasons):
        raise RuleRefused(reason)
    stay_project(project.task_id)
    added: list[MoneyEntry] = []
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        keys = [each.once for each in some]
        is_sent = sa.select(MoneyEntry).where(MoneyEntry.task_id == project.task_id, MoneyEntry.once.in_(keys))
        known = {each.id for each in db.session.scalars(is_sent)}
        db.session.execute(insert_once(MoneyEntry).values([_columns(actor, project, each, now) for each in some]))
        added += (each for each in db.session.scalars(is_sent.order_by(MoneyEntry.id)) if each.id not in known)
    return added


def withdraw_entry(actor: Actor, entry: MoneyEntry, reason: str, now: datetime) -> None:
    """Withdraw a wrong entry: it stays to be seen and counts no more.

    Raises RuleRefused: plan_closed, withdrawn, entry_withdrawn.
    """
    hold_open(entry.project.task)
    done = db.session.execute(
        sa.update(MoneyEntry)
        .where(MoneyEntry.id == entry.id, MoneyEntry.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_by_id=actor.person.id if actor.person else None, withdrawn_reason=reason)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleRefused("entry_withdrawn")
    db.session.refresh(entry)
    _note(actor, "withdraw_money", entry.project.task, now, facts_of(entry), {"reason": reason})


def facts_of(entry: MoneyEntry) -> dict[str, object]:
    """What an event says of an entry; without what nobody said."""
    facts: dict[str, object] = {
        "entry": entry.id,
        "money_kind": entry.kind.value,
        "amount_yuan": entry.amount_yuan,
        "money_on": entry.on,
        "for_year": entry.for_year,
        "money_source": entry.source.value if entry.source else None,
        "payee": entry.payee,
        "note": entry.note,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _columns(actor: Actor, project: Project, said: MoneySaid, now: datetime) -> dict[str, object]:
    return {
        "task_id": project.task_id,
        "kind": said.kind,
        "amount_yuan": said.amount_yuan,
        "on": said.on,
        "for_year": said.for_year,
        "source": said.source,
        "payee": said.payee,
        "note": said.note,
        "account_id": actor.person.id if actor.person else None,
        "at": now,
        "invented": said.invented,
        "once": said.once,
    }


def _note(
    actor: Actor, act: str, task: Task, now: datetime, before: dict[str, object] | None, after: dict[str, object]
) -> None:
    record(actor, act, now, obj=("task", task.key), region=task.region_code, before=before, after=after)
