"""The words of a plan book: why a file is not opened, and each fault with its place and mend."""

from __future__ import annotations

from tracker.documents.office_archive import Refusal
from tracker.rules.plan_rows import CellFault, Fault
from tracker.translations import lazy as _l
from tracker.views import sheet_words
from tracker.views.sheet_words import place_text

REFUSALS = {
    **sheet_words.REFUSALS,
    Refusal.NO_SHEET: _l("文件里没有名为“计划任务”的工作表，请使用模板填写。"),
}
FAULTS = {
    CellFault.NO_HEAD: _l("第一行缺少这个列名，请使用模板"),
    CellFault.HEAD_TWICE: _l("第一行有两列是这个列名，请删去其中一列"),
    CellFault.NO_ROWS: _l("下面没有任务，请从这一行起填写"),
    CellFault.FORMULA: _l("是没有结果的公式，请改为数字、日期或文字"),
    CellFault.ERROR_VALUE: _l("是 Excel 的错误值，请改为数字、日期或文字"),
    CellFault.MISSING: _l("没有填写"),
    CellFault.TOO_LONG: _l("过长，请缩短；任务和名称最多 200 字"),
    CellFault.BAD_KEY: _l("不是系统给出的编号；新增的任务请留空"),
    CellFault.TWICE: _l("与前面一行重复，请删去其中一行"),
    CellFault.NO_KIND: _l("不是可选的类别，请从下拉选项里选择"),
    CellFault.NO_CATEGORY: _l("不是项目类别；可填：新建、扩容改造、提质、教育信息化"),
    CellFault.NO_PROJECT: _l("只有工程项目才填；请把类别改为工程项目，或清空此格"),
    CellFault.NO_PHASE: _l("“阶段”工作表里没有这个序号，请先在那里列出，或清空此格"),
    CellFault.NO_ITEM: _l("“指标”工作表里没有这个序号，请先在那里列出，或清空此格"),
    CellFault.NO_DAY: _l("不是日期，请填如 2026-03-31"),
    CellFault.ENDS_FIRST: _l("结束日期早于起始日期，请核对"),
    CellFault.NO_NUMBER: _l("不是数字，请只填数字，单位已写在列名里"),
    CellFault.TOO_LARGE: _l("过大，请核对单位"),
    CellFault.DECIMALS: _l("小数过多，最多两位"),
    CellFault.NO_AMOUNT: _l("不是金额；请填数字（万元），或如 1.2亿元、56000元"),
    CellFault.FRACTION: _l("小数过多，最多到元（万元后四位小数）"),
    CellFault.BELOW_ZERO: _l("不能是负数，请核对"),
    CellFault.NO_SCHOOL: _l("不是学校；请写作 名称:学段:学位:班数，如 第三中学:初中:900:18"),
    CellFault.NO_STAGE: _l("不是学段；可填：小学、初中、高中、九年一贯制"),
    CellFault.NO_BUILDING: _l("不是校舍用途；请写作 用途:面积，如 教学楼:3200"),
    CellFault.OTHER_PLAN: _l("是另一个计划的编号；请选择那个计划来比较，或清空此格"),
}


def fault_text(fault: Fault) -> str:
    """A fault with its place: 计划任务 第 37 行 D 列（类别）“杂项”：不是可选的类别."""
    return place_text(fault.sheet, fault.row, fault.column, fault.head, fault.text, str(FAULTS[fault.kind]))
