"""Real documents from the file to the plan: adopted once, the same again, and beside the plan entered by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.corpus.real import document_path, read_real
from tracker.actions.adoption import Adopted, adopt, may_be_withdrawn, withdraw
from tracker.actions.imports import SaidName, SaidPaper, open_import, say_names
from tracker.actions.record import NOBODY
from tracker.documents.recognition.recogniser import recognise
from tracker.models import OutboxMail, Plan, PlanImport, Project, ProjectSchool, Task, Unit, db
from tracker.queries.import_comparison import comparison_of, consequences_of
from tracker.queries.import_rows import whole_version
from tracker.queries.imports import names_of

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
AKQI, XINGGUO = ("akqi", "653023", 31), ("xingguo", "360732", 106)


def said(plan: str, ending: str = "docx") -> SaidPaper:
    """A document as it was read and understood."""
    path = document_path(f"{plan}.{ending}")
    if path is None:
        pytest.skip("../shared/plans is not here")
    paper = read_real(path)
    return SaidPaper(path.name, f"{plan}-{ending}", paper, recognise(paper))


def adopted(paper: SaidPaper, region: str, against: Plan | None = None) -> tuple[PlanImport, Adopted]:
    """A document of which every unknown name means a new unit, adopted."""
    batch = open_import(NOBODY, region, paper, against, NOW)
    fresh = [SaidName(line.row, None, line.likely_kind) for line in names_of(batch) if line.is_open]
    say_names(NOBODY, batch, fresh, NOW)
    return batch, adopt(NOBODY, batch, whole_version(batch), NOW)


def counted(table: type[Plan | Task | Unit | OutboxMail]) -> int:
    """How many rows a table has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.parametrize(("name", "region", "tasks"), [AKQI, XINGGUO])
def test_a_document_is_adopted_once_and_adds_nothing_again(app: Flask, name: str, region: str, tasks: int) -> None:
    paper = said(name)
    _first, done = adopted(paper, region)
    assert (done.added, counted(Task), counted(OutboxMail)) == (tasks, tasks, 0)
    keys, units = set(db.session.scalars(sa.select(Task.key))), counted(Unit)
    again, second = adopted(replace(paper, digest="again"), region, done.plan)
    assert (second.added, second.changed, second.unchanged) == (0, 0, tasks)
    assert (set(db.session.scalars(sa.select(Task.key))), counted(Unit)) == (keys, units)
    assert may_be_withdrawn(again)


def test_the_figures_of_a_document_reach_the_plan(app: Flask) -> None:
    batch = open_import(NOBODY, XINGGUO[1], said(XINGGUO[0]), None, NOW)
    assert consequences_of(batch).to_redate == 26
    say_names(NOBODY, batch, [SaidName(line.row, None, line.likely_kind) for line in names_of(batch)], NOW)
    done = adopt(NOBODY, batch, whole_version(batch), NOW)
    assert db.session.scalar(sa.select(sa.func.sum(Project.budget_yuan))) == 1_287_587_000
    assert db.session.scalar(sa.select(sa.func.sum(ProjectSchool.seats))) == 21_600
    to_redate = sa.select(sa.func.count()).select_from(Task).where(Task.needs_redate)
    assert (db.session.scalar(to_redate), done.plan.document_number) == (26, "兴教督办发〔2023〕1号")
    withdraw(NOBODY, batch, batch.version, NOW)
    assert (counted(Plan), counted(Task), counted(Unit)) == (0, 0, 0)


@pytest.mark.parametrize(("name", "region", "tasks"), [AKQI, XINGGUO])
def test_a_document_finds_its_tasks_in_the_plan_that_was_entered_by_hand(
    plans_app: Flask, name: str, region: str, tasks: int
) -> None:
    plan = db.session.scalars(sa.select(Plan).where(Plan.region_code == region)).one()
    batch = open_import(NOBODY, region, said(name), plan, NOW)
    compared = comparison_of(batch)
    assert ([line.row.name for line in names_of(batch) if line.is_open], list(compared.missing)) == ([], [])
    assert (len(compared.added), len(compared.changed) + len(compared.unchanged)) == (0, tasks)
    assert not [each for each in compared.changed for change in each.changes if change.field in {"budget_yuan"}]
