"""What tasks bring: the links and additions of one task, and the desk of what waits for the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import (
    NATIONAL,
    Addition,
    Contribution,
    Framework,
    Indicator,
    Plan,
    School,
    Task,
    db,
)
from tracker.queries.paging import Page, page_of
from tracker.queries.visibility import in_open_plan, visible_to
from tracker.rules.links import LinkState, why_not_counted
from tracker.rules.permissions import Person
from tracker.rules.stages import Stage

TASKS_A_PAGE = 15
MOST_SCHOOLS = 1000


class Shown(StrEnum):
    """Which tasks the desk lists: 待确认、缺数量、没有对应指标、已确认."""

    WAITING = "waiting"
    WITHOUT_AMOUNT = "without_amount"
    WITHOUT_LINK = "without_link"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Question:
    """A yes/no condition of the county that a task may meet: its code, the indicator's code and its names."""

    code: str
    indicator: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Choices:
    """What links and additions may name in a county: indicators, conditions, the county's figures, schools."""

    indicators: Sequence[Indicator] = ()
    questions: Sequence[Question] = ()
    figures: dict[str, tuple[str, str]] = field(default_factory=dict)
    schools: Sequence[str] = ()

    def of(self, code: str) -> list[Question]:
        """The conditions of an indicator."""
        return [each for each in self.questions if each.indicator == code]


@dataclass(frozen=True)
class TaskLinks:
    """A task of the desk with what it brings; dismissed additions stand apart."""

    task: Task

    @property
    def links(self) -> list[Contribution]:
        """The links in the order of the indicators."""
        return sorted(self.task.contributions, key=lambda each: each.indicator.position)

    @property
    def counting(self) -> list[Addition]:
        """The additions that were not dismissed."""
        return [each for each in self.task.additions if each.state is not LinkState.DISMISSED]

    @property
    def waiting(self) -> int:
        """How many proposals may be confirmed as they stand."""
        links = sum(each.state is LinkState.PROPOSED for each in self.task.contributions)
        return links + sum(is_confirmable(each) for each in self.task.additions)


def is_confirmable(row: Addition) -> bool:
    """Whether a proposed addition says all that it needs; a figure of the county was proposed by a person."""
    reason = why_not_counted(row.figure, row.school_id is not None, row.stage, row.amount, {row.figure})
    return row.state is LinkState.PROPOSED and reason is None


def additions_of(task: Task) -> list[Addition]:
    """What a task adds, as it stands in the database now."""
    query = sa.select(Addition).where(Addition.task_id == task.id).options(joinedload(Addition.school))
    return list(db.session.scalars(query.order_by(Addition.id)))


def choices_in(region: str, framework_id: int | None = None) -> Choices:
    """What the tasks of a county may name, in two questions.

    A plan's own list adds its figures of the county to those of the national standard.
    """
    wanted = sa.or_(Framework.code == NATIONAL, Framework.id == framework_id)
    query = sa.select(Framework, Indicator).where(wanted)
    national = sa.and_(Indicator.framework_id == Framework.id, Framework.code == NATIONAL)
    rows = db.session.execute(query.outerjoin(Indicator, national).order_by(Framework.id, Indicator.position)).all()
    indicators = [item for _framework, item in rows if item is not None]
    figures = {
        each["code"]: (each["name"], each.get("name_en") or each["name"])
        for framework in dict.fromkeys(framework for framework, _item in rows)
        for each in framework.figures
        if not each.get("question")
    }
    return Choices(indicators, questions_of(indicators), figures, school_names(region))


def questions_of(indicators: Sequence[Indicator]) -> list[Question]:
    """The yes/no conditions of the county that indicators ask."""
    return [
        Question(each["code"], item.code, each.get("name") or item.title, each.get("name_en") or item.title_en or "")
        for item in indicators
        for each in item.conditions or ()
        if each.get("asks")
    ]


def school_names(region: str) -> list[str]:
    """The names of the schools of a county, to be offered while somebody types."""
    query = sa.select(School.name).where(School.region_code == region, School.closed_on.is_(None))
    return list(db.session.scalars(query.order_by(School.name).limit(MOST_SCHOOLS)))


def _conditions() -> dict[Shown, sa.ColumnElement[bool]]:
    """Which tasks each list of the desk holds."""
    proposed_link = Task.contributions.any(Contribution.state == LinkState.PROPOSED)
    confirmed_link = Task.contributions.any(Contribution.state == LinkState.CONFIRMED)
    own = sa.select(Addition.id).where(Addition.task_id == Task.id).correlate(Task)
    proposed = own.where(Addition.state == LinkState.PROPOSED)
    return {
        Shown.WAITING: sa.or_(proposed_link, proposed.exists()),
        Shown.WITHOUT_AMOUNT: proposed.where(Addition.amount.is_(None)).exists(),
        Shown.WITHOUT_LINK: ~Task.contributions.any(),
        Shown.CONFIRMED: sa.or_(confirmed_link, own.where(Addition.state == LinkState.CONFIRMED).exists()),
    }


def _within(person: Person, plans: Sequence[Plan]) -> list[sa.ColumnElement[bool]]:
    return [
        visible_to(person),
        in_open_plan(),
        Task.withdrawn_on.is_(None),
        Task.plan_id.in_([plan.id for plan in plans]),
    ]


def counts_of_desk(person: Person, plans: Sequence[Plan]) -> dict[Shown, int]:
    """How many tasks each list of the desk holds, in one question."""
    columns = [sa.func.count(sa.case((condition, 1))).label(shown.value) for shown, condition in _conditions().items()]
    row = db.session.execute(sa.select(*columns).select_from(Task).where(*_within(person, plans))).one()
    return {shown: row._mapping[shown.value] for shown in Shown}


def desk_page(person: Person, plans: Sequence[Plan], shown: Shown, number: int, total: int) -> Page[TaskLinks]:
    """A page of a list of the desk, in the order of the plans, with what each task brings."""
    query = sa.select(Task).where(*_within(person, plans), _conditions()[shown]).order_by(Task.plan_id, Task.position)
    wanted = query.options(
        joinedload(Task.plan),
        selectinload(Task.contributions).joinedload(Contribution.indicator),
        selectinload(Task.additions).joinedload(Addition.school),
    )
    page: Page[Task] = page_of(wanted, number, TASKS_A_PAGE, total)
    return Page([TaskLinks(task) for task in page.rows], page.total, page.number, page.size)


STAGES = (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR)
