"""The words of the interface for the values of the rules, and how dates and numbers are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from flask import Flask

from tracker import clock
from tracker.models import (
    AppraisalState,
    AssignmentRole,
    BulletinKind,
    BulletinState,
    Duty,
    ImportState,
    IssueState,
    LinkState,
    MailState,
    PlanState,
    ProjectCategory,
    RobotKind,
    SchoolKind,
    Situation,
    Stage,
    Standing,
    Task,
    TaskKind,
    UnitKind,
    Wait,
)
from tracker.queries.columns import Column
from tracker.queries.comparison import Mark
from tracker.queries.imports import Reading
from tracker.queries.ledger import Due
from tracker.queries.rows import TaskRow
from tracker.rules.deadlines import Doubt, Precision
from tracker.rules.extensions import Decision
from tracker.rules.frozen_indicators import Standing as IndicatorStanding
from tracker.rules.issue_reasons import Facet, Reason
from tracker.rules.late_entries import LateKind
from tracker.rules.lifecycle import Act, State
from tracker.rules.lights import SOON_DAYS, Light, LightRule, missed
from tracker.rules.measures import Finding
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.permissions import Role
from tracker.rules.reading.papers import PaperKind
from tracker.rules.receipts import Verdict
from tracker.rules.rhythms import Period, Rhythm
from tracker.rules.schedules import NodesAsked
from tracker.rules.strips import Sign
from tracker.translations import ENGLISH, chosen_language, ngettext, offer_filters
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

LIGHTS = {
    Light.OVERDUE: _l("逾期"),
    Light.SOON: _l("临期／落后"),
    Light.NORMAL: _l("正常"),
    Light.CLOSED: _l("已销号"),
    Light.NOT_DUE: _l("未到期／长期"),
    Light.REDATE: _l("待重定时限"),
    Light.SUSPENDED: _l("已中止"),
}
STATES = {
    State.NOT_STARTED: _l("未启动"),
    State.IN_PROGRESS: _l("推进中"),
    State.SUBMITTED: _l("待核验"),
    State.CLOSED: _l("已销号"),
    State.SUSPENDED: _l("已中止"),
}
# What people do to a task; taking back a report is offered beside the report alone.
ACTS = {
    Act.REPORT: _l("更新进展"),
    Act.SUBMIT: _l("提交核验"),
    Act.VERIFY: _l("核验通过，销号"),
    Act.CLOSE_IN_PART: _l("按已完成部分销号"),
    Act.RETURN: _l("退回修改"),
    Act.REOPEN: _l("重新打开"),
    Act.SUSPEND: _l("中止任务"),
    Act.RESUME: _l("恢复推进"),
    Act.UNDO: _l("撤回进展"),
    Act.UNDO_FIRST: _l("撤回进展"),
    Act.WITHDRAW: _l("撤销任务"),
    Act.RESTORE: _l("恢复任务"),
}
KINDS = {
    TaskKind.MEASURE: _l("措施"),
    TaskKind.INDICATOR_DUTY: _l("指标责任"),
    TaskKind.PROJECT: _l("工程项目"),
    TaskKind.POLICY_DOCUMENT: _l("政策文件"),
}
ASSIGNMENT_ROLES = {
    AssignmentRole.LEAD: _l("牵头单位"),
    AssignmentRole.RESPONSIBLE: _l("责任单位"),
    AssignmentRole.COOPERATING: _l("配合单位"),
}
SITUATIONS = {
    Situation.ON_PLAN: _l("按计划推进"),
    Situation.NO_CHANGE: _l("本周无变化"),
    Situation.DIFFICULTY: _l("有困难"),
    Situation.DONE: _l("已完成"),
}
VERDICTS = {
    Verdict.ACCEPTED: _l("已签收"),
    Verdict.RETURNED: _l("已退回推进办"),
    Verdict.ASKED_AGAIN: _l("推进办再次交办"),
}
DECISIONS = {Decision.GRANTED: _l("同意延期"), Decision.SHORTENED: _l("缩短后同意"), Decision.REFUSED: _l("不同意延期")}
DUTIES = {Duty.STAFF: _l("经办人"), Duty.CONTACT: _l("联系人"), Duty.DEPUTY: _l("副联系人"), Duty.HEAD: _l("负责人")}
RHYTHMS = {
    Rhythm.WEEKLY: _l("每周"),
    Rhythm.MONTHLY: _l("每月"),
    Rhythm.QUARTERLY: _l("每季度"),
    Rhythm.HALF_YEARLY: _l("每半年"),
    Rhythm.YEARLY: _l("每年"),
    Rhythm.SCHOOL_YEAR: _l("每学年"),
    Rhythm.ONCE: _l("一次"),
}
ROLES = {
    Role.ADMINISTRATOR: _l("系统管理员"),
    Role.SECURITY_ADMINISTRATOR: _l("安全管理员"),
    Role.PLAN_OFFICE: _l("推进办"),
    Role.UNIT_STAFF: _l("单位经办人"),
    Role.LEADER: _l("领导小组"),
    Role.AUDITOR: _l("审计员"),
}
CATEGORIES = {
    ProjectCategory.NEW: _l("新建"),
    ProjectCategory.EXPANSION: _l("扩容改造"),
    ProjectCategory.UPGRADE: _l("提质"),
    ProjectCategory.INFORMATIZATION: _l("教育信息化"),
}
SIGNS = {
    Sign.PLANNED: _l("计划日"),
    Sign.DONE: _l("已完成"),
    Sign.OVERDUE: _l("已过计划日期"),
    Sign.FIRST: _l("原计划"),
    Sign.EXPECTED: _l("预计完成"),
    Sign.DEADLINE: _l("时限"),
    Sign.CLOSED: _l("已销号"),
}
MONEY_KINDS = {
    MoneyKind.PLANNED: _l("计划资金"),
    MoneyKind.ALLOCATED: _l("到位资金"),
    MoneyKind.PAID: _l("支付资金"),
}
MONEY_SOURCES = {
    MoneySource.CENTRAL: _l("中央资金"),
    MoneySource.PROVINCIAL: _l("省级资金"),
    MoneySource.CITY: _l("市级资金"),
    MoneySource.COUNTY: _l("县级资金"),
    MoneySource.BOND: _l("专项债券"),
    MoneySource.LOAN: _l("贷款"),
    MoneySource.SOCIAL: _l("社会资金"),
    MoneySource.OTHER: _l("其他资金"),
}
STAGES = {
    Stage.PRIMARY: _l("小学"),
    Stage.JUNIOR: _l("初中"),
    Stage.SENIOR: _l("高中"),
    Stage.NINE_YEAR: _l("九年一贯制"),
}
PLAN_STATES = {PlanState.DRAFT: _l("草稿"), PlanState.ACTIVE: _l("执行中"), PlanState.CLOSED: _l("已结束")}
MAIL_STATES = {
    MailState.QUEUED: _l("待发"),
    MailState.LEASED: _l("发送中"),
    MailState.SENT: _l("已发"),
    MailState.DEAD: _l("失败"),
    MailState.DROPPED: _l("已取消"),
    MailState.SUPERSEDED: _l("已被新邮件替代"),
}
ROBOTS = {
    RobotKind.WECOM: _l("企业微信"),
    RobotKind.DINGTALK: _l("钉钉"),
    RobotKind.FEISHU: _l("飞书"),
}
UNIT_KINDS = {
    UnitKind.DEPARTMENT: _l("部门"),
    UnitKind.TOWNSHIP: _l("乡镇"),
    UnitKind.SCHOOL: _l("学校"),
    UnitKind.COMPANY: _l("公司"),
    UnitKind.OFFICE: _l("内设机构"),
    UnitKind.GROUP: _l("议事机构"),
    UnitKind.COLLECTIVE: _l("集体单位"),
}
COLUMNS = {
    Column.NUMBER: _l("编号"),
    Column.PLAN: _l("计划"),
    Column.SECTION: _l("章节"),
    Column.KIND: _l("类别"),
    Column.REQUIREMENT: _l("措施原文"),
    Column.UNITS: _l("牵头／责任"),
    Column.COOPERATING: _l("配合单位"),
    Column.FIRST_DUE: _l("原定时限"),
    Column.DUE: _l("时限"),
    Column.LIGHT: _l("灯"),
    Column.STATE: _l("状态"),
    Column.UPDATED: _l("最近更新"),
    Column.WORDS: _l("最近进展"),
    Column.QUANTITY: _l("工程量"),
    Column.INDICATORS: _l("对应指标"),
}
DUES = {Due.PAST: _l("已过"), Due.WEEK: _l("7日内"), Due.MONTH: _l("30日内"), Due.NONE: _l("无时限")}
MARKS = {Mark.ADDED: _l("＋新增"), Mark.REMOVED: _l("－移出"), Mark.CHANGED: _l("～变化")}
PERIOD_SHOWN = 7  # days before its end from which a reporting period is spoken of
ROUND_FROM = 1_000_000  # yuan: 100万元
FARTHEST_SHOWN = 99  # days left beyond this say nothing that the date does not

SCHOOL_KINDS = {
    SchoolKind.SCHOOL: _l("普通学校"),
    SchoolKind.TEACHING_POINT: _l("教学点"),
    SchoolKind.SPECIAL: _l("特殊教育学校"),
    SchoolKind.VOCATIONAL: _l("职业学校"),
}
STANDINGS = {
    Standing.CHECKED: _l("已核"),
    Standing.REPORTED: _l("单位填报"),
    Standing.ESTIMATED: _l("推算"),
}
INDICATOR_STANDINGS = {
    IndicatorStanding.MET: _l("达标"),
    IndicatorStanding.SHORT: _l("未达标"),
    IndicatorStanding.UNKNOWN: _l("缺数据"),
    IndicatorStanding.OVER: _l("差异系数超标"),
    IndicatorStanding.SERVED: _l("有任务对应"),
    IndicatorStanding.UNSERVED: _l("无任务对应"),
}
ISSUE_STATES = {IssueState.DRAFT: _l("草稿"), IssueState.SIGNED: _l("已签发")}
BULLETIN_KINDS = {
    BulletinKind.WEEK: _l("周览"),
    BulletinKind.SUPERVISION: _l("督查通报"),
    BulletinKind.BRIEF: _l("工作简报"),
}
BULLETIN_STATES = {BulletinState.DRAFT: _l("草稿"), BulletinState.SETTLED: _l("已定稿")}
APPRAISAL_STATES = {AppraisalState.DRAFT: _l("草稿"), AppraisalState.PUBLISHED: _l("已公布")}
LINK_STATES = {
    LinkState.PROPOSED: _l("待确认"),
    LinkState.CONFIRMED: _l("已确认"),
    LinkState.DISMISSED: _l("不采用"),
}
FINDINGS = {
    Finding.MET: _l("达标"),
    Finding.TOLERATED: _l("允许范围内"),
    Finding.SHORT: _l("未达标"),
    Finding.UNKNOWN: _l("未评"),
    Finding.NONE: _l("不适用"),
}
NODES_ASKED = {
    NodesAsked.MONTH: _l("本月有节点到期"),
    NodesAsked.MISSED: _l("有节点已过计划日期"),
}
LATE_KINDS = {
    LateKind.REPORT: _l("填报"),
    LateKind.NODE: _l("节点"),
    LateKind.MONEY: _l("资金"),
    LateKind.PHOTO: _l("照片"),
}
# Why a task stands otherwise than in an earlier issue, and what else about it is otherwise.
REASONS = {
    Reason.CLOSED: _l("销号"),
    Reason.REOPENED: _l("重新打开"),
    Reason.NEWLY_LATE: _l("到期转为逾期"),
    Reason.NO_LONGER_LATE: _l("不再逾期"),
    Reason.RETURNED: _l("退回修改"),
    Reason.EXTENDED: _l("延期"),
    Reason.REDATED: _l("重定或确认时限"),
    Reason.DOUBTED: _l("转为待重定时限"),
    Reason.DUE_SOON: _l("转为临期／落后"),
    Reason.RECOVERED: _l("恢复正常"),
    Reason.SUBMITTED: _l("提交核验"),
    Reason.STARTED: _l("开始推进"),
    Reason.SUSPENDED: _l("中止任务"),
    Reason.RESUMED: _l("恢复推进"),
    Reason.ADDED: _l("新增任务"),
    Reason.WITHDRAWN: _l("撤销任务"),
    Reason.LEFT: _l("移出"),
    Reason.OTHER: _l("其他变化"),
    Reason.TO_DECIDE: _l("转为需要领导决定"),
    Reason.REPORTED: _l("有新进展"),
    Reason.MISSED: _l("又缺一期报告"),
    Reason.STALE: _l("转为两周未更新"),
    Reason.CHANGED: _l("内容有变"),
}
FACETS = {
    Facet.NUMBER: _l("编号"),
    Facet.TITLE: _l("标题"),
    Facet.DEADLINE_TEXT: _l("时限的写法"),
    Facet.EXPECTED_ON: _l("预计完成"),
    Facet.COOPERATING: _l("配合单位"),
    Facet.WAITS_FOR: _l("等待的单位"),
    Facet.INDICATORS: _l("对应指标"),
    Facet.PROJECT: _l("工程节点、资金或学位"),
}
IMPORT_STATES = {
    ImportState.OPEN: _l("核对中"),
    ImportState.ADOPTED: _l("已导入"),
    ImportState.WITHDRAWN: _l("已撤回"),
    ImportState.DROPPED: _l("已放弃"),
}
PAPER_KINDS = {PaperKind.WORD: _l("Word 文件"), PaperKind.EXCEL: _l("Excel 文件"), PaperKind.TEXT: _l("文字")}
DEADLINE_READINGS = {
    Reading.BEFORE_ISSUE: _l("早于发文日，默认待重定时限"),
    Reading.AMBIGUOUS: _l("有两种读法，暂按较早一种，待重定时限"),
    Reading.IMPOSSIBLE: _l("日期不存在，待重定时限"),
    Reading.UNREADABLE: _l("没有读懂，待重定时限"),
    Reading.NO_MONTH: _l("没有写月份，按年底"),
    Reading.NO_DATE: _l("长期或没有固定日期"),
    Reading.UNSTATED: _l("没有写时限，计划也没有目标期限"),
    Reading.FINE: _l("可用"),
}
PRECISIONS = {
    Precision.DAY: _l("到日"),
    Precision.MONTH: _l("到月"),
    Precision.QUARTER: _l("到季度"),
    Precision.HALF: _l("到半年"),
    Precision.YEAR: _l("到年"),
    Precision.ONGOING: _l("长期"),
    Precision.YEARLY: _l("每年"),
    Precision.UNSPECIFIED: _l("未定"),
}
TABLES: Mapping[type[StrEnum], Mapping[Any, Any]] = {
    Light: LIGHTS,
    State: STATES,
    Act: ACTS,
    TaskKind: KINDS,
    AssignmentRole: ASSIGNMENT_ROLES,
    Situation: SITUATIONS,
    Role: ROLES,
    ProjectCategory: CATEGORIES,
    Sign: SIGNS,
    MoneyKind: MONEY_KINDS,
    MoneySource: MONEY_SOURCES,
    Stage: STAGES,
    SchoolKind: SCHOOL_KINDS,
    Standing: STANDINGS,
    LinkState: LINK_STATES,
    IssueState: ISSUE_STATES,
    IndicatorStanding: INDICATOR_STANDINGS,
    BulletinKind: BULLETIN_KINDS,
    BulletinState: BULLETIN_STATES,
    AppraisalState: APPRAISAL_STATES,
    Finding: FINDINGS,
    PlanState: PLAN_STATES,
    MailState: MAIL_STATES,
    RobotKind: ROBOTS,
    UnitKind: UNIT_KINDS,
    Verdict: VERDICTS,
    Decision: DECISIONS,
    Duty: DUTIES,
    Rhythm: RHYTHMS,
    Column: COLUMNS,
    Due: DUES,
    Mark: MARKS,
    NodesAsked: NODES_ASKED,
    LateKind: LATE_KINDS,
    Reason: REASONS,
    Facet: FACETS,
    ImportState: IMPORT_STATES,
    PaperKind: PAPER_KINDS,
    Reading: DEADLINE_READINGS,
    Precision: PRECISIONS,
}


def word(value: StrEnum | None) -> str:
    """The word of any value of the rules that people read, the empty string for none."""
    return "" if value is None else _word(type(value), value, chosen_language())


@cache
def _word(kind: type[StrEnum], value: StrEnum, _language: str) -> str:
    """A word in the language of this request; the words of a language never change."""
    return str(TABLES[kind][value])


def column_words() -> dict[str, str]:
    """The names of the columns of the ledger."""
    return {column.value: word(column) for column in Column}


def day(value: date | datetime | None) -> str:
    """2026年3月6日, or 6 Mar 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.office_day(value)
    if chosen_language() == ENGLISH:
        return f"{value.day} {value:%b} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def near_day(value: date | None) -> str:
    """3月6日, or 6 Mar, with its year where that is not this one."""
    if value is None or value.year != clock.today().year:
        return day(value)
    return f"{value.day} {value:%b}" if chosen_language() == ENGLISH else f"{value.month}月{value.day}日"


