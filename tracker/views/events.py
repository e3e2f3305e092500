"""The audit log: who did what to which object, from where, before and after. The auditor reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker.models import Event
from tracker.queries.events import EventFilters, events_page
from tracker.rules.clocks import YEARS
from tracker.rules.permissions import Can, Role
from tracker.translations import lazy as _l
from tracker.views.access import needs, person
from tracker.views.query import asked_for
from tracker.views.words import word

place = Blueprint("events", __name__)

LONGEST_SEARCH = 100
FILTERS = ("act", "who", "subject", "result", "day")
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
    "set_duties": _l("指定联系人"),
    "name_handler": _l("指定经办人"),
    "change_profile": _l("更改本人资料"),
    "freeze_week": _l("印发周览"),
    "notice_overdue": _l("记录逾期"),
    "store_plan": _l("保存方案"),
    "activate_plan": _l("启用方案"),
    "store_school_years": _l("保存学校数据"),
    "resend_mail": _l("重发邮件"),
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
    "tasks": _l("涉及的任务"),
    "disabled_at": _l("停用时间"),
    "sessions_ended": _l("结束的登录"),
    "reason": _l("原因"),
    "state": _l("状态"),
    "due_on": _l("时限"),
    "version": _l("版本"),
    "situation": _l("本周情况"),
    "text": _l("内容"),
    "count": _l("数量"),
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
    filters, kept = asked(), asked_for(request.args, FILTERS)
    return render_template(
        "events/events.html",
        page=events_page(person().region, filters, request.args.get("page", 1, type=int)),
        filters=filters,
        acts=ACTS,
        address=lambda number: url_for("events.events", **kept, page=number),
    )


def asked() -> EventFilters:
    """The filters of the address. Raises BadRequest for an act, a result or a day that does not exist."""
    act, result = _text("act"), _text("result")
    if act not in {"", *ACTS} or result not in {"", "allowed", "refused"}:
        raise BadRequest
    allowed = None if not result else result == "allowed"
    return EventFilters(act=act, who=_text("who"), subject=_text("subject"), allowed=allowed, day=_day(_text("day")))


def _text(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


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
