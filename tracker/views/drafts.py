"""暂存: what is typed into a form of a task stays with the person, on every device, until it is sent or dropped."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.drafts import drop_draft, save_draft
from tracker.forms.base import clean_text
from tracker.models import db
from tracker.views.access import load_task, person, signed_in
from tracker.views.task_acts import ACTS
from tracker.views.task_page import where_to
from tracker.views.typed import is_carriable
from tracker.views.typed_fields import FIELDS

place = Blueprint("drafts", __name__)
BY_SCRIPT = "fetch"
# What the form of an act sends besides its words.
BESIDES = {"csrf_token", "version", "once", "kept", "files"}


@place.post("/tasks/<key>/draft")
@signed_in
def save(key: str) -> ResponseReturnValue:
    """Keep the words of the form of one act; a script gets no page for it."""
    act = known_act()
    task = load_task(key, ACTS[act].can)
    if (set(request.form) | set(request.files)) - set(FIELDS[act]) - BESIDES:
        abort(400)
    words = {name: clean_text(request.form[name]) for name in FIELDS[act] if request.form.get(name)}
    if not is_carriable(words):
        abort(413, description=_("内容过长，不能暂存，请分次提交。"))
    if words:
        save_draft(person().id, task.id, act, words, clock.now())
    else:
        drop_draft(person().id, task.id, act)
    db.session.commit()
    if request.headers.get("X-Requested-With") == BY_SCRIPT:
        return "", 204
    flash(_("已暂存，附件除外；下次打开时会放回表单。") if words else _("没有填写内容，未暂存。"))
    return redirect(where_to(key))


@place.post("/tasks/<key>/draft/drop")
@signed_in
def drop(key: str) -> ResponseReturnValue:
    """Drop the draft of one act."""
    act = known_act()
    task = load_task(key, ACTS[act].can)
    if set(request.form) - BESIDES:
        abort(400)
    drop_draft(person().id, task.id, act)
    db.session.commit()
    flash(_("已放弃暂存的内容。"))
    return redirect(url_for("tasks.task", key=key) if "next" not in request.args else where_to(key))


def known_act() -> str:
    """The act in the address. Answers 404 to any other word."""
    act = request.args.get("act", "")
    if act not in FIELDS or act not in ACTS:
        abort(404)
    return act