def short_day(value: date | datetime | None) -> str:
    """A day in a table: 03-06 within this year, else with the year."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.office_day(value)
    return value.strftime("%m-%d" if value.year == clock.today().year else "%Y-%m-%d")


def moment(value: datetime | None) -> str:
    """A day and time on the office's clock."""
    if value is None:
        return ""
    return f"{day(value)} {clock.office_time(value):%H:%M}"


def weekday(value: date) -> str:
    """星期五."""
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return names[value.weekday()]


def money(yuan: int | None) -> str:
    """Yuan as the reader counts it: in 万元, or in millions in English, with no idle zeros."""
    if yuan is None:
        return ""
    if chosen_language() == ENGLISH:
        return f"{Decimal(yuan) / 1_000_000:,.4f}".rstrip("0").rstrip(".")
    return f"{Decimal(yuan) / 10_000:,.2f}".rstrip("0").rstrip(".")


def round_money(yuan: int | None) -> str:
    """Yuan in a dense table: from 100万元 on without decimals, in English in millions with one."""
    if yuan is None or abs(yuan) < ROUND_FROM:
        return money(yuan)
    if chosen_language() == ENGLISH:
        return f"{Decimal(yuan) / 1_000_000:,.1f}".removesuffix(".0")
    return f"{(Decimal(yuan) / 10_000).quantize(Decimal(1), ROUND_HALF_UP):,}"


