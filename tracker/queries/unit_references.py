"""Everything that refers to a unit: one table of columns, for merging, deleting and saying what moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.models import (
    AccountUnit,
    AppraisalLine,
    Assignment,
    Base,
    CountyValue,
    Extension,
    ImportName,
    Instruction,
    InstructionAnswer,
    IssueStanding,
    Receipt,
    Report,
    Robot,
    School,
    Unit,
    UnitAlias,
    UnitMember,
    Urge,
    Wait,
    db,
)

Column = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Reference:
    """A column that names a unit. Two rows with the same values ``beside`` it would be one when both name one unit."""

    model: type[Base]
    column: Column
    beside: tuple[Column, ...] = ()

    @property
    def name(self) -> str:
        """The table and the column: ``reports.unit_id``."""
        return f"{self.model.__tablename__}.{self.column.key}"


REFERENCES: tuple[Reference, ...] = (
    Reference(Assignment, Assignment.unit_id, (Assignment.task_id, Assignment.role)),
    Reference(Report, Report.unit_id),
    Reference(Receipt, Receipt.unit_id),
    Reference(Extension, Extension.unit_id),
    Reference(InstructionAnswer, InstructionAnswer.unit_id),
    Reference(Urge, Urge.unit_id, (Urge.once, Urge.task_id)),
    # An open wait that stands twice is ended first, not dropped: its words stay.
    Reference(Wait, Wait.unit_id),
    Reference(Wait, Wait.by_unit_id),
    Reference(Robot, Robot.unit_id, (Robot.kind,)),
    Reference(School, School.unit_id),
    Reference(CountyValue, CountyValue.unit_id),
    Reference(AppraisalLine, AppraisalLine.unit_id),
    Reference(ImportName, ImportName.unit_id),
    Reference(AccountUnit, AccountUnit.unit_id, (AccountUnit.account_id,)),
    Reference(UnitMember, UnitMember.collective_id, (UnitMember.member_id,)),
    Reference(UnitMember, UnitMember.member_id, (UnitMember.collective_id,)),
    Reference(UnitAlias, UnitAlias.unit_id),
    Reference(Unit, Unit.merged_into_id),
)


def counted_references(unit_id: int) -> dict[str, int]:
    """How many rows refer to a unit, by the name of the reference, in one question."""
    counts = [
        sa.select(sa.func.count()).select_from(each.model).where(each.column == unit_id).scalar_subquery()
        for each in REFERENCES
    ]
    found = db.session.execute(sa.select(*counts)).one()
    return {each.name: count for each, count in zip(REFERENCES, found, strict=True)}


def is_referred_to(unit_id: int) -> bool:
    """Whether anything but the aliases of its own refers to a unit, or an issue tells of it by its number."""
    if db.session.scalar(sa.select(sa.exists().where(IssueStanding.unit_id == unit_id))):
        return True  # a number that is free is given to the next unit, which would inherit what was frozen
    own = f"{UnitAlias.__tablename__}.{UnitAlias.unit_id.key}"
    return any(count for name, count in counted_references(unit_id).items() if name != own)


def tasks_of_references(unit_id: int) -> sa.Select[int]:
    """The tasks of which some row refers to a unit."""
    own = [
        sa.select(each.model.task_id).where(each.column == unit_id)
        for each in REFERENCES
        if hasattr(each.model, "task_id")
    ]
    answers = sa.select(Instruction.task_id).join(InstructionAnswer).where(InstructionAnswer.unit_id == unit_id)
    return sa.union(*own, answers)  # type: ignore[return-value]
