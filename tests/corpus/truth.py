"""What a layout of the corpus says, written by hand beside its text: the tasks it holds, and what is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

LAYOUTS = Path(__file__).parent / "layouts"
ROLES = {"lead": "lead", "resp": "responsible", "coop": "cooperating"}
AMOUNTS = ("yuan", "land", "floor", "sports")
SCHOOLS = ("seats", "classes")
TASK_KEYS = {"t", "n", "in", "by", "also", "who", "kind", "or", *ROLES, *AMOUNTS, *SCHOOLS}
LAYOUT_KEYS = {"about", "as", "text", "word", "sheets", "tasks", "never", "maybe", "head", "rest"}

Unit = tuple[str, str]  # the name as the document writes it, the role
Term = tuple[str, str]  # the words, what they come to: a day, or the precision where there is none
Figure = tuple[str, str, str]  # what it is, of what, how much


def plain(text: str) -> str:
    """Half-width, without spaces, stops and brackets: words are compared by this."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def amount(value: object) -> str:
    """An amount as exact text: 70.260 as 70.26, 100.00 as 100."""
    return f"{Decimal(str(value)).normalize():f}"


@dataclass(frozen=True)
class Wanted:
    """A task that a document holds; ``holds`` is a phrase of it that tells it from another of the same title."""

    title: str
    number: str | None = None
    holds: str = ""
    units: tuple[Unit, ...] = ()
    terms: tuple[Term, ...] = ()
    figures: tuple[Figure, ...] = ()
    kind: str | None = None
    other_titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A document of the corpus: its content in one of three shapes, the files it is read from, and its truth.

    ``never`` are words that must not become a task, ``maybe`` those that people would decide in either way: a task of
    theirs counts neither for nor against a reading.
    """

    name: str
    about: str
    forms: tuple[str, ...]
    content: Mapping[str, Any]
    tasks: tuple[Wanted, ...]
    never: tuple[str, ...] = ()
    head: Mapping[str, Any] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)
    maybe: tuple[str, ...] = ()


def layouts() -> list[Layout]:
    """Every layout, by the names of the files."""
    return [layout_from(path.stem, yaml.safe_load(path.read_text("utf-8"))) for path in sorted(LAYOUTS.glob("*.yaml"))]


def layout_from(name: str, said: Mapping[str, Any]) -> Layout:
    """A layout as its file says it; a word that has no meaning there is an error."""
    if unknown := set(said) - LAYOUT_KEYS:
        raise ValueError(f"{name}: unknown {sorted(unknown)}")
    shape = next(key for key in ("text", "word", "sheets") if key in said)
    usual = {"text": ["text", "word"], "word": ["word"], "sheets": ["excel"]}[shape]
    return Layout(
        name,
        said["about"],
        tuple(said.get("as", usual)),
        {shape: said[shape]},
        tuple(wanted(f"{name}, task {n}", each) for n, each in enumerate(said.get("tasks") or [], start=1)),
        tuple(said.get("never") or ()),
        said.get("head") or {},
        said.get("rest") or {},
        tuple(said.get("maybe") or ()),
    )


def wanted(where: str, said: Mapping[str, Any]) -> Wanted:
    """A task of the truth: units by role between spaces, each deadline as «words = day or precision»."""
    if unknown := set(said) - TASK_KEYS:
        raise ValueError(f"{where}: unknown {sorted(unknown)}")
    units = [(name, role) for key, role in ROLES.items() for name in str(said.get(key) or "").split()]
    terms = [term(where, each) for each in [said.get("by"), *(said.get("also") or [])] if each]
    figures = [("official", "", name) for name in str(said.get("who") or "").split()]
    figures += [(key, "", amount(said[key])) for key in AMOUNTS if key in said]
    figures += [(key, school, amount(n)) for key in SCHOOLS for school, n in (said.get(key) or {}).items()]
    return Wanted(
        said["t"],
        str(said["n"]) if "n" in said else None,
        said.get("in", ""),
        tuple(units),
        tuple(terms),
        tuple(figures),
        said.get("kind"),
        tuple(said.get("or") or ()),
    )


def term(where: str, said: str) -> Term:
    """A deadline: 2024年6月底前 = 2024-06-30, 长期 = ongoing."""
    words, _, meaning = said.rpartition(" = ")
    if not words:
        raise ValueError(f"{where}: «{said}» does not say what it comes to")
    if re.match(r"\d", meaning):
        date.fromisoformat(meaning)
    elif meaning not in {"ongoing", "yearly", "unspecified"}:
        raise ValueError(f"{where}: «{meaning}» is neither a day nor a precision without one")
    return words, meaning
