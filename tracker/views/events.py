"""The audit log: who did what to which object, from where, before and after. The auditor reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.events import note_export
from tracker.documents.csv_lines import MARK, csv_text
from tracker.forms.events import ExportForm
from tracker.models import Event, db
from tracker.models.engine import reading_only
from tracker.queries.events import EventFilters, events_before, events_count, events_page
from tracker.rules.clocks import YEARS
from tracker.rules.permissions import Can, Role
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs, person
from tracker.views.changes import LABELS
from tracker.views.query import asked_for
from tracker.views.words import word

place = Blueprint("events", __name__)

LONGEST_SEARCH = 100
FILTERS = ("act", "who", "subject", "result", "since", "until")
ROWS_AT_ONCE = 1000
COLUMNS = (
    _l("序号"),
    _l("时间"),
    _l("操作人"),
    _l("角色"),
    _l("单位"),
    _l("网络地址"),
    _l("操作"),
    _l("对象"),
    _l("结果"),
    _l("变化前"),
    _l("变化后"),
    _l("散列值"),
)
ACTS = {
    "sign_in": _l("登录"),
    "sign_out": _l("退出"),
    "sign_in_while_locked": _l("锁定期间尝试登录"),
    "lock_account": _l("密码连续错误，锁定用户名"),
    "throttle_address": _l("同一网络地址失败过多，暂停登录"),
    "change_password": _l("修改密码"),
    "end_session": _l("结束一处登录"),
    "end_sessions": _l("结束账号的所有登录"),
    "create_account": _l("新建账号"),
    "change_account": _l("更改账号"),
    "disable_account": _l("停用账号"),
    "enable_account": _l("启用账号"),
    "reset_password": _l("重置密码"),
    "ask_password_reset": _l("申请重置密码邮件"),
    "choose_password": _l("凭邮件重置密码"),
    "unlock_account": _l("解除锁定"),
    "grant_role": _l("授予角色"),
    "report": _l("填报进展"),
    "submit": _l("提交完成"),
    "verify": _l("核验销号"),
    "close_in_part": _l("部分完成销号"),
    "return": _l("退回"),
    "reopen": _l("重新打开"),
    "suspend": _l("中止"),
    "resume": _l("恢复"),
    "redate": _l("调整时限"),
    "undo": _l("撤回填报"),
    "withdraw": _l("撤销任务"),
    "restore": _l("恢复任务"),
    "accept_part": _l("签收任务"),
    "return_part": _l("单位退回推进办"),
    "ask_part_again": _l("再次交办"),
    "ask_extension": _l("申请延期"),
    "decide_extension": _l("批复延期申请"),
    "instruct": _l("批示"),
    "answer_instruction": _l("答复批示"),
    "urge": _l("催办"),
    "slip": _l("生成督办单"),
    "wait": _l("等待配合单位"),
    "wait_end": _l("结束等待"),
    "edit_task": _l("修改任务"),
    "assign": _l("调整分工"),
    "rhythm": _l("调整填报周期"),
    "create_unit": _l("新建单位"),
    "change_unit": _l("更改单位"),
    "disable_unit": _l("停用单位"),
    "enable_unit": _l("启用单位"),
    "delete_unit": _l("删除单位"),
    "merge_units": _l("合并单位"),
    "import_units": _l("导入单位和人员"),
    "set_duties": _l("指定联系人"),
    "name_handler": _l("指定经办人"),
    "change_profile": _l("更改本人资料"),
    "freeze_week": _l("印发周览"),
    "notice_overdue": _l("记录逾期"),
    "open_periods": _l("开启填报周期"),
    "store_plan": _l("保存方案"),
    "activate_plan": _l("启用方案"),
    "create_plan": _l("新建计划"),
    "edit_plan": _l("修改计划"),
    "close_plan": _l("结束计划"),
    "reopen_plan": _l("重新启用计划"),
    "delete_plan": _l("删除草稿"),
    "add_task": _l("添加任务"),
    "delete_task": _l("从草稿删除"),
    "store_school_years": _l("保存学校数据"),
    "resend_mail": _l("重发邮件"),
    "export_events": _l("导出审计日志"),
    "refuse_stranger": _l("拒绝未登录的请求"),
    Can.ANSWER.value: _l("答复"),
    Can.SEE_TASK.value: _l("查看任务"),
    Can.READ_TASK.value: _l("查看进展"),
    Can.SEE_OVERVIEW.value: _l("查看周览"),
    Can.SEE_INDICATORS.value: _l("查看指标"),
    Can.SEE_PROJECTS.value: _l("查看工程"),
    Can.SEE_OUTBOX.value: _l("查看发件箱"),
    Can.READ_MAIL.value: _l("查看邮件内容"),
    Can.MANAGE_ACCOUNTS.value: _l("管理账号"),
    Can.MANAGE_UNITS.value: _l("管理单位"),
    Can.GRANT_ROLES.value: _l("授予角色权限"),
    Can.READ_AUDIT.value: _l("查看审计日志"),
}
FACTS = {
    **LABELS,
    "document_number": _l("文号"),
    "issuer": _l("发文单位"),
    "issued_on": _l("发文日期"),
    "starts_on": _l("实施起"),
    "ends_on": _l("实施止"),
    "target_text": _l("目标期限（原文）"),
    "target_on": _l("目标期限（日期）"),
    "phases": _l("阶段"),
    "name": _l("姓名"),
    "role": _l("角色"),
    "email": _l("邮箱"),
    "units": _l("单位"),
    "phone": _l("已留电话"),
    "unit": _l("单位"),
    "full_name": _l("全称"),
    "kind": _l("类别"),
    "mailbox": _l("单位邮箱"),
    "aliases": _l("别名"),
    "members": _l("成员单位"),
    "handler": _l("经办人"),
    "people": _l("人员"),
    "tasks": _l("涉及的任务"),
    "disabled_at": _l("停用时间"),
    "sessions_ended": _l("结束的登录"),
    "reason": _l("原因"),
    "state": _l("状态"),
    "due_on": _l("时限"),
    "version": _l("版本"),
    "situation": _l("本周情况"),
    "text": _l("内容"),
    "leader_name": _l("批示领导"),
    "colour": _l("颜色"),
    "demand": _l("督办要求"),
    "answer_by": _l("办结时间"),
    "count": _l("数量"),
    "rhythm": _l("填报周期"),
    "parts": _l("每期次数"),
    "begins_on": _l("起算日"),
}


@place.record_once
def offer_words(state: Any) -> None:
    """Offer the words of events to their template."""
    app: Flask = state.app
    app.jinja_env.filters.update(act_word=act_word, role_word=role_word)
    app.jinja_env.globals.update(changes_of=changes_of)


@place.get("/events")
@needs(Can.READ_AUDIT)
def events() -> ResponseReturnValue:
    """The events that this auditor reads, newest first, filtered and in pages."""
    filters, kept = asked(request.args), asked_for(request.args, FILTERS)
    return render_template(
        "events/events.html",
        page=events_page(person().region, filters, request.args.get("page", 1, type=int)),
        filters=filters,
        kept=[(name, request.args[name]) for name in kept],
        acts=ACTS,
        address=lambda number: url_for("events.events", **kept, page=number),
    )


@place.post("/events/export")
@needs(Can.READ_AUDIT)
def export() -> ResponseReturnValue:
    """Every event that the filters find as a CSV file, newest first; that it was taken away is an event itself."""
    form = ExportForm()
    if not form.is_sent():
        raise BadRequest
    region, filters, moment = person().region, asked(request.form), clock.now()
    said = {"count": events_count(region, filters)} | {n: request.form[n] for n in FILTERS if request.form.get(n)}
    kept = note_export(actor(), region, said, moment)
    db.session.commit()
    name = _("审计日志-%(day)s.csv", day=clock.office_day(moment).isoformat())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(csv_pieces(app, region, filters, kept.id), mimetype="text/csv")
    # A header holds Latin letters alone: the Chinese name goes beside a plain one, as RFC 6266 says.
    plain = f"audit-{clock.office_day(moment).isoformat()}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"
    return answer


def csv_pieces(app: Flask, region: str, filters: EventFilters, number: int) -> Iterator[str]:
    """The file piece by piece, of the events before a number; the words are those of this request.

    Each piece asks in a reader's transaction of its own, so that a slow download holds up nobody.
    """
    acts, roles = {act: str(text) for act, text in ACTS.items()}, {role.value: word(role) for role in Role}
    results = {True: _("成功"), False: _("拒绝或失败")}
    first = MARK + csv_text([[str(title) for title in COLUMNS]])

    def line(event: Event) -> list[object]:
        return [
            event.id,
            clock.office_time(event.at).isoformat(timespec="seconds"),
            event.person_name,
            roles.get(event.role or ""),
            event.unit_name,
            event.address,
            acts.get(event.act, event.act),
            event.object_id,
            results[event.allowed],
            as_json(event.before),
            as_json(event.after),
            event.hash,
        ]

    def pieces() -> Iterator[str]:
        yield first
        last = number
        while last:
            with app.app_context(), reading_only():
                rows = [line(event) for event in events_before(region, filters, last, ROWS_AT_ONCE)]
            last = int(str(rows[-1][0])) if rows else 0
            yield csv_text(rows)

    return pieces()


def as_json(values: dict[str, Any] | None) -> str:
    """What an event says, in a form that other programs read."""
    return json.dumps(values, ensure_ascii=False) if values else ""


def asked(values: Mapping[str, str]) -> EventFilters:
    """The filters of an address or a form. Raises BadRequest for an act, a result or a day that does not exist."""

    def text(name: str) -> str:
        return values.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]

    act, result = text("act"), text("result")
    if act not in {"", *ACTS} or result not in {"", "allowed", "refused"}:
        raise BadRequest
    return EventFilters(
        act=act,
        who=text("who"),
        subject=text("subject"),
        allowed=None if not result else result == "allowed",
        since=_day(text("since")),
        until=_day(text("until")),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest from None
    if day.year not in YEARS:
        raise BadRequest
    return day


def act_word(act: str) -> str:
    """The word of an act; one without a word keeps its name in the code."""
    return str(ACTS.get(act, act))


def role_word(role: str | None) -> str:
    """The word of a role as it was kept."""
    return word(Role(role)) if role in set(Role) else ""


def changes_of(event: Event) -> list[tuple[str, str, str]]:
    """What an event says of its object: (fact, before, after) for whatever changed or was said."""
    before, after = event.before or {}, event.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return [
        (str(FACTS.get(name, name)), _written(before.get(name)), _written(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _written(value: Any) -> str:
    if value is None or value == []:
        return _("无")
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
