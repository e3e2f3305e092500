"""Names that people type: several in a line, and whom an unknown one may mean."""

from __future__ import annotations

import pytest

from tracker.rules.names import near_names, split_names

KNOWN = ["财政局", "住建局", "教科体局", "自然资源局", "长冈乡"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, []),
        (" 、，", []),
        ("财政局", ["财政局"]),
        ("财政局、住建局，教科体局,长冈乡；财政局", ["财政局", "住建局", "教科体局", "长冈乡"]),
        ("  各  乡镇 \n财政局", ["各 乡镇", "财政局"]),
    ],
)
def test_names_are_split_and_stand_once(text: str | None, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("县财政局", ["财政局"]),
        ("财政", ["财政局"]),
        ("自然资源和规划局", ["自然资源局"]),
        ("公安局", []),
    ],
)
def test_an_unknown_name_may_mean_those_most_like_it(name: str, near: list[str]) -> None:
    assert near_names(name, KNOWN)[: len(near) or 1] == near


def test_few_are_proposed() -> None:
    assert len(near_names("学校", [f"第{count}学校" for count in range(50)])) == 4
