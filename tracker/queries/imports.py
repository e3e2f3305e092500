"""Imports of plans: the list, the rows of one, its units' names and deadlines, and what adopting it would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from tracker.models import ImportName, ImportRow, ImportState, Plan, PlanImport, Region, Unit, UnitAlias, db
from tracker.queries.import_rows import ImportFacts
from tracker.queries.paging import Page, page_in, page_of
from tracker.queries.visibility import within_region
from tracker.rules.deadline_words import inherited_deadline, read_deadline
from tracker.rules.deadlines import Deadline, Document, Doubt, Precision, document_named
from tracker.rules.import_names import likely_kind, proposals_for
from tracker.rules.unit_kinds import UnitKind

ROWS_A_PAGE = 20
COUNTED = (Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.HALF)


@dataclass(frozen=True)
class ImportLine:
    """An import in the list, with the number of its tasks."""

    batch: PlanImport
    tasks: int


@dataclass(frozen=True)
class NameLine:
    """A unit's name in a document, how many tasks name it, what it may mean, and the kind that a new one would have."""

    row: ImportName
    tasks: int
    proposals: Sequence[Unit]
    likely_kind: UnitKind

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet what it means."""
        return is_open_name(self.row)


class Reading(StrEnum):
    """How a deadline was read: 早于发文日, 有歧义, 日期不存在, 读不懂, 无月份, 长期, 未写, 可用."""

    BEFORE_ISSUE = "before_issue"
    AMBIGUOUS = "ambiguous"
    IMPOSSIBLE = "impossible"
    UNREADABLE = "unreadable"
    NO_MONTH = "no_month"
    NO_DATE = "no_date"
    UNSTATED = "unstated"
    FINE = "fine"


OF_DOUBT = {
    Doubt.BEFORE_ISSUE: Reading.BEFORE_ISSUE,
    Doubt.BEFORE_WHICH_YEAR: Reading.AMBIGUOUS,
    Doubt.IMPOSSIBLE_DATE: Reading.IMPOSSIBLE,
    Doubt.UNREADABLE: Reading.UNREADABLE,
}


@dataclass(frozen=True)
class DeadlineLine:
    """The words of a deadline (None: those of the plan's target), how they are read, and how many tasks have them."""

    text: str | None
    read: Deadline
    reading: Reading
    tasks: int


def imports_in(region: str, number: int = 1) -> Page[ImportLine]:
    """A page of the imports at or below a region, the newest first; rows are counted for those shown alone."""
    query = (
        sa.select(PlanImport)
        .where(within_region(PlanImport.region_code, region))
        .options(joinedload(PlanImport.created_by), joinedload(PlanImport.plan), joinedload(PlanImport.against))
        .order_by(PlanImport.created_at.desc(), PlanImport.id.desc())
    )
    page = page_of(query, number)
    counted = (
        sa.select(ImportRow.import_id, sa.func.count())
        .where(ImportRow.import_id.in_([batch.id for batch in page.rows]), ~ImportRow.dropped)
        .group_by(ImportRow.import_id)
    )
    tasks = {row[0]: int(row[1]) for row in db.session.execute(counted)}
    return Page([ImportLine(each, tasks.get(each.id, 0)) for each in page.rows], page.total, page.number, page.size)


def import_by_id(number: int, *columns: str) -> PlanImport | None:
    """An import by its number, with the plan that it re-issues and, of its long columns, those that are named."""
    wanted = [undefer(getattr(PlanImport, name)) for name in columns]
    query = sa.select(PlanImport).where(PlanImport.id == number).options(joinedload(PlanImport.against), *wanted)
    return db.session.scalar(query)


def notes_of(batch: PlanImport) -> list[tuple[str, int, str]]:
    """What the reader of a document noted, without the document: kind, how often, where first."""
    notes = db.session.scalar(sa.select(PlanImport.paper["notes"]).where(PlanImport.id == batch.id))
    return [(kind, count, where) for kind, count, where in notes or ()]


def standing_import(region: str, digest: str) -> PlanImport | None:
    """The import of a region that has taken a document already and was neither dropped nor withdrawn."""
    taken = PlanImport.state.in_([ImportState.OPEN, ImportState.ADOPTED])
    query = sa.select(PlanImport).where(PlanImport.region_code == region, PlanImport.digest == digest, taken)
    return db.session.scalar(query)


def row_of(batch: PlanImport, number: int) -> ImportRow | None:
    """A row of an import by its number."""
    return db.session.scalar(sa.select(ImportRow).where(ImportRow.id == number, ImportRow.import_id == batch.id))


def codes_proposed(start: str) -> set[str]:
    """The codes that begin alike of plans that open imports are to become."""
    code = PlanImport.head["code"].as_string()
    query = sa.select(code).where(PlanImport.state == ImportState.OPEN, code.startswith(start, autoescape=True))
    return set(db.session.scalars(query))


def rows_kept(batch: PlanImport) -> list[ImportRow]:
    """The rows that were not dropped, in the order of the document."""
    query = sa.select(ImportRow).where(ImportRow.import_id == batch.id, ~ImportRow.dropped)
    return list(db.session.scalars(query.order_by(ImportRow.position, ImportRow.id)))


def known_units(region: str) -> dict[str, Unit]:
    """The units that still act by every name they go by: name, full name, alias; a name of two means neither."""
    query = sa.select(Unit).where(Unit.region_code == region, Unit.merged_into_id.is_(None), Unit.disabled_at.is_(None))
    rows = {unit.id: unit for unit in db.session.scalars(query)}
    full: dict[str, list[Unit]] = {}
    for unit in rows.values():
        full.setdefault(unit.full_name or unit.name, []).append(unit)
    by_name = {name: units[0] for name, units in full.items() if len(units) == 1}
    aliases = sa.select(UnitAlias.alias, UnitAlias.unit_id).where(UnitAlias.region_code == region)
    by_name |= {alias: rows[unit_id] for alias, unit_id in db.session.execute(aliases) if unit_id in rows}
    return by_name | {unit.name: unit for unit in rows.values()}


def counts_of_names(rows: Collection[ImportRow]) -> Counter[str]:
    """In how many of some rows each unit's name stands."""
    return Counter(name for row in rows for name in dict.fromkeys(name for name, _role in row.words["units"]))


def names_of(batch: PlanImport) -> list[NameLine]:
    """The units' names of an import that its rows use: open ones first, then by how often they stand."""
    facts = ImportFacts(batch)
    return _name_lines(batch, _names_in_order(facts), facts.used_names)


def names_page(facts: ImportFacts, number: int, size: int) -> Page[NameLine]:
    """A page of the units' names of an import, in the order of ``names_of``; proposals are made for those shown."""
    page = page_in(_names_in_order(facts), number, size)
    return Page(_name_lines(facts.batch, page.rows, facts.used_names), page.total, page.number, page.size)


def _names_in_order(facts: ImportFacts) -> list[ImportName]:
    counts = facts.used_names
    used = [each for each in facts.names if each.name in counts]
    return sorted(used, key=lambda each: (not is_open_name(each), -counts[each.name], each.id))


def _name_lines(batch: PlanImport, names: Iterable[ImportName], counts: Mapping[str, int]) -> list[NameLine]:
    known = known_units(batch.region_code)
    ids, by_id = {name: unit.id for name, unit in known.items()}, {unit.id: unit for unit in known.values()}
    region, lines = region_name(batch.region_code), []
    for each in names:
        near = [] if each.unit_id else [by_id[unit] for unit in proposals_for(each.name, ids, region)]
        lines.append(NameLine(each, counts[each.name], near, likely_kind(each.name)))
    return lines


def is_open_name(name: ImportName | None) -> bool:
    """Whether it is still to be said what a name means."""
    return name is None or (name.unit_id is None and name.new_kind is None)


def region_name(code: str) -> str:
    """The name of a region."""
    region = db.session.get(Region, code)
    return region.name if region else ""


def document_of(batch: PlanImport) -> Document:
    """What the reading of its deadlines needs of a document: of the plan that stands, where it is a re-issue of one."""
    if batch.against:
        plan = batch.against
        return document_named(plan.issued_on, plan.document_number, plan.title)
    head = batch.head
    return document_named(_day(head.get("issued_on")), head.get("document_number"), head.get("title"))


def read_in(batch: PlanImport, words: str | None, document: Document) -> Deadline:
    """The deadline that words mean in an import; without any a task falls due with the plan's target."""
    target_on = batch.against.target_on if batch.against else _day(batch.head.get("target_on"))
    target_text = batch.against.target_text if batch.against else batch.head.get("target_text")
    if words is None and target_on:
        return inherited_deadline(target_text or "", target_on, document)
    return read_deadline(words or "", document)


def deadlines_of(batch: PlanImport) -> list[DeadlineLine]:
    """The deadlines of an import as they were read, each of its words once, what needs the office first."""
    document, order = document_of(batch), list(Reading)
    lines = []
    for text, tasks in ImportFacts(batch).deadlines.items():
        read = read_in(batch, text, document)
        lines.append(DeadlineLine(text, read, reading_of(read, text), tasks))
    return sorted(lines, key=lambda line: (order.index(line.reading), -line.tasks, line.text or ""))


def reading_of(read: Deadline, text: str | None) -> Reading:
    """What the office has to do about a deadline, if anything."""
    if read.doubt:
        return OF_DOUBT[read.doubt]
    if text is None and read.due_on is None:
        return Reading.UNSTATED
    if read.due_on is None:
        return Reading.NO_DATE
    return Reading.FINE if read.precision in COUNTED else Reading.NO_MONTH


def adopted_import_of(plan: Plan) -> PlanImport | None:
    """The document that was last adopted into a plan; None for a plan by hand or from a seed."""
    query = sa.select(PlanImport).where(PlanImport.plan_id == plan.id, PlanImport.state == ImportState.ADOPTED)
    return db.session.scalar(query.order_by(PlanImport.adopted_at.desc(), PlanImport.id.desc()).limit(1))


def open_imports_of(plan: Plan) -> list[PlanImport]:
    """The imports that compare a document with a plan and are not adopted yet."""
    query = sa.select(PlanImport).where(PlanImport.against_id == plan.id, PlanImport.state == ImportState.OPEN)
    return list(db.session.scalars(query.order_by(PlanImport.id)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
