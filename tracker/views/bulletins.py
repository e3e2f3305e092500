"""通报: bulletins drawn from the issues of the week, worded by the office, settled as Word, kept."""

from __future__ import annotations

import secrets
from dataclasses import replace
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.bulletins import (
    IssueUnsigned,
    NumberTaken,
    StaleBulletin,
    check_settling,
    drop_bulletin,
    make_bulletin,
    settle_bulletin,
    word_bulletin,
)
from tracker.documents.bulletin import bulletin_file
from tracker.forms.bulletins import BulletinForm, DropForm, WordsForm
from tracker.models import Bulletin, db
from tracker.queries.bulletin_papers import Basis, basis_of, blocks_now, generated_blocks, numbers_of, paper_of
from tracker.queries.bulletins import bulletins_of
from tracker.rules.bulletin_numbers import Agreement
from tracker.rules.bulletin_words import file_title
from tracker.rules.bulletins import Block, BulletinKind, BulletinState
from tracker.rules.file_names import safe_file_name
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs, person
from tracker.views.bulletin_page import (
    Draft,
    basis_for,
    bulletin_page,
    create_page,
    differing_words,
    first_words,
    issue_asked,
    kind_asked,
    load_bulletin,
    offer,
    settled_meanwhile,
    stale_words,
    typed_page,
)
from tracker.views.overview_page import region_asked

