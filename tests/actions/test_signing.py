"""Wording, signing and freezing again: a draft changes hands by its version, a signed issue never changes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.actions.test_issues import FRIDAY, NEXT_FRIDAY, frozen
from tests.factories import COUNTY, World, make_account, make_task
from tracker.actions.issues import freeze_again, freeze_week
from tracker.actions.moves import RuleRefused
from tracker.actions.record import NOBODY, Actor, verified_chain
from tracker.actions.signing import IssueSigned, StaleIssue, sign_issue, word_issue
from tracker.models import Account, Event, Issue, IssueLine, IssueStanding, IssueState, Plan, PlanState, db
from tracker.queries.accounts import person_of
from tracker.rules.permissions import Role

LATER = FRIDAY + timedelta(hours=1)


def by(account: Account) -> Actor:
    """A person as the author of an act."""
    return Actor(person_of(account))


def test_words_are_kept_beside_those_of_the_rules(app: Flask, world: World) -> None:
    issue, key = frozen(), world.task.key
    generated = issue.generated
    assert word_issue(by(world.office), issue, 1, "本周平稳。", {key: "请定用地"}, LATER)
    db.session.commit()
    assert (issue.sentence, issue.generated, issue.asks, issue.version) == (
        "本周平稳。",
        generated,
        {key: "请定用地"},
        2,
    )
    event = db.session.scalars(sa.select(Event).where(Event.act == "word_week")).one()
    assert event.before == {"sentence": generated, "asks": []}
    assert event.after == {"number": 1, "sentence": "本周平稳。", "asks": [f"{key}：请定用地"]}
    assert (event.object_type, event.object_id, event.region_code) == ("issue", "1", COUNTY)


def test_no_words_restore_those_of_the_rules_and_other_tasks_keep_theirs(app: Flask, world: World) -> None:
    issue, one, other = frozen(), world.task.key, world.housing_task.key
    word_issue(by(world.office), issue, 1, "本周平稳。", {one: "甲", other: "乙", "no-such-task": "丙"}, LATER)
    assert issue.asks == {one: "甲", other: "乙"}
    word_issue(by(world.office), issue, 2, None, {one: None}, LATER)
    assert (issue.sentence, issue.asks) == (issue.generated, {other: "乙"})
    assert not word_issue(by(world.office), issue, 3, issue.generated, {other: "乙"}, LATER)
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "word_week")) == 2


def test_a_stale_version_changes_nothing(app: Flask, world: World) -> None:
    issue = frozen()
    word_issue(by(world.office), issue, 1, "甲说。", {}, LATER)
    db.session.commit()
    for act in (
        lambda: word_issue(by(world.office2), issue, 1, "乙说。", {}, LATER),
        lambda: sign_issue(by(world.office2), issue, 1, LATER),
        lambda: freeze_again(issue, 1, LATER, by(world.office2)),
    ):
        with pytest.raises(StaleIssue):
            act()
        db.session.rollback()
    assert (issue.sentence, issue.state) == ("甲说。", IssueState.DRAFT)


def test_a_signature_says_who_and_when_and_ends_all_changes(app: Flask, world: World) -> None:
    issue = frozen()
    sign_issue(by(world.office), issue, 1, LATER)
    db.session.commit()
    assert (issue.state, issue.signed_by_id, issue.signed_by) == (IssueState.SIGNED, world.office.id, world.office.name)
    assert issue.signed_at == LATER
    for act in (
        lambda: word_issue(by(world.office2), issue, 2, "乙说。", {}, LATER),
        lambda: sign_issue(by(world.office2), issue, 1, LATER),
        lambda: freeze_again(issue, 2, LATER, by(world.office2)),
    ):
        with pytest.raises(IssueSigned) as refusal:
            act()
        assert (refusal.value.by, refusal.value.at) == (world.office.name, LATER)
        db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "sign_week")) == 1


def test_a_machine_does_not_sign(app: Flask, world: World) -> None:
    issue = frozen()
    with pytest.raises(RuntimeError, match="nobody signs"):
        sign_issue(NOBODY, issue, 1, LATER)


def test_figures_are_taken_anew_and_the_words_stay(app: Flask, world: World) -> None:
    issue = frozen()
    word_issue(by(world.office), issue, 1, "本周平稳。", {world.task.key: "甲"}, LATER)
    make_task(world.plan, lead=[world.finance], title="新任务")
    saturday = FRIDAY + timedelta(days=1)
    freeze_again(issue, 2, saturday, by(world.office))
    db.session.commit()
    assert (issue.number, issue.version, issue.cut_off_at) == (1, 3, saturday)
    assert (issue.sentence, issue.asks) == ("本周平稳。", {world.task.key: "甲"})
    assert issue.generated.startswith("共 4 项任务")
    assert db.session.scalar(sa.select(sa.func.count()).where(IssueLine.issue_id == issue.id)) == 4
    assert db.session.scalar(sa.select(sa.func.count()).where(IssueStanding.issue_id == issue.id)) == 2
    event = db.session.scalars(sa.select(Event).where(Event.act == "freeze_again")).one()
    assert event.before == {"cut_off_at": FRIDAY.isoformat()}
    assert event.after == {"number": 1, "tasks": 4, "cut_off_at": saturday.isoformat()}


def test_the_sentence_of_the_rules_follows_the_new_figures(app: Flask, world: World) -> None:
    issue = frozen()
    make_task(world.plan, lead=[world.finance])
    freeze_again(issue, 1, LATER, by(world.office))
    assert issue.sentence == issue.generated
    assert issue.sentence.startswith("共 4 项任务")


def test_a_draft_of_a_week_that_is_over_keeps_its_figures(app: Flask, world: World) -> None:
    issue = frozen()
    with pytest.raises(RuleRefused, match="week_over"):
        freeze_again(issue, 1, NEXT_FRIDAY, by(world.office))
    db.session.rollback()
    frozen(NEXT_FRIDAY)
    with pytest.raises(RuleRefused, match="week_over"):
        freeze_again(issue, 1, LATER, by(world.office))


def test_a_region_without_an_active_plan_has_no_issue(app: Flask, world: World) -> None:
    db.session.execute(sa.update(Plan).values(state=PlanState.CLOSED))
    assert freeze_week(COUNTY, FRIDAY) is None
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "freeze_week")) == 0


def test_a_prefecture_freezes_the_plans_below_it(app: Flask, world: World) -> None:
    issue = frozen(region="3607")
    assert {line.title for line in issue.lines} == {"资金拨付", "校舍建设", "共同责任事项"}
    office = make_account(Role.PLAN_OFFICE, region="3607")
    sign_issue(by(office), issue, 1, LATER)
    db.session.commit()
    assert frozen().number == 1


def at_once(app: Flask, *acts: Callable[[Issue], object]) -> Counter[str]:
    """Do several acts on the issue in sessions of their own at the same moment; what each was told."""
    db.session.commit()
    db.session.remove()
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[Issue], object]) -> str:
        with app.app_context():
            issue = db.session.scalars(sa.select(Issue)).one()
            db.session.rollback()
            gate.wait()
            try:
                act(issue)
                db.session.commit()
            except (StaleIssue, IssueSigned, OperationalError) as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def test_of_two_offices_that_sign_at_once_one_wins_and_the_other_is_told_by_whom(app: Flask, world: World) -> None:
    frozen()
    people = [by(world.office), by(world.office2)]
    told = at_once(app, *(lambda issue, who=who: sign_issue(who, issue, 1, LATER) for who in people))  # type: ignore[misc]
    assert told == {"done": 1, "IssueSigned": 1}
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "sign_week")) == 1
    assert verified_chain().broken is None


def test_signing_and_freezing_again_at_once_never_mix(app: Flask, world: World) -> None:
    frozen()
    signer, freezer = by(world.office), by(world.office2)
    told = at_once(
        app,
        lambda issue: sign_issue(signer, issue, 1, LATER),
        lambda issue: freeze_again(issue, 1, LATER, freezer),
    )
    assert told["done"] == 1
    issue = db.session.scalars(sa.select(Issue)).one()
    assert (issue.state is IssueState.SIGNED) != (issue.cut_off_at == LATER)


def test_a_week_frozen_by_hand_and_by_the_job_at_once_stands_once(app: Flask, world: World) -> None:
    frozen(FRIDAY - timedelta(days=7))
    hand = by(world.office)
    at_once(
        app,
        lambda _issue: freeze_week(COUNTY, FRIDAY, hand),
        lambda _issue: freeze_week(COUNTY, FRIDAY),
    )
    assert list(db.session.scalars(sa.select(Issue.number).order_by(Issue.number))) == [1, 2]
    lines = sa.select(sa.func.count()).join(Issue).where(Issue.number == 2)
    assert db.session.scalar(lines.select_from(IssueLine)) == 3
