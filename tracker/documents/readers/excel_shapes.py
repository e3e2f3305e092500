"""What the values of an Excel file do not say: which cells are merged, and what is hidden."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as XML

from openpyxl.utils import range_boundaries

from tracker.documents.office_archive import Refusal, SheetRefused
from tracker.documents.sheet_cells import LAST_ROW, MOST_COLUMNS

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
MOST_MERGED = 50_000
Range = tuple[int, int, int, int]  # left, top, right, bottom, from 1


@dataclass
class Shape:
    """A sheet: whether it is hidden, its hidden rows and columns (from 1), its merged ranges."""

    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)


def shapes_of(archive: zipfile.ZipFile) -> dict[str, Shape]:
    """The shape of every sheet by its title."""
    names = set(archive.namelist())
    targets = dict(_targets(archive, names))
    shapes = {}
    for sheet in XML.fromstring(archive.read("xl/workbook.xml")).iter():
        if _plain(sheet.tag) != "sheet":
            continue
        part = targets.get(sheet.get(RELATION) or sheet.get(STRICT_RELATION) or "", "")
        shape = _shape(archive, part) if part in names else Shape()
        shape.hidden = sheet.get("state", "visible") != "visible"
        shapes[sheet.get("name", "")] = shape
    return shapes


def links_outside(archive: zipfile.ZipFile) -> int:
    """How many things of other files or addresses the book points at; none is ever fetched."""
    return sum(
        relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith("/hyperlink")
        for name in archive.namelist()
        if name.endswith(".rels")
        for relation in XML.fromstring(archive.read(name))
    )


def _targets(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    if "xl/_rels/workbook.xml.rels" in names:
        for relation in XML.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
            target = relation.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            yield relation.get("Id", ""), part


def _shape(archive: zipfile.ZipFile, part: str) -> Shape:
    shape = Shape()
    number = 0
    with archive.open(part) as file:
        for _event, item in XML.iterparse(file):
            name = _plain(item.tag)
            if name == "row":
                number = int(item.get("r", number + 1))
                if number > LAST_ROW:
                    raise SheetRefused(Refusal.TOO_MANY_ROWS)
                if _is_hidden(item):
                    shape.hidden_rows.append(number)
                item.clear()
            elif name == "col" and _is_hidden(item):
                last = min(int(item.get("max", 0)), MOST_COLUMNS)
                shape.hidden_columns += range(int(item.get("min", 1)), last + 1)
            elif name == "mergeCell" and len(shape.merged) < MOST_MERGED:
                left, top, right, bottom = range_boundaries(item.get("ref", ""))
                shape.merged.append((left or 1, top or 1, right or MOST_COLUMNS, bottom or LAST_ROW))
            elif name == "sheetData":
                item.clear()
    return shape


def _is_hidden(item: XML.Element) -> bool:
    return item.get("hidden") in {"1", "true"}


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]
