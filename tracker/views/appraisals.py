"""年度考核: the sheet of a year, each unit's row with its tasks, objections and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.appraisals import Ruling, answer, make_appraisal, object_to, publish, recompute
from tracker.actions.moves import RuleRefused
from tracker.documents.appraisal_sheet import appraisal_file
from tracker.forms.appraisals import (
    UPHELD,
    AnswerFields,
    MakeForm,
    ObjectForm,
    PublishForm,
    RecomputeForm,
    blank_objection,
    build_answer_form,
)
from tracker.models import Appraisal, AppraisalLine, AppraisalState, Issue, Objection, db
from tracker.notifications.appraisal_published import queue_appraisal_published
from tracker.notifications.objection_answered import queue_objection_answered
from tracker.queries.appraisals import (
    appraisal_of,
    appraisals_below,
    appraisals_of,
    line_by_id,
    lines_of,
    own_lines,
    places_in,
    span_as_of,
    tasks_of,
    unanswered,
    years_with_issues,
)
from tracker.queries.coverage import region_at
from tracker.queries.frame import region_names
from tracker.queries.paging import PAGE_SIZE, Page
from tracker.rules.appraisals import (
    STORED,
    SUMS,
    Figure,
    behind,
    in_force,
    is_open,
    on_time,
    own_on_time,
    places_of,
    value_of,
)
from tracker.rules.file_names import safe_file_name
from tracker.rules.permissions import Can, Role, Scope, may
from tracker.views.access import actor, needs, person, refuse
from tracker.views.appraisal_words import FIGURES, rules
from tracker.views.overview_page import region_asked
from tracker.views.query import page_number
from tracker.views.typed import Typed, taken
from tracker.views.typed_fields import APPRAISAL_FORMS

place = Blueprint("appraisals", __name__)

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "/appraisals/<int(max=9999):year>"
LINE = "/appraisals/units/<int(max=2147483647):line_id>"


@place.get("/appraisals")
@needs(Can.SEE_APPRAISAL, Can.SEE_OWN_APPRAISAL)
def appraisals() -> ResponseReturnValue:
    """The sheets of a region and those below it; for staff the rows of their units."""
    if person().role is Role.UNIT_STAFF:
        return render_template("appraisals/own.html", lines=own_lines(person()), is_open=is_open)
    region = region_asked()
    makes = may_make(region)
    found = [each for each in appraisals_of(region) if makes or each.state is AppraisalState.PUBLISHED]
    below = appraisals_below(region)
    made = {each.year for each in found}
    years = years_with_issues(region, clock.today()) if makes else {}
    return render_template(
        "appraisals/appraisals.html",
        appraisals=found,
        below=below,
        names=region_names({each.region_code for each in below}),
        waiting=unanswered([*found, *below]),
        years={year: count for year, count in years.items() if year not in made},
        makes=makes,
        region=region_shown(region),
        is_open=is_open,
    )


@place.post("/appraisals")
@needs(Can.APPRAISE)
def make() -> ResponseReturnValue:
    """Draw the sheet of a year up; the one that stands is shown."""
    form = MakeForm()
    if not form.is_sent():
        raise BadRequest
    found = make_appraisal(actor(), person().region, form.year.data or 0, clock.now())
    db.session.commit()
    return redirect(url_for("appraisals.appraisal", year=found.year))


@place.get(SHEET)
@needs(Can.SEE_APPRAISAL)
def appraisal(year: int) -> ResponseReturnValue:
    """The sheet of a year."""
    return sheet_page(load_appraisal(year))


@place.post(f"{SHEET}/recompute")
@needs(Can.APPRAISE)
def recompute_draft(year: int) -> ResponseReturnValue:
    """Draw a draft up anew."""
    found, form = own_appraisal(year), RecomputeForm()
    if not form.is_sent():
        raise BadRequest
    recompute(actor(), found, form.version.data or 0, clock.now())
    db.session.commit()
    flash(_("已重新计算。"))
    return redirect(url_for("appraisals.appraisal", year=year))


@place.post(f"{SHEET}/publish")
@needs(Can.APPRAISE)
def publish_draft(year: int) -> ResponseReturnValue:
    """Publish a draft and tell its units."""
    found, form = own_appraisal(year), PublishForm()
    if not form.is_sent():
        return sheet_page(found, form, 400)
    moment = clock.now()
    publish(actor(), found, form.version.data or 0, form.days.data or 0, moment)
    queue_appraisal_published(found, moment)
    db.session.commit()
    flash(_("已公布，已通知各单位。"))
    return redirect(url_for("appraisals.appraisal", year=year))


@place.get(f"{SHEET}/sheet.xlsx")
@needs(Can.SEE_APPRAISAL)
def export(year: int) -> ResponseReturnValue:
    """The sheet as Excel, with its rules, objections and answers, and the tasks behind it."""
    found = load_appraisal(year)
    span = span_as_of(found)
    region = region_at(found.region_code)
    content = appraisal_file(
        found,
        region.name if region else "",
        span.last,
        lines_of(found),
        tasks_of(found.region_code, span),
        rules(span.before is not None, span.is_over),
        clock.now(),
    )
    name = safe_file_name(f"{region.name if region else ''}{year}{_('年度考核表')}.xlsx")
    return send_file(BytesIO(content), EXCEL, as_attachment=True, download_name=name, max_age=0)


@place.get(LINE)
@needs(Can.SEE_APPRAISAL, Can.SEE_OWN_APPRAISAL)
def line(line_id: int) -> ResponseReturnValue:
    """A unit's row: its figures, the tasks behind one of them, objections and answers."""
    return line_page(load_line(line_id), typed=taken(str(line_id), APPRAISAL_FORMS))


