"""The words of a file of nodes and payments: its faults with their places, its differences and conflicts."""

from __future__ import annotations

from datetime import date

from tracker.documents.office_archive import Refusal
from tracker.queries.project_sheet import Conflict, Difference
from tracker.rules.project_rows import CellFault, Fault, MoneyRow
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.views import sheet_words
from tracker.views.sheet_words import place_text
from tracker.views.words import day, word

REFUSALS = {
    **sheet_words.REFUSALS,
    Refusal.NO_SHEET: _l("文件里没有名为“节点”或“资金”的工作表，请使用模板填写。"),
}
FAULTS = {
    CellFault.NO_HEAD: _l("第一行缺少这个列名，请使用模板"),
    CellFault.HEAD_TWICE: _l("第一行有两列是这个列名，请删去其中一列"),
    CellFault.FORMULA: _l("是没有结果的公式，请改为数字、日期或文字"),
    CellFault.ERROR_VALUE: _l("是 Excel 的错误值，请改为数字、日期或文字"),
    CellFault.MISSING: _l("没有填写"),
    CellFault.TOO_LONG: _l("过长；节点最多 60 字，收款单位最多 200 字，原因和说明最多 500 字"),
    CellFault.NO_DAY: _l("不是日期，请填如 2026-03-31"),
    CellFault.DAY_WANTED: _l("只有年月，请填到日，如 2026-03-31"),
    CellFault.TO_COME: _l("晚于今天，请核对；还没有发生的请不要填"),
    CellFault.TOO_EARLY: _l("早于 1949 年，请核对"),
    CellFault.NO_KIND: _l("不是资金类别；可填：计划、到位、支付"),
    CellFault.NO_SOURCE: _l(
        "不是资金来源；可填：中央资金、省级资金、市级资金、县级资金、专项债券、贷款、社会资金、其他资金"
    ),
    CellFault.NO_AMOUNT: _l("不是金额；请填数字（万元），或如 1.2亿元、56000元"),
    CellFault.ZERO: _l("金额不能为零；没有这笔资金的请删去该行"),
    CellFault.FRACTION: _l("小数过多，最多到元（万元后四位小数）"),
    CellFault.TOO_LARGE: _l("过大，请核对单位"),
    CellFault.NO_YEAR: _l("不是年度，请填四位数字，如 2026"),
    CellFault.ONLY_PLANS: _l("只有计划的资金才有计划年度，请清空此格"),
    CellFault.NO_NUMBER: _l("不是记录编号；编号由系统给出，新登记的留空"),
    CellFault.TWICE: _l("与前面一行重复；确为两笔资金的，请在说明里写明区别"),
    CellFault.NODE_TWICE: _l("与前面一行是同一个节点，请删去其中一行"),
    CellFault.NO_PROJECT: _l("没有这个编号的工程项目，或您无权查看"),
    CellFault.OTHER_TITLE: _l("与该编号的项目名称不同；请核对编号，或清空此格"),
    CellFault.NOT_YOURS: _l("这个项目不由您登记，请删去该行"),
    CellFault.CLOSED_PLAN: _l("所属计划已结束，不能再更改"),
    CellFault.WITHDRAWN: _l("该任务已撤销，不能再更改"),
    CellFault.SUSPENDED: _l("该项目已中止，恢复后才能更改节点"),
    CellFault.CLOSED_TASK: _l("该任务已销号，节点不能再更改"),
    CellFault.NO_REASON: _l("没有填写；改动已定的计划日期，须写明调整原因"),
    CellFault.LATE_REASON: _l("没有填写；预计晚于计划日期的，须写明原因"),
    CellFault.CLEARED: _l("已定的计划日期不能清除，只能改为另一天"),
    CellFault.NODE_DONE: _l("该节点已完成，计划日期和预计日期不再更改"),
    CellFault.NOT_UNDONE: _l("该节点已登记完成；撤销完成请在项目页面写明理由"),
    CellFault.OTHER_DONE: _l("与已登记的完成日期不同；请先在项目页面撤销完成"),
    CellFault.EXPECTED_PAST: _l("早于今天；预计日期须是今天或以后，已完成的请填完成日期"),
    CellFault.NOT_EXPECTED: _l("该任务已销号或中止，不再填预计日期"),
    CellFault.TOO_MANY: _l("一个项目最多 30 个节点"),
    CellFault.UNKNOWN_NUMBER: _l("这个项目没有这个编号的记录；新登记的请留空"),
    CellFault.OTHER_ENTRY: _l("与已登记的这笔资金内容不同；登记后不能更改，请在项目页面撤回后重新登记"),
}


def fault_text(fault: Fault) -> str:
    """A fault with its place: 节点 第 12 行 D 列（计划日期）“三月底”：不是日期."""
    return place_text(fault.sheet, fault.row, fault.column, fault.head, fault.text, str(FAULTS[fault.kind]))


def difference_text(each: Difference) -> tuple[str, str, str]:
    """The head, the old and the new day of a difference."""
    return each.head, day_text(each.old), day_text(each.new)


def day_text(on: date | None) -> str:
    """A day, a dash where there is none."""
    return day(on) if on else "—"


def entry_text(row: MoneyRow) -> str:
    """What an entry says beside its amount: source, year, payee, note."""
    year = _("%(year)d 年度", year=row.for_year) if row.for_year else ""
    said = (word(row.source) if row.source else "", year, row.payee, row.note)
    return _("；").join(filter(None, said))


def conflict_text(each: Conflict) -> str:
    """What changed meanwhile: which, what the preview showed, what it is now."""
    place = _("%(sheet)s 第 %(row)d 行 %(title)s", sheet=each.sheet, row=each.row, title=each.title)
    if not each.head:
        return _("%(place)s%(what)s：刚由他人登记或撤回", place=place, what=f" {each.what}" if each.what else "")
    return _(
        "%(place)s %(what)s %(head)s：核对时为 %(seen)s，现在是 %(now)s",
        place=place,
        what=each.what,
        head=each.head,
        seen=each.seen or "—",
        now=each.now or "—",
    )
