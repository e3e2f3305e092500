"""The page of GB/T 9704-2012: margins, 22 lines of 28 characters, styles, page numbers, and no name of a person.

The type area is 156 × 225 mm. Its grid is one of lines: programs do not agree on a grid of characters, so 28 of them
come from signs of 三号 that stand a quarter of a point closer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, NamedTuple

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm

from tracker.documents.official_paper import BODY_FONT, LABEL_FONT, STAND_INS, TITLE_FONT
from tracker.documents.word_parts import (
    BLACK,
    GRID,
    OFF,
    TWIPS,
    Face,
    Shape,
    element,
    equal_bytes,
    line_of,
    page_number,
    paragraph,
    paragraph_properties,
    run,
    run_properties,
    twips,
)

KAI_FONT, SONG_FONT = "楷体_GB2312", "宋体"
LONG, SHORT = 297, 210
TOP, LEFT, BOTTOM, RIGHT = 37, 28, 35, 26
TYPE_WIDTH, TYPE_HEIGHT = SHORT - LEFT - RIGHT, LONG - TOP - BOTTOM
LINES, CHARACTERS = 22, 28
# The page number stands 7 mm under the type area.
BELOW, FOOT_LINE = 7, 5
CLOSER = -5

BODY_FACE = Face(BODY_FONT, 16, closer=CLOSER)
TITLE_FACE = Face(TITLE_FONT, 22)
FIRST_FACE = Face(LABEL_FONT, 16, closer=CLOSER)
SECOND_FACE = Face(KAI_FONT, 16, closer=CLOSER)
FOOT_FACE = Face(SONG_FONT, 14)
SMALL_FACE = Face(BODY_FONT, 12)

BODY = Shape(GRID, first=2)
FLUSH = Shape(GRID)
TITLE = Shape(GRID, align="center")
FIRST = Shape(GRID, first=2, align="left", keep_next=True, level=0)
SECOND = Shape(GRID, first=2, keep_next=True, level=1)
FOOT = Shape(300)
SMALL = Shape(360, align="left")


class Style(NamedTuple):
    """A paragraph style of the file: its key, the name that people see, and its looks."""

    key: str
    name: str
    shape: Shape
    face: Face


STYLES = (
    Style("Normal", "Normal", FLUSH, BODY_FACE),
    Style("Text", "公文正文", BODY, BODY_FACE),
    Style("Title", "Title", TITLE, TITLE_FACE),
    Style("Heading1", "heading 1", FIRST, FIRST_FACE),
    Style("Heading2", "heading 2", SECOND, SECOND_FACE),
    Style("TableText", "公文表格", SMALL, SMALL_FACE),
    Style("Header", "header", FOOT, FOOT_FACE),
    Style("Footer", "footer", FOOT, FOOT_FACE),
)
NOT_NEEDED = ("thumbnail", "customXml", "stylesWithEffects", "numbering", "webSettings")


class Margins(NamedTuple):
    """The four margins of a page in mm."""

    top: int
    right: int
    bottom: int
    left: int


UPRIGHT = Margins(TOP, RIGHT, BOTTOM, LEFT)
# A lying page is an upright one turned to the left: its head is on the side where the sheets are bound.
LYING = Margins(LEFT, TOP, RIGHT, BOTTOM)


def new_document(title: str, issuer: str, dated_on: date, head: str = "") -> Any:
    """An empty document of this layout; ``head`` stands above every page but the first."""
    document = Document()
    _drop_parts(document)
    _write_styles(document.styles.element)
    _write_settings(document.settings.element)
    document.settings.odd_and_even_pages_header_footer = True
    _name_stand_ins(document)
    _write_properties(document.core_properties, title, issuer, dated_on)
    _lay(document.sections[0], UPRIGHT)
    _write_edges(document.sections[0], head)
    return document


def begin_pages(document: Any, margins: Margins) -> None:
    """End the pages so far in what was written last; what follows stands on pages of its own."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    _lay(section, margins)
    _join_last(document.element.body)


def file_of(document: Any) -> bytes:
    """The document as a file, the same for the same content."""
    kept = BytesIO()
    document.save(kept)
    return equal_bytes(kept.getvalue())


def type_width(margins: Margins) -> int:
    """How wide the lines of a page are, in twips."""
    across = LONG if margins is LYING else SHORT
    return twips(across) - twips(margins.left) - twips(margins.right)


def _join_last(body: Any) -> None:
    """Keep the end of a section in its last paragraph: one of its own could fall on an empty page."""
    breaking = body[-2]
    before = breaking.getprevious()
    if before is not None and before.tag == qn("w:p"):
        before.pPr.append(breaking.pPr.find(qn("w:sectPr")))
        body.remove(breaking)
        return
    breaking.pPr.insert(0, element("spacing", before=0, after=0, line=TWIPS, lineRule="exact"))
    breaking.pPr.insert(0, element("snapToGrid", **OFF))


