"""The stages of schooling and the kinds of schools that an evaluation tells apart."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """小学、初中、高中、九年一贯制."""

    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    NINE_YEAR = "nine_year"


# The stages that are evaluated; the others only share a school's rooms and grounds.
COMPULSORY = (Stage.PRIMARY, Stage.JUNIOR)


class SchoolKind(StrEnum):
    """普通学校、教学点、特殊教育学校、职业学校."""

    SCHOOL = "school"
    TEACHING_POINT = "teaching_point"
    SPECIAL = "special"
    VOCATIONAL = "vocational"


class Standing(StrEnum):
    """How far a number may be relied on: 已核、单位填报、推算."""

    CHECKED = "checked"
    REPORTED = "reported"
    ESTIMATED = "estimated"
