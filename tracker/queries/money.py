"""资金台账: the entries of a project, and the sums of many projects, in a constant number of questions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import MoneyEntry, Project, Task, db
from tracker.queries.project_facts import Conditions, chosen
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind, MoneySource

Kinds = dict[MoneyKind, int]


@dataclass
class MoneyTotals:
    """Sums in whole yuan by kind, by source and by year; a source or year that nobody named is None.

    The year is the one that money is planned for, or in which it moved.
    """

    kinds: Kinds = field(default_factory=dict)
    sources: dict[MoneySource | None, Kinds] = field(default_factory=lambda: defaultdict(dict))
    years: dict[int | None, Kinds] = field(default_factory=lambda: defaultdict(dict))

    def add(self, kind: MoneyKind, source: MoneySource | None, year: int | None, amount: int) -> None:
        """Add an amount to every sum that it belongs to."""
        for sums in (self.kinds, self.sources[source], self.years[year]):
            sums[kind] = sums.get(kind, 0) + amount

    @property
    def by_source(self) -> list[tuple[MoneySource | None, Kinds]]:
        """The sources in their usual order, what has none last."""
        order = {source: place for place, source in enumerate(MoneySource)}
        return sorted(self.sources.items(), key=lambda each: order.get(each[0], len(order)) if each[0] else len(order))

    @property
    def by_year(self) -> list[tuple[int | None, Kinds]]:
        """The years, oldest first, what has none last."""
        return sorted(self.years.items(), key=lambda each: (each[0] is None, each[0] or 0))


@dataclass(frozen=True)
class Ledger:
    """The entries of a project, the latest day first, with the withdrawn ones, and the sums of those that stand."""

    entries: list[MoneyEntry]
    totals: MoneyTotals


@dataclass(frozen=True)
class CountyMoney:
    """The money of many projects in whole yuan; ``planned`` takes a project's budget, else what its ledger plans.

    ``unplanned`` counts the projects of which nobody said either. Suspended projects are in no sum.
    """

    projects: int
    planned: int
    unplanned: int
    totals: MoneyTotals
    year: int

    @property
    def allocated(self) -> int | None:
        """What has been allocated; None where nobody entered any."""
        return self.totals.kinds.get(MoneyKind.ALLOCATED)

    @property
    def paid(self) -> int | None:
        """What has been paid; None where nobody entered any."""
        return self.totals.kinds.get(MoneyKind.PAID)

    @property
    def this_year(self) -> Kinds:
        """The same for the running calendar year, by kind."""
        return self.totals.years.get(self.year, {})


def ledger_of(task_id: int) -> Ledger:
    """The ledger of a project with files and authors, in one question."""
    query = (
        sa.select(MoneyEntry)
        .where(MoneyEntry.task_id == task_id)
        .order_by(MoneyEntry.on.is_(None), MoneyEntry.on.desc(), MoneyEntry.id.desc())
        .options(*(joinedload(each) for each in (MoneyEntry.account, MoneyEntry.withdrawn_by, MoneyEntry.files)))
    )
    entries, totals = list(db.session.scalars(query).unique()), MoneyTotals()
    for entry in entries:
        if entry.withdrawn_at is None:
            year = entry.for_year if entry.kind is MoneyKind.PLANNED else entry.on.year if entry.on else None
            totals.add(entry.kind, entry.source, year, entry.amount_yuan)
    return Ledger(entries, totals)


def entry_sent_as(task_id: int, once: str) -> MoneyEntry | None:
    """The entry of a project that a form with this key has made."""
    return db.session.scalar(sa.select(MoneyEntry).where(MoneyEntry.task_id == task_id, MoneyEntry.once == once))


def entry_of(task_id: int, entry_id: int) -> MoneyEntry | None:
    """An entry of a project by its number."""
    return db.session.scalar(sa.select(MoneyEntry).where(MoneyEntry.task_id == task_id, MoneyEntry.id == entry_id))


def money_of(conditions: Conditions, today: date) -> CountyMoney:
    """The money of the projects that meet some conditions on their tasks and figures; two questions."""
    counted = [*conditions, sa.or_(Task.light_fixed.is_(None), Task.light_fixed != Light.SUSPENDED)]
    entered = (
        sa.select(MoneyEntry.task_id, sa.func.sum(MoneyEntry.amount_yuan).label("yuan"))
        .where(MoneyEntry.kind == MoneyKind.PLANNED, MoneyEntry.withdrawn_at.is_(None))
        .group_by(MoneyEntry.task_id)
        .subquery()
    )
    planned = sa.func.coalesce(Project.budget_yuan, entered.c.yuan)
    projects, stated, total = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(planned), sa.func.sum(planned))
        .select_from(Project)
        .join(Task, Task.id == Project.task_id)
        .outerjoin(entered, entered.c.task_id == Project.task_id)
        .where(*counted)
    ).one()
    return CountyMoney(projects, int(total or 0), projects - stated, _totals(counted), today.year)


def _totals(conditions: Conditions) -> MoneyTotals:
    """The sums of the ledgers; the year of what moved comes from its day."""
    year = sa.case(
        (MoneyEntry.kind == MoneyKind.PLANNED, MoneyEntry.for_year),
        else_=sa.cast(sa.extract("year", MoneyEntry.on), sa.Integer),
    ).label("year")
    query = (
        sa.select(MoneyEntry.kind, MoneyEntry.source, year, sa.func.sum(MoneyEntry.amount_yuan))
        .where(MoneyEntry.task_id.in_(chosen((), conditions, False)), MoneyEntry.withdrawn_at.is_(None))
        .group_by(MoneyEntry.kind, MoneyEntry.source, sa.text("year"))
    )
    totals = MoneyTotals()
    for kind, source, of_year, amount in db.session.execute(query):
        totals.add(kind, source, of_year, int(amount))
    return totals
