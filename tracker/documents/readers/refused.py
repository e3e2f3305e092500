"""Why a document is not read; ``views/import_words.py`` says each in words, with the way to mend it."""

from __future__ import annotations

from enum import StrEnum


class PaperRefusal(StrEnum):
    """The reasons, told by the content of a file and not by its name."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_LONG = "too_long"
    OLD_WORD = "old_word"
    OLD_EXCEL = "old_excel"
    OLD_OFFICE = "old_office"
    WPS = "wps"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    PDF = "pdf"
    RTF = "rtf"
    OFD = "ofd"
    OPEN_DOCUMENT = "open_document"
    PICTURE = "picture"
    WEB_PAGE = "web_page"
    BURSTS = "bursts"
    DECLARES = "declares"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


class PaperRefused(Exception):
    """A document that is not read; ``refusal`` says why."""

    def __init__(self, refusal: PaperRefusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal
