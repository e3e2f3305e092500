"""Languages: Simplified Chinese stands in the source, English is a complete translation beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import has_request_context, request
from flask_babel import lazy_gettext

CHINESE = "zh_Hans_CN"
ENGLISH = "en"
LANGUAGE_COOKIE = "language"
HERE = Path(__file__).parent


def chosen_language() -> str:
    """The language of this request: English where the reader chose it, else Chinese."""
    if has_request_context() and request.cookies.get(LANGUAGE_COOKIE) == ENGLISH:
        return ENGLISH
    return CHINESE


def lazy(text: str, **values: object) -> str:
    """A marked text that is translated when it is shown; forms and word tables hold these as if they were strings."""
    return cast(str, lazy_gettext(text, **values))


def compile_translations() -> None:
    """Compile the catalogue where it is newer than its compiled form, which is not kept in the repository."""
    source = HERE / ENGLISH / "LC_MESSAGES" / "messages.po"
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return
    with source.open("rb") as file:
        catalogue = read_po(file, locale=ENGLISH)
    partial = target.with_name(f"{target.name}.new")
    with partial.open("wb") as file:
        write_mo(file, catalogue)
    partial.replace(target)
