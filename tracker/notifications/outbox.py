"""Queue mails in the transaction of their cause. Nothing is sent here."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.models import MailState, OutboxItem, OutboxMail, Task, db
from tracker.models.once import insert_once
from tracker.notifications.letters import Letter, settings
from tracker.queries.outbox import newer_exists
from tracker.queries.routing import Recipient, people_of, recipients_of, who_is
from tracker.rules.reminders import MAIL_KEPT
from tracker.rules.robots import group_text


@dataclass(frozen=True)
class Mention:
    """A task of which a mail speaks; a digest announces a step, an act has its words."""

    task_id: int
    due_on: date | None
    step_on: date | None = None
    words: str | None = None


@dataclass(frozen=True)
class Draft:
    """A mail before it is queued. ``reason`` names kind, person and period: one mail per reason, ever."""

    kind: str
    reason: str
    recipient: Recipient
    letter: Letter
    mentions: Sequence[Mention] = ()
    kept: timedelta = MAIL_KEPT


def queue(drafts: Sequence[Draft], now: datetime) -> int:
    """Queue the mails whose reason is new; how many that were."""
    if not drafts:
        return 0
    insert = insert_once(OutboxMail).returning(OutboxMail.id, OutboxMail.reason)
    queued = db.session.execute(insert, [_row(draft, now) for draft in drafts]).all()
    mentions = {draft.reason: draft.mentions for draft in drafts}
    items = [
        {"mail_id": mail_id, "position": position, **vars(mention)}
        for mail_id, reason in queued
        for position, mention in enumerate(mentions[reason])
    ]
    if items:
        db.session.execute(sa.insert(OutboxItem), items)
    return len(queued)


def supersede(kind: str) -> int:
    """Withdraw the waiting mails of a kind whose recipient has a newer one; how many that were."""
    return _change([OutboxMail.kind == kind, newer_exists()], state=MailState.SUPERSEDED)


def carry_over(kind: str, today: datetime, now: datetime, regions: Collection[str] | None = None) -> int:
    """Let the waiting mails of a kind from before this day stand for it, of all or some regions; how many that were."""
    old = [OutboxMail.kind == kind, OutboxMail.queued_at < today]
    if regions is not None:
        old.append(OutboxMail.region_code.in_(regions))
    return _change(old, queued_at=now)


def forget(left_out: Mapping[int, Collection[int]]) -> None:
    """Let mails announce no step of the tasks that they leave out, given by mail."""
    for mail_id, task_ids in left_out.items():
        if task_ids:
            db.session.execute(
                sa.update(OutboxItem)
                .where(OutboxItem.mail_id == mail_id, OutboxItem.task_id.in_(task_ids))
                .values(step_on=None)
                .execution_options(synchronize_session=False)
            )


def _change(where: Sequence[sa.ColumnElement[bool]], **values: object) -> int:
    waiting = sa.update(OutboxMail).where(OutboxMail.state == MailState.QUEUED, *where)
    changed = db.session.execute(waiting.values(**values).execution_options(synchronize_session=False))
    return int(changed.rowcount)  # type: ignore[attr-defined]


def tell(
    kind: str,
    recipient: Recipient,
    item: OutboxItem,
    now: datetime,
    compose: Callable[[Sequence[OutboxItem]], Letter],
) -> None:
    """Add a task to the one mail that this act, known by its instant, sends to a person."""
    tell_many(kind, recipient, [item], now, compose)


def tell_many(
    kind: str,
    recipient: Recipient,
    items: Sequence[OutboxItem],
    now: datetime,
    compose: Callable[[Sequence[OutboxItem]], Letter],
) -> None:
    """Add tasks to the one mail that this act, known by its instant, sends to a person; it is written once."""
    reason = f"{kind}:{recipient.who}:{now.isoformat()}"
    mail = db.session.scalar(sa.select(OutboxMail).where(OutboxMail.reason == reason))
    if mail is None:
        mail = OutboxMail(**_envelope(kind, reason, recipient, now))
    known = {each.task_id for each in mail.items}
    new = [item for item in items if item.task_id not in known]
    if not new:
        return
    for item in new:
        item.position = len(mail.items)
        mail.items.append(item)
    letter = as_read_by(recipient.robot_id, compose(mail.items))
    mail.subject, mail.text, mail.html = letter.subject, letter.text, letter.html
    db.session.add(mail)
    db.session.flush()


def as_read_by(robot_id: int | None, letter: Letter) -> Letter:
    """A letter as its recipient reads it: in the group of a robot it is a plain text that greets the unit."""
    return Letter(letter.subject, group_text(letter.text), "") if robot_id is not None else letter


def item_of(task: Task, **said: object) -> OutboxItem:
    """A task as an act mentions it."""
    return OutboxItem(task_id=task.id, task=task, due_on=task.due_on, **said)


def still_asked(
    mail: OutboxMail,
    is_true: Callable[[OutboxItem], bool],
    asked: Callable[[int], Sequence[Recipient]] = recipients_of,
) -> tuple[Recipient | None, Sequence[OutboxItem]]:
    """The recipient of a mail and the tasks of it that are still true and still theirs; nobody where none is.

    ``asked`` says whom a task asks now: the units that answer for it, unless the kind of mail has others.
    """
    left: list[OutboxItem] = []
    recipient: Recipient | None = None
    for item in filter(is_true, mail.items):
        for each in asked(item.task_id):
            if each.who == whose(mail):
                recipient = recipient or each
                left.append(item)
    return recipient, left


def still_asked_units(
    mail: OutboxMail, units: Mapping[int, Sequence[int]]
) -> tuple[Recipient | None, Sequence[OutboxItem]]:
    """The same where a task asks certain units, given by task, whatever their part in it."""
    return still_asked(
        mail,
        lambda item: item.task_id in units,
        lambda task_id: [each for unit_id in units[task_id] for each in people_of(task_id, unit_id)],
    )


def whose(mail: OutboxMail) -> str:
    """Who a mail is for, as its recipient is called."""
    return who_is(mail.account_id, mail.region_code, mail.address)


def _row(draft: Draft, now: datetime) -> dict[str, object]:
    written = as_read_by(draft.recipient.robot_id, draft.letter)
    letter = {"subject": written.subject, "text": written.text, "html": written.html}
    envelope = _envelope(draft.kind, draft.reason, draft.recipient, now)
    return {**envelope, **letter, "expires_at": now + draft.kept}


def _envelope(kind: str, reason: str, recipient: Recipient, now: datetime) -> dict[str, object]:
    return {
        "kind": kind,
        "reason": reason,
        "region_code": recipient.region_code,
        "account_id": recipient.account_id,
        "robot_id": recipient.robot_id,
        "address": recipient.address,
        "message_id": f"<{secrets.token_hex(16)}@{settings().mail_domain}>",
        "queued_at": now,
        "not_before": now,
        "expires_at": now + MAIL_KEPT,
    }
