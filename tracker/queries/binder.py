"""What an inspection is shown: for each item of a framework the files of the tasks that serve it and of its values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from tracker.clock import office_day
from tracker.models import (
    Assignment,
    Contribution,
    CountyValue,
    CountyValueFile,
    Evidence,
    Framework,
    Indicator,
    Report,
    Task,
    Unit,
    db,
)
from tracker.queries.visibility import visible_to, within_region
from tracker.rules.links import LinkState
from tracker.rules.permissions import Person
from tracker.rules.standards import Item, Standard, VetoRule


@dataclass(frozen=True)
class BinderTask:
    """A task that serves an item; ``proposed`` where the office has not confirmed that it does."""

    key: str
    number: str | None
    title: str
    units: tuple[str, ...]
    proposed: bool = False


@dataclass(frozen=True)
class BinderFile:
    """A file of an item: of a report of a task, or of a value of the county, which has no task."""

    name: str
    sha256: str
    size: int
    on: date
    unit: str
    task: BinderTask | None = None
    value: str = ""


@dataclass(frozen=True)
class BinderItem:
    """An item, or a veto, with the tasks that serve it and its files, each once."""

    code: str
    title: str
    group: str
    national: str | None = None
    tasks: tuple[BinderTask, ...] = ()
    files: tuple[BinderFile, ...] = ()
    title_en: str = ""
    group_en: str = ""

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(each.size for each in self.files)


@dataclass(frozen=True)
class Binder:
    """The evidence of a framework in a county, by item."""

    framework: str
    items: tuple[BinderItem, ...]
    group: str | None = None

    @property
    def groups(self) -> list[tuple[str, list[BinderItem]]]:
        """The items in their groups."""
        return [(name, list(items)) for name, items in groupby(self.items, key=lambda item: item.group)]

    @property
    def empty(self) -> list[BinderItem]:
        """The items that no file shows."""
        return [each for each in self.items if not each.files]

    @property
    def files(self) -> int:
        """How many files it holds; one that shows several items stands under each."""
        return sum(len(each.files) for each in self.items)

    @property
    def size(self) -> int:
        """Their bytes."""
        return sum(each.size for each in self.items)

    def only(self, group: str | None) -> Binder:
        """The part of one group of items; the whole without one."""
        return (
            self
            if group is None
            else Binder(self.framework, tuple(each for each in self.items if each.group == group), group)
        )


@dataclass
class _Found:
    """What was asked: tasks by id, their files, links to indicators, and the files of values by figure."""

    tasks: dict[int, Task] = field(default_factory=dict)
    files: dict[int, list[tuple[Evidence, date, str]]] = field(default_factory=lambda: defaultdict(list))
    links: dict[int, dict[int, LinkState]] = field(default_factory=lambda: defaultdict(dict))
    values: dict[str, list[BinderFile]] = field(default_factory=lambda: defaultdict(list))


def binder_of(person: Person, framework: Framework, standard: Standard, region: str, vetoes: str) -> Binder:
    """The evidence that a person may see in a county; ``vetoes`` is what the group of the vetoes is called."""
    serving = _indicators_that_serve(framework)
    found = _Found()
    _ask_tasks(found, person, region, {each for ids in serving.values() for each in ids})
    _ask_values(found, region)
    items = [_item(each, serving[each.code], found) for each in standard.items]
    return Binder(framework.name, tuple(items + [_veto(each, found, vetoes) for each in standard.vetoes]))


def _indicators_that_serve(framework: Framework) -> Mapping[str, set[int]]:
    """By item the ids under which tasks serve it: its own, its national one's, and those of what it was copied from."""
    serving: dict[str, set[int]] = defaultdict(set)
    chain = sa.select(Framework.id, Framework.copied_from_id).where(Framework.id == framework.id)
    copies = chain.cte("copies", recursive=True)
    origin = aliased(Framework)
    copies = copies.union(
        sa.select(origin.id, origin.copied_from_id).join(copies, origin.id == copies.c.copied_from_id)
    )
    query = sa.select(Indicator.code, Indicator.id, Indicator.national_id)
    for code, number, national in db.session.execute(query.where(Indicator.framework_id.in_(sa.select(copies.c.id)))):
        serving[code] |= {number, *([national] if national else [])}
    return serving