def sign_words() -> dict[str, str]:
    """The words of the marks of a strip, asked once for many strips."""
    return {sign.value: word(sign) for sign in Sign}


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names of a list and how many there are in all."""
    text = _("、").join(names[:most])
    return text if len(names) <= most else f"{text} {_('等 %(count)d 家', count=len(names))}"


def aside(text: str) -> str:
    """A remark in the brackets of the reader's script, nothing for nothing."""
    return _("（%(remark)s）", remark=text) if text else ""


def quoted(text: str) -> str:
    """Words of a document as it has them, in the quotation marks of the reader's script."""
    return _("「%(words)s」", words=text)


def number(value: Decimal | int | None) -> str:
    """A number with thousands separators and no idle zeros."""
    if value is None:
        return ""
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: int) -> str:
    """A change with its sign: +2, −1, ±0."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "±0"


def light_now(task: Task | TaskRow) -> Light:
    """The light of a task today."""
    return task.light(clock.today())


def time_left(task: Task | TaskRow, today: date | None = None) -> str:
    """逾期 6 天, 剩 5 天, or nothing for what has no deadline and has missed no reporting period."""
    if task.state in {State.CLOSED, State.SUSPENDED} or task.needs_redate:
        return ""
    today = today or clock.today()
    if task.light(today) is Light.OVERDUE:
        return ngettext("逾期 %(num)d 天", "逾期 %(num)d 天", task.days_overdue(today))
    if task.due_on is None:
        return period_left(task.late_from, today)
    left = (task.due_on - today).days
    if left == 0:
        return _("今天到期")
    return ngettext("剩 %(num)d 天", "剩 %(num)d 天", left) if 0 < left <= FARTHEST_SHOWN else ""


def period_left(late_from: date | None, today: date) -> str:
    """本期剩 5 天, for a long-term task whose reporting period ends soon and is not reported yet."""
    left = (late_from - today).days - 1 if late_from else -1
    return ngettext("本期剩 %(num)d 天", "本期剩 %(num)d 天", left) if 0 <= left <= PERIOD_SHOWN else ""


def rule_text(task: Task, today: date, waits: Sequence[Wait] = ()) -> str:
    """Which rule lit the light, in words, and for whom the task waits: blame goes where it belongs."""
    rule = _rule_words(task, today)
    return _("%(rule)s；%(waits)s", rule=rule, waits=waits_text(waits)) if waits else rule


def waits_text(waits: Sequence[Wait]) -> str:
    """自2026年3月2日起等待自然资源局配合, one for each open wait."""
    said = (_("自%(day)s起等待%(unit)s配合", day=day(each.since), unit=each.unit.name) for each in waits)
    return _("；").join(said)


def _rule_words(task: Task, today: date) -> str:
    due = day(task.due_on)
    match task.rule(today):
        case LightRule.PAST_DUE:
            return _("时限 %(day)s 已过", day=due)
        case LightRule.DUE_SOON:
            return _("距时限 %(day)s 不超过 %(days)d 天", day=due, days=SOON_DAYS)
        case LightRule.DIFFICULTY:
            return _("单位自 %(day)s 起报告有困难", day=day(task.difficulty_on))
        case LightRule.NODE_MISSED:
            return _("节点计划日期 %(day)s 已过，尚未完成", day=day(task.node_due_on))
        case LightRule.MISSED_PERIODS | LightRule.PERIOD_MISSED as rule:
            return missed_text(rule, missed(task.light_facts))
        case LightRule.UNCHANGED:
            return _("单位连续两周报“本周无变化”（自 %(day)s）", day=day(task.unchanged_on))
        case LightRule.REDATE:
            return doubt_text(task.deadline_doubt)
        case LightRule.CLOSED:
            return _("%(day)s 核验销号", day=day(task.closed_on))
        case LightRule.SUSPENDED:
            return _("任务已中止")
        case LightRule.AWAITING:
            return _("%(day)s 已提交，等待核验", day=day(task.submitted_on))
        case LightRule.NO_DEADLINE:
            return _("长期任务或未定时限")
        case LightRule.NOT_STARTED:
            return _("尚未启动，距时限还早")
        case _:
            return _("已启动，距时限还早")


def missed_text(rule: LightRule, period: Period | None) -> str:
    """Which reporting period passed without a report."""
    begin, end = (day(period.starts_on), day(period.ends_on)) if period else ("", "")
    if rule is LightRule.PERIOD_MISSED:
        return _("%(begin)s至%(end)s一期没有报告", begin=begin, end=end)
    return _("自 %(begin)s 起连续两期没有报告", begin=begin)


def rhythm_text(rhythm: Rhythm | None, parts: int = 1) -> str:
    """每学年 2 次, 每月, or the empty string for none."""
    if rhythm is None or parts == 1:
        return word(rhythm)
    return _("%(span)s %(count)d 次", span=word(rhythm), count=parts)


def doubt_text(doubt: Doubt | None) -> str:
    """Why a deadline waits for the office."""
    words = {
        Doubt.BEFORE_ISSUE: _("时限早于发文日，请推进办确认或重定"),
        Doubt.BEFORE_WHICH_YEAR: _("“某年前”有两种读法，暂按较早一种，请推进办确认"),
        Doubt.IMPOSSIBLE_DATE: _("时限写法不是有效日期，请推进办重定"),
        Doubt.UNREADABLE: _("时限写法无法识别，请推进办重定"),
    }
    return words[doubt] if doubt else _("请推进办确认或重定时限")


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(
        app,
        light_now=light_now,
        word=word,
        day=day,
        near_day=near_day,
        short_day=short_day,
        moment=moment,
        listed=listed,
        aside=aside,
        quoted=quoted,
        money=money,
        round_money=round_money,
        number=number,
        signed=signed,
    )
    app.jinja_env.globals.update(
        time_left=time_left,
        rule_text=rule_text,
        rhythm_text=rhythm_text,
        doubt_text=doubt_text,
        weekday=weekday,
        Light=Light,
        State=State,
        column_words=column_words,
        sign_words=sign_words,
    )
