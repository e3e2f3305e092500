"""Lists of what forbids that a county passes, in paragraphs."""

from __future__ import annotations

import pytest

from tracker.documents.readers.plain_text import read_text
from tracker.documents.recognition.recogniser import recognise

ITEMS = "1.存在考试招生的；\n2.存在违规择校的；\n3.发生重大安全事故的。\n"
FOUND = (("1", "存在考试招生的"), ("2", "存在违规择校的"), ("3", "发生重大安全事故的"))
TASK = "一、任务\n1.疏浚河道。（县水务局负责）\n"


@pytest.mark.parametrize(
    "opening", ["二、一票否决事项", "一票否决事项", "有下列情形之一的，实行一票否决：", "三、“一票否决”清单"]
)
def test_the_items_below_an_opening_line_are_vetoes_and_no_tasks(opening: str) -> None:
    draft = recognise(read_text(f"{TASK}{opening}\n{ITEMS}"))
    assert (draft.vetoes, [task.title for task in draft.tasks]) == (FOUND, ["疏浚河道"])


def test_a_sentence_that_only_mentions_a_veto_opens_no_list() -> None:
    assert recognise(read_text(f"对弄虚作假的实行一票否决。\n{ITEMS}{TASK}")).vetoes == ()
