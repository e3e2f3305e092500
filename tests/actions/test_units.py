"""Units: names that mean one unit, merging two that are one, and a person who moves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_task, make_unit
from tests.queries.test_reminders import say_done
from tracker.actions.accounts import change_account, disable, grant_role
from tracker.actions.handlers import name_handler
from tracker.actions.issues import freeze_week
from tracker.actions.moves import RuleRefused
from tracker.actions.record import NOBODY, verified_chain
from tracker.actions.unit_merging import CannotMerge, merge_units
from tracker.actions.units import (
    NameTaken,
    StaleUnit,
    UnitFacts,
    UnitInUse,
    change_unit,
    create_unit,
    delete_unit,
    disable_unit,
    set_duties,
)
from tracker.models import (
    AccountUnit,
    Appraisal,
    AppraisalLine,
    Assignment,
    CountyValue,
    Duty,
    Event,
    Extension,
    ImportName,
    ImportState,
    Instruction,
    InstructionAnswer,
    PlanImport,
    Receipt,
    Robot,
    School,
    Task,
    Unit,
    UnitAlias,
    UnitKind,
    UnitMember,
    Urge,
    Wait,
    db,
)
from tracker.queries.unit_references import REFERENCES, counted_references
from tracker.rules.permissions import Role
from tracker.rules.reading.papers import PaperKind
from tracker.rules.receipts import Verdict
from tracker.rules.robots import RobotKind

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
DAY = date(2026, 3, 6)


def facts(name: str, **differences: Any) -> UnitFacts:
    """What is said of a unit."""
    return UnitFacts(**{"name": name, "full_name": None, "kind": UnitKind.DEPARTMENT, "mailbox": None, **differences})


@pytest.mark.parametrize(
    "said", [facts("财政局"), facts("县财政"), facts("新局", aliases=["财政局"]), facts("新局", aliases=["县财政"])]
)
def test_a_name_or_alias_never_means_two_units(world: World, said: UnitFacts) -> None:
    change_unit(NOBODY, world.finance, 1, facts("财政局", aliases=["县财政"]), NOW)
    with pytest.raises(NameTaken) as refused:
        create_unit(NOBODY, COUNTY, said, NOW)
    assert refused.value.unit_name == "财政局"
    with pytest.raises(NameTaken):
        change_unit(NOBODY, world.housing, 1, said, NOW)
    assert create_unit(NOBODY, OTHER_COUNTY, said, NOW).id


def test_a_unit_may_take_its_own_alias_as_its_name(world: World) -> None:
    change_unit(NOBODY, world.finance, 1, facts("财政局", aliases=["县财政局", "财政"]), NOW)
    change_unit(NOBODY, world.finance, 2, facts("县财政局", aliases=["县财政局", "财政局"]), NOW)
    assert world.finance.name == "县财政局"
    assert [each.alias for each in world.finance.aliases] == ["财政局"]


def test_only_a_collective_unit_has_members_and_never_itself(world: World) -> None:
    group = create_unit(NOBODY, COUNTY, facts("各部门", kind=UnitKind.COLLECTIVE, members=[world.finance]), NOW)
    change_unit(
        NOBODY, group, 1, facts("各部门", kind=UnitKind.COLLECTIVE, members=[group, world.finance, world.housing]), NOW
    )
    assert {unit.name for unit in group.members} == {"财政局", "住建局"}
    change_unit(NOBODY, group, 2, facts("各部门", members=[world.finance]), NOW)
    assert group.members == []


def test_a_unit_in_use_is_not_deleted(world: World) -> None:
    with pytest.raises(UnitInUse):
        delete_unit(NOBODY, world.finance, 1, NOW)
    idle = create_unit(NOBODY, COUNTY, facts("新局", aliases=["新"]), NOW)
    unit_id = idle.id
    delete_unit(NOBODY, idle, 1, NOW)
    assert db.session.get(Unit, unit_id) is None
    assert db.session.scalar(sa.select(UnitAlias).where(UnitAlias.unit_id == unit_id)) is None


def test_a_unit_that_an_issue_tells_of_keeps_its_number(world: World) -> None:
    gone = create_unit(NOBODY, COUNTY, facts("撤销局"), NOW)
    task = make_task(world.plan, lead=[gone])
    freeze_week(COUNTY, NOW)
    db.session.execute(sa.delete(Assignment).where(Assignment.task_id == task.id))
    with pytest.raises(UnitInUse):
        delete_unit(NOBODY, gone, 1, NOW)


def test_of_two_who_save_one_version_one_is_stale(world: World) -> None:
    disable_unit(NOBODY, world.finance, 1, NOW)
    for act in (
        lambda: change_unit(NOBODY, world.finance, 1, facts("x"), NOW),
        lambda: delete_unit(NOBODY, world.finance, 1, NOW),
        lambda: set_duties(NOBODY, world.finance, 1, {}, NOW),
        lambda: merge_units(NOBODY, world.finance, 1, world.housing, NOW),
    ):
        with pytest.raises(StaleUnit):
            act()


def fill(world: World, old: Unit, new: Unit) -> list[Task]:
    """Every table that names a unit, once for the old one and, where it could clash, for the new one as well."""
    alone = make_task(world.plan, lead=[old], due_on=DAY)
    both = make_task(world.plan, responsible=[old, new], due_on=DAY)
    say_done(alone, old, world.staff)
    for unit in (old, new):
        db.session.add(
            Receipt(task=both, unit=unit, account=world.staff, verdict=Verdict.ACCEPTED, reason=None, at=NOW)
        )
        db.session.add(Urge(task=both, unit=unit, account=world.office, text="催", at=NOW, once="one"))
        db.session.add(
            Wait(task=both, unit=unit, by_unit=world.education, account=world.staff, since=DAY, reason="等", at=NOW)
        )
    db.session.add(Urge(task=alone, unit=old, account=world.office, text="催", at=NOW, once="one"))
    db.session.add(Wait(task=alone, unit=new, by_unit=old, account=world.staff, since=DAY, reason="等", at=NOW))
    db.session.add(
        Extension(
            task=alone,
            unit=old,
            account=world.staff,
            due_on=DAY,
            wanted_on=date(2026, 4, 1),
            reason="雨",
            work_state="半",
            at=NOW,
            once="e",
        )
    )
    region = world.plan.region_code
    db.session.add(School(region_code=region, name="某校", unit=old))
    db.session.add(
        CountyValue(
            region_code=region,
            figure="rotated",
            on=DAY,
            number=1,
            standing="reported",
            source="表",
            unit=old,
            said_at=NOW,
        )
    )
    said = Instruction(task=alone, account=world.leader, leader_name="县长", text="抓紧", at=NOW, once="i")
    said.answers = [InstructionAnswer(unit=old, account=world.staff, text="好", at=NOW, once="a")]
    db.session.add(said)
    group = make_unit("各部门", kind=UnitKind.COLLECTIVE)
    group.members = [old, new]
    old_group = make_unit("各股室", kind=UnitKind.COLLECTIVE)
    old_group.members = [old]
    old.members = [new, world.education]
    old.aliases = [UnitAlias(region_code=COUNTY, alias="旧称")]
    batch = PlanImport(
        region_code=region,
        digest="0" * 64,
        file_name="方案.docx",
        kind=PaperKind.WORD,
        head={},
        parts={},
        paper={},
        state=ImportState.OPEN,
        created_at=NOW,
    )
    db.session.add(ImportName(batch=batch, name="城建", unit=old))
    db.session.add(Robot(unit=old, kind=RobotKind.WECOM, sealed_token="sealed", created_at=NOW))
    earlier = make_unit("更早的局", merged_into_id=old.id, disabled_at=NOW)
    assert earlier.id
    db.session.flush()
    issue = freeze_week(COUNTY, NOW)
    assert issue
    sheet = Appraisal(region_code=COUNTY, year=NOW.year, last_issue_id=issue.id, made_at=NOW)
    sheet.lines.append(AppraisalLine(unit_id=old.id, name=old.name, position=1, figures={}, meant=[old.id]))
    db.session.add(sheet)
    db.session.flush()
    return [alone, both]


def test_all_that_refers_to_a_unit_follows_it_into_another(world: World) -> None:
    old, new = make_unit("城建局"), world.housing
    person = make_account(Role.UNIT_STAFF, units=[old], username="moved")
    in_both = make_account(Role.UNIT_STAFF, units=[old, new], username="both")
    tasks = fill(world, old, new)
    before = counted_references(old.id)
    assert all(before.values()), before
    tasks[1].assignments[0].handler_id = person.id
    set_duties(NOBODY, old, 1, {person.id: Duty.CONTACT, in_both.id: Duty.DEPUTY}, NOW)
    set_duties(NOBODY, new, 1, {world.housing_staff.id: Duty.CONTACT}, NOW)
    versions, untouched = [task.version for task in tasks], world.task.version
    merge_units(NOBODY, old, 2, new, NOW)

    # The row that stays says where the unit went; nothing else refers to it.
    assert set(counted_references(old.id).values()) == {0}
    assert (old.merged_into_id, old.disabled_at) == (new.id, NOW)
    assert {each.alias for each in new.aliases} == {"旧称", "城建局"}
    assert [task.version for task in tasks] == [version + 1 for version in versions]
    assert world.task.version == untouched
    parts = db.session.scalars(sa.select(Assignment).where(Assignment.task_id == tasks[1].id)).all()
    assert [(each.unit_id, each.handler_id) for each in parts] == [(new.id, person.id)]
    assert duties_of(new) == {
        world.housing_staff.id: Duty.CONTACT,
        person.id: Duty.STAFF,
        in_both.id: Duty.DEPUTY,
    }
    waits = db.session.scalars(sa.select(Wait).order_by(Wait.id)).all()
    assert [(each.unit_id, each.ended_at is None) for each in waits] == [
        (new.id, False),
        (new.id, True),
        (new.id, False),
    ]
    members = {(row.collective_id, row.member_id) for row in db.session.scalars(sa.select(UnitMember))}
    assert (new.id, new.id) not in members
    assert (new.id, world.education.id) in members
    assert len(members) == 3
    event = db.session.scalars(sa.select(Event).where(Event.act == "merge_units")).one()
    assert event.before == {"unit": "城建局"}
    assert event.after["unit"] == "住建局"
    assert event.after["tasks"] == 2
    assert {each.name for each in REFERENCES} <= set(event.after)
    assert verified_chain().broken is None


def duties_of(unit: Unit) -> dict[int, Duty]:
    """The duties of a unit's people."""
    rows = db.session.scalars(sa.select(AccountUnit).where(AccountUnit.unit_id == unit.id))
    return {row.account_id: row.duty for row in rows}


