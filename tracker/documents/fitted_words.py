"""What was understood of a task as the columns hold it: names cut to their length, figures out of range left out.

What is cut stands whole in the sentence of its row, and in the document.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tracker.documents.plan_limits import MOST_SEATS, MOST_YUAN, figures, longest
from tracker.models import Assignment, Project, School, Task
from tracker.rules.stages import Stage
from tracker.rules.task_kinds import AssignmentRole, ProjectCategory, TaskKind
from tracker.rules.texts import clean_text

LONGEST_NAME = longest(Assignment.name_in_plan)
LONGEST_SCHOOL = longest(School.name)
AMOUNTS = {
    "land_mu": figures(Project.land_mu),
    "floor_area_m2": figures(Project.floor_area_m2),
    "sports_area_m2": figures(Project.sports_area_m2),
}
EMPTY: dict[str, Any] = {
    "number": None,
    "kind": TaskKind.MEASURE.value,
    "section": [],
    "title": "",
    "requirement": "",
    "units": [],
    "officials": [],
    "deadline": None,
    "other_deadlines": [],
    "phase": None,
    "duty_of": None,
    "project": None,
}


def fitted(words: Mapping[str, Any], phases: Collection[str], duties: Collection[str]) -> dict[str, Any]:
    """The words of a row as they can be stored; raises ValueError for a kind, role or stage that there is not."""
    said = {**EMPTY, **{name: value for name, value in words.items() if name in EMPTY}}
    units = dict.fromkeys((_name(name), AssignmentRole(role).value) for name, role in said["units"])
    title = one_line(said["title"], longest(Task.title))
    return {
        "number": one_line(said["number"], longest(Task.number)) or None,
        "kind": TaskKind(said["kind"]).value,
        "section": [each for each in (one_line(part, LONGEST_NAME) for part in said["section"]) if each],
        "title": title,
        "requirement": clean_text(said["requirement"]) or title,
        "units": [[name, role] for name, role in units if name],
        "officials": [name for name in dict.fromkeys(_name(each) for each in said["officials"]) if name],
        "deadline": one_line(said["deadline"], longest(Task.deadline_text)) or None,
        "other_deadlines": [one_line(each, LONGEST_NAME) for each in said["other_deadlines"]],
        "phase": said["phase"] if said["phase"] in phases else None,
        "duty_of": said["duty_of"] if said["duty_of"] in duties else None,
        "project": _project(said["project"]) if said["project"] else None,
    }


def one_line(text: str | None, most: int) -> str:
    """A text on one line, cut to a length."""
    return " ".join(clean_text(text).split())[:most].strip()


def _name(name: str) -> str:
    return one_line(name, LONGEST_NAME)


def _project(said: Mapping[str, Any]) -> dict[str, Any]:
    schools: dict[tuple[str, str | None], list[Any]] = {}
    for name, stage, seats, classes in said.get("schools") or ():
        plain = one_line(name, LONGEST_SCHOOL)
        if plain:
            level = Stage(stage).value if stage else None
            schools.setdefault((plain, level), [plain, level, _count(seats), _count(classes)])
    return {
        "category": ProjectCategory(said.get("category") or ProjectCategory.NEW).value,
        "site": clean_text(said.get("site")) or None,
        "town": one_line(said.get("town"), longest(Project.town)) or None,
        **{name: _amount(said.get(name), name) for name in AMOUNTS},
        "budget_yuan": _within(said.get("budget_yuan"), MOST_YUAN),
        "schools": list(schools.values()),
        "buildings": [
            [one_line(use, LONGEST_NAME), _amount(area, "floor_area_m2")] for use, area in said.get("buildings") or ()
        ],
    }


def _count(number: int | None) -> int | None:
    return _within(number, MOST_SEATS)


def _within(number: int | None, most: int) -> int | None:
    return number if number is not None and 0 <= number <= most else None


def _amount(text: str | None, name: str) -> str | None:
    """An area with as many decimals as its column keeps."""
    limits = AMOUNTS[name]
    try:
        amount = round(Decimal(text), limits.decimals) if text not in {None, ""} else None
    except InvalidOperation:
        return None
    return None if amount is None or not 0 <= amount <= limits.largest else f"{amount:f}"
