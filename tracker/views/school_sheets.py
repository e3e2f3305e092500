"""学校数据 by Excel: the template of a year, a file that is previewed and confirmed as a whole, and the export."""

from __future__ import annotations

import hashlib
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.school_sheet import FileNotTaken, FileSaid, import_sheet
from tracker.documents.ledger_sheet import SheetColumn, Value, sheet_of
from tracker.documents.office_archive import LARGEST_FILE, SheetRefused
from tracker.documents.school_sheet import read_school_sheet, template
from tracker.documents.sheet_cells import MOST_ROWS
from tracker.forms.school_sheets import ConfirmForm
from tracker.forms.unit_sheets import SheetForm
from tracker.models import db
from tracker.queries.school_lines import StoredLine, lines_to_fill, stored_lines
from tracker.queries.school_sheet import Preview, preview_of
from tracker.rules.permissions import Can
from tracker.rules.school_rows import HEADS, SCHOOL, SchoolSheet, title_of, values_of
from tracker.rules.school_years import FIRST_YEAR, school_year_of
from tracker.views.access import actor, needs, person
from tracker.views.carried_sheet import pack, unpack
from tracker.views.counties import choose_county, county_argument, is_county
from tracker.views.reach import asked_reach
from tracker.views.school_sheet_words import (
    REFUSALS,
    conflict_text,
    difference_text,
    fault_text,
)
from tracker.views.school_words import doubt_text
from tracker.views.words import moment, word

place = Blueprint("school_sheets", __name__)

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200
YEARS_OFFERED = 3


@place.get("/schools/template.xlsx")
@needs(Can.ENTER_FIGURES)
def download() -> ResponseReturnValue:
    """The file to fill in for a year, with what is stored and the year before."""
    reach, year = asked_reach(), asked_year()
    if not is_county(reach):
        return choose_county(reach, _("下载学校数据模板"), "school_sheets.download", year=year)
    lines = [lines_to_fill(person(), reach.region, each) for each in (year, year - 1)]
    name = _("学校数据%(year)d学年.xlsx", year=year)
    return send_file(BytesIO(template(year, *lines)), EXCEL, as_attachment=True, download_name=name, max_age=0)


@place.get("/schools/export.xlsx")
@needs(Can.EXPORT)
def export() -> ResponseReturnValue:
    """All numbers of a year of the schools that a person sees."""
    reach, year, now = asked_reach(), asked_year(), clock.now()
    rows = [exported(each) for each in stored_lines(reach.region, year)]
    head = [
        _("学年：%(title)s，共 %(count)d 行；金额单位为万元", title=title_of(year), count=len(rows)),
        _("截至 %(moment)s · 导出人：%(name)s", moment=moment(now), name=person().name),
    ]
    content = sheet_of(_("学校数据"), head, exported_columns(), rows, now)
    name = _("学校数据%(year)d学年全部.xlsx", year=year)
    return send_file(BytesIO(content), EXCEL, as_attachment=True, download_name=name, max_age=0)


@place.get("/schools/import")
@needs(Can.ENTER_FIGURES)
def upload() -> ResponseReturnValue:
    """Choose a file."""
    return upload_page(SheetForm(), 200)


@place.post("/schools/import")
@needs(Can.ENTER_FIGURES)
def preview() -> ResponseReturnValue:
    """What the file would change; nothing is written yet."""
    form, reach = SheetForm(), asked_reach()
    if not is_county(reach):
        raise BadRequest
    if not form.is_sent() or not form.file.data:
        form.file.errors = [_("请选择文件")]
        return upload_page(form, 400)
    content = form.file.data.stream.read(LARGEST_FILE + 1)
    try:
        sheet = read_school_sheet(BytesIO(content), form.file.data.filename or "", clock.today())
    except SheetRefused as refused:
        form.file.errors = [REFUSALS[refused.refusal]]
        return upload_page(form, 400)
    if problem := year_problem(sheet):
        form.file.errors = [problem]
        return upload_page(form, 400)
    found = preview_of(person(), reach.region, sheet)
    packed = "" if found.faults else pack(reach.region, sheet, found, hashlib.sha256(content).hexdigest())
    return preview_page(ConfirmForm(formdata=None), found, packed, 400 if found.faults else 200)


