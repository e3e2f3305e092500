"""A bulletin (通报) as a Word file in the layout of GB/T 9704-2012: 督查通报, 周览 and 工作简报.

Nothing is invented: the place of a document number stays empty, there is no seal, and how many are printed is left to
the office. Equal papers give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from tracker.documents.official_layout import (
    BODY,
    BODY_FACE,
    CHARACTERS,
    FIRST,
    FIRST_FACE,
    FLUSH,
    LYING,
    SECOND,
    SECOND_FACE,
    SMALL,
    SMALL_FACE,
    TITLE,
    TITLE_FACE,
    UPRIGHT,
    begin_pages,
    file_of,
    new_document,
    type_width,
)
from tracker.documents.official_paper import LABEL_FONT, TITLE_FONT, full_day, plain
from tracker.documents.official_table import em_width, table_of
from tracker.documents.title_lines import title_lines
from tracker.documents.word_parts import BLACK, GRID, ON, RED, TWIPS, Face, Shape, element, line_of, paragraph, run, tab
from tracker.rules.bulletins import BulletinKind, Paper, Table

DRAFT = "征求意见稿"
SUBJECT = "义务教育优质均衡发展"
NAMES = {BulletinKind.WEEK: "推进情况周览", BulletinKind.BRIEF: "工作简报"}
DOCUMENT_NUMBER = "〔　　　〕　　号"
NO_NUMBER = "　　"
COPIES = "（共印　　　份）"

SECOND_HEADING = re.compile(r"（[一二三四五六七八九十百]+）")
LONGEST_HEADING = 30
NAME_FACE = Face(TITLE_FONT, 48, RED)
SMALLEST = 12.0
END_FACE = Face(BODY_FACE.font, 14)
END_LINE = 460
END_RULES = {"top": 8, "bottom": 8, "insideH": 6}  # eighths of a point


def bulletin_file(paper: Paper) -> bytes:
    """The Word file of a bulletin, draft or settled."""
    title = plain(paper.title)
    document = new_document(title, plain(paper.issuer), paper.dated_on, DRAFT if paper.is_draft else "")
    body = document.element.body
    _add(body, _opening(paper))
    _add(body, _sections(paper))
    for table in paper.tables:
        _add(body, table_of(table, type_width(UPRIGHT)))
    _add(body, _notes(paper))
    _add(body, _signature(paper) if paper.kind is BulletinKind.SUPERVISION else _end_matter(paper))
    for place, table in enumerate(paper.appendix, start=1):
        begin_pages(document, LYING)
        _add(body, _appendix(table, place if len(paper.appendix) > 1 else None))
    return file_of(document)


def _add(body: Any, parts: Iterator[Any]) -> None:
    """Write parts before what closes the document."""
    for part in parts:
        body[-1].addprevious(part)


def _opening(paper: Paper) -> Iterator[Any]:
    """All that stands above the first section."""
    if paper.is_draft:
        yield _line(DRAFT, FLUSH, FIRST_FACE)
    if paper.kind is BulletinKind.SUPERVISION:
        yield _line(DOCUMENT_NUMBER, replace(FLUSH, align="center"))
        yield _blank()
        yield _title(plain(paper.title))
        yield _blank()
        if addressee := plain(paper.addressee):
            yield _line(addressee if addressee.endswith("：") else f"{addressee}：", FLUSH)
        return
    yield from _head(paper)
    yield _blank()
    if not _is_name(paper):
        yield _title(plain(paper.title))
    if cut_off := plain(paper.cut_off):
        yield _line(f"（数据截至{cut_off}）", replace(FLUSH, align="center"), SECOND_FACE)
    yield _blank()


def _head(paper: Paper) -> Iterator[Any]:
    """The red head of a brief: its name, its number, the office and the day, and a red rule."""
    for text, size in ((f"{plain(paper.region)}{SUBJECT}", 26.0), (NAMES[paper.kind], 48.0)):
        face = replace(NAME_FACE, size=_fitting(text, size))
        yield _line(text, Shape(2 * GRID if size > 30 else ceil(1.5 * GRID), align="center"), face)
    number = "" if paper.number is None else str(paper.number)
    yield _line(f"第{number or NO_NUMBER}期", replace(FLUSH, align="center"))
    issuer, day = plain(paper.issuer), full_day(paper.dated_on)
    room = CHARACTERS - em_width(issuer) - em_width(day)
    rule = element("pBdr", line_of("bottom", RED, 18, 4))
    runs = [run(issuer, BODY_FACE), tab(BODY_FACE), run(day, BODY_FACE)]
    if room < 1:
        yield _line(issuer, FLUSH)
        runs = [tab(BODY_FACE), run(day, BODY_FACE)]
    yield _split_line(runs, rule)


def _split_line(runs: Sequence[Any], rule: Any) -> Any:
    """A line whose first words stand left and whose last words stand right."""
    shape = replace(FLUSH, align="left", right_stop=type_width(UPRIGHT))
    return paragraph(shape, *runs, size=BODY_FACE.size, style="Normal", borders=rule)


def _sections(paper: Paper) -> Iterator[Any]:
    """The sections in their order; one without a word is left out."""
    for block in paper.blocks:
        words = [text for text in map(plain, block.text.splitlines()) if text]
        if not words:
            continue
        if heading := plain(block.heading):
            yield _line(heading, FIRST, FIRST_FACE, "Heading1")
        for text in words:
            yield _text(text)


def _text(text: str) -> Any:
    """A paragraph of the text; （一） begins a heading of the second order or a paragraph with one."""
    if not SECOND_HEADING.match(text):
        return _line(text, BODY, style="Text")
    head, stop, rest = text.partition("。")
    if len(head) > LONGEST_HEADING:
        return _line(text, BODY, style="Text")
    if not rest:
        return _line(text, SECOND, SECOND_FACE, "Heading2")
    runs = run(head + stop, SECOND_FACE), run(rest, BODY_FACE)
    return paragraph(BODY, *runs, size=BODY_FACE.size, style="Text")


def _title(text: str) -> Any:
    """The title, its lines ended where a word ends."""
    first, *others = title_lines(text)
    runs = [run(first, TITLE_FACE), *(run(line, TITLE_FACE, begins_line=True) for line in others)]
    return paragraph(TITLE, *runs, size=TITLE_FACE.size, style="Title")


def _notes(paper: Paper) -> Iterator[Any]:
    """How the figures are counted, in small signs under the tables."""
    notes = [text for text in map(plain, paper.notes) if text]
    for place, text in enumerate(notes):
        shape = replace(SMALL, before=120 if place == 0 else 0, keep_next=place == len(notes) - 1)
        yield _line(text if place else f"注：{text}", shape, SMALL_FACE)


def _signature(paper: Paper) -> Iterator[Any]:
    """The list of appendices, then the office, centred above the day; room is left for a seal."""
    titles = [plain(table.title) or "附表" for table in paper.appendix]
    if titles:
        yield _blank(keep_next=True)
    # No page holds the office and the day alone.
    for place, title in enumerate(titles, start=1):
        begins = "附件：" if place == 1 else "　　　"
        number = f"{place}．" if len(titles) > 1 else ""
        hanging = em_width(begins + number)
        yield _line(
            f"{begins}{number}{title}", replace(FLUSH, align="left", left=2 + hanging, hanging=hanging, keep_next=True)
        )
    issuer, day = plain(paper.issuer), full_day(paper.dated_on)
    beyond = (em_width(issuer) - em_width(day)) / 2
    # An office of two lines has no middle; both then stand as far right as they may.
    right = 4.0 if em_width(issuer) > CHARACTERS - 2 else max(4.0, 2 + beyond)
    yield _blank(keep_next=True)
    yield _blank(keep_next=True)
    yield _line(issuer, replace(FLUSH, align="right", right=max(2.0, right - beyond), keep_next=True))
    yield _line(day, replace(FLUSH, align="right", right=right))


def _end_matter(paper: Paper) -> Iterator[Any]:
    """版记: to whom it is reported, sent and issued, between rules; the number of copies is left to the office."""
    given = (("报：", paper.reported_to), ("送：", paper.sent_to), ("发：", paper.issued_to))
    rows = [(label, plain(names)) for label, names in given if plain(names)]
    width = type_width(UPRIGHT)
    named = Shape(END_LINE, align="left", left=3, hanging=2, right=1, keep_next=True)
    made = [_end_row(label + names, named, width) for label, names in rows]
    made.append(_end_row(COPIES, Shape(END_LINE, align="right", right=1), width))
    rules = [line_of(side, BLACK, eighths, 0) for side, eighths in END_RULES.items()]
    yield _blank(keep_next=True)
    yield element(
        "tbl",
        element(
            "tblPr",
            element("tblW", w=width, type="dxa"),
            element("jc", val="center"),
            element("tblBorders", *rules),
            element("tblLayout", type="fixed"),
        ),
        element("tblGrid", element("gridCol", w=width)),
        *made,
    )
    # A file ends in a paragraph; this one is too low to be seen.
    yield paragraph(Shape(TWIPS), size=1)


def _end_row(text: str, shape: Shape, width: int) -> Any:
    """A row of the 版记, which no page tears: rules of paragraphs would be as short as their indents leave them."""
    words = paragraph(shape, run(text, END_FACE), size=END_FACE.size, style="Normal")
    cell = element("tc", element("tcPr", element("tcW", w=width, type="dxa")), words)
    return element("tr", element("trPr", element("cantSplit", **ON)), cell)


def _appendix(table: Table, number: int | None) -> Iterator[Any]:
    """An appendix on its pages: what it is, its title, and the table."""
    yield _line(f"附件{number or ''}", FLUSH, replace(FIRST_FACE, font=LABEL_FONT))
    if title := plain(table.title):
        yield _title(title)
    yield from table_of(replace(table, title=""), type_width(LYING))


def _is_name(paper: Paper) -> bool:
    """Whether the title says no more than the head does already."""
    name = f"{plain(paper.region)}{SUBJECT}{NAMES[paper.kind]}"
    return plain(paper.title) in (name, NAMES[paper.kind], "")


def _fitting(text: str, size: float) -> float:
    """The size, at most the given one, in which a text stays in one line."""
    across = type_width(UPRIGHT) / 20
    return max(SMALLEST, min(size, float(int(across / max(1.0, em_width(text))))))


def _line(text: str, shape: Shape, face: Face = BODY_FACE, style: str = "Normal") -> Any:
    return paragraph(shape, run(text, face), size=face.size, style=style)


def _blank(keep_next: bool = False) -> Any:
    """An empty line of the grid."""
    return paragraph(replace(FLUSH, keep_next=keep_next), size=BODY_FACE.size, style="Normal")
