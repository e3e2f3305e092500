"""The words of the review of a document: what is doubtful in it, and what still hinders its adoption."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.documents.plan_draft import DraftDoubt
from tracker.queries.import_cautions import Caution, CautionKind
from tracker.queries.import_comparison import SaidPhase
from tracker.queries.import_problems import Problem, ProblemKind
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.reading.papers import NoteKind
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.views.words import day

# What is doubtful where the document leaves something open; the words that it is about stand behind it.
DOUBTS: Mapping[ReadingDoubt, Any] = {
    ReadingDoubt.NO_TASKS: _l("没有找到任务"),
    ReadingDoubt.UNSURE_TASK: _l("不能确定这是一项任务"),
    ReadingDoubt.UNSURE_UNIT: _l("不能确定这是单位名称"),
    ReadingDoubt.UNKNOWN_COLUMN: _l("不认识这一列"),
    ReadingDoubt.INHERITED_UNITS: _l("这里没有写单位，取自所在部分"),
    ReadingDoubt.SEVERAL_DEADLINES: _l("写有几个时限"),
    ReadingDoubt.UNSURE_FIGURE: _l("不能确定这个数字的含义"),
    ReadingDoubt.SPLIT_ROW: _l("表格行跨页，已合为一项"),
    ReadingDoubt.NO_TITLE: _l("没有找到标题"),
    ReadingDoubt.NO_ISSUE_DATE: _l("没有找到发文日期"),
    ReadingDoubt.UNSURE_TARGET: _l("目标期限有两种读法"),
    ReadingDoubt.UNSURE_ISSUE_DATE: _l("不能确定发文日期"),
}
NOTES: Mapping[NoteKind, Any] = {
    NoteKind.CHANGES_ACCEPTED: _l("文件带有修订，按全部接受读取（%(count)d 处）"),
    NoteKind.TEXT_BOX: _l("读入了文本框里的文字（%(count)d 个）"),
    NoteKind.NESTED_TABLE: _l("表格里还有表格，已分别读取（%(count)d 个）"),
    NoteKind.PICTURE: _l("有 %(count)d 张图片，图片里的文字没有读取，请对照原件"),
    NoteKind.HIDDEN_ROWS: _l("有 %(count)d 个隐藏行，也已读取"),
    NoteKind.HIDDEN_COLUMNS: _l("有 %(count)d 个隐藏列，也已读取"),
    NoteKind.HIDDEN_SHEET: _l("有 %(count)d 个隐藏工作表，也已读取"),
    NoteKind.REFLOWED: _l("接上了 %(count)d 处被硬换行断开的句子"),
    NoteKind.UNREAD_FORMULA: _l("有 %(count)d 个公式没有结果，没有读出内容，请在 Excel 里重新计算并保存"),
    NoteKind.OUTSIDE_LINK: _l("有 %(count)d 处指向文件以外的链接，没有访问"),
    NoteKind.FOOTNOTE: _l("有 %(count)d 个脚注，没有读入正文"),
}


# What a document says of itself.
FACTS: Mapping[str, Any] = {
    "title": _l("标题"),
    "document_number": _l("发文字号"),
    "issuer": _l("发文机关"),
    "issued_on": _l("发文日期"),
    "starts_on": _l("实施起日"),
    "ends_on": _l("实施止日"),
    "target_text": _l("目标期限（原文）"),
    "target_on": _l("目标期限"),
    "phase": _l("阶段"),
}


def fact_word(name: str) -> str:
    """What a fact of a document is called."""
    return str(FACTS[name])


def fact_text(said: str | date | SaidPhase) -> str:
    """What a document or a plan says of itself, in words."""
    if isinstance(said, date):
        return day(said)
    if isinstance(said, SaidPhase):
        days = _("%(start)s—%(end)s", start=day(said.starts_on), end=day(said.ends_on))
        return " ".join(filter(None, (said.number, said.title, days if said.starts_on or said.ends_on else "")))
    return said


def brought_words(parts: Mapping[str, Any]) -> list[str]:
    """What a new plan gets from a document beside its tasks, and what of it no plan can hold."""
    goals, phases, items, vetoes = (len(parts.get(name, ())) for name in ("goals", "phases", "indicators", "vetoes"))
    told = [
        _("目标 %(count)d 条", count=goals) if goals else "",
        _("阶段 %(count)d 个", count=phases) if phases else "",
        _("指标 %(count)d 项", count=items) if items else "",
        _("否决项 %(count)d 条", count=vetoes) if items and vetoes else "",
    ]
    found = [_("同时导入：%(parts)s。", parts=_("、").join(filter(None, told)))] if any(told) else []
    if vetoes and not items:
        found.append(_("文件写有 %(count)d 条否决项，没有指标表，不导入，请看原文。", count=vetoes))
    if alone := sum(bool(each["floors"]) and not each["national"] for each in parts.get("indicators", ())):
        found.append(_("%(count)d 项指标写有下限，但没有对应的国家指标，不判定是否达标。", count=alone))
    return found


def doubt_words(doubt: DraftDoubt) -> str:
    """A doubt of the reading with the words that it is about."""
    said = str(DOUBTS[doubt.kind])
    return _("%(doubt)s：“%(words)s”", doubt=said, words=doubt.words[:120]) if doubt.words else said


def note_words(kind: str, count: int, where: str) -> str:
    """What the reader of the file had to decide, how often, and where first."""
    said = str(NOTES[NoteKind(kind)]) % {"count": count}
    return _("%(note)s，首处在%(place)s", note=said, place=where) if where else said


def caution_words(caution: Caution) -> str:
    """What to think of before a document becomes a new plan."""
    if caution.kind is CautionKind.OTHER_PLACE:
        return _("文件写的是“%(words)s”，不是本地区，请核对是不是传错了文件。", words=caution.words)
    return _(
        "已有文号或标题相同的计划“%(words)s”。如果是它的修订稿，请放弃这次导入，重新上传并选择与它比较。",
        words=caution.words,
    )


def problem_words(problem: Problem) -> str:
    """What hinders the adoption, and what to do about it."""
    said: Mapping[ProblemKind, str] = {
        ProblemKind.NO_TASKS: _("还没有一项任务。请在原文里选择段落，作为任务添加。"),
        ProblemKind.NO_TITLE: _("没有标题。请填写计划的标题。"),
        ProblemKind.NO_CODE: _("没有编号。请填写计划的编号。"),
        ProblemKind.BAD_CODE: _("编号“%(words)s”不能用。编号用字母、数字、点、横线，最多32位。", words=problem.words),
        ProblemKind.CODE_TAKEN: _("编号“%(words)s”已被使用，请换一个。", words=problem.words),
        ProblemKind.LONG_KEY: _("编号“%(words)s”太长，任务编号放不下，请缩短。", words=problem.words),
        ProblemKind.PLAN_CLOSED: _("计划“%(words)s”已结束，不能再更新；请先重新启用。", words=problem.words),
        ProblemKind.PERIOD: _("实施的止日早于起日，请改正。"),
        ProblemKind.TARGET: _("目标期限的原文和日期要么都填，要么都不填：“%(words)s”。", words=problem.words),
        ProblemKind.ROW_WITHOUT_TITLE: _("这项任务没有标题，请填写：“%(words)s”。", words=problem.words),
        ProblemKind.ROW_TOO_LONG: _("“%(words)s”的要求超过5,000字，请拆成几项或删短。", words=problem.words),
        ProblemKind.NAME_OPEN: _("“%(words)s”还没有对应到单位。请选择已有单位，或确认新建。", words=problem.words),
        ProblemKind.UNIT_GONE: _("“%(words)s”对应的单位已停用或已合并，请重新选择。", words=problem.words),
        ProblemKind.TWO_KINDS: _("新单位“%(words)s”选了两种类别，请改成一种。", words=problem.words),
        ProblemKind.NAME_OF_GONE: _(
            "单位“%(words)s”已停用，不能新建同名单位；请改选别的单位、换一个名称，或先恢复这个单位。",
            words=problem.words,
        ),
        ProblemKind.NAME_TAKEN: _("已有单位叫“%(words)s”，不能再新建；请改选这个单位。", words=problem.words),
    }
    return said[problem.kind]
