"""导入: a document is read, its tasks are looked through beside it, its units and deadlines said, and it is adopted."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions import imports
from tracker.actions.imports import AlreadyTaken, SaidPaper, StaleImport
from tracker.documents.draft_parts import paper_of
from tracker.documents.office_archive import SheetRefused
from tracker.documents.paper import Place
from tracker.documents.plan_book import is_plan_book
from tracker.forms.imports import HeadForm, NamesForm, NewImportForm, kind_choices
from tracker.models import Plan, PlanImport, PlanState, db
from tracker.queries.frame import regions_below
from tracker.queries.import_comparison import comparison_of, head_changes, phase_changes
from tracker.queries.import_rows import rows_due, rows_naming
from tracker.queries.imports import deadlines_of, imports_in, known_units, names_page, notes_of
from tracker.queries.paging import page_in
from tracker.queries.plan_lists import plan_lines
from tracker.rules.permissions import Can
from tracker.views.access import actor, load_plan, needs, person
from tracker.views.changes import LABELS, shown
from tracker.views.import_cards import place_of
from tracker.views.import_issues import hindering, worth_a_look
from tracker.views.import_names import fill_names, said_names
from tracker.views.import_pages import BATCH, Batch, load_import, part_page, stale_text
from tracker.views.import_papers import paper_said
from tracker.views.import_passages import passages_of
from tracker.views.import_review import asked, review_page
from tracker.views.import_review_words import fact_text, fact_word, note_words
from tracker.views.plan_book_said import BookFaulty, faults_page, said_book
from tracker.views.plan_book_words import REFUSALS as BOOK_REFUSALS
from tracker.views.query import page_number
from tracker.views.words import word

place = Blueprint("imports", __name__)

NAMES_A_PAGE = 20
CHANGES_A_PAGE = 20
PASSAGES_A_PAGE = 60
MOST_ROWS_NAMED = 4
DAYS = ("issued_on", "starts_on", "ends_on", "target_on")


@place.get("/imports")
@needs(Can.EDIT_PLAN)
def taken_in() -> ResponseReturnValue:
    """The documents that were taken in, the newest first."""
    lines = imports_in(person().region, page_number(request.args))
    return render_template(
        "imports/imports.html", page=lines, address_of_page=lambda number: url_for("imports.taken_in", page=number)
    )


@place.route("/imports/new", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def create() -> ResponseReturnValue:
    """Choose a document, or paste its text; it is read, and what was understood is looked through next."""
    regions = regions_below(person().region)
    plans = [line.plan for line in plan_lines(person().region) if line.plan.state is not PlanState.CLOSED]
    form = NewImportForm(regions, plans)
    if request.method != "POST":
        form.against.data = request.args.get("against", "")[:40]
        return create_page(form)
    if not form.is_sent():
        return create_page(form, 400)
    against = load_plan(form.against.data, Can.EDIT_PLAN) if form.against.data else None
    if form.file.data and is_plan_book(form.file.data.stream, form.file.data.filename or ""):
        return book_opened(form, against)
    said = paper_said(form)
    if said is None:
        return create_page(form, 400)
    return opened(form, said, against)


def book_opened(form: NewImportForm, against: Plan | None) -> ResponseReturnValue:
    """Keep what a plan book of ours says, compared with the plan that it names; with any fault nothing is kept."""
    content, name = form.file.data.stream.read(), form.file.data.filename or ""
    try:
        book = said_book(content, name, form.region.data, against)
    except BookFaulty as faulty:
        return faults_page(faulty)
    except SheetRefused as refused:
        form.file.errors = [BOOK_REFUSALS[refused.refusal]]
        return create_page(form, 400)
    return opened(form, book.paper, book.against)


def opened(form: NewImportForm, said: SaidPaper, against: Plan | None) -> ResponseReturnValue:
    """Keep what was understood, or say that the region has taken the same document already."""
    region = against.region_code if against else form.region.data
    try:
        batch = imports.open_import(actor(), region, said, against, clock.now())
    except AlreadyTaken as taken:
        db.session.rollback()
        return create_page(form, 409, taken.standing)
    db.session.commit()
    return redirect(url_for("imports.tasks", number=batch.id))


def create_page(form: NewImportForm, status: int = 200, standing: PlanImport | None = None) -> ResponseReturnValue:
    """The page on which a document is chosen."""
    return render_template("imports/create.html", form=form, standing=standing), status


@place.get(BATCH)
@needs(Can.EDIT_PLAN)
def tasks(number: int) -> ResponseReturnValue:
    """The document beside what was understood of it, row by row."""
    return review_page(load_import(number, "parts", "paper"), asked())


@place.get(f"{BATCH}/paper")
@needs(Can.EDIT_PLAN)
def paper(number: int) -> ResponseReturnValue:
    """The whole document, with a mark on what is a task."""
    batch = load_import(number, "parts", "paper")
    rows = {place: row for row in reversed(batch.outline) if (place := place_of(row))}
    headings = {Place(block, row) for *_rest, block, row in batch.row.parts.get("headings", ())}
    passages = passages_of(paper_of(batch.row), headings, rows)
    number_asked = page_number(request.args)
    if "block" in request.args:
        block = request.args.get("block", 0, type=int)
        before = sum(1 for each in passages if each.place.block < block)
        number_asked = before // PASSAGES_A_PAGE + 1
    return part_page(
        "imports/paper.html",
        batch,
        page=page_in(passages, number_asked, PASSAGES_A_PAGE),
        rows=rows,
        address_of_page=lambda page: url_for("imports.paper", number=number, page=page),
    )


@place.route(f"{BATCH}/head", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def head(number: int) -> ResponseReturnValue:
    """What the document says of itself, and the code of its plan."""
    batch = load_import(number)
    if batch.row.against:
        return redirect(url_for("imports.changes", number=number))
    values = {name: date.fromisoformat(v) if name in DAYS and v else v for name, v in batch.row.head.items()}
    form = HeadForm(data={**values, "version": batch.row.version})
    if not form.is_sent():
        return part_page("imports/head.html", batch, 400 if form.errors else 200, form=form)
    said = {name: form[name].data for name in imports.HEAD}
    words = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    try:
        imports.change_head(actor(), batch.row, form.version.data or 0, words, clock.now())
    except StaleImport:
        db.session.rollback()
        batch = load_import(number)
        form.show_again(batch.row.version)
        return part_page("imports/head.html", batch, 409, form=form, problem=stale_text())
    db.session.commit()
    flash(_("已保存。时限按现在的发文日期重新识别。"))
    return redirect(url_for("imports.tasks", number=number))


@place.route(f"{BATCH}/units", methods=["GET", "POST"])
@needs(Can.EDIT_PLAN)
def units(number: int) -> ResponseReturnValue:
    """Whom each unit's name means: a known unit, or a new one that somebody confirms."""
    batch = load_import(number)
    form, known = NamesForm(), known_units(batch.row.region_code)
    if request.method != "POST":
        return units_page(batch, None, known)
    said = said_names(batch, form, known) if form.is_sent() else None
    if said is None:
        return units_page(batch, form, known, 400)
    imports.say_names(actor(), batch.row, said, clock.now())
    db.session.commit()
    left = load_import(number).open_names
    flash(_("已保存，还有 %(count)d 个名称没有对应。", count=left) if left else _("已保存，所有单位名称都已对应。"))
    return redirect(url_for("imports.units", number=number))


