"""The numbers of schools of a year as an Excel file: the template that is filled in, and what was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from tracker.documents.filled_sheet import fill_sheet
from tracker.documents.office_archive import Refusal, SheetRefused
from tracker.documents.sheet_cells import SheetPage, SheetRow, read_pages
from tracker.rules.school_figures import WHOLE_FIGURES, Number
from tracker.rules.school_rows import (
    COUNTED_ON,
    FIGURE_OF,
    HEAD_OF,
    HEADS,
    KIND,
    KINDS,
    LONGEST_NAME,
    LONGEST_SOURCE,
    SCHOOL,
    SOURCE,
    STAGE,
    STAGE_WORDS,
    STAGES,
    CellFault,
    Fault,
    SchoolLine,
    SchoolRow,
    SchoolSheet,
    read_day,
    read_number,
    title_of,
    values_of,
    year_of,
)
from tracker.rules.stages import Stage

ADVICE = "说明："
ADVICE_TEXT = (
    f"{ADVICE}空格不改变已存的数，填“无”清除，填 0 就是零；带底色的“全校”各列每校只填在第一行；"
    "九年一贯制学校分小学、初中两行；金额单位为万元。"
)
OF_SCHOOL = {KIND, COUNTED_ON, SOURCE, *(HEAD_OF[code] for code in WHOLE_FIGURES)}
SHADE = PatternFill("solid", fgColor="FFEEF0F3")


def read_school_sheet(file: BinaryIO, name: str, today: date) -> SchoolSheet:
    """What a file says of a school year. Raises SheetRefused before anything of a hostile one is parsed."""
    [page] = read_pages(file, name, _chosen, ADVICE)
    columns = {head: get_column_letter(place + 1) for head, place in page.places.items()}
    sheet = SchoolSheet(year_of(page.title) or 0, columns)
    sheet.faults += [Fault(page.title, 1, "", head, CellFault.NO_HEAD) for head in page.missing]
    for head, place in page.doubled.items():
        sheet.faults.append(Fault(page.title, 1, get_column_letter(place + 1), head, CellFault.HEAD_TWICE))
    for row in page.rows:
        _read_row(page, row, sheet, today)
    _find_doubles(sheet)
    return sheet


def _chosen(titles: Sequence[str]) -> dict[str, Sequence[str]]:
    """The one sheet that is called by a school year; which of two is meant nobody can say."""
    named = [title for title in titles if year_of(title)]
    if len(named) > 1:
        raise SheetRefused(Refusal.NO_SHEET)
    return dict.fromkeys(named, HEADS)


def _read_row(page: SheetPage, row: SheetRow, sheet: SchoolSheet, today: date) -> None:
    cells = row.cells

    def fault(head: str, kind: CellFault) -> None:
        text = cells[head][:LONGEST_NAME]
        sheet.faults.append(Fault(page.title, row.number, sheet.columns.get(head, ""), head, kind, text))

    for head in row.unread:
        fault(head, CellFault.FORMULA)
    school, kind, stage = cells[SCHOOL], KINDS.get(cells[KIND]), STAGES.get(cells[STAGE])
    if not school:
        fault(SCHOOL, CellFault.MISSING)
    for head, longest in ((SCHOOL, LONGEST_NAME), (SOURCE, LONGEST_SOURCE)):
        if len(cells[head]) > longest:
            fault(head, CellFault.TOO_LONG)
    if cells[KIND] and kind is None:
        fault(KIND, CellFault.NO_KIND)
    if cells[STAGE] and stage is None:
        fault(STAGE, CellFault.NO_STAGE)
    counted_on = read_day(cells[COUNTED_ON], today) if cells[COUNTED_ON] else None
    if cells[COUNTED_ON] and counted_on is None:
        fault(COUNTED_ON, CellFault.NO_DAY)
    numbers: dict[str, Number | None] = {}
    for head, figure in FIGURE_OF.items():
        if not cells[head]:
            continue
        number = read_number(cells[head], figure)
        if isinstance(number, CellFault):
            fault(head, number)
        elif figure.of_stage and not cells[STAGE]:
            fault(head, CellFault.OF_NO_STAGE)
        else:
            numbers[figure.code] = number
    sheet.rows.append(SchoolRow(row.number, school, kind, stage, counted_on, cells[SOURCE], numbers))


def _find_doubles(sheet: SchoolSheet) -> None:
    """A stage that stands in the file twice, and a number of the whole school that two of its rows give otherwise."""
    stages: set[tuple[str, Stage | None]] = set()
    known: dict[tuple[str, str], object] = {}
    for row in sheet.rows:
        if row.school and (row.school, row.stage) in stages:
            text = STAGE_WORDS[row.stage] if row.stage else ""
            sheet.faults.append(Fault(sheet.title, row.row, sheet.columns.get(STAGE, ""), STAGE, CellFault.TWICE, text))
        stages.add((row.school, row.stage))
        said: dict[str, object] = {HEAD_OF[code]: number for code, number in row.of_school.items()}
        said |= {KIND: row.kind} if row.kind else {}
        said |= {COUNTED_ON: row.counted_on} if row.counted_on else {}
        said |= {SOURCE: row.source} if row.source else {}
        for head, value in said.items():
            if known.setdefault((row.school, head), value) != value:
                sheet.faults.append(
                    Fault(sheet.title, row.row, sheet.columns.get(head, ""), head, CellFault.TWO_VALUES)
                )


def template(year: int, lines: Iterable[SchoolLine], before: Iterable[SchoolLine]) -> bytes:
    """The file to fill in: what is stored of a year, and on a second sheet the year before to compare with."""
    book = Workbook()
    for each in list(book.worksheets):
        book.remove(each)
    _fill(book.create_sheet(title_of(year)), lines, ADVICE_TEXT)
    _fill(book.create_sheet(f"{title_of(year - 1)}对照"), before, f"{ADVICE}上一学年的数，只供对照，不会导入。")
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(page: Any, lines: Iterable[SchoolLine], advice: str) -> None:
    fill_sheet(page, HEADS, [advice], map(values_of, lines), {SCHOOL: 22}, still=3)
    for place, head in enumerate(HEADS, start=1):
        if head in OF_SCHOOL:
            page.cell(1, place).fill = SHADE
            page.cell(1, place).comment = Comment("全校：每校只填在第一行", "")
