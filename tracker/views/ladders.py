"""提醒设置: the ladder of the office's region, its quiet days, and who would get what on the next day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import ladders as actions
from tracker.actions.ladders import NO_ROW, LadderRefused, QuietRefused, StaleLadder
from tracker.forms.ladders import LadderForm, LadderVersionForm, QuietForm, SpanForm
from tracker.jobs.queue_leaders_week import next_at as next_leaders_mail
from tracker.models import db
from tracker.queries.frame import region_names
from tracker.queries.holds import held_in
from tracker.queries.ladders import ladder_row, ladder_rows, ladders_of, quiet_rows, spans_of
from tracker.queries.leaders import leaders_of
from tracker.queries.previews import preview as preview_of
from tracker.rules.ladders import Ladder
from tracker.rules.mail_addresses import masked
from tracker.rules.permissions import Can
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs, person
from tracker.views.ladder_words import person_lines, usual_words, waits_text
from tracker.views.typed import Typed, taken
from tracker.views.typed_fields import LADDER_FORMS

place = Blueprint("ladders", __name__)

MOST_UNITS = 30
STALE = _l("提醒设置已被他人更改，您的内容还没有保存；请与现有设置核对后重新保存。")


@place.get("/reminders")
@needs(Can.EDIT_REMINDERS)
def ladder() -> ResponseReturnValue:
    """The ladder that holds in the person's region, with what it would send next."""
    return ladder_page(typed=taken("", LADDER_FORMS))


@place.post("/reminders")
@needs(Can.EDIT_REMINDERS)
def save() -> ResponseReturnValue:
    """Choose a ladder for the region; a stale save keeps what was typed beside what is stored."""
    form = sent_form()
    if not form.is_sent():
        return ladder_page(form=form, status=400)
    try:
        actions.save_ladder(actor(), person().region, form.ladder, form.version.data or NO_ROW, clock.now())
    except LadderRefused as refused:
        form.refuse(refused.fields)
        return ladder_page(form=form, status=400)
    except StaleLadder:
        return stale_page(form)
    db.session.commit()
    flash(_("已保存提醒设置。"))
    return redirect(url_for("ladders.ladder"))


@place.post("/reminders/preview")
@needs(Can.EDIT_REMINDERS)
def preview() -> ResponseReturnValue:
    """The same page with what was typed and what it would send; nothing is stored."""
    form = sent_form()
    if not form.is_sent():
        return ladder_page(form=form, status=400)
    return ladder_page(form=form, tried=form.ladder)


@place.post("/reminders/reset")
@needs(Can.EDIT_REMINDERS)
def reset() -> ResponseReturnValue:
    """Follow the region above again, or the usual ladder."""
    form = LadderVersionForm()
    if not form.is_sent():
        raise BadRequest
    try:
        actions.reset_ladder(actor(), person().region, form.version.data or NO_ROW, clock.now())
    except StaleLadder:
        db.session.rollback()
        return ladder_page(problem=_("提醒设置已被他人更改，没有恢复默认；请核对现有设置后重试。"), status=409)
    db.session.commit()
    flash(_("已恢复默认。"))
    return redirect(url_for("ladders.ladder"))


@place.post("/reminders/quiet-days")
@needs(Can.EDIT_REMINDERS)
def set_quiet() -> ResponseReturnValue:
    """Keep quiet on some days; those that are quiet already stay as they are."""
    form = QuietForm(clock.today(), sent=True)
    if not form.is_sent():
        return ladder_page(quiet=form, status=400)
    try:
        days = actions.set_quiet_days(actor(), person().region, *form.span, form.note.data or "", clock.now())
    except QuietRefused as refused:
        form.refuse(refused.fault)
        return ladder_page(quiet=form, status=400)
    db.session.commit()
    flash(_("已设置静默日 %(count)d 天。", count=days) if days else _("这些日期已经是静默日。"))
    return redirect(url_for("ladders.ladder"))


@place.post("/reminders/quiet-days/remove")
@needs(Can.EDIT_REMINDERS)
def remove_quiet() -> ResponseReturnValue:
    """Remind again on some days."""
    form = SpanForm()
    if not form.is_sent():
        raise BadRequest
    removed = actions.remove_quiet_days(actor(), person().region, *form.span, clock.now())
    db.session.commit()
    flash(_("已取消静默日 %(count)d 天。", count=removed) if removed else _("这些日期不是静默日，可能已由他人取消。"))
    return redirect(url_for("ladders.ladder"))


def sent_form() -> LadderForm:
    """The form as it was sent."""
    return LadderForm(Ladder(), NO_ROW, sent=True)


def stale_page(form: LadderForm) -> ResponseReturnValue:
    """409: what is stored now in words, above the form with what was typed, on the present version."""
    db.session.rollback()
    row = ladder_row(person().region)
    form.show_again(row.version if row else NO_ROW)
    return ladder_page(form=form, problem=str(STALE), status=409)


def ladder_page(
    *,
    form: LadderForm | None = None,
    quiet: QuietForm | None = None,
    tried: Ladder | None = None,
    typed: Typed | None = None,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page of the reminders; a form that was not taken comes back with its words."""
    region, today = person().region, clock.today()
    chosen, rows = ladder_rows(), quiet_rows(region, today)
    stored = ladders_of(chosen)
    chooser = stored.chooser(region)
    version = next((row.version for row in chosen if row.region_code == region), NO_ROW)
    shown, spans = preview_of(region, clock.now(), stored, rows, tried), spans_of(rows)
    names = region_names({span.region for span in spans} | ({chooser} if chooser is not None else set()))
    page = render_template(
        "ladders/ladder.html",
        form=form or LadderForm(stored.of(region), version, _words(typed, {"ladders.save", "ladders.preview"})),
        quiet=quiet or QuietForm(today, _words(typed, {"ladders.set_quiet"})),
        stored=stored.of(region),
        version=version,
        own=chooser == region,
        chooser=None if chooser is None else names[chooser],
        names=names,
        region=region,
        spans=spans,
        preview=shown,
        people=person_lines(shown),
        leaders_mail=next_leaders_mail(clock.now(), shown.ladder, shown.sending),
        leaders=len(leaders_of([region]).get(region, ())),
        held=bool(held_in(region).holds),
        usual=usual_words(),
        waits=waits_text(shown, today, tried is not None),
        tried=tried is not None,
        masked=masked,
        most_units=MOST_UNITS,
        problem=problem,
    )
    return page, status


def _words(typed: Typed | None, acts: set[str]) -> Any:
    """What a sign-in has carried to one of these forms."""
    return typed.values if typed and typed.act in acts else None
