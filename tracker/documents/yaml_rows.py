"""Read YAML as rows of text: every value is kept as written, and what is unusable is noted with its place and mend."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

# Above any sum of a county, below what the columns hold.
LARGEST = Decimal(10) ** 10


class SeedError(ValueError):
    """A seed cannot be used; the message names every fault with file, place and mend. Nothing was stored."""


class TextLoader(yaml.BaseLoader):
    """Keeps each scalar as the text that stands there (1.10 stays 1.10, and 02-30 can be named), and no key twice."""

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


def read_yaml(path: Path) -> Any:
    """The content of a file: mappings, lists and texts. Raises SeedError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=TextLoader)
    except UnicodeDecodeError as error:
        raise SeedError(f"{path.name}: is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise SeedError(f"{path.name}: is not readable as YAML, mend the line named here: {error}") from error


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
        """A text, or None."""
        value = self.content.get(name, "")
        if not isinstance(value, str):
            self.fault(name, "is not a text: put it in quotes")
            return None
        if longest and len(value) > longest:
            self.fault(name, f"has {len(value)} characters: shorten it to {longest}")
            return None
        return value or None

    def needed(self, name: str, longest: int | None = None) -> str:
        """A text that must be there."""
        if self.content.get(name, "") == "":
            self.fault(name, "is missing: add it")
        return self.text(name, longest) or ""

    def day(self, name: str) -> date | None:
        """A date, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            self.fault(name, f"{value!r} is not in the calendar: correct the day")
            return None
        self.fault(name, f"{value!r} is no date: write it as 2023-11-23")
        return None

    def amount(self, name: str) -> Decimal | None:
        """A number that is not negative, or None."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            self.fault(name, f"{value!r} is no number: write digits only")
            return None
        amount = Decimal(value)
        if amount < 0:
            self.fault(name, f"{value!r} is negative: leave it out where the plan says nothing")
            return None
        if amount >= LARGEST:
            self.fault(name, f"{value!r} is larger than anything a county builds: check the unit")
            return None
        return amount

    def whole(self, name: str) -> int | None:
        """A whole number that is not negative, or None."""
        amount = self.amount(name)
        if amount is not None and amount != int(amount):
            self.fault(name, f"{amount} is not whole: give it in units without a fraction")
            return None
        return None if amount is None else int(amount)

    def yes_or_no(self, name: str) -> bool | None:
        """True, false, or None."""
        value = self.text(name)
        if value not in {None, "true", "false"}:
            self.fault(name, f"{value!r} is neither: write true or false")
        return None if value is None else value == "true"

    def choice(self, name: str, kind: type[StrEnum]) -> Any:
        """A member of an enumeration; None, with a fault noted, for any other word."""
        value = self.text(name) or ""
        try:
            return kind(value)
        except ValueError:
            self.fault(name, f"{value!r} is unknown; choose one of {', '.join(kind)}")
            return None

    def names(self, name: str) -> list[str]:
        """A list of texts."""
        value = self.content.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            self.fault(name, "is not a list of names: write [a, b]")
            return []
        return value

    def rows(self, name: str, label: str = "") -> Iterator[Row]:
        """The mappings of a list, each with its own place."""
        value = self.content.get(name) or []
        if not isinstance(value, list):
            self.fault(name, "is not a list: begin each entry with «- »")
            return
        for count, content in enumerate(value, start=1):
            known_by = content.get(label) if isinstance(content, dict) and label else None
            yield Row(f"{self.place}, {name} {count}{f' ({known_by})' if known_by else ''}", content, self.faults)

    def below(self, name: str) -> Row:
        """A mapping inside this one."""
        return Row(f"{self.place}, {name}", self.content.get(name) or {}, self.faults)
