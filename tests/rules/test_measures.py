"""Conditions asked of school units, schools and counties: the examples of the evaluation, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.seeded import J, P, S, good_stage, judged, relaxed, school, standard, verdict
from tracker.rules.measures import SEVERITY, Finding, judge_county, judge_unit
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import Condition, Subject

D = Decimal
MET, SHORT, UNKNOWN, NONE = Finding.MET, Finding.SHORT, Finding.UNKNOWN, Finding.NONE
FLOOR = D("0.85")
steady = settings(derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("code", "stage", "figures", "value", "finding"),
    [
        ("R1", P, {"qualified_teachers": 32}, "4.0", SHORT),
        ("R1", P, {"qualified_teachers": 34}, "4.25", MET),
        ("R4", P, {"teaching_area_m2": D(4000), "indoor_sports_m2": D(300)}, "4.625", MET),
        ("R5", P, {"sports_ground_m2": D(5200), "indoor_sports_m2": D(300)}, "6.875", SHORT),
        ("R6", P, {"equipment_yuan": 1_600_000}, "2000", MET),
        ("R6", P, {"equipment_yuan": 1_599_999}, "1999.99875", SHORT),
        ("R6", J, {"equipment_yuan": 2_000_000}, "2500", MET),
        ("R2", P, {"backbone_teachers": 8}, "1", MET),
        ("R2", J, {"backbone_teachers": 7}, "0.875", SHORT),
        ("R3", P, {"arts_teachers": 7}, "0.875", SHORT),
        ("R3", J, {"arts_teachers": 8}, "1", MET),
        ("R7", P, {"multimedia_rooms": 19}, "2.375", MET),
        ("R7", J, {"multimedia_rooms": 19}, "2.375", SHORT),
    ],
)
def test_a_unit_of_800_students_has_the_values_worked_by_hand(
    code: str, stage: Stage, figures: dict[str, Any], value: str, finding: Finding
) -> None:
    of_stage = {name: number for name, number in figures.items() if name.endswith("teachers")}
    stages = {"primary" if stage is P else "junior": good_stage(800, **of_stage)}
    found = judged(code, school(**stages, **{k: v for k, v in figures.items() if k not in of_stage}), stage)
    assert (found.value, found.finding) == (D(value), finding)


@pytest.mark.parametrize(
    ("code", "primary", "junior", "floor_primary", "floor_junior"),
    [
        ("R1", "4.2", "5.3", "3.57", "4.505"),
        ("R2", "1", "1", "0.85", "0.85"),
        ("R3", "0.9", "0.9", "0.765", "0.765"),
        ("R4", "4.5", "5.8", "3.825", "4.93"),
        ("R5", "7.5", "10.2", "6.375", "8.67"),
        ("R6", "2000", "2500", "1700", "2125"),
        ("R7", "2.3", "2.4", "1.955", "2.04"),
    ],
)
def test_bounds_and_floors_are_those_of_the_evaluation(
    code: str, primary: str, junior: str, floor_primary: str, floor_junior: str
) -> None:
    condition = standard().conditions[code]
    assert (condition.bound(P), condition.bound(J)) == (D(primary), D(junior))
    floor = standard().unit.floor
    assert [condition.bounds[each] * floor for each in (P, J)] == [D(floor_primary), D(floor_junior)]
    assert condition.spread == {P: D("0.50"), J: D("0.45")}


@pytest.mark.parametrize(
    ("stage", "classes", "size", "rooms", "finding", "above_floor"),
    [
        (P, 1, 45, 1, SHORT, True),
        (J, 1, 50, 1, SHORT, False),
        (J, 40, 50, 47, SHORT, True),
        (J, 40, 50, 48, MET, True),
    ],
)
def test_one_multimedia_room_for_each_full_class_is_not_enough(
    stage: Stage, classes: int, size: int, rooms: int, finding: Finding, above_floor: bool
) -> None:
    found = judged("R7", school(**{stage.value: good_stage(classes * size)}, multimedia_rooms=rooms), stage)  # type: ignore[arg-type]
    assert found.finding is finding
    assert found.reaches(FLOOR) is above_floor


def test_what_is_lacking_is_said_in_units_of_things() -> None:
    short = school(
        good_stage(800, qualified_teachers=32), sports_ground_m2=D(5200), indoor_sports_m2=D(300), multimedia_rooms=18
    )
    assert judged("R1", short, P).lacking == D("1.6")
    assert judged("R5", short, P).lacking == D(500)
    assert judged("R7", short, P).lacking == D("0.4")
    assert judged("R4", short, P).lacking is None


@pytest.mark.parametrize(
    ("primary", "junior", "senior", "shares"),
    [
        (540, 300, None, {P: "0.6207", J: "0.3793"}),
        (540, 300, 200, {P: "0.4762", J: "0.2910", S: "0.2328"}),
        (None, 300, 200, {J: "0.5556", S: "0.4444"}),
        (540, None, None, {P: "1.0000"}),
        (None, 300, None, {J: "1.0000"}),
    ],
)
def test_stages_share_rooms_by_their_weighted_students(
    primary: int | None, junior: int | None, senior: int | None, shares: dict[Stage, str]
) -> None:
    whole = school(primary, junior, senior, teaching_area_m2=D(6400))
    for stage, share in shares.items():
        found = share_of(whole, stage)
        assert round(D(found.numerator) / D(found.denominator), 4) == D(share)


def share_of(whole: SchoolFacts, stage: Stage, code: str = "national") -> Fraction:
    """The share of a stage in its school's teaching area, through a condition that asks every stage."""
    asks_all = Condition(
        "X", Subject.UNIT, plus=("teaching_area_m2",), per=("students",), bounds={"all": D(1)}, divided=True
    )
    found = judge_unit(asks_all, whole, stage, standard(code), {})
    students = Fraction(whole.stages[stage].get("students") or 0)
    return Fraction(found.above) / Fraction(found.below) * students / Fraction(whole.whole["teaching_area_m2"] or 1)


