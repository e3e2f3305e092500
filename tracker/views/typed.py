"""What a person typed into a form of a task: shown again where it was refused, carried through a new sign-in."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from tracker.forms.base import clean_text
from tracker.forms.sign_in import SignInForm
from tracker.views import typed_figures
from tracker.views.typed_fields import (
    APPRAISAL_FORMS,
    FIELDS,
    FRAMEWORK_FORMS,
    ISSUE_FORMS,
    LADDER_FORMS,
    PROJECT_PLACES,
    SHOWN_FORMS,
    VALUE_FORM,
)
from tracker.views.typed_labels import PROJECT_FIGURES, SHOWN_FIELDS, labels_of

# The week's table holds the words of many tasks; they are shown as one text, each below the other.
WEEK_FORM = "work.report_week"
LONGEST_TYPED = 8 * 1024  # bytes of one form that are carried at all
# A browser keeps a cookie of about 4 kB, and this word lies in it together with the session.
LONGEST_CARRIED = 3000
CARRIED_SECONDS = 24 * 3600
CARRIED = "typed"
SCHOOL_FIELD = re.compile(r"project-schools-(?P<row>\d{1,3})-(?:name|seats|classes)")
UNIT_FIELD = re.compile(r"names-\d{1,4}-(?:other|new_name)")


@dataclass(frozen=True)
class Typed:
    """The words of one form: which act on which task, and the value of each field."""

    act: str
    key: str
    values: Mapping[str, str]

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """(name, label, text) of what was written, not of what was chosen."""
        labels = labels_of(self.act, self.values)
        return [(name, label, self.values[name]) for name, label in labels.items() if self.values.get(name)]

    @property
    def is_only_shown(self) -> bool:
        """Whether the words are too many to be carried, so that they are shown to be copied."""
        return self.act in SHOWN_FORMS or self.act == WEEK_FORM

    @property
    def is_of_task(self) -> bool:
        """Whether the form stands on the page of a task."""
        return has_draft(self.act)

    @property
    def place(self) -> str:
        """The page where the form stands."""
        if self.act == WEEK_FORM:
            return url_for("work.week")
        if self.act in LADDER_FORMS:
            return url_for("ladders.ladder")
        if self.act in typed_figures.FORMS:
            return typed_figures.place_of(self.act, self.key)
        if self.act == VALUE_FORM:
            address: dict[str, Any] = {name: self.values.get(name) for name in ("region", "framework")}
            return url_for("county_values.figure", figure=self.key, **address)
        if self.act in ISSUE_FORMS:
            return url_for("issue_acts.words", number=self.key)
        if self.act in APPRAISAL_FORMS:
            return url_for("appraisals.line", line_id=int(self.key))
        if self.act.startswith(PROJECT_PLACES):
            return url_for("projects.project", key=self.key)
        if self.act == "plan_tasks.edit":
            return url_for("plan_tasks.edit", key=self.key)
        if self.act.startswith("import") and self.key.isdigit():
            return url_for("imports.tasks", number=int(self.key))
        if self.act in SHOWN_FORMS:
            return url_for(SHOWN_FORMS[self.act])
        return url_for("tasks.task", key=self.key, report=1 if self.act == "tasks.report" else None)


def typed_now() -> Typed | None:
    """What this request says in a form of a task, None when it says nothing; never raises.

    A request from another site is not heard: nobody may put words on our pages into somebody else's mouth.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    try:
        sent = request.form
    except HTTPException:
        return None  # the form was too large to be read
    if request.endpoint == "sign_in.sign_in":
        return opened(sent.get(CARRIED))
    # A draft is saved in the name of the act whose form it is.
    act = drafted() if request.endpoint == "drafts.save" else request.endpoint or ""
    names = FIELDS.get(act, tuple(SHOWN_FIELDS) if request.endpoint in SHOWN_FORMS else ())
    values = {name: clean_text(sent[name]) for name in names if sent.get(name)}
    if act in FRAMEWORK_FORMS and (parts := words_of_parts(sent)):
        values["parts"] = parts
    if act in SHOWN_FORMS:
        values |= {name: text for name, words in GATHERED.items() if (text := words(sent))}
    named = request.view_args or {}
    keys = (named[name] for name in ("key", "figure", "number", "line_id") if name in named)
    key = str(next(keys, ""))
    if act == WEEK_FORM:
        values = {"text": words_of_week(sent)}
    if act in typed_figures.FORMS:
        values = {name: clean_text(sent[name]) for name in typed_figures.typed_names(act, sent) if sent.get(name)}
        key = typed_figures.key_of(act, named)
    typed = Typed(act, key, values)
    return typed if typed.words else None


