"""Where something stands, in words by which a person finds it: 三（二）1, 附件2 第3段, 附件1 第2行."""

from __future__ import annotations

import re

from tracker.documents.recognition.outline import Annex, Heading, Line, TableAt

# A bracket behind a heading that says who does what stands under it.
WHO = re.compile(r"[（(][^（）()]*(?:单位|部门|领导|负责|牵头)[^（）()]*[）)]$")
SHAPES = {4: "{}", 5: "（{}）", 7: "（{}）", 8: "{}"}


def source_of(line: Line) -> str:
    """The numbers of the headings above a paragraph and its own: 附件 三（一）2."""
    own = [Heading(line.rank, line.number, "", line.place)] if line.number else []
    numbers = "".join(SHAPES.get(each.rank, "{}").format(each.number) for each in [*line.path, *own] if each.number)
    return _joined(line.annex, numbers or f"第{line.place.block + 1}段")


def source_of_row(at: TableAt, row: int) -> str:
    """The table and the row of it, counted as people see them: 附件1 第2行, 表3 第5行."""
    where = at.table.sheet or (at.annex.name if at.annex else f"表{at.table.count}")
    return f"{where} 第{row + at.table.first_row}行"


def _joined(annex: Annex | None, words: str) -> str:
    return f"{annex.name} {words}" if annex else words


def section_of(line: Line | TableAt) -> tuple[str, ...]:
    """The headings above it, outermost first; those of an annex begin with the title of the annex."""
    titles = tuple(WHO.sub("", each.title).strip() for each in line.path if each.title)
    return (line.annex.title, *titles) if line.annex and line.annex.title else titles