@place.post("/schools/import/confirm")
@needs(Can.ENTER_FIGURES)
def confirm() -> ResponseReturnValue:
    """Take in what was read, as things stand now: all of it or nothing."""
    form = ConfirmForm()
    if not form.is_sent() and not form.rows.data:
        abort(400)
    region, said = unpack(form)
    if form.errors:
        return preview_page(form, preview_of(person(), region, said.sheet), form.rows.data or "", 400)
    try:
        done = import_sheet(actor(), person(), region, said, clock.now())
    except FileNotTaken as refused:
        db.session.rollback()
        return refused_page(form, region, said, refused)
    db.session.commit()
    flash(_("导入完成：新增和更改 %(count)d 所学校的数据。", count=len(done.changes)))
    return redirect(url_for("school_sheets.upload", region=county_argument(region)))


def refused_page(form: ConfirmForm, region: str, said: FileSaid, refused: FileNotTaken) -> ResponseReturnValue:
    """The preview as things stand now, with what keeps the file out; a new confirmation answers what is shown."""
    found = preview_of(person(), region, said.sheet)
    if refused.unanswered:
        form.explained.errors = [_("请说明原因，说明会与这些数一起保存")]
    if refused.unmade:
        form.makes_schools.errors = [_("请勾选，或在文件里改正学校名称后重新选择文件")]
    status = 409 if refused.conflicts or found.faults else 400
    packed = pack(region, said.sheet, found, said.digest)
    return preview_page(form, found, packed, status, [conflict_text(each) for each in refused.conflicts])


def asked_year() -> int:
    """The school year in the address, the running one without; 400 for one of which nothing is kept."""
    running = school_year_of(clock.today())
    text = request.args.get("year", "")
    if not text:
        return running
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= running):
        raise BadRequest
    return int(text)


def year_problem(sheet: SchoolSheet) -> str:
    """What is wrong with the year of a file; empty where nothing is."""
    running = school_year_of(clock.today())
    if FIRST_YEAR <= sheet.year <= running:
        return ""
    return _(
        "工作表“%(title)s”不能导入：只能导入 %(first)d 至 %(last)d 学年的数据。",
        title=sheet.title,
        first=FIRST_YEAR,
        last=running,
    )


def exported_columns() -> list[SheetColumn]:
    """The columns of the export: the place of the school, those of the template, and how the numbers are known."""
    heads = [SheetColumn(head, 22 if head == SCHOOL else 12) for head in HEADS]
    known = (_("数据状态"), _("填报时间"), _("核定时间"), _("变化原因"))
    return [SheetColumn(_("县区"), 12), *heads, *(SheetColumn(each, 16) for each in known)]


def exported(each: StoredLine) -> list[Value]:
    """A line of the export."""
    row = each.row
    known: list[Value] = ["", "", "", ""]
    if row and each.line.is_first:
        known = [word(row.standing), moment(row.entered_at), moment(row.checked_at), row.jumps_explained or ""]
    return [each.region_name, *values_of(each.line), *known]


def upload_page(form: SheetForm, status: int) -> ResponseReturnValue:
    """The page on which a file is chosen, or the county for it."""
    reach, running = asked_reach(), school_year_of(clock.today())
    if not is_county(reach):
        return choose_county(reach, _("从 Excel 导入学校数据"), "school_sheets.upload")
    page = render_template(
        "schools/import.html",
        form=form,
        most_rows=MOST_ROWS,
        years=[running - before for before in range(YEARS_OFFERED)],
        region=county_argument(reach.region),
    )
    return page, status


def preview_page(
    form: ConfirmForm, found: Preview, rows: str, status: int, conflicts: list[str] | None = None
) -> ResponseReturnValue:
    """The page that says what a file would do, or what is wrong with it."""
    page = render_template(
        "schools/import_preview.html",
        form=form,
        found=found,
        rows=rows,
        year_title=title_of(found.year),
        conflicts=conflicts or [],
        most_shown=MOST_SHOWN,
        fault_text=fault_text,
        difference_text=difference_text,
        doubt_text=doubt_text,
    )
    return page, status