def test_a_nine_year_school_has_the_areas_worked_by_hand() -> None:
    whole = school(540, 300, teaching_area_m2=D(6400))
    areas = {stage: round(float(share_of(whole, stage) * 6400), 1) for stage in (P, J)}
    assert areas == {P: 3972.4, J: 2427.6}
    values = [judged("R4", whole, stage) for stage in (P, J)]
    assert [round(each.value or D(0), 2) for each in values] == [D("7.36"), D("8.09")]
    assert [each.finding for each in values] == [MET, MET]


def test_teachers_are_counted_by_the_stage_that_they_teach() -> None:
    whole = school(good_stage(540, qualified_teachers=27), good_stage(300, qualified_teachers=15))
    assert [judged("R1", whole, stage).value for stage in (P, J)] == [D(5), D(5)]
    assert [judged("R1", whole, stage).finding for stage in (P, J)] == [MET, SHORT]


def test_an_attached_kindergarten_shares_in_fushun_and_nowhere_else() -> None:
    whole = school(540, kindergarten_children=100)
    assert share_of(whole, P) == 1
    assert share_of(whole, P, "fushun-2020") == Fraction(540, 650)
    nine = school(540, 300, kindergarten_children=100)
    assert share_of(nine, P, "fushun-2020") == Fraction(540, 540 + 330 + 110)


def test_an_unknown_kindergarten_is_unknown_only_where_one_can_be() -> None:
    fushun = standard("fushun-2020")
    assert judged("R4", school(540, kindergarten_children=None), P, fushun).finding is UNKNOWN
    assert judged("R4", school(540, kindergarten_children=None), P).finding is MET
    assert judged("R4", school(None, 300, kindergarten_children=None), J, fushun).finding is MET


