"""The contacts of a task's units, and who reads their phones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account
from tests.visit import client_for, visit
from tracker.models import AccountUnit, Duty, db
from tracker.queries.accounts import person_of
from tracker.queries.contacts import contacts_of
from tracker.rules.permissions import Role


def give_contacts(world: World) -> None:
    """财政局 has a contact with a phone, a deputy, somebody who left, and who handles the task."""
    people = {duty: make_account(Role.UNIT_STAFF, units=[world.finance], name=f"{duty}") for duty in Duty}
    people[Duty.CONTACT].phone = "0797 1234567"
    gone = make_account(
        Role.UNIT_STAFF, units=[world.finance], name="gone", disabled_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for duty, account in [*people.items(), (Duty.CONTACT, gone)]:
        db.session.execute(sa.update(AccountUnit).where(AccountUnit.account_id == account.id).values(duty=duty))
    world.task.assignments[0].handler_id = people[Duty.STAFF].id
    world.finance.mailbox = "caizheng@example.test"
    db.session.commit()


def test_handler_contact_and_deputy_are_named_in_this_order(world: World) -> None:
    give_contacts(world)
    found = contacts_of(person_of(world.office), world.task)
    assert [(each.name, each.is_handler) for each in found[world.finance.id]] == [
        ("staff", True),
        ("contact", False),
        ("deputy", False),
    ]


@pytest.mark.parametrize(("who", "reads"), [("office", True), ("staff", True), ("leader", False), ("auditor", False)])
def test_phones_and_mailbox_are_for_the_office_and_the_unit_itself(
    app: Flask, world: World, who: str, reads: bool
) -> None:
    give_contacts(world)
    text = visit(client_for(app, getattr(world, who)), f"/tasks/{world.task.key}").get_text()
    assert "联系人" in text
    assert ("0797 1234567" in text) is reads
    assert ("caizheng@example.test" in text) is reads


def test_a_partner_reads_no_phone_of_the_lead(app: Flask, world: World) -> None:
    give_contacts(world)
    partner = make_account(Role.UNIT_STAFF, units=[world.education])
    db.session.commit()
    text = visit(client_for(app, partner), f"/tasks/{world.task.key}").get_text()
    assert "contact" in text
    assert "0797 1234567" not in text
