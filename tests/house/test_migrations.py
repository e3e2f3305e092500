"""The migrations have one head, and what they make on each database is what the models say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.exc import IntegrityError

from tests.conftest import Templates, running
from tests.factories import COUNTY, make_task, make_world
from tests.house.source import TRACKER
from tracker.actions.issues import freeze_week
from tracker.actions.record import NOBODY, record
from tracker.clock import as_instant
from tracker.models import (
    DeadlineChange,
    Issue,
    IssueLine,
    IssueStanding,
    IssueState,
    Report,
    ReportingPeriod,
    Task,
    db,
)
from tracker.rules.lifecycle import State

FRIDAY = as_instant("2026-03-06T17:00")
SCRIPTS = ScriptDirectory(str(TRACKER / "migrations"))


def test_there_is_one_head_and_one_line_of_migrations() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    revisions = list(SCRIPTS.walk_revisions())
    assert [revision.down_revision for revision in revisions] == [each.revision for each in revisions[1:]] + [None]


def test_every_migration_says_what_it_does() -> None:
    for revision in SCRIPTS.walk_revisions():
        text = Path(revision.path).read_text(encoding="utf-8")
        assert text.startswith('"""'), revision.path
        assert revision.doc, revision.path


def test_migrated_tables_are_the_tables_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_every_check_of_the_models_stands_in_the_database(app: Flask) -> None:
    """Alembic compares no CHECK: a new member of an enumeration without a migration would go unseen."""
    inspector = sa.inspect(db.engine)
    for name, table in db.metadata.tables.items():
        stored = {str(each["name"]): str(each["sqltext"]) for each in inspector.get_check_constraints(name)}
        for constraint in table.constraints:
            if isinstance(constraint, sa.CheckConstraint):
                assert str(constraint.name) in stored, f"{name}: {constraint.name}"
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                texts = [text for text in stored.values() if all(f"'{each}'" in text for each in column.type.enums)]
                assert texts, f"{name}.{column.name} lacks a member of {column.type.enums}"


def test_a_downgrade_is_written_for_every_migration() -> None:
    for revision in SCRIPTS.walk_revisions():
        assert callable(getattr(revision.module, "downgrade", None)), revision.path


@pytest.mark.parametrize(("pragma", "expected"), [("foreign_keys", 1), ("journal_mode", "wal")])
def test_sqlite_keeps_foreign_keys_and_lets_readers_pass(
    templates: Templates, tmp_path: Path, pragma: str, expected: object
) -> None:
    with running(templates, "sqlite", "empty", tmp_path), db.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == expected


def test_the_daily_work_comes_to_a_database_in_use_and_goes_again(
    database: str, templates: Templates, tmp_path: Path
) -> None:
    """A report that stands before the migration stands after it, and only then may say that nothing changed."""
    with running(templates, database, "empty", tmp_path):
        world = make_world()
        task, account = world.task.id, world.staff.id
        db.session.commit()
        db.session.remove()
        downgrade(revision="0002")
        _report_in_sql(task, account, "on_plan", "before")
        upgrade()
        with pytest.raises(IntegrityError):
            _report_in_sql(task, account, "nonsense", "wrong")
        db.session.rollback()
        _report_in_sql(task, account, "no_change", "after")
        assert db.session.scalars(sa.select(Report.once).order_by(Report.id)).all() == ["before", "after"]
        assert db.session.scalars(sa.select(Task.rhythm_parts).distinct()).all() == [1]


def _report_in_sql(task: int, account: int, situation: str, once: str) -> None:
    """A report written as the tables of 0002 know it."""
    db.session.execute(
        sa.text(
            "INSERT INTO reports (task_id, account_id, on_behalf, situation, text, at, light_before, light_after, "
            "invented, once) VALUES (:task, :account, false, :situation, 'x', :at, 'normal', 'normal', false, :once)"
        ),
        {"task": task, "account": account, "situation": situation, "once": once, "at": "2026-03-06"},
    )
    db.session.commit()


