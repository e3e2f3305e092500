"""单位和人员从 Excel 导入: choose a file, read what it would change, confirm."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from io import BytesIO
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker import clock
from tracker.actions.unit_sheet import SheetFaulty, import_sheet
from tracker.documents.office_archive import LARGEST_FILE, Refusal, SheetRefused
from tracker.documents.sheet_cells import MOST_ROWS
from tracker.documents.unit_sheet import read_unit_sheet, template
from tracker.forms.unit_sheets import ConfirmForm, SheetForm
from tracker.models import Duty, UnitKind, db
from tracker.queries.unit_sheet import Difference, Preview, preview_of
from tracker.rules.permissions import Can, may
from tracker.rules.unit_rows import DUTY_HEAD, KIND_HEAD, CellFault, Fault, PersonRow, Sheet, UnitRow
from tracker.translations import lazy as _l
from tracker.views import sheet_words
from tracker.views.access import actor, needs, person
from tracker.views.sheet_words import place_text
from tracker.views.words import word

place = Blueprint("unit_sheets", __name__)

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CARRIED_SECONDS = 24 * 3600
# A form field of more than half a megabyte is not read at all.
LONGEST_CARRIED = 400_000
MOST_SHOWN = 200
REFUSALS = {**sheet_words.REFUSALS, Refusal.NO_SHEET: _l("文件里没有名为“单位”或“人员”的工作表，请使用模板填写。")}
FAULTS = {
    CellFault.MISSING: _l("没有填写"),
    CellFault.TOO_LONG: _l("过长，最多 60 字（姓名最多 50 字）"),
    CellFault.FORMULA: _l("是没有结果的公式，请改为文字"),
    CellFault.NO_KIND: _l("不是单位类别；可填：部门、乡镇、学校、公司、内设机构、议事机构、集体单位"),
    CellFault.NO_DUTY: _l("不是职责；可填：经办人、联系人、副联系人、负责人"),
    CellFault.NO_ADDRESS: _l("不是一个邮箱地址"),
    CellFault.NO_PHONE: _l("电话只用数字、空格、加号、括号和连字符，最多 40 位"),
    CellFault.NO_USERNAME: _l("登录名为 2 至 40 位小写字母、数字、点或连字符，以字母或数字开头"),
    CellFault.TWICE: _l("在文件里出现了两次"),
    CellFault.NO_UNIT: _l("没有这个单位，或该单位已停用；请先在“单位”表里填写"),
    CellFault.NO_COLLECTIVE: _l("不是集体单位"),
    CellFault.TAKEN: _l("该行的名称和别名指向几个不同的单位；是同一单位的请先合并"),
    CellFault.TWO_CONTACTS: _l("一个单位只能有一名联系人、一名副联系人"),
    CellFault.ADMINISTRATOR: _l("账号、姓名、单位、电话和邮箱由系统管理员导入；推进办只能指定已有账号的职责"),
    CellFault.ELSEWHERE: _l("登录名已被其他地区使用"),
    CellFault.NO_HEAD: _l("第一行缺少这个列名，请使用模板"),
    CellFault.HEAD_TWICE: _l("第一行有两列是这个列名，请删去其中一列"),
}


@place.get("/units/template.xlsx")
@needs(Can.MANAGE_UNITS)
def download() -> ResponseReturnValue:
    """The file to fill in."""
    return send_file(BytesIO(template()), EXCEL, as_attachment=True, download_name=_("单位和人员.xlsx"))


@place.get("/units/import")
@needs(Can.MANAGE_UNITS)
def upload() -> ResponseReturnValue:
    """Choose a file."""
    return upload_page(SheetForm(), 200)


@place.post("/units/import")
@needs(Can.MANAGE_UNITS)
def preview() -> ResponseReturnValue:
    """What the file would change; nothing is written yet."""
    form, region = SheetForm(), own_region()
    if not form.is_sent() or not form.file.data:
        form.file.errors = [_("请选择文件")]
        return upload_page(form, 400)
    content = form.file.data.stream.read(LARGEST_FILE + 1)
    try:
        sheet = read_unit_sheet(BytesIO(content), form.file.data.filename or "")
    except SheetRefused as refused:
        form.file.errors = [REFUSALS[refused.refusal]]
        return upload_page(form, 400)
    word_of_rows = pack(sheet, hashlib.sha256(content).hexdigest())
    if len(word_of_rows) > LONGEST_CARRIED:
        form.file.errors = [_("内容过多，请分成几个文件导入。")]
        return upload_page(form, 400)
    found = preview_of(region, sheet, makes_accounts())
    return preview_page(found, word_of_rows, 400 if found.faults else 200)


@place.post("/units/import/confirm")
@needs(Can.MANAGE_UNITS)
def confirm() -> ResponseReturnValue:
    """Take in what was read, as things stand now: all of it or nothing."""
    form, region = ConfirmForm(), own_region()
    if not form.is_sent():
        abort(400)
    sheet, digest = unpack(form.rows.data or "")
    try:
        done = import_sheet(actor(), region, sheet, makes_accounts(), digest, clock.now())
    except SheetFaulty as faulty:
        db.session.rollback()
        return preview_page(faulty.preview, form.rows.data or "", 409)
    db.session.commit()
    flash(_("导入完成：新增和更改 %(count)d 项。", count=len(done.changes)))
    return redirect(url_for("units.units"))


def own_region() -> str:
    """The region whose units come in. Aborts with 400 where a person sees the whole country."""
    return person().region or abort(400, description=_("单位属于具体地区，请用该地区的账号导入。"))


def makes_accounts() -> bool:
    """Whether this person's file may make and change accounts."""
    return may(person(), Can.MANAGE_ACCOUNTS)


