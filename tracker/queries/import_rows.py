"""The rows of an import without their words, or counted by what they name: what its pages ask of thousands of rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import ImportName, ImportRow, PlanImport, db

UNITS = sa.cast(ImportRow.words["units"], sa.Text)
OTHER_DEADLINES = sa.cast(ImportRow.words["other_deadlines"], sa.Text)
DEADLINE = ImportRow.words["deadline"].as_string()
REQUIREMENT = sa.func.coalesce(ImportRow.words["requirement"].as_string(), "")
TITLE = sa.func.coalesce(ImportRow.words["title"].as_string(), "")


@dataclass(frozen=True)
class RowAt:
    """A row with its place in the paper, in the order of the document."""

    id: int
    position: int
    version: int
    block: int | None
    block_row: int | None
    dropped: bool


@dataclass(frozen=True)
class RowTitle:
    """A row by its title."""

    id: int
    title: str


@dataclass(frozen=True)
class Sketch:
    """What a row says that may need a look: its title, whether it names units and which, its deadlines."""

    at: RowAt
    title: str
    units: Sequence[str]
    deadline: str | None
    has_other_deadlines: bool


class ImportFacts:
    """What is asked of the rows and names of an import again and again: each question once.

    Counted are the rows that were not dropped; ``accepted_…`` are those that will be taken.
    """

    def __init__(self, batch: PlanImport) -> None:
        self.batch = batch

    @property
    def tasks(self) -> int:
        """How many rows there are."""
        return self._size[0]

    @property
    def longest_key(self) -> int:
        """The length of the longest key."""
        return self._size[1]

    @cached_property
    def names(self) -> list[ImportName]:
        """The units' names, in the order in which they were met, with the units that they mean."""
        query = sa.select(ImportName).where(ImportName.import_id == self.batch.id).options(joinedload(ImportName.unit))
        return list(db.session.scalars(query.order_by(ImportName.id)))

    @property
    def used_names(self) -> Counter[str]:
        """In how many rows each unit's name stands."""
        return self._names(self._units)

    @property
    def accepted_names(self) -> Counter[str]:
        """In how many accepted rows each unit's name stands."""
        return self._names([each for each in self._units if each[1]])

    @property
    def deadlines(self) -> Counter[str | None]:
        """In how many rows each deadline stands, as it is written; None for none."""
        return self._sums(self._deadlines)

    @property
    def accepted_deadlines(self) -> Counter[str | None]:
        """In how many accepted rows each deadline stands."""
        return self._sums([each for each in self._deadlines if each[1]])

    @property
    def version(self) -> int:
        """A number that grows with every change of the import, of any of its rows, and of the plan beside it."""
        beside = self.batch.against.version if self.batch.against else 0
        return self.batch.version + beside + self._size[2]

    @cached_property
    def _size(self) -> tuple[int, int, int]:
        kept = sa.and_(*_kept(self.batch))
        longest = sa.func.max(sa.func.length(ImportRow.key)).filter(kept)
        query = sa.select(sa.func.count().filter(kept), longest, sa.func.sum(ImportRow.version))
        count, length, versions = db.session.execute(query.where(ImportRow.import_id == self.batch.id)).one()
        return count, length or 0, int(versions or 0)

    @cached_property
    def _units(self) -> list[tuple[str, bool, int]]:
        return self._counted(UNITS)

    @cached_property
    def _deadlines(self) -> list[tuple[str | None, bool, int]]:
        return self._counted(DEADLINE)

    def _counted(self, column: sa.ColumnElement[Any]) -> list[tuple[Any, bool, int]]:
        query = sa.select(column, ImportRow.accepted, sa.func.count()).where(*_kept(self.batch))
        return [(*row,) for row in db.session.execute(query.group_by(column, ImportRow.accepted))]

    @staticmethod
    def _sums(counted: Sequence[tuple[Any, bool, int]]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for value, _accepted, count in counted:
            found[value] += count
        return found

    def _names(self, counted: Sequence[tuple[str, bool, int]]) -> Counter[str]:
        found: Counter[str] = Counter()
        for units, count in self._sums(counted).items():
            for name in dict.fromkeys(name for name, _role in json.loads(units)):
                found[name] += count
        return found


def whole_version(batch: PlanImport) -> int:
    """What somebody saw of a whole import: nothing of it changed while this number stands."""
    return ImportFacts(batch).version


def outline_of(batch: PlanImport) -> list[RowAt]:
    """All rows of an import in the order of the document, dropped ones among them, without their words."""
    return [RowAt(*row) for row in db.session.execute(_in_order(sa.select(*_at()), batch))]


def rows_by_id(batch: PlanImport, ids: Collection[int]) -> dict[int, ImportRow]:
    """Some rows of an import, by their ids."""
    query = sa.select(ImportRow).where(ImportRow.import_id == batch.id, ImportRow.id.in_(ids))
    return {row.id: row for row in db.session.scalars(query)}


def rows_unfit(batch: PlanImport, longest: int) -> list[ImportRow]:
    """The rows that were not dropped and have no title, or words longer than a task's, in the order of the document."""
    unfit = sa.or_(TITLE == "", sa.func.length(REQUIREMENT) > longest)
    return list(db.session.scalars(_in_order(sa.select(ImportRow).where(~ImportRow.dropped, unfit), batch)))


def with_other_deadlines(batch: PlanImport) -> int:
    """How many rows that will be taken have further deadlines."""
    query = sa.select(sa.func.count()).where(*_kept(batch), ImportRow.accepted, OTHER_DEADLINES != "[]")
    return db.session.scalar(query) or 0


def sketches_of(batch: PlanImport) -> list[Sketch]:
    """What may need a look in each row that was not dropped, in the order of the document."""
    query = sa.select(*_at(), TITLE, UNITS, DEADLINE, OTHER_DEADLINES != "[]").where(~ImportRow.dropped)
    return [
        Sketch(RowAt(*at), title, [name for name, _role in json.loads(units)], deadline, bool(more))
        for *at, title, units, deadline, more in db.session.execute(_in_order(query, batch))
    ]


def rows_naming(batch: PlanImport, names: Collection[str], most: int) -> dict[str, list[RowTitle]]:
    """The first rows, at most so many, in which each of some names of units stands."""
    wanted = set(names)
    return _first(batch, UNITS, lambda units: wanted & {name for name, _role in json.loads(units)}, most)


def rows_due(batch: PlanImport, texts: Collection[str | None], most: int) -> dict[str | None, list[RowTitle]]:
    """The first rows, at most so many, that have each of some deadlines as they are written; None for none."""
    wanted = set(texts)
    return _first(batch, DEADLINE, lambda text: wanted & {text}, most)


def _first(
    batch: PlanImport, column: sa.ColumnElement[Any], of: Callable[[Any], Collection[Any]], most: int
) -> dict[Any, list[RowTitle]]:
    query = _in_order(sa.select(ImportRow.id, TITLE, column).where(~ImportRow.dropped), batch)
    found: dict[Any, list[RowTitle]] = {}
    for number, title, value in db.session.execute(query):
        for each in of(value):
            rows = found.setdefault(each, [])
            if len(rows) < most:
                rows.append(RowTitle(number, title))
    return found


def _at() -> list[sa.orm.InstrumentedAttribute[Any]]:
    return [getattr(ImportRow, name) for name in RowAt.__dataclass_fields__]


def _kept(batch: PlanImport) -> list[sa.ColumnElement[bool]]:
    return [ImportRow.import_id == batch.id, ~ImportRow.dropped]


def _in_order(query: sa.Select[Any], batch: PlanImport) -> sa.Select[Any]:
    return query.where(ImportRow.import_id == batch.id).order_by(ImportRow.position, ImportRow.id)
