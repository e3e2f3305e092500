"""Read YAML as rows of text: every value is kept as written, and what is unusable is noted with its place and mend."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from tracker.rules.deadlines import FIRST_YEAR, LAST_YEAR, in_range
from tracker.rules.texts import clean_text

# Escapes can write what no text may hold: control characters but tab and line ends, and halves of characters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
LONGEST_SHOWN = 60
WHOLE = "is not whole: give it in units without a fraction"


class SeedError(ValueError):
    """A seed cannot be used; the message names every fault with file, place and mend. Nothing was stored."""


@dataclass(frozen=True)
class Figures:
    """The numbers that can be stored: the largest, and how many digits after the point."""

    largest: Decimal
    decimals: int = 0


class Texts(yaml.constructor.BaseConstructor):
    """Keeps each scalar as the text that stands there (1.10 stays 1.10, and 02-30 can be named), and no key twice."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str:
        """A text. Raises ConstructorError for characters that no text may hold."""
        text: str = super().construct_scalar(node)
        if found := FORBIDDEN.search(text):
            raise yaml.constructor.ConstructorError(
                None, None, f"a text holds the character {found[0]!r}, which cannot be kept: remove it", node.start_mark
            )
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping. Raises ConstructorError where a name stands twice: one of the two values would be lost."""
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            names = [key.value for key, _value in node.value]
            double = next(name for name in names if names.count(name) > 1)
            raise yaml.constructor.ConstructorError(
                None, None, f"{double!r} stands twice in one mapping: keep one of the two", node.start_mark
            )
        return mapping


class TextLoader(Texts, yaml.BaseLoader):
    """Reads anywhere, and shows the line that it cannot read."""


# libyaml reads several times as fast and is part of nearly every build of PyYAML; its complaints show no line.
QuickLoader = type("QuickLoader", (Texts, yaml.CBaseLoader), {}) if yaml.__with_libyaml__ else TextLoader


def read_yaml(path: Path) -> Any:
    """The content of a file: mappings, lists and texts. Raises SeedError."""
    try:
        return _loaded(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise SeedError(f"{path.name}: is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise SeedError(f"{path.name}: is not readable as YAML, mend the line named here: {error}") from error
    except RecursionError as error:
        raise SeedError(f"{path.name}: is nested too deeply: a plan needs no more than ten levels") from error


def _loaded(text: str) -> Any:
    """The content of a text; one that cannot be read is read once more, for a complaint that shows its line."""
    try:
        return yaml.load(text, Loader=QuickLoader)
    except yaml.YAMLError:
        return yaml.load(text, Loader=TextLoader)


class Row:
    """One mapping of the file with its place; what is unusable is noted as a fault, and reading goes on."""

    def __init__(self, place: str, content: Any, faults: list[str]) -> None:
        self.place = place
        self.faults = faults
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        if not isinstance(content, dict):
            self.fault(None, "is not a mapping: write «name: value» lines")

    def fault(self, name: str | None, text: str) -> None:
        """Note a fault at a field."""
        self.faults.append(f"{self.place}{f', {name}' if name else ''}: {text}")

    def only(self, *names: str) -> None:
        """Refuse fields that nobody reads."""
        for name in self.content:
            if name not in names:
                self.fault(name, f"unknown field; known are {', '.join(names)}: correct the name or remove it")

    def text(self, name: str, longest: int | None = None) -> str | None:
        """A cleaned text, or None; of one line where it has a longest."""
        value = self.content.get(name, "")
        if not isinstance(value, str):
            self.fault(name, "is not a text: put it in quotes")
            return None
        return self._kept(name, value, longest, one_line=longest is not None)

    def _kept(self, name: str, value: str, longest: int | None, *, one_line: bool) -> str | None:
        """The value as it is kept; None, with a fault noted, for one that is too long or breaks its line."""
        text = clean_text(value)
        if longest and len(text) > longest:
            self.fault(name, f"has {len(text)} characters: shorten it to {longest}")
            return None
        if one_line and ("\n" in text or "\t" in text):
            self.fault(name, "holds a line break or a tab: write it in one line")
            return None
        return text or None

    def needed(self, name: str, longest: int | None = None) -> str:
        """A text that must be there."""
        value = self.content.get(name, "")
        if isinstance(value, str) and not clean_text(value):
            self.fault(name, "is missing: add it")
        return self.text(name, longest) or ""

    def code(self, name: str, longest: int) -> str:
        """A text that stands in addresses: letters, digits, dot, underscore and hyphen."""
        code = self.needed(name, longest)
        if code and not CODE.fullmatch(code):
            self.fault(name, f"{_shown(code)} is no code: write a letter or digit, then also «.», «_», «-»")
        return code

    def day(self, name: str) -> date | None:
        """A date, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return self._meant(name, date.fromisoformat(value))
        except ValueError:
            self.fault(name, f"{value!r} is not in the calendar: correct the day")
            return None
        self.fault(name, f"{_shown(value)} is no date: write it as 2023-11-23")
        return None

    def _meant(self, name: str, day: date) -> date | None:
        if in_range(day.year):
            return day
        self.fault(name, f"{day} lies outside {FIRST_YEAR}-{LAST_YEAR}: correct the year")
        return None

    def amount(self, name: str, held: Figures) -> Decimal | None:
        """A number that is not negative and can be stored, or None."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            self.fault(name, f"{_shown(value)} is no number: write digits only")
            return None
        amount = Decimal(value)
        if amount < 0:
            self.fault(name, f"{_shown(value)} is negative: leave it out where the plan says nothing")
            return None
        if amount > held.largest:
            self.fault(name, f"{_shown(value)} is more than {held.largest}: check the unit")
            return None
        if len(value.partition(".")[2]) > held.decimals:
            rest = f"has more than {held.decimals} decimals: round it" if held.decimals else WHOLE
            self.fault(name, f"{_shown(value)} {rest}")
            return None
        return amount

    def whole(self, name: str, largest: int) -> int | None:
        """A whole number that is not negative and can be stored, or None."""
        amount = self.amount(name, Figures(Decimal(largest)))
        return None if amount is None else int(amount)

    def yes_or_no(self, name: str) -> bool | None:
        """True, false, or None."""
        value = self.text(name)
        if value not in {None, "true", "false"}:
            self.fault(name, f"{_shown(value or '')} is neither: write true or false")
        return None if value is None else value == "true"

    def member(self, name: str, known: tuple[str, ...]) -> str | None:
        """One of a few words, or None."""
        value = self.text(name)
        if value is not None and value not in known:
            self.fault(name, f"{_shown(value)} is unknown; choose one of {', '.join(known)}")
            return None
        return value

    def choice(self, name: str, kind: type[StrEnum]) -> Any:
        """A member of an enumeration; None, with a fault noted, for any other word."""
        value = self.text(name) or ""
        try:
            return kind(value)
        except ValueError:
            self.fault(name, f"{_shown(value)} is unknown; choose one of {', '.join(kind)}")
            return None

    def names(self, name: str, longest: int | None = None) -> list[str]:
        """A list of cleaned texts of one line each."""
        value = self.content.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) and clean_text(each) for each in value):
            self.fault(name, "is not a list of names: write [a, b]")
            return []
        kept = [
            self._kept(f"{name} {count}", each, longest, one_line=True) for count, each in enumerate(value, start=1)
        ]
        return [each for each in kept if each]

    def rows(self, name: str, label: str = "") -> Iterator[Row]:
        """The mappings of a list, each with its own place."""
        value = self.content.get(name) or []
        if not isinstance(value, list):
            self.fault(name, "is not a list: begin each entry with «- »")
            return
        for count, content in enumerate(value, start=1):
            known_by = clean_text(str(content.get(label, "")))[:LONGEST_SHOWN] if isinstance(content, dict) else ""
            yield Row(f"{self.place}, {name} {count}{f' ({known_by})' if known_by else ''}", content, self.faults)

    def below(self, name: str) -> Row:
        """A mapping inside this one."""
        return Row(f"{self.place}, {name}", self.content.get(name) or {}, self.faults)


def _shown(value: str) -> str:
    """A value in a message, cut where it is long."""
    return repr(value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…")
