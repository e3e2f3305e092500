"""一校一策 on paper: one sheet of A4 a school, however much it lacks."""

from __future__ import annotations

import re

from flask import Flask

from tests.factories import make_account, make_school, make_school_year
from tests.journeys.conftest import Opener
from tracker import clock
from tracker.models import School, db
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of

POOR = {"students": 900, "classes": 18, "largest_class": 56, "full_time_teachers": 40}
SHORT = dict.fromkeys(
    ("qualified_teachers", "backbone_teachers", "arts_teachers", "licensed_teachers", "trained_teachers"), 1
)
BARE = dict.fromkeys(("equipment_yuan", "multimedia_rooms", "large_music_rooms", "large_art_rooms"), 1)


def pages_of(paper: bytes) -> int:
    """How many sheets a printed document has."""
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def make_poor_school(name: str) -> School:
    """A nine-year school that lacks nearly everything in both stages."""
    school = make_school(name)
    make_school_year(
        school,
        school_year_of(clock.today()),
        stages={"primary": POOR | SHORT, "junior": POOR | SHORT},
        teaching_area_m2=900,
        indoor_sports_m2=0,
        sports_ground_m2=900,
        **BARE,
    )
    return school


def test_a_school_that_lacks_everything_prints_on_one_sheet(county: Flask, open_as: Opener) -> None:
    school, leader = make_poor_school("缺口最大的九年一贯制学校"), make_account(Role.LEADER)
    db.session.commit()
    address = f"/schools/{school.id}/sheet"
    page = open_as(leader.id)
    page.goto(address)
    assert page.locator(".needs tbody tr").count() > 14
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1


def test_all_failing_schools_print_one_sheet_each(county: Flask, open_as: Opener) -> None:
    for number in (1, 2):
        make_poor_school(f"缺口很大的第{number}学校")
    leader = make_account(Role.LEADER)
    db.session.commit()
    page = open_as(leader.id)
    page.goto("/schools/sheets")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == page.locator(".school-sheet").count() >= 2
