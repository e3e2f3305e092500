"""What is to be settled before an import is adopted and what deserves a look, each with the place of its mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.documents.draft_facts import checkup_of_draft
from tracker.documents.draft_parts import doubts_of, draft_of
from tracker.models import ImportRow
from tracker.queries.checkup import limits_in
from tracker.queries.import_cautions import cautions_of
from tracker.queries.import_problems import ProblemKind, problems_of
from tracker.queries.imports import rows_kept
from tracker.queries.plan_names import national_by_code
from tracker.rules.checkup import Code
from tracker.views.check_words import evidence
from tracker.views.check_words import title as check_title
from tracker.views.import_cards import place_of
from tracker.views.import_pages import Batch
from tracker.views.import_review_words import caution_words, doubt_words, problem_words

# What the list of doubts says row by row.
TOLD_BY_ROW = {Code.WITHOUT_UNIT, Code.NO_ISSUE_DATE}


@dataclass(frozen=True)
class Issue:
    """Something to look at: its words, and the place where it is mended."""

    text: str
    address: str
    about: str = ""


def hindering(batch: Batch) -> list[Issue]:
    """What hinders the adoption, with the place where it is mended."""
    found = []
    for each in problems_of(batch.row, batch.facts):
        if each.name:
            address = url_for("imports.units", number=batch.row.id, _anchor=f"name-{each.name.id}")
        elif each.row:
            address = row_address(batch, each.row, edit=each.row.id)
        else:
            endpoint = "imports.paper" if each.kind is ProblemKind.NO_TASKS else "imports.head"
            address = url_for(endpoint, number=batch.row.id)
        found.append(Issue(problem_words(each), address))
    return found


def cautions(batch: Batch) -> list[Issue]:
    """What to think of before a document becomes a new plan, each with what it is about."""
    found = []
    for each in cautions_of(batch.row):
        head = url_for("imports.head", number=batch.row.id)
        found.append(Issue(caution_words(each), url_for("plans.plan", code=each.plan.code) if each.plan else head))
    return found


def worth_a_look(batch: Batch) -> list[Issue]:
    """The doubts of the reading and what contradicts itself, each with the row or passage that it is about."""
    kept = rows_kept(batch.row)
    rows = {place: row for row in reversed(kept) if (place := place_of(row))}
    found = []
    for doubt in doubts_of(batch.row.parts):
        row = rows.get(doubt.place) if doubt.place else None
        if row:
            found.append(Issue(doubt_words(doubt), row_address(batch, row), row.words["title"]))
        elif doubt.place:
            address = url_for("imports.paper", number=batch.row.id, block=doubt.place.block)
            found.append(Issue(doubt_words(doubt), address))
        else:
            found.append(Issue(doubt_words(doubt), url_for("imports.head", number=batch.row.id)))
    bare = [row for row in kept if not row.words["units"]]
    found.extend(Issue(_("没有写明单位"), row_address(batch, row), row.words["title"]) for row in bare)
    return [*cautions(batch), *contradictions(batch, kept), *found]


def contradictions(batch: Batch, kept: Sequence[ImportRow]) -> list[Issue]:
    """What the check-up finds in the plan as it is understood now, contradictions first."""
    titles = {code: item.title for code, item in national_by_code().items()}
    draft = draft_of(batch.row, kept)
    rows = {row.key: row for row in kept}
    found = []
    for each in checkup_of_draft(draft, titles, limits_in(batch.row.region_code)):
        if each.code not in TOLD_BY_ROW:
            about = next((rows[key] for key in each.keys if key in rows), None)
            address = row_address(batch, about) if about else url_for("imports.head", number=batch.row.id)
            text = _("%(kind)s：%(evidence)s", kind=check_title(each.code), evidence=evidence(each))
            found.append(Issue(text, address, about.words["title"] if about and len(each.keys) == 1 else ""))
    return found


def row_address(batch: Batch, row: ImportRow, **asked: Any) -> str:
    """The review at a row."""
    at = asked or {"at": row.id}
    return url_for("imports.tasks", number=batch.row.id, **at, _anchor=f"row-{row.id}")
