"""Sentences with a date of their own: the goals of a plan, and its targets where it gives them to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftTask
from tracker.documents.plan_shape import GoalSeed
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.reading.deadline_spots import spots_in
from tracker.rules.reading.work_words import is_section_of_targets
from tracker.rules.task_kinds import TaskKind

SENTENCE = re.compile(r"[^。\n]+")
# A clause after the dated one that says itself what is to be reached.
REACHED = re.compile(r"(?:达标|达到要求|全覆盖|到位|清零)$")
LONGEST_TITLE = 60
LONGEST_GOAL = 300


def goals_in(outline: Outline) -> tuple[GoalSeed, ...]:
    """Every dated sentence under a heading of goals."""
    found = [
        GoalSeed(sentence[:LONGEST_GOAL], spots[-1].words)
        for line in outline.lines
        if _is_under_targets(line)
        for sentence in _sentences(line)
        if (spots := spots_in(sentence))
    ]
    return tuple(dict.fromkeys(found))


def targets_in(outline: Outline, used: frozenset[Place]) -> Found:
    """The dated sentences under goals and indicators as tasks of nobody, clause by clause."""
    tasks = [
        _task(line, sentence, clause, words)
        for line in outline.lines
        if line.place not in used and _is_under_targets(line)
        for sentence in _sentences(line)
        for clause, words in _clauses(sentence)
    ]
    return Found(tuple(tasks))


def _is_under_targets(line: Line) -> bool:
    return any(map(is_section_of_targets, line.section)) and not line.annex


def _sentences(line: Line) -> Iterator[str]:
    yield from (each.strip() for each in SENTENCE.findall(line.rest) if each.strip())


def _clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """What is to be reached, and by when: a clause without a date of its own shares that of the clause before."""
    words = ""
    for part in re.split("[；;]", sentence):
        spots = spots_in(part)
        if not spots and not words:
            continue
        words = spots[-1].words if spots else words
        *before, last = re.split("[，,]", part)
        if spots and before and REACHED.search(last.strip()) and not spots_in(last):
            yield "，".join(before).strip(), words
            yield last.strip(), words
        else:
            yield part.strip(), words


def _task(line: Line, sentence: str, clause: str, words: str) -> FoundTask:
    dated = next((each for each in re.split("[，,]", clause) if words in each), clause)
    task = DraftTask(
        key="",
        kind=TaskKind.MEASURE,
        title=dated.strip()[:LONGEST_TITLE],
        requirement=clause,
        place=line.place,
        source=source_of(line),
        sentence=sentence,
        section=section_of(line),
        deadline=words,
    )
    return FoundTask(Origin.TARGET, task)
