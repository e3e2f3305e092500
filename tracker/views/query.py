"""What an address asks of the ledger: filters, columns, comparison; read from it, and written with one changed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from tracker.models import ProjectCategory, TaskKind
from tracker.queries.columns import USUAL, Column
from tracker.queries.ledger import Due, Filters
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light

LARGEST_ID = 2**31 - 1
LONGEST_NUMBER = 10
LONGEST_QUERY = 100
LONGEST_ADDRESS = 2000
MOST_DAYS = 36_500  # a hundred years; beyond the calendar no day can be counted back
Value = TypeVar("Value")


@dataclass(frozen=True)
class Look:
    """How the ledger is shown: which columns, and whether beside the last week."""

    columns: tuple[Column, ...] = USUAL
    compare: bool = False


PLAIN = Look()


def filters_from(args: MultiDict[str, str]) -> Filters:
    """The filters of an address. Raises BadRequest for a value that the filter does not have; empty ones are none."""
    return Filters(
        plan=_text(args, "plan"),
        active=_text(args, "active") == "1",
        region=_digits(args, "region"),
        unit=_number(args, "unit"),
        lead=_number(args, "lead"),
        light=tuple(dict.fromkeys(_each(args, "light", Light))),
        state=tuple(dict.fromkeys(_each(args, "state", State))),
        kind=one_of(args, "kind", TaskKind),
        category=one_of(args, "category", ProjectCategory),
        due=one_of(args, "due", Due),
        indicator=_text(args, "indicator"),
        item=_number(args, "item"),
        school=_number(args, "school"),
        q=_text(args, "q"),
        late_for=_number(args, "late_for", MOST_DAYS),
        stale=_text(args, "stale") == "1",
        changed=one_of(args, "changed", Light),
        due_by_now=_text(args, "due_by_now") == "1",
        in_time=_text(args, "in_time") == "1",
        moved=_text(args, "moved") == "1",
        waiting=_text(args, "waiting") == "1",
        waits_for=_number(args, "waits_for"),
    )


def look_from(args: MultiDict[str, str]) -> Look:
    """The look of an address; columns may stand apart or with commas, unknown ones are none."""
    named = {name for value in args.getlist("cols") for name in value.split(",")}
    columns = tuple(column for column in Column if column.value in named)
    return Look(columns or USUAL, _text(args, "compare") == "1")


def page_number(args: MultiDict[str, str]) -> int:
    """The number of the page asked for, the first without one."""
    return _number(args, "page") or 1


def asked_for(args: MultiDict[str, str], names: Collection[str]) -> dict[str, Any]:
    """What an address says under these names, for another page of its list; any other name would speak to Flask."""
    return {name: args.getlist(name) for name in names if name in args}


def with_filter(filters: Filters, look: Look = PLAIN, **changes: Any) -> str:
    """The address of the ledger with these filters changed; without a page it begins at the first."""
    page = changes.pop("page", None)
    query: dict[str, Any] = query_of(replace(filters, **changes)) | query_of_look(look)
    return url_for("tasks.ledger", **query, page=page)


def as_text(filters: Filters, look: Look) -> str:
    """Filters and look as the query of an address, always written in the same way."""
    return urlencode(query_of(filters) | query_of_look(look), doseq=True)


def from_text(query: str) -> tuple[Filters, Look]:
    """Filters and look from the query of an address. Raises BadRequest for a value that no filter has."""
    args = MultiDict(parse_qsl(query[:LONGEST_ADDRESS]))
    return filters_from(args), look_from(args)


def query_of_look(look: Look) -> dict[str, list[str]]:
    """The look as it stands in an address: only what is not usual."""
    columns = [",".join(look.columns)] if look.columns != USUAL else []
    return {name: value for name, value in (("cols", columns), ("compare", ["1"] * look.compare)) if value}


def hidden_filters(filters: Filters, shown: Collection[str], look: Look = PLAIN) -> list[tuple[str, str]]:
    """(name, value) of what a form does not show, so that choosing another filter loses none."""
    asked = query_of(filters) | query_of_look(look)
    return [(name, value) for name, values in asked.items() if name not in shown for value in values]


def query_of(filters: Filters) -> dict[str, list[str]]:
    """The filters as they stand in an address: only those that are set, each value as text."""
    found: dict[str, list[str]] = {}
    for field in fields(filters):
        value = getattr(filters, field.name)
        if value is True:
            found[field.name] = ["1"]
        elif value not in (None, False, "", ()):
            found[field.name] = [str(each) for each in (value if isinstance(value, tuple) else (value,))]
    return found


def _text(args: MultiDict[str, str], name: str) -> str | None:
    value = args.get(name, "").strip().replace("\x00", "")
    return value[:LONGEST_QUERY] or None


def _digits(args: MultiDict[str, str], name: str) -> str | None:
    value = _text(args, name)
    if value and not (value.isascii() and value.isdigit()):
        raise BadRequest
    return value


def number_in(text: str) -> int | None:
    """The number of a row that a text names; None for what can be none, however long it is."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        return None
    return int(text) if int(text) <= LARGEST_ID else None


def _number(args: MultiDict[str, str], name: str, most: int = LARGEST_ID) -> int | None:
    value = _digits(args, name)
    if value is None:
        return None
    if len(value) > LONGEST_NUMBER or int(value) > most:
        raise BadRequest
    return int(value)


def one_of(args: MultiDict[str, str], name: str, kind: Callable[[str], Value]) -> Value | None:
    """One value of an address, None without one. Raises BadRequest for what is none of its kind."""
    value = _text(args, name)
    return _read(value, kind) if value else None


def _each(args: MultiDict[str, str], name: str, kind: Callable[[str], Value]) -> list[Value]:
    return [_read(value, kind) for value in args.getlist(name) if value]


def _read(value: str, kind: Callable[[str], Value]) -> Value:
    try:
        return kind(value)
    except ValueError:
        raise BadRequest from None
