"""Read the JSON of a standard strictly: each mapping with its place, each fault noted, none passed over in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LONGEST_SHOWN = 60
Word = TypeVar("Word", bound=StrEnum)


class FaultKind(StrEnum):
    """What can be wrong in a standard; MENDS says how each is mended."""

    NOT_MAPPING = "not_mapping"
    NOT_LIST = "not_list"
    NOT_TEXT = "not_text"
    NOT_NAMES = "not_names"
    NOT_NUMBER = "not_number"
    NOT_POSITIVE = "not_positive"
    NEGATIVE = "negative"
    NOT_WHOLE = "not_whole"
    NOT_DAY = "not_day"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_CODE = "not_code"
    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_FIGURE = "unknown_figure"
    UNKNOWN_CONDITION = "unknown_condition"
    SCHOOL_FIGURE = "school_figure"
    TWICE = "twice"
    MISPLACED = "misplaced"
    NO_BOUND = "no_bound"
    TWO_BOUNDS = "two_bounds"
    NO_VALUE = "no_value"
    DIVIDED_STAGE_FIGURE = "divided_stage_figure"
    NO_ASPECT = "no_aspect"
    NO_PARTS = "no_parts"
    WRONG_SUM = "wrong_sum"
    LIMIT_IN_TERMS = "limit_in_terms"
    SPREAD_NOT_PER_STUDENT = "spread_not_per_student"
    SPREAD_WITHOUT_BOUND = "spread_without_bound"
    LARGEST_SUMMED = "largest_summed"
    NO_WEIGHTS = "no_weights"


MENDS = {
    FaultKind.NOT_MAPPING: "is not a mapping: write «name: value» lines",
    FaultKind.NOT_LIST: "is not a list: begin each entry with «- »",
    FaultKind.NOT_TEXT: "is not a text: put it in quotes",
    FaultKind.NOT_NAMES: "is not a list of words: write [a, b]",
    FaultKind.NOT_NUMBER: 'is no decimal number: write digits in quotes, such as "0.85"',
    FaultKind.NOT_POSITIVE: "is not above zero: correct the number",
    FaultKind.NEGATIVE: "is negative: correct the number",
    FaultKind.NOT_WHOLE: "is no whole number that is zero or more: correct it",
    FaultKind.NOT_DAY: "is no date: write it as 2018-09-01",
    FaultKind.NOT_YES_OR_NO: "is neither: write true or false",
    FaultKind.NOT_CODE: "is no code: write a letter or digit, then also «.», «_», «-», at most 40 characters",
    FaultKind.MISSING: "is missing: add it",
    FaultKind.UNKNOWN_FIELD: "unknown field: correct the name or remove it",
    FaultKind.UNKNOWN_WORD: "is unknown: use a word that stands in the list",
    FaultKind.UNKNOWN_FIGURE: "names no figure: use one of a school, or add it to the figures of the framework",
    FaultKind.UNKNOWN_CONDITION: "names no condition of this framework: correct the code",
    FaultKind.SCHOOL_FIGURE: "is the code of a school's figure: choose another",
    FaultKind.TWICE: "stands twice: keep one of the two, or give it a code of its own",
    FaultKind.MISPLACED: "does not belong to a condition of this kind: remove it",
    FaultKind.NO_BOUND: "has no bound: add at_least, at_most, below, each or bound_figures",
    FaultKind.TWO_BOUNDS: "has more than one bound: keep one of at_least, at_most, below, each, bound_figures",
    FaultKind.NO_VALUE: "asks for nothing: add the figures (plus), or the question (asks)",
    FaultKind.DIVIDED_STAGE_FIGURE: "is a figure of one stage, which no stage shares: take away divided",
    FaultKind.NO_ASPECT: "has no such side: write a stage or «spread» only behind a condition of school units",
    FaultKind.NO_PARTS: "has points but no parts that get them: add the parts with their points",
    FaultKind.WRONG_SUM: "is not what the points of its parts add up to: correct the one or the others",
    FaultKind.LIMIT_IN_TERMS: "is a limit, and no share of a limit is a floor: leave it out of the terms",
    FaultKind.SPREAD_NOT_PER_STUDENT: "limits the coefficient of what is not per students: write per: [students]",
    FaultKind.SPREAD_WITHOUT_BOUND: "has no bound, so that no unit is asked: add the bound of the stage",
    FaultKind.LARGEST_SUMMED: "is no number that can be added up over stages or schools: ask it of units",
    FaultKind.NO_WEIGHTS: "is missing while a condition is divided: say what a student of each stage weighs",
}


@dataclass(frozen=True)
class Fault:
    """One fault with its place, what stands there, and how it is mended."""

    place: tuple[str, ...]
    kind: FaultKind
    value: str = ""
    known: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= LONGEST_SHOWN else f"{self.value[:LONGEST_SHOWN]}…"
        mend = MENDS[self.kind].replace("a word that stands in the list", f"one of {', '.join(self.known)}")
        return f"{', '.join(self.place)}: {f'{shown!r} ' if shown else ''}{mend}"


class FaultyStandard(ValueError):
    """A standard cannot be read; ``faults`` names every fault by place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class Entry:
    """One mapping with its place; what is unusable is noted as a fault, and reading goes on."""

    def __init__(self, place: tuple[str, ...], content: Any, faults: list[Fault]) -> None:
        self.place = place
        self.faults = faults
        self.content: Mapping[str, Any] = content if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            self.fault(None, FaultKind.NOT_MAPPING)

    def fault(self, name: str | None, kind: FaultKind, value: Any = "", known: tuple[str, ...] = ()) -> None:
        """Note a fault at a field."""
        self.faults.append(Fault((*self.place, name) if name else self.place, kind, str(value), known))

    def has(self, name: str) -> bool:
        """Whether a field is given."""
        return self.content.get(name) not in (None, "", [], {})

    def only(self, *names: str) -> None:
        """Refuse fields that nobody reads."""
        for name in self.content:
            if name not in names:
                self.fault(str(name), FaultKind.UNKNOWN_FIELD)

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self.content.get(name)
        if value is not None and not isinstance(value, str):
            self.fault(name, FaultKind.NOT_TEXT, value)
            return ""
        return (value or "").strip()

    def needed(self, name: str) -> str:
        """A text that must be there."""
        if not self.has(name):
            self.fault(name, FaultKind.MISSING)
        return self.text(name)

    def code(self, name: str) -> str:
        """A code that must be there."""
        code = self.needed(name)
        if code and not CODE.fullmatch(code):
            self.fault(name, FaultKind.NOT_CODE, code)
        return code

    def names(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.content.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.fault(name, FaultKind.NOT_NAMES, value)
            return ()
        return tuple(each.strip() for each in value)

    def number(self, name: str) -> Decimal | None:
        """A decimal number, or None."""
        value = self.content.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, (bool, float)) or not NUMBER.fullmatch(str(value)):
            self.fault(name, FaultKind.NOT_NUMBER, value)
            return None
        return Decimal(str(value))

    def positive(self, name: str) -> Decimal | None:
        """A decimal number above zero, or None."""
        number = self.number(name)
        if number is not None and number <= 0:
            self.fault(name, FaultKind.NOT_POSITIVE, number)
            return None
        return number

    def whole(self, name: str) -> int | None:
        """A whole number, zero or more, or None."""
        number = self.number(name)
        if number is not None and (number < 0 or number != int(number)):
            self.fault(name, FaultKind.NOT_WHOLE, number)
            return None
        return None if number is None else int(number)

    def yes_or_no(self, name: str) -> bool:
        """Whether something is so; not, where nothing is said."""
        value = self.content.get(name, False)
        if not isinstance(value, bool):
            self.fault(name, FaultKind.NOT_YES_OR_NO, value)
        return value is True

    def day(self, name: str) -> date | None:
        """A date, or None."""
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(name, FaultKind.NOT_DAY, value)
            return None

    def choice(self, name: str, kind: type[Word]) -> Word | None:
        """A member of an enumeration; None, with a fault noted, for any other word."""
        value = self.needed(name)
        try:
            return kind(value) if value else None
        except ValueError:
            self.fault(name, FaultKind.UNKNOWN_WORD, value, tuple(kind))
            return None

    def below(self, name: str) -> Entry:
        """A mapping inside this one; an empty one where there is none."""
        value = self.content.get(name)
        return Entry((*self.place, name), {} if value is None else value, self.faults)

    def not_negative(self, name: str) -> Decimal | None:
        """A decimal number, zero or more, or None."""
        number = self.number(name)
        if number is not None and number < 0:
            self.fault(name, FaultKind.NEGATIVE, number)
            return None
        return number

    def numbers(self, name: str, keys: tuple[str, ...]) -> dict[str, Decimal]:
        """A mapping of some known keys to numbers, zero or more."""
        row = self.below(name)
        for key in row.content:
            if key not in keys:
                row.fault(str(key), FaultKind.UNKNOWN_WORD, key, keys)
        found = {key: row.not_negative(key) for key in keys if key in row.content}
        return {key: number for key, number in found.items() if number is not None}

    def rows(self, name: str, label: str) -> Iterator[Entry]:
        """The mappings of a list, each with its own place."""
        yield from entries((*self.place, name), self.content.get(name), label, self.faults)


def entries(place: tuple[str, ...], content: Any, label: str, faults: list[Fault]) -> Iterator[Entry]:
    """The mappings of a list, each known by its number and its label."""
    if not isinstance(content or [], list):
        faults.append(Fault(place, FaultKind.NOT_LIST))
        return
    for count, each in enumerate(content or [], start=1):
        known_by = str(each.get(label, ""))[:LONGEST_SHOWN] if isinstance(each, dict) else ""
        own = f"{place[-1]} {count}{f' ({known_by})' if known_by else ''}"
        yield Entry((*place[:-1], own), each, faults)
