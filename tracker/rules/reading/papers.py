"""The kinds of documents that are read, and what a reader may have to say of one."""

from __future__ import annotations

from enum import StrEnum


class PaperKind(StrEnum):
    """Word、Excel、文本."""

    WORD = "word"
    EXCEL = "excel"
    TEXT = "text"


class NoteKind(StrEnum):
    """What a reader had to decide while reading; the review page says it."""

    CHANGES_ACCEPTED = "changes_accepted"
    TEXT_BOX = "text_box"
    NESTED_TABLE = "nested_table"
    PICTURE = "picture"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    HIDDEN_SHEET = "hidden_sheet"
    REFLOWED = "reflowed"
    UNREAD_FORMULA = "unread_formula"
    OUTSIDE_LINK = "outside_link"
    FOOTNOTE = "footnote"
