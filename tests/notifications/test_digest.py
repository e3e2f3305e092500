"""每日汇总: who gets one, when, and what it says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.factories import World, make_account, make_task, make_unit
from tests.queries.test_reminders import say_done
from tests.visit import counted_queries
from tracker import clock
from tracker.models import Account, MailState, OutboxMail, Task, db
from tracker.notifications.digest import queue_digests
from tracker.rules.permissions import Role

FRIDAY = date(2026, 3, 6)


def morning(day: date = FRIDAY) -> datetime:
    """The hour of the digest."""
    return clock.at_office(day, 9)


def digests(account: Account) -> list[OutboxMail]:
    """The digests of a person, oldest first."""
    db.session.flush()
    query = sa.select(OutboxMail).where(OutboxMail.account_id == account.id).order_by(OutboxMail.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def days_with_a_new_digest(world: World, task: Task, days: int) -> list[int]:
    """On which days from the deadline the daily job queues a digest for the lead."""
    assert task.due_on
    told = []
    for offset in range(-20, days):
        day = task.due_on + timedelta(days=offset)
        before = len(digests(world.staff))
        if day.weekday() < 5:
            queue_digests(morning(day))
        if len(digests(world.staff)) > before:
            told.append(offset)
    return told


def test_a_late_task_is_announced_on_the_days_of_the_ladder_and_no_others(world: World) -> None:
    # A Wednesday: 15 and 1 days before are a Tuesday each, 7 before and 1, 8, 15 after are working days as well.
    task = make_task(world.plan, lead=[world.finance], due_on=date(2026, 5, 27))
    assert days_with_a_new_digest(world, task, 20) == [-15, -7, -1, 1, 8, 15]


def test_steps_that_fall_on_a_weekend_are_announced_on_monday(world: World) -> None:
    # A Friday: 1 and 8 days late are Saturdays, 15 before is a Thursday.
    task = make_task(world.plan, lead=[world.finance], due_on=date(2026, 5, 29))
    assert days_with_a_new_digest(world, task, 12) == [-15, -7, -1, 3, 10]


def test_the_digest_says_the_facts_first_and_the_worst_first(world: World) -> None:
    make_task(world.plan, lead=[world.finance], number="21", title="两天后到期", due_on=date(2026, 3, 8))
    make_task(world.plan, lead=[world.finance], number="5", title="半月内到期", due_on=date(2026, 3, 20))
    worst = make_task(
        world.plan, lead=[world.finance], number="17", title="第八中学建设资金拨付", due_on=date(2026, 2, 28)
    )
    make_task(world.plan, lead=[world.finance], title="刚逾期", due_on=date(2026, 3, 5))
    queue_digests(morning())
    mail = digests(world.staff)[0]
    assert mail.subject == "【督办】2项逾期、1项7日内到期、1项15日内到期｜财政局｜3月6日（周五）"
    lines = mail.text.splitlines()
    assert lines[0] == f"{world.staff.name}同志："
    assert "有4项任务请您处理或留意。最急的一项：" in lines
    assert "◆ 逾期6天  第17项 第八中学建设资金拨付（时限2月28日）" in lines
    assert f"更新进展：http://localhost/tasks/{worst.key}?report=1#report" in lines[:12]
    places = [mail.text.index(title) for title in ("第八中学", "刚逾期", "两天后到期", "半月内到期")]
    assert places == sorted(places)
    assert "▲ 还有2天到期  第21项 两天后到期（时限3月8日）" in lines
    assert {item.task_id for item in mail.items} == {
        ask.id for ask in db.session.query(Task).where(Task.due_on < date(2027, 1, 1))
    }


def test_what_was_returned_says_so_in_every_line_and_comes_after_the_late(world: World) -> None:
    for number, (title, due_on, returned) in enumerate(
        [
            ("两天后到期", date(2026, 3, 8), None),
            ("退回的", date(2026, 3, 20), date(2026, 3, 4)),
            ("今天到期的", FRIDAY, None),
            ("逾期又退回", date(2026, 3, 3), date(2026, 3, 1)),
            ("逾期更久", date(2026, 2, 20), None),
        ]
    ):
        task = make_task(world.plan, lead=[world.finance], number=f"{number + 1}", title=title, due_on=due_on)
        task.returned_on = returned
        task.keep_light_dates()
    queue_digests(morning())
    listed = [line for line in digests(world.staff)[0].text.splitlines() if line.startswith(("◆", "▲"))]
    assert listed == [
        "◆ 逾期14天  第5项 逾期更久（时限2月20日）",
        "◆ 逾期3天，已退回，待补充  第4项 逾期又退回（时限3月3日）",
        "▲ 还有14天到期，已退回，待补充  第2项 退回的（时限3月20日）",
        "▲ 今天到期  第3项 今天到期的（时限3月6日）",
        "▲ 还有2天到期  第1项 两天后到期（时限3月8日）",
    ]


def test_the_html_part_has_the_same_facts_and_nothing_from_outside(world: World) -> None:
    make_task(world.plan, lead=[world.finance], title="<script>alert(1)</script>&", due_on=FRIDAY)
    queue_digests(morning())
    mail = digests(world.staff)[0]
    page = BeautifulSoup(mail.html, "html.parser")
    assert not page.find_all(["script", "img", "link", "style", "form", "iframe"])
    plain = " ".join(page.get_text(" ").split())
    for line in filter(None, (" ".join(each.split()) for each in mail.text.splitlines())):
        assert line.replace(" ", "") in plain.replace(" ", "")
    assert all(str(link["href"]).startswith("http://localhost/tasks/") for link in page.find_all("a"))


def test_a_title_with_line_ends_stays_one_line_and_makes_no_header(world: World) -> None:
    unit = make_unit("住建局\r\nBcc: evil@example.test")
    person = make_account(Role.UNIT_STAFF, units=[unit], name='"a" <evil@example.test>\r\nX: y')
    make_task(world.plan, lead=[unit], title="x\r\nBcc: evil@example.test", due_on=FRIDAY)
    queue_digests(morning())
    mail = digests(person)[0]
    assert "\r" not in mail.subject + mail.text
    assert "\n" not in mail.subject
    assert "x Bcc: evil@example.test" in mail.text


def test_sixty_tasks_make_one_digest_with_the_fifteen_worst(world: World) -> None:
    for number in range(60):
        make_task(world.plan, lead=[world.finance], title=f"事项{number}号", due_on=FRIDAY - timedelta(days=number + 1))
    queue_digests(morning())
    mails = digests(world.staff)
    assert len(mails) == 1
    assert mails[0].text.count("/tasks/") == 15
    assert "事项59号" in mails[0].text
    assert "事项44号" not in mails[0].text
    assert "另有45项，见“我的任务”：http://localhost/work" in mails[0].text
    assert len(mails[0].items) == 60


def test_each_person_of_a_unit_gets_a_mail_of_their_own_and_cooperating_units_none(world: World) -> None:
    helper = make_account(Role.UNIT_STAFF, units=[world.education])
    make_task(world.plan, lead=[world.finance], cooperating=[world.education], due_on=FRIDAY)
    assert queue_digests(morning()) == (2, 0)
    assert [mail.address for mail in digests(world.staff)] == [world.staff.email]
    assert [mail.address for mail in digests(world.staff2)] == [world.staff2.email]
    assert digests(helper) == []


def test_nothing_to_do_makes_no_mail(world: World) -> None:
    assert queue_digests(morning()) == (0, 0)


def test_what_was_announced_today_is_not_announced_again(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=FRIDAY)
    assert queue_digests(morning())[0] == 2
    assert queue_digests(morning()) == (0, 0)
    assert queue_digests(morning() + timedelta(hours=3)) == (0, 0)


def test_a_task_whose_step_passed_unseen_is_announced_once(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=FRIDAY + timedelta(days=10))
    assert queue_digests(morning())[0] == 2
    assert queue_digests(morning(date(2026, 3, 9)))[0] == 2  # 7 days before
    assert queue_digests(morning(date(2026, 3, 10))) == (0, 0)


def test_three_days_without_the_job_make_one_digest(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 3))
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 4))
    queue_digests(morning())
    assert [mail.subject for mail in digests(world.staff)] == ["【督办】2项逾期｜财政局｜3月6日（周五）"]


def test_a_moved_deadline_earns_a_new_reminder(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=FRIDAY)
    queue_digests(morning())
    task.due_on = date(2026, 3, 20)
    task.keep_light_dates()
    assert queue_digests(morning(date(2026, 3, 9)))[0] == 2


def test_a_newer_digest_supersedes_one_that_was_not_sent(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 5))
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 16))
    queue_digests(morning())
    assert queue_digests(morning(date(2026, 3, 9))) == (2, 2)
    assert [mail.state for mail in digests(world.staff)] == [MailState.SUPERSEDED, MailState.QUEUED]
    assert "2项" in digests(world.staff)[1].text


def test_a_mail_that_was_sent_is_not_superseded(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 5))
    queue_digests(morning())
    for mail in digests(world.staff):
        mail.state = MailState.SENT
    db.session.flush()
    queue_digests(morning(date(2026, 3, 13)))
    assert [mail.state for mail in digests(world.staff)] == [MailState.SENT, MailState.QUEUED]


@pytest.mark.parametrize("change", ["address", "dropped", "expired", "unreadable"])
def test_who_was_not_reached_is_told_again_on_the_next_working_day(world: World, change: str) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 5))
    queue_digests(morning())
    mail = digests(world.staff)[0]
    if change == "address":
        world.staff.email = "new@example.test"
    elif change == "dropped":
        mail.state = MailState.DROPPED
    else:
        mail.state, mail.last_answer = MailState.DEAD, change
    db.session.flush()
    assert queue_digests(morning(date(2026, 3, 9)))[0] == 1
    assert digests(world.staff)[-1].address == world.staff.email


def test_an_address_that_refuses_is_tried_again_only_at_the_next_step(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=date(2026, 3, 5))
    queue_digests(morning())
    mail = digests(world.staff)[0]
    mail.state, mail.last_answer = MailState.DEAD, "550 no such user"
    db.session.flush()
    assert queue_digests(morning(date(2026, 3, 9))) == (0, 0)
    assert queue_digests(morning(date(2026, 3, 13)))[0] == 2


def test_the_digest_thanks_for_what_came_this_week(world: World) -> None:
    task = make_task(world.plan, lead=[world.finance], due_on=FRIDAY)
    other = make_task(world.plan, lead=[world.finance])
    say_done(other, world.finance, world.staff, at=clock.at_office(date(2026, 3, 2), 0))
    say_done(task, world.finance, world.staff, at=clock.at_office(date(2026, 3, 1), 23))
    queue_digests(morning())
    assert "本周已收到您的更新：1项，谢谢。" in digests(world.staff)[0].text
    assert "本周已收到您的更新" not in digests(world.staff2)[0].text


def test_a_batch_asks_for_the_updates_of_its_own_people_alone(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=FRIDAY)
    say_done(make_task(world.plan, responsible=[world.housing]), world.housing, world.housing_staff)
    db.session.flush()
    with counted_queries() as statements:
        queue_digests(morning(), ["360732"])
    [question] = [each for each in statements if "count(DISTINCT" in each and "FROM reports" in each]
    assert "reports.account_id IN" in question


def test_links_lead_to_pages_that_exist(app: Flask, world: World) -> None:
    addresses = app.url_map.bind("localhost")
    assert addresses.match(f"/tasks/{world.task.key}")[0] == "tasks.task"
    assert addresses.match("/work")[0] == "work.work"


def test_message_ids_are_of_the_trackers_own_host_and_never_twice(world: World) -> None:
    make_task(world.plan, lead=[world.finance], due_on=FRIDAY)
    queue_digests(morning())
    ids = [digests(person)[0].message_id for person in (world.staff, world.staff2)]
    assert len(set(ids)) == 2
    assert all(each.startswith("<") and each.endswith("@localhost>") for each in ids)


def test_a_long_unit_name_leaves_room_for_the_facts(world: World) -> None:
    unit = make_unit("某" * 60)
    person = make_account(Role.UNIT_STAFF, units=[unit])
    make_task(world.plan, lead=[unit], due_on=FRIDAY)
    queue_digests(morning())
    subject = digests(person)[0].subject
    assert len(subject) <= 40
    assert subject.startswith("【督办】1项7日内到期｜")
