"""A backup that is put in the place of the database sends nothing by itself."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.factories import World, make_account, make_task, make_unit
from tests.notifications.test_mailer import FRIDAY, MINUTE, MORNING, queue_for, use_server
from tests.smtp import smtp_server
from tests.visit import client_for, visit
from tracker import clock
from tracker.actions.holds import release
from tracker.actions.record import NOBODY
from tracker.jobs.restores import SEEN_FILE, watch
from tracker.jobs.runner import run_job
from tracker.jobs.schedule import TIMETABLE
from tracker.models import Event, LoginSession, MailState, Mark, OutboxHold, OutboxMail, PasswordReset, db
from tracker.notifications.digest import queue_digests
from tracker.rules.permissions import Role

RUNS_AGO = 5
JOBS = {job.name: job for job in TIMETABLE}
JOB = JOBS["deliver_outbox"]


@pytest.fixture(autouse=True)
def life(world: World) -> None:
    """Something has happened in the database."""
    db.session.add(Event(at=MORNING, act="sign_in", previous_hash="0", hash="1"))
    db.session.commit()


def seen(app: Flask) -> Path:
    """The file beside the database."""
    return Path(app.extensions["settings"].var_dir / SEEN_FILE)


def turn_back() -> None:
    """Make the database what it was some runs ago."""
    runs = sa.select(Mark).where(Mark.name == "sender_runs")
    for mark in db.session.scalars(runs.execution_options(populate_existing=True)):
        mark.value = str(int(mark.value) - RUNS_AGO)
    db.session.commit()


def of_machine(app: Flask, folder: Path) -> None:
    """Let the application run on a machine with a folder of its own."""
    folder.mkdir(exist_ok=True)
    app.extensions["settings"] = replace(app.extensions["settings"], var_dir=folder)


def test_runs_are_counted_in_the_database_and_beside_it(app: Flask) -> None:
    for count in (1, 2, 3):
        assert not watch(MORNING + count * MINUTE)
        assert seen(app).read_text() == str(count)
    assert seen(app).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in seen(app).parent.glob("outbox.seen*")] == [SEEN_FILE]


def test_an_older_copy_is_noticed_once_and_held_where_it_could_send(app: Flask, world: World) -> None:
    for _ in range(3):
        watch(MORNING)
    turn_back()
    assert watch(MORNING)
    assert not watch(MORNING + MINUTE)
    assert list(db.session.scalars(sa.select(OutboxHold.region_code))) == [world.plan.region_code]
    assert len(db.session.scalars(sa.select(Event).where(Event.act == "notice_restore")).all()) == 1


def test_a_copy_on_another_machine_is_noticed_by_its_silence(app: Flask) -> None:
    assert watch(MORNING + timedelta(hours=13))


def test_a_database_that_was_switched_off_is_none(app: Flask) -> None:
    watch(MORNING)
    assert not watch(MORNING + timedelta(days=30))


@pytest.mark.parametrize("text", ["x", "", "-3", "9" * 5000, "１２"])
def test_a_file_that_nobody_can_read_counts_as_missing(app: Flask, text: str) -> None:
    seen(app).write_text(text)
    assert not watch(MORNING)
    assert seen(app).read_text() == "1"


def test_sessions_and_links_of_a_copy_are_void(app: Flask, world: World) -> None:
    client = client_for(app, world.office)
    values = {"account_id": world.staff.id, "token_hash": "x", "at": MORNING}
    db.session.add(PasswordReset(**values))
    watch(MORNING)
    watch(MORNING)
    turn_back()
    watch(MORNING)
    assert client.get("/overview").status_code == 302
    assert db.session.scalars(sa.select(PasswordReset.used_at)).all() == [MORNING]
    assert not db.session.scalars(sa.select(LoginSession).where(LoginSession.ended_at.is_(None))).all()


@pytest.mark.parametrize("give_up", [True, False])
def test_nothing_old_goes_out_until_somebody_lets_it(app: Flask, world: World, give_up: bool) -> None:
    queue_for(world, 3)
    watch(MORNING)
    watch(MORNING)
    turn_back()
    with smtp_server() as box:
        use_server(app, box.port)
        for minute in range(3):
            assert run_job(JOB, MORNING + minute * MINUTE).error is None
        assert box.messages == []
        release(NOBODY, "", MORNING, give_up=give_up)
        db.session.commit()
        run_job(JOB, MORNING + 3 * MINUTE)
        sent = len(box.messages)
        assert sent == (0 if give_up else 3)
        monday = clock.at_office(FRIDAY + timedelta(days=3), 9)
        queue_digests(monday)
        db.session.commit()
        run_job(JOB, monday)
        # What was sent is not announced again; what was given up is part of the new digests.
        assert len(box.messages) == sent + 3


def test_a_database_copied_two_days_back_sends_nothing_old(
    app: Flask, world: World, database: str, tmp_path: Path
) -> None:
    if database != "sqlite":
        pytest.skip("a file can be copied")
    path = Path(str(sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database))
    wednesday = MORNING - timedelta(days=2)
    queue_for(world, 2)
    with smtp_server() as box:
        use_server(app, box.port)
        db.session.execute(sa.update(OutboxMail).values(queued_at=wednesday, not_before=wednesday))
        run_job(JOB, wednesday - MINUTE)
        # The mails were queued, but not yet sent, when the backup was made.
        db.session.execute(sa.update(OutboxMail).values(state=MailState.QUEUED, sent_at=None))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        shutil.copy(path, tmp_path / "backup.db")
        for minute in range(RUNS_AGO):
            run_job(JOB, MORNING + minute * MINUTE)
        sent = len(box.messages)
        db.session.remove()
        db.engine.dispose()
        for leftover in path.parent.glob(f"{path.name}-*"):
            leftover.unlink()
        shutil.copy(tmp_path / "backup.db", path)
        run_job(JOB, MORNING + RUNS_AGO * MINUTE)
        run_job(JOB, MORNING + (RUNS_AGO + 1) * MINUTE)
        assert len(box.messages) == sent
    states = Counter(db.session.scalars(sa.select(OutboxMail.state)))
    assert states == Counter({MailState.QUEUED: 2})


def test_a_machine_that_did_not_lead_for_a_while_notices_a_copy(app: Flask, tmp_path: Path) -> None:
    of_machine(app, tmp_path / "first")
    watch(MORNING)
    of_machine(app, tmp_path / "second")
    for minute in range(20):
        assert not watch(MORNING + minute * MINUTE)
    turn_back()
    # The copy is far ahead of the file of the first machine, which now leads again.
    of_machine(app, tmp_path / "first")
    assert watch(MORNING + timedelta(days=2))


def test_a_machine_that_takes_over_holds_nothing(app: Flask, tmp_path: Path) -> None:
    for count, folder in enumerate(["first", "second", "first", "second"]):
        of_machine(app, tmp_path / folder)
        for minute in range(20):
            assert not watch(MORNING + (20 * count + minute) * MINUTE)


def test_work_in_a_copy_on_another_machine_hides_nothing(app: Flask, tmp_path: Path) -> None:
    watch(MORNING)
    of_machine(app, tmp_path / "new")
    now = MORNING + timedelta(days=2)
    db.session.add(Event(at=now, act="sign_in", previous_hash="1", hash="2"))
    db.session.commit()
    run_job(JOBS["notice_overdue"], now)
    assert watch(now + MINUTE)


def test_a_copy_sends_nothing_to_the_regions_around_it(app: Flask, world: World) -> None:
    city = make_unit("市教育局", region="3607")
    make_account(Role.UNIT_STAFF, region="3607", units=[city])
    make_account(Role.LEADER, region="36")
    make_account(Role.LEADER, region="")
    make_task(world.plan, lead=[city], due_on=FRIDAY)
    watch(MORNING)
    turn_back()
    with smtp_server() as box:
        use_server(app, box.port)
        for name in ("deliver_outbox", "queue_digests", "queue_leaders_week", "deliver_outbox"):
            assert run_job(JOBS[name], MORNING).error is None
        assert box.messages == []
        # Nobody above could lift what is held there.
        release(NOBODY, world.plan.region_code, MORNING, give_up=False)
        db.session.commit()
        run_job(JOB, MORNING + MINUTE)
        assert {each.recipients[0] for each in box.messages} >= set(
            db.session.scalars(sa.select(OutboxMail.address).where(OutboxMail.region_code.in_(["", "36", "3607"])))
        )
    assert not db.session.scalars(sa.select(OutboxHold.region_code)).all()


def test_what_another_administrator_can_lift_above_stays_held(app: Flask, world: World) -> None:
    make_account(Role.ADMINISTRATOR, region="36")
    make_account(Role.LEADER, region="3607")
    watch(MORNING)
    turn_back()
    watch(MORNING)
    release(NOBODY, world.plan.region_code, MORNING, give_up=True)
    db.session.commit()
    assert set(db.session.scalars(sa.select(OutboxHold.region_code))) == {"36", "3607"}


def test_giving_up_in_a_county_leaves_the_mails_of_its_neighbour(app: Flask, world: World) -> None:
    neighbour = "360731"
    make_account(Role.LEADER, region="3607")
    mails = queue_for(world, 2)
    watch(MORNING)
    turn_back()
    watch(MORNING)
    first = sa.select(sa.func.min(OutboxMail.id)).scalar_subquery()
    db.session.execute(sa.update(OutboxMail).where(OutboxMail.id == first).values(region_code=neighbour))
    assert release(NOBODY, world.plan.region_code, MORNING, give_up=True) == len(mails) - 1


def test_the_page_says_what_happened_and_what_each_way_does(app: Flask, world: World) -> None:
    queue_for(world, 2)
    watch(MORNING)
    watch(MORNING)
    turn_back()
    watch(MORNING)
    for who in ("administrator", "office", "auditor"):
        words = visit(client_for(app, getattr(world, who)), "/outbox").get_text(" ", strip=True)
        assert "数据库是从备份恢复的" in words
        assert "积压 2 封" in words
        assert ("放弃积压的邮件，恢复发送" in words) is (who == "administrator")
    assert "邮件已暂停发送，等您处理" in visit(client_for(app, world.administrator), "/accounts").get_text()
