"""单位: who they are, what they have to do, and whom a mail to them reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import units as actions
from tracker.actions.record import Actor
from tracker.actions.unit_merging import CannotMerge, merge_units
from tracker.actions.units import NameTaken, StaleUnit, UnitInUse
from tracker.forms.base import VersionedForm
from tracker.forms.units import DutiesForm, MergeForm, NewUnitForm, UnitForm
from tracker.models import Unit, db
from tracker.queries.accounts import region_names, units_in
from tracker.queries.frame import regions_below
from tracker.queries.unit_references import counted_references
from tracker.queries.units import (
    count_without_contact,
    people_of,
    standings_of,
    unit_in,
    units_beside,
    units_page,
    units_without_contact,
)
from tracker.rules.permissions import Can
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs, person
from tracker.views.query import LARGEST_ID, asked_for, page_number
from tracker.views.unit_pages import facts_from, kinds, load_unit, note_taken, unit_page

place = Blueprint("units", __name__)

LONGEST_SEARCH = 100
MOST_LISTED = 60
UNIT = f"/units/<int(max={LARGEST_ID}):unit_id>"
STALE = _l("该单位已被他人更改，您的内容还没有保存；下面是您填写的内容，请与现有内容核对后重新提交。")
# What a merge says of each reference; those without a word of their own go along silently.
MOVED = {
    "assignments.unit_id": _l("承担的任务"),
    "account_units.unit_id": _l("账号"),
    "robots.unit_id": _l("群机器人"),
    "reports.unit_id": _l("进展"),
    "receipts.unit_id": _l("签收记录"),
    "extensions.unit_id": _l("延期申请"),
    "instruction_answers.unit_id": _l("批示答复"),
    "urges.unit_id": _l("催办"),
    "waits.unit_id": _l("等待该单位的记录"),
    "waits.by_unit_id": _l("该单位的等待记录"),
    "unit_aliases.unit_id": _l("别名"),
    "unit_members.collective_id": _l("成员单位"),
    "unit_members.member_id": _l("所属集体单位"),
    "units.merged_into_id": _l("此前并入的单位"),
}
Act = Callable[[Actor, Unit, int, datetime], None]


@place.get("/units")
@needs(Can.MANAGE_UNITS)
def units() -> ResponseReturnValue:
    """The units at or below the person's region; those that no mail reaches stand first."""
    region, kept = person().region, asked_for(request.args, ("q",))
    q = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    page = units_page(region, q, page_number(request.args))
    unreached = units_without_contact(region, MOST_LISTED)
    return render_template(
        "units/units.html",
        page=page,
        q=q,
        standings=standings_of([unit.id for unit in page.rows]),
        regions=region_names({unit.region_code for unit in page.rows} - {region}),
        unreached=unreached,
        unreached_count=len(unreached) if len(unreached) < MOST_LISTED else count_without_contact(region),
        address=lambda number: url_for("units.units", **kept, page=number),
    )


@place.route("/units/new", methods=["GET", "POST"])
@needs(Can.MANAGE_UNITS)
def create() -> ResponseReturnValue:
    """Make a unit."""
    region = person().region
    form = NewUnitForm(regions_below(region), kinds(), units_in(region))
    if form.is_sent():
        try:
            made = actions.create_unit(actor(), form.region.data, facts_from(form), clock.now())
            db.session.commit()
            flash(_("已新建单位“%(name)s”。", name=made.name))
            return redirect(url_for("units.unit", unit_id=made.id))
        except NameTaken as taken:
            note_taken(form, taken)
    return render_template("units/create.html", form=form), 400 if form.errors else 200


@place.get(UNIT)
@needs(Can.MANAGE_UNITS)
def unit(unit_id: int) -> ResponseReturnValue:
    """One unit with its people; of a unit that was merged, the one that it became."""
    found = load_unit(unit_id)
    if found.merged_into_id:
        return redirect(url_for("units.unit", unit_id=found.merged_into_id))
    return unit_page(found)


@place.post(UNIT)
@needs(Can.MANAGE_UNITS)
def change(unit_id: int) -> ResponseReturnValue:
    """Set what is known of a unit; a stale save keeps the words beside what is stored."""
    unit = load_unit(unit_id)
    form = UnitForm(unit, kinds(), units_beside(unit), sent=True)
    if not form.is_sent():
        return unit_page(unit, form=form, status=400)
    try:
        actions.change_unit(actor(), unit, form.version.data or 0, facts_from(form), clock.now())
    except NameTaken as taken:
        note_taken(form, taken)
        return unit_page(load_unit(unit_id), form=form, status=400)
    except StaleUnit:
        db.session.rollback()
        unit = load_unit(unit_id)
        form.show_again(unit.version)
        return unit_page(unit, form=form, problem=str(STALE), stale=True, status=409)
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for("units.unit", unit_id=unit_id))


