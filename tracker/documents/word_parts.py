"""The parts of a Word file that are written by hand: elements in the order of their schema, and equal bytes every time.

Word refuses or mends a file whose properties stand in another order than its schema (ECMA-376) says; every function
here writes them in that order.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TWIPS = 20  # a point
TWIPS_OF_MM = 1440 / 25.4
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the first that an archive can write
GRID = 579  # a line in twips: 22 of them are the 225 mm between the margins, and not a twip more
BLACK, RED = "000000", "FF0000"
ON = {"val": "1"}
OFF = {"val": "0"}


@dataclass(frozen=True)
class Face:
    """How signs look: a font for every kind of script, a size in points, an ink, and what is added between them."""

    font: str
    size: float
    ink: str = BLACK
    closer: int = 0
    bold: bool = False


@dataclass(frozen=True)
class Shape:
    """How a paragraph stands: line height in twips, alignment, indents in characters of its size."""

    line: int
    align: str = "both"
    first: float = 0
    left: float = 0
    right: float = 0
    hanging: float = 0
    keep_next: bool = False
    level: int | None = None
    before: int = 0
    after: int = 0
    right_stop: int | None = None  # where words after a tab end, in twips from the left


def element(name: str, *children: Any, **attributes: object) -> Any:
    """An element of the main schema; an attribute None is left out."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        if value is not None:
            made.set(qn(f"w:{key}"), str(value))
    made.extend([child for child in children if child is not None])
    return made


def twips(mm: float) -> int:
    """Millimetres as Word counts lengths, never more than there are."""
    return int(mm * TWIPS_OF_MM)


def fonts(font: str) -> Any:
    """A font named for every kind of script, so that no program chooses one itself."""
    return element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font, hint="eastAsia")


def run_properties(face: Face) -> Any:
    """What stands at a run or a style about its signs."""
    half_points = round(face.size * 2)
    return element(
        "rPr",
        fonts(face.font),
        element("b", **ON) if face.bold else None,
        element("color", val=face.ink),
        element("spacing", val=face.closer) if face.closer else None,
        element("kern", val=0),
        element("sz", val=half_points),
        element("szCs", val=half_points),
        element("lang", val="en-US", eastAsia="zh-CN"),
    )


def paragraph_properties(shape: Shape, size: float, style: str | None = None, borders: Any = None) -> Any:
    """What stands at a paragraph or a style about its lines."""
    return element(
        "pPr",
        element("pStyle", val=style) if style else None,
        element("keepNext", **ON) if shape.keep_next else None,
        element("widowControl", **OFF),  # a page has its 22 lines
        borders,
        element("tabs", element("tab", val="right", pos=shape.right_stop)) if shape.right_stop else None,
        element("wordWrap", **OFF),  # a long Latin word is broken and not pushed down
        element("autoSpaceDE", **OFF),
        element("autoSpaceDN", **OFF),
        element("snapToGrid", **OFF) if shape.line % GRID else None,
        element("spacing", before=shape.before, after=shape.after, line=shape.line, lineRule="exact"),
        _indents(shape, size),
        element("jc", val=shape.align),
        element("outlineLvl", val=shape.level) if shape.level is not None else None,
    )


def _indents(shape: Shape, size: float) -> Any:
    """Indents in hundredths of a character, with the same in twips for programs that know no characters."""
    given = {"left": shape.left, "right": shape.right, "firstLine": shape.first, "hanging": shape.hanging}
    lengths: dict[str, object] = {}
    for name, characters in given.items():
        if characters or name in ("left", "right"):
            lengths[f"{name}Chars"] = round(characters * 100)
            lengths[name] = round(characters * size * TWIPS)
    return element("ind", **lengths)


def paragraph(shape: Shape, *runs: Any, size: float, style: str | None = None, borders: Any = None) -> Any:
    """A paragraph of a shape; its size is that of the characters by which it is indented."""
    return element("p", paragraph_properties(shape, size, style, borders), *runs)


def run(text: str, face: Face, begins_line: bool = False) -> Any:
    """A text as it is, in its face, perhaps on a new line. Control signs must be gone: XML takes none."""
    words = element("t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    return element("r", run_properties(face), element("br") if begins_line else None, words)


def tab(face: Face) -> Any:
    """A step to the next stop of the line."""
    return element("r", run_properties(face), element("tab"))


def page_number(face: Face) -> list[Any]:
    """— 1 —, counted by the program that shows it."""
    instruction = element("instrText")
    instruction.text = "PAGE"
    field = [element("fldChar", fldCharType="begin"), instruction, element("fldChar", fldCharType="end")]
    return [run("— ", face), *(element("r", run_properties(face), each) for each in field), run(" —", face)]


def line_of(place: str, ink: str, eighths: int, space: int = 1) -> Any:
    """A rule at one side of a paragraph or a cell, its width in eighths of a point."""
    return element(place, val="single", sz=eighths, space=space, color=ink)


def equal_bytes(file: bytes) -> bytes:
    """The same archive without the instant at which it was packed, so that equal papers are equal files."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as archive, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry in archive.infolist():
            written = zipfile.ZipInfo(entry.filename, FIRST_DAY)
            written.compress_type, written.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(written, archive.read(entry))
    return kept.getvalue()
