"""Sentences with a date of their own: the goals of a plan, and its targets where it gives them to nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftTask
from tracker.documents.plan_shape import GoalSeed
from tracker.documents.recognition.found import Found, FoundTask, Origin
from tracker.documents.recognition.outline import Line, Outline
from tracker.documents.recognition.sources import section_of, source_of
from tracker.rules.deadline_words import read_deadline
from tracker.rules.deadlines import Document
from tracker.rules.reading.deadline_spots import Spot, spots_in
from tracker.rules.reading.work_words import is_section_of_targets, speaks_of_acceptance
from tracker.rules.task_kinds import TaskKind

SENTENCE = re.compile(r"[^。\n]+")
CLAUSE = re.compile("[^，,；;]+[，,；;]?")
# A clause after the dated one that says itself what is to be reached.
REACHED = re.compile(r"(?:达标|达到要求|全覆盖|到位|清零)$")
LONGEST_TITLE = 60
SHORTEST_TITLE = 12
LONGEST_GOAL = 300
NOWHEN = Document()


def goals_in(outline: Outline) -> tuple[GoalSeed, ...]:
    """Every dated statement under a heading of goals: from one date to the next."""
    found = [
        GoalSeed(words[:LONGEST_GOAL], deadline)
        for line in outline.lines
        if any(map(is_section_of_targets, line.section))
        for sentence in _sentences(line)
        for words, deadline in _dated(sentence)
    ]
    return tuple(dict.fromkeys(found))


def target_of(outline: Outline) -> tuple[str | None, date | None]:
    """The words and the day of what a plan aims at: its first acceptance, else the last of its goals."""
    dated = [
        (read.due_on, goal.deadline, goal.text)
        for goal in goals_in(outline)
        if goal.deadline and (read := read_deadline(goal.deadline, NOWHEN)).due_on
    ]
    accepted = [each for each in dated if speaks_of_acceptance(each[2])]
    if not dated:
        return None, None
    on, words, _text = min(accepted) if accepted else max(dated)
    return words, on


def _dated(sentence: str) -> Iterator[tuple[str, str]]:
    """A sentence from one of its dates to the next, the clauses before the first with the first."""
    words, deadline = "", ""
    points = _spots(sentence)
    for clause in CLAUSE.finditer(sentence):
        own = [spot.words for spot in points if clause.start() <= spot.start < clause.end()]
        if own and deadline:
            yield words.strip("，,；;"), deadline
            words, deadline = "", ""
        words += clause[0]
        deadline = own[-1] if own else deadline
    if deadline:
        yield words.strip("，,；;"), deadline


def _points(text: str) -> list[str]:
    """The words of the dates in a text by which something is to be reached."""
    return [spot.words for spot in _spots(text)]


def _spots(text: str) -> list[Spot]:
    """The dates in a text by which something is to be reached: not a period that is only named."""
    return [spot for spot in spots_in(text) if read_deadline(spot.words, NOWHEN).starts_on is None]


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
    yield from (each.strip() for each in SENTENCE.findall(line.rest or line.title) if each.strip())


def _clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """What is to be reached, and by when: a clause without a date of its own shares that of the clause before."""
    words = ""
    for part in re.split("[；;]", sentence):
        spots = _points(part)
        if not spots and not words:
            continue
        words = spots[-1] if spots else words
        *before, last = re.split("[，,]", part)
        if spots and before and REACHED.search(last.strip()) and not _points(last):
            yield "，".join(before).strip(), words
            yield last.strip(), words
        else:
            yield part.strip(), words


def _task(line: Line, sentence: str, clause: str, words: str) -> FoundTask:
    clauses = re.split("[，,]", clause)
    at = next((place for place, each in enumerate(clauses) if words in each), 0)
    title = clauses[at].strip()
    if len(title) < SHORTEST_TITLE and at + 1 < len(clauses):
        title = f"{title}，{clauses[at + 1].strip()}"
    task = DraftTask(
        key="",
        kind=TaskKind.MEASURE,
        title=title[:LONGEST_TITLE],
        requirement=clause,
        place=line.place,
        source=source_of(line),
        sentence=sentence,
        section=section_of(line),
        deadline=words,
    )
    return FoundTask(Origin.TARGET, task)
