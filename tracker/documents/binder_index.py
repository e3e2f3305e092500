"""The index of an evidence binder in Word and Excel: each file with its item, and what has no evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tracker.documents.binder import Entry, Filled, State
from tracker.documents.ledger_sheet import SheetColumn, Value, sheet_of
from tracker.documents.official_paper import (
    BODY_FONT,
    LABEL_FONT,
    TEXT_WIDTH,
    TITLE_FONT,
    WESTERN_FONT,
    add_paragraph,
    full_day,
    plain,
    set_up,
    write,
)
from tracker.queries.binder import BinderItem, BinderTask

STATES = {State.KEPT: "", State.MISSING: "文件缺失", State.CHANGED: "与提交时的内容不一致"}
TWIPS_PER_MM = 1440 / 25.4
KILOBYTE, MEGABYTE = 1024, 1024**2
MOST_TASKS = 10
LONGEST_TEXT = 200
FILES = (("任务", 44), ("单位", 26), ("日期", 22), ("文件", 46), ("大小", 18))
EMPTY = (("编号", 16), ("指标", 54), ("任务和单位", 86))
AMISS = (("编号", 16), ("文件", 60), ("任务", 50), ("情况", 30))


@dataclass(frozen=True)
class Cover:
    """Whose binder it is: the county, the framework with the group, the day and who made it."""

    region: str
    framework: str
    made_by: str
    at: datetime
    day: date

    @property
    def lines(self) -> list[str]:
        """What stands under the title."""
        return [f"依据：{plain(self.framework)}", f"截至{full_day(self.day)}", f"导出人：{plain(self.made_by)}"]


def papers(cover: Cover, filled: Filled) -> Iterator[tuple[str, bytes]]:
    """The papers of an archive: their names and contents."""
    yield "目录.docx", index_in_word(cover, filled)
    yield "目录.xlsx", index_in_excel(cover, filled)
    yield "无佐证清单.xlsx", empty_in_excel(cover, filled)


def index_in_word(cover: Cover, filled: Filled) -> bytes:
    """The index to read and print: the items that have files, those that have none, and what is amiss."""
    paper = Document()
    set_up(paper)
    heading = f"{plain(cover.region)}迎检材料目录"
    write(add_paragraph(paper, WD_ALIGN_PARAGRAPH.CENTER, after=6), heading, TITLE_FONT, 22, bold=True)
    for line in [*cover.lines, _summary(filled)]:
        write(add_paragraph(paper, WD_ALIGN_PARAGRAPH.LEFT), line, BODY_FONT, 12)
    for item, entries in _by_item(filled):
        _heading(paper, f"{item.code} {item.title}")
        _table(paper, FILES, [_file_cells(each) for each in entries])
    _section(paper, "无佐证清单", EMPTY, [(each.code, each.title, _tasks(each.tasks)) for each in filled.binder.empty])
    _section(paper, "缺失或不一致的文件", AMISS, [_amiss_cells(each) for each in filled.amiss])
    paper.core_properties.title, paper.core_properties.author, paper.core_properties.comments = (
        heading,
        cover.region,
        "",
    )
    kept = BytesIO()
    paper.save(kept)
    return kept.getvalue()


def index_in_excel(cover: Cover, filled: Filled) -> bytes:
    """The index to sort and filter, a row for each file."""
    columns = [
        SheetColumn("编号", 10),
        SheetColumn("指标", 40, True),
        SheetColumn("国家指标", 10),
        SheetColumn("任务编号", 12),
        SheetColumn("任务", 40, True),
        SheetColumn("对应关系", 10),
        SheetColumn("单位", 20, True),
        SheetColumn("日期", 12),
        SheetColumn("文件", 40, True),
        SheetColumn("大小（字节）", 12),
        SheetColumn("所在位置", 60, True),
        SheetColumn("SHA-256", 66),
        SheetColumn("情况", 20),
    ]
    return sheet_of("迎检材料目录", [*cover.lines, _summary(filled)], columns, map(_row, filled.entries), cover.at)


def empty_in_excel(cover: Cover, filled: Filled) -> bytes:
    """The items without any evidence, with the tasks that should bring it, and the files that are amiss."""
    columns = [
        SheetColumn("编号", 10),
        SheetColumn("指标", 50, True),
        SheetColumn("情况", 24),
        SheetColumn("任务和单位", 70, True),
    ]
    rows: list[Sequence[Value]] = [
        (
            each.code,
            each.title,
            "没有佐证" if each.tasks else "没有任务，也没有佐证",
            _tasks(each.tasks, len(each.tasks)),
        )
        for each in filled.binder.empty
    ]
    rows += [(each.item.code, each.file.name, STATES[each.state], _source(each)) for each in filled.amiss]
    return sheet_of("无佐证清单", [*cover.lines, _summary(filled)], columns, rows, cover.at)


def size_words(size: int) -> str:
    """KB, rounded up, below a megabyte, then MB with one decimal."""
    return f"{-(-size // KILOBYTE)} KB" if size < MEGABYTE else f"{size / MEGABYTE:.1f} MB"


def _summary(filled: Filled) -> str:
    binder = filled.binder
    said = f"共{len(binder.items)}项，{len(binder.items) - len(binder.empty)}项有佐证，{len(binder.empty)}项没有；"
    said += f"文件{sum(each.state is not State.MISSING for each in filled.entries)}个"
    return said + (f"，另有{len(filled.amiss)}个缺失或不一致。" if filled.amiss else "。")


def _by_item(filled: Filled) -> Iterator[tuple[BinderItem, list[Entry]]]:
    by_item: dict[int, list[Entry]] = {}
    for entry in filled.entries:
        by_item.setdefault(id(entry.item), []).append(entry)
    return ((entries[0].item, entries) for entries in by_item.values())


def _source(entry: Entry) -> str:
    task = entry.file.task
    return f"{task.number or task.key} {task.title}" if task else "县级数值"


def _file_cells(entry: Entry) -> tuple[str, ...]:
    file, state = entry.file, STATES[entry.state]
    place = f"{entry.path.rpartition('/')[2] or file.name}{f'（{state}）' if state else ''}"
    return _source(entry), file.unit, file.on.isoformat(), place, size_words(file.size)


def _amiss_cells(entry: Entry) -> tuple[str, ...]:
    return entry.item.code, entry.file.name, _source(entry), STATES[entry.state]


def _row(entry: Entry) -> Sequence[Value]:
    file, item, task = entry.file, entry.item, entry.file.task
    linked = "" if task is None else "待确认" if task.proposed else "已确认"
    number, title = ((task.number or task.key), task.title) if task else ("", "县级数值")
    return (
        *(item.code, item.title, item.national, number, title, linked, file.unit, file.on, file.name, file.size),
        *(entry.path, file.sha256, STATES[entry.state]),
    )


def _tasks(tasks: Sequence[BinderTask], most: int = MOST_TASKS) -> str:
    said = [f"{each.number or each.key} {each.title}（{'、'.join(each.units) or '未列单位'}）" for each in tasks[:most]]
    more = f"；等{len(tasks)}项" if len(tasks) > most else ""
    return "；".join(said) + more if said else "没有任务"


def _section(paper: Any, title: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> None:
    _heading(paper, title)
    if rows:
        _table(paper, columns, rows)
    else:
        write(add_paragraph(paper, WD_ALIGN_PARAGRAPH.LEFT), "没有。", BODY_FONT, 12)


def _heading(paper: Any, text: str) -> None:
    paragraph = add_paragraph(paper, WD_ALIGN_PARAGRAPH.LEFT, before=10, after=4)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, plain(text), LABEL_FONT, 12)


def _table(paper: Any, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> None:
    """A table written as XML at once: thousands of rows are too many to be put together cell by cell."""
    share = TEXT_WIDTH / sum(width for _name, width in columns)
    widths = [round(width * share * TWIPS_PER_MM) for _name, width in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _xml_row([name for name, _width in columns], widths, LABEL_FONT, "<w:trPr><w:tblHeader/></w:trPr>")
    lines = "".join(_xml_row(row, widths, BODY_FONT, "<w:trPr><w:cantSplit/></w:trPr>") for row in rows)
    shape = '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/>'
    table = f"<w:tbl {nsdecls('w')}><w:tblPr>{shape}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{lines}</w:tbl>"
    paper.element.body.insert(len(paper.element.body) - 1, parse_xml(table))


def _xml_row(texts: Sequence[str], widths: Sequence[int], font: str, shape: str) -> str:
    fonts = f'<w:rFonts w:ascii="{WESTERN_FONT}" w:hAnsi="{WESTERN_FONT}" w:eastAsia="{font}"/>'
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:r><w:rPr>{fonts}<w:sz w:val="21"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(plain(text)[:LONGEST_TEXT])}</w:t></w:r></w:p></w:tc>'
        for text, width in zip(texts, widths, strict=True)
    )
    return f"<w:tr>{shape}{''.join(cells)}</w:tr>"
