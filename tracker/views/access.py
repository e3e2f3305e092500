"""Who asks and what they may do: every route declares it, every thing is loaded through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import UserMixin, current_user
from sqlalchemy.orm import joinedload, selectinload

from tracker.actions.record import Actor, record
from tracker.clock import now
from tracker.extensions import login_manager
from tracker.models import Account, Assignment, Contribution, LoginSession, Task, Unit, db
from tracker.models.engine import set_reads_only
from tracker.queries.accounts import login_session, person_of
from tracker.queries.visibility import scope_of
from tracker.rules.permissions import Can, Person, may
from tracker.settings import Settings

IDLE_LIMIT = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=9)
SEEN_EVERY = timedelta(minutes=1)
View = TypeVar("View", bound=Callable[..., Any])


class SignedIn(UserMixin):
    """The person behind a request, as Flask-Login keeps it; its id is the token of the login session."""

    def __init__(self, token: str, session: LoginSession) -> None:
        self.token = token
        self.session_id = session.id
        self.account: Account = session.account
        self.person: Person = person_of(session.account)
        self.must_change_password = session.account.must_change_password

    def get_id(self) -> str:
        """The token that the cookie carries."""
        return self.token


def public(view: View) -> View:
    """Declare that anybody may call a view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that every account may call a view."""
    view.access = "signed_in"  # type: ignore[attr-defined]
    return view


def needs(*acts: Can) -> Callable[[View], View]:
    """Declare that a view needs one of these permissions; things are still loaded through ``load_task`` and its like."""

    def declare(view: View) -> View:
        view.access = acts  # type: ignore[attr-defined]
        return view

    return declare


def register(app: Flask) -> None:
    """Guard every request of the application."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let a request through, send it to the sign-in page, or refuse it."""
    set_reads_only(request.method in {"GET", "HEAD", "OPTIONS"})
    view = current_app.view_functions.get(request.endpoint or "")
    access = "public" if request.endpoint == "static" or request.endpoint == "bootstrap.static" else getattr(view, "access", None)
    if view is None or access == "public":
        return None
    if access is None:
        raise RuntimeError(f"the route {request.endpoint} declares no access")
    if not current_user.is_authenticated:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.sign_in", next=target))
    if current_user.must_change_password and request.endpoint not in {"sign_in.password", "sign_in.sign_out", "language.choose"}:
        return redirect(url_for("sign_in.password"))
    if access != "signed_in" and not any(may(person(), can) for can in access):
        refuse(access[0])
    return None


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
    """Note the sign of life in a transaction of its own, so that a reading request stays a reader."""
    set_reads_only(False)
    with db.engine.begin() as connection:
        connection.execute(sa.update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=now()))
    set_reads_only(request.method in {"GET", "HEAD", "OPTIONS"})


def person() -> Person:
    """The person who asks; only inside a guarded request."""
    return current_user.person  # type: ignore[no-any-return]


def own_units() -> list[Unit]:
    """The units of the person who asks."""
    return current_user.account.units  # type: ignore[no-any-return]


def actor() -> Actor:
    """The person who asks as the author of an event."""
    unit = "、".join(unit.name for unit in own_units()) or None
    return Actor(person(), unit, request.remote_addr)


def settings() -> Settings:
    """The settings of the running application."""
    return current_app.extensions["settings"]  # type: ignore[no-any-return]


def load_task(key: str, can: Can) -> Task:
    """A task by its key. 404 where the person may not see it, 403 where they may see it but not do this."""
    query = sa.select(Task).where(Task.key == key)
    task = db.session.scalar(
        query.options(
            joinedload(Task.plan),
            selectinload(Task.assignments).joinedload(Assignment.unit).selectinload(Unit.members),
            selectinload(Task.contributions).joinedload(Contribution.indicator),
        )
    )
    if task is None or not may(person(), Can.SEE_TASK, scope_of(task)):
        abort(404)
    if not may(person(), can, scope_of(task)):
        refuse(can, task.key, task.region_code)
    return task


def refuse(can: Can, object_id: str | None = None, region: str | None = None) -> None:
    """Answer 403 and keep the refusal as an event."""
    db.session.rollback()
    set_reads_only(False)
    record(actor(), can.value, now(), obj=("task", object_id) if object_id else None, region=region, allowed=False)
    db.session.commit()
    abort(403, description=_("您没有此项权限。如工作需要，请联系推进办。"))
