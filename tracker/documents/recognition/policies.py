"""Documents to be issued: a numbered list of them under a title that announces it."""

from __future__ import annotations

from collections import defaultdict

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftTask
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.reading.policy_words import LEAST_SHARE, is_document, is_list_of_documents
from tracker.rules.task_kinds import TaskKind

LEAST_ITEMS = 2


def policies_in(outline: Outline) -> Found:
    """The items of every list whose title announces documents, where most of them name one."""
    lists: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in outline.lines:
        section = section_of(line)
        if line.number and section and is_list_of_documents(section[-1]):
            lists[section].append(line)
    tasks = [_task(line) for lines in lists.values() if _names_documents(lines) for line in lines]
    return Found(tuple(tasks), used=frozenset(each.task.place for each in tasks))


def _names_documents(lines: list[Line]) -> bool:
    named = sum(is_document(_title(line)) for line in lines)
    return len(lines) >= LEAST_ITEMS and named >= LEAST_SHARE * len(lines)


def _title(line: Line) -> str:
    return line.title or line.text


def _task(line: Line) -> FoundTask:
    title = _title(line).rstrip("。；;")
    task = DraftTask(
        key="",
        kind=TaskKind.POLICY_DOCUMENT,
        title=title,
        requirement=line.rest or title,
        place=Place(line.place.block),
        source=source_of(line),
        sentence=line.text,
        number=line.number,
        section=section_of(line),
    )
    return FoundTask(Origin.POLICY, task)