def test_the_numbers_of_schools_are_taken_apart_and_put_together_again(
    database: str, templates: Templates, tmp_path: Path
) -> None:
    """Two stages that stood side by side become one year of a school, with their rooms added up; and back."""
    with running(templates, database, "empty", tmp_path):
        downgrade(revision="0004")
        numbers = "students, classes, teaching_area_m2, sports_area_m2, equipment_yuan, multimedia_rooms"
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO schools (id, region_code, name, folded) VALUES (7, '360732', '校', '校')")
            )
            for stage, values in (
                ("junior", "300, 6, 2000.5, 3000, 90, NULL"),
                ("primary", "540, 12, 4000, 100, 10, 9"),
            ):
                connection.execute(
                    sa.text(
                        f"INSERT INTO school_years (school_id, stage, year, source, {numbers}) "
                        f"VALUES (7, '{stage}', 2025, '表', {values})"
                    )
                )
        upgrade()
        with db.engine.connect() as connection:
            year = connection.execute(sa.text("SELECT * FROM school_years")).mappings().one()
            stages = connection.execute(sa.text("SELECT stage, students FROM stage_years ORDER BY stage")).all()
        assert (float(year["teaching_area_m2"]), float(year["sports_ground_m2"])) == (6000.5, 3100)
        assert (year["equipment_yuan"], year["multimedia_rooms"], str(year["counted_on"])) == (100, None, "2025-09-01")
        assert [tuple(row) for row in stages] == [("junior", 300), ("primary", 540)]
        downgrade(revision="0004")
        with db.engine.connect() as connection:
            query = sa.text("SELECT stage, students, teaching_area_m2 FROM school_years ORDER BY stage")
            rows = [(row[0], row[1], row[2] and float(row[2])) for row in connection.execute(query)]
        assert rows == [("junior", 300, 6000.5), ("primary", 540, None)]
        upgrade()


def test_issues_printed_before_get_what_can_still_be_known_of_their_moment(
    database: str, templates: Templates, tmp_path: Path
) -> None:
    """What an older release froze reads as if it had been frozen now, and counts as signed."""
    with running(templates, database, "empty", tmp_path):
        world = make_world()
        late = {"due_on": date(2026, 1, 5), "state": State.IN_PROGRESS, "last_words": "Ｆ卡在审批"}
        task = make_task(world.plan, lead=[world.finance], **late)
        _returned_and_moved(task, FRIDAY - timedelta(days=1))
        db.session.add(
            ReportingPeriod(task_id=task.id, starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 28), opened_at=FRIDAY)
        )
        db.session.commit()
        for days in (0, 7):
            freeze_week(COUNTY, FRIDAY + timedelta(days=days))
            _returned_and_moved(task, FRIDAY + timedelta(days=days + 3))
            world.housing_task.state, world.housing_task.closed_on = State.CLOSED, date(2026, 3, 9)
            world.housing_task.keep_light_dates()
            db.session.commit()
        frozen = _issues_as_kept()
        downgrade(revision="0006")
        upgrade()
        assert _issues_as_kept() == frozen
        issue = db.session.scalars(sa.select(Issue).order_by(Issue.id)).first()
        assert issue
        assert (issue.state, issue.signed_at, issue.generated) == (IssueState.SIGNED, FRIDAY, issue.sentence)


def _returned_and_moved(task: Task, at: datetime) -> None:
    """A task was returned, another return was refused, and its deadline was moved."""
    for allowed in (True, False):
        record(NOBODY, "return", at, obj=("task", task.key), region=COUNTY, allowed=allowed)
    db.session.add(DeadlineChange(task_id=task.id, old_due_on=None, new_due_on=None, reason="定", at=at))


def _issues_as_kept() -> list[object]:
    """What is known of issues that an older release froze."""
    db.session.remove()
    line = ("issue_id", "task_id", "light", "light_before", "region_code", "position", "unit_ids", "stale", "to_decide")
    line += ("extensions", "redates", "returns", "periods_missed")
    lines = sa.select(*(getattr(IssueLine, name) for name in (*line, "folded"))).order_by(IssueLine.id)
    standings = sa.select(IssueStanding.issue_id, IssueStanding.name, IssueStanding.unit_id, IssueStanding.counts)
    issues = sa.select(Issue.counts, Issue.places, Issue.plans, Issue.folded).order_by(Issue.id)
    rows = [db.session.execute(query).all() for query in (lines, issues)]
    by_name = db.session.execute(standings.order_by(IssueStanding.issue_id, IssueStanding.name)).all()
    db.session.remove()
    return [[tuple(_compact(value) for value in row) for row in found] for found in (*rows, by_name)]


def _compact(value: object) -> object:
    """Counts without what is nought."""
    return {name: count for name, count in value.items() if count} if isinstance(value, dict) else value
