"""The words of files that are taken in: why one is not opened, and where a fault stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.documents.office_archive import Refusal
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

# Why a file is not opened; that it lacks its sheets each place says in its own words.
REFUSALS: Mapping[Refusal, Any] = {
    Refusal.TOO_LARGE: _l("文件超过 5 MB，请分成几个文件导入。"),
    Refusal.NOT_EXCEL: _l("这不是 Excel 文件（.xlsx），请使用模板填写。"),
    Refusal.MACROS: _l("不接受 .xls 和带宏的文件，请在 Excel 里另存为 .xlsx。"),
    Refusal.BURSTS: _l("文件解压后过大，没有打开。请把内容复制到模板里再导入。"),
    Refusal.DECLARES: _l("文件含有外部声明，没有打开。请把内容复制到模板里再导入。"),
    Refusal.DAMAGED: _l("文件已损坏，无法读取。请在 Excel 里打开后另存一份再导入。"),
    Refusal.TOO_MANY_ROWS: _l("一个工作表最多 20,000 行，请分成几个文件导入。"),
}


def place_text(sheet: str, row: int, column: str, head: str, text: str, what: str) -> str:
    """A fault with its place: 2025学年 第 7 行 F 列（学生数（人））“约二百”：不是数字."""
    return _(
        "%(sheet)s 第 %(row)d 行 %(column)s 列（%(head)s）%(said)s：%(what)s",
        sheet=sheet,
        row=row,
        column=column or "？",
        head=head,
        said=f"“{text}”" if text else "",
        what=what,
    )
