"""预计在校生: the students and classes that a school expects in later years."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.actions.schools import Expected, StaleSchool, set_enrolments
from tracker.forms.schools import SINGLE_STAGES, EnrolmentFields, build_enrolment_form
from tracker.models import School, db
from tracker.queries.school_years import years_of
from tracker.queries.schools import enrolments_of
from tracker.rules.permissions import Can
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs
from tracker.views.school_pages import SCHOOL, load_school, stages_known, this_school_year
from tracker.views.typed import taken
from tracker.views.typed_figures import FORMS

place = Blueprint("enrolments", __name__)

YEARS_AHEAD = 6
STALE = _l("该学校已被他人更改，您的内容还没有保存；请核对后重新提交。")


@place.get(f"{SCHOOL}/enrolment")
@needs(Can.ENTER_FIGURES)
def enrolment(school_id: int) -> ResponseReturnValue:
    """Whom the school expects, to be entered or changed."""
    school = load_school(school_id, Can.ENTER_FIGURES)
    typed = taken(f"{school_id}/enrolment", FORMS)
    values = MultiDict(typed.values) if typed and typed.act == "enrolments.save" else None
    return enrolment_page(school, build_enrolment_form(school, years_ahead(), enrolments_of(school), typed=values))


@place.post(f"{SCHOOL}/enrolment")
@needs(Can.ENTER_FIGURES)
def save(school_id: int) -> ResponseReturnValue:
    """Say whom the school expects."""
    school = load_school(school_id, Can.ENTER_FIGURES)
    form = build_enrolment_form(school, years_ahead(), (), sent=True)
    if not form.is_sent():
        return enrolment_page(school, form, 400)
    try:
        set_enrolments(actor(), school, form.version.data or 0, said_in(form), form.source.data or "", clock.now())
    except StaleSchool:
        db.session.rollback()
        school = load_school(school_id)
        form.show_again(school.version)
        return enrolment_page(school, form, 409)
    db.session.commit()
    flash(_("已保存预计在校生。"))
    return redirect(url_for("schools.school", school_id=school_id))


def years_ahead() -> list[int]:
    """The school years of which expectations are asked: those after the one that runs."""
    running = this_school_year()
    return list(range(running + 1, running + 1 + YEARS_AHEAD))


def said_in(form: EnrolmentFields) -> list[Expected]:
    """What the form says of every stage and year."""
    return [
        Expected(stage, year, form.students(stage, year).whole, form.classes(stage, year).whole)
        for stage, year in form.places
    ]


def enrolment_page(school: School, form: EnrolmentFields, status: int = 200) -> ResponseReturnValue:
    """The page of what a school expects, with its last numbers above."""
    rows, expected = years_of(school, most=1), enrolments_of(school)
    known = stages_known(rows[0] if rows else None, expected)
    expecting = {each.stage for each in expected}
    page = render_template(
        "schools/enrolment.html",
        school=school,
        form=form,
        row=rows[0] if rows else None,
        stages=[stage for stage in SINGLE_STAGES if stage in known or stage in expecting or not known],
        other_stages=[stage for stage in SINGLE_STAGES if known and stage not in known and stage not in expecting],
        years=years_ahead(),
        stored={(each.stage, each.year): each for each in expected},
        stale=str(STALE) if status == 409 else "",
    )
    return page, status
