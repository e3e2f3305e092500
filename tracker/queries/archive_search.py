"""Searching the archive: every word of a query in the sentence of an issue, in a bulletin, or in a frozen line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.clock import office_day
from tracker.models import Bulletin, Issue, IssueLine, db
from tracker.queries.archive import in_year
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.queries.visibility import within_region
from tracker.rules.lights import Light
from tracker.rules.search import Piece, excerpt, marked, words_of

MOST_WRITTEN_OUT = 1000


@dataclass(frozen=True)
class Asked:
    """What is looked for: the words, at or below which region, in which year."""

    text: str
    region: str
    year: int

    @property
    def words(self) -> list[str]:
        """The words as they are compared."""
        return words_of(self.text)


@dataclass(frozen=True)
class FoundIssue:
    """An issue whose sentence says the words."""

    issue: Issue
    pieces: list[Piece]


@dataclass(frozen=True)
class FoundTask:
    """A task whose frozen lines say the words: the newest such line with its issue, and in how many issues they do."""

    key: str
    title: list[Piece]
    units: list[Piece]
    said: list[Piece]
    light: Light
    issue: Issue
    count: int

    @property
    def day(self) -> str:
        """The day of that issue's cut-off, as an address writes it."""
        return office_day(self.issue.cut_off_at).isoformat()


def found_issues(asked: Asked) -> list[FoundIssue]:
    """The issues whose sentence or generated text says every word, newest first."""
    query = sa.select(Issue).where(*_within(asked), *_says(Issue.folded, asked.words))
    issues = db.session.scalars(query.order_by(Issue.week_on.desc(), Issue.region_code).limit(PAGE_SIZE))
    return [FoundIssue(each, around(each.sentence, asked.words)) for each in issues]


def found_bulletins(asked: Asked) -> list[Bulletin]:
    """The bulletins of the region itself that say every word, newest first."""
    query = sa.select(Bulletin).join(Issue).where(Bulletin.region_code == asked.region, in_year(asked.year))
    said = query.where(*_says(Bulletin.folded, asked.words))
    return list(db.session.scalars(said.order_by(Bulletin.dated_on.desc(), Bulletin.id.desc()).limit(PAGE_SIZE)))


def found_tasks(asked: Asked, number: int = 1) -> Page[FoundTask]:
    """The tasks whose frozen lines say every word, each once, those found in the newest weeks first.

    The database reads the folded lines of the year once; only those of the page come whole. The issue frozen last is
    the newest, for weeks are frozen in their order.
    """
    hits = (
        sa.select(
            IssueLine.task_id,
            sa.func.max(IssueLine.issue_id).label("newest"),
            sa.func.count().label("issues"),
            sa.func.count().over().label("total"),
        )
        .where(IssueLine.issue_id.in_(_issue_ids(asked)), *_says(IssueLine.folded, asked.words))
        .group_by(IssueLine.task_id)
        .order_by(sa.desc("newest"), IssueLine.task_id)
    )
    rows = db.session.execute(hits.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    if not rows:
        return found_tasks(asked) if number > 1 else Page([], 0, 1)
    return Page(
        _read([(row.newest, row.task_id) for row in rows], [row.issues for row in rows], asked.words),
        rows[0].total,
        number,
    )


def around(text: str, words: Sequence[str]) -> list[Piece]:
    """The text around its first hit, or its beginning where the words stand elsewhere."""
    return excerpt(text, words) or [Piece(text[:80] + ("…" if len(text) > 80 else ""))]


def _within(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return (within_region(Issue.region_code, asked.region), in_year(asked.year))


def _says(column: InstrumentedAttribute[str], words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [column.contains(word, autoescape=True) for word in words]


def _issue_ids(asked: Asked) -> Sequence[int] | sa.Select[int]:
    """The issues of the year: written out where they are few, so that either database goes by the index of their lines.

    No database takes the weeks of a thousand counties one by one.
    """
    query = sa.select(Issue.id).where(*_within(asked))
    found = db.session.scalars(query.limit(MOST_WRITTEN_OUT + 1)).all()
    return found if len(found) <= MOST_WRITTEN_OUT else query


def _read(found: Sequence[tuple[int, int]], counts: Sequence[int], words: Sequence[str]) -> list[FoundTask]:
    """The lines of a page by issue and task in their order, with what they say around the hits."""
    query = sa.select(IssueLine, Issue).join(Issue)
    query = query.where(
        IssueLine.issue_id.in_({issue for issue, _ in found}), IssueLine.task_id.in_({task for _, task in found})
    )
    rows = {(issue.id, line.task_id): (line, issue) for line, issue in db.session.execute(query)}
    return [
        FoundTask(
            key=line.task_key,
            title=marked(line.title, words),
            units=marked("、".join(line.units), words),
            said=excerpt(line.last_words or "", words),
            light=line.light,
            issue=issue,
            count=count,
        )
        for (line, issue), count in zip((rows[each] for each in found), counts, strict=True)
    ]
