"""What the names of an import are said to mean, between the form and the action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.actions.imports import SaidName
from tracker.forms.imports import NameFields, NamesForm
from tracker.models import Unit, UnitKind
from tracker.queries.imports import NameLine, is_open_name
from tracker.translations import gettext as _
from tracker.views.import_pages import Batch

OTHER, NEW = "other", "new"


@dataclass(frozen=True)
class NameRow:
    """A name with the units that it may mean, and what is chosen or typed."""

    line: NameLine
    units: Sequence[Unit]
    choice: str
    other: str
    kind: str
    new_name: str
    errors: Sequence[str] = field(default=())


def fill_names(lines: Sequence[NameLine], form: NamesForm | None) -> list[NameRow]:
    """The names of a page with what is stored, or with what was typed into a form that was not taken."""
    sent = {row.form.row.data: row.form for row in form.names} if form else {}
    return [_row(line, sent.get(str(line.row.id))) for line in lines]


def _row(line: NameLine, typed: NameFields | None) -> NameRow:
    name = line.row
    units = list(dict.fromkeys([*([name.unit] if name.unit else []), *line.proposals]))
    if typed:
        errors = [str(each) for errors in typed.errors.values() for each in errors]
        said = (typed.choice.data or "", typed.other.data or "", typed.kind.data or "", typed.new_name.data or "")
        return NameRow(line, units, *said, errors)
    choice = f"u{name.unit_id}" if name.unit_id else NEW if name.new_kind else ""
    kind = name.new_kind or line.likely_kind
    return NameRow(line, units, choice, "", kind.value, name.new_name or "")


def said_names(batch: Batch, form: NamesForm, known: Mapping[str, Unit]) -> list[SaidName] | None:
    """What the form says, only where it differs from what is stored; None where something is wrong, said in it."""
    by_id = {str(name.id): name for name in batch.names.values()}
    units = {f"u{unit.id}": unit for unit in known.values()}
    said, wrong = [], False
    for row in form.names:
        name = by_id.get(row.form.row.data or "")
        if name is None:
            continue
        try:
            unit, kind = _meaning(row.form, units, known)
        except ValueError as fault:
            row.form.other.errors = [str(fault)]
            wrong = True
            continue
        new = row.form.new_name.data if kind else None
        if is_open_name(name) and unit is None and kind is None:
            continue
        if (unit.id if unit else None, kind, new) != (name.unit_id, name.new_kind, name.new_name):
            said.append(SaidName(name, unit, kind, new))
    return None if wrong else said


def _meaning(
    typed: NameFields, by_choice: Mapping[str, Unit], known: Mapping[str, Unit]
) -> tuple[Unit | None, UnitKind | None]:
    """The unit or the kind that is chosen; raises ValueError with the words of what is wrong."""
    choice, other = typed.choice.data or "", typed.other.data or ""
    if choice == NEW:
        if typed.kind.data not in set(UnitKind):
            raise ValueError(_("请选择新单位的类别"))
        return None, UnitKind(typed.kind.data)
    if other and choice in {"", OTHER}:
        if other not in known:
            raise ValueError(_("没有名为“%(name)s”的单位；确为新单位的，请选“新建”", name=other))
        return known[other], None
    if choice == OTHER:
        raise ValueError(_("请填写单位名称"))
    if choice and choice not in by_choice:
        raise ValueError(_("该单位已停用或已合并，请重新选择"))
    return by_choice.get(choice), None