def drafted() -> str:
    """The act that a draft is of, by the address; empty for one that is not of a task."""
    act = request.args.get("act", "")
    return act if has_draft(act) else ""


def has_draft(act: str) -> bool:
    """Whether the form of an act stands on the page of a task, the only one that brings drafts back."""
    elsewhere = LADDER_FORMS | APPRAISAL_FORMS | ISSUE_FORMS | {VALUE_FORM}
    return act in FIELDS and act not in elsewhere and not act.startswith(PROJECT_PLACES)


def words_of_week(sent: Mapping[str, str]) -> str:
    """What was written into the week's table: a line for each task, behind its key."""
    said = {name.removesuffix(":text"): clean_text(text) for name, text in sent.items() if name.endswith(":text")}
    return "\n".join(f"{key}：{text}" for key, text in said.items() if text)


def words_of_parts(sent: Mapping[str, str]) -> str:
    """What was written into the parts of an item: a line for each."""
    said = (clean_text(text) for name, text in sent.items() if name.startswith("parts-") and name.endswith("-text"))
    return "\n".join(text for text in said if text)


def words_of_project(sent: Mapping[str, str]) -> str:
    """What was typed of a building project: a line for each figure, one for each school."""
    typed = [(label, clean_text(sent.get(f"project-{name}", ""))) for name, label in PROJECT_FIGURES.items()]
    said = [f"{label}：{text}" for label, text in typed if text]
    schools: dict[str, list[str]] = {}
    for name, text in sent.items():
        if (found := SCHOOL_FIELD.fullmatch(name)) and text:
            schools.setdefault(found["row"], []).append(clean_text(text))
    return "\n".join([*said, *(" ".join(each) for each in schools.values())])


def words_of_names(sent: Mapping[str, str]) -> str:
    """The names of units that were typed beside those of a document: a line for each."""
    said = (clean_text(text) for name, text in sent.items() if UNIT_FIELD.fullmatch(name))
    return "\n".join(text for text in said if text)


# Words of many fields that are shown as one text, each below the other.
GATHERED = {"project": words_of_project, "units": words_of_names}


def is_carriable(values: Mapping[str, str]) -> bool:
    """Whether the words of a form are few enough to be kept beside the data."""
    return sum(len(value.encode()) for value in values.values()) <= LONGEST_TYPED


def sealed(typed: Typed) -> str:
    """The words as a signed word for a hidden field; empty when they are too long to be carried."""
    if typed.is_only_shown or not is_carriable(typed.values):
        return ""
    word = str(_signer().dumps([typed.act, typed.key, dict(typed.values)]))
    return word if len(word) <= LONGEST_CARRIED else ""


def opened(word: str | None) -> Typed | None:
    """The words of a signed word of ours from the last 24 hours, None for anything else."""
    if not word:
        return None
    try:
        act, key, values = _signer().loads(word, max_age=CARRIED_SECONDS)
    except BadSignature:
        return None
    return Typed(act, key, values)


def hand_over(word: str | None) -> None:
    """Keep the words of a signed word in the session for the next page of a task."""
    typed = opened(word)
    if typed:
        session[CARRIED] = [typed.act, typed.key, dict(typed.values)]


def taken(key: str, acts: Container[str]) -> Typed | None:
    """The words that a sign-in has carried to this thing, for one of the acts of a page; handed over once.

    Words of another page's act stay where they are: a task and its project share a key.
    """
    carried = session.get(CARRIED)
    typed = Typed(*carried) if carried else None
    if typed is None or typed.act not in acts:
        return None
    session.pop(CARRIED)
    return typed if typed.key == key else None


def sign_in_again(typed: Typed) -> ResponseReturnValue:
    """401: the session has ended; the words stand on the page beside a sign-in form that carries them on."""
    word = sealed(typed)
    files = any(upload.filename for upload in request.files.values()) or bool(request.form.get("kept"))
    form = SignInForm(formdata=None, next=typed.place, typed=word)
    return render_template("sign_in/ended.html", form=form, typed=typed, carried=bool(word), files=files), 401


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="typed-words")
