"""Searching the archive: every word of a query in the sentence of an issue, in a bulletin, or in a frozen line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker.clock import office_day
from tracker.models import Bulletin, Issue, IssueLine, db
from tracker.queries.archive import in_year
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.queries.visibility import within_region
from tracker.rules.lights import Light
from tracker.rules.search import Piece, excerpt, marked, words_of


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

    Two questions however many issues there are: the lines are read once for their ids, and a page of them whole.
    """
    # Asked with the ids of the issues, so that either database goes by the index of the issue and reads only them.
    within = sa.select(Issue.id, Issue.week_on).where(*_within(asked))
    weeks = dict(db.session.execute(within.order_by(Issue.week_on)).all())
    hits = _hits(list(weeks), asked.words)
    newest: dict[int, tuple[int, int]] = {}
    counts: dict[int, int] = {}
    for line_id, issue_id, task_id in sorted(hits, key=lambda hit: (weeks[hit[1]], hit[1])):
        newest[task_id], counts[task_id] = (issue_id, line_id), counts.get(task_id, 0) + 1
    ordered = sorted(newest.items(), key=lambda each: (weeks[each[1][0]], -each[1][1]), reverse=True)
    number = min(max(1, number), max(1, -(-len(ordered) // PAGE_SIZE)))
    shown = [line_id for _task, (_issue, line_id) in ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    return Page(_read(shown, counts, asked.words), len(ordered), number)


def around(text: str, words: Sequence[str]) -> list[Piece]:
    """The text around its first hit, or its beginning where the words stand elsewhere."""
    return excerpt(text, words) or [Piece(text[:80] + ("…" if len(text) > 80 else ""))]


def _within(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return (within_region(Issue.region_code, asked.region), in_year(asked.year))


def _says(column: sa.ColumnElement[str], words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [column.contains(word, autoescape=True) for word in words]


def _hits(issue_ids: Sequence[int], words: Sequence[str]) -> list[tuple[int, int, int]]:
    """(line, issue, task) of every line of some issues that says every word."""
    query = sa.select(IssueLine.id, IssueLine.issue_id, IssueLine.task_id)
    query = query.where(IssueLine.issue_id.in_(issue_ids), *_says(IssueLine.folded, words))
    return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]


def _read(line_ids: Collection[int], counts: dict[int, int], words: Sequence[str]) -> list[FoundTask]:
    """The lines of a page in their order, with what they say around the hits."""
    query = sa.select(IssueLine, Issue).join(Issue).where(IssueLine.id.in_(line_ids))
    rows = {line.id: (line, issue) for line, issue in db.session.execute(query)}
    return [
        FoundTask(
            key=line.task_key,
            title=marked(line.title, words),
            units=marked("、".join(line.units), words),
            said=excerpt(line.last_words or "", words),
            light=line.light,
            issue=issue,
            count=counts[line.task_id],
        )
        for line, issue in (rows[each] for each in line_ids)
    ]