def units_page(batch: Batch, form: NamesForm | None, known: dict[str, Any], status: int = 200) -> ResponseReturnValue:
    """The page of the names; typed ones come back as they were typed."""
    page = names_page(batch.facts, page_number(request.args), NAMES_A_PAGE)
    named = [line.row.name for line in page.rows]
    fresh = fill_names(page.rows, form)
    return part_page(
        "imports/units.html",
        batch,
        status,
        page=page,
        lines=fresh,
        failed=form is not None,
        kinds=kind_choices(word),
        known=sorted({unit.name for unit in known.values()}),
        rows=rows_naming(batch.row, named, MOST_ROWS_NAMED),
        most_rows=MOST_ROWS_NAMED,
        address_of_page=lambda number: url_for("imports.units", number=batch.row.id, page=number),
    )


@place.get(f"{BATCH}/deadlines")
@needs(Can.EDIT_PLAN)
def deadlines(number: int) -> ResponseReturnValue:
    """Each deadline of the document with how it was read and what follows."""
    batch = load_import(number)
    page = page_in(deadlines_of(batch.row), page_number(request.args))
    return part_page(
        "imports/deadlines.html",
        batch,
        page=page,
        rows=rows_due(batch.row, [line.text for line in page.rows], MOST_ROWS_NAMED),
        most_rows=MOST_ROWS_NAMED,
        address_of_page=lambda page: url_for("imports.deadlines", number=number, page=page),
    )


@place.get(f"{BATCH}/issues")
@needs(Can.EDIT_PLAN)
def issues(number: int) -> ResponseReturnValue:
    """What hinders the adoption, and what deserves a look, each with its place."""
    batch = load_import(number, "parts")
    return part_page(
        "imports/issues.html",
        batch,
        hindering=hindering(batch) if batch.is_open else [],
        page=page_in(worth_a_look(batch), page_number(request.args)),
        notes=[note_words(*each) for each in notes_of(batch.row)],
        address_of_page=lambda page: url_for("imports.issues", number=number, page=page),
    )


@place.get(f"{BATCH}/changes")
@needs(Can.EDIT_PLAN)
def changes(number: int) -> ResponseReturnValue:
    """The document beside the plan that stands: added, changed, missing."""
    batch = load_import(number, "parts")
    if batch.row.against is None:
        return redirect(url_for("imports.tasks", number=number))
    found = comparison_of(batch.row)
    both = [*((each.row, each) for each in found.changed), *((row, None) for row in found.added)]
    return part_page(
        "imports/changes.html",
        batch,
        found=found,
        heads=[*head_changes(batch.row), *phase_changes(batch.row)],
        fact_word=fact_word,
        fact_text=fact_text,
        fields=LABELS,
        shown=shown,
        page=page_in(both, page_number(request.args), CHANGES_A_PAGE),
        address_of_page=lambda page: url_for("imports.changes", number=number, page=page),
    )
