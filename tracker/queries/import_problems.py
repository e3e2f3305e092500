"""What still hinders the adoption of an import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from tracker.models import Framework, ImportName, ImportRow, Plan, PlanImport, PlanState, Task, UnitKind, db
from tracker.queries.import_rows import ImportFacts, rows_unfit
from tracker.queries.plan_names import units_by_name

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_CODE = 32  # leaves room for the number of a task behind it
LONGEST_KEY = 40
LONGEST_REQUIREMENT = 5_000  # characters, as in the forms of tasks: nobody could change a longer one afterwards
RESERVED = {"new"}
HEAD = ("title", "code", "starts_on", "ends_on", "target_text", "target_on")


class ProblemKind(StrEnum):
    """What hinders the adoption of an import."""

    NO_TASKS = "no_tasks"
    NO_TITLE = "no_title"
    NO_CODE = "no_code"
    BAD_CODE = "bad_code"
    CODE_TAKEN = "code_taken"
    LONG_KEY = "long_key"
    PLAN_CLOSED = "plan_closed"
    PERIOD = "period"
    TARGET = "target"
    ROW_WITHOUT_TITLE = "row_without_title"
    ROW_TOO_LONG = "row_too_long"
    NAME_OPEN = "name_open"
    NAME_TAKEN = "name_taken"
    NAME_OF_GONE = "name_of_gone"
    UNIT_GONE = "unit_gone"
    TWO_KINDS = "two_kinds"


@dataclass(frozen=True)
class Problem:
    """What hinders the adoption, where, and the words that it is about."""

    kind: ProblemKind
    row: ImportRow | None = None
    name: ImportName | None = None
    words: str = ""


def problems_of(batch: PlanImport, facts: ImportFacts | None = None) -> list[Problem]:
    """What still hinders the adoption of an import; nothing where it may be adopted."""
    facts = facts or ImportFacts(batch)
    of_head = _of_standing(batch.against) if batch.against else _of_new(facts)
    return [*of_head, *_of_rows(facts), *_of_names(facts)]


def _of_standing(plan: Plan) -> Iterator[Problem]:
    if plan.state is PlanState.CLOSED:
        yield Problem(ProblemKind.PLAN_CLOSED, words=plan.title)


def _of_new(facts: ImportFacts) -> Iterator[Problem]:
    """What a new plan lacks: title, a code that is free, a period that ends after its start."""
    said = {name: facts.batch.head.get(name) or "" for name in HEAD}
    code = said["code"]
    if not said["title"]:
        yield Problem(ProblemKind.NO_TITLE)
    if said["starts_on"] and "" < said["ends_on"] < said["starts_on"]:
        yield Problem(ProblemKind.PERIOD, words=f"{said['starts_on']} — {said['ends_on']}")
    if bool(said["target_text"]) != bool(said["target_on"]):
        yield Problem(ProblemKind.TARGET, words=said["target_text"] or said["target_on"])
    if not code:
        yield Problem(ProblemKind.NO_CODE)
    elif not CODE.fullmatch(code) or len(code) > LONGEST_CODE or code in RESERVED:
        yield Problem(ProblemKind.BAD_CODE, words=code)
    elif _is_taken(code):
        yield Problem(ProblemKind.CODE_TAKEN, words=code)
    elif len(code) + 1 + facts.longest_key > LONGEST_KEY:
        yield Problem(ProblemKind.LONG_KEY, words=code)


def _is_taken(code: str) -> bool:
    """Whether a plan, its list of indicators or a task bears the code already."""
    task = sa.exists().where(Task.key.startswith(f"{code}-", autoescape=True))
    same = (sa.exists().where(kind.code == code) for kind in (Plan, Framework))
    return bool(db.session.scalar(sa.select(sa.or_(task, *same))))


def _of_rows(facts: ImportFacts) -> Iterator[Problem]:
    if not facts.tasks:
        yield Problem(ProblemKind.NO_TASKS)
    for row in rows_unfit(facts.batch, LONGEST_REQUIREMENT):
        words = row.words["requirement"]
        if not row.words["title"]:
            yield Problem(ProblemKind.ROW_WITHOUT_TITLE, row=row, words=words[:60])
        if len(words) > LONGEST_REQUIREMENT:
            yield Problem(ProblemKind.ROW_TOO_LONG, row=row, words=row.words["title"])


def _of_names(facts: ImportFacts) -> Iterator[Problem]:
    """The names that mean no unit that acts, and new ones that a known unit bears or that are to be of two kinds."""
    used = facts.accepted_names
    names = [name for name in facts.names if name.name in used]
    known = units_by_name(facts.batch.region_code) if any(name.new_kind for name in names) else {}
    kinds: dict[str, UnitKind] = {}
    for name in names:
        called = name.new_name or name.name
        if name.unit:
            if name.unit.disabled_at or name.unit.merged_into_id:
                yield Problem(ProblemKind.UNIT_GONE, name=name, words=name.name)
        elif name.new_kind is None:
            yield Problem(ProblemKind.NAME_OPEN, name=name, words=name.name)
        elif called in known:
            kind = ProblemKind.NAME_OF_GONE if known[called].disabled_at else ProblemKind.NAME_TAKEN
            yield Problem(kind, name=name, words=called)
        elif kinds.setdefault(called, name.new_kind) is not name.new_kind:
            yield Problem(ProblemKind.TWO_KINDS, name=name, words=called)
