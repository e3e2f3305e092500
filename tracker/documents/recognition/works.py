"""The tasks of a plan that names no unit for them: the innermost items under the heading of its main tasks."""

from __future__ import annotations

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftTask
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.reading.deadline_spots import deadlines_in
from tracker.rules.reading.work_words import is_section_of_tasks
from tracker.rules.task_kinds import TaskKind


def works_in(outline: Outline, used: frozenset[Place]) -> Found:
    """The numbered items of the main tasks that have no numbered item under them."""
    lines = list(outline.lines)
    above = {heading.place for line in lines if line.number for heading in line.path}
    tasks = [
        _task(line, lines)
        for line in lines
        if line.number
        and line.place not in above
        and line.place not in used
        and not line.annex
        and any(map(is_section_of_tasks, line.section))
    ]
    return Found(tuple(tasks), used=frozenset(each.task.place for each in tasks))


def _task(line: Line, lines: list[Line]) -> FoundTask:
    below = [each.text for each in lines if each.path and each.path[-1].place == line.place]
    requirement = "\n".join(filter(None, [line.rest, *below])) or line.title
    deadlines = deadlines_in("\n".join([line.text, *below]))
    task = DraftTask(
        key="",
        kind=TaskKind.MEASURE,
        title=line.title or line.text,
        requirement=requirement,
        place=line.place,
        source=source_of(line),
        sentence="\n".join([line.text, *below]),
        number=line.number,
        section=section_of(line),
        deadline=deadlines[0] if deadlines else None,
        other_deadlines=tuple(deadlines[1:]),
    )
    return FoundTask(Origin.WORK, task)
