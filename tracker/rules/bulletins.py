"""A bulletin (通报) as plain values: what stands on the paper, before it becomes a page or a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class BulletinKind(StrEnum):
    """周览、督查通报、工作简报."""

    WEEK = "week"
    SUPERVISION = "supervision"
    BRIEF = "brief"


class BulletinState(StrEnum):
    """草稿、已定稿."""

    DRAFT = "draft"
    SETTLED = "settled"


@dataclass(frozen=True)
class Block:
    """A section that the office may word: its heading, what the rules wrote and what stands there now.

    Lines of the text are paragraphs. ``key`` names the section in a form.
    """

    key: str
    heading: str
    generated: str
    text: str

    @property
    def is_worded(self) -> bool:
        """Whether the office changed what was generated."""
        return self.text != self.generated


@dataclass(frozen=True)
class Table:
    """A table that nobody edits: cells are text; ``widths`` are shares of the line, ``numeric`` columns stand right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Paper:
    """A whole bulletin. ``tables`` stand after the sections, each ``appendix`` on landscape pages of its own.

    ``number`` is the 期号 of a brief or a weekly overview, None where the office gave none. ``reported_to``,
    ``sent_to`` and ``issued_to`` are the 报、送、发 of the end of a brief.
    """

    kind: BulletinKind
    region: str
    title: str
    issuer: str
    dated_on: date
    cut_off: str
    blocks: Sequence[Block]
    number: int | None = None
    addressee: str = ""
    tables: Sequence[Table] = ()
    appendix: Sequence[Table] = ()
    is_draft: bool = True
    reported_to: str = ""
    sent_to: str = ""
    issued_to: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
