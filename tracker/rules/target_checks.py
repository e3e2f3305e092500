"""What contradicts itself in the targets of a plan: two values, two dates, two counts of one thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from tracker.rules.checkup import About, Code, Finding, Severity
from tracker.rules.plan_facts import (
    GoalFacts,
    PlanFacts,
)
from tracker.rules.reading.indicator_words import LOCAL_WORDINGS, national_of, spoken_of
from tracker.rules.task_kinds import TaskKind

PERCENT = re.compile(r"(?P<value>\d{1,3}(?:\.\d+)?)\s*%")
CLAUSES = re.compile(r"[，,。；;\n]")
# Indicators with one share that the whole county reaches; those with a share for each stage are compared by nobody.
ONE_SHARE = ("G14", "S1")
# A类指标27项, 27项A类指标.
GRADE_COUNT = (
    r"{grade}\s?类\s?(?:指标|项目)?\s?(?:共|有)?\s?(\d{{1,3}})\s?[项个条]|(\d{{1,3}})\s?[项个条]\s?{grade}\s?类"
)
LONGEST_QUOTED = 20
LONGEST_GOAL = 60


def two_values(plan: PlanFacts) -> Iterator[Finding]:
    """One share of the county with two values: 75 % in the text, 50 % in the annex."""
    for code in ONE_SHARE:
        said: dict[Decimal, list[str]] = defaultdict(list)
        about: list[About] = []
        for where, words, thing in _speaking(plan):
            for value in _shares_of(code, words):
                said[value].append(where)
                about += [thing] if thing else []
        if len(said) > 1:
            values = tuple(
                f"{value.normalize():f}%（{'、'.join(dict.fromkeys(said[value]))}）" for value in sorted(said)
            )
            yield Finding(
                Code.TWO_VALUES,
                Severity.CONTRADICTION,
                tuple(dict.fromkeys(about)),
                evidence={"title": plan.national.get(code, code), "values": values},
            )


def _speaking(plan: PlanFacts) -> Iterator[tuple[str, str, About | None]]:
    """Everything in which a plan states a target: its tasks, its goals, its indicators."""
    for task in plan.tasks:
        yield task.about.title, task.words, task.about
    for goal in plan.goals:
        yield goal.words[:LONGEST_QUOTED], goal.words, None
    for item in plan.items:
        yield item.title, f"{item.title}，{item.words}", None


def _shares_of(code: str, words: str) -> Iterator[Decimal]:
    """The shares that a text states of an indicator: in the clauses from the one that names it on."""
    pattern = re.compile(LOCAL_WORDINGS.get(code, "(?!)"))
    named = False
    for clause in CLAUSES.split(words):
        named = named or bool(pattern.search(clause))
        if named and (hit := PERCENT.search(clause)):
            yield Decimal(hit["value"])
            return


def two_dates(plan: PlanFacts) -> Iterator[Finding]:
    """One indicator due on two days: in a goal or another task's words, and as a task of its own."""
    duties = {
        national_of(task.words): task for task in plan.tasks if task.due_on and task.kind is TaskKind.INDICATOR_DUTY
    }
    for goal in plan.goals:
        code = _only_code(goal)
        task = duties.get(code) if code else None
        if task and goal.due_on and task.due_on and goal.due_on != task.due_on and not task.inherited:
            yield Finding(
                Code.TWO_DATES,
                Severity.CONTRADICTION,
                (task.about,),
                evidence={
                    "task": task.about.title,
                    "task_deadline": task.deadline or "",
                    "goal": goal.words[:LONGEST_GOAL],
                    "goal_deadline": goal.deadline or "",
                },
            )


def _only_code(goal: GoalFacts) -> str | None:
    """The one indicator of which a goal speaks; None where it speaks of several or of none."""
    codes = spoken_of(goal.words)
    return codes[0] if len(codes) == 1 else None


def grade_counts(plan: PlanFacts) -> Iterator[Finding]:
    """How many A or B items the text says that there are, beside how many are listed."""
    for grade in ("A", "B"):
        listed = sum(item.grade == grade for item in plan.items)
        pattern = re.compile(GRADE_COUNT.format(grade=grade))
        said = {int(hit[1] or hit[2]) for _where, words, _thing in _speaking(plan) for hit in pattern.finditer(words)}
        for count in sorted(said - {listed}) if listed else ():
            yield Finding(
                Code.GRADE_COUNT, Severity.CONTRADICTION, (), evidence={"title": grade, "said": count, "count": listed}
            )