def _lay(section: Any, margins: Margins) -> None:
    """Give a section its page: upright or lying, with the grid of lines."""
    is_lying = margins is LYING
    section.orientation = WD_ORIENT.LANDSCAPE if is_lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(LONG), Mm(SHORT)) if is_lying else (Mm(SHORT), Mm(LONG))
    section.top_margin, section.right_margin = Mm(margins.top), Mm(margins.right)
    section.bottom_margin, section.left_margin = Mm(margins.bottom), Mm(margins.left)
    section.header_distance, section.footer_distance = Mm(15), Mm(margins.bottom - BELOW - FOOT_LINE)
    properties = section._sectPr
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(element("docGrid", type="lines", linePitch=GRID))


def _write_edges(section: Any, head: str) -> None:
    """The page numbers, right on odd and left on even pages, and the line above every page but the first."""
    section.different_first_page_header_footer = True
    right, left = replace(FOOT, align="right", right=1), replace(FOOT, align="left", left=1)
    for footer, shape in (
        (section.footer, right),
        (section.first_page_footer, right),
        (section.even_page_footer, left),
    ):
        _fill(footer, paragraph(shape, *page_number(FOOT_FACE), size=FOOT_FACE.size, style="Footer"))
    for header, words in ((section.header, head), (section.even_page_header, head), (section.first_page_header, "")):
        runs = [run(words, FOOT_FACE)] if words else []
        _fill(header, paragraph(replace(FOOT, align="left"), *runs, size=FOOT_FACE.size, style="Header"))


def _fill(edge: Any, content: Any) -> None:
    """Put one paragraph where a header or footer has its own."""
    edge.is_linked_to_previous = False
    for child in list(edge._element):
        edge._element.remove(child)
    edge._element.append(content)


def _write_styles(styles: Any) -> None:
    """Leave only our own styles, each with its fonts: those of the template name fonts of a theme."""
    for child in list(styles):
        styles.remove(child)
    body = STYLES[0].face
    defaults = element("rPrDefault", run_properties(body)), element("pPrDefault", element("pPr"))
    styles.append(element("docDefaults", *defaults))
    for style in STYLES:
        styles.append(_style(style))
    table = element("style", element("name", val="Table Grid"), run_properties(SMALL_FACE), _grid_borders())
    table.set(qn("w:type"), "table")
    table.set(qn("w:styleId"), "TableGrid")
    styles.append(table)


def _style(style: Style) -> Any:
    is_first = style is STYLES[0]
    made = element(
        "style",
        element("name", val=style.name),
        None if is_first else element("basedOn", val=STYLES[0].key),
        element("qFormat"),
        paragraph_properties(style.shape, style.face.size),
        run_properties(style.face),
        type="paragraph",
        default="1" if is_first else None,
        styleId=style.key,
    )
    return made


def _grid_borders() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return element("tblPr", element("tblBorders", *(line_of(side, BLACK, 4, 0) for side in sides)))


def _write_settings(settings: Any) -> None:
    """Chinese as the language and the compatibility of today; the template has older ones."""
    zoom = settings.find(qn("w:zoom"))
    zoom.attrib.clear()
    zoom.set(qn("w:percent"), "100")
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    for each in settings.iter(qn("w:compatSetting")):
        if each.get(qn("w:name")) == "compatibilityMode":
            each.set(qn("w:val"), "15")


def _drop_parts(document: Any) -> None:
    """Take away what the template brings and nothing of ours uses, its preview picture above all."""
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if any(name in str(relation.reltype) for name in NOT_NEEDED):
                del holder.rels[key]


def _name_stand_ins(document: Any) -> None:
    """Say in the table of fonts what stands in for those that a machine lacks."""
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = _FONT_TABLE.encode()


_FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="'
    + nsmap["w"]
    + '">'
    + "".join(
        f'<w:font w:name="{font}">'
        + (f'<w:altName w:val="{STAND_INS[font]}"/>' if font in STAND_INS else "")
        + '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for font in (TITLE_FONT, BODY_FONT, LABEL_FONT, KAI_FONT, SONG_FONT)
    )
    + "</w:fonts>"
)


def _write_properties(properties: Any, title: str, issuer: str, dated_on: date) -> None:
    """The title and the office, and no person; the only day is that of the paper."""
    at = datetime(dated_on.year, dated_on.month, dated_on.day)
    properties.title, properties.author, properties.last_modified_by = title[:255], issuer[:255], ""
    properties.comments, properties.keywords, properties.language = "", "", "zh-CN"
    properties.created = properties.modified = at
    properties.revision = 1
