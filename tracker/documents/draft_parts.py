"""What an import keeps of a plan that was read beside its tasks: head, goals, phases, indicators, headings, doubts.

``draft_of`` puts it together again with the rows as the office mended them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.documents.draft_words import task_from
from tracker.documents.paper import Note, Paper, Place, blocks_as_json, blocks_from_json
from tracker.documents.plan_draft import (
    DraftDoubt,
    DraftHead,
    DraftHeading,
    DraftIndicator,
    DraftPart,
    DraftTask,
    DraftUnit,
    PlanDraft,
)
from tracker.documents.plan_shape import GoalSeed, PhaseSeed
from tracker.models import ImportRow, PlanImport
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.papers import NoteKind
from tracker.rules.task_kinds import AssignmentRole

DAYS = {"issued_on", "starts_on", "ends_on", "target_on"}


def words_of_head(head: DraftHead) -> dict[str, Any]:
    """What a document says of itself; days as 2023-11-23."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(head).items()}


def head_from(said: Mapping[str, Any]) -> DraftHead:
    """The head that ``words_of_head`` wrote."""
    values: dict[str, Any] = {name: said.get(name) for name in DraftHead.__dataclass_fields__}
    return DraftHead(**values | {name: _day(values[name]) for name in DAYS})


def parts_of(draft: PlanDraft) -> dict[str, Any]:
    """Everything but head and tasks in plain values."""
    return {
        "goals": [[goal.text, goal.deadline] for goal in draft.goals],
        "phases": [_phase(phase) for phase in draft.phases],
        "indicators": [_indicator(item) for item in draft.indicators],
        "vetoes": [list(veto) for veto in draft.vetoes],
        "headings": [[h.rank, h.number, h.title, *_place(h.place)] for h in draft.headings],
        "doubts": [[d.kind.value, *_place(d.place), d.words] for d in draft.doubts],
    }


def words_of_paper(paper: Paper) -> dict[str, Any]:
    """The blocks of a document with the notes of its reader."""
    notes = [[note.kind.value, note.count, note.where] for note in paper.notes]
    return {"blocks": blocks_as_json(paper.blocks), "notes": notes}


def paper_of(batch: PlanImport) -> Paper:
    """The document of an import."""
    notes = tuple(Note(NoteKind(kind), count, where) for kind, count, where in batch.paper["notes"])
    return Paper(batch.kind, blocks_from_json(batch.paper["blocks"]), notes)


def goals_of(parts: Mapping[str, Any]) -> list[GoalSeed]:
    """The goals among the parts of an import."""
    return [GoalSeed(text, deadline) for text, deadline in parts.get("goals", ())]


def phases_of(parts: Mapping[str, Any]) -> list[PhaseSeed]:
    """The phases among the parts of an import."""
    return [
        PhaseSeed(each["number"], each["title"], each["summary"], _day(each["starts_on"]), _day(each["ends_on"]))
        for each in parts.get("phases", ())
    ]


def indicators_of(parts: Mapping[str, Any]) -> list[DraftIndicator]:
    """The indicators among the parts of an import."""
    return [_indicator_from(each) for each in parts.get("indicators", ())]


def headings_of(parts: Mapping[str, Any]) -> list[DraftHeading]:
    """The headings among the parts of an import."""
    return [
        DraftHeading(rank, number, title, Place(block or 0, row))
        for rank, number, title, block, row in parts.get("headings", ())
    ]


def doubts_of(parts: Mapping[str, Any]) -> list[DraftDoubt]:
    """What the reading left open, among the parts of an import."""
    return [
        DraftDoubt(ReadingDoubt(kind), None if block is None else Place(block, row), words)
        for kind, block, row, words in parts.get("doubts", ())
    ]


def draft_of(batch: PlanImport, rows: Iterable[ImportRow] | None = None) -> PlanDraft:
    """The plan of an import as it is understood now: the rows that were not dropped, as they were mended."""
    parts = batch.parts
    rows = batch.rows if rows is None else rows
    return PlanDraft(
        head=head_from(batch.head),
        tasks=tuple(task_of(row) for row in rows if not row.dropped),
        phases=tuple(phases_of(parts)),
        goals=tuple(goals_of(parts)),
        indicators=tuple(indicators_of(parts)),
        vetoes=tuple((number, title) for number, title in parts.get("vetoes", ())),
        headings=tuple(headings_of(parts)),
        doubts=tuple(doubts_of(parts)),
    )


def task_of(row: ImportRow) -> DraftTask:
    """The task of a row of an import, at its place."""
    return task_from(row.words, row.key, Place(row.block or 0, row.block_row), row.source, row.sentence)


def _phase(phase: PhaseSeed) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(phase).items()}


def _indicator(item: DraftIndicator) -> dict[str, Any]:
    return {
        "number": item.number,
        "title": item.title,
        "place": _place(item.place),
        "group": item.group,
        "kind": item.kind,
        "points": _text(item.points),
        "units": [[unit.name, unit.role.value] for unit in item.units],
        "parts": [[part.number, part.text, _text(part.points)] for part in item.parts],
        "floors": [[stage, _text(floor)] for stage, floor in item.floors],
        "national": item.national,
    }


def _indicator_from(said: Mapping[str, Any]) -> DraftIndicator:
    block, row = said["place"]
    return DraftIndicator(
        number=said["number"],
        title=said["title"],
        place=Place(block, row),
        group=said["group"],
        kind=said["kind"],
        points=_amount(said["points"]),
        units=tuple(DraftUnit(name, AssignmentRole(role)) for name, role in said["units"]),
        parts=tuple(DraftPart(number, text, _amount(points)) for number, text, points in said["parts"]),
        floors=tuple((stage, Decimal(floor)) for stage, floor in said["floors"]),
        national=said["national"],
    )


def _place(place: Place | None) -> list[int | None]:
    return [place.block, place.row] if place else [None, None]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
