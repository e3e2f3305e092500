"""Long titles end their lines between words and evenly."""

from __future__ import annotations

import pytest

from tracker.documents.official_table import em_width
from tracker.documents.title_lines import TITLE_ACROSS, title_lines


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("督查通报", ["督查通报"]),
        (
            "关于2026年第10周义务教育优质均衡发展重点任务推进情况的通报",
            ["关于2026年第10周义务教育优质均衡", "发展重点任务推进情况的通报"],
        ),
        (
            "阿克苏地区阿克苏市义务教育优质均衡发展推进情况周览",
            ["阿克苏地区阿克苏市义务教育", "优质均衡发展推进情况周览"],
        ),
        (
            "关于兴国县2023年义务教育优质均衡发展实施方案任务完成情况的督查通报（第12期）",
            ["关于兴国县2023年义务教育", "优质均衡发展实施方案任务完成", "情况的督查通报（第12期）"],
        ),
        ("兴" * 21, ["兴" * 11, "兴" * 10]),
    ],
)
def test_a_title_breaks_between_words(title: str, wanted: list[str]) -> None:
    assert title_lines(title) == wanted


@pytest.mark.parametrize("title", ["长" * 200, "a" * 200, "《" * 40, "", "第" + "1" * 60 + "期"])
def test_no_line_is_wider_than_the_page_and_no_sign_is_lost(title: str) -> None:
    assert "".join(title_lines(title)) == title
    assert all(em_width(line) <= TITLE_ACROSS for line in title_lines(title))
