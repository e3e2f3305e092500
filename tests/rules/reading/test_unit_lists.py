"""Lists of units in the ways in which documents write them."""

from __future__ import annotations

import pytest

from tracker.rules.reading.unit_lists import split_units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("县水务局、县财政局", ["县水务局", "县财政局"]),
        ("县水务局，县财政局；县人社局", ["县水务局", "县财政局", "县人社局"]),
        ("水务局\n财政局\n人社局", ["水务局", "财政局", "人社局"]),
        ("县水务局、县财政局等", ["县水务局", "县财政局"]),
        ("县水务局、县财政局等部门", ["县水务局", "县财政局"]),
        ("县水务局、县财政局等有关部门", ["县水务局", "县财政局"]),
        ("财政局和水务局", ["财政局", "水务局"]),
        ("文化和旅游局、人力资源和社会保障局", ["文化和旅游局", "人力资源和社会保障局"]),
        ("住房和城乡建设局和自然资源局", ["住房和城乡建设局", "自然资源局"]),
        ("发展和改革委员会及各乡镇", ["发展和改革委员会", "各乡镇"]),
        ("各乡（镇、街道）、县妇联", ["各乡（镇、街道）", "县妇联"]),
        ("县直有关部门，各乡镇人民政府", ["县直有关部门", "各乡镇人民政府"]),
        ("财 政 局、水 务 局", ["财政局", "水务局"]),
        ("县编办 县财政局 县水务局", ["县编办", "县财政局", "县水务局"]),
        ("1.县水务局；2.县财政局。", ["县水务局", "县财政局"]),
        ("局机关各办公室、中心，各灌区", ["局机关各办公室、中心", "各灌区"]),
        ("县水务局、县财政局、县水务局", ["县水务局", "县财政局"]),
        ("", []),
        ("、，；", []),
    ],
)
def test_a_list_of_units_is_split_into_its_names(text: str, units: list[str]) -> None:
    assert split_units(text) == units


def test_a_hostile_list_takes_no_long() -> None:
    assert len(split_units("局和" * 100_000)) <= 1
    assert split_units("（" * 200_000 + "、县水务局") != []
