"""Languages: Simplified Chinese stands in the source, English is a complete translation beside this file."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, cast

import flask_babel
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, request
from flask_babel import lazy_gettext
from jinja2 import pass_context

CHINESE = "zh_Hans_CN"
ENGLISH = "en"
LANGUAGE_COOKIE = "language"
HERE = Path(__file__).parent

logger = logging.getLogger(__name__)


# Every text of a page asks for the language, so it is read from the cookie once per request.
_language: ContextVar[str] = ContextVar("language", default=CHINESE)


def chosen_language() -> str:
    """The language of this request: English where the reader chose it, else Chinese; Chinese outside requests."""
    return _language.get()


def choose_language() -> None:
    """Take the language of a request from its cookie."""
    _language.set(ENGLISH if request.cookies.get(LANGUAGE_COOKIE) == ENGLISH else CHINESE)


def forget_language(_error: BaseException | None = None) -> None:
    """Leave the next user of this thread the default."""
    _language.set(CHINESE)


def lazy(text: str, **values: object) -> str:
    """A marked text that is translated when it is shown; forms and word tables hold these as if they were strings."""
    return cast(str, lazy_gettext(text, **values))


def gettext(text: str, **values: object) -> str:
    """A marked text in the reader's language; the source language needs no catalogue."""
    if chosen_language() == CHINESE:
        return text % values if values else text
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """A marked text with a number in the reader's language; Chinese has one form."""
    if chosen_language() == CHINESE:
        return singular % {"num": num, **values}
    return str(flask_babel.ngettext(singular, plural, num, **values))


def register(app: Flask) -> None:
    """Let templates use the quick path; Babel's own callables look the catalogue up for every text."""
    app.before_request(choose_language)
    app.teardown_request(forget_language)
    app.jinja_env.install_gettext_callables(_template_gettext, _template_ngettext, newstyle=True)  # type: ignore[attr-defined]


def offer_filters(app: Flask, **filters: Callable[..., Any]) -> None:
    """Offer filters to every template, asked whenever a page is read.

    What a plain filter makes of a constant is worked out once, when a template is compiled, and would stay in the
    language of whoever read the page first.
    """
    app.jinja_env.filters.update({name: _asked_each_time(each) for name, each in filters.items()})


def _asked_each_time(plain: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    @wraps(plain)
    def asked(_context: object, *values: Any, **named: Any) -> Any:
        return plain(*values, **named)

    return asked


def _template_gettext(text: str) -> str:
    return text if chosen_language() == CHINESE else str(flask_babel.gettext(text))


def _template_ngettext(singular: str, plural: str, num: int) -> str:
    return singular if chosen_language() == CHINESE else str(flask_babel.ngettext(singular, plural, num))


def compile_translations(folder: Path = HERE) -> None:
    """Compile the catalogue where it is newer than its compiled form, which is not kept in the repository.

    Where the folder cannot be written, pages keep the form that stands there, or are in Chinese.
    """
    source = folder / ENGLISH / "LC_MESSAGES" / "messages.po"
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return
    with source.open("rb") as file:
        catalogue = read_po(file, locale=ENGLISH)
    try:
        _put_in_place(catalogue, source, target)
    except OSError as error:
        logger.warning("%s cannot be written (%s): the English pages may be out of date", target, error.strerror)


def _put_in_place(catalogue: Catalog, source: Path, target: Path) -> None:
    """Write a compiled catalogue whole: several processes that start at once each write a file of their own first."""
    descriptor, partial = tempfile.mkstemp(prefix=f"{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write_mo(file, catalogue)
        shutil.copymode(source, partial)
        Path(partial).replace(target)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise


def in_language(row: object, attribute: str) -> str:
    """A text of a row in the reader's language, in Chinese where there is no English."""
    english = getattr(row, f"{attribute}_en") if chosen_language() == ENGLISH else None
    return english or getattr(row, attribute) or ""
