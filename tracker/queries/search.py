"""Searching tasks by substrings of any length, in what the rows keep folded; every word must be found somewhere."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.models import Assignment, ProjectSchool, Report, School, Task, Unit, UnitAlias, db
from tracker.rules.search import Piece, excerpt, folded, words_of


def contains(text: str) -> sa.ColumnElement[bool]:
    """Tasks with every word of a query in their own words, a unit, a school or a report that stands."""
    return sa.and_(sa.true(), *map(_contains_word, words_of(text)))


def _contains_word(word: str) -> sa.ColumnElement[bool]:
    alias = sa.exists().where(UnitAlias.unit_id == Unit.id, UnitAlias.folded.contains(word, autoescape=True))
    units = sa.select(Unit.id).where(sa.or_(Unit.folded.contains(word, autoescape=True), alias))
    schools = sa.select(School.id).where(School.folded.contains(word, autoescape=True))
    return sa.or_(
        Task.folded.contains(word, autoescape=True),
        Task.id.in_(sa.select(Assignment.task_id).where(Assignment.unit_id.in_(units))),
        Task.id.in_(sa.select(ProjectSchool.task_id).where(ProjectSchool.school_id.in_(schools))),
        sa.exists().where(Report.task_id == Task.id, says(word)),
    )


def says(word: str) -> sa.ColumnElement[bool]:
    """Reports that stand and say a word."""
    return sa.and_(Report.withdrawn_at.is_(None), Report.folded.contains(word, autoescape=True))


def excerpts(task_ids: Sequence[int], titles: Sequence[str], text: str) -> dict[int, list[Piece]]:
    """The newest report of each task that says a word which its title does not, as one line around that word."""
    words = words_of(text)
    missing = {
        task_id: [word for word in words if word not in folded(title)]
        for task_id, title in zip(task_ids, titles, strict=True)
    }
    sought = {word for each in missing.values() for word in each}
    if not sought:
        return {}
    newest = (
        sa.select(sa.func.max(Report.id))
        .where(Report.task_id.in_(task_ids), sa.or_(*map(says, sought)))
        .group_by(Report.task_id)
    )
    found = db.session.execute(sa.select(Report.task_id, Report.text).where(Report.id.in_(newest))).all()
    shown = {task_id: excerpt(said, missing[task_id]) for task_id, said in found}
    return {task_id: pieces for task_id, pieces in shown.items() if pieces}
