"""Reporting periods: set the rhythm of a task, open what has begun, mark what was reported."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import Report, ReportingPeriod, Task, db
from tracker.models.once import insert_once
from tracker.queries.periods import ASKED_STATES, first_report_in, first_reports, tasks_with_rhythm
from tracker.rules.rhythms import Period, Rhythm, is_possible, next_to_open, present_period

ROWS_AT_ONCE = 500
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """The rhythm that the office chooses for a task, or none; the day on which it begins is needed with one."""

    rhythm: Rhythm | None
    parts: int = 1
    begins_on: date | None = None


def set_rhythm(actor: Actor, task: Task, version: int, chosen: Chosen, reason: str, now: datetime) -> None:
    """Set or clear how often a task is reported; what was reported stays, periods still running give way.

    Raises StaleTask, RuleRefused('closed') and RuleRefused('rhythm_not_possible').
    """
    if task.state not in ASKED_STATES:
        raise RuleRefused("closed")
    _refuse_impossible(task, chosen)
    before = {**facts_of(task), "rhythm": task.rhythm, "parts": task.rhythm_parts, "begins_on": task.rhythm_from}
    claim(task, version)
    task.rhythm = chosen.rhythm
    task.rhythm_parts = chosen.parts if chosen.rhythm else 1
    task.rhythm_from = chosen.begins_on if chosen.rhythm else None
    db.session.execute(
        sa.delete(ReportingPeriod).where(
            ReportingPeriod.task_id == task.id,
            ReportingPeriod.report_id.is_(None),
            ReportingPeriod.ends_on >= min(office_day(now), task.rhythm_from or office_day(now)),
        )
    )
    task.keep_light_dates()
    said = {"rhythm": task.rhythm, "parts": task.rhythm_parts, "begins_on": task.rhythm_from}
    note(actor, "rhythm", task, now, before, reason=reason, **said)


def open_periods(now: datetime) -> tuple[int, int]:
    """Open at most one period of every task with a rhythm, the next in its sequence, once it has begun.

    Returns how many were opened and how many tasks were skipped because their rhythm cannot be counted.
    """
    today, found, skipped = office_day(now), dict[int, Period](), 0
    for due in tasks_with_rhythm():
        try:
            period = next_to_open(due.beat, due.opened, today)
        except (ValueError, OverflowError) as error:
            logger.warning("the rhythm of task %s is skipped: %s", due.task_id, error)
            skipped += 1
            continue
        if period:
            found[due.task_id] = period
    return sum(_open(chunk, now) for chunk in _chunks(found)), skipped


def mark_present(task: Task, report: Report) -> None:
    """Open the present period of a task if nothing has yet, and mark it with its first report."""
    beat = task.light_facts.beat
    period = present_period(beat, office_day(report.at)) if beat else None
    if period is None:
        return
    db.session.execute(insert_once(ReportingPeriod).values(**_row(task.id, period, report.at)))
    db.session.execute(
        sa.update(ReportingPeriod)
        .where(
            ReportingPeriod.task_id == task.id,
            ReportingPeriod.starts_on == period.starts_on,
            ReportingPeriod.report_id.is_(None),
        )
        .values(report_id=report.id)
    )


def hand_on(report: Report) -> None:
    """Give the periods that a withdrawn report has marked to the next one that counts, or to none."""
    for period in db.session.scalars(sa.select(ReportingPeriod).where(ReportingPeriod.report_id == report.id)):
        period.report_id = first_report_in(period)


def _refuse_impossible(task: Task, chosen: Chosen) -> None:
    if chosen.rhythm is None:
        return
    is_sound = is_possible(chosen.rhythm, chosen.parts, task.due_on is not None) and chosen.begins_on is not None
    if is_sound and chosen.rhythm is Rhythm.ONCE and chosen.begins_on and task.due_on:
        is_sound = chosen.begins_on <= task.due_on
    if not is_sound:
        raise RuleRefused("rhythm_not_possible")


def _open(periods: dict[int, Period], now: datetime) -> int:
    reports = first_reports(periods)
    rows = [{**_row(task_id, period, now), "report_id": reports.get(task_id)} for task_id, period in periods.items()]
    return int(db.session.execute(insert_once(ReportingPeriod).values(rows)).rowcount)  # type: ignore[attr-defined]


def _row(task_id: int, period: Period, now: datetime) -> dict[str, object]:
    return {"task_id": task_id, "starts_on": period.starts_on, "ends_on": period.ends_on, "opened_at": now}


def _chunks(periods: dict[int, Period]) -> list[dict[int, Period]]:
    rows = list(periods.items())
    return [dict(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE)]
