"""How well documents of many layouts are understood: none may fall below what was reached before.

The table of precision and recall is printed at the end of the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.corpus.paper_maker import paper_of
from tests.corpus.real import FILES, document_path, read_real, score_real
from tests.corpus.score import Score, score
from tests.corpus.table import below, floors
from tests.corpus.truth import Layout, layouts, plain
from tracker.documents.recognition.recogniser import recognise

LAYOUTS = layouts()
DOCUMENTS = [pytest.param(layout, form, id=f"{layout.name}-{form}") for layout in LAYOUTS for form in layout.forms]
FLOORS = floors()


def keep(scored: Score, record: Callable[[str, object], None]) -> None:
    """Hand the score to the table of the run, from whichever process, and compare it with its floor."""
    record(
        "corpus", {"name": scored.name, "counts": {k: [c.right, c.wanted, c.given] for k, c in scored.counts.items()}}
    )
    assert scored.name in FLOORS, "a document without a floor: python -m tests.corpus --raise"
    fallen = below(scored, FLOORS[scored.name])
    assert not fallen, "\n".join([*fallen, *scored.faults])


@pytest.mark.parametrize(("layout", "form"), DOCUMENTS)
def test_a_layout_is_understood_as_well_as_before(
    layout: Layout, form: str, record_property: Callable[[str, object], None]
) -> None:
    keep(score(layout, recognise(paper_of(layout, form)), f"{layout.name} {form}"), record_property)


@pytest.mark.parametrize("file", FILES)
def test_a_real_plan_is_understood_as_well_as_before(file: str, record_property: Callable[[str, object], None]) -> None:
    path = document_path(file)
    if path is None:
        record_property("corpus", {"name": f"real:{file}"})
        pytest.skip("../shared/plans is not here")
    keep(score_real(file, recognise(read_real(path))), record_property)


def test_a_floor_belongs_to_a_document() -> None:
    known = {f"{layout.name} {form}" for layout in LAYOUTS for form in layout.forms} | {f"real:{f}" for f in FILES}
    assert set(FLOORS) <= known


def words_in(content: Any) -> str:
    """Every word of a layout, whatever its shape."""
    if isinstance(content, dict):
        return "".join(words_in(each) for each in content.values())
    if isinstance(content, list):
        return "".join(words_in(each) for each in content)
    return "" if content is None else str(content)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_the_truth_uses_the_words_of_its_document(layout: Layout) -> None:
    text = plain(re.sub(r"\{-.*?-\}|\{\+|\+\}|\{br\}", "", words_in(dict(layout.content))))
    said = [title for task in layout.tasks for title in (task.title, task.holds)]
    said += [name for task in layout.tasks for name, _ in task.units]
    said += [words for task in layout.tasks for words, _ in task.terms]
    said += [*layout.never, *layout.maybe]
    assert [words for words in said if plain(words) not in text] == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_what_must_not_be_a_task_is_none_in_the_truth(layout: Layout) -> None:
    titles = [plain(task.title) for task in layout.tasks]
    assert [words for words in layout.never if any(plain(words) in title for title in titles)] == []
