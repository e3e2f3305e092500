"""Hold the outbox of a region, and let it go on: what waited is given up or sent."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.actions.record import NOBODY, Actor, record
from tracker.models import (
    GIVEN_UP,
    HoldReason,
    LoginSession,
    MailState,
    OutboxHold,
    OutboxMail,
    PasswordReset,
    db,
)
from tracker.models.once import insert_once
from tracker.queries.holds import WAITING, left_above, regions_to_hold
from tracker.queries.passwords import PASSWORD_RESET
from tracker.queries.visibility import within_region
from tracker.rules.reminders import MAIL_KEPT


def hold(actor: Actor, region: str, now: datetime) -> bool:
    """Stop the outbox at and below a region; False where it is held already."""
    if not _hold(region, HoldReason.BY_HAND, now, actor.person.id if actor.person else None):
        return False
    record(actor, "hold_mail", now, obj=("region", region), region=region)
    return True


def release(actor: Actor, region: str, now: datetime, give_up: bool) -> int | None:
    """Let the outbox go on at and below a region; how many waiting mails were given up, None where nothing was held.

    ``give_up``: what was queued so far is never sent; mails that are queued from now on are.
    What a restored database holds above and nobody else may lift is lifted too.
    """
    lifted = db.session.execute(
        sa.delete(OutboxHold)
        .where(sa.or_(within_region(OutboxHold.region_code, region), OutboxHold.region_code.in_(left_above(region))))
        .returning(OutboxHold.region_code)
        .execution_options(synchronize_session=False)
    ).all()
    if not lifted:
        return None
    count = 0
    for (code,) in lifted:
        waiting = _waiting(code, alone=not code.startswith(region))
        if give_up:
            count += _give_up(waiting)
        else:
            _extend(waiting, now)
    said = {"regions": [code for (code,) in lifted], "given_up": count}
    record(actor, "release_mail", now, obj=("region", region), region=region, after=said)
    return count


def hold_restored(now: datetime) -> None:
    """Stop every outbox of a database that was restored, and end what its backup still opened: sessions and links."""
    regions = [region for region in regions_to_hold() if _hold(region, HoldReason.RESTORED, now, None)]
    open_sessions = sa.update(LoginSession).where(LoginSession.ended_at.is_(None)).values(ended_at=now)
    open_links = sa.update(PasswordReset).where(PasswordReset.used_at.is_(None)).values(used_at=now)
    sessions = db.session.execute(open_sessions.execution_options(synchronize_session=False))
    db.session.execute(open_links.execution_options(synchronize_session=False))
    ended = int(sessions.rowcount)  # type: ignore[attr-defined]
    record(NOBODY, "notice_restore", now, after={"regions": regions, "sessions_ended": ended})


def _hold(region: str, reason: HoldReason, now: datetime, account_id: int | None) -> bool:
    row = insert_once(OutboxHold).values(region_code=region, reason=reason, held_at=now, account_id=account_id)
    return bool(db.session.execute(row).rowcount == 1)  # type: ignore[attr-defined]


def _waiting(region: str, *, alone: bool) -> sa.Update:
    """A change of what waits at and below a region, or, ``alone``, in it without those below."""
    own = OutboxMail.region_code == region if alone else within_region(OutboxMail.region_code, region)
    return sa.update(OutboxMail).where(OutboxMail.state.in_(WAITING), own).execution_options(synchronize_session=False)


def _give_up(waiting: sa.Update) -> int:
    """Give up what waits; how many that were."""
    given_up = db.session.execute(waiting.values(state=MailState.DROPPED, last_answer=GIVEN_UP, lease_until=None))
    return int(given_up.rowcount)  # type: ignore[attr-defined]


def _extend(waiting: sa.Update, now: datetime) -> None:
    """Keep what waits as long as if it were queued now: the hold cost it its time. Nobody waits for an old link."""
    db.session.execute(waiting.where(OutboxMail.kind != PASSWORD_RESET).values(expires_at=now + MAIL_KEPT))
