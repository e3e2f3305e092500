"""The ground of the acts on nodes: a project taken for one act, and its days with what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, move
from tracker.actions.record import Actor
from tracker.clock import office_day
from tracker.models import NodeMove, Project, ProjectNode, Task
from tracker.queries.nodes import nodes_of
from tracker.rules.lifecycle import Act, State
from tracker.rules.nodes import is_possible_day, next_due, why_not_done, why_not_expect, why_not_move


@dataclass(frozen=True)
class Work:
    """A project taken for one act: its claimed task, its nodes as they stand, and the facts before the act."""

    task: Task
    nodes: list[ProjectNode]
    before: dict[str, object]

    def node(self, node_id: int) -> ProjectNode:
        """A node of this project. Raises RuleRefused('node_gone')."""
        found = next((each for each in self.nodes if each.id == node_id), None)
        if found is None:
            raise RuleRefused("node_gone")
        return found

    def keep(self) -> None:
        """Write what follows from the nodes: their order, the day that lights the task, and its light."""
        for position, each in enumerate(self.nodes, 1):
            each.position = position
        self.task.node_due_on = next_due((each.planned_on, each.done_on) for each in self.nodes)
        self.task.keep_light_dates()

    def keep_last(self) -> dict[str, object]:
        """After the list has changed: what is expected of the task and of the node that is the last now is one day.

        What is expected of the task stands. Returns the day where one of the two changed; ``before`` keeps the old one.
        """
        last = self.nodes[-1] if self.nodes else None
        if last is None or last.done_on:
            return {}
        return self._expect_both(last, self.task.expected_on or last.expected_on)

    def keep_undone(self, node: ProjectNode) -> dict[str, object]:
        """After a node is open again: what was said of the task meanwhile is what is expected of the last node."""
        return self._expect_both(node, self.task.expected_on) if node is self.nodes[-1] else {}

    def _expect_both(self, last: ProjectNode, day: date | None) -> dict[str, object]:
        changed = [stood for stood in (last.expected_on, self.task.expected_on) if stood != day]
        last.expected_on = self.task.expected_on = day
        if not changed:
            return {}
        self.before["expected_on"] = changed[0]
        return {"expected_on": day}


def take(project: Project, version: int) -> Work:
    """Claim the task and read its nodes. Raises StaleTask and RuleRefused: plan_closed, node_suspended, node_closed."""
    task = project.task
    if task.state is State.CLOSED:
        raise RuleRefused("node_closed")
    if task.state is State.SUSPENDED:
        raise RuleRefused("node_suspended")
    before = facts_of(task)
    claim(task, version)
    return Work(task, nodes_of(project.task_id), before)


def plan_day(actor: Actor, node: ProjectNode, planned_on: date | None, reason: str, now: datetime) -> None:
    """Put a planned day in force: the first one is kept as such, a later one as a move."""
    refuse(why_not_move(node.planned_on, planned_on, node.done_on, reason))
    assert planned_on is not None  # the rule refuses a move to nowhere
    if not is_possible_day(planned_on):
        raise RuleRefused("node_too_far")
    if node.planned_on is None:
        node.first_planned_on = planned_on
    else:
        account_id = actor.person.id if actor.person else None
        moved = NodeMove(account_id=account_id, old_on=node.planned_on, new_on=planned_on, reason=reason, at=now)
        node.moves.append(moved)
    node.planned_on = planned_on
    # What people say of a node themselves is no invention any more.
    node.invented = False


def expect_day(work: Work, node: ProjectNode, expected_on: date | None, reason: str, now: datetime) -> None:
    """Keep the day that is expected of a node; of the last one it is that of the whole task."""
    refuse(why_not_expect(expected_on, node.planned_on, node.done_on, office_day(now), reason))
    node.expected_on, node.invented = expected_on, False
    if node is work.nodes[-1]:
        work.task.expected_on = expected_on


def finish_on(work: Work, node: ProjectNode, done_on: date | None, now: datetime) -> None:
    """Say that a node was done on a day; a task that had not begun is under way with it."""
    refuse(why_not_done(done_on, node.done_on, office_day(now)))
    node.done_on, node.invented = done_on, False
    if work.task.state is State.NOT_STARTED:
        move(work.task, Act.REPORT, now)


def refuse(reason: str | None) -> None:
    """Raise RuleRefused where a rule gave a reason."""
    if reason:
        raise RuleRefused(reason)