def test_a_missing_number_is_unknown_and_named() -> None:
    found = judged("R4", school(800, teaching_area_m2=None, indoor_sports_m2=None), P)
    assert (found.finding, found.missing, found.value) == (
        UNKNOWN,
        ("teaching_area_m2", "indoor_sports_m2"),
        None,
    )
    assert judged("R1", school(good_stage(800) | {"students": None}), P).missing == ("students",)
    assert judged("R4", school(540, good_stage(300) | {"students": None}), P).finding is UNKNOWN


@pytest.mark.parametrize(
    ("classes", "music", "art", "findings"),
    [
        (30, 3, 3, (MET, MET)),
        (30, 2, 3, (SHORT, MET)),
        (30, 3, 2, (MET, SHORT)),
        (24, 2, 2, (MET, MET)),
        (25, 2, 2, (SHORT, SHORT)),
        (1, 1, 0, (MET, SHORT)),
    ],
)
def test_one_music_and_one_art_room_for_twelve_classes(
    classes: int, music: int, art: int, findings: tuple[Finding, Finding]
) -> None:
    stage = good_stage(classes * 40, classes=classes)
    found = verdict(school(stage, music_rooms=4, large_music_rooms=music, large_art_rooms=art)).conditions
    assert (found["G3-music"].finding, found["G3-art"].finding) == findings


def test_a_combined_school_needs_rooms_for_all_its_classes() -> None:
    whole = school(good_stage(480, classes=12), good_stage(480, classes=12), large_music_rooms=1, large_art_rooms=2)
    found = verdict(whole).conditions
    assert (found["G3-music"].finding, found["G3-art"].finding) == (SHORT, MET)


@pytest.mark.parametrize(
    ("primary", "junior", "finding"),
    [
        (2000, None, MET),
        (2001, None, SHORT),
        (2050, None, SHORT),
        (None, 2050, SHORT),
        (1500, 1000, MET),
        (1500, 1001, SHORT),
    ],
)
def test_the_size_of_a_school_is_limited(primary: int | None, junior: int | None, finding: Finding) -> None:
    assert verdict(school(primary, junior)).conditions["G4"].finding is finding


def test_senior_students_do_not_count_for_the_size() -> None:
    assert verdict(school(None, 1900, 600)).conditions["G4"].finding is MET
    assert verdict(school(1500, 1000, 800)).conditions["G4"].finding is MET


@pytest.mark.parametrize(
    ("students", "opened", "before", "on", "finding"),
    [
        (2400, date(2018, 8, 31), 2400, True, MET),
        (2400, date(2018, 8, 31), 2500, True, MET),
        (2401, date(2018, 8, 31), 2500, True, SHORT),
        (2400, date(2018, 8, 31), 2399, True, SHORT),
        (2400, date(2018, 9, 1), 2500, True, SHORT),
        (2400, None, 2500, True, SHORT),
        (2400, date(2018, 8, 31), None, True, SHORT),
        (2400, date(2018, 8, 31), 2500, False, SHORT),
        (2000, date(2020, 9, 1), 1900, True, MET),
    ],
)
def test_the_relaxation_of_xingguo_holds_for_old_schools_that_shrink(
    students: int, opened: date | None, before: int | None, on: bool, finding: Finding
) -> None:
    by = relaxed(standard("xingguo-2023"), "G4") if on else standard("xingguo-2023")
    whole = school(students, facts={"opened_on": opened, "before": before})
    assert verdict(whole, of=by).conditions["G4"].finding is finding


def test_the_national_standard_knows_no_relaxation() -> None:
    assert all(each.relaxation is None for each in standard().conditions.values())
    assert relaxed(standard(), "G4") == standard()


@pytest.mark.parametrize(
    ("stage", "largest", "finding"), [(P, 45, MET), (P, 46, SHORT), (J, 50, MET), (J, 51, SHORT), (J, None, UNKNOWN)]
)
def test_the_largest_class_counts_and_not_the_mean(stage: Stage, largest: int | None, finding: Finding) -> None:
    numbers = good_stage(1762, classes=40, largest_class=largest)
    found = verdict(school(**{stage.value: numbers}))  # type: ignore[arg-type]
    assert found.conditions["G5"].finding is finding


