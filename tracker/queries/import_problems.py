"""What still hinders the adoption of an import."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from tracker.models import ImportName, ImportRow, Plan, PlanImport, PlanState, Task, UnitKind, db
from tracker.queries.imports import counts_of_names, names_in, rows_kept
from tracker.queries.plan_names import units_by_name
from tracker.queries.plans import plan_by_code
from tracker.queries.standards import framework_by_code

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_CODE = 32  # leaves room for the number of a task behind it
LONGEST_KEY = 40
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
    NAME_OPEN = "name_open"
    NAME_TAKEN = "name_taken"
    UNIT_GONE = "unit_gone"
    TWO_KINDS = "two_kinds"


@dataclass(frozen=True)
class Problem:
    """What hinders the adoption, where, and the words that it is about."""

    kind: ProblemKind
    row: ImportRow | None = None
    name: ImportName | None = None
    words: str = ""


def problems_of(batch: PlanImport, rows: Sequence[ImportRow] | None = None) -> list[Problem]:
    """What still hinders the adoption of an import; nothing where it may be adopted."""
    kept = rows_kept(batch) if rows is None else rows
    of_head = _of_standing(batch.against) if batch.against else _of_new(batch, kept)
    return [*of_head, *_of_rows(kept), *_of_names(batch, kept)]


def _of_standing(plan: Plan) -> Iterator[Problem]:
    if plan.state is PlanState.CLOSED:
        yield Problem(ProblemKind.PLAN_CLOSED, words=plan.title)


def _of_new(batch: PlanImport, rows: Sequence[ImportRow]) -> Iterator[Problem]:
    """What a new plan lacks: title, a code that is free, a period that ends after its start."""
    said = {name: batch.head.get(name) or "" for name in HEAD}
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
    elif any(len(code) + 1 + len(row.key) > LONGEST_KEY for row in rows):
        yield Problem(ProblemKind.LONG_KEY, words=code)


def _is_taken(code: str) -> bool:
    """Whether a plan, its list of indicators or a task bears the code already."""
    task = sa.select(Task.id).where(Task.key.startswith(f"{code}-", autoescape=True)).limit(1)
    return bool(plan_by_code(code) or framework_by_code(code) or db.session.scalar(task))


def _of_rows(rows: Sequence[ImportRow]) -> Iterator[Problem]:
    if not rows:
        yield Problem(ProblemKind.NO_TASKS)
    for row in rows:
        if not row.words["title"]:
            yield Problem(ProblemKind.ROW_WITHOUT_TITLE, row=row, words=row.words["requirement"][:60])


def _of_names(batch: PlanImport, rows: Sequence[ImportRow]) -> Iterator[Problem]:
    """The names that mean no unit that acts, and new ones that a known unit bears or that are to be of two kinds."""
    used = counts_of_names([row for row in rows if row.accepted])
    known = units_by_name(batch.region_code)
    kinds: dict[str, UnitKind] = {}
    for name in names_in(batch):
        if name.name not in used:
            continue
        called = name.new_name or name.name
        if name.unit:
            if name.unit.disabled_at or name.unit.merged_into_id:
                yield Problem(ProblemKind.UNIT_GONE, name=name, words=name.name)
        elif name.new_kind is None:
            yield Problem(ProblemKind.NAME_OPEN, name=name, words=name.name)
        elif called in known:
            yield Problem(ProblemKind.NAME_TAKEN, name=name, words=called)
        elif kinds.setdefault(called, name.new_kind) is not name.new_kind:
            yield Problem(ProblemKind.TWO_KINDS, name=name, words=called)
