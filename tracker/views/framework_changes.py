"""An office adjusts its own frameworks: how the whole is judged, and item by item."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.framework_items import ItemTaken, add_item, change_item, remove_item
from tracker.actions.frameworks import FrameworkInUse, StaleFramework, TermsSaid, change_terms, delete_framework
from tracker.forms.base import VersionedForm
from tracker.forms.framework_items import ItemFields, ItemForm, NewItemForm, item_form, may_relax
from tracker.forms.frameworks import HUNDRED, TermsForm
from tracker.models import Framework, Indicator, db
from tracker.queries.standards import standard_of
from tracker.rules.permissions import Can
from tracker.rules.stages import Stage
from tracker.rules.standard_entries import Fault, FaultKind, FaultyStandard
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs
from tracker.views.framework_access import load_framework, load_item
from tracker.views.framework_words import SENSES, WEIGHTINGS, judging, measure_words, requirement
from tracker.views.words import word

place = Blueprint("framework_changes", __name__)

STALE_STATUS = 409
CODE = "/frameworks/<code>"
STALE = _l("该评估标准已被他人更改，您的内容还没有保存；请与现有内容核对后重新提交。")
IN_USE = _l("已有任务、计划或其他标准用到它，不能删除。")
FAULTS = {
    FaultKind.UNKNOWN_CONDITION: _l("“%(value)s”仍被某条要求引用，请先修改那条要求。"),
    FaultKind.UNKNOWN_FIGURE: _l("没有名为“%(value)s”的数据。"),
    FaultKind.TWICE: _l("“%(value)s”有两种不同的规定，只能有一种。"),
    FaultKind.NO_PARTS: _l("第 %(value)s 项有分值而没有评分内容，请先写明各部分及其分值。"),
    FaultKind.WRONG_SUM: _l("各部分的分值相加不等于该项的 %(value)s 分，请改正。"),
    FaultKind.LIMIT_IN_TERMS: _l("“%(value)s”规定的是上限，不能列入学校单元的达标项。"),
    FaultKind.SPREAD_NOT_PER_STUDENT: _l("只有按学生数计算的要求才有校际差异系数。"),
    FaultKind.SPREAD_WITHOUT_BOUND: _l("有差异系数上限的学段没有标准值，请补上。"),
    FaultKind.LARGEST_SUMMED: _l("最大班额不能跨学段、跨学校相加，请改为对学校单元提出要求。"),
    FaultKind.NO_WEIGHTS: _l("有按学段分摊的要求，请写明各学段的分摊权重。"),
}
PART_FAULTS = {
    FaultKind.UNKNOWN_CONDITION: _l("有一条要求由“%(value)s”认定，但本标准没有这项数据条件；请重新打开本页后再改。"),
    FaultKind.NO_ASPECT: _l("有一条要求由“%(value)s”认定，但这项数据条件没有这个学段；请重新打开本页后再改。"),
    FaultKind.TWICE: _l("有两条要求的编号相同；请重新打开本页后再改。"),
}
FAULTY = _l("这样改后标准不完整，没有保存：%(value)s")


@place.route(f"{CODE}/edit", methods=["GET", "POST"])
@needs(Can.EDIT_FRAMEWORK)
def terms(code: str) -> ResponseReturnValue:
    """Adjust how the whole is judged."""
    found = load_framework(code, Can.EDIT_FRAMEWORK)
    form = terms_form(found)
    if not form.is_sent():
        return terms_page(found, form)
    version, said = form.version.data or 0, terms_said(form)
    return saved(
        code,
        form,
        lambda: change_terms(actor(), found, version, said, clock.now()),
        lambda problem, status: terms_page(load_framework(code, Can.EDIT_FRAMEWORK), form, problem, status),
    )


@place.route(f"{CODE}/items/<item_code>", methods=["GET", "POST"])
@needs(Can.EDIT_FRAMEWORK)
def item(code: str, item_code: str) -> ResponseReturnValue:
    """Adjust one item."""
    found = load_framework(code, Can.EDIT_FRAMEWORK)
    stored = load_item(found, item_code)
    form = form_of(found, stored)
    if not form.is_sent():
        return item_page(found, form, stored)
    version, said = form.version.data or 0, form.said(form.said_conditions)

    def again(problem: str, status: int) -> ResponseReturnValue:
        now = load_framework(code, Can.EDIT_FRAMEWORK)
        return item_page(now, form, load_item(now, item_code), problem, status)

    return saved(code, form, lambda: change_item(actor(), found, stored, version, said, clock.now()), again)


@place.route(f"{CODE}/new-item", methods=["GET", "POST"])
@needs(Can.EDIT_FRAMEWORK)
def new_item(code: str) -> ResponseReturnValue:
    """Add an item."""
    found = load_framework(code, Can.EDIT_FRAMEWORK)
    form = NewItemForm(found.version, [(each.value, str(text)) for each, text in SENSES.items()])
    if not form.is_sent():
        return item_page(found, form, None)
    version, said, quotient = form.version.data or 0, form.said({}), form.quotient
    return saved(
        code,
        form,
        lambda: add_item(actor(), found, version, said, quotient, clock.now()),
        lambda problem, status: item_page(load_framework(code, Can.EDIT_FRAMEWORK), form, None, problem, status),
    )


@place.post(f"{CODE}/items/<item_code>/remove")
@needs(Can.EDIT_FRAMEWORK)
def remove(code: str, item_code: str) -> ResponseReturnValue:
    """Take an item out."""
    found = load_framework(code, Can.EDIT_FRAMEWORK)
    stored, form = load_item(found, item_code), VersionedForm()
    if not form.is_sent():
        return item_page(found, form_of(found, stored), stored, status=400)
    version = form.version.data or 0

    def again(problem: str, status: int) -> ResponseReturnValue:
        now = load_framework(code, Can.EDIT_FRAMEWORK)
        kept = load_item(now, item_code)
        return item_page(now, form_of(now, kept), kept, problem, status)

    return saved(code, form, lambda: remove_item(actor(), found, stored, version, clock.now()), again)


@place.post(f"{CODE}/delete")
@needs(Can.EDIT_FRAMEWORK)
def delete(code: str) -> ResponseReturnValue:
    """Remove a framework that nothing uses."""
    found, form = load_framework(code, Can.EDIT_FRAMEWORK), VersionedForm()
    offered = terms_form(found)
    if not form.is_sent():
        return terms_page(found, offered, status=400)
    version = form.version.data or 0

    def again(problem: str, status: int) -> ResponseReturnValue:
        now = load_framework(code, Can.EDIT_FRAMEWORK)
        return terms_page(now, terms_form(now), problem, status)

    return saved(code, form, lambda: delete_framework(actor(), found, version, clock.now()), again, gone=True)


def saved(
    code: str,
    form: VersionedForm,
    act: Callable[[], object],
    again: Callable[[str, int], ResponseReturnValue],
    gone: bool = False,
) -> ResponseReturnValue:
    """Do it and commit; what is refused is said above the form, which keeps what was typed."""
    try:
        act()
    except StaleFramework:
        db.session.rollback()
        form.show_again(load_framework(code, Can.EDIT_FRAMEWORK).version)
        return again(str(STALE), 409)
    except (FrameworkInUse, ItemTaken, FaultyStandard) as refused:
        db.session.rollback()
        if isinstance(refused, ItemTaken) and isinstance(form, ItemFields):
            form.number.errors = [_("这个编号已有别的指标使用")]
        return again(problem_of(refused), 400 if isinstance(refused, ItemTaken | FaultyStandard) else 409)
    db.session.commit()
    flash(_("已删除评估标准。") if gone else _("已保存。"))
    return redirect(url_for("frameworks.frameworks") if gone else url_for("frameworks.framework", code=code))


def problem_of(refused: Exception) -> str:
    """What is said of a refusal above the form."""
    if isinstance(refused, FaultyStandard):
        said = dict.fromkeys(
            words_of(each) % {"value": each.value or ("+" if in_part(each) else ", ".join(each.place))}
            for each in refused.faults
        )
        return " ".join(said)
    return "" if isinstance(refused, ItemTaken) else str(IN_USE)


def in_part(fault: Fault) -> bool:
    """Whether a fault is in a part of an item; a code that is not there is what stands beside its plus."""
    return any(step.startswith("parts") for step in fault.place)


def words_of(fault: Fault) -> str:
    """The words of a fault; of one in a part those that speak of parts."""
    return str((PART_FAULTS if in_part(fault) else FAULTS).get(fault.kind, FAULTY))


def terms_form(found: Framework) -> TermsForm:
    """The form of the whole."""
    return TermsForm(found, standard_of(found), [(each.value, str(text)) for each, text in WEIGHTINGS.items()])


def terms_said(form: TermsForm) -> TermsSaid:
    """What the form says of the whole."""
    floor = form.floor.amount
    return TermsSaid(
        name=form.name.data or "",
        needed=form.needed.whole,
        floor=floor / HUNDRED if floor is not None else None,
        least_students=form.least_students.whole,
        weighting=form.weighting.data,
        weights=form.weights,
        pass_points=form.pass_points.amount,
        vetoes=form.veto_titles,
    )


def form_of(found: Framework, stored: Indicator) -> ItemForm:
    """The form of an item."""
    read = next(each for each in standard_of(found).items if each.code == stored.code)
    keys = {"single": _("单一学段学校"), "combined": _("九年、十二年一贯制学校")}
    return item_form(stored, read, found.version, keys | {each.value: word(each) for each in Stage})


def terms_page(found: Framework, form: TermsForm, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """The page of the whole."""
    status = 400 if form.errors and status == 200 else status
    standard = standard_of(found)
    return render_template(
        "frameworks/terms.html",
        framework=found,
        form=form,
        standard=standard,
        judging=judging(standard),
        problem=problem,
        is_stale=status == STALE_STATUS,
    ), status


def item_page(
    found: Framework, form: ItemFields, stored: Indicator | None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    """The page of an item that stands, or of a new one."""
    status = 400 if form.errors and status == 200 else status
    standard = standard_of(found)
    groups = list(dict.fromkeys(each.group for each in found.indicators))
    return render_template(
        "frameworks/item.html",
        framework=found,
        form=form,
        stored=stored,
        problem=problem,
        is_stale=status == STALE_STATUS,
        requirements=[
            requirement(each, standard)
            for item in standard.items
            if stored and item.code == stored.code
            for each in item.conditions
        ],
        groups=groups,
        may_relax=may_relax,
        measure=lambda condition: measure_words(condition, standard),
    ), status