def test_a_unit_is_merged_once_and_into_one_that_is(world: World) -> None:
    old, other, far = make_unit("城建局"), make_unit("规划局"), make_unit("住建局", region=OTHER_COUNTY)
    for into in (old, far):
        with pytest.raises(CannotMerge):
            merge_units(NOBODY, old, old.version, into, NOW)
    merge_units(NOBODY, old, old.version, world.housing, NOW)
    with pytest.raises(StaleUnit):
        merge_units(NOBODY, old, old.version, other, NOW)
    with pytest.raises(CannotMerge):
        merge_units(NOBODY, other, other.version, old, NOW)
    # The name means the unit that stays.
    with pytest.raises(NameTaken) as refused:
        create_unit(NOBODY, COUNTY, facts("城建局"), NOW)
    assert refused.value.unit_name == "住建局"


@pytest.mark.parametrize(("own", "kept"), [(None, "old@example.test"), ("own@example.test", "own@example.test")])
def test_the_mailbox_of_a_merged_unit_goes_along_where_there_is_none(world: World, own: str | None, kept: str) -> None:
    old, world.housing.mailbox = make_unit("城建局", mailbox="old@example.test"), own
    db.session.flush()
    merge_units(NOBODY, old, old.version, world.housing, NOW)
    assert world.housing.mailbox == kept


