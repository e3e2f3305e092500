"""What waits for the office: submissions with what the units said, and the counts of its other lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import Assignment, Report, Situation, Task, UnitMember, db
from tracker.queries.lights import is_light
from tracker.queries.paging import Page, page_of
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.visibility import in_open_plan, visible_to
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Person

DESK_SIZE = 20
MOST_IN_PART = 50


@dataclass(frozen=True)
class Submission:
    """A task that waits for verification: what is asked, and what every unit said of its part, oldest first."""

    task: TaskRow
    requirement: str
    evidence_wanted: str
    in_time: bool | None
    words: list[Report] = field(default_factory=list)
    is_own: bool = False

    def days(self, today: date) -> int:
        """How long it has been at the office."""
        return (today - self.task.submitted_on).days if self.task.submitted_on else 0


def submissions(person: Person, number: int) -> Page[Submission]:
    """A page of what waits for verification, oldest first; ``is_own`` where the person entered it (four eyes)."""
    query = sa.select(Task.id).where(is_submission(person))
    page = page_of(query.order_by(Task.submitted_on, Task.id), number, DESK_SIZE)
    columns = (Task.id, Task.requirement, Task.evidence_wanted, Task.in_time)
    asked = {row.id: row for row in db.session.execute(sa.select(*columns).where(Task.id.in_(page.rows)))}
    words = done_words(page.rows)
    rows = [
        Submission(
            task,
            asked[task.id].requirement,
            asked[task.id].evidence_wanted or "",
            asked[task.id].in_time,
            words[task.id],
            any(each.account_id == person.id for each in words[task.id]),
        )
        for task in task_rows(page.rows)
    ]
    return Page(rows, page.total, page.number, page.size)


def is_submission(person: Person) -> sa.ColumnElement[bool]:
    """What waits for verification in a person's region."""
    return sa.and_(visible_to(person), in_open_plan(), Task.state == State.SUBMITTED)


def done_words(task_ids: Sequence[int]) -> dict[int, list[Report]]:
    """The reports that said done since the last return, by task, oldest first, with their files and authors."""
    query = (
        sa.select(Report)
        .join(Task)
        .where(Report.task_id.in_(task_ids), _is_done_word())
        .order_by(Report.id)
        .options(joinedload(Report.unit), joinedload(Report.account), joinedload(Report.evidence))
    )
    found: dict[int, list[Report]] = defaultdict(list)
    for report in db.session.scalars(query).unique():
        found[report.task_id].append(report)
    return found


def partly_done(person: Person) -> list[TaskRow]:
    """Open tasks of which some unit has said done since the last return though the whole is not submitted.

    Without a lead the office may close them; with one it may ask the lead.
    """
    said_done = sa.exists().where(Report.task_id == Task.id, _is_done_word(), Report.unit_id.in_(_speaking()))
    query = sa.select(Task.id).where(visible_to(person), in_open_plan(), Task.state == State.IN_PROGRESS, said_done)
    return task_rows(db.session.scalars(query.order_by(Task.due_on, Task.id).limit(MOST_IN_PART)).all())


def to_redate(person: Person, today: date) -> int:
    """How many tasks wait for a confirmed deadline."""
    query = sa.select(sa.func.count()).select_from(Task).where(visible_to(person), is_light(Light.REDATE, today))
    return db.session.scalar(query) or 0


def _is_done_word() -> sa.ColumnElement[bool]:
    """A living report that says done and was made since the last return of its task."""
    return sa.and_(
        Report.situation == Situation.DONE,
        Report.withdrawn_at.is_(None),
        sa.or_(Task.returned_at.is_(None), Report.at > Task.returned_at),
    )


def _speaking() -> sa.Select[int]:
    """The units with a part in the task in question, and the members of collective ones."""
    of_task = Assignment.task_id == Task.id
    units = sa.select(Assignment.unit_id).where(of_task).correlate(Task)
    members = sa.select(UnitMember.member_id).where(UnitMember.collective_id.in_(units))
    return sa.union(units, members)  # type: ignore[return-value]
