"""The timeline: everything that happened to a task, newest first, in one question."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import World
from tests.visit import counted_queries
from tracker.actions.moves import facts_of, note
from tracker.actions.record import Actor
from tracker.clock import at_office
from tracker.models import (
    MailState,
    OutboxItem,
    OutboxMail,
    OverdueNotice,
    Report,
    ReportingPeriod,
    Situation,
    db,
)
from tracker.queries.task import MOST_ENTRIES, reports_of
from tracker.queries.timeline import MACHINE, TOLD_ACTS, timeline
from tracker.rules.lights import Light

NOON = at_office(date(2026, 3, 6), 12)


def keep(world: World, act: str, at: datetime = NOON, **said: Any) -> None:
    """An event on the task."""
    note(Actor(), act, world.task, at, facts_of(world.task), **said)


def say(world: World, at: datetime = NOON, once: str = "1") -> Report:
    report = Report(
        task=world.task,
        unit=world.finance,
        account=world.staff,
        situation=Situation.ON_PLAN,
        text="已拨付",
        at=at,
        light_before=Light.NORMAL,
        light_after=Light.NORMAL,
        once=once,
    )
    db.session.add(report)
    db.session.flush()
    return report


def mail(world: World, name: str, state: MailState, kind: str = "urged", **differences: Any) -> None:
    values = {"account": world.staff, "address": "a@example.test", "sent_at": None} | differences
    db.session.add(
        OutboxMail(
            kind=kind,
            reason=name,
            region_code=world.task.region_code,
            message_id=name,
            subject="",
            text="",
            html="",
            state=state,
            queued_at=NOON,
            not_before=NOON,
            expires_at=NOON,
            items=[OutboxItem(task=world.task, position=0)],
            **values,
        )
    )


def acts(world: World, with_mails: bool = False) -> list[str]:
    db.session.flush()
    return [entry.act for entry in timeline(world.task, reports_of(world.task), with_mails).entries]


def test_all_sources_stand_in_one_line_newest_first(world: World) -> None:
    say(world, NOON)
    keep(world, "report", NOON, text="已拨付")
    keep(world, "urge", NOON + timedelta(hours=1), units=["财政局"], text="请更新")
    db.session.add(OverdueNotice(task_id=world.task.id, due_on=date(2026, 3, 6), noticed_on=date(2026, 3, 7)))
    period = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31), "opened_at": NOON - timedelta(days=5)}
    db.session.add(ReportingPeriod(task_id=world.task.id, **period))
    mail(world, "m", MailState.SENT, sent_at=NOON + timedelta(hours=2))
    assert acts(world) == ["overdue", "urge", "report", "period"]
    assert acts(world, with_mails=True) == ["overdue", "mail", "urge", "report", "period"]
    overdue = timeline(world.task, []).entries[0]
    assert overdue.said == {"begins_on": date(2026, 3, 7), "ends_on": date(2026, 3, 6)}


@pytest.mark.parametrize("act", TOLD_ACTS)
def test_every_act_that_the_page_tells_is_found_with_its_days(world: World, act: str) -> None:
    keep(world, act, reason="理由", since=date(2026, 3, 1))
    [entry] = timeline(world.task, []).entries
    assert (entry.act, entry.said["reason"], entry.said["since"]) == (act, "理由", date(2026, 3, 1))
    assert entry.before["due_on"] == world.task.due_on


def test_refusals_other_tasks_and_other_acts_stay_out(world: World) -> None:
    keep(world, "something_else")
    note(Actor(), "urge", world.housing_task, NOON, {})
    assert acts(world) == []


def test_mails_of_one_kind_day_and_end_are_one_entry(world: World) -> None:
    mail(world, "a", MailState.SENT, sent_at=NOON)
    mail(world, "b", MailState.SENT, sent_at=NOON + timedelta(minutes=1), account=world.staff2)
    mail(world, "c", MailState.DEAD, account=None, address="box@example.test")
    db.session.flush()
    sent, dead = sorted(timeline(world.task, [], True).entries, key=lambda entry: entry.said["state"], reverse=True)
    assert sent.said["people"] == [(world.staff.name, "a@example.test"), (world.staff2.name, "a@example.test")]
    assert dead.said == {"kind": "urged", "state": "dead", "people": [("", "box@example.test")]}


def test_a_report_has_the_version_that_its_event_kept(world: World) -> None:
    say(world, NOON)
    world.task.version = 5
    keep(world, "report", NOON)
    keep(world, "redate", NOON + timedelta(hours=1))
    db.session.flush()
    assert [entry.version for entry in timeline(world.task, reports_of(world.task)).entries] == [5, 5]


def test_neighbours_of_the_machine_fold_together(world: World) -> None:
    keep(world, "urge", NOON + timedelta(hours=9))
    mail(world, "a", MailState.SENT, sent_at=NOON)
    mail(world, "b", MailState.DEAD)
    say(world, NOON - timedelta(days=1))
    db.session.flush()
    history = timeline(world.task, reports_of(world.task), True)
    assert [(each.is_machine, len(each.entries)) for each in history.stretches] == [(False, 1), (True, 2), (False, 1)]
    assert not history.is_cut


def test_a_long_history_is_cut_and_says_so(world: World) -> None:
    for number in range(MOST_ENTRIES + 1):
        say(world, NOON + timedelta(minutes=number), once=str(number))
    history = timeline(world.task, reports_of(world.task))
    assert (len(history.entries), history.is_cut) == (MOST_ENTRIES, True)
    assert history.entries[0].at == NOON + timedelta(minutes=MOST_ENTRIES)


def test_the_timeline_is_one_question(world: World) -> None:
    mail(world, "a", MailState.SENT)
    keep(world, "urge")
    db.session.commit()
    task = world.task
    assert task.id
    with counted_queries() as statements:
        assert len(timeline(task, [], True).entries) == 2
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 1


def test_what_is_not_a_day_stays_text(world: World) -> None:
    keep(world, "urge", text="2026-02-30", reason="2026-03-06 起")
    [entry] = timeline(world.task, []).entries
    assert entry.said["text"] == "2026-02-30"
    assert entry.said["reason"] == "2026-03-06 起"
    assert "urge" not in MACHINE
