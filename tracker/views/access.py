"""Who asks and what they may do: every route declares it, every thing is loaded through it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import UserMixin, current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import TooManyRequests

from tracker.actions.record import Actor
from tracker.actions.refusals import keep_refusal
from tracker.actions.sign_in import hash_cost
from tracker.clock import now
from tracker.extensions import login_manager
from tracker.models import Account, Addition, Assignment, Contribution, LoginSession, Plan, Task, Unit, db
from tracker.models.engine import impatient, set_reads_only
from tracker.queries.accounts import login_session, person_of, wait_for_address
from tracker.queries.plans import plan_by_code
from tracker.queries.visibility import scope_of
from tracker.rules.passwords import hash_password, is_expired
from tracker.rules.permissions import Can, Person, Role, Scope, is_within, may
from tracker.settings import Settings
from tracker.views.typed import sign_in_again, typed_now

IDLE_LIMIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=9)
SEEN_EVERY = timedelta(minutes=1)
View = TypeVar("View", bound=Callable[..., Any])
Access = str | tuple[Can, ...]
PUBLIC = "public"
SIGNED_IN = "signed_in"
READING = {"GET", "HEAD", "OPTIONS"}
STATIC = {"static"}
WITH_AN_OLD_PASSWORD = {"sign_in.password", "sign_in.sign_out", "language.choose"}


class SignedIn(UserMixin):
    """The person behind a request, as Flask-Login keeps it; its id is the token of the login session."""

    def __init__(self, token: str, session: LoginSession) -> None:
        self.token = token
        self.session_id = session.id
        self.account: Account = session.account
        self.person: Person = person_of(session.account)
        changed_at, days = self.account.password_changed_at or self.account.created_at, settings().password_days
        self.password_expired = is_expired(changed_at, now(), days)
        self.must_change_password = self.account.must_change_password or self.password_expired

    def get_id(self) -> str:
        """The token that the cookie carries."""
        return self.token


def public(view: View) -> View:
    """Declare that anybody may call a view."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that every account may call a view."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(*acts: Can) -> Callable[[View], View]:
    """Declare that a view needs one of these permissions; things still go through ``load_task`` and its like."""

    def declare(view: View) -> View:
        view.access = acts  # type: ignore[attr-defined]
        return view

    return declare


def register(app: Flask) -> None:
    """Guard every request of the application."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let a request through, send it to the sign-in page, or refuse it."""
    set_reads_only(request.method in READING)
    # PostgreSQL takes no such text, and nothing is called by it.
    if "\x00" in request.path:
        abort(404)
    view = current_app.view_functions.get(request.endpoint or "")
    access: Access | None = PUBLIC if request.endpoint in STATIC else getattr(view, "access", None)
    if view is None or access == PUBLIC:
        return None
    if access is None:
        raise RuntimeError(f"the route {request.endpoint} declares no access")
    known = signed_in_visitor()
    if known is None:
        return to_the_door()
    if known.must_change_password and request.endpoint not in WITH_AN_OLD_PASSWORD:
        return redirect(url_for("sign_in.password"))
    if not isinstance(access, str) and not any(may(known.person, can) for can in access):
        refuse(access[0])
    return None


def to_the_door() -> ResponseReturnValue:
    """Ask to sign in: a reader comes back to the page, what a writer typed is kept beside the sign-in form."""
    typed = typed_now()
    if typed:
        return sign_in_again(typed)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.sign_in", next=target))


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> SignedIn | None:
    """The person of an open session, or None when it ended, idled out or the account is disabled."""
    session = login_session(token)
    moment = now()
    if session is None or session.ended_at or session.account.disabled_at:
        return None
    if moment - session.last_seen_at > IDLE_LIMIT or moment - session.created_at > LONGEST_SESSION:
        g.session_timed_out = True
        return None
    user = SignedIn(token, session)
    if moment - session.last_seen_at > SEEN_EVERY:
        _mark_seen(session.id)
    return user


def _mark_seen(session_id: int) -> None:
    """Note the sign of life: a writing request in its own transaction, a reading one beside it, to stay a reader.

    A second writer beside a writing request would wait for it on SQLite, and it for the second. A reader never waits:
    where somebody else has the database or the row, the next request notes the sign.
    """
    free = sa.select(LoginSession.id).where(LoginSession.id == session_id).with_for_update(skip_locked=True)
    seen = sa.update(LoginSession).where(LoginSession.id.in_(free)).values(last_seen_at=now())
    if request.method not in READING:
        db.session.execute(seen.execution_options(synchronize_session=False))
        return
    set_reads_only(False)
    try:
        with impatient(), db.engine.begin() as connection:
            connection.execute(seen)
    except OperationalError:
        current_app.logger.info("somebody else writes: a sign of life was not kept")
    finally:
        set_reads_only(True)


