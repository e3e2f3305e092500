"""领导周览邮件: who gets it, what it says, and whether it is still true when it is sent."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task, make_unit
from tests.smtp import Mailbox
from tests.visit import counted_queries
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.actions.readings import mark_read
from tracker.actions.record import Actor
from tracker.models import Account, Issue, IssueState, MailState, OutboxMail, RefusedAddress, Region, ReminderLadder, db
from tracker.notifications.leaders_week import queue_leaders_week
from tracker.notifications.mailer import deliver
from tracker.queries.accounts import person_of
from tracker.rules.ladders import Ladder
from tracker.rules.lifecycle import State
from tracker.rules.permissions import Role

MONDAY = date(2026, 3, 9)
FRIDAY = date(2026, 3, 6)


def morning(day: date = MONDAY) -> datetime:
    """The hour of the mail."""
    return clock.at_office(day, 8, 30)


def late(world: World, days: int, **differences: Any) -> Any:
    """A task of 财政局 that is late by some days on the Monday."""
    values = {"lead": [world.finance], "due_on": MONDAY - timedelta(days=days), "state": State.IN_PROGRESS}
    return make_task(world.plan, **(values | differences))


def mails() -> list[OutboxMail]:
    """The mails to leaders, as they stand."""
    db.session.flush()
    query = sa.select(OutboxMail).where(OutboxMail.kind == "leaders_week").order_by(OutboxMail.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def queued(*regions: str, now: datetime | None = None) -> OutboxMail:
    """The one mail that is queued."""
    queue_leaders_week(now or morning(), regions or [COUNTY])
    db.session.commit()
    [mail] = mails()
    return mail


def test_the_facts_stand_in_the_subject_and_the_sentence_on_top(world: World) -> None:
    late(world, 6)
    late(world, 2)
    make_task(world.plan, lead=[world.housing], title="临期", due_on=MONDAY + timedelta(days=3))
    mail = queued()
    assert mail.subject == "【周览】逾期2项、临期1项｜兴国县｜3月9日（周一）"
    lines = mail.text.splitlines()
    assert lines[0] == "兴国县各位领导："
    assert lines[2] == "上周没有出刊，以下为此刻数据。数据截至2026年3月9日08:30。"
    assert lines[3].startswith("共 6 项任务，尚无上期可比；")
    assert "◆ 逾期 2" in lines
    assert "▲ 临期／落后 1" in lines
    assert "看全部周览：http://localhost/overview" in lines


def test_the_changes_since_the_last_issue_stand_beside_the_counts(world: World) -> None:
    freeze_week(COUNTY, clock.at_office(date(2026, 3, 6), 17))
    late(world, 6)
    mail = queued()
    assert "第1期尚未签发，以下为此刻数据。数据截至2026年3月9日08:30，" in mail.text
    assert "，变化与第1期（3月6日）相比。" in mail.text
    assert "◆ 逾期 1（+1）" in mail.text
    assert "▲ 临期／落后 0（±0）" in mail.text
    assert "自3月6日（上期）以来销号 0 项；新增逾期 0 项；" in mail.text


def test_what_waits_for_a_decision_comes_before_the_ten_worst(world: World) -> None:
    for days in (31, 40, 35, 50):
        late(world, days, title=f"逾期{days}天的事项", last_words="卡在用地报批，" + "很长" * 40)
    for days in range(1, 10):
        late(world, days, title=f"较轻{days}")
    mail = queued()
    decide, worst = mail.text.index("需要领导决定（逾期30天以上4项，列出最久的3项）："), mail.text.index("最差在前：")
    assert decide < worst
    assert "1. 逾期50天的事项（财政局，逾期50天）" in mail.text[decide:worst]
    assert mail.text[decide:worst].count("批示：") == 3
    assert "?instruct=1#instruct" in mail.text[decide:worst]
    assert mail.text[worst:].count("看任务：") == 10
    assert "◆ 逾期50天  逾期50天的事项（财政局）" in mail.text[worst:]
    said = next(line for line in mail.text.splitlines() if line.startswith("单位自述："))
    assert len(said) == len("单位自述：") + 40
    assert said.endswith("…")


@pytest.mark.parametrize(("days", "words"), [(5, "需要领导决定（逾期5天以上1项）："), (None, ""), (7, "")])
def test_the_ladder_of_the_region_says_what_waits_for_a_decision(world: World, days: int | None, words: str) -> None:
    values = {**vars(Ladder()), "days_before": [15, 7, 1], "decide_after": days}
    db.session.add(ReminderLadder(region_code="36", **values))
    late(world, 6)
    text = queued().text
    assert words in text
    assert ("需要领导决定" in text) is bool(words)


def test_it_names_units_and_no_persons(world: World) -> None:
    world.staff.name, world.leader.name, world.office.name = "刘经办", "王领导", "陈推进"
    several = [make_unit(f"第{number}局") for number in range(4)]
    late(world, 40, responsible=several, lead=[], title="多家的事项")
    mail = queued()
    for name in (world.staff.name, world.leader.name, world.office.name):
        assert name not in mail.subject + mail.text + mail.html
    assert "第0局等4家" in mail.text


def test_nothing_late_is_said_plainly(world: World) -> None:
    mail = queued()
    assert mail.subject == "【周览】没有逾期、临期任务｜兴国县｜3月9日（周一）"
    assert "没有逾期或临期任务。" in mail.text
    assert "需要领导决定" not in mail.text


def test_the_html_part_has_the_same_facts_and_nothing_from_outside(world: World) -> None:
    freeze_week(COUNTY, clock.at_office(date(2026, 3, 6), 17))
    late(world, 40, title="<script>alert(1)</script>&", last_words="<b>卡住</b>")
    make_task(world.plan, lead=[world.housing], title="x\r\nBcc: evil@example.test", due_on=MONDAY)
    mail = queued()
    assert "\r" not in mail.subject + mail.text
    page = BeautifulSoup(mail.html, "html.parser")
    assert not page.find_all(["script", "img", "link", "style", "form", "iframe", "b"])
    plain = "".join(page.get_text(" ").split())
    for line in filter(None, mail.text.splitlines()):
        assert "".join(line.split()) in plain
    assert all(str(link["href"]).startswith("http://localhost/") for link in page.find_all("a"))


def test_every_leader_with_an_address_gets_one_a_week_and_nobody_else(world: World) -> None:
    second = make_account(Role.LEADER, name="副县长")
    make_account(Role.LEADER, email=None)
    make_account(Role.LEADER, email="nobody")
    make_account(Role.LEADER, disabled_at=morning())
    refused = make_account(Role.LEADER)
    db.session.add(RefusedAddress(address=refused.email, answer="550 no such user", refused_at=morning()))
    elsewhere = make_account(Role.LEADER, region=OTHER_COUNTY)
    assert queue_leaders_week(morning(), [COUNTY]) == {COUNTY: 2}
    assert [mail.account_id for mail in mails()] == [world.leader.id, second.id]
    assert [mail.reason for mail in mails()] == [f"leaders_week:{each.id}:2026-W11" for each in (world.leader, second)]
    assert queue_leaders_week(morning(MONDAY + timedelta(days=2)), [COUNTY]) == {COUNTY: 0}
    assert queue_leaders_week(morning(MONDAY + timedelta(days=7)), [COUNTY]) == {COUNTY: 2}
    assert queue_leaders_week(morning(), [OTHER_COUNTY]) == {OTHER_COUNTY: 0}  # nothing runs there
    assert elsewhere.id not in {mail.account_id for mail in mails()}


def test_a_region_is_counted_once_for_all_its_leaders(world: World) -> None:
    with counted_queries() as statements:
        queue_leaders_week(morning(), [COUNTY])
    alone = len(statements)
    for _ in range(5):
        make_account(Role.LEADER)
    with counted_queries() as statements:
        assert queue_leaders_week(morning(MONDAY + timedelta(days=7)), [COUNTY]) == {COUNTY: 6}
    assert len(statements) <= alone + 1


def test_a_leader_of_a_prefecture_sees_the_counties_below(world: World) -> None:
    late(world, 40, title="县里的事项")
    db.session.add(Region(code="360702", name="章贡区"))
    db.session.flush()
    make_task(make_plan("nk", region="360702"), lead=[make_unit("章贡住建", region="360702")], due_on=MONDAY)
    leader = make_account(Role.LEADER, region="3607")
    assert queue_leaders_week(morning(), ["3607", COUNTY]) == {COUNTY: 1, "3607": 1}
    mail = next(each for each in mails() if each.account_id == leader.id)
    assert "｜赣州市｜" in mail.subject
    assert "县里的事项（兴国县 财政局）" in mail.text


def test_a_mail_arrives_as_a_person_reads_it(world: World, mailbox: Mailbox) -> None:
    late(world, 6, title="第八中学建设")
    queued()
    assert deliver(morning() + timedelta(minutes=1)) == Counter(sent=1)
    [received] = mailbox.messages
    assert received.recipients == [world.leader.email]
    message = received.message
    assert message["Subject"] == "【周览】逾期1项｜兴国县｜3月9日（周一）"
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "◆ 逾期6天  第八中学建设（财政局）" in text
    assert "第八中学建设" in html
    assert mails()[0].state is MailState.SENT


@pytest.mark.parametrize(
    "change",
    [
        {"role": Role.PLAN_OFFICE},
        {"region_code": OTHER_COUNTY},
        {"email": "new@example.test"},
        {"disabled_at": morning()},
    ],
)
def test_who_is_no_longer_the_leader_of_the_region_gets_nothing(
    world: World, mailbox: Mailbox, change: dict[str, Any]
) -> None:
    mail = queued()
    db.session.execute(sa.update(Account).where(Account.id == world.leader.id).values(**change))
    db.session.commit()
    assert deliver(morning() + timedelta(minutes=1)) == Counter(dropped=1)
    assert not mailbox.messages
    db.session.refresh(mail)
    assert mail.state is MailState.DROPPED


def test_on_a_later_day_of_the_week_it_is_written_anew(world: World, mailbox: Mailbox) -> None:
    task = late(world, 6, title="周一逾期")
    queued()
    task.state, task.closed_on = State.CLOSED, MONDAY
    task.keep_light_dates()
    late(world, 0, title="周二逾期")
    db.session.commit()
    assert deliver(morning(MONDAY + timedelta(days=1))) == Counter(sent=1)
    [received] = mailbox.messages
    assert received.message["Subject"] == "【周览】逾期1项｜兴国县｜3月10日（周二）"
    text = received.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "周二逾期" in text
    assert "周一逾期" not in text


def test_a_week_that_has_passed_is_not_sent_any_more(world: World, mailbox: Mailbox) -> None:
    queued()
    assert not deliver(morning(MONDAY + timedelta(days=7)))["sent"]
    assert not mailbox.messages
    assert mails()[0].state is MailState.DEAD


def signed(day: date, **differences: Any) -> Issue:
    """The issue of the week of a Friday, signed by the office at once."""
    at = clock.at_office(day, 17)
    issue = freeze_week(COUNTY, at)
    assert issue
    values = {"state": IssueState.SIGNED, "signed_at": at, "signed_by": "陈推进"}
    for name, value in (values | differences).items():
        setattr(issue, name, value)
    db.session.commit()
    return issue


def test_it_tells_of_the_signed_issue_with_the_words_of_the_office(world: World) -> None:
    task = late(world, 40, title="用地报批")
    signed(FRIDAY - timedelta(days=7))
    issue = freeze_week(COUNTY, clock.at_office(FRIDAY, 17))
    assert issue
    issue.sentence, issue.asks = "本周请关注用地报批。", {task.key: "请县长协调自然资源局、城投公司。"}
    issue.state, issue.signed_at = IssueState.SIGNED, issue.cut_off_at
    db.session.commit()
    late(world, 0, title="周一才逾期")
    task.title = "后来改的名字"
    mail = queued()
    assert mail.subject == "【周览第2期】逾期1项｜兴国县｜3月9日（周一）"
    lines = mail.text.splitlines()
    assert lines[2] == "第2期（2026年3月2日—3月6日）数据截至2026年3月6日17:00，变化与第1期（2月27日）相比。"
    assert lines[3] == "本周请关注用地报批。"
    assert "1. 用地报批（财政局，逾期37天）" in mail.text
    assert "提请决定：请县长协调自然资源局、城投公司。" in mail.text
    assert f"批示：http://localhost/overview/issues/2?instruct={task.key}" in mail.text
    assert "看全部周览、标为已阅：http://localhost/overview/issues/2" in lines
    for later in ("周一才逾期", "后来改的名字", "以下为此刻数据"):
        assert later not in mail.text
    assert "提请决定：请县长协调自然资源局、城投公司。" in mail.html


def test_the_newest_signed_issue_counts_and_one_of_long_ago_does_not(world: World) -> None:
    late(world, 40)
    signed(FRIDAY - timedelta(days=7))
    assert "上周没有出刊，以下为此刻数据。" in queued().text
    freeze_week(COUNTY, clock.at_office(FRIDAY, 17))
    db.session.execute(sa.delete(OutboxMail))
    assert "第2期尚未签发，以下为此刻数据。" in queued().text


def test_what_is_signed_before_the_mail_leaves_is_what_is_sent(world: World, mailbox: Mailbox) -> None:
    late(world, 6)
    issue = freeze_week(COUNTY, clock.at_office(FRIDAY, 17))
    assert issue
    assert "第1期尚未签发" in queued().text
    issue.state, issue.signed_at, issue.sentence = IssueState.SIGNED, morning() + timedelta(seconds=20), "已定稿。"
    db.session.commit()
    assert deliver(morning() + timedelta(minutes=1)) == Counter(sent=1)
    [received] = mailbox.messages
    text = received.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "已定稿。" in text
    assert "尚未签发" not in text
    assert received.message["Subject"].startswith("【周览第1期】")


def test_on_a_later_day_a_signed_issue_still_says_the_same(world: World, mailbox: Mailbox) -> None:
    task = late(world, 6, title="当时逾期")
    signed(FRIDAY)
    queued()
    task.state, task.closed_on = State.CLOSED, MONDAY
    task.keep_light_dates()
    db.session.commit()
    assert deliver(morning(MONDAY + timedelta(days=1))) == Counter(sent=1)
    [received] = mailbox.messages
    assert "当时逾期" in received.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert received.message["Subject"] == "【周览第1期】逾期1项｜兴国县｜3月10日（周二）"


def test_it_says_nothing_of_who_has_read_the_issue(world: World) -> None:
    world.leader.name = "王领导"
    issue = signed(FRIDAY)
    mark_read(Actor(person_of(world.leader)), issue, clock.at_office(FRIDAY, 18))
    assert "王领导" not in queued().text
