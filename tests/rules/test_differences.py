"""What differs between two texts."""

from __future__ import annotations

import pytest

from tracker.rules.differences import Change, Run, differences

S, N, G = Change.SAME, Change.NEW, Change.GONE


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("", "", []),
        ("已完成主体结构", "已完成主体结构", [(S, "已完成主体结构")]),
        ("", "已完成主体结构", [(S, "已完成主体结构")]),
        ("已完成主体结构", "", []),
        (
            "已拨付45万元，余款待评审",
            "已拨付60万元，余款待评审",
            [(S, "已拨付"), (G, "45"), (N, "60"), (S, "万元，余款待评审")],
        ),
        ("消防验收未过", "消防验收未过，已约复验", [(S, "消防验收未过"), (N, "，已约复验")]),
        ("消防验收未过，已约复验", "消防验收未过", [(S, "消防验收未过"), (G, "，已约复验")]),
        # Texts that have next to nothing in common are shown plain.
        ("本周完成招标文件编制", "县财政局拨付第二笔资金", [(S, "县财政局拨付第二笔资金")]),
        # A single common character between two changes starts no run of its own.
        (
            "进度甲的乙完成验收工作",
            "进度丙的丁完成验收工作",
            [(S, "进度"), (G, "甲的乙"), (N, "丙的丁"), (S, "完成验收工作")],
        ),
    ],
)
def test_runs_say_what_is_new_and_what_is_gone(old: str, new: str, runs: list[tuple[Change, str]]) -> None:
    assert differences(old, new) == [Run(*run) for run in runs]


@pytest.mark.parametrize("old", ["", "已完成", "第一项 100%，第二项 45/64 间\n下周验收"])
@pytest.mark.parametrize("new", ["已完成验收", "第一项 100%，第二项 60/64 间\n下周复验", "x" * 2000])
def test_the_new_text_and_the_old_one_can_be_read_back(old: str, new: str) -> None:
    found = differences(old, new)
    assert "".join(run.text for run in found if run.change is not G) == new
    if any(run.change is not S for run in found):
        assert "".join(run.text for run in found if run.change is not N) == old
