"""The words of a Word paragraph: what is deleted or hidden is left out, what is inserted is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tracker.documents.readers.notes import Notes
from tracker.documents.readers.word_xml import child, each, is_on, name_of, number_of, said
from tracker.rules.reading.papers import NoteKind

CHANGES = {"ins", "moveTo", "del", "moveFrom"}
GONE = {"del", "moveFrom", "rt", "pPr", "rPr", "sdtPr", "instrText", "delText", "tcPr"}
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Signs of the Wingdings fonts that offices use, by their place in the font.
WINGDINGS = {0x6C: "●", 0x6E: "■", 0x75: "◆", 0xA8: "□", 0xD8: "➢", 0xFC: "√", 0xFE: "☑", 0x52: "☑", 0xA3: "□"}
PRIVATE = 0xF000
DRAWINGS = {"drawing", "pict", "object"}


@dataclass
class Said:
    """What a paragraph says, and the text boxes anchored in it."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in one string, breaks as \\n."""
        return "".join(self.parts)


class Runs:
    """Reads runs, and notes what was met on the way."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def text(self, paragraph: Element, aloud: bool = True) -> Said:
        """The words and boxes of a paragraph; without a note where it is read a second time."""
        said_here = Said()
        self._walk(paragraph, said_here, aloud)
        return said_here

    def _walk(self, parent: Element, found: Said, aloud: bool) -> None:
        for item in parent:
            name = name_of(item)
            if name in CHANGES and aloud:
                self.notes.add(NoteKind.CHANGES_ACCEPTED)
            if name in GONE or (name == "r" and is_on(child(item, "rPr", "vanish"))):
                continue
            if name == "t":
                found.parts.append(item.text or "")
            elif name in SIGNS:
                found.parts.append("" if said(item, "type") in {"page", "column"} else SIGNS[name])
            elif name == "sym":
                found.parts.append(_sign(item))
            elif name == "AlternateContent":
                # The same box stands here twice, for new and for old programs.
                choice = next(each(item, "Choice", "Fallback"), None)
                if choice is not None:
                    self._walk(choice, found, aloud)
            elif name in DRAWINGS:
                self._drawing(item, found, aloud)
            elif name in {"footnoteReference", "endnoteReference"}:
                self._note(NoteKind.FOOTNOTE, aloud)
            elif name != "txbxContent":
                self._walk(item, found, aloud)

    def _drawing(self, item: Element, found: Said, aloud: bool) -> None:
        boxes = [box for box in item.iter() if name_of(box) == "txbxContent"]
        inside = {id(inner) for box in boxes for inner in box.iter() if inner is not box}
        outer = [box for box in boxes if id(box) not in inside]
        found.boxes += outer
        if not outer:
            self._note(NoteKind.PICTURE, aloud)

    def _note(self, kind: NoteKind, aloud: bool) -> None:
        if aloud:
            self.notes.add(kind)


def _sign(item: Element) -> str:
    try:
        code = int(said(item, "char"), 16)
    except ValueError:
        return ""
    if PRIVATE <= code <= PRIVATE + 0xFF:
        return WINGDINGS.get(code - PRIVATE, "")
    return chr(code) if number_of(str(code)) and not 0xD800 <= code <= 0xDFFF and code <= 0xFFFF else ""
