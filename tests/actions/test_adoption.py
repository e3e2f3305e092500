"""Adopting an import: everything or nothing, once, and undone until somebody acts on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, make_account, make_unit
from tracker.actions.adoption import (
    Adopted,
    ProblemKind,
    ProblemsLeft,
    adopt,
    may_be_withdrawn,
    problems_of,
    withdraw,
)
from tracker.actions.import_rows import accept_row, edit_row
from tracker.actions.imports import AlreadyTaken, BatchTaken, StaleImport, open_import, say_name, say_names, SaidName
from tracker.actions.moves import RuleRefused
from tracker.actions.plan_states import delete_plan, start
from tracker.actions.record import NOBODY, Actor
from tracker.documents.plan_draft import DraftTask, PlanDraft
from tracker.models import (
    Event,
    ImportName,
    ImportState,
    OutboxMail,
    Plan,
    PlanImport,
    PlanState,
    Task,
    Unit,
    UnitAlias,
    UnitKind,
    db,
)
from tracker.queries.accounts import person_of
from tracker.queries.import_comparison import comparison_of, consequences_of
from tracker.queries.imports import names_of
from tracker.rules.permissions import Role

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
TASKS = (
    draft_task("m-01", "补齐教师", "县教科体局", "财政局", deadline="2025年9月", number="1"),
    draft_task("m-02", "新建学校", "财政局", deadline="2024年9月", number="2"),
    draft_task("m-03", "开展督导", "教科体局", deadline="长期", number="3"),
)


def office() -> Actor:
    """The office of the county."""
    return Actor(person_of(make_account(Role.PLAN_OFFICE)))


def opened(draft: PlanDraft | None = None, against: Plan | None = None, **differences: Any) -> PlanImport:
    """An import in which every name means something."""
    batch = open_import(NOBODY, COUNTY, said_paper(draft or draft_of(*TASKS), **differences), against, NOW)
    for line in names_of(batch):
        if line.is_open:
            say_name(NOBODY, batch, line.row, None, UnitKind.DEPARTMENT, None, NOW)
    return batch


def adopted(draft: PlanDraft | None = None, against: Plan | None = None) -> tuple[PlanImport, Adopted]:
    """An import that was adopted."""
    batch = opened(draft, against)
    return batch, adopt(office(), batch, batch.version, NOW)


def test_an_adopted_document_is_a_draft_plan_that_mails_nobody(app: Flask) -> None:
    make_unit("教科体局")
    batch, done = adopted()
    assert (done.added, done.changed, done.plan.state) == (3, 0, PlanState.DRAFT)
    assert (batch.state, batch.plan_id) == (ImportState.ADOPTED, done.plan.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxMail)) == 0
    first = db.session.scalars(sa.select(Task).order_by(Task.position)).first()
    assert first is not None
    assert [(each.unit.name, each.name_in_plan) for each in first.assignments] == [
        ("教科体局", "县教科体局"),
        ("财政局", "财政局"),
    ]
    assert (first.key, first.source_place, first.source_text) == (
        f"{done.plan.code}-m-01",
        "附件 m-01",
        "补齐教师。（县教科体局、财政局）",
    )
    assert db.session.scalar(sa.select(UnitAlias.alias)) == "县教科体局"
