"""The dated stages of a plan: numbered headings with a time, under a heading that announces them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.documents.paper import Place
from tracker.documents.plan_shape import PhaseSeed
from tracker.documents.recognition.outline import Line, Outline
from tracker.rules.deadline_words import read_deadline
from tracker.rules.deadlines import Document
from tracker.rules.reading.phase_words import PhaseWords, is_section_of_phases, phase_words


@dataclass(frozen=True)
class Phases:
    """The stages in their order, and the places that they were read from."""

    phases: tuple[PhaseSeed, ...] = ()
    used: frozenset[Place] = frozenset()


def phases_in(outline: Outline, document: Document) -> Phases:
    """The stages of a plan, numbered from 1 where the document repeats or leaves out a number."""
    lines = list(outline.lines)
    found = list(_stages(lines))
    numbers = [line.number for line, _words in found]
    unique = len(set(numbers)) == len(numbers) and all(numbers)
    phases = []
    for count, (line, words) in enumerate(found, start=1):
        read = read_deadline(words.when, document)
        phases.append(
            PhaseSeed(
                number=line.number if unique else str(count),
                title=words.title,
                summary=_summary(line, lines),
                starts_on=read.starts_on,
                ends_on=read.due_on,
            )
        )
    return Phases(tuple(phases), frozenset(line.place for line, _words in found))


def _stages(lines: list[Line]) -> Iterator[tuple[Line, PhaseWords]]:
    for line in lines:
        words = phase_words(line.title) if line.number and line.title else None
        above = line.path[-1].title if line.path else ""
        if words and (is_section_of_phases(above) or "阶段" in words.title):
            yield line, words


def _summary(line: Line, lines: list[Line]) -> str | None:
    """What is done in it: the rest of its own paragraph, and the plain ones below."""
    below = [each.text for each in lines if each.path and each.path[-1].place == line.place and not each.rank]
    return "\n".join(filter(None, [line.rest, *below])) or None