def upload_page(form: SheetForm, status: int) -> ResponseReturnValue:
    """The page on which a file is chosen."""
    page = render_template("units/import.html", form=form, most_rows=MOST_ROWS, makes_accounts=makes_accounts())
    return page, status


def preview_page(found: Preview, rows: str, status: int) -> ResponseReturnValue:
    """The page that says what a file would do, or what is wrong with it."""
    page = render_template(
        "units/import_preview.html",
        found=found,
        rows=rows,
        status=status,
        most_shown=MOST_SHOWN,
        fault_text=fault_text,
        difference_text=difference_text,
        makes_accounts=makes_accounts(),
    )
    return page, status


def fault_text(fault: Fault) -> str:
    """A fault with its place: 人员 第 7 行 D 列（职责）“联络员”：不是职责."""
    return place_text(fault.sheet, fault.row, fault.column, fault.head, fault.text, str(FAULTS[fault.kind]))


def difference_text(each: Difference) -> tuple[str, str, str]:
    """The head, the old and the new value of a difference, in words."""
    if each.head == KIND_HEAD:
        return each.head, word(UnitKind(each.old)) if each.old else "", word(UnitKind(each.new))
    if each.head == DUTY_HEAD:
        unit, _colon, duty = each.new.rpartition(":")
        return _("“%(unit)s”的%(duty)s", unit=unit, duty=word(Duty(duty))), each.old, _("本人")
    return each.head, each.old, each.new


def pack(sheet: Sheet, digest: str) -> str:
    """What was read, as a signed word that the same person's form carries on."""
    rows: list[Any] = [[list(asdict(row).values()) for row in part] for part in (sheet.units, sheet.people)]
    return str(_signer().dumps([digest, *rows]))


def unpack(packed: str) -> tuple[Sheet, str]:
    """What a form carries on, and the hash of the file; a word that is not ours or too old is 400."""
    try:
        digest, units, people = _signer().loads(packed, max_age=CARRIED_SECONDS)
    except BadSignature:
        abort(400)
    sheet = Sheet()
    for row, name, full_name, kind, aliases, collectives, mailbox in units:
        kind = UnitKind(kind) if kind else None
        sheet.units.append(UnitRow(row, name, full_name, kind, tuple(aliases), tuple(collectives), mailbox))
    for row, name, username, of_units, duty, phone, email in people:
        duty = Duty(duty) if duty else None
        sheet.people.append(PersonRow(row, name, username, tuple(of_units), duty, phone, email))
    return sheet, digest


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"unit-sheet-{person().id}")
