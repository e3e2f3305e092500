"""The demonstration shows everything, changes nothing the second time, and stays out of real databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
import yaml
from flask import Flask

from tests.conftest import DATABASES, Templates, running
from tests.factories import make_account
from tests.visit import client_for, visit
from tracker import clock
from tracker.commands.demonstration import PASSWORD_FILE, STORY, prepare
from tracker.models import (
    Account,
    Addition,
    Contribution,
    DeadlineChange,
    Event,
    Handover,
    Issue,
    IssueLine,
    IssueReading,
    IssueState,
    LinkState,
    Mark,
    OutboxMail,
    Plan,
    PlannedEnrolment,
    PlanState,
    ProjectNode,
    Report,
    ReportingPeriod,
    School,
    SchoolYear,
    Situation,
    Stage,
    Standing,
    Task,
    TaskOfficial,
    db,
)
from tracker.queries.accounts import account_by_username, person_of
from tracker.queries.county_values import values_in_force
from tracker.queries.gaps import gaps_in, horizon_of
from tracker.queries.standards import framework_for, national_standard, standard_of
from tracker.queries.verdicts import verdict_of
from tracker.rules.county_values import asked_of
from tracker.rules.lights import COUNTED, Light, LightRule
from tracker.rules.measures import Finding
from tracker.rules.passwords import HashCost, password_matches
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of

COUNTIES = ["210421", "360732", "640422", "650121", "653023"]


@pytest.fixture(scope="module", params=DATABASES)
def shown(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application with the demonstration, played once for the tests that only look."""
    with running(templates, request.param, "empty", tmp_path_factory.mktemp("var")) as app:
        prepare()
        yield app


def lights(region: str) -> Counter[Light]:
    """How many tasks of a region have which light today."""
    tasks = db.session.scalars(sa.select(Task).where(Task.region_code == region))
    return Counter(task.light(clock.today()) for task in tasks)


def row_counts() -> dict[str, int]:
    """The number of rows of every table."""
    return {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in db.metadata.tables.items()
    }


def test_xingguo_shows_all_six_lights_in_the_proportions_of_a_real_county(shown: Flask) -> None:
    counts = lights("360732")
    assert sum(counts.values()) == 106
    assert set(counts) == set(COUNTED)
    assert 6 <= counts[Light.OVERDUE] <= 10
    assert 8 <= counts[Light.SOON] <= 12
    assert 25 <= counts[Light.NORMAL] <= 35
    assert 18 <= counts[Light.CLOSED] <= 25
    assert 25 <= counts[Light.NOT_DUE] <= 35
    assert 5 <= counts[Light.REDATE] <= 8


@pytest.mark.parametrize(("region", "total"), [("210421", 51), ("640422", 34), ("650121", 23), ("653023", 31)])
def test_every_county_has_something_late_near_and_closed_and_no_task_is_lost(
    shown: Flask, region: str, total: int
) -> None:
    counts = lights(region)
    assert sum(counts.values()) == total
    assert counts[Light.OVERDUE]
    assert counts[Light.SOON]
    assert counts[Light.NORMAL]
    assert counts[Light.CLOSED]


def test_all_plans_are_active(shown: Flask) -> None:
    assert set(db.session.scalars(sa.select(Plan.state))) == {PlanState.ACTIVE}


def test_every_report_is_marked_as_invented_and_every_moved_deadline_says_so(shown: Flask) -> None:
    for table in (Report, ProjectNode, Handover):
        assert set(db.session.scalars(sa.select(table.invented))) == {True}
    assert all(reason.startswith("演示：") for reason in db.session.scalars(sa.select(DeadlineChange.reason)))


def test_no_official_of_a_plan_has_an_account_or_is_spoken_of(shown: Flask) -> None:
    officials = set(db.session.scalars(sa.select(TaskOfficial.name)))
    said = "".join(db.session.scalars(sa.select(Report.text))) + "".join(db.session.scalars(sa.select(Account.name)))
    assert officials
    assert not [name for name in officials if name in said]


