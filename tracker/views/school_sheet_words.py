"""The words of a file of schools' numbers: its faults with their places, its differences and conflicts."""

from __future__ import annotations

from datetime import date

from tracker.documents.office_archive import Refusal
from tracker.queries.school_sheet import Conflict, Difference, Value
from tracker.rules.jumps import figures_by_name
from tracker.rules.school_rows import CellFault, Fault
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.views import sheet_words
from tracker.views.school_words import figure_value, number_name
from tracker.views.sheet_words import place_text
from tracker.views.words import day

REFUSALS = {
    **sheet_words.REFUSALS,
    Refusal.NO_SHEET: _l("文件里须有且只有一个以学年命名的工作表，如“2025学年”；请使用模板填写。"),
}
FAULTS = {
    CellFault.NO_HEAD: _l("第一行缺少这个列名，请使用模板"),
    CellFault.HEAD_TWICE: _l("第一行有两列是这个列名，请删去其中一列"),
    CellFault.FORMULA: _l("是没有结果的公式，请改为数字或文字"),
    CellFault.MISSING: _l("没有填写，请填学校名称"),
    CellFault.TOO_LONG: _l("过长；学校名称最多 60 字，数据来源最多 100 字"),
    CellFault.NO_KIND: _l("不是学校类别；可填：普通学校、教学点、特殊教育学校、职业学校"),
    CellFault.NO_STAGE: _l("不是学段；可填：小学、初中、高中；九年一贯制学校分小学、初中两行"),
    CellFault.NO_DAY: _l("不是今天以前的日期，请填如 2025-09-01"),
    CellFault.NO_NUMBER: _l("不是数字；只填数字，没有的填“无”，不改的留空"),
    CellFault.NEGATIVE: _l("不能为负，请核对"),
    CellFault.TOO_LARGE: _l("过大，请核对单位"),
    CellFault.DECIMALS: _l("小数过多：人数、班数、间数填整数，面积最多两位，万元最多四位"),
    CellFault.TWICE: _l("这所学校的这个学段在文件里出现了两次，请合成一行"),
    CellFault.TWO_VALUES: _l("是全校的数，与该校前面一行所填不同；请只填在该校第一行"),
    CellFault.OF_NO_STAGE: _l("是学段的数，请先填这一行的学段"),
    CellFault.OTHER_KIND: _l("与已存的学校类别不同；请在学校页面更改，或清空此格"),
    CellFault.NOT_YOURS: _l("这所学校不由本单位填报，请删去该行，或请推进办把学校划给本单位"),
    CellFault.UNKNOWN_SCHOOL: _l("没有这所学校；请核对名称，新学校由推进办建立"),
    CellFault.CLOSED: _l("这所学校在该学年开始前已撤并，请删去该行"),
    CellFault.CONTRADICTS: _l("比平均每班人数还少，不可能；请核对学生数、班数和最大班额"),
}


def fault_text(fault: Fault) -> str:
    """A fault with its place: 2025学年 第 7 行 F 列（学生数（人））“约二百”：不是数字."""
    return place_text(fault.sheet, fault.row, fault.column, fault.head, fault.text, str(FAULTS[fault.kind]))


def value_text(name: str, value: Value) -> str:
    """A value with its unit, a dash where there is none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return value
    known = figures_by_name().get(name)
    return figure_value(value, known[0].code) if known else str(value)


def difference_text(each: Difference) -> tuple[str, str, str]:
    """The name, the old and the new value of a difference."""
    return number_name(each.name), value_text(each.name, each.old), value_text(each.name, each.new)


def conflict_text(each: Conflict) -> str:
    """A number that changed meanwhile: which, what the preview showed, what it is now."""
    if not each.name:
        return _("%(school)s：该学年的数刚由他人录入", school=each.school)
    return _(
        "%(school)s %(name)s：核对时为 %(seen)s，现在是 %(now)s",
        school=each.school,
        name=number_name(each.name),
        seen=each.seen or "—",
        now=each.now or "—",
    )
