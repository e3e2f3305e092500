"""What units are told to do (职责分工): a line for each unit, a heading for each, or the sentences of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftTask, DraftUnit
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.reading.duty_words import (
    LEAST_LINES,
    Duty,
    duty_after_colon,
    duty_of_sentence,
    is_section_of_duties,
    title_of_duty,
)
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.reading.unit_words import looks_like_unit
from tracker.rules.reading.work_words import is_section_of_organisation
from tracker.rules.task_kinds import AssignmentRole, TaskKind

SENTENCE = re.compile(r"[^。\n]+。?")


def duty_lines_in(outline: Outline, used: frozenset[Place]) -> Found:
    """A line for each unit: under a heading that announces duties, or several of them in a row."""
    lines = [line for line in outline.lines if line.place not in used]
    found = [(line, _duty(line, lines)) for line in lines]
    tasks = [_task(line, duty) for line, duty in _wanted(found)]
    return Found(tuple(tasks), used=frozenset(each.task.place for each in tasks))


def _duty(line: Line, lines: Sequence[Line]) -> Duty | None:
    """县教育局：… with or without a number, or a heading that is a unit with what stands under it."""
    text = f"{line.title}：{line.rest}" if line.rank and line.title and line.rest else line.rest or line.title
    if duty := duty_after_colon(text):
        return duty
    if line.is_heading and is_under_duties(line):
        units = split_units(line.title)
        below = [each.text for each in lines if each.path and each.path[-1].place == line.place]
        if units and all(map(looks_like_unit, units)) and below:
            return Duty(tuple(units), "\n".join(below))
    return None


def _wanted(found: Sequence[tuple[Line, Duty | None]]) -> Iterator[tuple[Line, Duty]]:
    """Those under a heading of duties, and rows of at least three elsewhere."""
    row: list[tuple[Line, Duty]] = []
    for line, duty in found:
        if duty and is_under_duties(line):
            yield line, duty
        elif duty:
            row.append((line, duty))
            continue
        yield from row if len(row) >= LEAST_LINES else ()
        row = []
    yield from row if len(row) >= LEAST_LINES else ()


def is_under_duties(line: Line) -> bool:
    """Whether a heading above a paragraph announces the duties of units."""
    return any(map(is_section_of_duties, section_of(line)))


def duty_sentences_in(outline: Outline, used: frozenset[Place]) -> Found:
    """The sentences of the paragraphs on organisation that begin with the units they tell."""
    tasks = []
    for line in outline.lines:
        if line.place in used or not any(map(is_section_of_organisation, section_of(line))):
            continue
        for sentence in SENTENCE.findall(line.rest):
            for part in _parts(sentence.strip()):
                if duty := duty_of_sentence(part, takes_general=is_under_duties(line)):
                    tasks.append(_task(line, duty, part))
    return Found(tuple(tasks), used=frozenset(each.task.place for each in tasks))


def _parts(sentence: str) -> list[str]:
    """A sentence in the pieces between its semicolons that each begin with a unit; whole where only the first does."""
    pieces = [each for each in re.split("[；;]", sentence) if each.strip()]
    parts: list[str] = []
    for piece in pieces:
        if not parts or duty_of_sentence(piece, takes_general=False):
            parts.append(piece)
        else:
            parts[-1] += f"；{piece}"
    return parts


def _task(line: Line, duty: Duty, sentence: str = "") -> FoundTask:
    task = DraftTask(
        key="",
        kind=TaskKind.MEASURE,
        title=title_of_duty(duty.units, duty.words),
        requirement=sentence or duty.words,
        place=line.place,
        source=source_of(line),
        sentence=sentence or line.text,
        number=line.number or None,
        section=section_of(line),
        units=tuple(DraftUnit(name, AssignmentRole.RESPONSIBLE) for name in duty.units),
    )
    return FoundTask(Origin.UNIT_DUTY, task, line.annex.number if line.annex else "")