def test_units_with_an_account_speak_for_themselves_and_the_office_for_the_others(shown: Flask) -> None:
    reports = list(db.session.scalars(sa.select(Report)))
    by_staff = [report for report in reports if report.account.role is Role.UNIT_STAFF]
    assert by_staff
    assert all(report.unit in report.account.units and not report.on_behalf for report in by_staff)
    others = [report for report in reports if report.account.role is Role.PLAN_OFFICE]
    assert all(report.on_behalf or report.unit_id is None for report in others)


def test_the_story_holds_every_situation_over_eight_weeks_up_to_today(shown: Flask) -> None:
    reports = list(db.session.scalars(sa.select(Report).order_by(Report.at)))
    assert {report.situation for report in reports} == set(Situation)
    assert (reports[-1].at - reports[0].at).days >= 50
    assert clock.office_day(reports[-1].at) in {clock.today(), clock.office_day(clock.now())}
    assert reports[-1].at <= clock.now()


def test_events_follow_one_another_in_time(shown: Flask) -> None:
    moments = list(db.session.scalars(sa.select(Event.at).order_by(Event.id)))
    assert moments == sorted(moments)


def test_a_unit_never_says_the_same_words_of_one_task_twice(shown: Flask) -> None:
    query = sa.select(Report.task_id, Report.unit_id, Report.text).where(Report.situation != Situation.DONE)
    assert max(Counter(db.session.execute(query).all()).values()) == 1


def test_every_county_has_two_frozen_weeks_with_all_its_tasks(shown: Flask) -> None:
    issues = list(db.session.scalars(sa.select(Issue).order_by(Issue.region_code, Issue.cut_off_at)))
    assert [issue.region_code for issue in issues] == [code for code in COUNTIES for _ in range(2)]
    assert all(clock.office_time(issue.cut_off_at).weekday() == 4 for issue in issues)
    for issue in issues:
        tasks = db.session.scalar(
            sa.select(sa.func.count()).select_from(Task).where(Task.region_code == issue.region_code)
        )
        assert len(issue.lines) == tasks


def test_every_issue_is_signed_and_the_older_one_read(shown: Flask) -> None:
    issues = list(db.session.scalars(sa.select(Issue).order_by(Issue.region_code, Issue.cut_off_at)))
    assert {issue.state for issue in issues} == {IssueState.SIGNED}
    assert all(issue.signed_at and issue.signed_at > issue.cut_off_at and issue.signed_by for issue in issues)
    older = next(issue for issue in issues if issue.region_code == "360732")
    reading = db.session.scalars(sa.select(IssueReading)).one()
    assert (reading.issue_id, reading.account.username) == (older.id, "leader")


def test_the_last_frozen_week_differs_from_today_by_a_few(shown: Flask) -> None:
    latest = sa.select(Issue.id).where(Issue.region_code == "360732").order_by(Issue.cut_off_at.desc()).limit(1)
    frozen = dict(
        db.session.execute(
            sa.select(IssueLine.task_id, IssueLine.light).where(IssueLine.issue_id == latest.scalar_subquery())
        ).all()
    )
    tasks = db.session.scalars(sa.select(Task).where(Task.region_code == "360732"))
    changed = [task for task in tasks if task.light(clock.today()) != frozen[task.id]]
    assert 3 <= len(changed) <= 20


def test_long_term_tasks_are_reported_by_period_and_one_has_missed_some(shown: Flask) -> None:
    today = clock.today()
    tasks = list(db.session.scalars(sa.select(Task).where(Task.rhythm.is_not(None))))
    assert {task.rule(today) for task in tasks} == {LightRule.NO_DEADLINE, LightRule.PERIOD_MISSED}
    for task in tasks:
        periods = list(db.session.scalars(sa.select(ReportingPeriod).where(ReportingPeriod.task_id == task.id)))
        assert any(period.report_id for period in periods), task.key
        if task.light(today) is Light.OVERDUE:
            assert any(period.ends_on < today and not period.report_id for period in periods)
    reasons = [
        str((event.after or {})["reason"])
        for event in db.session.scalars(sa.select(Event).where(Event.act == "rhythm"))
    ]
    assert len(reasons) == len(tasks) == 5
    assert all(reason.startswith("演示：") for reason in reasons)


