"""Which units have said that their part of a task is done."""

from __future__ import annotations

from datetime import timedelta

from tests.actions.test_reports import DONE, NOW, say
from tests.actions.test_tasks import acting
from tests.factories import World, make_task
from tracker.actions.suspensions import reopen
from tracker.actions.tasks import send_back, verify
from tracker.queries.parts import submitters_of

DAY = timedelta(days=1)


def test_a_return_names_the_submitters_of_its_own_round_which_a_reopening_began(world: World) -> None:
    task, office = make_task(world.plan, lead=[world.finance, world.housing]), acting(world.office)
    say(task, world.housing_staff, NOW, DONE)
    verify(office, task, task.version, NOW + DAY)
    reopen(office, task, task.version, "另一半未完成", NOW + 2 * DAY)
    say(task, world.staff, NOW + 3 * DAY, DONE)
    send_back(office, task, task.version, "缺凭证", NOW + 4 * DAY)
    assert submitters_of(task) == ["财政局"]