@place.post(f"{UNIT}/duties")
@needs(Can.MANAGE_UNITS)
def duties(unit_id: int) -> ResponseReturnValue:
    """Say who is contact and deputy, and who heads the unit."""
    unit = load_unit(unit_id)
    form = DutiesForm(unit.version, people_of(unit), _("未指定"), sent=True)
    if not form.is_sent():
        return unit_page(unit, duties=form, status=400)
    try:
        actions.set_duties(actor(), unit, form.version.data or 0, form.duties, clock.now())
    except StaleUnit:
        db.session.rollback()
        unit = load_unit(unit_id)
        form.show_again(unit.version)
        return unit_page(unit, duties=form, problem=str(STALE), stale=True, status=409)
    db.session.commit()
    flash(_("已保存联系人。"))
    return redirect(url_for("units.unit", unit_id=unit_id))


@place.post(f"{UNIT}/disable")
@needs(Can.MANAGE_UNITS)
def disable(unit_id: int) -> ResponseReturnValue:
    """Offer a unit no more."""
    return done(load_unit(unit_id), actions.disable_unit, _("单位已停用，不再供选择，也不再收到提醒。"))


@place.post(f"{UNIT}/enable")
@needs(Can.MANAGE_UNITS)
def enable(unit_id: int) -> ResponseReturnValue:
    """Offer a disabled unit again."""
    return done(load_unit(unit_id), actions.enable_unit, _("单位已启用。"))


@place.post(f"{UNIT}/delete")
@needs(Can.MANAGE_UNITS)
def delete(unit_id: int) -> ResponseReturnValue:
    """Delete a unit to which nothing refers."""
    return done(load_unit(unit_id), actions.delete_unit, _("单位已删除。"), to_list=True)


@place.route(f"{UNIT}/merge", methods=["GET", "POST"])
@needs(Can.MANAGE_UNITS)
def merge(unit_id: int) -> ResponseReturnValue:
    """Choose the unit that stays, read what moves, confirm."""
    unit = load_unit(unit_id)
    others = units_beside(unit)
    form = MergeForm(unit, others, request.args.get("into", type=int), sent=request.method == "POST")
    if form.is_sent():
        return merged(unit, form)
    into = next((other for other in others if other.id == form.into.data), None)
    return merge_page(unit, form, into, 400 if form.errors else 200)


def merged(unit: Unit, form: MergeForm) -> ResponseReturnValue:
    """Do it, and go on with the unit that stays; a stale page is shown anew with what moves now."""
    into, name, unit_id = unit_in(person().region, form.into.data), unit.name, unit.id
    if into is None:
        return merge_page(unit, form, None, 400)
    try:
        merge_units(actor(), unit, form.version.data or 0, into, clock.now())
    except (StaleUnit, CannotMerge):
        db.session.rollback()
        unit = load_unit(unit_id)
        form.show_again(unit.version)
        return merge_page(unit, form, unit_in(person().region, form.into.data), 409)
    db.session.commit()
    flash(_("“%(name)s”已并入“%(unit)s”。", name=name, unit=into.name))
    return redirect(url_for("units.unit", unit_id=into.id))


def merge_page(unit: Unit, form: MergeForm, into: Unit | None, status: int) -> ResponseReturnValue:
    """The page of a merge: a list to choose from, then in words what moves."""
    counts = counted_references(unit.id)
    moved = [(str(text), counts[name]) for name, text in MOVED.items() if counts[name]]
    page = render_template("units/merge.html", unit=unit, form=form, into=into, moved=moved, status=status)
    return page, status


def done(unit: Unit, act: Act, said: str, to_list: bool = False) -> ResponseReturnValue:
    """Press a button on the page of a unit."""
    form, unit_id = VersionedForm(), unit.id
    if not form.is_sent():
        return unit_page(unit, problem=_("请刷新页面后重试。"), status=400)
    try:
        act(actor(), unit, form.version.data or 0, clock.now())
    except StaleUnit:
        db.session.rollback()
        return unit_page(load_unit(unit_id), problem=_("该单位已被他人更改，请核对后重试。"), status=409)
    except UnitInUse:
        db.session.rollback()
        problem = _("该单位已有任务、账号或记录，不能删除；不再使用的请停用。")
        return unit_page(load_unit(unit_id), problem=problem, status=409)
    db.session.commit()
    flash(said)
    return redirect(url_for("units.units") if to_list else url_for("units.unit", unit_id=unit_id))
