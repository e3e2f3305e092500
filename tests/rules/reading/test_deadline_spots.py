"""Deadlines within sentences."""

from __future__ import annotations

import pytest

from tracker.rules.reading.deadline_spots import spots_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("确保2024年6月底前完成主体工程，2025年12月底前通水。", ["2024年6月底前", "2025年12月底前"]),
        ("力争2025年12月，全部达到标准", ["2025年12月"]),
        ("到2025年，覆盖率达到80%", ["到2025年"]),
        ("力争年内完成达标学校10所", ["年内"]),
        ("方案印发后30日内报备", ["印发后30日内"]),
        ("根据《2023年工作要点》要求", []),
        ("2020年以来累计投入3亿元", []),
        ("（水办〔2021〕33号）", []),
        ("培训3年一周期", []),
    ],
)
def test_ends_are_told_from_other_years(text: str, words: list[str]) -> None:
    assert [each.words for each in spots_in(text)] == words
