"""评估标准: the frameworks that a region can use, each read whole, copied, and chosen for a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.frameworks import (
    DutiesStay,
    FrameworkElsewhere,
    NameTaken,
    choose_framework,
    copy_framework,
    create_framework,
)
from tracker.forms.frameworks import FrameworkNameForm, PlanFrameworkForm
from tracker.models import NATIONAL, Framework, db
from tracker.queries.frameworks import plans_for, plans_with, seen_frameworks
from tracker.queries.standards import national_standard, standard_of
from tracker.rules.framework_differences import differences
from tracker.rules.permissions import Can
from tracker.rules.standards import Item
from tracker.translations import in_language
from tracker.views.access import actor, load_plan, needs, person
from tracker.views.framework_access import can_edit, is_own, load_framework, own_region
from tracker.views.framework_words import (
    FACETS,
    difference_words,
    judging,
    relaxation_words,
    requirement,
    term_rows,
)

place = Blueprint("frameworks", __name__)


@dataclass(frozen=True)
class Difference:
    """A line of what is not as in the national standard."""

    number: str
    title: str
    what: str
    own: str
    national: str


@place.get("/frameworks")
@needs(Can.SEE_INDICATORS)
def frameworks() -> ResponseReturnValue:
    """The frameworks of the region with the plans that use each."""
    return list_page(FrameworkNameForm())


@place.post("/frameworks")
@needs(Can.EDIT_FRAMEWORK)
def create() -> ResponseReturnValue:
    """Begin an empty framework, for another field of policy."""
    form = FrameworkNameForm()
    if not form.is_sent():
        return list_page(form, 400)
    try:
        made = create_framework(actor(), own_region(), form.name.data or "", clock.now())
    except NameTaken:
        form.name.errors = [_("本地区已有这个名称的评估标准，请换一个名称")]
        return list_page(form, 400)
    db.session.commit()
    flash(_("已新建评估标准“%(name)s”，请添加指标。", name=made.name))
    return redirect(url_for("frameworks.framework", code=made.code))


@place.get("/frameworks/<code>")
@needs(Can.SEE_INDICATORS)
def framework(code: str) -> ResponseReturnValue:
    """A framework whole, and what it asks otherwise than the national standard."""
    return page(load_framework(code, Can.SEE_INDICATORS))


@place.post("/frameworks/<code>/copy")
@needs(Can.EDIT_FRAMEWORK)
def copy(code: str) -> ResponseReturnValue:
    """Copy a framework for the region of the office."""
    origin, form = load_framework(code, Can.SEE_INDICATORS), FrameworkNameForm()
    if not form.is_sent():
        return page(origin, copying=form, status=400)
    try:
        made = copy_framework(actor(), origin, own_region(), form.name.data or "", clock.now())
    except NameTaken:
        form.name.errors = [_("本地区已有这个名称的评估标准，请换一个名称")]
        return page(origin, copying=form, status=400)
    db.session.commit()
    flash(_("已复制为“%(name)s”，可以调整。", name=made.name))
    return redirect(url_for("frameworks.framework", code=made.code))


@place.post("/frameworks/<code>/plan")
@needs(Can.EDIT_PLAN)
def choose(code: str) -> ResponseReturnValue:
    """Let a plan be judged by this framework."""
    chosen = load_framework(code, Can.SEE_INDICATORS)
    form = PlanFrameworkForm(plans_for(chosen, person().region))
    if not form.is_sent():
        return page(chosen, choosing=form, status=400)
    plan = load_plan(form.plan.data, Can.EDIT_PLAN)
    try:
        choose_framework(actor(), plan, chosen, clock.now())
    except FrameworkElsewhere:
        abort(404)
    except DutiesStay as refused:
        form.plan.errors = [duties_stay(refused)]
        return page(chosen, choosing=form, status=409)
    db.session.commit()
    flash(_("“%(plan)s”现在按“%(name)s”评。", plan=plan.title, name=chosen.name))
    return redirect(url_for("frameworks.framework", code=code))


def duties_stay(refused: DutiesStay) -> str:
    """Why a framework is not chosen: which items of the present one have no counterpart here."""
    names = _("、").join(f"{each.number or each.code} {in_language(each, 'title')}" for each in refused.items)
    return _("没有更换：这个标准里没有对应下列指标的项目，而计划里有任务承担它们的责任：%(items)s。", items=names)


def list_page(form: FrameworkNameForm, status: int = 200) -> ResponseReturnValue:
    """The page of the list."""
    found = seen_frameworks(person().region)
    plans = plans_with(found, person().region)
    return render_template(
        "frameworks/frameworks.html", frameworks=found, plans=plans, form=form, national=NATIONAL, can_edit=can_edit()
    ), status


def page(
    found: Framework,
    copying: FrameworkNameForm | None = None,
    choosing: PlanFrameworkForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of one framework."""
    standard, national = standard_of(found), national_standard()
    differing = differences(standard, national)
    return render_template(
        "frameworks/framework.html",
        framework=found,
        standard=standard,
        groups=groups_of(standard.items),
        differing=differing,
        lines=[
            Difference(
                each.item.number or each.item.code,
                in_language(each.item, "title"),
                str(FACETS[each.facet]),
                mine,
                theirs,
            )
            for each in differing.conditions
            for mine, theirs in [difference_words(each, standard, national)]
        ],
        terms=term_rows(differing.terms),
        judging=judging(standard),
        requirement=lambda condition: requirement(condition, standard),
        relaxation_words=relaxation_words,
        plans=plans_with([found], person().region).get(found.id, []),
        own=is_own(found),
        can_edit=can_edit(),
        copying=copying or FrameworkNameForm(),
        choosing=choosing or (PlanFrameworkForm(plans_for(found, person().region)) if can_edit() else None),
    ), status


def groups_of(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    """The items in their groups."""
    return [(name, list(some)) for name, some in groupby(items, key=lambda item: in_language(item, "group"))]
