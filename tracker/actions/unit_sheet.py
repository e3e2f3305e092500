"""Take in a file of units and people: all of it or nothing, and the second time nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.actions.accounts import change_account, create_account
from tracker.actions.record import Actor, record
from tracker.actions.units import UnitFacts, change_unit, create_unit, lock_names, set_duties
from tracker.models import Duty, Unit, UnitKind, db
from tracker.queries.unit_sheet import Change, Known, Preview, known_to, preview_of
from tracker.queries.units import people_of
from tracker.rules.routing import HELD_BY_ONE
from tracker.rules.unit_rows import PersonRow, Sheet, UnitRow

# No password has this for its hash: whoever the account is for chooses one by the link of a reset.
UNUSABLE = "!"


class SheetFaulty(Exception):
    """The file cannot be taken in as things stand now; the preview says why."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(f"{len(preview.faults)} faults")
        self.preview = preview


def import_sheet(actor: Actor, region: str, sheet: Sheet, makes_accounts: bool, digest: str, now: datetime) -> Preview:
    """Do what the preview of a file says, asked anew; what it did. Raises SheetFaulty, and then nothing is written."""
    lock_names(region)
    preview = preview_of(region, sheet, makes_accounts)
    if preview.faults:
        raise SheetFaulty(preview)
    if not preview.changes:
        return preview
    known = known_to(region, sheet)
    _store_units(actor, region, sheet.units, known, now)
    _store_members(actor, sheet.units, known, now)
    _store_people(actor, region, sheet.people, known, now)
    _store_duties(actor, sheet.people, known, now)
    counts = {"units": _counts(preview.units), "people": _counts(preview.people)}
    # The first forty digits of the hash say which file it was.
    record(actor, "import_units", now, obj=("file", digest[:40]), region=region, after=counts)
    return preview


def _store_units(actor: Actor, region: str, rows: Iterable[UnitRow], known: Known, now: datetime) -> None:
    for row in rows:
        names = (row.name, *row.aliases)
        unit = next((known.units[name] for name in names if name in known.units), None)
        if unit is None:
            said = UnitFacts(
                row.name, row.full_name or None, row.kind or UnitKind.DEPARTMENT, row.mailbox or None, row.aliases
            )
            unit = create_unit(actor, region, said, now)
        else:
            _change(actor, unit, row, now)
        known.units |= dict.fromkeys(names, unit)


def _change(actor: Actor, unit: Unit, row: UnitRow, now: datetime) -> None:
    before = _said_of(unit)
    said = UnitFacts(
        name=unit.name,
        full_name=row.full_name or unit.full_name,
        kind=row.kind or unit.kind,
        mailbox=row.mailbox or unit.mailbox,
        aliases=[name for name in dict.fromkeys((*before.aliases, row.name, *row.aliases)) if name != unit.name],
        members=before.members,
    )
    if said != before:
        change_unit(actor, unit, unit.version, said, now)


def _said_of(unit: Unit) -> UnitFacts:
    aliases = [each.alias for each in unit.aliases]
    return UnitFacts(unit.name, unit.full_name, unit.kind, unit.mailbox, aliases, list(unit.members))


def _store_members(actor: Actor, rows: Iterable[UnitRow], known: Known, now: datetime) -> None:
    joined: dict[int, list[Unit]] = {}
    for row in rows:
        for name in row.collectives:
            joined.setdefault(known.units[name].id, []).append(known.units[row.name])
    groups = {unit.id: unit for unit in known.units.values()}
    for unit_id, members in joined.items():
        before = _said_of(groups[unit_id])
        added = [unit for unit in members if unit not in before.members]
        if added:
            facts = {**vars(before), "members": [*before.members, *added]}
            change_unit(actor, groups[unit_id], groups[unit_id].version, UnitFacts(**facts), now)


def _store_people(actor: Actor, region: str, rows: Iterable[PersonRow], known: Known, now: datetime) -> None:
    for row in rows:
        units = [known.units[name] for name in row.units]
        account = known.accounts.get(row.username)
        if account is None:
            known.accounts[row.username] = create_account(
                actor,
                username=row.username,
                name=row.name,
                role=None,
                region=region,
                email=row.email or None,
                phone=row.phone or None,
                units=list(dict.fromkeys(units)),
                password_hash=UNUSABLE,
                now=now,
            )
            continue
        wanted = (row.name, row.email or account.email, row.phone or account.phone)
        all_units = list(dict.fromkeys([*account.units, *units]))
        if wanted != (account.name, account.email, account.phone) or len(all_units) != len(account.units):
            name, email, phone = wanted
            change_account(
                actor, account, account.version, now, name=name or "", email=email, phone=phone, units=all_units
            )


def _store_duties(actor: Actor, rows: Iterable[PersonRow], known: Known, now: datetime) -> None:
    said: dict[int, dict[int, Duty]] = {}
    for row in rows:
        for name in row.units if row.duty else ():
            said.setdefault(known.units[name].id, {})[known.accounts[row.username].id] = row.duty or Duty.STAFF
    by_id = {unit.id: unit for unit in known.units.values()}
    db.session.flush()
    for unit_id, duties in said.items():
        before = {each.account.id: each.duty for each in people_of(by_id[unit_id])}
        taken = {duty for duty in duties.values() if duty in HELD_BY_ONE}
        after = {account_id: Duty.STAFF if duty in taken else duty for account_id, duty in before.items()} | duties
        if after != before:
            set_duties(actor, by_id[unit_id], by_id[unit_id].version, after, now)


def _counts(changes: Sequence[Change]) -> str:
    """+new ~changed =unchanged."""
    new = sum(each.is_new for each in changes)
    changed = sum(not each.is_new and bool(each.differences) for each in changes)
    return f"+{new} ~{changed} ={len(changes) - new - changed}"
