"""Every kind of mail that there is, queued by its act, with the most hostile words in every place that people fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.actions.test_tasks import acting, said
from tests.factories import COUNTY, World, make_account, make_task, make_unit
from tests.queries.test_routing import serve
from tracker import clock
from tracker.actions.appraisals import Ruling as AppraisalRuling
from tracker.actions.appraisals import answer as answer_objection
from tracker.actions.appraisals import object_to
from tracker.actions.extensions import Ruling, Wish, ask, decide
from tracker.actions.instructions import instruct
from tracker.actions.issues import freeze_week
from tracker.actions.receipts import ask_again, return_part
from tracker.actions.suspensions import reopen
from tracker.actions.tasks import redate, report, send_back
from tracker.actions.waits import Awaiting, wait
from tracker.models import Account, Appraisal, AppraisalLine, AppraisalState, Duty, Region, Situation, Task, Unit, db
from tracker.notifications.appraisal_published import queue_appraisal_published
from tracker.notifications.asked_again import queue_asked_again
from tracker.notifications.awaited import queue_awaited
from tracker.notifications.digest import queue_digests
from tracker.notifications.extension_decided import queue_extension_decided
from tracker.notifications.instructed import queue_instructed
from tracker.notifications.leaders_week import queue_leaders_week
from tracker.notifications.objection_answered import queue_objection_answered
from tracker.notifications.part_returned import queue_part_returned
from tracker.notifications.password_changed import queue_password_changed
from tracker.notifications.password_reset import queue_password_reset
from tracker.notifications.redated import queue_redated
from tracker.notifications.reopened import queue_reopened
from tracker.notifications.returned import queue_returned
from tracker.notifications.urged import queue_urged
from tracker.queries.urges import preview
from tracker.rules.appraisals import STORED
from tracker.rules.extensions import Decision
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

MONDAY = date(2026, 3, 9)
NOW = clock.at_office(MONDAY, 9)
EVIL = "evil@evil.example"
DIRECTIONS = "\u202e\u2066\u200f"
# Line ends of several alphabets, a recipient, a tag, a template, a format, a change of direction and a rare character.
HOSTILE = (
    f'事\r\nBcc: {EVIL}\n\n.\r\n"a" <{EVIL}>\u2028\x85\x0b<script>alert(1)</script><img src=x> {{{{7*7}}}} %s%n '
    f"{DIRECTIONS}&amp; 𠮷"
)
# What is left of it for a reader.
SHOWN = f'Bcc: {EVIL} . "a" <{EVIL}> <script>alert(1)</script><img src=x> {{{{7*7}}}} %s%n &amp; 𠮷'


@dataclass
class Cast:
    """A task and everybody whom a mail about it may reach; all of them and the task have hostile names."""

    world: World
    unit: Unit
    helper: Unit
    staff: Account
    task: Task


def make_cast(world: World) -> Cast:
    """A county all of whose names are hostile, with a task of a unit, due today."""
    db.session.get_one(Region, COUNTY).name = f"县{HOSTILE}"
    unit, helper = make_unit(f"甲{HOSTILE}"), make_unit(f"乙{HOSTILE}")
    staff = make_account(Role.UNIT_STAFF, units=[unit], name=f"经办{HOSTILE}")
    serve(make_account(Role.UNIT_STAFF, units=[unit], name=f"负责{HOSTILE}"), unit, Duty.HEAD)
    make_account(Role.UNIT_STAFF, units=[helper], name=f"配合{HOSTILE}")
    for account in (world.office, world.office2, world.leader):
        account.name = f"名{HOSTILE}"
    values = {"number": f"号\r\nBcc: {EVIL}\r\n{DIRECTIONS}", "title": f"题{HOSTILE}", "requirement": f"求{HOSTILE}"}
    task = make_task(world.plan, lead=[unit], cooperating=[helper], due_on=MONDAY, **values)
    db.session.commit()
    return Cast(world, unit, helper, staff, task)


def _digest(cast: Cast) -> None:
    late = MONDAY - timedelta(days=14)
    theirs = make_task(cast.world.plan, lead=[cast.unit], title=f"逾期{HOSTILE}", due_on=late)
    theirs.assignments[0].handler_id = cast.staff.id
    queue_digests(NOW)


def _leaders_week(cast: Cast) -> None:
    stuck = said(cast.task, Situation.DIFFICULTY, HOSTILE, unit_id=cast.unit.id)
    report(acting(cast.staff), cast.task, stuck, NOW - timedelta(days=3))
    cast.task.due_on = MONDAY - timedelta(days=60)
    cast.task.keep_light_dates()
    queue_leaders_week(NOW, [COUNTY])


def _submit(cast: Cast) -> None:
    done = said(cast.task, Situation.DONE, HOSTILE, unit_id=cast.unit.id, no_evidence_reason=HOSTILE)
    report(acting(cast.staff), cast.task, done, NOW - timedelta(hours=1))


def _returned(cast: Cast) -> None:
    _submit(cast)
    send_back(acting(cast.world.office), cast.task, cast.task.version, HOSTILE, NOW)
    queue_returned(cast.task, HOSTILE, NOW)


def _redated(cast: Cast) -> None:
    old = cast.task.due_on
    redate(acting(cast.world.office), cast.task, cast.task.version, date(2026, 6, 30), HOSTILE, NOW)
    queue_redated(cast.task, old, cast.task.due_on, HOSTILE, NOW)


def _reopened(cast: Cast) -> None:
    cast.task.state, cast.task.closed_on = State.CLOSED, MONDAY
    db.session.flush()
    reopen(acting(cast.world.office), cast.task, cast.task.version, HOSTILE, NOW)
    queue_reopened(cast.task, HOSTILE, NOW)


def _password_reset(cast: Cast) -> None:
    # Before it is asked for, or else it is of no use any more.
    cast.staff.password_changed_at = NOW - timedelta(days=1)
    queue_password_reset(cast.staff, NOW)


def _instructed(cast: Cast) -> None:
    row = instruct(acting(cast.world.leader), cast.task, f"王{HOSTILE}", HOSTILE, "once", NOW)
    assert row is not None
    queue_instructed(cast.task, row, NOW)


def _part_returned(cast: Cast) -> None:
    part = return_part(acting(cast.staff), cast.task, cast.task.version, cast.unit.id, HOSTILE, NOW)
    queue_part_returned(cast.task, part.unit_name, HOSTILE, NOW)


def _asked_again(cast: Cast) -> None:
    return_part(acting(cast.staff), cast.task, cast.task.version, cast.unit.id, HOSTILE, NOW)
    ask_again(acting(cast.world.office), cast.task, cast.task.version, cast.unit.id, HOSTILE, NOW)
    queue_asked_again(cast.task, cast.unit.id, HOSTILE, NOW)


def _extension_decided(cast: Cast) -> None:
    wish = Wish(cast.unit.id, date(2026, 4, 30), HOSTILE, HOSTILE, "wish", cast.task.version)
    ask(acting(cast.staff), cast.task, wish, NOW)
    old = cast.task.due_on
    ruling = Ruling(Decision.GRANTED, HOSTILE, cast.task.version)
    queue_extension_decided(cast.task, decide(acting(cast.world.office), cast.task, ruling, NOW), old, NOW)


def _awaited(cast: Cast) -> None:
    waits = Awaiting(cast.helper.id, cast.unit.id, date(2026, 3, 2), HOSTILE, cast.task.version)
    queue_awaited(cast.task, wait(acting(cast.staff), cast.task, waits, NOW), NOW)


def _appraisal(cast: Cast) -> AppraisalLine:
    """The row of the unit in a published sheet."""
    issue = freeze_week(COUNTY, NOW - timedelta(days=10))
    assert issue is not None
    sheet = Appraisal(
        region_code=COUNTY,
        year=MONDAY.year,
        last_issue_id=issue.id,
        state=AppraisalState.PUBLISHED,
        made_at=NOW,
        published_at=NOW,
        objections_until=MONDAY + timedelta(days=7),
    )
    figures = dict.fromkeys(STORED, 0)
    line = AppraisalLine(appraisal=sheet, unit=cast.unit, name=cast.unit.name, position=1, figures=figures)
    db.session.add(line)
    db.session.flush()
    return line


def _objection_answered(cast: Cast) -> None:
    row = object_to(acting(cast.staff), _appraisal(cast), HOSTILE, "once", NOW)
    answer_objection(acting(cast.world.office), row, AppraisalRuling(False, HOSTILE, {}, answered=0), NOW)
    queue_objection_answered(row, NOW)


# By the name under which the outbox knows them.
KINDS: Mapping[str, Callable[[Cast], object]] = {
    "digest": _digest,
    "leaders_week": _leaders_week,
    "returned": _returned,
    "redated": _redated,
    "reopened": _reopened,
    "password_reset": _password_reset,
    "password_changed": lambda cast: queue_password_changed(cast.staff, NOW),
    "instructed": _instructed,
    "urged": lambda cast: queue_urged(preview([cast.task.id], NOW), HOSTILE, "once", NOW),
    "part_returned": _part_returned,
    "asked_again": _asked_again,
    "extension_decided": _extension_decided,
    "awaited": _awaited,
    "appraisal_published": lambda cast: queue_appraisal_published(_appraisal(cast).appraisal, NOW),
    "objection_answered": _objection_answered,
}
# Only ever sent into the group of a robot, never as a mail.
FOR_GROUPS = {"robot_test"}


def queue_kind(kind: str, cast: Cast) -> None:
    """Queue the mails of a kind as its act does, committed."""
    KINDS[kind](cast)
    db.session.commit()
