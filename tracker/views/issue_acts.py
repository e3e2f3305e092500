"""文字与签发: how the words of an issue came about, and the office's acts on a draft."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import issues as actions
from tracker.actions.signing import StaleIssue, sign_issue, word_issue
from tracker.forms.issues import LONGEST_ASK, LONGEST_SENTENCE, IssueForm, WordsForm, asks_in
from tracker.models import Issue, db
from tracker.queries.issue_history import issue_history
from tracker.queries.issues import frozen_overview, issue_numbered, newest_week
from tracker.rules.issues import made_up_on, may_be_frozen_again
from tracker.rules.permissions import Can
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs, person
from tracker.views.issue_page import is_for_signing, load_issue, region_shown
from tracker.views.typed import Typed, taken
from tracker.views.typed_fields import ISSUE_FORMS

place = Blueprint("issue_acts", __name__)

WORDS_CHANGED = _l("在您填写期间，本期已被他人修改，您的内容还没有保存。请与现有文字核对后重新保存。")
NOT_SIGNED = _l("在您打开页面以后，本期已被他人修改，还没有签发。请核对现有文字后再签发。")
NOT_FROZEN = _l("在您打开页面以后，本期已被他人修改，没有重新冻结。请核对后重试。")


@place.get("/overview/issues/<int(max=999999):number>/words")
@needs(Can.SEE_OVERVIEW)
def words(number: int) -> ResponseReturnValue:
    """The words of an issue beside those of the rules, with all that was done to them; a draft's office edits here."""
    issue = load_issue(number)
    typed = taken(str(number), ISSUE_FORMS) if is_for_signing(issue) else None
    return words_page(issue, typed=typed)


@place.post("/overview/issues/<int(max=999999):number>/words")
@needs(Can.SIGN_WEEK)
def word(number: int) -> ResponseReturnValue:
    """Say the sentence and what leaders shall decide; a stale save keeps what was typed beside what is stored."""
    issue, form = own_issue(number), WordsForm()
    if not form.is_sent():
        return words_page(issue, form, status=400)
    sentence = None if form.restore.data else form.sentence.data
    try:
        changed = word_issue(actor(), issue, form.version.data or 0, sentence, form.asks, clock.now())
    except StaleIssue:
        return stale_page(number, str(WORDS_CHANGED), form)
    db.session.commit()
    flash(_("已保存第 %(number)d 期的文字。", number=number) if changed else _("文字没有改动。"))
    return redirect(url_for("issue_acts.words", number=number))


@place.post("/overview/issues/<int(max=999999):number>/sign")
@needs(Can.SIGN_WEEK)
def sign(number: int) -> ResponseReturnValue:
    """Sign a draft with the words that stand in the form; who comes second is told who signed it and when."""
    issue, form = own_issue(number), WordsForm()
    if not form.is_sent():
        return words_page(issue, form, status=400)
    if issue.signed_by_id == person().id:
        return redirect(url_for("issues.issue", number=number))  # the same button pressed twice
    version, worded = form.version.data or 0, form.sentence.raw_data
    try:
        if worded:
            word_issue(actor(), issue, version, form.sentence.data, form.asks, clock.now())
            version = issue.version
        sign_issue(actor(), issue, version, clock.now())
    except StaleIssue:
        return stale_page(number, str(NOT_SIGNED), form if worded else None)
    db.session.commit()
    flash(_("第 %(number)d 期已签发，今后不再变动。", number=number))
    return redirect(url_for("issues.issue", number=number))


@place.post("/overview/issues/<int(max=999999):number>/freeze-again")
@needs(Can.SIGN_WEEK)
def freeze_again(number: int) -> ResponseReturnValue:
    """Take the figures of this week's draft anew; what the office wrote stays."""
    issue, form = own_issue(number), IssueForm()
    if not form.is_sent():
        raise BadRequest
    try:
        actions.freeze_again(issue, form.version.data or 0, clock.now(), actor())
    except StaleIssue:
        return stale_page(number, str(NOT_FROZEN))
    db.session.commit()
    flash(_("第 %(number)d 期的数据已重新冻结，您写的文字没有变，请与新的数据核对。", number=number))
    return redirect(url_for("issue_acts.words", number=number))


def own_issue(number: int) -> Issue:
    """An issue of the office's own region, the only one that it words and signs; 404 where there is none."""
    return issue_numbered(person().region, number) or abort(404)


def stale_page(number: int, problem: str, form: WordsForm | None = None) -> ResponseReturnValue:
    """409: what is stored now, above the form with what was typed, on the present version."""
    db.session.rollback()
    issue = own_issue(number)
    if form:
        form.show_again(issue.version)
    return words_page(issue, form, problem=problem, status=409)


def words_page(
    issue: Issue, form: WordsForm | None = None, *, typed: Typed | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    """The page of the words of an issue; a form that was not taken comes back with its words."""
    signing = is_for_signing(issue)
    decisions = frozen_overview(issue).decisions
    keys = [row.key for row in decisions]
    left = [words for key, words in form.asks.items() if words and key not in keys] if form else []
    page = render_template(
        "overview/words.html",
        issue=issue,
        region=region_shown(issue),
        decisions=decisions,
        form=arranged_form(issue, keys, form, typed) if signing else None,
        left=left,
        again=signing and may_be_frozen_again(issue.week_on, newest_week(issue.region_code), clock.today()),
        made_up=made_up_on(issue.week_on, clock.office_day(issue.cut_off_at)),
        history=issue_history(issue),
        limits={"sentence": LONGEST_SENTENCE, "ask": LONGEST_ASK},
        carried=typed is not None,
        problem=problem,
    )
    return page, status


def arranged_form(issue: Issue, keys: list[str], form: WordsForm | None, typed: Typed | None) -> WordsForm:
    """The form as it was sent, or with what a sign-in has carried, or with what is stored: a field for each task."""
    if form:
        form.version.data = form.version.data or issue.version
        form.arrange({**issue.asks, **form.asks}, keys)
        return form
    form = WordsForm(formdata=None)
    values = typed.values if typed else {}
    form.fill(issue.version, values.get("sentence", issue.sentence), {**issue.asks, **asks_in(values)}, keys)
    return form
