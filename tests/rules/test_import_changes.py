"""What a re-issue changes: field by field, and nothing where only the writing differs."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.rules.import_changes import Change, changes_between, merged_words

PROJECT: dict[str, Any] = {
    "category": "new",
    "site": "城东",
    "town": "潋江镇",
    "land_mu": "70.20",
    "floor_area_m2": None,
    "sports_area_m2": None,
    "budget_yuan": 1000000,
    "schools": [["第八中学", "junior", 2000, 40]],
    "buildings": [],
}
STANDING: dict[str, Any] = {
    "number": "1",
    "kind": "measure",
    "section": ["教师"],
    "title": "补齐教师",
    "requirement": "补齐。",
    "units": [["财政局", "lead"], ["教科体局", "responsible"], ["编办", "responsible"]],
    "officials": [],
    "deadline": "2025年9月",
    "phase": "1",
    "duty_of": None,
    "project": None,
}


@pytest.mark.parametrize(
    ("differences", "changes"),
    [
        ({}, []),
        ({"title": "补足教师"}, [Change("title", "补齐教师", "补足教师")]),
        ({"units": [["编办", "responsible"], ["教科体局", "responsible"], ["财政局", "lead"]]}, []),
        ({"units": [["编办", "responsible"], ["教科体局", "responsible"]]}, [Change("lead", "财政局", "")]),
        ({"deadline": None}, [Change("deadline", "2025年9月", "")]),
        ({"phase": "9"}, []),
        ({"number": None}, [Change("number", "1", "")]),
        ({"title": "补齐 教师", "requirement": "补\n齐。", "section": ["教　师"]}, []),
    ],
)
def test_the_fields_that_differ(differences: dict[str, Any], changes: list[Change]) -> None:
    wanted = merged_words(STANDING, STANDING | differences, ["1", "2"])
    assert changes_between(STANDING, wanted) == changes


def test_a_figure_that_the_document_does_not_state_stays() -> None:
    standing = STANDING | {"kind": "project", "project": PROJECT}
    said = PROJECT | {"town": None, "land_mu": "70.2", "budget_yuan": 1200000, "schools": []}
    wanted = merged_words(standing, STANDING | {"kind": "project", "project": said}, ["1"])
    assert changes_between(standing, wanted) == [Change("budget_yuan", "1000000", "1200000")]
    assert (wanted["project"]["town"], wanted["project"]["schools"]) == ("潋江镇", PROJECT["schools"])


def test_a_task_that_builds_goes_on_building_where_a_reading_saw_no_figures() -> None:
    standing = STANDING | {"kind": "project", "project": PROJECT}
    assert changes_between(standing, merged_words(standing, STANDING, ["1"])) == []


def test_the_deadline_of_a_closed_task_stays() -> None:
    wanted = merged_words(STANDING, STANDING | {"deadline": "2029年"}, ["1"], may_move=False)
    assert changes_between(STANDING, wanted) == []
