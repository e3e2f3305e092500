"""工作日历: the working days of a region, as the country announced them and as administrators entered them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.calendar import DaysTaken, enter_days, remove_days
from tracker.forms.calendar import DaysForm, NoticeForm, TakeOutForm
from tracker.models import db
from tracker.queries.calendar import calendar_of, days_entered, days_of_region, years_entered
from tracker.queries.frame import region_names
from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR
from tracker.rules.holiday_notice import BadLine, Fault, Notice
from tracker.rules.permissions import Can
from tracker.rules.workdays import NamedDay, festivals, is_announced, spans_of
from tracker.translations import lazy as _l
from tracker.translations import ngettext
from tracker.views.access import actor, needs, person

place = Blueprint("calendar", __name__)

FAULTS: Mapping[Fault, str] = {
    Fault.UNCLEAR: _l("没有写明哪几天放假、哪几天上班。请写成“1月1日至3日放假，共3天。1月4日上班。”"),
    Fault.NO_SUCH_DAY: _l("“%(words)s”不是有效日期，请核对月、日和年份。"),
    Fault.NO_MONTH: _l("“%(words)s”没有写月份，请补上。"),
    Fault.NO_YEAR: _l("“%(words)s”在岁末年初，没有写明年份，请补上年份，如“2026年12月31日”。"),
    Fault.FAR_YEAR: _l("“%(words)s”不在%(instead)s之内，请核对年份。"),
    Fault.WRONG_WEEKDAY: _l("“%(words)s”实际是%(instead)s，请核对日期和年份。"),
    Fault.WRONG_COUNT: _l("写明“%(words)s”，日期却是 %(instead)s 天，请核对。"),
    Fault.BACKWARDS: _l("“%(words)s”的末日早于首日，请核对。"),
    Fault.TOO_LONG: _l("“%(words)s”超过 %(instead)s 天，请核对或分段录入。"),
    Fault.SAID_TWICE: _l("%(words)s 既写放假又写上班，请核对。"),
}


@place.get("/calendar")
@needs(Can.SEE_OUTBOX)
def calendar() -> ResponseReturnValue:
    """A year on one page: what the country announced, and what was entered."""
    return year_page(year_asked())


@place.post("/calendar/days")
@needs(Can.EDIT_CALENDAR)
def add() -> ResponseReturnValue:
    """Enter a day or a range by hand; days that stand otherwise are shown before they are replaced."""
    form = DaysForm(clock.today())
    if not form.is_sent():
        return year_page(clock.today().year, 400, days_form=form)
    try:
        return entered(form.days, form.replace.data)
    except DaysTaken as taken:
        db.session.rollback()
        return year_page(form.days[0].day.year, 409, days_form=form, taken=taken.days)


@place.post("/calendar/notice")
@needs(Can.EDIT_CALENDAR)
def preview() -> ResponseReturnValue:
    """What the pasted lines of a notice say; nothing is stored."""
    form = NoticeForm(clock.today())
    if not form.is_sent():
        return year_page(clock.today().year, 400, notice_form=form)
    return notice_page(form, form.notice)


@place.post("/calendar/notice/confirm")
@needs(Can.EDIT_CALENDAR)
def confirm() -> ResponseReturnValue:
    """Enter what the preview showed: the same lines are read again."""
    form = NoticeForm(clock.today())
    if not form.is_sent():
        return year_page(clock.today().year, 400, notice_form=form)
    notice = form.notice
    if notice.bad or not notice.days:
        return notice_page(form, notice, 400)
    try:
        return entered(notice.days, form.replace.data)
    except DaysTaken:
        db.session.rollback()
        return notice_page(form, notice, 409)


@place.post("/calendar/remove")
@needs(Can.EDIT_CALENDAR)
def remove() -> ResponseReturnValue:
    """Take out days that the person's region entered."""
    form = TakeOutForm()
    if not form.is_sent():
        abort(400)
    count = remove_days(actor(), person().region, form.days, clock.now())
    db.session.commit()
    flash(ngettext("已移除 %(num)d 天。", "已移除 %(num)d 天。", count) if count else _("这些日期已由他人移除。"))
    return redirect(url_for("calendar.calendar", year=min(form.days).year))


def entered(days: Sequence[NamedDay], replace: bool) -> ResponseReturnValue:
    """Enter days for the person's region and show their year. Raises DaysTaken."""
    count = enter_days(actor(), person().region, days, clock.now(), replace)
    db.session.commit()
    words = ngettext("已录入 %(num)d 天，提醒按此发送。", "已录入 %(num)d 天，提醒按此发送。", count)
    flash(words if count else _("这些日期已经这样录入，没有变化。"))
    return redirect(url_for("calendar.calendar", year=max(each.day for each in days).year))


def year_page(year: int, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The page of a year, with the forms as they were sent."""
    region, today = person().region, clock.today()
    missing = calendar_of(region).unannounced(today)
    shown = {
        "days_form": forms.get("days_form") or DaysForm(today, formdata=None),
        "notice_form": forms.get("notice_form")
        or NoticeForm(today, formdata=None, data={"year": (missing or [year])[-1]}),
    }
    known = days_entered(region, year)
    for name, form in shown.items():
        form.name_ids(name.removesuffix("_form"))
    page = render_template(
        "calendar/calendar.html",
        year=year,
        years=sorted({today.year - 1, today.year, today.year + 1, year, *years_entered(region)}),
        missing=missing,
        region=region,
        festivals=festivals(year),
        is_official=is_announced(year),
        entered={code: spans_of(days) for code, days in known.items()},
        names=region_names({region, *known}),
        taken=spans_of(forms.get("taken", ())),
        **shown,
    )
    return page, status


def notice_page(form: NoticeForm, notice: Notice, status: int = 200) -> ResponseReturnValue:
    """The preview of a notice: its days, what they replace, and the lines that cannot be read."""
    known = days_of_region(person().region, [each.day for each in notice.days])
    page = render_template(
        "calendar/notice.html",
        form=form,
        notice=notice,
        spans=spans_of(notice.days),
        replaced=spans_of(known[each.day] for each in notice.days if known.get(each.day, each) != each),
        is_official=is_announced(form.about),
        fault_text=fault_text,
        status=status,
    )
    return page, status


def fault_text(line: BadLine) -> str:
    """Why a line cannot be read, and the mend."""
    return str(FAULTS[line.fault]) % {"words": line.words, "instead": line.instead}


def year_asked() -> int:
    """The year of the address, without one the present one. Raises BadRequest for what is no year."""
    text = request.args.get("year") or str(clock.today().year)
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise BadRequest
    return int(text)
