"""学校: the schools of a region, one school with its years, making and changing one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.actions.schools import SchoolNameTaken, SchoolSaid, StaleSchool, change_school, create_school
from tracker.forms.schools import NewSchoolForm, SchoolFields, SchoolForm
from tracker.models import School, SchoolKind, Stage, Unit, db
from tracker.queries.county_facts import base_years
from tracker.queries.frame import region_name, region_names, regions_below
from tracker.queries.school_years import Totals, side_by_side, totals_of, years_of
from tracker.queries.schools import (
    SchoolFilters,
    additions_to,
    building_tasks,
    enrolments_of,
    events_of,
    is_open,
    latest_years,
    planned_among,
    schools_page,
    silent_count,
    towns_of,
    units_for_schools,
)
from tracker.queries.units import unit_in
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.permissions import Can
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs, person
from tracker.views.query import asked_for, page_number
from tracker.views.reach import asked_reach
from tracker.views.school_pages import SCHOOL, load_school, may_for, stages_known, this_school_year
from tracker.views.school_words import stage_names
from tracker.views.words import word

place = Blueprint("schools", __name__)

LONGEST_SEARCH = 100
FILTERS = ("region", "q", "type", "stage", "town", "silent", "estimated")
STALE = _l("该学校已被他人更改，您的内容还没有保存；下面是您填写的内容，请与现有内容核对后重新提交。")


@place.get("/schools")
@needs(Can.SEE_INDICATORS)
def schools() -> ResponseReturnValue:
    """The schools of a region with their last numbers."""
    reach, filters, year = asked_reach(), filters_asked(request.args), this_school_year()
    kept = asked_for(request.args, FILTERS)
    page = schools_page(reach.region, filters, year, clock.today(), page_number(request.args))
    rows = latest_years([school.id for school in page.rows], year)
    return render_template(
        "schools/schools.html",
        page=page,
        filters=filters,
        reach=reach,
        year=year,
        rows=rows,
        totals={school_id: totals_of(row) for school_id, row in rows.items()},
        unknown=Totals(),
        regions=region_names({school.region_code for school in page.rows} - {reach.region}),
        region=region_name(reach.region),
        judged_by=base_years(reach.region, clock.today()).get(reach.region),
        towns=towns_of(reach.region),
        silent=silent_count(reach.region, year, clock.today()),
        is_open=is_open,
        planned=planned_among([school.id for school in page.rows]),
        kinds=kinds(),
        stages=[(stage.value, word(stage)) for stage in Stage],
        address=lambda **changes: url_for("schools.schools", **(kept | changes)),
        page_address=lambda number: url_for("schools.schools", **kept, page=number),
    )


@place.route("/schools/new", methods=["GET", "POST"])
@needs(Can.CHECK_FIGURES)
def create() -> ResponseReturnValue:
    """Make a school."""
    region = person().region
    units = units_for_schools(region) if len(region) >= COUNTY_DIGITS else []
    form = NewSchoolForm(regions_below(region), kinds(), units, _("推进办"))
    if form.is_sent():
        try:
            made = create_school(actor(), form.region.data, said_in(form), clock.now())
            db.session.commit()
            flash(_("已新建学校“%(name)s”，可以填报数据。", name=made.name))
            return redirect(url_for("schools.school", school_id=made.id))
        except SchoolNameTaken:
            note_taken(form)
    return render_template("schools/create.html", form=form), 400 if form.errors else 200


@place.get(SCHOOL)
@needs(Can.SEE_INDICATORS)
def school(school_id: int) -> ResponseReturnValue:
    """One school: what it is, its years side by side, what it expects, what builds it, what was entered."""
    found = load_school(school_id)
    rows, expected = years_of(found), enrolments_of(found)
    return render_template(
        "schools/school.html",
        school=found,
        region=region_name(found.region_code),
        year=this_school_year(),
        rows=rows,
        figures=side_by_side(rows),
        stages=stage_names(stages_known(rows[0] if rows else None, expected)),
        expected=expected,
        tasks=building_tasks(person(), found),
        additions=additions_to(person(), found),
        events=events_of(found),
        is_open=is_open(found, clock.today()),
        is_planned=bool(planned_among([found.id])),
        may_enter=may_for(found, Can.ENTER_FIGURES),
        may_edit=may_for(found, Can.CHECK_FIGURES),
    )


@place.get(f"{SCHOOL}/edit")
@needs(Can.CHECK_FIGURES)
def edit(school_id: int) -> ResponseReturnValue:
    """What is known of a school, to be changed."""
    return edit_page(load_school(school_id, Can.CHECK_FIGURES))


@place.post(f"{SCHOOL}/edit")
@needs(Can.CHECK_FIGURES)
def change(school_id: int) -> ResponseReturnValue:
    """Set what is known of a school; a stale save keeps the words beside what is stored."""
    found = load_school(school_id, Can.CHECK_FIGURES)
    form = form_of(found, sent=True)
    if not form.is_sent():
        return edit_page(found, form, 400)
    try:
        change_school(actor(), found, form.version.data or 0, said_in(form), clock.now())
    except SchoolNameTaken:
        note_taken(form)
        return edit_page(load_school(school_id), form, 400)
    except StaleSchool:
        db.session.rollback()
        found = load_school(school_id)
        form.show_again(found.version)
        return edit_page(found, form, 409)
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for("schools.school", school_id=school_id))


def edit_page(found: School, form: SchoolForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page on which a school is changed."""
    stale = str(STALE) if status == 409 else ""
    page = render_template("schools/edit.html", school=found, form=form or form_of(found), stale=stale)
    return page, status


def form_of(found: School, sent: bool = False) -> SchoolForm:
    """The form of a school."""
    units: list[Unit] = units_for_schools(found.region_code)
    if found.unit and found.unit not in units:
        units = [found.unit, *units]  # a disabled unit stays chosen until somebody chooses another
    return SchoolForm(found, kinds(), units, _("推进办"), sent)


def said_in(form: SchoolFields) -> SchoolSaid:
    """What a form says of a school."""
    return SchoolSaid(
        name=form.name.data or "",
        kind=form.kind.data,
        town=form.town.data,
        unit=unit_in(person().region, form.unit.data) if form.unit.data else None,
        opened_on=form.opened_on.data,
        closed_on=form.closed_on.data,
    )


def note_taken(form: SchoolFields) -> None:
    """Say beside the name that the region has such a school already."""
    db.session.rollback()
    form.name.errors = [_("本地区已有同名学校；同一学校请在原有页面更改")]


def kinds() -> list[tuple[str, str]]:
    """The kinds of schools to choose from."""
    return [(kind.value, word(kind)) for kind in SchoolKind]


def filters_asked(args: MultiDict[str, str]) -> SchoolFilters:
    """What the address asks of the list; a value that a filter does not have is none."""
    kind, stage = args.get("type", ""), args.get("stage", "")
    town = args.get("town", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    return SchoolFilters(
        q=args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        kind=SchoolKind(kind) if kind in set(SchoolKind) else None,
        stage=Stage(stage) if stage in set(Stage) else None,
        town=town or None,
        silent=args.get("silent") == "1",
        estimated=args.get("estimated") == "1",
    )
