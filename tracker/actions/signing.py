"""What the office does to a draft of the week: word it, and sign it; a signed issue never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.actions.record import Actor, hold_chain, record
from tracker.models import Issue, IssueLine, IssueState, db


class StaleIssue(Exception):
    """Somebody else saved the issue after this page was opened."""


class IssueSigned(Exception):
    """The issue is signed; its row says by whom and when."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(f"issue {issue.number} of {issue.region_code}")
        self.number, self.by, self.at = issue.number, issue.signed_by, issue.signed_at


def claim(issue: Issue, version: int) -> None:
    """Take a draft on the version that was read; of two at once one wins. Raises IssueSigned, StaleIssue."""
    mine = (Issue.id == issue.id, Issue.version == version, Issue.state == IssueState.DRAFT)
    statement = sa.update(Issue).where(*mine).values(version=version + 1)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.refresh(issue)
    if done.rowcount == 1:  # type: ignore[attr-defined]
        return
    raise IssueSigned(issue) if issue.state is IssueState.SIGNED else StaleIssue


def word_issue(
    actor: Actor, issue: Issue, version: int, sentence: str | None, asks: Mapping[str, str | None], now: datetime
) -> bool:
    """Say the sentence of a draft and what leaders shall decide on tasks, by their keys; no words restore the rules'.

    What is asked on other tasks stays. False where nothing differs. Raises IssueSigned, StaleIssue.
    """
    hold_chain()
    claim(issue, version)
    before = _words(issue)
    issue.sentence = sentence or issue.generated
    known = set(db.session.scalars(sa.select(IssueLine.task_key).where(IssueLine.issue_id == issue.id)))
    asked = {key: said for key, said in asks.items() if key in known}
    issue.asks = {key: said for key, said in {**issue.asks, **asked}.items() if said}
    after = _words(issue)
    changed = {name for name in after if before[name] != after[name]}
    if not changed:
        return False
    _note(actor, "word_week", issue, now, {name: before[name] for name in changed}, {n: after[n] for n in changed})
    return True


def sign_issue(actor: Actor, issue: Issue, version: int, now: datetime) -> None:
    """Sign a draft as it reads on the version that was seen; afterwards nothing changes it.

    Raises IssueSigned, StaleIssue, and RuntimeError where nobody acts: machines do not sign.
    """
    if actor.person is None:
        raise RuntimeError("nobody signs this issue")
    hold_chain()
    claim(issue, version)
    issue.state, issue.signed_at = IssueState.SIGNED, now
    issue.signed_by_id, issue.signed_by = actor.person.id, actor.person.name
    _note(actor, "sign_week", issue, now, None, _words(issue))


def _words(issue: Issue) -> dict[str, Any]:
    """What the office says in an issue, as events keep it."""
    return {"sentence": issue.sentence, "asks": [f"{key}：{said}" for key, said in sorted(issue.asks.items())]}


def _note(
    actor: Actor, act: str, issue: Issue, now: datetime, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    db.session.flush()
    said = {"number": issue.number, **after}
    record(actor, act, now, obj=("issue", str(issue.number)), region=issue.region_code, before=before, after=said)