@place.post(f"{LINE}/object")
@needs(Can.OBJECT)
def raise_objection(line_id: int) -> ResponseReturnValue:
    """Object to the figures of one's own unit."""
    found, form = load_line(line_id, Can.OBJECT), ObjectForm()
    if not form.is_sent():
        return line_page(found, objecting=form, status=400)
    object_to(actor(), found, form.objection.data or "", form.once.data or "", clock.now())
    db.session.commit()
    flash(_("已提出异议，推进办答复后会通知您。"))
    return redirect(url_for("appraisals.line", line_id=line_id, _anchor="objections"))


@place.post(f"{LINE}/answer")
@needs(Can.APPRAISE)
def answer_objection(line_id: int) -> ResponseReturnValue:
    """Answer an objection, with figures put right where it is upheld, and tell the unit."""
    found = load_line(line_id, Can.APPRAISE)
    form = build_answer_form(sent_about(), FIGURES)
    asked = next((each for each in found.objections if each.id == form.about.data), None)
    if not form.is_sent() and asked:
        return line_page(found, answering=form, status=400)
    if asked is None:
        raise BadRequest
    moment = clock.now()
    try:
        upheld = form.decision.data == UPHELD
        ruling = Ruling(upheld, form.opinion.data or "", form.figures, form.answered.data or 0)
        answer(actor(), asked, ruling, moment)
    except RuleRefused as refused:
        if not note_wrong_figures(form, refused.reason):
            raise
        found = load_line(line_id, Can.APPRAISE)
        form.answered.data, form.answered.raw_data = answered_in(found), None
        return line_page(found, answering=form, status=400)
    queue_objection_answered(asked, moment)
    db.session.commit()
    flash(_("已答复，已通知该单位。"))
    return redirect(url_for("appraisals.line", line_id=line_id, _anchor="objections"))


