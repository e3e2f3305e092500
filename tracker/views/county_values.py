"""县级数值: what a framework asks of the county itself, each value over time, who says it and who checked it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import county_values as actions
from tracker.actions.county_values import ValueSaid
from tracker.actions.tasks import KeptFile
from tracker.forms.county_values import DecisionForm, ValueForm
from tracker.models import CountyValue, db
from tracker.queries.county_values import (
    history_of,
    serving_units,
    units_of,
    value_by_id,
    value_file,
    values_in_force,
)
from tracker.queries.standards import standard_of
from tracker.rules.county_values import Asked, AskedItem, allowed_units, asked_of, is_old
from tracker.rules.permissions import Can, Role, Scope, may
from tracker.rules.stages import Standing
from tracker.rules.value_lines import HEIGHT, WIDTH, line_of
from tracker.translations import offer_filters
from tracker.views.access import actor, needs, own_units, person, refuse
from tracker.views.counties import choose_county, county_argument, is_county
from tracker.views.county_figures import (
    CountyFigure,
    age_text,
    figure_name,
    load_figure,
    load_figure_of,
    name_within,
    said_text,
)
from tracker.views.framework_choice import asked_framework
from tracker.views.reach import asked_reach
from tracker.views.stored_files import stored_file
from tracker.views.typed import taken
from tracker.views.typed_fields import VALUE_FORM
from tracker.views.uploads import files_of

place = Blueprint("county_values", __name__)

LARGEST_ID = "int(max=2147483647)"


@dataclass(frozen=True)
class Row:
    """A figure with its value in force, and whether the reader may say one."""

    asked: Asked
    value: CountyValue | None
    may_say: bool


@dataclass(frozen=True)
class Group:
    """An item with its figures, those without a value first."""

    item: AskedItem
    rows: list[Row]

    @property
    def missing(self) -> int:
        """How many figures have no value."""
        return sum(row.value is None for row in self.rows)


@place.record_once
def offer_words(state: Any) -> None:
    """Offer the names of figures and items to every template."""
    offer_filters(state.app, figure_name=figure_name)


@place.get("/county-values")
@needs(Can.SEE_INDICATORS)
def values() -> ResponseReturnValue:
    """All figures that a framework asks of a county, by item; what is missing comes first."""
    reach = asked_reach()
    if not is_county(reach):
        return choose_county(reach, _("县级数值"), "county_values.values")
    framework, today = asked_framework(reach.region)[0], clock.today()
    items = asked_of(standard_of(framework))
    groups = groups_of(reach.region, items, serving_units(reach.region, framework))
    return render_template(
        "county_values/values.html",
        groups=sorted(groups, key=lambda group: group.missing == 0),
        framework=framework,
        chosen=framework.code if request.args.get("framework") else None,
        name_within=name_within,
        region=county_argument(reach.region),
        asked=sum(len(group.rows) for group in groups),
        missing=sum(group.missing for group in groups),
        today=today,
        is_old=is_old,
        age_text=age_text,
        said_text=said_text,
    )


@place.get("/county-values/<path:figure>")
@needs(Can.SEE_INDICATORS)
def figure(figure: str) -> ResponseReturnValue:
    """A figure over time, and the form to say a new value."""
    reach = asked_reach()
    if not is_county(reach):
        return choose_county(reach, _("县级数值"), "county_values.figure", figure=figure)
    return figure_page(load_figure(figure, reach.region))


@place.post("/county-values/<path:figure>")
@needs(Can.ENTER_FIGURES)
def say(figure: str) -> ResponseReturnValue:
    """Say a new value; a correction is a new value as well."""
    found = load_figure(figure, request.form.get("region", "") or person().region)
    if not found.may_say:
        refuse(Can.ENTER_FIGURES, figure[:40], found.region.code, kind="county_figure")
    form = form_of(found)
    is_sound, files = form.is_sent(), files_of(form)
    if not is_sound or form.files.errors:
        return figure_page(found, form, files, 400)
    actions.say_value(actor(), found.region.code, said_in(form, figure, files), clock.now())
    db.session.commit()
    flash(_("已保存，原来的数值留在历史里。"))
    return redirect(url_for("county_values.figure", figure=figure, **found.address))


@place.post(f"/county-value/<{LARGEST_ID}:value_id>/check")
@needs(Can.CHECK_FIGURES)
def check(value_id: int) -> ResponseReturnValue:
    """Say that a value was checked; nobody checks what they said themselves."""
    value, found = decided(value_id)
    actions.check_value(actor(), value, clock.now())
    db.session.commit()
    flash(_("已核定该数值。"))
    return redirect(url_for("county_values.figure", figure=value.figure, **found.address))


@place.post(f"/county-value/<{LARGEST_ID}:value_id>/withdraw")
@needs(Can.CHECK_FIGURES)
def withdraw(value_id: int) -> ResponseReturnValue:
    """Take back one's own mistake."""
    value, found = decided(value_id)
    actions.withdraw_value(actor(), value, clock.now())
    db.session.commit()
    flash(_("已撤回该数值，它留在历史里，不再计算。"))
    return redirect(url_for("county_values.figure", figure=value.figure, **found.address))


