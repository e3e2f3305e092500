"""资金台账: the entries of a project with their sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import MoneyEntry, db
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
