"""What waits for the office and for a unit; of a closed plan nothing does."""

from __future__ import annotations

import pytest

from tests.actions.test_reports import DONE, NOW, say
from tests.actions.test_tasks import acting, day
from tests.factories import World, make_task
from tracker.actions.extensions import Wish, ask
from tracker.clock import office_day
from tracker.models import PlanState, db
from tracker.queries.accounts import person_of
from tracker.queries.desk import partly_done, submissions
from tracker.queries.extensions import extensions_waiting, pending_extensions
from tracker.queries.frame import frame_facts
from tracker.queries.work import work_of


@pytest.mark.parametrize(("state", "waiting"), [(PlanState.ACTIVE, 1), (PlanState.CLOSED, 0)])
def test_what_nobody_can_act_on_any_more_waits_for_nobody(world: World, state: PlanState, waiting: int) -> None:
    submitted = make_task(world.plan, lead=[world.finance], due_on=day(0))
    say(submitted, world.staff, NOW, DONE)
    say(world.shared_task, world.staff, NOW, DONE)
    wish = Wish(world.finance.id, day(9), "征地未完成", "已完成勘界", "once", world.task.version)
    world.task.due_on = day(0)
    world.task.keep_light_dates()
    ask(acting(world.staff), world.task, wish, NOW)
    world.plan.state = state
    db.session.flush()
    office, staff = person_of(world.office), person_of(world.staff)
    assert [task.key for task in partly_done(office)] == [world.shared_task.key] * waiting
    assert len(submissions(office, 1).rows) == waiting
    assert (extensions_waiting(office), len(pending_extensions(office, 1).rows)) == (waiting, waiting)
    assert [frame_facts(each, day(9)).waiting for each in (office, staff)] == [waiting, waiting]
    work = work_of(staff, office_day(NOW))
    assert len(work.submitted) == len(work.own_done) == waiting
    assert bool(work.asked or work.others) is bool(waiting)
