"""What the names of an import are said to mean, between the form and the action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.actions.imports import SaidName
from tracker.forms.imports import NameFields, NamesForm
from tracker.models import ImportName, Unit, UnitKind
from tracker.queries.imports import NameLine
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
    was: str
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
        return NameRow(line, units, *said, stored_meaning(name), errors)
    choice = f"u{name.unit_id}" if name.unit_id else NEW if name.new_kind else ""
    kind = name.new_kind or line.likely_kind
    return NameRow(line, units, choice, "", kind.value, name.new_name or "", stored_meaning(name))


def stored_meaning(name: ImportName) -> str:
    """What a name is stored to mean, as its form carries it, so that nobody undoes what another has said since."""
    return meaning_text(name.unit_id, name.new_kind, name.new_name)


def meaning_text(unit_id: int | None, kind: UnitKind | None, new_name: str | None) -> str:
    """A unit, or the kind and the name of a new one, as one text; empty while nothing is said."""
    return f"u{unit_id}" if unit_id else f"{NEW} {kind.value} {new_name or ''}".strip() if kind else ""


def said_names(batch: Batch, form: NamesForm, known: Mapping[str, Unit]) -> list[SaidName] | None:
    """What the form changes; None where something is wrong, or another has said otherwise since, told in it."""
    by_id = {str(name.id): name for name in batch.names.values()}
    units = {f"u{unit.id}": unit for unit in known.values()}
    said, wrong = [], False
    for row in form.names:
        name = by_id.get(row.form.row.data or "")
        try:
            if name and (each := _said(name, row.form, units, known)):
                said.append(each)
        except ValueError as fault:
            row.form.other.errors = [str(fault)]
            wrong = True
    return None if wrong else said


def _said(
    name: ImportName, typed: NameFields, by_choice: Mapping[str, Unit], known: Mapping[str, Unit]
) -> SaidName | None:
    """What a row changes, None for nothing; a choice cannot be taken back. Raises ValueError with what is wrong."""
    unit, kind = _meaning(typed, by_choice, known)
    new, shown = typed.new_name.data if kind else None, typed.was.data or ""
    if meaning_text(unit.id if unit else None, kind, new) in {"", shown}:
        return None
    if stored_meaning(name) != shown:
        raise ValueError(_("他人刚刚更改过这个名称的对应，请核对后重新保存"))
    return SaidName(name, unit, kind, new)


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