def test_staff_find_mails_in_the_outbox(shown: Flask) -> None:
    addresses = set(db.session.scalars(sa.select(OutboxMail.address)))
    assert {"staff@demo.invalid", "staff2@demo.invalid"} <= addresses
    assert all(address.endswith("@demo.invalid") for address in addresses)


def test_school_figures_say_that_they_are_invented(shown: Flask) -> None:
    years = list(db.session.scalars(sa.select(SchoolYear)))
    assert {year.source for year in years} == {"演示数据（虚构）"}
    assert len({year.school_id for year in years}) >= 30
    singles = [each for year in years for each in year.exceptions.values()]
    assert singles
    assert all("演示数据（虚构）" in each["source"] for each in singles)
    assert set(db.session.scalars(sa.select(PlannedEnrolment.source))) == {"演示数据（虚构）"}


def test_the_schools_of_xingguo_show_every_case_of_the_verdict(shown: Flask) -> None:
    verdict = verdict_of(national_standard(), "360732", clock.today())
    assert [each.school.name for each in verdict.schools if each.is_silent] == ["社富中学"]
    units = Counter(unit.finding for school in verdict.schools for unit in school.units)
    assert units[Finding.MET] > 20
    assert min(units[Finding.SHORT], units[Finding.TOLERATED], units[Finding.NONE]) >= 3
    conditions = {each.condition.code: each for item in verdict.items for each in item.conditions}
    assert {code for code in ("R4", "R5", "R7") if conditions[code].finding is Finding.SHORT} == {"R4", "R5", "R7"}
    over = [
        (each.condition.code, spread.stage)
        for each in conditions.values()
        for spread in each.spreads
        if spread.finding is Finding.SHORT
    ]
    assert over == [("R5", Stage.PRIMARY)]
    assert {each.school.name for each in verdict.schools if each.school.students in {46, 63}} == {
        "东村教学点",
        "高兴教学点",
    }


def test_units_enter_some_schools_and_the_office_has_checked_some(shown: Flask) -> None:
    began = school_year_of(clock.today())
    rows = list(db.session.scalars(sa.select(SchoolYear).where(SchoolYear.year == began)))
    assert {row.standing for row in rows} == set(Standing)
    assert all(row.checked_by for row in rows if row.standing is Standing.CHECKED)
    assert {row.entered_by.username for row in rows if row.entered_by} == {"clerk", "staff2"}
    assert [row.school.name for row in rows if row.jumps_explained] == ["第二小学"]
    assert len(list(db.session.scalars(sa.select(SchoolYear).where(SchoolYear.year == began - 1)))) > len(rows)
    opening = db.session.scalars(sa.select(School).where(School.opened_on > clock.today()))
    assert {"第八小学", "第八中学"} <= {school.name for school in opening if school.enrolments}
    assert db.session.scalar(sa.select(School.name).where(School.closed_on.is_not(None))) == "城南小学"


def test_most_of_what_tasks_bring_is_confirmed_and_some_waits(shown: Flask) -> None:
    links = Counter(db.session.scalars(sa.select(Contribution.state).join(Task).where(Task.region_code == "360732")))
    added = Counter(db.session.scalars(sa.select(Addition.state)))
    assert links[LinkState.CONFIRMED] > 2 * links[LinkState.PROPOSED] > 0
    assert added[LinkState.CONFIRMED] > added[LinkState.PROPOSED] > 5
    assert added[LinkState.DISMISSED] == 2


