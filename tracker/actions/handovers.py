"""分批交付: plan seats that are handed over apart, change them, hand them over, take a batch out."""

from __future__ import annotations

from datetime import date, datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, note
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import Handover, Project, ProjectSchool, db
from tracker.queries.handovers import handover_of, part_of
from tracker.rules.handovers import MOST_HANDOVERS, Planned, why_not_handed, why_not_planned
from tracker.rules.lifecycle import State

# What lies still or has been accepted is changed only after it is worked on again.
REFUSED_IN = {State.SUSPENDED: "handover_suspended", State.CLOSED: "handover_closed"}
KEPT = ("seats", "classes", "planned_on", "expected_on", "note")


def add_handover(actor: Actor, project: Project, version: int, part_id: int, said: Planned, now: datetime) -> Handover:
    """Plan a batch of a school's seats; more than the plan has is questioned, never refused.

    Raises StaleTask and RuleRefused: part_gone, handovers_many, handover_suspended, handover_closed, expected_past.
    """
    before = _take(project, version)
    part = part_of(project, part_id)
    if part is None:
        raise RuleRefused("part_gone")
    if len(part.handovers) >= MOST_HANDOVERS:
        raise RuleRefused("handovers_many")
    _refuse(why_not_planned(said, None, office_day(now)))
    row = Handover(part=part, **_values(said))
    db.session.add(row)
    note(actor, "add_handover", project.task, now, before, **_about(part), **_values(said))
    return row


def change_handover(
    actor: Actor, project: Project, version: int, handover_id: int, said: Planned, now: datetime
) -> Handover:
    """Plan a batch otherwise; the event keeps what stood there.

    Raises StaleTask and RuleRefused: handover_gone, handover_suspended, handover_closed, expected_past.
    """
    before = _take(project, version)
    row = _row(project, handover_id)
    _refuse(why_not_planned(said, row.expected_on, office_day(now)))
    stood = {name: getattr(row, name) for name in KEPT}
    for name, value in _values(said).items():
        setattr(row, name, value)
    # What people plan themselves is no invention any more.
    row.invented = False
    note(actor, "change_handover", project.task, now, before | stood, **_about(row.part), **_values(said))
    return row


def hand_over(
    actor: Actor,
    project: Project,
    version: int,
    handover_id: int,
    handed_on: date | None,
    reason: str | None,
    now: datetime,
) -> Handover:
    """Say on which day a batch was handed over; no day takes that back, with the reason.

    Raises StaleTask and RuleRefused: handover_gone, handover_suspended, handover_closed, handed_ahead, reason_missing.
    """
    before = _take(project, version)
    row = _row(project, handover_id)
    _refuse(why_not_handed(handed_on, reason, office_day(now)))
    stood, row.handed_on, row.invented = row.handed_on, handed_on, False
    said = {"seats": row.seats, "handed_on": handed_on} | ({"reason": reason} if reason else {})
    note(actor, "hand_over", project.task, now, before | {"handed_on": stood}, **_about(row.part), **said)
    return row


def remove_handover(actor: Actor, project: Project, version: int, handover_id: int, reason: str, now: datetime) -> int:
    """Take a batch out, so that its seats go with the rest; the event keeps it. Returns its seats.

    Raises StaleTask and RuleRefused: handover_gone, handover_suspended, handover_closed.
    """
    before = _take(project, version)
    row = _row(project, handover_id)
    stood = {name: getattr(row, name) for name in (*KEPT, "handed_on")}
    about, seats = _about(row.part), row.seats
    row.part.handovers.remove(row)
    note(actor, "remove_handover", project.task, now, before | stood, **about, reason=reason)
    return seats


def _take(project: Project, version: int) -> dict[str, object]:
    """Claim the task of a project that is still worked on; returns the facts before the act."""
    if project.task.state in REFUSED_IN:
        raise RuleRefused(REFUSED_IN[project.task.state])
    before = facts_of(project.task)
    claim(project.task, version)
    return before


def _row(project: Project, handover_id: int) -> Handover:
    row = handover_of(project, handover_id)
    if row is None:
        raise RuleRefused("handover_gone")
    return row


def _refuse(reason: str | None) -> None:
    if reason:
        raise RuleRefused(reason)


def _values(said: Planned) -> dict[str, object]:
    return {name: getattr(said, name) for name in KEPT}


def _about(part: ProjectSchool) -> dict[str, object]:
    """Whose seats they are, as an event keeps it."""
    return {"school_name": part.school.name, "stage": part.stage.value if part.stage else None}
