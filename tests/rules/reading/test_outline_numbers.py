"""The numbers that open headings and items, and what looks like one and is none."""

from __future__ import annotations

import pytest

from tracker.rules.reading.outline_numbers import numbered, without_count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、总体要求", (4, "一", "总体要求")),
        ("（二）主要目标", (5, "二", "主要目标")),
        ("3.疏浚河道", (6, "3", "疏浚河道")),
        ("3．疏浚河道", (6, "3", "疏浚河道")),
        ("3、疏浚河道", (6, "3", "疏浚河道")),
        ("2.3疏浚河道", (6, "2.3", "疏浚河道")),
        ("2.3.1 疏浚河道", (7, "2.3.1", "疏浚河道")),
        ("（4）疏浚河道", (7, "4", "疏浚河道")),
        ("问题一：河道淤积", (5, "一", "河道淤积")),
        ("任务3.疏浚河道", (5, "3", "疏浚河道")),
        ("问题整改情况", None),
        ("①疏浚河道", (8, "①", "疏浚河道")),
        ("第三条 河长巡河", (3, "三", "河长巡河")),
        ("1.2024年底前疏浚河道", (6, "1", "2024年底前疏浚河道")),
        ("12．2025年疏浚河道", (6, "12", "2025年疏浚河道")),
        ("一、2024年工作", (4, "一", "2024年工作")),
        ("2024年底前疏浚河道", None),
        ("疏浚河道", None),
        ("1.", None),
    ],
)
def test_numbers_are_told_from_years(text: str, found: tuple[int, str, str] | None) -> None:
    read = numbered(text)
    assert (read and (read.rank, read.number, read.rest)) == found


def test_a_second_number_in_words_is_no_title() -> None:
    assert without_count("问题1：河道淤积") == "河道淤积"
    assert without_count("问题整改：河道") == "问题整改：河道"
