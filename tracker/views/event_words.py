"""The words of the audit log: what each act and each fact of an event is called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from tracker.models import Event, SchoolKind, Stage, Standing
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.permissions import Can, Role
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.changes import LABELS
from tracker.views.money_words import amount_text
from tracker.views.school_words import number_name
from tracker.views.words import word

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
    "expect": _l("预计完成"),
    "add_money": _l("记录资金"),
    "withdraw_money": _l("撤回资金记录"),
    "keep_facts": _l("登记参建单位和合同"),
    "move_site": _l("变更项目位置"),
    "confirm_links": _l("确认带来什么"),
    "add_link": _l("对应指标"),
    "change_link": _l("修改对应指标"),
    "remove_link": _l("删除对应指标"),
    "add_addition": _l("登记增加的数据"),
    "change_addition": _l("修改增加的数据"),
    "dismiss_addition": _l("不采用增加的数据"),
    "propose_links": _l("推荐对应指标和数据"),
    "set_node_list": _l("更改节点清单"),
    "reset_node_list": _l("节点清单恢复默认"),
    "add_photos": _l("上传照片"),
    "withdraw_photo": _l("撤下照片"),
    "plan_nodes": _l("拟定节点"),
    "add_node": _l("添加节点"),
    "rename_node": _l("节点改名"),
    "remove_node": _l("删除节点"),
    "move_node": _l("调整节点计划"),
    "expect_node": _l("节点预计完成"),
    "finish_node": _l("节点完成"),
    "undo_node": _l("撤销节点完成"),
    "add_handover": _l("增加分批交付"),
    "change_handover": _l("修改分批交付"),
    "hand_over": _l("登记学位交付"),
    "remove_handover": _l("删除分批交付"),
    "create_unit": _l("新建单位"),
    "change_unit": _l("更改单位"),
    "disable_unit": _l("停用单位"),
    "enable_unit": _l("启用单位"),
    "delete_unit": _l("删除单位"),
    "merge_units": _l("合并单位"),
    "import_units": _l("导入单位和人员"),
    "set_duties": _l("指定联系人"),
    "set_robot": _l("设置群机器人"),
    "test_robot": _l("发送群机器人测试消息"),
    "stop_robot": _l("停用群机器人"),
    "start_robot": _l("启用群机器人"),
    "remove_robot": _l("删除群机器人"),
    "name_handler": _l("指定经办人"),
    "change_profile": _l("更改本人资料"),
    "change_reminders": _l("更改提醒设置"),
    "reset_reminders": _l("提醒设置恢复默认"),
    "set_quiet_days": _l("设置静默日"),
    "remove_quiet_days": _l("取消静默日"),
    "freeze_week": _l("冻结周览"),
    "freeze_again": _l("重新冻结周览"),
    "word_week": _l("修改周览文字"),
    "sign_week": _l("签发周览"),
    "mark_read": _l("阅周览"),
    "notice_overdue": _l("记录逾期"),
    "accept_clock": _l("确认系统时间正确"),
    "open_periods": _l("开启填报周期"),
    "store_plan": _l("保存计划"),
    "activate_plan": _l("启用计划"),
    "create_plan": _l("新建计划"),
    "edit_plan": _l("修改计划"),
    "close_plan": _l("结束计划"),
    "reopen_plan": _l("重新启用计划"),
    "delete_plan": _l("删除草稿"),
    "add_task": _l("添加任务"),
    "delete_task": _l("从草稿删除"),
    "say_value": _l("填报县级数值"),
    "check_value": _l("核定县级数值"),
    "withdraw_value": _l("撤回县级数值"),
    "import_project_rows": _l("从 Excel 导入节点和资金"),
    "import_projects": _l("导入节点和资金文件"),
    "import_school_years": _l("导入学校数据"),
    "store_school_years": _l("保存学校数据"),
    "create_school": _l("新建学校"),
    "change_school": _l("更改学校"),
    "enter_school_year": _l("填报学校数据"),
    "check_school_year": _l("核定学校数据"),
    "set_enrolments": _l("填报预计在校生"),
    "resend_mail": _l("重发邮件"),
    "take_out_mail": _l("撤下待发邮件"),
    "clear_address": _l("重新启用邮箱"),
    "hold_mail": _l("暂停发送邮件"),
    "release_mail": _l("恢复发送邮件"),
    "notice_restore": _l("发现数据库由备份恢复"),
    "enter_calendar_days": _l("录入工作日历"),
    "remove_calendar_days": _l("移除工作日历"),
    "export_events": _l("导出审计日志"),
    "export_binder": _l("导出迎检材料"),
    "copy_framework": _l("复制评估标准"),
    "create_framework": _l("新建评估标准"),
    "change_framework": _l("调整评估标准"),
    "add_framework_item": _l("添加评估指标"),
    "change_framework_item": _l("调整评估指标"),
    "remove_framework_item": _l("移除评估指标"),
    "delete_framework": _l("删除评估标准"),
    "choose_framework": _l("选定计划的评估标准"),
    "refuse_stranger": _l("拒绝未登录的请求"),
    Can.ANSWER.value: _l("答复"),
    Can.EXPORT.value: _l("导出"),
    Can.EDIT_FRAMEWORK.value: _l("调整评估标准"),
    Can.SEE_TASK.value: _l("查看任务"),
    Can.READ_TASK.value: _l("查看进展"),
    Can.SEE_OVERVIEW.value: _l("查看周览"),
    Can.SEE_INDICATORS.value: _l("查看指标"),
    Can.ENTER_FIGURES.value: _l("填报数据"),
    Can.CHECK_FIGURES.value: _l("核定数据、管理学校"),
    Can.SEE_PROJECTS.value: _l("查看工程"),
    Can.EDIT_NODE_LISTS.value: _l("更改节点清单"),
    Can.SEE_OUTBOX.value: _l("查看发件箱"),
    Can.READ_MAIL.value: _l("查看邮件内容"),
    Can.MANAGE_ACCOUNTS.value: _l("管理账号"),
    Can.MANAGE_UNITS.value: _l("管理单位"),
    Can.GRANT_ROLES.value: _l("授予角色权限"),
    Can.EDIT_REMINDERS.value: _l("更改提醒设置"),
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
    "robot": _l("群机器人"),
    "signed": _l("启用加签"),
    "aliases": _l("别名"),
    "members": _l("成员单位"),
    "handler": _l("经办人"),
    "people": _l("人员"),
    "tasks": _l("涉及的任务"),
    "disabled_at": _l("停用时间"),
    "sentence": _l("一句话"),
    "asks": _l("请领导决定"),
    "week_on": _l("所属周（周一）"),
    "cut_off_at": _l("数据截至"),
    "sessions_ended": _l("结束的登录"),
    "reason": _l("原因"),
    "state": _l("状态"),
    "due_on": _l("时限"),
    "expected_on": _l("预计完成"),
    "node": _l("节点"),
    "photos": _l("照片"),
    "taken_on": _l("拍摄日期"),
    "caption": _l("说明"),
    "nodes": _l("节点"),
    "planned_on": _l("计划日期"),
    "done_on": _l("完成日期"),
    "moved": _l("顺延的节点"),
    "seats": _l("学位"),
    "classes": _l("班数"),
    "stage": _l("学段"),
    "handed_on": _l("交付日期"),
    "links": _l("对应指标"),
    "additions": _l("增加的数据"),
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
    "address": _l("邮箱"),
    "given_up": _l("不再发送的邮件"),
    "regions": _l("地区"),
    "days_off": _l("放假"),
    "days_worked": _l("上班"),
    "note": _l("说明"),
    "days_before": _l("时限前提醒（天）"),
    "day_after": _l("逾期后第几天提醒"),
    "repeat_every": _l("此后每隔几天提醒"),
    "head_after": _l("逾期满几天报单位负责人"),
    "decide_after": _l("逾期满几天提请领导决定"),
    "sends_at": _l("每日汇总发送时间"),
    "leaders_at": _l("领导周览邮件发送时间"),
    "first_on": _l("开始日期"),
    "framework": _l("评估标准"),
    "origin": _l("复制自"),
    "needed": _l("学校单元至少达标项数"),
    "floor": _l("其余各项的下限"),
    "least_students": _l("教学点计入的最少学生数"),
    "weighting": _l("差异系数的权重"),
    "weights": _l("分摊权重"),
    "pass_points": _l("B 类通过分数"),
    "vetoes": _l("一票否决事项"),
    "grade": _l("等级"),
    "points": _l("分值"),
    "conditions": _l("标准值"),
    "items": _l("指标"),
    "group": _l("指标类别"),
    "files": _l("文件"),
    "amiss": _l("缺失或不一致的文件"),
    "last_on": _l("结束日期"),
    "school": _l("学校"),
    "school_name": _l("校名"),
    "school_kind": _l("类别"),
    "town": _l("所在乡镇"),
    "entering_unit": _l("填报单位"),
    "opened_on": _l("启用日期"),
    "closed_on": _l("撤并日期"),
    "year": _l("学年"),
    "counted_on": _l("统计日期"),
    "standing": _l("数据状态"),
    "source": _l("来源"),
    "jumps_explained": _l("情况说明"),
    "exceptions": _l("单独说明的数据"),
    "figure": _l("数值编号"),
    "value": _l("数值"),
    "on": _l("哪一天的情况"),
    "said_by_unit": _l("填报单位"),
    "schools": _l("学校"),
    "numbers": _l("数"),
    "hash": _l("文件校验值"),
    "entry": _l("资金记录编号"),
    "money_kind": _l("资金类别"),
    "amount_yuan": _l("金额"),
    "money_on": _l("到位或支付日期"),
    "for_year": _l("计划年度"),
    "money_source": _l("资金来源"),
    "payee": _l("收款单位"),
    "owner": _l("建设单位"),
    "contractor": _l("施工单位"),
    "supervisor": _l("监理单位"),
    "contract_yuan": _l("合同金额"),
    "contract_from": _l("合同开工日期"),
    "contract_until": _l("合同竣工日期"),
    "first_site": _l("原定位置"),
    "projects": _l("工程项目"),
    "entries": _l("资金记录"),
}
# Facts that are kept as a value of the rules, which has a word.
VALUES: Mapping[str, type[StrEnum]] = {
    "standing": Standing,
    "stage": Stage,
    "school_kind": SchoolKind,
    "money_kind": MoneyKind,
    "money_source": MoneySource,
}
AMOUNTS = {"amount_yuan", "contract_yuan"}
TIMETABLE = "light"  # four days from which the light of any day is computed: nobody said them


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, act_word=act_word, role_word=role_word)
    app.jinja_env.globals.update(changes_of=changes_of)


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
        (fact_word(name), _written(name, before.get(name)), _written(name, after.get(name)))
        for name in names
        if before.get(name) != after.get(name) and name != TIMETABLE
    ]


def fact_word(name: str) -> str:
    """What a fact is called; a number of a school has its own words."""
    return str(FACTS[name]) if name in FACTS else number_name(name)


def _written(name: str, value: Any) -> str:
    if value is None or value == []:
        return _("无")
    if name in VALUES and value in set(VALUES[name]):
        return word(VALUES[name](value))
    if name in AMOUNTS and isinstance(value, int):
        return amount_text(value)
    return _("、").join(map(str, value)) if isinstance(value, list) else str(value)