def sheet_page(found: Appraisal, form: PublishForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of a sheet."""
    lines, span = lines_of(found), span_as_of(found)
    now = {each.id: in_force(each.figures, each.corrected) for each in lines}
    form = form or PublishForm(formdata=None)
    form.version.data, form.version.raw_data = found.version, None
    page = render_template(
        "appraisals/appraisal.html",
        appraisal=found,
        seen=region_at(found.region_code),
        region=region_shown(found.region_code),
        lines=lines,
        now=now,
        places=places_of(now),
        places_before=places_of({each.id: each.figures for each in lines}),
        objections=[objection for each in lines for objection in each.objections],
        span=span,
        rules=rules(span.before is not None, span.is_over),
        labels=FIGURES,
        value_of=value_of,
        on_time=on_time,
        own_on_time=own_on_time,
        Figure=Figure,
        form=form,
        makes=may_make(found.region_code),
        is_open=is_open,
    )
    return page, status


def line_page(
    found: AppraisalLine,
    objecting: ObjectForm | None = None,
    answering: AnswerFields | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a unit's row."""
    sheet, figure = found.appraisal, figure_asked()
    tasks = behind(tasks_of(sheet.region_code, span_as_of(sheet), found.meant), figure)
    last = max(1, -(-len(tasks) // PAGE_SIZE))
    asked = min(page_number(request.args), last)
    objects = may_object(found)
    answers = may_make(sheet.region_code) and sheet.state is AppraisalState.PUBLISHED
    places, words = places_of(places_in(sheet)), typed.values if typed else {}
    page = render_template(
        "appraisals/line.html",
        line=found,
        appraisal=sheet,
        issue=db.session.get_one(Issue, sheet.last_issue_id),
        now=in_force(found.figures, found.corrected),
        place=places.get(found.id),
        figure=figure,
        total=sum(task.amount(figure) for task in tasks),
        page=Page(tasks[(asked - 1) * PAGE_SIZE : asked * PAGE_SIZE], len(tasks), asked),
        address_of_page=lambda number: url_for("appraisals.line", line_id=found.id, figure=figure.value, page=number),
        labels=FIGURES,
        value_of=value_of,
        on_time=on_time,
        Figure=Figure,
        sums=SUMS,
        stored=STORED,
        region=region_shown(sheet.region_code),
        objecting=(objecting or blank_objection(words)) if objects else None,
        answering={each.id: answer_form(found, each, answering, words) for each in found.objections} if answers else {},
        is_staff=person().role is Role.UNIT_STAFF,
    )
    return page, status


def answer_form(
    found: AppraisalLine, objection: Objection, sent: AnswerFields | None, words: Mapping[str, str]
) -> AnswerFields | None:
    """The form below an objection: as it was sent, or with the figures in force; None where it is answered."""
    if objection.answered_at:
        return None
    if sent is not None and sent.about.data == objection.id:
        return sent
    mine = words if words.get("about") == str(objection.id) else None
    return build_answer_form(objection.id, FIGURES, in_force(found.figures, found.corrected), mine, answered_in(found))


def answered_in(found: AppraisalLine) -> int:
    """How many of a unit's objections are answered, as the page shows them."""
    return sum(each.answered_at is not None for each in found.objections)


def sent_about() -> int:
    """The objection that a sent form names; 0 where it names none."""
    return request.form.get("about", 0, type=int)


def note_wrong_figures(form: AnswerFields, reason: str) -> bool:
    """Say beside the figures why they cannot be; False where the reason lies elsewhere."""
    words = {
        "figures_changed": _("打开本页后，另一件异议的答复更正过数字；现数字见上表。请核对下面每个数字再提交。"),
        "figures_same": _("请更正至少一个数字；数字不变的，请选择“不成立”。"),
        "figures_contradict": _("这些数字互相矛盾：按时不能多于应办，独办不能多于全部，有逾期才有逾期天数。"),
    }
    if reason not in words:
        return False
    db.session.rollback()
    form[Figure.DUE.value].errors = [words[reason]]
    return True


def figure_asked() -> Figure:
    """The figure in the address, 应办 without one. Raises BadRequest for one that there is not."""
    try:
        return Figure(request.args.get("figure") or Figure.DUE)
    except ValueError:
        raise BadRequest from None


def load_appraisal(year: int) -> Appraisal:
    """The sheet of the region in the address; 404 where there is none, or it is somebody else's draft."""
    region = region_asked()
    found = appraisal_of(region, year)
    if found is None or (found.state is AppraisalState.DRAFT and not may_make(region)):
        abort(404)
    return found


def own_appraisal(year: int) -> Appraisal:
    """The sheet of one's own region; 404 where there is none."""
    return appraisal_of(person().region, year) or abort(404)


def load_line(line_id: int, can: Can | None = None) -> AppraisalLine:
    """A row of a sheet. 404 where the person may not see it, 403 where they may see it but not do this."""
    found = line_by_id(line_id)
    if found is None or not may_see(found):
        abort(404)
    region = found.appraisal.region_code
    is_allowed = {Can.OBJECT: may_in(found, Can.OBJECT), Can.APPRAISE: may_make(region)}
    if can is not None and not is_allowed[can]:
        refuse(can, str(found.appraisal.year), region, kind="appraisal")
    return found


def may_see(found: AppraisalLine) -> bool:
    """A published row is seen by its unit and by whoever sees the sheet; a draft by the office that makes it."""
    region = found.appraisal.region_code
    if found.appraisal.state is AppraisalState.DRAFT:
        return may_make(region)
    return may(person(), Can.SEE_APPRAISAL, Scope(region)) or may_in(found, Can.SEE_OWN_APPRAISAL)


def may_in(found: AppraisalLine, can: Can) -> bool:
    """Whether the unit of a row is one of the person's own, and they may do this for it."""
    return found.unit is not None and may(person(), can, Scope(found.unit.region_code, frozenset({found.unit.id})))


def may_object(found: AppraisalLine) -> bool:
    """Whether the person may object to a row today."""
    return is_open(found.appraisal.objections_until, clock.today()) and may_in(found, Can.OBJECT)


def may_make(region: str) -> bool:
    """Whether the person makes the sheets of a region: its own office alone does."""
    return region == person().region and may(person(), Can.APPRAISE, Scope(region))


def region_shown(region: str) -> str | None:
    """The region as an address names it: not where it is the reader's own."""
    return region if region != person().region else None
