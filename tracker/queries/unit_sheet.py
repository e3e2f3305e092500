"""What a file of units and people would change: new, changed with old and new, unchanged, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.models import Account, AccountUnit, Duty, Unit, UnitAlias, UnitKind, db
from tracker.rules.permissions import is_within
from tracker.rules.routing import HELD_BY_ONE
from tracker.rules.unit_rows import PEOPLE, UNITS, CellFault, Fault, PersonRow, Sheet, UnitRow

AT_ONCE = 500


@dataclass(frozen=True)
class Difference:
    """A head of the sheet with what stands and what will stand."""

    head: str
    old: str
    new: str


@dataclass
class Change:
    """A row with what it would do; without differences nothing."""

    name: str
    is_new: bool
    differences: list[Difference] = field(default_factory=list)


@dataclass
class Preview:
    """Everything that a file would do, and its faults: with any of them it does nothing."""

    units: list[Change] = field(default_factory=list)
    people: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """The rows that do anything."""
        return [each for each in (*self.units, *self.people) if each.is_new or each.differences]


@dataclass
class Known:
    """The units of a region by every name, the accounts that the file names, and who has which duty."""

    units: dict[str, Unit]
    accounts: dict[str, Account]
    duties: dict[tuple[int, int], Duty]
    holders: dict[tuple[int, Duty], Account]


def known_to(region: str, sheet: Sheet) -> Known:
    """What a file is compared with, in a few questions however long it is."""
    query = sa.select(Unit).where(Unit.region_code == region, Unit.merged_into_id.is_(None))
    with_names = query.options(selectinload(Unit.aliases), selectinload(Unit.members), selectinload(Unit.collectives))
    units = {unit.name: unit for unit in db.session.scalars(with_names)}
    by_id = {unit.id: unit for unit in units.values()}
    for alias in db.session.scalars(sa.select(UnitAlias).where(UnitAlias.region_code == region)):
        if alias.unit_id in by_id:
            units[alias.alias] = by_id[alias.unit_id]
    accounts: dict[str, Account] = {}
    for names in _slices(sorted({person.username for person in sheet.people})):
        found = sa.select(Account).where(Account.username.in_(names)).options(selectinload(Account.units))
        accounts |= {account.username: account for account in db.session.scalars(found)}
    rows = db.session.execute(
        sa.select(AccountUnit, Account)
        .join(Account, Account.id == AccountUnit.account_id)
        .join(Unit, Unit.id == AccountUnit.unit_id)
        .where(Unit.region_code == region)
    )
    duties, holders = {}, {}
    for row, account in rows:
        duties[row.account_id, row.unit_id] = row.duty
        holders[row.unit_id, row.duty] = account
    return Known(units, accounts, duties, holders)


def preview_of(region: str, sheet: Sheet, makes_accounts: bool) -> Preview:
    """What a file would do in a region; who makes no accounts may only name contacts among those that are."""
    known = known_to(region, sheet)
    preview = Preview(faults=list(sheet.faults))
    filed = {name: row for row in sheet.units for name in (row.name, *row.aliases) if name}
    named = _named_after(sheet, known)
    for row in sheet.units:
        preview.units.append(_unit_change(row, known, named, filed, preview.faults))
    known.units = named
    held: dict[tuple[str, Duty], int] = {}
    for person in sheet.people:
        change = _person_change(region, person, known, filed, preview.faults)
        preview.people.append(change)
        _refuse_second(person, known, held, preview.faults)
        if not makes_accounts:
            _refuse_accounts(person, change, preview.faults)
    return preview


def _named_after(sheet: Sheet, known: Known) -> dict[str, Unit]:
    """The known units by the names that they have and those that the file gives them."""
    named = dict(known.units)
    for row in sheet.units:
        names = (row.name, *row.aliases)
        unit = next((known.units[name] for name in names if name in known.units), None)
        for name in names if unit else ():
            named.setdefault(name, unit)  # type: ignore[arg-type]
    return named


def _unit_change(
    row: UnitRow, known: Known, named: dict[str, Unit], filed: dict[str, UnitRow], faults: list[Fault]
) -> Change:
    meant = {known.units[name].id: known.units[name] for name in (row.name, *row.aliases) if name in known.units}
    if len(meant) > 1:
        names = "、".join(unit.name for unit in meant.values())
        faults.append(Fault(UNITS, row.row, "名称", CellFault.TAKEN, names))
    unit = next(iter(meant.values()), None)
    change = Change(row.name, unit is None)
    for head, old, new in (
        ("全称", unit.full_name if unit else "", row.full_name),
        ("邮箱", unit.mailbox if unit else "", row.mailbox),
    ):
        if new and new != (old or ""):
            change.differences.append(Difference(head, old or "", new))
    if row.kind and (unit is None or unit.kind is not row.kind):
        change.differences.append(Difference("类别", unit.kind.value if unit else "", row.kind.value))
    own = {unit.name, *(each.alias for each in unit.aliases)} if unit else {row.name}
    if added := [name for name in (row.name, *row.aliases) if name and name not in own]:
        change.differences.append(Difference("别名", "、".join(sorted(own - {row.name})), "、".join(added)))
    groups = {each.name for each in unit.collectives} if unit else set()
    joined = []
    for name in row.collectives:
        if not _is_collective(name, named, filed) or filed.get(name) is row:
            faults.append(Fault(UNITS, row.row, "所属集体", CellFault.NO_COLLECTIVE, name))
        elif (named[name].name if name in named else name) not in groups:
            joined.append(name)
    if joined:
        change.differences.append(Difference("所属集体", "、".join(sorted(groups)), "、".join(joined)))
    return change


def _is_collective(name: str, named: dict[str, Unit], filed: dict[str, UnitRow]) -> bool:
    kind = filed[name].kind if name in filed else None
    unit = named.get(name)
    return (kind or (unit.kind if unit and unit.disabled_at is None else None)) is UnitKind.COLLECTIVE


def _person_change(region: str, row: PersonRow, known: Known, filed: dict[str, UnitRow], faults: list[Fault]) -> Change:
    account = known.accounts.get(row.username)
    if account and not is_within(account.region_code, region):
        faults.append(Fault(PEOPLE, row.row, "登录名", CellFault.ELSEWHERE, row.username))
        account = None
    change = Change(row.name, account is None)
    for head, old, new in (
        ("姓名", account.name if account else "", row.name),
        ("电话", account.phone if account else "", row.phone),
        ("邮箱", account.email if account else "", row.email),
    ):
        if new and new != (old or "") and not (head == "姓名" and account is None):
            change.differences.append(Difference(head, old or "", new))
    own = {unit.id for unit in account.units} if account else set()
    joined = []
    for name in row.units:
        unit = known.units.get(name)
        if (unit is None and name not in filed) or (unit and unit.disabled_at):
            faults.append(Fault(PEOPLE, row.row, "单位", CellFault.NO_UNIT, name))
        elif unit is None or unit.id not in own:
            joined.append(name)
    if joined:
        had = "、".join(unit.name for unit in account.units) if account else ""
        change.differences.append(Difference("单位", had, "、".join(joined)))
    change.differences += _duty_differences(row, account, known)
    return change


def _duty_differences(row: PersonRow, account: Account | None, known: Known) -> list[Difference]:
    """Whose duty changes, and who gives theirs up: of contacts and deputies a unit has one."""
    found = []
    for name in row.units if row.duty else ():
        unit = known.units.get(name)
        had = known.duties.get((account.id, unit.id)) if account and unit else None
        if had is row.duty or (had is None and row.duty is Duty.STAFF):
            continue
        holder = known.holders.get((unit.id, row.duty)) if unit and row.duty in HELD_BY_ONE else None
        found.append(Difference("职责", holder.name if holder else "", f"{name}:{row.duty}"))
    return found


def _refuse_second(row: PersonRow, known: Known, held: dict[tuple[str, Duty], int], faults: list[Fault]) -> None:
    if row.duty not in HELD_BY_ONE:
        return
    for name in row.units:
        unit = known.units.get(name)
        if held.setdefault((unit.name if unit else name, row.duty), row.row) != row.row:
            faults.append(Fault(PEOPLE, row.row, "职责", CellFault.TWO_CONTACTS, name))


def _refuse_accounts(row: PersonRow, change: Change, faults: list[Fault]) -> None:
    if change.is_new:
        faults.append(Fault(PEOPLE, row.row, "登录名", CellFault.ADMINISTRATOR, row.username))
        return
    for each in change.differences:
        if each.head != "职责":
            faults.append(Fault(PEOPLE, row.row, each.head, CellFault.ADMINISTRATOR, each.new))


def _slices(names: list[str]) -> Iterable[list[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