def _ask_tasks(found: _Found, person: Person, region: str, ids: set[int]) -> None:
    """The tasks that serve these indicators, with what links them, and the files of their reports that stand."""
    linked = sa.select(Contribution.task_id).where(Contribution.indicator_id.in_(ids))
    serves = sa.or_(Task.duty_of_id.in_(ids), Task.id.in_(linked))
    wanted = [visible_to(person), within_region(Task.region_code, region), Task.withdrawn_on.is_(None), serves]
    query = sa.select(Task).where(*wanted).order_by(Task.plan_id, Task.position)
    loaded = query.options(
        joinedload(Task.assignments).joinedload(Assignment.unit),
        joinedload(Task.contributions),
    )
    for task in db.session.scalars(loaded).unique():
        found.tasks[task.id] = task
        for link in task.contributions:
            found.links[link.indicator_id][task.id] = link.state
        if task.duty_of_id:
            found.links[task.duty_of_id][task.id] = LinkState.CONFIRMED
    files = (
        sa.select(Evidence, Report.task_id, Report.at, Unit.name)
        .join(Report, Report.id == Evidence.report_id)
        .join(Task, Task.id == Report.task_id)
        .outerjoin(Unit, Unit.id == Report.unit_id)
        .where(*wanted, Report.withdrawn_at.is_(None))
        .order_by(Evidence.id)
    )
    for file, task_id, at, unit in db.session.execute(files):
        found.files[task_id].append((file, office_day(at), unit or ""))


def _ask_values(found: _Found, region: str) -> None:
    """The files of the county's values that stand, by figure."""
    query = (
        sa.select(CountyValueFile, CountyValue.figure, CountyValue.on, CountyValue.source, Unit.name)
        .join(CountyValue, CountyValue.id == CountyValueFile.value_id)
        .outerjoin(Unit, Unit.id == CountyValue.unit_id)
        .where(CountyValue.region_code == region, CountyValue.withdrawn_at.is_(None))
        .order_by(CountyValue.on, CountyValueFile.id)
    )
    for file, figure, on, source, unit in db.session.execute(query):
        found.values[figure].append(BinderFile(file.name, file.sha256, file.size, on, unit or source, value=figure))


def _item(item: Item, serving: set[int], found: _Found) -> BinderItem:
    states: dict[int, list[LinkState]] = defaultdict(list)
    for number in serving:
        for task_id, state in found.links.get(number, {}).items():
            states[task_id].append(state)
    tasks = {task_id: _task(task, states[task_id]) for task_id, task in found.tasks.items() if task_id in states}
    files = [_file(each, tasks[task_id]) for task_id in tasks for each in found.files.get(task_id, ())]
    figures = figures_of(item)
    files += [each for figure in figures for each in found.values.get(figure, ())]
    return BinderItem(
        item.number or item.code,
        item.title,
        item.group,
        item.national,
        tuple(tasks.values()),
        _each_once(files),
        item.title_en,
        item.group_en,
    )


def _veto(veto: VetoRule, found: _Found, group: str) -> BinderItem:
    return BinderItem(veto.number, veto.title, group, files=_each_once(found.values.get(veto.figure, [])))


def _task(task: Task, states: list[LinkState]) -> BinderTask:
    proposed = LinkState.CONFIRMED not in states
    return BinderTask(task.key, task.number, task.title, tuple(task.unit_names), proposed)


def _file(found: tuple[Evidence, date, str], task: BinderTask) -> BinderFile:
    file, on, unit = found
    return BinderFile(file.name, file.sha256, file.size, on, unit, task)


def _each_once(files: Iterable[BinderFile]) -> tuple[BinderFile, ...]:
    """The files without those that are the same to the last byte."""
    kept: dict[str, BinderFile] = {}
    for each in files:
        kept.setdefault(each.sha256, each)
    return tuple(kept.values())


def figures_of(item: Item) -> list[str]:
    """The codes of the county's values that an item asks for, each once."""
    asked = [code for condition in item.conditions for code in condition.figures]
    return list(dict.fromkeys([*asked, *(part.figure for part in item.parts)]))