@place.get(f"/county-value/files/<{LARGEST_ID}:file_id>")
@needs(Can.SEE_INDICATORS)
def download(file_id: int) -> ResponseReturnValue:
    """A file as a download, never shown by the browser as a page of ours."""
    found = value_file(file_id)
    if found is None:
        abort(404)
    load_figure_of(found.value, Can.READ_TASK)
    return stored_file(found)


def groups_of(region: str, items: list[AskedItem], serving: dict[str, frozenset[int]]) -> list[Group]:
    """The figures of a county with their values in force today."""
    codes = [each.code for item in items for each in item.figures]
    known = values_in_force(region, clock.today(), codes)
    groups = []
    for item in items:
        units = allowed_units(serving, [item.item]) if item.item else frozenset[int]()
        may_say = may(person(), Can.ENTER_FIGURES, Scope(region, units))
        rows = [Row(each, known.get(each.code), may_say) for each in item.figures]
        groups.append(Group(item, sorted(rows, key=lambda row: row.value is not None)))
    return groups


def decided(value_id: int) -> tuple[CountyValue, CountyFigure]:
    """The value that is decided on, and its figure."""
    if not DecisionForm().is_sent():
        raise BadRequest
    value = value_by_id(value_id)
    found = load_figure_of(value, Can.CHECK_FIGURES)
    if value is None:
        abort(404)
    return value, found


def form_of(found: CountyFigure, typed: dict[str, str] | None = None) -> ValueForm:
    """The form for a figure; staff speak for their own units, the office for itself or any unit."""
    is_office = person().role is Role.PLAN_OFFICE
    units = units_of(found.region.code) if is_office else own_units()
    return ValueForm(found.asked, found.region.code, clock.today(), units, is_office, typed)


def said_in(form: ValueForm, figure: str, files: list[KeptFile]) -> ValueSaid:
    """What a valid form says."""
    return ValueSaid(
        figure=figure,
        on=form.on.data or clock.today(),
        number=form.amount,
        yes=form.answer,
        standing=Standing(form.standing.data),
        source=form.source.data or "",
        note=form.note.data,
        unit_id=form.unit_id,
        once=form.once.data or "",
        files=files,
    )


def figure_page(
    found: CountyFigure, form: ValueForm | None = None, files: list[KeptFile] | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of a figure; a form that was not taken comes back with its words."""
    today, history = clock.today(), history_of(found.region.code, found.asked.code)
    typed = taken(found.asked.code, {VALUE_FORM})
    if form is None and found.may_say:
        form = form_of(found, dict(typed.values) if typed else None)
    said = [each for each in history if each.withdrawn_at is None]
    page = render_template(
        "county_values/figure.html",
        found=found,
        form=form,
        kept_files=files,
        history=history,
        current=next((each for each in said if each.on <= today), None),
        line=line_of([(each.on, each.number) for each in reversed(said) if each.number is not None], today),
        width=WIDTH,
        height=HEIGHT,
        today=today,
        is_old=is_old,
        age_text=age_text,
        said_text=said_text,
        me=person().id,
    )
    return page, status
