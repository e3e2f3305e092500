"""Understand a document as a plan: what it says of itself, its outline, its tasks, and what stays in doubt."""

from __future__ import annotations

from tracker.documents.draft_deadlines import document_of
from tracker.documents.paper import Paper
from tracker.documents.plan_draft import DraftDoubt, DraftHeading, PlanDraft
from tracker.documents.recognition.duties import duty_lines_in, duty_sentences_in
from tracker.documents.recognition.found import Found, together, with_keys
from tracker.documents.recognition.head import head_of
from tracker.documents.recognition.indicators import indicators_in
from tracker.documents.recognition.measures import measures_in
from tracker.documents.recognition.outline import Outline, outline_of
from tracker.documents.recognition.phases import phases_in
from tracker.documents.recognition.policies import policies_in
from tracker.documents.recognition.tables import tables_in
from tracker.documents.recognition.targets import goals_in, targets_in
from tracker.documents.recognition.vetoes import vetoes_in
from tracker.documents.recognition.works import works_in
from tracker.rules.reading.doubts import ReadingDoubt


def recognise(paper: Paper) -> PlanDraft:
    """The plan in a document; without tasks where none were found, and then a doubt says so. Never raises."""
    outline = outline_of(paper)
    head, doubts = head_of(paper, outline)
    phases = phases_in(outline, document_of(head))
    found = _found(outline)
    tasks = with_keys(found.tasks)
    nothing = () if tasks else (DraftDoubt(ReadingDoubt.NO_TASKS, None),)
    return PlanDraft(
        head=head,
        tasks=tasks,
        phases=phases.phases,
        goals=goals_in(outline),
        indicators=found.indicators,
        vetoes=found.vetoes,
        headings=tuple(DraftHeading(each.rank, each.number, each.title, each.place) for each in outline.headings),
        doubts=(*nothing, *doubts, *found.doubts),
    )


def _found(outline: Outline) -> Found:
    """What the finders see. A plan that gives its tasks to units is read by them; one that does not, by its headings.

    The same work stands often twice, told in the text and given to units in an annex: then the annex counts.
    """
    given = together([tables_in(outline), measures_in(outline)])
    listed = together([policies_in(outline), duty_lines_in(outline, given.used), vetoes_in(outline)])
    if any(each.task.units for each in given.tasks):
        return together([given, listed, _items(outline, given)])
    told = together([given, listed])
    works = works_in(outline, told.used)
    sentences = duty_sentences_in(outline, told.used | works.used)
    targets = targets_in(outline, told.used | works.used | sentences.used)
    return together([told, works, sentences, targets, _items(outline, told)])


def _items(outline: Outline, given: Found) -> Found:
    """The indicators of the text, where no table lists them."""
    return Found() if given.indicators else indicators_in(outline)
