"""学校年度数据: enter a school's numbers of a year, and say that they were checked."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.actions.school_years import (
    Contradictory,
    StaleYear,
    Unexplained,
    YearSaid,
    check_year,
    enter_year,
)
from tracker.forms.base import VersionedForm
from tracker.forms.school_years import IN_WAN, YearForm
from tracker.forms.schools import SINGLE_STAGES
from tracker.models import School, SchoolYear, db
from tracker.queries.school_years import values_of, year_before, year_of
from tracker.queries.schools import enrolments_of
from tracker.rules.jumps import Doubt
from tracker.rules.permissions import Can
from tracker.rules.school_years import FIRST_YEAR, first_day
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs
from tracker.views.school_pages import SCHOOL, load_school, may_for, stages_known, this_school_year
from tracker.views.school_words import doubt_text, names_of_numbers, school_year_text
from tracker.views.typed import taken
from tracker.views.typed_figures import FORMS

place = Blueprint("school_years", __name__)

YEAR = f"{SCHOOL}/years/<int(min={FIRST_YEAR},max=2200):year>"
STALE = _l("这些数据已被他人更改，您的内容还没有保存；下面是您填写的内容，与现有数据不同的，旁边写有现有数据。")
# The numbers in the groups of the form: those of each stage, then those of the whole school.
OF_STAGES = {
    "students": ("students", "classes", "largest_class"),
    "teachers": (
        "full_time_teachers",
        "qualified_teachers",
        "backbone_teachers",
        "arts_teachers",
        "licensed_teachers",
        "trained_teachers",
    ),
}
OF_SCHOOL = {
    "buildings": (
        "teaching_area_m2",
        "indoor_sports_m2",
        "sports_ground_m2",
        "equipment_yuan",
        "multimedia_rooms",
        "music_rooms",
        "large_music_rooms",
        "art_rooms",
        "large_art_rooms",
        "kindergarten_children",
    ),
    "funds": ("operating_funds_yuan", "training_funds_yuan", "payroll_yuan"),
}


@place.get(YEAR)
@needs(Can.ENTER_FIGURES)
def year(school_id: int, year: int) -> ResponseReturnValue:
    """The numbers of a year, to be entered or changed, beside last year's."""
    school = load_open_year(school_id, year)
    typed = taken(f"{school_id}/{year}", FORMS)
    values = MultiDict(typed.values) if typed and typed.act == "school_years.save" else None
    return year_page(school, year, typed=values)


@place.post(YEAR)
@needs(Can.ENTER_FIGURES)
def save(school_id: int, year: int) -> ResponseReturnValue:
    """Store the numbers of a year; odd ones are questioned first, impossible ones refused."""
    school = load_open_year(school_id, year)
    form = YearForm(year, clock.today(), None, names_of_numbers(), (), sent=True)
    if not form.is_sent():
        return year_page(school, year, form, status=400)
    try:
        enter_year(actor(), school, year, form.version.data or 0, said_in(form), clock.now())
    except Contradictory as refused:
        for doubt in refused.doubts:
            form[doubt.name].errors = [doubt_text(doubt)]
        return asked_again(school_id, year, form)
    except Unexplained as odd:
        return asked_again(school_id, year, form, odd.doubts)
    except StaleYear:
        return stale_page(school_id, year, form)
    db.session.commit()
    flash(_("已保存%(year)s数据。", year=school_year_text(year)))
    return redirect(url_for("schools.school", school_id=school_id))


@place.post(f"{YEAR}/check")
@needs(Can.CHECK_FIGURES)
def check(school_id: int, year: int) -> ResponseReturnValue:
    """Say that the numbers of a year were checked."""
    school, form = load_school(school_id, Can.CHECK_FIGURES), VersionedForm()
    if not form.is_sent():
        abort(400, description=_("请刷新页面后重试。"))
    try:
        check_year(actor(), school, year, form.version.data or 0, clock.now())
    except StaleYear:
        db.session.rollback()
        abort(409, description=_("这些数据已被他人更改，请返回学校页面核对后重试。"))
    db.session.commit()
    flash(_("%(year)s数据已标为“已核”。", year=school_year_text(year)))
    return redirect(url_for("schools.school", school_id=school_id))


def load_open_year(school_id: int, year: int) -> School:
    """A school whose numbers of a year the person may enter; 404 for a school year that has not begun."""
    school = load_school(school_id, Can.ENTER_FIGURES)
    if year > this_school_year():
        abort(404)
    return school


def said_in(form: YearForm) -> YearSaid:
    """What the form says of a year."""
    return YearSaid(
        counted_on=form.counted_on.data or first_day(form.year),
        standing=form.standing.data,
        source=form.source.data or "",
        numbers=form.numbers,
        exceptions=form.exceptions,
        explained=form.jumps_explained.data,
        asked=frozenset((form.asked.data or "").split()),
    )


def asked_again(school_id: int, year: int, form: YearForm, doubts: Sequence[Doubt] = ()) -> ResponseReturnValue:
    """The form with everything typed, and what is odd about it."""
    db.session.rollback()
    if doubts:
        form.asked.data = " ".join(doubt.key for doubt in doubts)
    return year_page(load_school(school_id), year, form, doubts=doubts, status=400)


def stale_page(school_id: int, year: int, form: YearForm) -> ResponseReturnValue:
    """The form with everything typed, on the present version, beside what is stored now."""
    db.session.rollback()
    school = load_school(school_id)
    row = year_of(school, year)
    form.version.data, form.version.raw_data = row.version if row else 0, None
    return year_page(school, year, form, row=row, status=409)


def year_page(
    school: School,
    year: int,
    form: YearForm | None = None,
    *,
    row: SchoolYear | None = None,
    typed: MultiDict[str, str] | None = None,
    doubts: Sequence[Doubt] = (),
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a year; a form that was not taken comes back with its words."""
    row, before = row or year_of(school, year), year_before(school, year)
    if form is None:
        stages = stages_known(before, enrolments_of(school))
        form = YearForm(year, clock.today(), row, names_of_numbers(), stages, typed=typed)
    page = render_template(
        "schools/year.html",
        school=school,
        year=year,
        row=row,
        form=form,
        before=values_of(before),
        stored=values_of(row) if status == 409 else {},
        stale=str(STALE) if status == 409 else "",
        doubts=doubts,
        stages=SINGLE_STAGES,
        of_stages=OF_STAGES,
        of_school=OF_SCHOOL,
        in_wan=IN_WAN,
        is_current=year == this_school_year(),
        may_check=may_for(school, Can.CHECK_FIGURES),
    )
    return page, status
