"""What is long late goes up to the heads of its units, inside the one digest that they get."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.factories import World, make_account, make_task
from tests.notifications.test_digest import FRIDAY, digests, morning
from tests.queries.test_reminders import say_done
from tests.queries.test_routing import serve
from tracker import clock
from tracker.models import Account, Duty, OutboxMail, ReminderLadder, Task, Unit, db
from tracker.notifications.digest import queue_digests, recompose
from tracker.notifications.letters import Letter
from tracker.rules.ladders import DEFAULT, Ladder
from tracker.rules.permissions import Role

THURSDAY = FRIDAY - timedelta(days=1)


def rewritten(mail: OutboxMail, now: datetime) -> Letter | None:
    """A digest as it is written anew before it leaves."""
    return recompose([mail], now)[mail.id]


def make_head(unit: Unit, **differences: object) -> Account:
    """A head of a unit whom mail reaches."""
    head = make_account(Role.UNIT_STAFF, units=[unit], **differences)
    serve(head, unit, Duty.HEAD)
    return head


def choose(region: str, ladder: Ladder) -> None:
    """Store a ladder for a region, in the place of the one that it had."""
    db.session.merge(ReminderLadder(region_code=region, **{**vars(ladder), "days_before": list(ladder.days_before)}))
    db.session.flush()


def late_task(world: World, days: int, day: date = FRIDAY, **differences: object) -> Task:
    """A task of 财政局 that is late by so many days on a day."""
    return make_task(world.plan, lead=[world.finance], due_on=day - timedelta(days=days), **differences)


def test_a_head_is_told_from_the_fourteenth_day_late_on_and_then_every_week(world: World) -> None:
    head = make_head(world.finance)
    # Late by 14 days on a Wednesday.
    late_task(world, 14, date(2026, 5, 27))
    told = []
    for offset in range(20):
        day = date(2026, 5, 18) + timedelta(days=offset)
        before = len(digests(head))
        if day.weekday() < 5:
            queue_digests(morning(day))
        if len(digests(head)) > before:
            told.append(day)
    assert told == [date(2026, 5, 27), date(2026, 6, 3)]


def test_the_block_of_a_head_says_what_it_is_and_links_to_the_task(world: World) -> None:
    head = make_head(world.finance)
    task = late_task(world, 15, number="17", title="第八中学建设资金拨付")
    late_task(world, 13, number="18", title="还未满")
    queue_digests(morning())
    mail = digests(head)[0]
    assert mail.subject == "【督办】1项逾期报负责人｜财政局｜3月6日（周五）"
    lines = mail.text.splitlines()
    at = lines.index("以下事项逾期已满14天，报单位负责人，请督促办理：")
    assert lines[at + 2] == "◆ 逾期15天  第17项 第八中学建设资金拨付（时限2月19日）"
    assert lines[at + 3] == f"任务详情：http://localhost/tasks/{task.key}"
    assert "还未满" not in mail.text
    assert "请您处理" not in mail.text
    assert "任务详情" not in digests(world.staff)[0].text
    # Who only presses on has nothing to update.
    for words in (mail.text, mail.html):
        assert "有困难" not in words
        assert "本邮件由系统每工作日9:00汇总发送" in words
    assert "有困难请在更新时选“有困难”" in digests(world.staff)[0].text


def test_a_head_who_is_asked_gets_both_in_one_mail_and_each_task_once(world: World) -> None:
    head = make_head(world.finance)
    mine = late_task(world, 20, title="本人经办")
    mine.assignments[0].handler_id = head.id
    theirs = late_task(world, 20, title="他人经办")
    queue_digests(morning())
    mails = digests(head)
    assert len(mails) == 1
    assert mails[0].subject.startswith("【督办】1项逾期、1项逾期报负责人｜")
    assert mails[0].text.count("本人经办") == 1
    assert (
        mails[0].text.index("本人经办") < mails[0].text.index("以下事项逾期已满14天") < mails[0].text.index("他人经办")
    )
    assert {item.task_id for item in mails[0].items} == {mine.id, theirs.id}


def test_a_head_with_nothing_long_late_gets_no_mail(world: World) -> None:
    head = make_head(world.finance)
    late_task(world, 13)
    queue_digests(morning())
    assert digests(head) == []


def test_only_the_heads_of_units_that_still_answer_are_told(world: World) -> None:
    finance, housing = make_head(world.finance), make_head(world.housing)
    helper = make_head(world.education)
    task = make_task(
        world.plan,
        responsible=[world.finance, world.housing],
        cooperating=[world.education],
        due_on=FRIDAY - timedelta(days=30),
    )
    say_done(task, world.housing, world.housing_staff)
    queue_digests(morning())
    assert [len(digests(head)) for head in (finance, housing, helper)] == [1, 0, 0]


@pytest.mark.parametrize("change", ["disabled", "no address", "elsewhere"])
def test_a_head_whom_no_mail_reaches_gets_none(world: World, change: str) -> None:
    differences: dict[str, object] = {
        "disabled": {"disabled_at": morning()},
        "no address": {"email": None},
        "elsewhere": {"region": "640422"},
    }[change]
    head = make_head(world.finance, **differences)
    late_task(world, 30)
    queue_digests(morning())
    assert digests(head) == []


def test_a_region_may_tell_its_heads_later_or_never(world: World) -> None:
    head = make_head(world.finance)
    late_task(world, 20)
    choose("360732", Ladder(head_after=21))
    queue_digests(morning())
    assert digests(head) == []
    queue_digests(morning(date(2026, 3, 9)))
    assert "逾期已满21天" in digests(head)[0].text
    db.session.execute(sa.update(ReminderLadder).values(head_after=None))
    assert rewritten(digests(head)[0], morning(date(2026, 3, 9))) is None


def test_before_sending_it_is_asked_again_what_still_goes_up(world: World) -> None:
    head = make_head(world.finance)
    done, left = late_task(world, 20, title="已办"), late_task(world, 25, title="未办")
    queue_digests(morning())
    done.due_on = date(2026, 12, 31)
    done.keep_light_dates()
    db.session.flush()
    letter = rewritten(digests(head)[0], morning())
    assert letter
    assert letter.subject.startswith("【督办】1项逾期报负责人｜")
    assert "未办" in letter.text
    assert "已办" not in letter.text
    serve(head, world.finance, Duty.CONTACT)
    db.session.expire_all()
    letter = rewritten(digests(head)[0], morning())
    assert letter
    assert letter.subject.startswith("【督办】1项逾期｜")
    assert left.title in letter.text
    assert "报单位负责人" not in letter.text


def test_a_digest_has_at_most_fifteen_tasks_and_keeps_places_for_the_head(world: World) -> None:
    head = make_head(world.finance)
    for number in range(20):
        late_task(world, 30 + number, title=f"事项{number}号")
        late_task(world, 1, title=f"经办{number}号").assignments[0].handler_id = head.id
    queue_digests(morning())
    text = digests(head)[0].text
    assert text.count("/tasks/") == 15
    assert text.count("任务详情") == 5
    assert "另有10项" in text
    assert "另有15项" in text


def test_the_footer_says_the_hour_of_the_region(world: World) -> None:
    late_task(world, 1)
    queue_digests(morning())
    assert "本邮件由系统每工作日9:00汇总发送，每人每天至多一封。" in digests(world.staff)[0].text
    choose("36", Ladder(sends_at=DEFAULT.sends_at.replace(hour=14, minute=5)))
    letter = rewritten(digests(world.staff)[0], morning())
    assert letter
    assert "本邮件由系统每工作日14:05汇总发送" in letter.text
    assert "本邮件由系统每工作日14:05汇总发送" in letter.html


def test_a_longer_ladder_counts_what_is_due_later_too(world: World) -> None:
    choose("360732", Ladder(days_before=(60, 30, 7)))
    for days in (5, 14, 25, 40):
        make_task(world.plan, lead=[world.finance], due_on=FRIDAY + timedelta(days=days))
    queue_digests(morning())
    assert digests(world.staff)[0].subject.startswith("【督办】1项7日内到期、1项15日内到期、2项60日内到期｜")


def test_only_the_recipients_of_the_regions_asked_for_get_their_digest(world: World) -> None:
    head = make_head(world.finance, region="36")
    late_task(world, 20)
    assert queue_digests(morning(), ["640422", "3607"]) == (0, 0)
    assert queue_digests(morning(), ["36"])[0] == 1
    assert len(digests(head)) == 1
    assert queue_digests(morning(), ["360732", "3607"])[0] == 2
    assert queue_digests(morning(), ["36", "360732"]) == (0, 0)
    assert clock.office_day(digests(head)[0].queued_at) == FRIDAY
