"""Large documents are read whole and right; how fast they are is for `python -m bench --documents`."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest

from tests.corpus import large
from tests.corpus.score import ASPECTS, Score, count_pairs
from tests.corpus.truth import Wanted
from tracker.documents.plan_draft import DraftTask
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.plain_text import read_text
from tracker.documents.recognition.recogniser import recognise

# Far above what it takes, and far below what a reading takes that looks at every bracket once for each other.
MOST_SECONDS_FOR_A_MEGABYTE = 60


@pytest.mark.parametrize(
    ("make", "name"),
    [(large.pages, "plan.docx"), (large.word_table, "plan.docx"), (large.sheet, "plan.xlsx")],
    ids=["200 pages", "a table of 3,000 rows", "3,000 rows of Excel"],
)
def test_every_task_of_a_large_document_is_read(make: Callable[[], tuple[bytes, list[Wanted]]], name: str) -> None:
    content, wanted = make()
    draft = recognise(read_paper(io.BytesIO(content), name))
    given: dict[str, DraftTask] = {task.title: task for task in draft.tasks}
    scored = Score(name)
    pairs = [(want, given[want.title]) for want in wanted if want.title in given]
    count_pairs(scored, wanted, draft, pairs)
    assert scored.faults[:5] == []
    assert len(wanted) > 600
    assert all(scored.counts[aspect].right == len(wanted) for aspect in ("tasks", "deadlines"))
    assert scored.counts["units"].right == 2 * len(wanted)
    assert set(ASPECTS) <= set(scored.counts)


def test_a_megabyte_of_what_never_closes_is_read_in_time() -> None:
    began = time.monotonic()
    recognise(read_text(large.hostile()))
    assert time.monotonic() - began < MOST_SECONDS_FOR_A_MEGABYTE
