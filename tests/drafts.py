"""Drafts for tests: what a reading of a document might have understood, built by hand."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from tracker.actions.imports import SaidPaper
from tracker.documents.paper import Paper, Paragraph, Place
from tracker.documents.plan_draft import DraftHead, DraftTask, DraftUnit, PlanDraft
from tracker.rules.reading.papers import PaperKind
from tracker.rules.task_kinds import AssignmentRole, TaskKind

_numbers = itertools.count(1)
RESPONSIBLE = AssignmentRole.RESPONSIBLE


def draft_task(key: str, title: str, *names: str, **differences: Any) -> DraftTask:
    """A measure at its place in the document, with responsible units."""
    values: dict[str, Any] = {
        "kind": TaskKind.MEASURE,
        "requirement": f"{title}的要求",
        "place": Place(next(_numbers)),
        "source": f"附件 {key}",
        "sentence": f"{title}。（{'、'.join(names)}）",
        "section": ("重点任务",),
        "units": tuple(DraftUnit(name, RESPONSIBLE) for name in names),
    }
    return DraftTask(key=key, title=title, **(values | differences))


def draft_of(*tasks: DraftTask, head: dict[str, Any] | None = None, **parts: Any) -> PlanDraft:
    """A plan with its head."""
    said = {
        "title": "义务教育优质均衡发展实施方案",
        "document_number": "兴府办发〔2025〕3号",
        "issued_on": date(2025, 6, 1),
    }
    return PlanDraft(DraftHead(**(said | (head or {}))), tasks=tasks, **parts)


def said_paper(draft: PlanDraft, digest: str = "", **differences: Any) -> SaidPaper:
    """A document of one paragraph for each task."""
    last = max((task.place.block for task in draft.tasks), default=0)
    blocks = {task.place.block: task.sentence for task in draft.tasks}
    paragraphs = tuple(Paragraph(blocks.get(index, f"第{index}段"), index + 1) for index in range(last + 3))
    paper = Paper(PaperKind.TEXT, paragraphs)
    return SaidPaper("方案.docx", digest or f"{next(_numbers):064d}", paper, draft, **differences)
