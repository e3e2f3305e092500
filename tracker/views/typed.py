"""What a person typed into a form of a task: shown again where it was refused, carried through a new sign-in."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from tracker.forms.base import clean_text
from tracker.forms.issues import PLACES
from tracker.forms.sign_in import SignInForm
from tracker.rules.appraisals import STORED
from tracker.translations import lazy as _l
from tracker.views import typed_figures

LADDER = ("days_before", "day_after", "repeat_every", "head_after", "decide_after", "sends_at", "leaders_at")
ISSUE_WORDS = ("sentence", *(f"{name}_{place}" for place in PLACES for name in ("about", "ask")))
# The forms that people write in, and their fields; no password, token or file is among them.
FIELDS: dict[str, tuple[str, ...]] = {
    "tasks.report": ("situation", "unit", "text", "quantity", "progress", "no_evidence_reason"),
    "tasks.send_back": ("reason",),
    "tasks.close_in_part": ("reason",),
    "periods.set_rhythm": ("rhythm", "parts", "begins_on", "reason"),
    "tasks.redate": ("due_on", "reason"),
    "tasks.reopen": ("reason",),
    "tasks.suspend": ("reason",),
    "tasks.resume": ("reason",),
    "slips.draw_up": ("colour", "demand", "answer_by"),
    "slips.slip": ("colour", "demand", "answer_by"),
    "handlers.name": ("handler",),
    "instructions.instruct": ("leader_name", "instruction"),
    "instructions.answer": ("about", "unit", "answer"),
    "plan_tasks.withdraw": ("reason",),
    "plan_tasks.restore": ("reason",),
    "receipts.return_part": ("unit", "reason"),
    "receipts.ask_again": ("unit", "reason"),
    "extensions.ask": ("unit", "wanted_on", "reason", "work_state"),
    "extensions.decide": ("decision", "shortened_to", "opinion"),
    "waits.wait": ("unit", "by_unit", "since", "reason"),
    "expectations.expect": ("expected_on", "reason"),
    "links.add_link": ("indicator", "condition", "reason"),
    "links.change_link": ("about", "condition", "reason"),
    "links.remove_link": ("about", "reason"),
    "links.add_addition": ("figure", "school", "stage", "amount", "from_on", "reason"),
    "links.change_addition": ("about", "figure", "school", "stage", "amount", "from_on", "reason"),
    "links.dismiss_addition": ("about", "reason"),
    "county_values.say": ("region", "framework", "number", "yes", "on", "source", "standing", "unit", "note"),
    "appraisals.raise_objection": ("objection",),
    "appraisals.answer_objection": ("about", "decision", "opinion", *(figure.value for figure in STORED)),
    "photos.add": ("taken_on", "caption"),
    "nodes.plan": ("rows", "reason"),
    "nodes.add": ("name", "planned_on", "after"),
    "nodes.rename": ("about", "name"),
    "nodes.move": ("about", "planned_on", "following", "reason"),
    "nodes.expect": ("about", "expected_on", "reason"),
    "nodes.finish": ("about", "done_on", "note"),
    "nodes.undo": ("about", "reason"),
    "handovers.add": ("part", "seats", "classes", "planned_on", "expected_on", "note"),
    "handovers.change": ("about", "seats", "classes", "planned_on", "expected_on", "note"),
    "handovers.hand_over": ("about", "handed_on", "reason"),
    "handovers.remove": ("about", "reason"),
    "money.add": ("kind", "amount", "on", "source", "payee", "for_year", "note"),
    "money.withdraw": ("entry", "reason"),
    "project_facts.keep": (
        *("owner", "contractor", "supervisor"),
        *("contract_yuan", "contract_from", "contract_until"),
    ),
    "project_facts.move_site": ("site", "town", "reason"),
    "issue_acts.word": ISSUE_WORDS,
    "issue_acts.sign": ISSUE_WORDS,
    "ladders.save": LADDER,
    "ladders.preview": LADDER,
    "ladders.set_quiet": ("first_on", "last_on", "note"),
}
# These stand on a page of their own, not on that of a task.
LADDER_FIELDS = {
    "days_before": _l("时限前提醒（天）"),
    "day_after": _l("逾期后第几天提醒"),
    "repeat_every": _l("此后每隔几天提醒"),
    "head_after": _l("逾期满几天报单位负责人"),
    "decide_after": _l("逾期满几天提请领导决定"),
    "sends_at": _l("每日汇总发送时间"),
    "leaders_at": _l("领导周览邮件发送时间"),
    "first_on": _l("开始日期"),
    "last_on": _l("结束日期"),
    "note": _l("事由"),
}
ISSUE_FORMS = {"issue_acts.word", "issue_acts.sign"}
ISSUE_FIELDS = {"sentence": _l("一句话")} | {
    f"ask_{place}": _l("请领导决定（%(place)d）", place=place) for place in PLACES
}
VALUE_FIELDS = {
    "number": _l("数值"),
    "on": _l("哪一天的情况"),
    "source": _l("数据来源"),
    "note": _l("说明"),
}
VALUE_FORM = "county_values.say"
# What the forms on the page of a building project call otherwise than those of a task.
PROJECT_FIELDS = {
    "money.add": {
        "amount": _l("金额（万元）"),
        "on": _l("到位或支付日期"),
        "payee": _l("收款单位"),
        "for_year": _l("计划年度"),
        "note": _l("备注"),
    },
    "project_facts.keep": {
        "owner": _l("建设单位"),
        "contractor": _l("施工单位"),
        "supervisor": _l("监理单位"),
        "contract_yuan": _l("合同金额（万元）"),
        "contract_from": _l("合同开工日期"),
        "contract_until": _l("合同竣工日期"),
    },
    "project_facts.move_site": {"site": _l("现在的位置"), "town": _l("乡镇"), "reason": _l("理由")},
}
# The places of forms that stand on the page of a building project.
PROJECT_PLACES = ("nodes.", "money.", "handovers.", "photos.", "project_facts.")
# What the two forms of an appraisal call what is written in them; they stand on the page of a unit's row.
APPRAISAL_FIELDS = {"objection": _l("异议内容"), "opinion": _l("答复意见")}
APPRAISAL_FORMS = {"appraisals.raise_objection", "appraisals.answer_objection"}
LADDER_FORMS = {"ladders.save", "ladders.preview", "ladders.set_quiet"}
# The words of these are shown to be copied; they are too many to be carried.
SHOWN_FIELDS = {
    "title": _l("标题"),
    "number": _l("编号"),
    "section": _l("所属部分"),
    "document_number": _l("文号"),
    "issuer": _l("发文单位"),
    "target_text": _l("目标期限（原文）"),
    "requirement": _l("要求"),
    "deadline": _l("时限（照方案原文）"),
    "lead": _l("牵头单位"),
    "responsible": _l("责任单位"),
    "cooperating": _l("配合单位"),
    "officials": _l("责任领导"),
    "indicators": _l("对应指标"),
    "no_indicator": _l("不对应指标的原因"),
    "evidence": _l("要交的佐证"),
    "rows": _l("任务行"),
    "names": _l("节点名称"),
    "reason": _l("理由"),
    "text": _l("催办内容"),
    "name": _l("名称"),
    "full_name": _l("全称"),
    "mailbox": _l("单位邮箱"),
    "aliases": _l("别名"),
    "town": _l("所在乡镇"),
    "explained": _l("变化原因"),
    "group": _l("类别"),
    "grade": _l("等级"),
    "points": _l("分值"),
    "parts": _l("要求（逐条评的填，空行不计）"),
    "vetoes": _l("一票否决事项，每行一项"),
    "addressee": _l("主送"),
    "reported_to": _l("报"),
    "sent_to": _l("送"),
    "issued_to": _l("发"),
    "opening": _l("开头"),
    "overall": _l("总体情况"),
    "progress": _l("本期进展"),
    "decisions": _l("需要领导决定"),
    "problems": _l("存在问题"),
    "demands": _l("下步要求"),
    "pasted": _l("粘贴的文字"),
    "pieces": _l("拆成的各项"),
    "other_deadlines": _l("其他时限"),
}
FRAMEWORK_FORMS = (
    *("frameworks.create", "frameworks.copy"),
    *("framework_changes.terms", "framework_changes.item", "framework_changes.new_item"),
)
# Where they stand: the page that leads to the form again.
SHOWN_FORMS = {
    **dict.fromkeys(("plans.create", "plans.edit", "plans.close", "plans.reopen"), "plans.plans"),
    **dict.fromkeys(("plan_tasks.add", "plan_tasks.add_many", "plan_tasks.edit"), "plans.plans"),
    **dict.fromkeys(("ledger.redate", "ledger.set_rhythm", "urges.urge"), "tasks.ledger"),
    **dict.fromkeys(("units.create", "units.change"), "units.units"),
    **dict.fromkeys(("schools.create", "schools.change"), "schools.schools"),
    "school_sheets.confirm": "school_sheets.upload",
    **dict.fromkeys(("imports.create", "imports.head"), "imports.taken_in"),
    **dict.fromkeys(("import_rows.edit", "import_rows.add", "import_rows.split"), "imports.taken_in"),
    "node_lists.save": "node_lists.node_lists",
    **dict.fromkeys(("bulletins.save", "bulletins.settle"), "bulletins.bulletins"),
    **dict.fromkeys(FRAMEWORK_FORMS, "frameworks.frameworks"),
}
# The week's table holds the words of many tasks; they are shown as one text, each below the other.
WEEK_FORM = "work.report_week"
LONGEST_TYPED = 8 * 1024  # bytes of one form that are carried at all
# A browser keeps a cookie of about 4 kB, and this word lies in it together with the session.
LONGEST_CARRIED = 3000
CARRIED_SECONDS = 24 * 3600
CARRIED = "typed"


@dataclass(frozen=True)
class Typed:
    """The words of one form: which act on which task, and the value of each field."""

    act: str
    key: str
    values: Mapping[str, str]

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """(name, label, text) of what was written, not of what was chosen."""
        labels = {
            "due_on": _("新时限"),
            "quantity": _("完成数量"),
            "progress": _("形象进度（%）"),
            "no_evidence_reason": _("暂无佐证的原因"),
            "wanted_on": _("申请延至"),
            "shortened_to": _("缩短至"),
            "since": _("自何日起"),
            "expected_on": _("预计完成"),
            "rows": _("节点"),
            "name": _("节点名称"),
            "planned_on": _("计划日期"),
            "taken_on": _("拍摄日期"),
            "caption": _("照片说明"),
            "done_on": _("完成日期"),
            "seats": _("学位"),
            "classes": _("班数"),
            "handed_on": _("交付日期"),
            "note": _("说明"),
            "school": _("学校"),
            "amount": _("数量"),
            "from_on": _("最早自何日起算"),
            "reason": _("理由"),
            "work_state": _("目前进展"),
            "opinion": _("批复意见"),
            "text": _("做了什么、下一步、卡在哪里"),
            "leader_name": _("批示领导"),
            "demand": _("督办要求"),
            "instruction": _("批示内容"),
            "answer": _("答复内容"),
        }
        if self.act in SHOWN_FORMS:
            labels = {name: str(label) for name, label in SHOWN_FIELDS.items()}
        if self.act in LADDER_FORMS:
            labels = {name: str(label) for name, label in LADDER_FIELDS.items()}
        if self.act in typed_figures.FORMS:
            labels = typed_figures.labels(self.values)
        if self.act in APPRAISAL_FORMS:
            labels = {name: str(label) for name, label in APPRAISAL_FIELDS.items()}
        if self.act in PROJECT_FIELDS:
            labels = {name: str(label) for name, label in PROJECT_FIELDS[self.act].items()}
        if self.act in ISSUE_FORMS:
            labels = {name: str(label) for name, label in ISSUE_FIELDS.items()}
        if self.act == VALUE_FORM:
            labels = {name: str(label) for name, label in VALUE_FIELDS.items()}
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