@pytest.mark.parametrize(
    ("students", "kind", "funds", "finding"),
    [
        (63, SchoolKind.TEACHING_POINT, 115_000, MET),
        (63, SchoolKind.TEACHING_POINT, 114_999, SHORT),
        (46, SchoolKind.TEACHING_POINT, 115_000, MET),
        (50, SchoolKind.TEACHING_POINT, 72_450, SHORT),
        (63, SchoolKind.SCHOOL, 72_450, SHORT),
        (99, SchoolKind.SCHOOL, 115_000, MET),
        (100, SchoolKind.SCHOOL, 0, NONE),
        (63, SchoolKind.SPECIAL, 0, NONE),
    ],
)
def test_small_schools_are_funded_for_a_hundred(students: int, kind: SchoolKind, funds: int, finding: Finding) -> None:
    found = verdict(school(students, kind=kind, operating_funds_yuan=funds))
    assert found.conditions["G6"].finding is finding


def test_funds_without_the_standard_of_the_county_are_unknown() -> None:
    found = verdict(school(63), funds_standard_primary=None)
    assert found.schools[0].judged["G6"].missing == ("funds_standard_primary",)
    assert found.conditions["G6"].finding is UNKNOWN


@pytest.mark.parametrize(("funds", "finding"), [(228_000, SHORT), (239_999, SHORT), (240_000, MET)])
def test_a_special_school_needs_6000_yuan_a_student(funds: int, finding: Finding) -> None:
    special = school(40, kind=SchoolKind.SPECIAL, operating_funds_yuan=funds, training_funds_yuan=funds)
    found = verdict(special, school(800))
    assert found.conditions["G7"].finding is finding
    assert found.conditions["G7"].asked == 1


@pytest.mark.parametrize(
    ("code", "figures", "value", "finding"),
    [
        ("G8-pay", {"teacher_pay_yuan": D(84_200), "civil_servant_pay_yuan": D(84_000)}, "1.0024", MET),
        ("G8-pay", {"teacher_pay_yuan": D(84_000), "civil_servant_pay_yuan": D(84_000)}, "1.0000", MET),
        ("G8-pay", {"teacher_pay_yuan": D(83_999), "civil_servant_pay_yuan": D(84_000)}, "1.0000", SHORT),
        ("G11-rotated", {"eligible_teachers": D(620), "rotated_teachers": D(66)}, "10.6452", MET),
        ("G11-rotated", {"eligible_teachers": D(620), "rotated_teachers": D(62)}, "10.0000", MET),
        ("G11-rotated", {"eligible_teachers": D(620), "rotated_teachers": D(61)}, "9.8387", SHORT),
        ("G11-backbone", {"rotated_teachers": D(66), "rotated_backbone_teachers": D(12)}, "18.1818", SHORT),
        ("G13-primary", {"catchment_primary": D(8999), "enrolled_primary": D(9000)}, "99.9889", SHORT),
        ("G13-junior", {"catchment_junior": D(3800), "enrolled_junior": D(4000)}, "95.0000", MET),
        ("G13-junior", {"catchment_junior": D(3799), "enrolled_junior": D(4000)}, "94.9750", SHORT),
        ("G14-share", {"allotted_places": D(500), "good_senior_places": D(1000)}, "50.0000", MET),
        ("G14-share", {"allotted_places": D(499), "good_senior_places": D(1000)}, "49.9000", SHORT),
        (
            "G15-migrant",
            {"migrants_public": D(410), "migrants_paid": D(30), "migrant_children": D(520)},
            "84.6154",
            SHORT,
        ),
        ("G15-migrant", {"migrants_public": D(412), "migrants_paid": D(30)}, "85.0000", MET),
        ("Q1", {}, "97.8520", MET),
        ("Q1", {"junior_graduates": D(390)}, "94.2721", SHORT),
        ("Q2", {"disabled_enrolled": D(95), "disabled_children": D(100)}, "95.0000", MET),
        ("Q2", {"disabled_enrolled": D(94), "disabled_children": D(99)}, "94.9495", SHORT),
        ("Q9-difference", {"monitoring_difference": D("0.1499")}, "0.1499", MET),
        ("Q9-difference", {"monitoring_difference": D("0.15")}, "0.1500", SHORT),
        ("S1", {"satisfied_answers": D(1020), "valid_answers": D(1210)}, "84.2975", SHORT),
        ("S1", {"satisfied_answers": D(850), "valid_answers": D(1000)}, "85.0000", MET),
    ],
)
def test_the_ratios_of_a_county_are_those_worked_by_hand(
    code: str, figures: dict[str, Decimal], value: str, finding: Finding
) -> None:
    if code == "G15-migrant" and len(figures) == 2:
        figures = figures | {"migrant_children": D(520)}
    found = verdict(school(800), **figures).conditions[code]
    assert found.judged is not None
    assert found.judged.value is not None
    assert (round(found.judged.value, 4), found.finding) == (D(value), finding)


