"""Taking back a report: the task stands as if it had not been said, and the words stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.actions.test_tasks import acting, at, day, said
from tests.factories import World, make_account, make_task, make_unit
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.periods import Chosen, set_rhythm
from tracker.actions.reports import withdraw
from tracker.actions.tasks import close_in_part, report, send_back, verify
from tracker.actions.waits import Awaiting, wait
from tracker.models import Account, Event, Report, ReportingPeriod, Situation, Task, db
from tracker.queries.reports import undoable
from tracker.queries.waits import waits_open
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.rules.rhythms import Rhythm

NOW = at(day(-30))
MINUTE = timedelta(minutes=1)
DONE = Situation.DONE


@pytest.fixture
def task(world: World) -> Task:
    """A task led by 财政局, due on the day that all days here count from."""
    return make_task(world.plan, lead=[world.finance], cooperating=[world.housing], due_on=day(0))


@pytest.fixture
def shared(world: World) -> Task:
    """A task without a lead, of two responsible units."""
    return make_task(world.plan, responsible=[world.finance, world.housing], due_on=day(0))


def say(
    task: Task, account: Account, now: datetime, situation: Situation = Situation.ON_PLAN, text: str = "说的话"
) -> Report:
    """A report of an account for its own unit."""
    words = said(task, situation, text, unit_id=account.units[0].id, once=f"{now.isoformat()}")
    return report(acting(account), task, words, now)


def take_back(row: Report, account: Account, now: datetime) -> None:
    withdraw(acting(account), row, row.task.version, now)


def last_event() -> Event:
    return db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()  # type: ignore[return-value]


def test_the_first_report_taken_back_leaves_a_task_that_nobody_has_spoken_of(world: World, task: Task) -> None:
    row = say(task, world.staff, NOW)
    take_back(row, world.staff, NOW + 10 * MINUTE)
    assert (task.state, task.last_reported_at, task.last_words) == (State.NOT_STARTED, None, None)
    assert (row.text, row.withdrawn_at) == ("说的话", NOW + 10 * MINUTE)
    assert task.light(day(-30)) is Light.NOT_DUE
    event = last_event()
    assert (event.act, event.object_id, event.account_id) == ("undo", task.key, world.staff.id)


def test_a_submission_taken_back_is_open_again_and_was_never_in_time(world: World, task: Task) -> None:
    say(task, world.staff, NOW - 5 * MINUTE, text="先前")
    row = say(task, world.staff, NOW, DONE)
    assert (task.state, task.in_time) == (State.SUBMITTED, True)
    take_back(row, world.staff, NOW + MINUTE)
    assert (task.state, task.submitted_on, task.in_time) == (State.IN_PROGRESS, None, None)
    assert (task.last_words, task.last_reported_at) == ("先前", NOW - 5 * MINUTE)
    assert task.light(day(1)) is Light.OVERDUE


def test_a_done_of_one_unit_taken_back_undoes_the_submission_that_needed_it(world: World, shared: Task) -> None:
    row = say(shared, world.staff, NOW, DONE)
    say(shared, world.housing_staff, NOW + MINUTE, DONE)
    assert shared.state is State.SUBMITTED
    take_back(row, world.staff, NOW + 2 * MINUTE)
    assert shared.state is State.IN_PROGRESS
    say(shared, world.staff, NOW + 3 * MINUTE, DONE)
    assert shared.state is State.SUBMITTED


def test_a_word_that_completes_nothing_taken_back_leaves_the_submission_alone(world: World, task: Task) -> None:
    row = say(task, world.housing_staff, NOW)
    say(task, world.staff, NOW + MINUTE, DONE)
    take_back(row, world.housing_staff, NOW + 2 * MINUTE)
    assert (task.state, task.submitted_on) == (State.SUBMITTED, day(-30))


def test_with_later_words_of_others_the_task_goes_on(world: World, task: Task) -> None:
    row = say(task, world.staff, NOW)
    other = say(task, world.housing_staff, NOW + MINUTE, text="配合单位的话")
    take_back(row, world.staff, NOW + 2 * MINUTE)
    assert (task.state, task.last_words) == (State.IN_PROGRESS, "配合单位的话")
    take_back(other, world.housing_staff, NOW + 3 * MINUTE)
    assert task.state is State.NOT_STARTED


def test_difficulty_and_unchanged_weeks_are_counted_anew(world: World, task: Task) -> None:
    say(task, world.staff, at(day(-60)), Situation.NO_CHANGE, "")
    second = say(task, world.staff, at(day(-50)), Situation.NO_CHANGE, "")
    assert task.unchanged_on == day(-50)
    assert second.text == "本周无变化"
    take_back(second, world.staff, at(day(-50)) + MINUTE)
    assert task.unchanged_on is None
    trouble = say(task, world.staff, at(day(-40)), Situation.DIFFICULTY)
    assert task.light(day(-40)) is Light.SOON
    take_back(trouble, world.staff, at(day(-40)) + MINUTE)
    assert task.difficulty_on is None
    assert task.light(day(-40)) is Light.NORMAL
    say(task, world.staff, at(day(-30)), Situation.NO_CHANGE, "")
    assert task.unchanged_on == day(-30), "the withdrawn words between them end nothing"


def test_a_withdrawn_done_forbids_nobody_to_verify(world: World, task: Task) -> None:
    own = report(acting(world.office), task, said(task, DONE, unit_id=world.finance.id, once="x"), NOW)
    take_back(own, world.office, NOW + MINUTE)
    say(task, world.staff, NOW + 2 * MINUTE, DONE)
    verify(acting(world.office), task, task.version, NOW + 3 * MINUTE)
    assert task.state is State.CLOSED


def test_a_withdrawn_done_counts_for_no_closing_in_part(world: World, shared: Task) -> None:
    take_back(say(shared, world.staff, NOW, DONE), world.staff, NOW + MINUTE)
    with pytest.raises(RuleRefused, match="nobody_done"):
        close_in_part(acting(world.office), shared, shared.version, "理由", NOW + 2 * MINUTE)


def test_only_the_author_takes_back_and_only_within_ten_minutes(world: World, task: Task) -> None:
    row = say(task, world.staff, NOW)
    for account, now in [
        (world.staff2, NOW + MINUTE),
        (world.office, NOW + MINUTE),
        (world.staff, NOW + 10 * MINUTE + timedelta(seconds=1)),
        (world.staff, NOW - MINUTE),
    ]:
        with pytest.raises(RuleRefused, match="too_late_to_undo"):
            take_back(row, account, now)
    assert row.withdrawn_at is None


def test_what_the_office_has_decided_stands(world: World, task: Task, shared: Task) -> None:
    row = say(task, world.staff, NOW, DONE)
    send_back(acting(world.office), task, task.version, "补材料", NOW + MINUTE)
    with pytest.raises(RuleRefused, match="too_late_to_undo"):
        take_back(row, world.staff, NOW + 2 * MINUTE)
    again = say(task, world.staff, NOW + 3 * MINUTE, DONE)
    verify(acting(world.office), task, task.version, NOW + 4 * MINUTE)
    with pytest.raises(RuleRefused, match="too_late_to_undo"):
        take_back(again, world.staff, NOW + 5 * MINUTE)
    part = say(shared, world.staff, NOW, DONE)
    close_in_part(acting(world.office), shared, shared.version, "理由", NOW + MINUTE)
    with pytest.raises(RuleRefused, match="too_late_to_undo"):
        take_back(part, world.staff, NOW + 2 * MINUTE)


def test_a_report_after_a_return_is_taken_back_within_its_round(world: World, task: Task) -> None:
    say(task, world.staff, NOW, DONE)
    send_back(acting(world.office), task, task.version, "补材料", NOW + MINUTE)
    row = say(task, world.staff, NOW + 2 * MINUTE, DONE)
    take_back(row, world.staff, NOW + 3 * MINUTE)
    assert (task.state, task.returned_on) == (State.IN_PROGRESS, day(-30))


def test_a_stale_withdrawal_is_told_and_a_second_one_does_nothing(world: World, task: Task) -> None:
    row = say(task, world.staff, NOW)
    with pytest.raises(StaleTask):
        withdraw(acting(world.staff), row, task.version - 1, NOW + MINUTE)
    take_back(row, world.staff, NOW + MINUTE)
    version = task.version
    take_back(row, world.staff, NOW + 2 * MINUTE)
    assert task.version == version


def test_the_same_form_mended_and_sent_again_is_a_report_of_its_own(world: World, task: Task) -> None:
    row = report(acting(world.staff), task, said(task, once="form", unit_id=world.finance.id), NOW)
    take_back(row, world.staff, NOW + MINUTE)
    again = report(acting(world.staff), task, said(task, once="form", text="改过的话"), NOW + 2 * MINUTE)
    assert (again.id != row.id, task.last_words) == (True, "改过的话")


def test_the_newest_own_report_is_offered_as_long_as_it_may_be_taken_back(
    world: World, task: Task, shared: Task
) -> None:
    person = acting(world.staff).person
    assert person is not None
    first = say(task, world.staff, NOW)
    second = say(shared, world.staff, NOW + MINUTE)
    say(shared, world.housing_staff, NOW + 2 * MINUTE)
    assert undoable(person, NOW + 3 * MINUTE) is second
    take_back(second, world.staff, NOW + 4 * MINUTE)
    assert undoable(person, NOW + 4 * MINUTE) is first
    assert undoable(person, NOW + 11 * MINUTE) is None


def test_the_period_is_handed_to_the_next_report_or_to_none(world: World, task: Task) -> None:
    set_rhythm(acting(world.office), task, task.version, Chosen(Rhythm.MONTHLY, 1, day(-30)), "每月报", NOW)
    first = say(task, world.staff, NOW)
    second = say(task, world.staff, NOW + MINUTE)
    period = db.session.scalars(sa.select(ReportingPeriod)).one()
    db.session.refresh(period)
    assert period.report_id == first.id
    take_back(first, world.staff, NOW + 2 * MINUTE)
    assert period.report_id == second.id
    take_back(second, world.staff, NOW + 3 * MINUTE)
    assert period.report_id is None


def test_a_long_term_task_that_was_reported_by_mistake_is_asked_again(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], rhythm=Rhythm.MONTHLY, rhythm_from=day(-30))
    end = day(0)  # the first period, March, ends on this day
    assert task.light(end + timedelta(days=1)) is Light.OVERDUE
    row = say(task, world.staff, at(end))
    assert task.light(end + timedelta(days=1)) is Light.NOT_DUE
    take_back(row, world.staff, at(end) + MINUTE)
    assert task.light(end + timedelta(days=1)) is Light.OVERDUE


def test_the_periods_that_a_submission_lay_at_the_office_are_not_missed(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=day(365), rhythm=Rhythm.MONTHLY, rhythm_from=day(-30))
    say(task, world.staff, NOW, DONE)
    returned = day(92)  # the first of July: April, May and June went by at the office
    send_back(acting(world.office), task, task.version, "补材料", at(returned))
    assert task.light(returned) is Light.NORMAL
    assert (task.light(date(2026, 8, 31)), task.light(date(2026, 9, 1))) == (Light.NORMAL, Light.SOON)


def test_a_wait_that_a_report_ended_goes_on_when_it_is_taken_back(world: World, task: Task) -> None:
    awaited = Awaiting(world.housing.id, world.finance.id, day(-40), "等消防验收", task.version)
    row = wait(acting(world.staff), task, awaited, NOW)
    word = say(task, world.housing_staff, NOW + MINUTE)
    assert row.ended_at == NOW + MINUTE
    take_back(word, world.housing_staff, NOW + 2 * MINUTE)
    assert (row.ended_at, row.ended_by_id) == (None, None)


def test_a_wait_that_was_marked_anew_meanwhile_is_the_only_one(world: World, task: Task) -> None:
    def mark(now: datetime) -> None:
        said = Awaiting(world.housing.id, world.finance.id, day(-40), "等消防验收", task.version)
        wait(acting(world.staff), task, said, now)

    mark(NOW)
    word = say(task, world.housing_staff, NOW + MINUTE)
    mark(NOW + 2 * MINUTE)
    take_back(word, world.housing_staff, NOW + 3 * MINUTE)
    assert len(waits_open(task)) == 1


def test_a_member_takes_back_the_word_of_its_own_unit_only(world: World) -> None:
    town = make_unit("良村镇")
    task = make_task(world.plan, responsible=[town, world.finance], due_on=day(0))
    member = make_account(Role.UNIT_STAFF, units=[town])
    say(task, world.staff, NOW, DONE)
    row = say(task, member, NOW + MINUTE, DONE)
    assert task.state is State.SUBMITTED
    take_back(row, member, NOW + 2 * MINUTE)
    assert task.state is State.IN_PROGRESS
    say(task, member, NOW + 3 * MINUTE, DONE)
    assert task.state is State.SUBMITTED, "the word of the other unit still counts"
