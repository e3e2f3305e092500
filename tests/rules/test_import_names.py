"""Units' names in a document: what they mean by themselves, what they may mean, what they sound like."""

from __future__ import annotations

import pytest

from tracker.rules.import_names import bare_name, known_as, likely_kind, proposals_for
from tracker.rules.unit_kinds import UnitKind


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("兴国县教科体局", "教科体局"),
        ("兴国教科体局", "教科体局"),
        ("县教科体局", "教科体局"),
        ("教科体局", "教科体局"),
        ("财 政 局", "财政局"),
        ("县委编办", "委编办"),
        ("县局", "县局"),
        ("市场监管局", "市场监管局"),
    ],
)
def test_a_county_says_nothing_of_its_own_units(name: str, bare: str) -> None:
    assert bare_name(name, "兴国县") == bare


def test_a_name_that_means_one_unit_is_known() -> None:
    known = {"教科体局": 1, "兴国县财政局": 2, "县委编办": 3}
    names = ["县教科体局", "财政局", "县委编办", "县教育体育局"]
    assert known_as(names, known, "兴国县") == {"县教科体局": 1, "财政局": 2, "县委编办": 3}


def test_a_name_that_may_mean_two_units_is_left_to_people() -> None:
    assert known_as(["兴国县财政局"], {"县财政局": 1, "财政局": 2}, "兴国县") == {}
    assert known_as(["县财政局"], {"县财政局": 1, "财政局": 2}, "兴国县") == {"县财政局": 1}


def test_variants_are_proposed() -> None:
    assert proposals_for("县教育体育局", {"教科体局": 1, "财政局": 2, "教育局": 3}, "兴国县")[0] == 3
    assert proposals_for("气象台", {"财政局": 2}, "兴国县") == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("财政局", UnitKind.DEPARTMENT),
        ("各乡（镇、街道）", UnitKind.COLLECTIVE),
        ("有关部门", UnitKind.COLLECTIVE),
        ("潋江镇", UnitKind.TOWNSHIP),
        ("平川中学", UnitKind.SCHOOL),
        ("城投公司", UnitKind.COMPANY),
        ("县教育工作领导小组", UnitKind.GROUP),
        ("县政府办公室", UnitKind.OFFICE),
        ("发展和改革委员会", UnitKind.DEPARTMENT),
    ],
)
def test_a_name_sounds_like_a_kind(name: str, kind: UnitKind) -> None:
    assert likely_kind(name) is kind