@pytest.mark.parametrize("how", ["leaves", "disabled", "role"])
def test_a_person_who_moves_takes_no_task_along(world: World, how: str) -> None:
    task, version = world.task, world.task.version
    name_handler(NOBODY, task, version, task.assignments[0], world.staff, NOW)
    assert task.assignments[0].handler_id == world.staff.id
    account = world.staff
    if how == "leaves":
        change_account(NOBODY, account, account.version, NOW, name="x", email=None, phone=None, units=[world.housing])
    elif how == "disabled":
        disable(NOBODY, account, account.version, NOW)
    else:
        grant_role(NOBODY, account, account.version, NOW, role=None)
    db.session.refresh(task)
    assert db.session.scalar(sa.select(Assignment.handler_id).where(Assignment.task_id == task.id).limit(1)) is None
    assert task.version == version + 2
    kept = db.session.scalars(sa.select(Event).where(Event.object_id == account.username)).one()
    assert (kept.after or {})["tasks"] == 1


def test_who_stays_in_a_unit_keeps_its_tasks(world: World) -> None:
    name_handler(NOBODY, world.task, world.task.version, world.task.assignments[0], world.staff, NOW)
    change_account(
        NOBODY,
        world.staff,
        world.staff.version,
        NOW,
        name="x",
        email=None,
        phone=None,
        units=[world.finance, world.housing],
    )
    assert world.task.assignments[0].handler_id == world.staff.id


def test_only_people_of_the_unit_handle_its_part(world: World) -> None:
    with pytest.raises(RuleRefused):
        name_handler(NOBODY, world.task, world.task.version, world.task.assignments[0], world.housing_staff, NOW)
