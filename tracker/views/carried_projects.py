"""A file of nodes and payments between its preview and its confirmation."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.actions.project_sheet import FileSaid
from tracker.forms.unit_sheets import ConfirmForm
from tracker.queries.project_sheet import Preview, seen_in, text_of
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.project_rows import MoneyRow, NodeRow, ProjectSheet
from tracker.views.carried import keep, kept

KIND = "project-sheet"


def pack(sheet: ProjectSheet, found: Preview, digest: str) -> str:
    """Keep what was read and shown; returns the signed word that the same person's form carries on."""
    nodes: list[Any] = [
        [row.row, row.key, row.title, row.node, {head: text_of(day) for head, day in row.days.items()}, row.reason]
        for row in sheet.nodes
    ]
    money: list[Any] = [
        [
            row.row,
            row.key,
            row.title,
            row.kind,
            row.amount_yuan,
            text_of(row.on),
            row.for_year,
            row.source,
            row.payee,
            row.note,
            row.number,
        ]
        for row in sheet.money
    ]
    return keep(KIND, [digest, sheet.columns, nodes, money, seen_in(found)])


def unpack(form: ConfirmForm) -> FileSaid:
    """The file that a form carries on; a word that is not ours is 400, a file that is gone 409."""
    digest, columns, nodes, money, seen = kept(KIND, form.rows.data or "")
    sheet = ProjectSheet(columns)
    sheet.nodes = [_node(*row) for row in nodes]
    sheet.money = [_entry(*row) for row in money]
    return FileSaid(sheet, digest, seen)


def _node(row: int, key: str, title: str, node: str, days: dict[str, str], reason: str) -> NodeRow:
    return NodeRow(row, key, title, node, {head: _day(text) for head, text in days.items()}, reason)


def _entry(
    row: int, key: str, title: str, kind: str, amount: int, on: str, for_year: int | None, source: str, *said: Any
) -> MoneyRow:
    known = MoneySource(source) if source else None
    return MoneyRow(row, key, title, MoneyKind(kind), amount, _day(on), for_year, known, *said)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