@pytest.mark.parametrize(
    ("item", "short", "open_one"),
    [
        ("G1", "layout_reasonable", "layout_reasonable"),
        ("G2", "one_funds_standard", "one_equipment_standard"),
        ("G8", "performance_pay_approved", "teacher_pay_yuan"),
        ("G10", "posts_allotted", "posts_allotted"),
        ("G14", "rural_juniors_favoured", "allotted_places"),
        ("G15", "left_behind_care", "migrants_paid"),
        ("Q3", "every_school_charter", "management_digital"),
        ("Q5", "teachers_use_it", "equipment_well_used"),
        ("Q6", "moral_education_good", "campus_culture_good"),
        ("Q7", "curriculum_full", "practice_effective"),
        ("Q8", "no_excessive_work", "no_excessive_work"),
        ("Q9", "monitoring_level_three", "monitoring_difference"),
    ],
)
def test_an_item_needs_every_one_of_its_conditions(item: str, short: str, open_one: str) -> None:
    def finding(**figures: Decimal | bool | None) -> Finding:
        found = verdict(school(800), **figures)
        return next(each.finding for each in found.items if each.item.code == item)

    assert finding() is MET
    assert finding(**{short: False}) is SHORT
    assert finding(**{open_one: None}) is UNKNOWN


def test_rotation_with_too_few_backbone_teachers_is_short() -> None:
    found = verdict(school(800), rotated_teachers=D(66), rotated_backbone_teachers=D(12))
    assert next(each.finding for each in found.items if each.item.code == "G11") is SHORT


@pytest.mark.parametrize(("code", "figure"), [("G9", "trained_teachers"), ("G12", "licensed_teachers")])
def test_every_full_time_teacher_of_the_county_counts(code: str, figure: str) -> None:
    first = good_stage(800, full_time_teachers=100, licensed_teachers=100, trained_teachers=100)
    for number, finding in ((300, MET), (299, SHORT), (None, UNKNOWN)):
        second = good_stage(2000, full_time_teachers=300, licensed_teachers=300, trained_teachers=300)
        found = verdict(school(first), school(second | {figure: number})).conditions[code]
        assert found.finding is finding
        if number == 299:
            assert found.judged is not None
            assert found.judged.value == D("99.75")


@pytest.mark.parametrize(("training", "finding"), [(39_000, SHORT), (40_000, MET), (None, UNKNOWN)])
def test_training_takes_five_percent_of_the_operating_funds_of_every_school(
    training: int | None, finding: Finding
) -> None:
    short = school(400, operating_funds_yuan=800_000, training_funds_yuan=training)
    found = verdict(school(800), short)
    assert found.conditions["Q4"].finding is finding
    if training == 39_000:
        assert found.schools[1].judged["Q4"].value == D("4.875")


