"""The XML of a Word file by plain names, whichever of the two dialects (transitional, strict) it is written in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
FORMULA = "http://schemas.openxmlformats.org/officeDocument/2006/math"
CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
KNOWN = {WORD, STRICT, FORMULA, CHOICES}
LARGEST_NUMBER = 1_000_000


@lru_cache(maxsize=4096)
def _plain(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    return name if space[1:] in KNOWN else f"?{name}"


def name_of(element: Element) -> str:
    """The plain name of an element (p, r, tbl); of another vocabulary with ? before it."""
    return _plain(element.tag) if isinstance(element.tag, str) else "?"


def said(element: Element | None, attribute: str) -> str:
    """An attribute of an element, empty where either is missing."""
    if element is None:
        return ""
    return element.get(f"{{{WORD}}}{attribute}") or element.get(f"{{{STRICT}}}{attribute}") or ""


def is_on(element: Element | None) -> bool:
    """Whether a switch (<w:vanish/>) is there and not turned off."""
    return element is not None and said(element, "val") not in {"0", "false", "off", "none"}


def number_of(text: str, otherwise: int = 0) -> int:
    """A whole number of sane size; another value for what is none."""
    try:
        value = int(text)
    except ValueError:
        return otherwise
    return value if abs(value) <= LARGEST_NUMBER else otherwise


def each(parent: Element | None, *names: str) -> Iterator[Element]:
    """The children of these names."""
    return (item for item in (parent if parent is not None else ()) if name_of(item) in names)


def child(parent: Element | None, *path: str) -> Element | None:
    """The first child of this name, and of that the next, and so on."""
    for name in path:
        parent = next(each(parent, name), None)
    return parent
