"""导入的行: what was understood of a task is mended, split, joined, dropped, added, accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import import_rows
from tracker.actions.imports import StaleImport
from tracker.actions.moves import RuleRefused
from tracker.forms.import_rows import SplitForm
from tracker.forms.imports import AcceptForm, RowActForm
from tracker.models import ImportRow, db
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.errors import refusal_text
from tracker.views.import_pages import BATCH, Batch, load_import, load_row
from tracker.views.import_passages import place_at
from tracker.views.import_review import Opened, review_page
from tracker.views.import_row_forms import add_form, edit_form

place = Blueprint("import_rows", __name__)
ROW = f"{BATCH}/rows/<int(max=2147483647):row_id>"
RowAct = Callable[[ImportRow, RowActForm, datetime], str]


@place.post(f"{ROW}/edit")
@needs(Can.EDIT_PLAN)
def edit(number: int, row_id: int) -> ResponseReturnValue:
    """Give a row other words."""
    batch = load_import(number)
    row = load_row(batch, row_id)
    form = edit_form(batch, row, sent=True)
    opened = Opened(edit=row_id, only=form.only.data or "", form=form)
    if not form.is_sent():
        return review_page(batch, opened, 400)
    try:
        changed = import_rows.edit_row(actor(), row, form.version.data or 0, form.words, clock.now())
    except StaleImport:
        return refused(number, row_id, opened)
    db.session.commit()
    flash(_("这一项已保存。") if changed else _("没有改动。"))
    return back_to(batch, row_id, opened.only)


@place.post(f"{ROW}/split")
@needs(Can.EDIT_PLAN)
def split(number: int, row_id: int) -> ResponseReturnValue:
    """Make several tasks of a row."""
    batch, form = load_import(number), SplitForm()
    row = load_row(batch, row_id)
    opened = Opened(split=row_id, only=form.only.data or "", form=form)
    if not form.is_sent():
        return review_page(batch, opened, 400)
    try:
        rows = import_rows.split_row(actor(), row, form.version.data or 0, form.parts(row.words), clock.now())
    except StaleImport:
        return refused(number, row_id, opened)
    db.session.commit()
    flash(_("已拆成 %(count)d 项，单位等内容各项相同，请核对。", count=len(rows)))
    return back_to(batch, row_id, opened.only)


def refused(number: int, row_id: int, opened: Opened) -> ResponseReturnValue:
    """409: the row as another has saved it, above the form with all its words."""
    db.session.rollback()
    batch = load_import(number)
    row = load_row(batch, row_id)
    if opened.form is not None and "version" in opened.form:
        opened.form.show_again(row.version)  # type: ignore[union-attr]
    opened.problem = _("在您填写期间，这一项已被他人更新；现在的内容显示在表单上方，您填写的仍在表单里。")
    return review_page(batch, opened, 409)


@place.post(f"{BATCH}/rows/add")
@needs(Can.EDIT_PLAN)
def add(number: int) -> ResponseReturnValue:
    """Add a task that the reading did not see, at its place in the document."""
    batch = load_import(number)
    form = add_form(batch)
    if not form.is_sent():
        return review_page(batch, Opened(add=form.at.data or "", only=form.only.data or "", form=form), 400)
    at = place_at(form.at.data)
    row = import_rows.add_row(
        actor(), batch.row, form.words, at if at and is_in(batch, form.at.data) else None, clock.now()
    )
    db.session.commit()
    flash(_("已添加“%(title)s”。", title=row.words["title"]))
    return back_to(batch, row.id)


def is_in(batch: Batch, at: str | None) -> bool:
    """Whether the document has such a place."""
    found, blocks = place_at(at), batch.row.paper["blocks"]
    if found is None or found.block >= len(blocks):
        return False
    rows = blocks[found.block].get("rows")
    return found.row is None if rows is None else found.row is not None and found.row < len(rows)


@place.post(f"{ROW}/join")
@needs(Can.EDIT_PLAN)
def join(number: int, row_id: int) -> ResponseReturnValue:
    """Make one task of a row and the one behind it."""
    batch = load_import(number)

    def do(row: ImportRow, form: RowActForm, now: datetime) -> str:
        following = load_row(batch, form.next.data or 0)
        pair = [(row, form.version.data or 0), (following, form.next_version.data or 0)]
        import_rows.join_rows(actor(), pair, now)
        return _("已与下一项合并；下一项保留在下面，可以恢复。")

    return act_on_row(batch, row_id, do)


@place.post(f"{ROW}/drop")
@needs(Can.EDIT_PLAN)
def drop(number: int, row_id: int) -> ResponseReturnValue:
    """Say that a row is no task."""

    def do(row: ImportRow, form: RowActForm, now: datetime) -> str:
        import_rows.drop_row(actor(), row, form.version.data or 0, now)
        return _("已标为“不是任务”，不会导入，可以恢复。")

    return act_on_row(load_import(number), row_id, do)


@place.post(f"{ROW}/restore")
@needs(Can.EDIT_PLAN)
def restore(number: int, row_id: int) -> ResponseReturnValue:
    """Take a dropped row back."""

    def do(row: ImportRow, form: RowActForm, now: datetime) -> str:
        import_rows.restore_row(actor(), row, form.version.data or 0, now)
        return _("这一项已恢复。")

    return act_on_row(load_import(number), row_id, do)


@place.post(f"{ROW}/accept")
@needs(Can.EDIT_PLAN)
def accept(number: int, row_id: int) -> ResponseReturnValue:
    """Say whether what a re-issue says in a row is taken."""
    batch, form = load_import(number), AcceptForm()
    row, taken = load_row(batch, row_id), form.accepted.data == "yes"
    if not form.is_sent():
        return review_page(batch, Opened(at=row_id, problem=_("请刷新页面后重试")), 400)
    try:
        import_rows.accept_row(actor(), row, form.version.data or 0, taken, clock.now())
    except StaleImport:
        return refused(number, row_id, Opened(at=row_id))
    db.session.commit()
    flash(_("将采用这一项。") if taken else _("不采用这一项，计划里的内容不变。"))
    return redirect(url_for("imports.changes", number=number, _anchor=f"row-{row_id}"))


def act_on_row(batch: Batch, row_id: int, do: RowAct) -> ResponseReturnValue:
    """Read the form, act, commit, go back to the row; what is refused is said on the page."""
    form, row = RowActForm(), load_row(batch, row_id)
    opened = Opened(at=row_id, only=form.only.data or "")
    if not form.is_sent():
        opened.problem = _("请刷新页面后重试")
        return review_page(batch, opened, 400)
    try:
        said = do(row, form, clock.now())
    except (StaleImport, RuleRefused) as refusal:
        db.session.rollback()
        stale = _("这一项已被他人更新，下面是最新内容，请核对后重新操作。")
        opened.problem = refusal_text(refusal.reason) if isinstance(refusal, RuleRefused) else stale
        return review_page(load_import(batch.row.id), opened, 409)
    db.session.commit()
    flash(said)
    return back_to(batch, row_id, opened.only)


def back_to(batch: Batch, row_id: int, only: str = "") -> ResponseReturnValue:
    """The review at a row, with the filter that was on."""
    address = url_for("imports.tasks", number=batch.row.id, at=row_id, only=only or None, _anchor=f"row-{row_id}")
    return redirect(address)
