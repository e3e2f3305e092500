"""Nodes and payments by Excel: the template, a file that is previewed and confirmed as a whole, and the export."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.project_sheet import STALE, FileNotTaken, FileSaid, Refusal, import_sheet
from tracker.documents.office_archive import LARGEST_FILE, SheetRefused
from tracker.documents.project_sheet import project_book, read_project_sheet
from tracker.documents.sheet_cells import MOST_ROWS
from tracker.forms.unit_sheets import ConfirmForm, SheetForm
from tracker.models import db
from tracker.queries.project_lines import lines_to_fill, place_name, stored_money, stored_nodes
from tracker.queries.project_sheet import Preview, is_taken, preview_of
from tracker.rules.permissions import Can
from tracker.rules.project_rows import empty_entries
from tracker.views.access import actor, needs, person
from tracker.views.carried_projects import pack, unpack
from tracker.views.errors import refusal_text
from tracker.views.money_words import amount_text
from tracker.views.project_filters import asked_filters
from tracker.views.project_sheet_words import (
    REFUSALS,
    conflict_text,
    day_text,
    difference_text,
    entry_text,
    fault_text,
)
from tracker.views.reach import asked_reach
from tracker.views.words import day, moment

place = Blueprint("project_sheets", __name__)

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


@place.get("/projects/template.xlsx")
@needs(Can.KEEP_PROJECT)
def download() -> ResponseReturnValue:
    """The file to fill in, with the projects that a person keeps and the nodes that they have."""
    filters, now = asked_filters(asked_reach()), clock.now()
    nodes = lines_to_fill(person(), filters, clock.today())
    head = [_("模板生成于 %(moment)s", moment=moment(now))]
    rows = [each.values() for each in nodes]
    return sent(project_book(head, rows, empty_entries(nodes), now), _("工程项目节点和资金模板.xlsx"))


@place.get("/projects/export.xlsx")
@needs(Can.EXPORT)
def export() -> ResponseReturnValue:
    """All nodes and entries of the projects that a person sees."""
    reach, today, now = asked_reach(), clock.today(), clock.now()
    filters = asked_filters(reach)
    nodes, money = stored_nodes(person(), filters, today), stored_money(person(), filters, today)
    head = [
        _(
            "%(place)s工程项目，截至 %(moment)s，导出人：%(name)s；金额单位为万元",
            place=place_name(reach.region) or "",
            moment=moment(now),
            name=person().name,
        ),
        _("节点 %(nodes)d 个，资金 %(entries)d 笔（不含已撤回的）", nodes=len(nodes), entries=len(money)),
    ]
    if any(each.invented for each in nodes) or any(each.invented for each in money):
        head.append(_("“演示”一列有标记的是演示数据，均为虚构"))
    content = project_book(head, [each.values() for each in nodes], [each.values() for each in money], now)
    return sent(content, _("工程项目节点和资金 %(day)s.xlsx", day=day(today)))


@place.get("/projects/import")
@needs(Can.KEEP_PROJECT)
def upload() -> ResponseReturnValue:
    """Choose a file."""
    return upload_page(SheetForm(), 200)


@place.post("/projects/import")
@needs(Can.KEEP_PROJECT)
def preview() -> ResponseReturnValue:
    """What the file would change; nothing is written yet."""
    form = SheetForm()
    if not form.is_sent() or not form.file.data:
        form.file.errors = [_("请选择文件")]
        return upload_page(form, 400)
    content = form.file.data.stream.read(LARGEST_FILE + 1)
    try:
        sheet = read_project_sheet(BytesIO(content), form.file.data.filename or "", clock.today())
    except SheetRefused as refused:
        form.file.errors = [REFUSALS[refused.refusal]]
        return upload_page(form, 400)
    found = preview_of(person(), sheet, clock.today())
    packed = "" if found.faults else pack(sheet, found, hashlib.sha256(content).hexdigest())
    return preview_page(found, packed, 400 if found.faults else 200)


@place.post("/projects/import/confirm")
@needs(Can.KEEP_PROJECT)
def confirm() -> ResponseReturnValue:
    """Take in what was read, as things stand now: all of it or nothing."""
    form = ConfirmForm()
    if not form.is_sent():
        abort(400)
    said = unpack(form)
    try:
        done = import_sheet(actor(), person(), said, clock.now())
    except FileNotTaken as refused:
        db.session.rollback()
        return refused_page(said, refused)
    db.session.commit()
    flash(
        _(
            "导入完成：%(projects)d 个项目，节点新增和更改 %(nodes)d 个，资金新增 %(entries)d 笔。",
            projects=len(done.projects),
            nodes=len(done.nodes),
            entries=len(done.money),
        )
    )
    return redirect(url_for("project_sheets.upload"))


def refused_page(said: FileSaid, refused: FileNotTaken) -> ResponseReturnValue:
    """409: the preview as things stand now, with what changed meanwhile; the own file sent twice is done."""
    found = preview_of(person(), said.sheet, clock.today())
    if not found.faults and not found.projects and is_taken(person(), said.digest):
        # The button was pressed twice: the first time did all of it.
        flash(_("该文件已导入。"))
        return redirect(url_for("project_sheets.upload"))
    packed = "" if found.faults else pack(said.sheet, found, said.digest)
    return preview_page(
        found, packed, 409, [conflict_text(each) for each in refused.conflicts], refusal_line(refused.refusal)
    )


def refusal_line(refusal: Refusal | None) -> str:
    """Which task refuses the file and why, in words; empty where none does."""
    if refusal is None:
        return ""
    why = _("内容已被他人更新，请重新核对。") if refusal.reason == STALE else refusal_text(refusal.reason)
    return _("%(title)s：%(why)s", title=refusal.title, why=why)


def upload_page(form: SheetForm, status: int) -> ResponseReturnValue:
    """The page on which a file is chosen."""
    page = render_template("projects/import.html", form=form, most_rows=MOST_ROWS, within=within())
    return page, status


def preview_page(
    found: Preview, rows: str, status: int, conflicts: list[str] | None = None, refusal: str = ""
) -> ResponseReturnValue:
    """The page that says what a file would do, or what is wrong with it."""
    page = render_template(
        "projects/import_preview.html",
        found=found,
        rows=rows,
        conflicts=conflicts,
        refusal=refusal,
        most_shown=MOST_SHOWN,
        fault_text=fault_text,
        difference_text=difference_text,
        amount_text=amount_text,
        entry_text=entry_text,
        day_text=day_text,
    )
    return page, status


def within() -> dict[str, Any]:
    """The region and the plan of the address, as the links to the files carry them on."""
    asked_filters(asked_reach())
    return {name: request.args.get(name) or None for name in ("region", "plan")}


def sent(content: bytes, name: str) -> ResponseReturnValue:
    """A file to be kept."""
    return send_file(BytesIO(content), EXCEL, as_attachment=True, download_name=name, max_age=0)
