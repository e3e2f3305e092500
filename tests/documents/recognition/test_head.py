"""What a document says of itself in its head and its signature."""

from __future__ import annotations

import pytest

from tracker.documents.readers.plain_text import read_text
from tracker.documents.recognition.recogniser import recognise
from tracker.rules.reading.doubts import ReadingDoubt

TASK = "一、任务\n1.疏浚河道。（县水务局负责）\n"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        (f"清河县河道整治方案\n{TASK}清河县水务局\n2024年5月8日\n", "清河县水务局"),
        (f"清河县河道整治方案\n{TASK}清河县水务局\n清河县公安局\n2024年5月8日\n", "清河县水务局 清河县公安局"),
        (
            f"中共清河县委办公室\n清河县人民政府办公室\n清河县河道整治方案\n{TASK}",
            "中共清河县委办公室 清河县人民政府办公室",
        ),
    ],
)
def test_all_the_bodies_that_sign_issue_it(text: str, issuer: str) -> None:
    assert recognise(read_text(text)).head.issuer == issuer


def test_a_target_that_can_be_read_in_two_ways_is_a_doubt() -> None:
    text = f"清河县河道整治方案\n一、工作目标\n到2027年前，全县河道通过省级验收。\n二、{TASK[2:]}"
    draft = recognise(read_text(text))
    said = {each.kind: each.words for each in draft.doubts}
    assert said[ReadingDoubt.UNSURE_TARGET] == "2027年前：2026-12-31 / 2027-12-31"
