"""When a task that was read falls due: its own words, else what the plan aims at, as of a stored one."""

from __future__ import annotations

from tracker.documents.plan_draft import DraftHead, DraftTask
from tracker.rules.deadline_words import inherited_deadline, read_deadline
from tracker.rules.deadlines import Deadline, Document, document_named


def document_of(head: DraftHead) -> Document:
    """What a document says of its own day: 年内 and 印发后30日内 count from it."""
    return document_named(head.issued_on, head.document_number, head.title)


def deadline_of(task: DraftTask, head: DraftHead) -> Deadline:
    """The deadline of a task. Never raises: words that nobody can read are ``unspecified``."""
    if task.deadline is None and head.target_on:
        return inherited_deadline(head.target_text or "", head.target_on, document_of(head))
    return read_deadline(task.deadline or "", document_of(head))