def test_two_tasks_slip_past_september_and_one_indicator_is_red_though_its_task_is_closed(shown: Flask) -> None:
    september = horizon_of(clock.today())
    expected = db.session.scalars(sa.select(Task).where(Task.expected_on > september)).all()
    slipping = {task.key for task in expected if task.expected_on != task.due_on}
    assert slipping == {"xingguo-2023-a1-06", "xingguo-2023-a1-24"}
    leader = person_of(db.session.scalars(sa.select(Account).where(Account.username == "leader")).one())
    gaps = gaps_in(leader, "360732", clock.today()).gaps
    assert {each.item.code for each in gaps.closed_but_short} == {"Q4"}
    assert [task.key for task in gaps.closed_but_short[0].tasks] == ["xingguo-2023-a2-29"]
    assert "R7" in {each.item.code for each in gaps.about_to_fall}


def test_every_account_signs_in_with_the_kept_password_which_only_its_owner_reads(shown: Flask) -> None:
    settings = shown.extensions["settings"]
    path: Path = settings.var_dir / PASSWORD_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    cost = HashCost(settings.argon2_time_cost, settings.argon2_memory_kib)
    accounts = list(db.session.scalars(sa.select(Account)))
    assert {account.username for account in accounts} == {row["username"] for row in _story()["accounts"]}
    for account in accounts:
        assert password_matches(account.password_hash, path.read_text().strip(), cost)
        assert not account.must_change_password


def test_every_page_carries_the_band(shown: Flask) -> None:
    office = account_by_username("office")
    page = visit(client_for(shown, office), "/tasks")
    assert "演示数据" in page.select_one(".band").get_text()


def test_a_second_time_changes_nothing(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    prepare()
    before = row_counts()
    first = capsys.readouterr().out
    prepare()
    assert row_counts() == before
    assert capsys.readouterr().out == first
    assert "staff2" in first


@pytest.mark.parametrize("moment", ["2026-10-08T08:00", "2027-01-01T00:03", "2026-03-06T18:30", "2026-09-01T08:10"])
def test_on_any_day_and_at_any_hour_the_first_look_is_the_same(
    moment: str, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_FAKE_NOW", moment)
    with running(templates, "sqlite", "empty", tmp_path / "var"):
        prepare()
        assert lights("360732") == {
            Light.OVERDUE: 9,
            Light.SOON: 12,
            Light.NORMAL: 28,
            Light.CLOSED: 20,
            Light.NOT_DUE: 31,
            Light.REDATE: 6,
        }
        moments = list(db.session.scalars(sa.select(Event.at).order_by(Event.id)))
        assert moments == sorted(moments)
        assert moments[-1] <= clock.now()


def test_production_refuses_it(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], production=True)
    with pytest.raises(click.ClickException, match="production"):
        prepare()
    assert db.session.get(Mark, "demonstration") is None


def test_a_database_with_real_accounts_refuses_it(app: Flask) -> None:
    make_account(Role.LEADER)
    db.session.commit()
    with pytest.raises(click.ClickException, match="accounts"):
        prepare()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0


def _story() -> dict:
    return yaml.safe_load(STORY.read_text(encoding="utf-8"))


def test_the_county_says_most_of_what_it_is_asked(shown: Flask) -> None:
    standard = standard_of(framework_for("360732"))
    asked = [each.code for item in asked_of(standard) for each in item.figures]
    known = values_in_force("360732", clock.today(), asked)
    assert 0 < len(asked) - len(known) < 10
    assert {value.source for value in known.values()} == {"演示数据（虚构）"}
    assert known["funds_standard_primary"].on < clock.today() - timedelta(days=400)
    assert all(value.checked_by_id != value.said_by_id for value in known.values())
    assert {value.checked_by_id is None for value in known.values()} == {True, False}
    found = {code: each.finding for code, each in verdict_of(standard, "360732", clock.today()).conditions.items()}
    assert (found["G11-rotated"], found["G11-backbone"], found["S1"]) == (Finding.MET, Finding.SHORT, Finding.MET)
    assert found["Q9-difference"] is Finding.UNKNOWN
