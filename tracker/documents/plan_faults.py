"""What cannot stand together inside one plan, each with its place and mend: double names, names that nothing bears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tracker.documents.plan_limits import longest
from tracker.documents.plan_shape import PlanSeed, ProjectSeed, TaskSeed, UnitSeed
from tracker.models import Task
from tracker.rules.deadline_words import impossible_years
from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR

LONGEST_KEY = longest(Task.key)


def contradictions(plan: PlanSeed) -> Iterator[str]:
    """Every contradiction of a plan with itself."""
    yield from _of_dates(plan)
    yield from _of_names(plan)
    if not plan.tasks:
        yield "tasks: the plan has none: add what it asks for"
    for count, task in enumerate(plan.tasks, start=1):
        for fault in _of_task(plan, task):
            yield f"tasks {count} ({task.key}), {fault}"


def _of_dates(plan: PlanSeed) -> Iterator[str]:
    if (plan.target_text is None) != (plan.target_on is None):
        yield "plan, target: give both the words (text) and the day they mean (on)"
    yield from _ends_early("plan", plan.starts_on, plan.ends_on)
    yield from _impossible("plan, target, text", plan.target_text)
    for count, goal in enumerate(plan.goals, start=1):
        yield from _impossible(f"plan, goals {count}, deadline", goal.deadline)
    for phase in plan.phases:
        yield from _ends_early(f"phases ({phase.number})", phase.starts_on, phase.ends_on)


def _ends_early(place: str, starts_on: date | None, ends_on: date | None) -> Iterator[str]:
    if starts_on and ends_on and ends_on < starts_on:
        yield f"{place}, ends_on: {ends_on} lies before the start, {starts_on}: correct one of the two"


def _impossible(place: str, words: str | None) -> Iterator[str]:
    for year in impossible_years(words or ""):
        yield f"{place}: the year {year} lies outside {FIRST_YEAR}-{LAST_YEAR}: correct it"


def _of_names(plan: PlanSeed) -> Iterator[str]:
    by_name = _units_by_name(plan)
    names = [name for unit in plan.units for name in (unit.name, *unit.aliases)]
    yield from _doubles("units", names, "one name means one unit: join the two or rename one")
    for unit in plan.units:
        yield from _unknown(f"units ({unit.name}), members", unit.members, names, "units")
        yield from _of_members(unit, by_name)
    yield from _doubles("tasks, key", (task.key for task in plan.tasks), "give each task a key of its own")
    yield from _doubles("indicators, code", (item.code for item in plan.indicators), "give each a code of its own")
    yield from _doubles("phases, number", (phase.number for phase in plan.phases), "give each a number of its own")
    yield from _doubles("vetoes, number", (number for number, _title in plan.vetoes), "give each a number of its own")
    if plan.framework and (plan.indicators or plan.vetoes):
        yield "plan, framework: a plan judges by one list: remove its indicators and vetoes, or the name of the other"
    if plan.vetoes and not plan.indicators:
        yield "vetoes: a plan without indicators has nothing to refuse: add its indicators"


def _units_by_name(plan: PlanSeed) -> dict[str, str]:
    """The name of the unit that each name or alias means."""
    return {name: unit.name for unit in plan.units for name in (unit.name, *unit.aliases)}


def _of_members(unit: UnitSeed, by_name: dict[str, str]) -> Iterator[str]:
    place, members = f"units ({unit.name}), members", [by_name.get(name, name) for name in unit.members]
    yield from _doubles(place, members, "name the unit once")
    if unit.name in members:
        yield f"{place}: {unit.name!r} cannot be its own member: take it out"


def _of_task(plan: PlanSeed, task: TaskSeed) -> Iterator[str]:
    units = _units_by_name(plan)
    for role, names in task.units.items():
        yield from _unknown(f"units.{role}", names, units, "units, as a name or an alias")
        yield from _doubles(f"units.{role}", (units[name] for name in names if name in units), "name the unit once")
    yield from _impossible("deadline", task.deadline)
    yield from _doubles("officials", task.officials, "name each once")
    yield from _unknown("phase", [task.phase], [phase.number for phase in plan.phases], "phases")
    if not plan.framework:
        yield from _unknown("duty_of", [task.duty_of], [item.code for item in plan.indicators], "indicators")
    if not task.indicators and not task.no_indicator:
        yield "indicators: name the national indicators it serves, or say why none in no_indicator"
    if len(f"{plan.code}-{task.key}") > LONGEST_KEY:
        yield f"key: is longer than {LONGEST_KEY} characters together with the code of the plan: shorten it"
    if task.project:
        yield from _of_project(task.project)


def _of_project(project: ProjectSeed) -> Iterator[str]:
    schools = [f"{school.name} ({school.stage})" if school.stage else school.name for school in project.schools]
    yield from _doubles("project, schools", schools, "name each school once per stage")


def _unknown(place: str, names: Iterable[str | None], known: Iterable[str], where: str) -> Iterator[str]:
    for name in names:
        if name and name not in set(known):
            yield f"{place}: {name!r} is unknown: add it to {where}"


def _doubles(place: str, names: Iterable[str], mend: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{place}: {name!r} stands twice: {mend}"
        seen.add(name)
