"""Who in the units of a task is to be spoken to: whoever handles it, the contact, the deputy, the mailbox."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.models import Account, AccountUnit, Assignment, Duty, Task, Unit, db
from tracker.rules.permissions import Person, Role

SHOWN_DUTIES = (Duty.CONTACT, Duty.DEPUTY)


@dataclass(frozen=True)
class Contact:
    """A person of a unit; phone only for those who may read it, the empty text for others."""

    unit_id: int
    name: str
    duty: Duty
    is_handler: bool
    phone: str


def contacts_of(person: Person, task: Task) -> dict[int, list[Contact]]:
    """The contacts of each unit of a task, handler first; phones for the office and people of the same unit."""
    handles = sa.func.max(sa.case((Assignment.handler_id == Account.id, 1), else_=0))
    query = (
        sa.select(Unit.id, Account.name, AccountUnit.duty, handles, Account.phone)
        .select_from(Assignment)
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(AccountUnit, AccountUnit.unit_id == Unit.id)
        .join(Account, Account.id == AccountUnit.account_id)
        .where(Assignment.task_id == task.id, Account.disabled_at.is_(None))
        .where(sa.or_(AccountUnit.duty.in_(SHOWN_DUTIES), Assignment.handler_id == Account.id))
        .group_by(Unit.id, Account.id, Account.name, AccountUnit.duty, Account.phone)
        .order_by(Unit.id, handles.desc(), AccountUnit.duty, Account.id)
    )
    found: dict[int, list[Contact]] = {}
    for unit_id, name, duty, handler, phone in db.session.execute(query):
        readable = reads_phones_of(person, unit_id)
        found.setdefault(unit_id, []).append(
            Contact(unit_id, name, duty, bool(handler), (phone or "") if readable else "")
        )
    return found


def reads_phones_of(person: Person, unit_id: int) -> bool:
    """Whether a person may read the phones and the mailbox of a unit: the office, and people of the same unit."""
    return person.role is Role.PLAN_OFFICE or unit_id in person.units