def signed_in_visitor() -> SignedIn | None:
    """Who asks, or None for a stranger."""
    known = current_user._get_current_object()
    return known if isinstance(known, SignedIn) else None


def person() -> Person:
    """The person who asks. Raises RuntimeError for a stranger."""
    return visitor().person


def own_units() -> list[Unit]:
    """The units of the person who asks; only staff act for units."""
    return visitor().account.units if person().role is Role.UNIT_STAFF else []


def visitor() -> SignedIn:
    """Who asks, with the login session. Raises RuntimeError for a stranger: the guard lets none in here."""
    known = signed_in_visitor()
    if known is None:
        raise RuntimeError("nobody is signed in")
    return known


def actor() -> Actor:
    """The person who asks as the author of an event."""
    unit = "、".join(unit.name for unit in own_units()) or None
    return Actor(person(), unit, request.remote_addr)


def settings() -> Settings:
    """The settings of the running application."""
    return current_app.extensions["settings"]  # type: ignore[no-any-return]


def hash_of(password: str) -> str:
    """What is kept of a password, made between two transactions, so that nobody waits for it.

    What the request wrote before is undone: call it first.
    """
    db.session.rollback()
    return hash_password(password, hash_cost(settings()))


def throttle() -> None:
    """Abort with 429 where the network address of the request has failed too often at the door."""
    wait = wait_for_address(request.remote_addr or "", now())
    if wait:
        seconds = math.ceil(wait.total_seconds())
        raise TooManyRequests(_("登录失败次数过多，请在 %(seconds)d 秒后再试。", seconds=seconds), retry_after=seconds)


def load_task(key: str, can: Can) -> Task:
    """A task by its key. 404 where the person may not see it, 403 where they may see it but not do this."""
    # Two questions: the few officials and indicators come with the task, the units with their members apart.
    query = sa.select(Task).where(Task.key == key)
    wanted = query.options(
        joinedload(Task.plan),
        joinedload(Task.officials),
        joinedload(Task.contributions).joinedload(Contribution.indicator),
        joinedload(Task.additions).joinedload(Addition.school),
        selectinload(Task.assignments).joinedload(Assignment.unit).joinedload(Unit.members),
    )
    task = db.session.scalars(wanted).unique().one_or_none()
    if task is None or not may(person(), Can.SEE_TASK, scope_of(task)):
        abort(404)
    if not may(person(), can, scope_of(task)):
        refuse(can, task.key, task.region_code)
    return task


def load_tasks(keys: Sequence[str], can: Can) -> list[Task]:
    """Several tasks by their keys, for one act on all. 404 where one of them may not be seen, 403 where not done."""
    wanted = set(keys)
    query = sa.select(Task).where(Task.key.in_(wanted)).order_by(Task.due_on, Task.id)
    tasks = list(db.session.scalars(query.options(selectinload(Task.assignments), joinedload(Task.plan))))
    if len(tasks) < len(wanted) or not all(may(person(), Can.SEE_TASK, scope_of(task)) for task in tasks):
        abort(404)
    for task in tasks:
        if not may(person(), can, scope_of(task)):
            refuse(can, task.key, task.region_code)
    return tasks


def load_plan(code: str, can: Can) -> Plan:
    """A plan by its code. 404 where it lies outside the person's region, 403 where they may not do this to it."""
    plan = plan_by_code(code)
    if plan is None or not is_within(plan.region_code, person().region):
        abort(404)
    if not may(person(), can, Scope(plan.region_code)):
        refuse(can, plan.code, plan.region_code, kind="plan")
    return plan


def refuse(can: Can, object_id: str | None = None, region: str | None = None, kind: str = "task") -> None:
    """Answer 403 and keep the refusal as an event."""
    db.session.rollback()
    g.refusal_kept = True
    set_reads_only(False)
    keep_refusal(actor(), can.value, now(), obj=(kind, object_id) if object_id else None, region=region)
    db.session.commit()
    set_reads_only(request.method in READING)
    abort(403, description=_("您没有此项权限。如工作需要，请联系推进办。"))
