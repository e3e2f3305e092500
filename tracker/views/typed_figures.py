"""What was typed into the forms of a school's numbers: which fields, what they are called, where the form stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for

from tracker.rules.jumps import figures_by_name
from tracker.translations import lazy as _l
from tracker.views.school_words import EXPECTED, number_name

ENROLMENT = "enrolments.save"
YEAR = "school_years.save"
FORMS = (YEAR, ENROLMENT)
WORDS = {
    "counted_on": _l("统计日期"),
    "source": _l("来源"),
    "jumps_explained": _l("情况说明"),
}
CHOSEN = ("primary", "junior", "senior", "standing")
SINGLE = re.compile(r"single\.[0-9]{1,2}\.(figure|standing|source|on)")
EXPECTED_NAME = re.compile(r"(primary|junior|senior)\.([0-9]{4})\.(students|classes)")


def typed_names(act: str, sent: Iterable[str]) -> list[str]:
    """The fields of a form that hold words or choices, of those that were sent."""
    if act == YEAR:
        known = {*figures_by_name(), *WORDS, *CHOSEN}
        return [name for name in sent if name in known or SINGLE.fullmatch(name)]
    return [name for name in sent if name == "source" or EXPECTED_NAME.fullmatch(name)]


def key_of(act: str, named: Mapping[str, Any]) -> str:
    """The school, and the year or the form, from the names of an address."""
    return f"{named['school_id']}/{named['year'] if act == YEAR else 'enrolment'}"


def place_of(act: str, key: str) -> str:
    """The page where the form stands."""
    school, _slash, year = key.partition("/")
    if act == YEAR:
        return url_for("school_years.year", school_id=int(school), year=int(year))
    return url_for("enrolments.enrolment", school_id=int(school))


def labels(values: Mapping[str, str]) -> dict[str, str]:
    """What the fields that people write in are called; choices are left out."""
    return {name: _label(name) for name in values if name not in CHOSEN and not name.endswith((".figure", ".standing"))}


def _label(name: str) -> str:
    if name in WORDS:
        return str(WORDS[name])
    if SINGLE.fullmatch(name):
        return str(WORDS["source"] if name.endswith("source") else _l("日期"))
    expected = EXPECTED_NAME.fullmatch(name)
    if expected:
        stage, year, what = expected.groups()
        said = number_name(f"{EXPECTED}.{stage}.{year}")
        return said if what == "students" else f"{said} {number_name('classes')}"
    return number_name(name)
