"""What is known of a project beside its plan: who builds it, by which contract, and a site that has moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.actions.moves import RuleRefused, claim, note
from tracker.actions.moves import facts_of as facts_of_task
from tracker.actions.record import Actor
from tracker.models import PlanState, Project
from tracker.rules.projects import first_site_after


@dataclass(frozen=True)
class ContractFacts:
    """The owner, contractor and supervisor of a project, and its contract in whole yuan; None where nobody knows."""

    owner: str | None = None
    contractor: str | None = None
    supervisor: str | None = None
    contract_yuan: int | None = None
    contract_from: date | None = None
    contract_until: date | None = None


def keep_facts(actor: Actor, project: Project, version: int, facts: ContractFacts, now: datetime) -> bool:
    """Keep who builds and by which contract; whether anything changed.

    Raises StaleTask, RuleRefused('plan_closed') and RuleRefused('withdrawn').
    """
    task = project.task
    changed = {name: value for name, value in vars(facts).items() if getattr(project, name) != value}
    if not changed:
        return False
    before = facts_of_task(task) | {name: getattr(project, name) for name in changed}
    claim(task, version)
    _refuse_withdrawn(project)
    for name, value in changed.items():
        setattr(project, name, value)
    note(actor, "keep_facts", task, now, before, **changed)
    return True


def move_site(
    actor: Actor, project: Project, version: int, site: str, town: str | None, reason: str, now: datetime
) -> None:
    """Let a project stand elsewhere; where the plan first wanted it is kept until it stands there again.

    Raises StaleTask, RuleRefused('plan_closed'), RuleRefused('withdrawn'), RuleRefused('site_same') and, in a draft
    that is simply edited, RuleRefused('plan_state').
    """
    task, names = project.task, ("site", "town", "first_site")
    before = facts_of_task(task) | {name: getattr(project, name) for name in names}
    claim(task, version)
    if task.plan.state is PlanState.DRAFT:
        raise RuleRefused("plan_state")
    _refuse_withdrawn(project)
    if (project.site, project.town) == (site, town):
        raise RuleRefused("site_same")
    keep_first_site(project, site, town, reason)
    project.site, project.town = site, town
    note(actor, "move_site", task, now, before, **{name: getattr(project, name) for name in names}, reason=reason)


def keep_first_site(project: Project, site: str | None, town: str | None, reason: str | None) -> None:
    """Keep where the plan first wanted a project that is about to stand at another site or town, and why it moves."""
    old, new = (project.site, project.town), (site, town)
    if old == new:
        return
    project.first_site = first_site_after(project.first_site, old, new)
    project.site_reason = reason if project.first_site is not None else None


def _refuse_withdrawn(project: Project) -> None:
    if project.task.withdrawn_on:
        raise RuleRefused("withdrawn")