place = Blueprint("bulletins", __name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@place.get("/bulletins")
@needs(Can.SEE_OVERVIEW)
def bulletins() -> ResponseReturnValue:
    """The bulletins of a region, newest first."""
    region = region_asked()
    own = region == person().region
    return render_template("bulletins/bulletins.html", bulletins=bulletins_of(region), own=own)


@place.get("/bulletins/new")
@needs(Can.WRITE_BULLETINS)
def new() -> ResponseReturnValue:
    """Choose what a bulletin about an issue speaks of."""
    issue = issue_asked(request.args.get("issue"))
    form = BulletinForm(data={"once": secrets.token_urlsafe(16), "issue": issue.number, "kind": kind_asked()})
    offer(form, issue)
    return create_page(form, issue)


@place.post("/bulletins/new")
@needs(Can.WRITE_BULLETINS)
def create() -> ResponseReturnValue:
    """Draw a draft from an issue."""
    issue, form = issue_asked(request.form.get("issue")), BulletinForm()
    offer(form, issue)
    if not form.is_sent():
        return create_page(form, issue, 400)
    kind, scope = BulletinKind(form.kind.data), form.scope
    basis = basis_of(issue, scope.plan_code, scope.unit_names)
    around = first_words(kind, basis, form)
    once = form.once.data or ""
    made = make_bulletin(actor(), issue, kind, scope, around, generated_blocks(kind, basis), once, clock.now())
    db.session.commit()
    return redirect(url_for("bulletins.bulletin", bulletin_id=made.id))


@place.get("/bulletins/<int(max=2147483647):bulletin_id>")
@needs(Can.SEE_OVERVIEW)
def bulletin(bulletin_id: int) -> ResponseReturnValue:
    """A bulletin as paper; the office words its draft beside it."""
    return bulletin_page(load_bulletin(bulletin_id, Can.SEE_OVERVIEW))


@place.post("/bulletins/<int(max=2147483647):bulletin_id>")
@needs(Can.WRITE_BULLETINS)
def save(bulletin_id: int) -> ResponseReturnValue:
    """Keep what the office wrote, or put a section back as it is generated."""
    found = load_bulletin(bulletin_id, Can.WRITE_BULLETINS)
    _basis, form, blocks, refusal = read_words(found)
    if refusal is not None:
        return refusal
    try:
        changed = word_bulletin(actor(), found, form.version.data or 0, form.around, blocks, clock.now())
    except StaleBulletin:
        return typed_page(bulletin_id, form, blocks, stale_words(), 409)
    db.session.commit()
    flash(_("已保存。") if changed else _("内容没有改动。"))
    return redirect(url_for("bulletins.bulletin", bulletin_id=bulletin_id, _anchor="check"))


@place.post("/bulletins/<int(max=2147483647):bulletin_id>/settle")
@needs(Can.WRITE_BULLETINS)
def settle(bulletin_id: int) -> ResponseReturnValue:
    """Keep the words and the Word file for good; a number that differs from the frozen ones hinders it."""
    found = load_bulletin(bulletin_id, Can.WRITE_BULLETINS)
    basis, form, blocks, refusal = read_words(found)
    if refusal is not None:
        return refusal
    if any(said.agreement is Agreement.DIFFERS for _block, said in numbers_of(blocks, basis)):
        return typed_page(bulletin_id, form, blocks, differing_words(), 400)
    try:
        word_bulletin(actor(), found, form.version.data or 0, form.around, blocks, clock.now())
        check_settling(found)
    except (StaleBulletin, IssueUnsigned, NumberTaken) as refused:
        return not_settled(refused, found, form, blocks)
    file = bulletin_file(replace(paper_of(found, basis, blocks), is_draft=False))
    settle_bulletin(actor(), found, file, clock.now())
    db.session.commit()
    flash(_("已定稿，今后不再变动。"))
    return redirect(url_for("bulletins.bulletin", bulletin_id=bulletin_id))


@place.post("/bulletins/<int(max=2147483647):bulletin_id>/drop")
@needs(Can.WRITE_BULLETINS)
def drop(bulletin_id: int) -> ResponseReturnValue:
    """Remove a draft."""
    found, form = load_bulletin(bulletin_id, Can.WRITE_BULLETINS), DropForm()
    if not form.is_sent():
        raise BadRequest
    try:
        drop_bulletin(actor(), found, form.version.data or 0, clock.now())
    except StaleBulletin:
        flash(_("没有删除：另一人刚刚保存或定稿了这份通报。"), "bad")
        return redirect(url_for("bulletins.bulletin", bulletin_id=bulletin_id))
    db.session.commit()
    flash(_("草稿已删除。"))
    return redirect(url_for("bulletins.bulletins"))


@place.get("/bulletins/<int(max=2147483647):bulletin_id>/file")
@needs(Can.SEE_OVERVIEW)
def file(bulletin_id: int) -> ResponseReturnValue:
    """The Word file: as it was settled, or of a draft as it stands."""
    found = load_bulletin(bulletin_id, Can.SEE_OVERVIEW)
    basis = basis_for(found)
    paper = paper_of(found, basis, blocks_now(found, basis))
    content = found.file or bulletin_file(paper)
    name = safe_file_name(f"{file_title(paper)}.docx")
    return send_file(BytesIO(content), mimetype=WORD, as_attachment=True, download_name=name)


def read_words(found: Bulletin) -> tuple[Basis, WordsForm, list[Block], ResponseReturnValue | None]:
    """The form of a draft with its sections as typed, and the answer to one that was not taken."""
    basis = basis_for(found)
    generated = generated_blocks(found.kind, basis)
    form = WordsForm(found, generated, sent=True)
    taken, blocks = form.is_sent(), form.words(generated)
    if found.state is BulletinState.SETTLED:
        return basis, form, blocks, settled_meanwhile(found, blocks)
    return basis, form, blocks, None if taken else bulletin_page(found, Draft(form, blocks, status=400))


def not_settled(
    refused: StaleBulletin | IssueUnsigned | NumberTaken, found: Bulletin, form: WordsForm, blocks: list[Block]
) -> ResponseReturnValue:
    """Why a bulletin was not settled, with everything typed still in its form."""
    if isinstance(refused, StaleBulletin):
        return typed_page(found.id, form, blocks, stale_words(), 409)
    if isinstance(refused, NumberTaken):
        form.number.errors = [_("请填写期号，不能与同一年已定稿的简报重复")]
        return typed_page(found.id, form, blocks, _("没有定稿。"), 400)
    said = _("没有定稿：第 %(number)d 期周览尚未签发，数据还可能变动。请先签发周览。", number=found.issue.number)
    return typed_page(found.id, form, blocks, said, 400)
