"""Rows of an import without their words: counted and found in the database as Python would from the words."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY
from tests.visit import counted_queries
from tracker.actions.import_rows import accept_row, drop_row, edit_row
from tracker.actions.imports import open_import
from tracker.actions.record import NOBODY
from tracker.models import ImportRow, PlanImport, db
from tracker.queries.import_rows import (
    ImportFacts,
    RowTitle,
    outline_of,
    rows_by_id,
    rows_due,
    rows_naming,
    rows_unfit,
    sketches_of,
    with_other_deadlines,
)
from tracker.queries.imports import names_of, names_page, rows_kept

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
ODD = '“县”局"\\%'


@pytest.fixture
def batch(app: Flask) -> PlanImport:
    """Five tasks: one dropped, one not taken, one that lost its title, names that need escaping."""
    tasks = (
        draft_task("m-01", "甲", "财政局", ODD, deadline="2026年9月"),
        draft_task("m-02", "乙", "财政局", deadline=None, other_deadlines=("2027年9月",)),
        draft_task("m-03", "丙", "财政局", "住建局", deadline="2026年9月"),
        draft_task("m-04-long", "丁", ODD, deadline="年底前'\"", other_deadlines=("2028年",)),
        draft_task("m-05", "戊", "财政局", "财政局"),
    )
    opened = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    first, _second, third, fourth, fifth = rows_kept(opened)
    drop_row(NOBODY, third, 1, NOW)
    accept_row(NOBODY, fourth, 1, False, NOW)
    edit_row(NOBODY, fifth, 1, {"title": ""}, NOW)
    first.words = first.words | {"number": None}
    return opened


def titles(rows: list[ImportRow]) -> list[RowTitle]:
    """Rows by their titles."""
    return [RowTitle(row.id, row.words["title"]) for row in rows]


@pytest.mark.parametrize("only_accepted", [False, True])
def test_names_and_deadlines_are_counted_as_the_words_have_them(batch: PlanImport, only_accepted: bool) -> None:
    rows = [row for row in rows_kept(batch) if row.accepted or not only_accepted]
    names = Counter(name for row in rows for name in {name for name, _role in row.words["units"]})
    facts = ImportFacts(batch)
    assert (facts.accepted_names if only_accepted else facts.used_names) == names
    assert (names["财政局"], names[ODD]) == (3, 1 if only_accepted else 2)
    counted = facts.accepted_deadlines if only_accepted else facts.deadlines
    assert counted == Counter(row.words["deadline"] for row in rows)


def test_numbers_are_those_of_the_rows_that_were_not_dropped(batch: PlanImport) -> None:
    facts = ImportFacts(batch)
    assert (facts.tasks, facts.longest_key, with_other_deadlines(batch)) == (4, len("m-04-long"), 1)
    assert [row.key for row in rows_unfit(batch, 5_000)] == ["m-05"]


def test_the_outline_holds_every_row_in_the_order_of_the_document(batch: PlanImport) -> None:
    assert [(row.position, row.dropped) for row in outline_of(batch)] == [
        (1, False),
        (2, False),
        (3, True),
        (4, False),
        (5, False),
    ]
    some = [row.id for row in outline_of(batch)][2:4]
    assert sorted(rows_by_id(batch, some)) == sorted(some)
    other = open_import(NOBODY, COUNTY, said_paper(draft_of(draft_task("m-01", "甲"))), None, NOW)
    assert rows_by_id(other, some) == {}


def test_the_first_rows_of_a_name_and_of_a_deadline_are_found(batch: PlanImport) -> None:
    kept = rows_kept(batch)
    naming = [row for row in kept if any(name == "财政局" for name, _role in row.words["units"])]
    assert rows_naming(batch, ["财政局"], 2) == {"财政局": titles(naming[:2])}
    undated = [row for row in kept if row.words["deadline"] is None]
    assert rows_due(batch, [None, "2026年9月"], 4) == {"2026年9月": titles(kept[:1]), None: titles(undated)}


def test_sketches_say_what_may_need_a_look(batch: PlanImport) -> None:
    found = [(each.title, each.units, each.deadline, each.has_other_deadlines) for each in sketches_of(batch)]
    rows = [row.words for row in rows_kept(batch)]
    assert found == [
        (words["title"], [name for name, _role in words["units"]], words["deadline"], bool(words["other_deadlines"]))
        for words in rows
    ]


def test_a_page_of_names_is_a_part_of_all_of_them(batch: PlanImport) -> None:
    everything = names_of(batch)
    page = names_page(ImportFacts(batch), 2, 1)
    assert (page.rows, page.total, page.pages) == (everything[1:2], len(everything), len(everything))


def test_no_words_of_a_row_are_read_where_they_are_not_shown(batch: PlanImport) -> None:
    db.session.commit()
    with counted_queries() as statements:
        facts = ImportFacts(batch)
        assert facts.tasks == len(outline_of(batch)) - 1
        assert facts.used_names
        assert facts.deadlines
        assert rows_due(batch, [None], 1)
    assert statements
    assert not [each for each in statements if "sentence" in each or "first_words" in each]
