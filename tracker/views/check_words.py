"""The words of the check-up: for each kind of finding its title, its evidence and its mend in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask

from tracker.rules.checkup import Code, Figure, Finding, Severity
from tracker.rules.rounding import shown
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.words import aside, number, word

SEVERITIES = {Severity.CONTRADICTION: _l("矛盾"), Severity.LOOK: _l("值得一看")}


@dataclass(frozen=True)
class Words:
    """The title of a kind of finding and the sentences for its evidence and its mend, with figures by name."""

    title: str
    evidence: str
    mend: str


WORDS = {
    Code.CLASS_SIZE: Words(
        _l("班额超过上限"),
        _l("%(school)s规划 %(seats)s 个学位、%(classes)s 个班，每班 %(mean)s 人，上限 %(limit)s 人。"),
        _l("%(seats)s 个学位需要 %(classes_needed)s 个班；或保持 %(classes)s 个班，最多 %(seats_allowed)s 个学位。"),
    ),
    Code.SCHOOL_SIZE: Words(
        _l("学校规模超过上限"),
        _l("%(school)s规划 %(seats)s 个学位，规模上限 %(limit)s 人。"),
        _l("减少 %(seats_over)s 个学位，或分成 %(schools_needed)s 所学校。"),
    ),
    Code.SPORTS_OVER_SITE: Words(
        _l("运动场地大于用地"),
        _l("运动场地 %(sports_m2)s ㎡，用地 %(land_mu)s 亩（%(site_m2)s ㎡）。"),
        _l("核对原文的两处数字，运动场地多出 %(over_m2)s ㎡。"),
    ),
    Code.SPORTS_SHORT: Words(
        _l("运动场地不够"),
        _l("运动场地 %(sports_m2)s ㎡；按 R5，%(seats)s 个学位需要 %(asked_m2)s ㎡。"),
        _l("增加 %(short_m2)s ㎡运动场地或室内体育用房。"),
    ),
    Code.TEACHING_SHORT: Words(
        _l("教学用房不够"),
        _l("教学及辅助用房 %(teaching_m2)s ㎡；按 R4，%(seats)s 个学位需要 %(asked_m2)s ㎡。"),
        _l("增加 %(short_m2)s ㎡教学及辅助用房。"),
    ),
    Code.BUILDINGS_OVER_FLOOR: Words(
        _l("各楼面积之和大于校舍面积"),
        _l("%(uses)s，合计 %(total_m2)s ㎡；校舍面积 %(floor_m2)s ㎡。"),
        _l("核对原文，各楼之和多出 %(over_m2)s ㎡。"),
    ),
    Code.SHARED_SITE: Words(
        _l("几所学校共用一块用地"),
        _l("%(schools)s共用 %(land_mu)s 亩（%(site_m2)s ㎡）；按 R5 共需运动场馆 %(asked_m2)s ㎡，占用地 %(share)s。"),
        _l("分别写明各校的用地和运动场地，同一块场地不计两次。按 R5 各需：%(grounds)s。"),
    ),
    Code.SAME_SITE: Words(
        _l("不同项目的选址写法相同"),
        _l("选址都写“%(site)s”；用地：%(land_mu)s。"),
        _l("核对两处原文：同一地块的，写明各自的用地；不是同一地块的，改正选址。"),
    ),
    Code.SPORTS_UNSTATED: Words(
        _l("没有列运动场地，按标准要占用地三分之一以上"),
        _l("按 R5，%(seats)s 个学位需要 %(asked_m2)s ㎡，占用地 %(land_mu)s 亩（%(site_m2)s ㎡）的 %(share)s。"),
        _l("在总平面里留出 %(sports_m2)s ㎡，并写进项目数字。"),
    ),
    Code.ROOMS: Words(
        _l("每班一间多媒体教室不够"),
        _l("%(school)s每班 1 间，共 %(classes)s 间；按 R7，%(seats)s 个学位需要 %(needed)s 间。"),
        _l("比每班 1 间再增加 %(rooms_to_add)s 间。"),
    ),
    Code.TITLE_USE: Words(
        _l("名称与建设内容不一致"),
        _l("名称写“%(named)s”，建设内容是“%(uses)s”。"),
        _l("核对原文，改正名称或建设内容。"),
    ),
    Code.WITHOUT_MONEY: Words(
        _l("没有列投资"), _l("方案没有列投资，资金台账里也没有计划数。"), _l("补列投资和资金来源。")
    ),
    Code.WITHOUT_DATE: Words(_l("没有时限"), _l("方案没有写出日期，也没有排节点。"), _l("定一个时限，或排出节点。")),
    Code.WITHOUT_SEATS: Words(
        _l("新建学校没有列学位"), _l("方案没有列新建学校的学位数。"), _l("补列各学段的学位和班数。")
    ),
    Code.BEFORE_ISSUE: Words(
        _l("时限早于发文日期"),
        _l("%(count)s 项任务的时限早于发文日期 %(issued_on)s：%(texts)s。"),
        _l("逐项重定时限，或确认按原时限督办；确认前不计逾期、不发邮件。"),
    ),
    Code.WHICH_YEAR: Words(
        _l("时限有两种读法"),
        _l("%(count)s 项可读作该年之前，也可读作该年年底之前：%(texts)s。"),
        _l("确认取哪一天；确认前按较早的一天列为待重定时限。"),
    ),
    Code.UNREADABLE: Words(
        _l("时限读不出日期"), _l("%(count)s 项的时限读不出日期：%(texts)s。"), _l("改写成能读出日期的时限。")
    ),
    Code.WITHOUT_MONTH: Words(
        _l("时限没有写到月份"),
        _l("%(count)s 项只写年份或没有日期：%(texts)s。"),
        _l("能定到月份的补写月份；长期任务可设报告周期。"),
    ),
    Code.WITHOUT_DEADLINE: Words(
        _l("没有写时限"), _l("%(count)s 项任务没有写时限，有目标期限的取目标期限。"), _l("补写时限。")
    ),
    Code.WITHOUT_UNIT: Words(_l("没有责任单位"), _l("%(count)s 项任务没有写由谁承担。"), _l("补列牵头或责任单位。")),
    Code.LEAD_UNSTATED: Words(
        _l("没有写明牵头单位"),
        _l("%(count)s 项任务列了几个责任单位，或者只有配合单位，没有写由谁牵头。"),
        _l("指定牵头单位；未指定的，各责任单位都完成才算完成。"),
    ),
    Code.INDICATORS_WITHOUT_UNITS: Words(
        _l("指标没有分到单位"), _l("方案列了 %(count)s 项指标，没有写由哪个单位负责。"), _l("为每项指标补列责任单位。")
    ),
    Code.TWO_NAMES: Words(
        _l("一个单位两种写法"),
        _l("%(count)s 个单位有两种写法：%(names)s。"),
        _l("统一用一个名称；确是两个单位的，分别登记。"),
    ),
    Code.GROUP_NAMES: Words(
        _l("统称没有列出成员"),
        _l("%(count)s 项任务由统称承担：%(names)s。"),
        _l("在单位里列出统称的成员，成员才能看到任务并报告。"),
    ),
    Code.NUMBER_GAP: Words(
        _l("序号跳号"), _l("序号从 %(before)s 跳到 %(after)s。"), _l("核对原文，是漏了一项还是编号有误。")
    ),
    Code.NUMBER_TWICE: Words(_l("序号重复"), _l("序号 %(number)s 用了两次。"), _l("核对原文，改正其中一个序号。")),
    Code.NUMBERS_RESTART: Words(
        _l("正文和附件编号不一致"),
        _l("正文连续编到 %(last)s，附件的 %(count)s 张表各自从 1 编起。"),
        _l("统一编号，引用时不致混淆。"),
    ),
    Code.HEADING_NUMBERS: Words(
        _l("标题序号不连续"), _l("同级标题依次为：%(titles)s。"), _l("核对原文，是漏了一节还是编号有误。")
    ),
    Code.TWO_VALUES: Words(
        _l("同一目标前后数值不同"), _l("“%(title)s”写了几个数：%(values)s。"), _l("核对原文，确定以哪个数为准。")
    ),
    Code.TWO_DATES: Words(
        _l("同一目标前后时限不同"),
        _l("任务“%(task)s”的时限是“%(task_deadline)s”；目标写“%(goal)s”，时限“%(goal_deadline)s”。"),
        _l("核对原文，确定以哪个时限为准。"),
    ),
    Code.OTHER_TERMS: Words(
        _l("口径与国家指标不同"),
        _l("“%(title)s”（国家指标 %(code)s）写作：%(words)s，计算依据与国家标准不同。"),
        _l("确认按哪个口径评估。"),
    ),
    Code.LEFT_OUT: Words(
        _l("漏了国家指标"), _l("方案的指标里没有国家指标 %(code)s“%(title)s”。"), _l("补列该项指标和责任单位。")
    ),
    Code.WITHOUT_DUTY: Words(
        _l("指标没有分工"), _l("第 %(number)s 项“%(title)s”没有列责任单位，其余各项都有。"), _l("补列责任单位。")
    ),
    Code.WITHOUT_TASK: Words(
        _l("指标没有任务支撑"), _l("%(count)s 项国家指标没有任务关联：%(titles)s。"), _l("关联已有任务，或补列任务。")
    ),
    Code.WITHOUT_INDICATOR: Words(
        _l("任务没有关联指标"), _l("%(count)s 项任务没有关联指标。"), _l("关联指标，或写明为什么不关联。")
    ),
    Code.REPORTED_SHORT: Words(
        _l("方案自报的弱项"), _l("方案写明未达标或给出数值的：%(titles)s。"), _l("核对是否都有任务和时限。")
    ),
    Code.REPORTED_ELSEWHERE: Words(
        _l("自报的数不属于国家指标"),
        _l("“%(title)s” %(value)s，不属于或没有说明属于七项资源配置指标的哪一项。"),
        _l("确认是否需要跟踪。"),
    ),
    Code.POINTS: Words(
        _l("分值合计不符"), _l("“%(title)s”应为 %(points)s 分，各项合计 %(total)s 分。"), _l("核对原文的分值。")
    ),
    Code.GRADE_COUNT: Words(
        _l("A、B 类项数不符"),
        _l("文字写 %(title)s 类 %(said)s 项，指标表列出 %(count)s 项。"),
        _l("核对指标表的类别。"),
    ),
    Code.NO_DOCUMENT_NUMBER: Words(_l("没有发文字号"), _l("文件没有写发文字号。"), _l("补填发文字号。")),
    Code.NO_ISSUE_DATE: Words(
        _l("没有发文日期"),
        _l("文件没有写发文日期，“年内”“6月底前”等时限按文号或标题的 %(year)s 年读。"),
        _l("补填发文日期。"),
    ),
}
SHARED_ONLY = _l("%(schools)s共用一块用地。")
NO_YEAR = _l("文件没有写发文日期，文号和标题也没有年份：“年内”“6月底前”等时限读不出日期。")
SAME_ONLY = _l("选址都写“%(site)s”。")
GROUNDS_UNKNOWN = _l("分别写明各校的用地、学位和运动场地，同一块场地不计两次。")
FAILS = _l("每班 1 间低于标准的 %(floor)s，全校不通过。")


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, check_title=title, check_evidence=evidence, check_mend=mend, severity_word=severity_word)


def severity_word(severity: Severity) -> str:
    """矛盾 or 值得一看."""
    return str(SEVERITIES[severity])


def title(code: Code) -> str:
    """What a kind of finding is called."""
    return str(WORDS[code].title)


def evidence(finding: Finding) -> str:
    """What is found, with its figures."""
    text = str(WORDS[finding.code].evidence)
    if finding.code is Code.SHARED_SITE and finding.evidence["share"] is None:
        text = str(SHARED_ONLY)
    if finding.code is Code.NO_ISSUE_DATE and not finding.evidence["year"]:
        text = str(NO_YEAR)
    if finding.code is Code.SAME_SITE and not finding.evidence["land_mu"]:
        text = str(SAME_ONLY)
    figures = _spoken(finding)
    worse = str(FAILS) % figures if finding.evidence.get("fails") else ""
    return _("%(fact)s%(worse)s", fact=text % figures, worse=worse)


def finding_as_json(finding: Finding) -> dict[str, str]:
    """A finding in the format of an exported plan: its kind, its weight, the tasks it is about, what is found."""
    severity = "warning" if finding.severity is Severity.CONTRADICTION else "notice"
    where = ", ".join(finding.keys) or "plan"
    return {"kind": finding.code.value, "severity": severity, "where": where, "text": evidence(finding)}


def mend(finding: Finding) -> str:
    """What would put it right, with its figures."""
    text = str(WORDS[finding.code].mend)
    if finding.code is Code.SHARED_SITE and not finding.mend["grounds"]:
        text = str(GROUNDS_UNKNOWN)
    return text % _spoken(finding)


def _spoken(finding: Finding) -> Mapping[str, str]:
    """The figures as they are written in a sentence."""
    figures: dict[str, Figure] = {**finding.evidence, **finding.mend}
    said = {name: _said(name, value) for name, value in figures.items()}
    return {"school": finding.school + aside(word(finding.stage)), **said}


def _said(name: str, value: Any) -> str:
    """An area with one decimal, a share in percent, names and their amounts in a row."""
    if isinstance(value, tuple):
        unit = _("亩") if name == "land_mu" else "㎡"
        named = (each if isinstance(each, str) else f"{each[0]} {_said(name, each[1])} {unit}" for each in value)
        return _("、").join(named)
    if isinstance(value, str):
        return value
    if name in {"share", "floor"}:
        return f"{number(shown(value * 100, places=1))}%"
    if isinstance(value, Decimal) and name != "land_mu":
        return number(shown(value, places=1))
    return number(value)