@pytest.mark.parametrize(("training", "finding"), [(15_000, MET), (14_999, SHORT)])
def test_training_in_akqi_is_measured_on_the_pay_of_teachers(training: int, finding: Finding) -> None:
    whole = school(400, payroll_yuan=1_000_000, operating_funds_yuan=800_000, training_funds_yuan=training)
    assert verdict(whole, of=standard("akqi-2022")).conditions["Q4"].finding is finding
    assert verdict(whole).conditions["Q4"].finding is SHORT


def test_xingguo_asks_for_a_difference_rate_below_015_as_the_form_that_it_copies() -> None:
    xingguo = standard("xingguo-2023")
    for rate, finding in (("0.15", SHORT), ("0.1499", MET)):
        found = verdict(school(800), of=xingguo, monitoring_difference=D(rate))
        assert found.conditions["Q9-difference"].finding is finding


@pytest.mark.parametrize(
    ("code", "figures"),
    [
        ("G15-migrant", {"migrant_children": D(0), "migrants_public": D(0), "migrants_paid": D(0)}),
        ("Q2", {"disabled_children": D(0), "disabled_enrolled": D(0)}),
        ("G13-primary", {"enrolled_primary": D(0), "catchment_primary": D(0)}),
        ("G13-junior", {"enrolled_junior": D(0), "catchment_junior": D(0)}),
    ],
)
def test_nobody_to_count_is_asked_nothing_where_the_condition_says_so(code: str, figures: dict[str, Decimal]) -> None:
    assert verdict(school(800), **figures).conditions[code].finding is NONE


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("S1", ("valid_answers",)),
        ("G8-pay", ("civil_servant_pay_yuan",)),
        ("Q1", ("junior_intake", "junior_deaths")),
        ("G11-rotated", ("eligible_teachers",)),
        ("G11-backbone", ("rotated_teachers",)),
        ("G14-share", ("good_senior_places",)),
    ],
)
def test_a_share_of_nothing_is_unknown_everywhere_else(code: str, missing: tuple[str, ...]) -> None:
    found = verdict(school(800), **dict.fromkeys(missing, D(0)))
    answer = found.conditions[code].judged
    assert answer is not None
    assert (answer.finding, answer.missing) == (UNKNOWN, missing)
    assert found.finding is not MET


def test_a_special_school_spreads_its_funds_over_its_senior_students_too() -> None:
    for funds, finding in ((359_999, SHORT), (360_000, MET)):
        special = school(40, None, 20, kind=SchoolKind.SPECIAL, operating_funds_yuan=funds, training_funds_yuan=funds)
        assert verdict(special, school(800)).conditions["G7"].finding is finding


@pytest.mark.parametrize(
    ("junior", "senior", "funds", "finding"),
    [(63, 30, 134_999, SHORT), (63, 30, 135_000, MET), (63, 37, 0, NONE), (63, None, 135_000, MET), (100, 5, 0, NONE)],
)
def test_a_school_is_small_by_the_students_of_all_its_stages(
    junior: int, senior: int | None, funds: int, finding: Finding
) -> None:
    assert verdict(school(None, junior, senior, operating_funds_yuan=funds)).conditions["G6"].finding is finding


def test_unknown_senior_students_leave_only_a_school_open_that_may_be_small() -> None:
    for junior, finding in ((63, UNKNOWN), (100, NONE)):
        whole = school(None, junior, good_stage(30) | {"students": None})
        assert verdict(whole).conditions["G6"].finding is finding


def test_teaching_points_need_music_and_art_rooms_as_well() -> None:
    found = verdict(school(40, kind=SchoolKind.TEACHING_POINT, large_music_rooms=0), school(800)).conditions
    assert (found["G3-music"].finding, found["G3-music"].asked, found["G3-art"].finding) == (SHORT, 2, MET)


amounts = st.integers(0, 10**7)
heads = st.integers(1, 5000)


