"""The styles of a Word document, as far as they say what is a heading and what is numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tracker.documents.readers.word_xml import child, each, number_of, said

HEADING_NAME = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
DEEPEST = 12  # styles that build on each other
BODY_LEVEL = 9  # the outline level of what is no heading


@dataclass(frozen=True)
class Style:
    """A paragraph style: what it builds on, its heading level (0 for none), its list and the level in it."""

    based_on: str
    heading: int | None
    list_id: str
    level: str


@dataclass(frozen=True)
class Styles:
    """The styles by id; ``usual`` is that of a paragraph which names none, ``lists`` the lists of numbering styles."""

    styles: Mapping[str, Style]
    usual: str
    lists: Mapping[str, str]

    def _chain(self, style: str) -> list[Style]:
        found: list[Style] = []
        while style in self.styles and len(found) < DEEPEST:
            found.append(self.styles[style])
            style = found[-1].based_on
        return found

    def list_of(self, style: str) -> str:
        """The list that a style numbers its paragraphs by; empty for none."""
        return next((each.list_id for each in self._chain(style) if each.list_id), "")

    def level_of(self, style: str) -> str:
        """The level that a style states in its list; empty for none."""
        return next((each.level for each in self._chain(style) if each.list_id), "")

    def heading(self, paragraph: Element) -> int:
        """The heading level of a paragraph, 0 for none."""
        own = said(child(paragraph, "pPr", "outlineLvl"), "val")
        if own:
            return _heading(own)
        style = said(child(paragraph, "pPr", "pStyle"), "val") or self.usual
        return next((each.heading for each in self._chain(style) if each.heading is not None), 0)


def _heading(outline_level: str) -> int:
    level = number_of(outline_level, BODY_LEVEL)
    return level + 1 if 0 <= level < BODY_LEVEL else 0


def styles_of(root: Element | None) -> Styles:
    """The styles in styles.xml."""
    styles, lists, usual = {}, {}, ""
    for item in each(root, "style"):
        key, numbering = said(item, "styleId"), child(item, "pPr", "numPr")
        list_id = said(child(numbering, "numId"), "val")
        if said(item, "type") == "numbering":
            lists[key] = list_id
        elif said(item, "type") in {"paragraph", ""}:
            styles[key] = Style(
                said(child(item, "basedOn"), "val"), _heading_of(item), list_id, said(child(numbering, "ilvl"), "val")
            )
            if said(item, "default") in {"1", "true"}:
                usual = key
    return Styles(styles, usual, lists)


def _heading_of(style: Element) -> int | None:
    level = said(child(style, "pPr", "outlineLvl"), "val")
    if level:
        return _heading(level)
    named = HEADING_NAME.fullmatch(said(child(style, "name"), "val"))
    return int(named[1]) if named else None
