"""What a file of nodes and payments would change: new nodes, moved days, new entries, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.models import Event, MoneyEntry, PlanState, Project, ProjectNode, Task, db
from tracker.queries.visibility import scope_of, visible_to
from tracker.rules.expectations import EXPECTED_IN
from tracker.rules.lifecycle import State
from tracker.rules.nodes import MOST_NODES, why_not_expect, why_not_move
from tracker.rules.permissions import Can, Person, may
from tracker.rules.project_rows import (
    DAYS,
    DONE,
    EXPECTED,
    KEY,
    MONEY,
    NODE,
    NODE_REFUSALS,
    NODES,
    NUMBER,
    PLANNED,
    REASON,
    TITLE,
    CellFault,
    Fault,
    MoneyRow,
    NodeRow,
    ProjectSheet,
    entry_said,
    same_name,
)

AT_ONCE = 500  # names in one question


@dataclass(frozen=True)
class Difference:
    """A day of a node by its head: what stands and what will stand."""

    head: str
    old: date | None
    new: date | None


@dataclass(frozen=True)
class NodeChange:
    """What a row would do to a node, None where it makes one."""

    row: NodeRow
    project: Project
    node: ProjectNode | None
    differences: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        """Whether the project has no such node yet."""
        return self.node is None

    @property
    def name(self) -> str:
        """Which row of the file it is, as conflicts name it."""
        return f"{self.row.key}:{same_name(self.row.node)}"


@dataclass(frozen=True)
class NewEntry:
    """An entry of money that the file adds."""

    row: MoneyRow
    project: Project


@dataclass
class Preview:
    """Everything that a file would do, and its faults: with any of them it does nothing.

    ``order`` are the names of the nodes of each project in the order of the file, as they are or will be stored;
    ``same`` are rows that say what stands, ``empty`` nodes without any day, ``known`` entries that are kept already,
    ``taken_back`` such as were withdrawn.
    """

    nodes: list[NodeChange] = field(default_factory=list)
    money: list[NewEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    order: dict[str, list[str]] = field(default_factory=dict)
    same: int = 0
    empty: int = 0
    known: int = 0
    taken_back: int = 0

    @property
    def projects(self) -> list[Project]:
        """The projects of which the file changes anything, in the order of the file."""
        found = {each.project.task_id: each.project for each in self.nodes}
        found |= {each.project.task_id: each.project for each in self.money}
        return list(found.values())

    @property
    def has_changes(self) -> bool:
        """Whether the file changes anything."""
        return bool(self.nodes or self.money)


@dataclass(frozen=True)
class Conflict:
    """What changed after the preview was read: a day of a node, or (``head`` empty) an entry or node made meanwhile."""

    sheet: str
    row: int
    title: str
    what: str
    head: str = ""
    seen: str = ""
    now: str = ""


def preview_of(person: Person, sheet: ProjectSheet, today: date) -> Preview:
    """What a file would do, for a person who may keep some projects."""
    keys = {row.key for row in sheet.nodes} | {row.key for row in sheet.money}
    projects = _projects(keys - {""}, person)
    preview = Preview(faults=list(sheet.faults))
    refused = _refused(person, sheet, projects, preview)
    for key in refused:
        projects.pop(key, None)
    by_project: dict[str, list[NodeRow]] = defaultdict(list)
    for row in sheet.nodes:
        if row.node and row.key in projects:
            by_project[row.key].append(row)
    for key, some in by_project.items():
        _look_at_nodes(some, projects[key], sheet, preview, today)
    _look_at_money([row for row in sheet.money if row.key in projects], projects, sheet, preview)
    preview.faults.sort(key=lambda each: (each.sheet != NODES, each.row))
    return preview


def seen_in(preview: Preview) -> dict[str, dict[str, str]]:
    """What a preview showed as standing before, to be held against what stands when the file is confirmed."""
    seen = {each.name: {one.head: text_of(one.old) for one in each.differences} for each in preview.nodes}
    return seen | {f"{MONEY}:{each.row.row}": {} for each in preview.money}


def conflicts(preview: Preview, seen: Mapping[str, Mapping[str, str]], sheet: ProjectSheet) -> list[Conflict]:
    """What is not any more as it was when the file was previewed.

    ``seen`` are the old days of the differences then, as texts; whatever the file did not change then stood as in it.
    """
    found = []
    named: set[str] = set()
    for each in preview.nodes:
        named.add(each.name)
        then = seen.get(each.name, {})
        for one in each.differences:
            was = then.get(one.head, text_of(one.new))
            if was != text_of(one.old):
                where = (NODES, each.row.row, each.project.task.title, each.row.node, one.head)
                found.append(Conflict(*where, was, text_of(one.old)))
    titles = {f"{row.key}:{same_name(row.node)}": row for row in sheet.nodes}
    # What the preview would have changed and nobody needs to change any more, somebody else has changed.
    for name in seen.keys() - named:
        if name in titles and not name.startswith(f"{MONEY}:"):
            found.append(Conflict(NODES, titles[name].row, titles[name].title or titles[name].key, titles[name].node))
    fresh = {f"{MONEY}:{each.row.row}" for each in preview.money}
    for row in sheet.money:
        if (f"{MONEY}:{row.row}" in seen) != (f"{MONEY}:{row.row}" in fresh):
            found.append(Conflict(MONEY, row.row, row.title or row.key, ""))
    return sorted(found, key=lambda each: (each.sheet != NODES, each.row))


def text_of(day: date | None) -> str:
    """A day as a text that can be compared and carried."""
    return day.isoformat() if day else ""


def _projects(keys: Collection[str], person: Person) -> dict[str, Project]:
    """The projects of some keys that a person may see, with what decides what may be done to them."""
    query = sa.select(Project).join(Task, Task.id == Project.task_id).where(visible_to(person))
    task = joinedload(Project.task)
    query = query.options(task.joinedload(Task.plan), task.selectinload(Task.assignments), selectinload(Project.nodes))
    found: dict[str, Project] = {}
    for some in _parts_of(sorted(keys)):
        found |= {each.task.key: each for each in db.session.scalars(query.where(Task.key.in_(some)))}
    return found


def _parts_of(names: list[str]) -> Iterable[list[str]]:
    return (names[first : first + AT_ONCE] for first in range(0, len(names), AT_ONCE))


def _refused(person: Person, sheet: ProjectSheet, projects: Mapping[str, Project], preview: Preview) -> set[str]:
    """The keys of projects of which nothing may be changed, each with its fault at every row that names it."""
    why = {key: _why_refused(person, project) for key, project in projects.items()}
    for name, rows in ((NODES, sheet.nodes), (MONEY, sheet.money)):
        for row in rows:
            reason = why.get(row.key, CellFault.NO_PROJECT) if row.key else None
            if reason:
                preview.faults.append(sheet.fault(name, row.row, KEY, reason, row.key))
            elif row.key and row.title and same_name(row.title) != same_name(projects[row.key].task.title):
                preview.faults.append(sheet.fault(name, row.row, TITLE, CellFault.OTHER_TITLE, row.title))
    return {key for key, reason in why.items() if reason}


def _why_refused(person: Person, project: Project) -> CellFault | None:
    task = project.task
    if not may(person, Can.KEEP_PROJECT, scope_of(task)):
        return CellFault.NOT_YOURS
    if task.withdrawn_on:
        return CellFault.WITHDRAWN
    return CellFault.CLOSED_PLAN if task.plan.state is PlanState.CLOSED else None


def _look_at_nodes(rows: list[NodeRow], project: Project, sheet: ProjectSheet, preview: Preview, today: date) -> None:
    """What the rows of one project change of its nodes."""
    known = {same_name(each.name): each for each in project.nodes}
    made = 0
    # Nobody has planned anything where every line is empty: the template's usual list is no list of this project yet.
    begins = bool(known) or any(day for row in rows for day in row.days.values())
    preview.order[project.task.key] = [
        known[same_name(row.node)].name if same_name(row.node) in known else row.node for row in rows
    ]
    for row in rows:
        node = known.get(same_name(row.node))
        differences = _differences(row, node)
        if not differences and (node or not begins):
            preview.same += node is not None
            preview.empty += node is None
            continue
        made += node is None
        faults = list(_node_faults(row, node, project.task.state, differences, today))
        if node is None and len(known) + made > MOST_NODES:
            faults.append((NODE, CellFault.TOO_MANY))
        preview.faults += [sheet.fault(NODES, row.row, *each, text_of(row.days.get(each[0]))) for each in faults]
        preview.nodes.append(NodeChange(row, project, node, differences))


def _differences(row: NodeRow, node: ProjectNode | None) -> tuple[Difference, ...]:
    stored = {PLANNED: node.planned_on, EXPECTED: node.expected_on, DONE: node.done_on} if node else {}
    said = ((head, stored.get(head), row.days[head]) for head in DAYS if head in row.days)
    return tuple(Difference(head, old, new) for head, old, new in said if new != old)


def _node_faults(
    row: NodeRow, node: ProjectNode | None, state: State, differences: Iterable[Difference], today: date
) -> Iterator[tuple[str, CellFault]]:
    """What the page refuses as well, at the cell that has to be mended."""
    if state is State.SUSPENDED:
        yield NODE, CellFault.SUSPENDED
        return
    if state is State.CLOSED:
        yield NODE, CellFault.CLOSED_TASK
        return
    done_on, planned_on = (node.done_on, node.planned_on) if node else (None, None)
    for each in differences:
        if each.head == DONE and done_on:
            yield DONE, CellFault.OTHER_DONE if each.new else CellFault.NOT_UNDONE
        elif each.head == PLANNED:
            yield from _refusal(PLANNED, why_not_move(each.old, each.new, done_on, row.reason))
        elif each.head == EXPECTED and state not in EXPECTED_IN:
            yield EXPECTED, CellFault.NOT_EXPECTED
        elif each.head == EXPECTED:
            planned = row.days.get(PLANNED) or planned_on
            yield from _refusal(EXPECTED, why_not_expect(each.new, planned, done_on, today, row.reason))


def _refusal(head: str, refusal: str | None) -> Iterator[tuple[str, CellFault]]:
    if refusal:
        fault = NODE_REFUSALS[refusal]
        yield (REASON if fault in {CellFault.NO_REASON, CellFault.LATE_REASON} else head), fault


def _look_at_money(
    rows: list[MoneyRow], projects: Mapping[str, Project], sheet: ProjectSheet, preview: Preview
) -> None:
    """Recognise the entries that are kept already: by their number, else by everything that they say."""
    keys = {projects[row.key].task_id: row.key for row in rows}
    stored = _entries(list(keys))
    numbers = {each.id: each for each in stored}
    said = {said_of(each, keys[each.task_id]): each for each in sorted(stored, key=_stands)}
    for row in rows:
        entry = numbers.get(row.number) if row.number is not None else said.get(row.said)
        if row.number is not None and (entry is None or keys[entry.task_id] != row.key):
            fault = CellFault.UNKNOWN_NUMBER
        elif entry is not None and said_of(entry, row.key) != row.said:
            fault = CellFault.OTHER_ENTRY
        elif entry is None:
            preview.money.append(NewEntry(row, projects[row.key]))
            continue
        else:
            preview.known += entry.withdrawn_at is None
            preview.taken_back += entry.withdrawn_at is not None
            continue
        preview.faults.append(sheet.fault(MONEY, row.row, NUMBER, fault, str(row.number)))


def said_of(entry: MoneyEntry, key: str) -> tuple[object, ...]:
    """What an entry says, as a row of a file says it."""
    said = (entry.kind, entry.amount_yuan, entry.on, entry.for_year, entry.source, entry.payee, entry.note)
    return entry_said(key, *said)


def _stands(entry: MoneyEntry) -> bool:
    """Of two that say the same the one that stands is the one that a row means."""
    return entry.withdrawn_at is None


def _entries(task_ids: list[int]) -> list[MoneyEntry]:
    found: list[MoneyEntry] = []
    for first in range(0, len(task_ids), AT_ONCE):
        some = task_ids[first : first + AT_ONCE]
        query = sa.select(MoneyEntry).where(MoneyEntry.task_id.in_(some)).order_by(MoneyEntry.id)
        found += db.session.scalars(query)
    return found


def is_taken(person: Person, digest: str) -> bool:
    """Whether this person has already taken in the file with this hash."""
    query = sa.select(Event.id).where(Event.account_id == person.id, Event.act == "import_projects")
    found = db.session.scalar(query.where(Event.object_type == "file", Event.object_id == digest[:40]).limit(1))
    return found is not None