@steady
@given(students=st.tuples(heads, heads, heads), used=st.sets(st.sampled_from((P, J, S)), min_size=1))
def test_the_shares_of_all_stages_sum_to_one(students: tuple[int, int, int], used: set[Stage]) -> None:
    counts = [n if stage in used else None for stage, n in zip((P, J, S), students, strict=True)]
    whole = school(*counts, teaching_area_m2=D(6400))
    # Quotients of 28 digits are compared as they are kept: as exact fractions.
    assert sum(share_of(whole, stage) for stage in used) == 1


FIGURES = {
    "R1": ("qualified_teachers",),
    "R2": ("backbone_teachers",),
    "R3": ("arts_teachers",),
    "R4": ("teaching_area_m2",),
    "R5": ("sports_ground_m2",),
    "R6": ("equipment_yuan",),
    "R7": ("multimedia_rooms",),
}


@steady
@given(
    code=st.sampled_from(sorted(FIGURES)), a=heads, b=heads, has=amounts, more=amounts, stage=st.sampled_from((P, J))
)
def test_what_is_added_never_worsens_the_value_it_is_added_to(
    code: str, a: int, b: int, has: int, more: int, stage: Stage
) -> None:
    [figure] = FIGURES[code]

    def with_amount(amount: int) -> SchoolFacts:
        of_stage = {figure: amount} if figure.endswith("teachers") else {}
        numbers = {P: good_stage(a), J: good_stage(b)}
        numbers[stage] |= of_stage
        return school(numbers[P], numbers[J], **({} if of_stage else {figure: amount}))

    before, after = (judged(code, with_amount(amount), stage) for amount in (has, has + more))
    assert Fraction(after.above) / Fraction(after.below) >= Fraction(before.above) / Fraction(before.below)
    assert SEVERITY[after.finding] <= SEVERITY[before.finding]
    assert (after.lacking or 0) <= (before.lacking or 0)


@steady
@given(students=heads, area=amounts, hall=amounts, more=amounts)
def test_a_new_sports_hall_worsens_neither_rooms_nor_grounds(students: int, area: int, hall: int, more: int) -> None:
    before = school(students, teaching_area_m2=area + hall, indoor_sports_m2=hall)
    numbers = dict(before.whole) | {"teaching_area_m2": area + hall + more, "indoor_sports_m2": hall + more}
    after = replace(before, whole=numbers)
    for code in ("R4", "R5"):
        assert (judged(code, after, P).value or 0) >= (judged(code, before, P).value or 0)


@steady
@given(a=heads, b=heads, area=amounts)
def test_what_is_lacking_is_exactly_what_meets_the_bound(a: int, b: int, area: int) -> None:
    whole = school(a, b, teaching_area_m2=D(area))
    for stage in (P, J):
        found = judged("R4", whole, stage)
        if found.lacking is None:
            continue
        ceiling = found.lacking.to_integral_value("ROUND_CEILING")
        filled = replace(whole, whole={**whole.whole, "teaching_area_m2": D(area) + ceiling})
        assert judged("R4", filled, stage).finding is MET
        under = replace(whole, whole={**whole.whole, "teaching_area_m2": D(area) + ceiling - 1})
        assert judged("R4", under, stage).finding is SHORT


@pytest.mark.parametrize("weight", [{}, {"junior": D(0)}])
def test_a_stage_that_weighs_nothing_has_no_share_that_is_known(weight: dict[str, Decimal]) -> None:
    weightless = replace(standard(), weights={"primary": D(1), "senior": D("1.32")} | weight)
    assert judged("R4", school(400, 400), J, weightless).finding is UNKNOWN
    assert judged("R4", school(400, 400), P, weightless).finding is MET


@pytest.mark.parametrize("answer", [D(0), D(8)])
def test_a_number_is_no_answer_to_a_question(answer: Decimal) -> None:
    question = Condition("D", Subject.COUNTY, asks="fair")
    found = judge_county(question, {"fair": answer})
    assert (found.finding, found.missing) == (UNKNOWN, ("fair",))
