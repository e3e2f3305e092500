"""What contradicts itself in the words of a plan: dates, units, numbers, targets, indicators; a line for each rule.

Findings of one kind about many tasks are one finding: a list, not a page of the same sentence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tracker.rules.checkup import About, Code, Figure, Finding, Severity, findings_by
from tracker.rules.deadlines import Doubt, Precision
from tracker.rules.plan_facts import GoalFacts, HeadingFacts, ItemFacts, PlanFacts, ReportedFacts, TaskFacts
from tracker.rules.reading.indicator_words import LOCAL_WORDINGS, national_of, spoken_of
from tracker.rules.reading.outline_numbers import value_of_number
from tracker.rules.reading.unit_words import is_collective
from tracker.rules.task_kinds import AssignmentRole, TaskKind

LEAST_LISTED = 3  # numbers of fewer items say nothing of an order
PERCENT = re.compile(r"(?P<value>\d{1,3}(?:\.\d+)?)\s*%")
CLAUSES = re.compile(r"[，,。；;\n]")
# Indicators with one share that the whole county reaches; those with a share for each stage are compared by nobody.
ONE_SHARE = ("G14", "S1")
WITHOUT_MONTH = {Precision.YEAR, Precision.ONGOING, Precision.YEARLY, Precision.UNSPECIFIED}
UNREAD = {Doubt.UNREADABLE, Doubt.IMPOSSIBLE_DATE}
PREFIX = re.compile(r"^(?:中共)?(?:[一-鿿]{1,6}?(?:县|市|区|旗))?(?:县|市|区|旗)?")
WHOLE_POINTS = Decimal(100)
# A类指标27项, 27项A类指标.
GRADE_COUNT = (
    r"{grade}\s?类\s?(?:指标|项目)?\s?(?:共|有)?\s?(\d{{1,3}})\s?[项个条]|(\d{{1,3}})\s?[项个条]\s?{grade}\s?类"
)


def plan_findings(plan: PlanFacts) -> list[Finding]:
    """Everything that the words of a plan say against themselves."""
    return findings_by(RULES, plan)


def _one(code: Code, severity: Severity, tasks: Iterable[TaskFacts], **evidence: Figure) -> Iterator[Finding]:
    """One finding about all of some tasks; none where there are none."""
    about = tuple(task.about for task in tasks)
    if about:
        yield Finding(code, severity, about, evidence={"count": len(about), **evidence})


# --- dates ---


def before_issue(plan: PlanFacts) -> Iterator[Finding]:
    """Deadlines that had passed on the day of issue."""
    tasks = [task for task in plan.tasks if task.doubt is Doubt.BEFORE_ISSUE]
    yield from _one(
        Code.BEFORE_ISSUE, Severity.CONTRADICTION, tasks, issued_on=_day(plan.issued_on), texts=_texts(tasks)
    )


def which_year(plan: PlanFacts) -> Iterator[Finding]:
    """2024年以前: before it begins or before it ends."""
    tasks = [task for task in plan.tasks if task.doubt is Doubt.BEFORE_WHICH_YEAR]
    days = dict.fromkeys(f"{task.deadline} {_day(task.due_on)} / {_day(task.alternative_on)}" for task in tasks)
    yield from _one(Code.WHICH_YEAR, Severity.LOOK, tasks, texts=tuple(days))


def unreadable(plan: PlanFacts) -> Iterator[Finding]:
    """Words that name a time which nobody can read, or a day that no calendar has."""
    tasks = [task for task in plan.tasks if task.doubt in UNREAD]
    yield from _one(Code.UNREADABLE, Severity.CONTRADICTION, tasks, texts=_texts(tasks))


def without_month(plan: PlanFacts) -> Iterator[Finding]:
    """Deadlines that name a year alone, or no date at all."""
    tasks = [
        task
        for task in plan.tasks
        if task.deadline
        and task.precision in WITHOUT_MONTH
        and task.doubt not in {Doubt.UNREADABLE, Doubt.IMPOSSIBLE_DATE}
    ]
    yield from _one(Code.WITHOUT_MONTH, Severity.LOOK, tasks, texts=_texts(tasks))


def without_deadline(plan: PlanFacts) -> Iterator[Finding]:
    """Tasks of which the plan does not say until when."""
    yield from _one(Code.WITHOUT_DEADLINE, Severity.LOOK, [task for task in plan.tasks if not task.deadline])


def no_issue_date(plan: PlanFacts) -> Iterator[Finding]:
    """A document that does not say when it was issued."""
    if plan.issued_on is None:
        yield Finding(Code.NO_ISSUE_DATE, Severity.LOOK, ())


def no_document_number(plan: PlanFacts) -> Iterator[Finding]:
    """A document without a number."""
    if not plan.document_number:
        yield Finding(Code.NO_DOCUMENT_NUMBER, Severity.LOOK, ())


def _texts(tasks: Iterable[TaskFacts]) -> tuple[str, ...]:
    """Each wording of the deadlines of some tasks once, with how many have it: 2029年×5."""
    counts = Counter(task.deadline for task in tasks if task.deadline)
    return tuple(f"{text}×{count}" if count > 1 else text for text, count in counts.items())


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


# --- units ---


def without_unit(plan: PlanFacts) -> Iterator[Finding]:
    """Tasks that are given to nobody."""
    yield from _one(Code.WITHOUT_UNIT, Severity.CONTRADICTION, [task for task in plan.tasks if not task.units])


def lead_unstated(plan: PlanFacts) -> Iterator[Finding]:
    """Several responsible units and no word of who leads."""
    tasks = [
        task
        for task in plan.tasks
        if not any(part.role is AssignmentRole.LEAD for part in task.units)
        and sum(part.role is AssignmentRole.RESPONSIBLE for part in task.units) > 1
    ]
    yield from _one(Code.LEAD_UNSTATED, Severity.LOOK, tasks)


def indicators_without_units(plan: PlanFacts) -> Iterator[Finding]:
    """A plan that lists its indicators and gives none of them to a unit."""
    has_duty = any(task.duty_of or task.kind is TaskKind.INDICATOR_DUTY for task in plan.tasks)
    if plan.items and not has_duty:
        yield Finding(Code.INDICATORS_WITHOUT_UNITS, Severity.LOOK, (), evidence={"count": len(plan.items)})


def two_names(plan: PlanFacts) -> Iterator[Finding]:
    """One unit under two names: of one known unit, or equal but for the county before it."""
    names: dict[str, dict[str, TaskFacts]] = defaultdict(dict)
    for task in plan.tasks:
        for part in task.units:
            names[part.unit or bare_name(part.name)].setdefault(part.name, task)
    doubled = [found for found in names.values() if len(found) > 1]
    if doubled:
        about = dict.fromkeys(task.about for found in doubled for task in found.values())
        pairs = tuple(" / ".join(found) for found in doubled)
        yield Finding(Code.TWO_NAMES, Severity.LOOK, tuple(about), evidence={"count": len(doubled), "names": pairs})


def bare_name(name: str) -> str:
    """The name of a unit without its county: 县财政局 and 财政局 are one."""
    bare = PREFIX.sub("", name)
    return bare if len(bare) > 1 else name


def group_names(plan: PlanFacts) -> Iterator[Finding]:
    """Names that stand for many, of whom nobody has said who they are."""
    parts = [part.name for task in plan.tasks for part in task.units]
    names = dict.fromkeys(name for name in parts if name in plan.members or is_collective(name))
    unknown = tuple(name for name in names if not plan.members.get(name))
    if unknown:
        tasks = [task for task in plan.tasks if any(part.name in unknown for part in task.units)]
        yield from _one(Code.GROUP_NAMES, Severity.LOOK, tasks, names=unknown)


# --- numbers ---


def task_numbers(plan: PlanFacts) -> Iterator[Finding]:
    """Gaps and repeats in the numbers of the tasks of one list."""
    lists: dict[tuple[TaskKind, tuple[str, ...]], list[TaskFacts]] = defaultdict(list)
    for task in plan.tasks:
        if task.number:
            lists[task.kind, task.section].append(task)
    for tasks in lists.values():
        yield from _gaps([(task.number or "", task.about) for task in tasks])


def _gaps(numbered: Sequence[tuple[str, About]]) -> Iterator[Finding]:
    values = [(value, number, about) for number, about in numbered if (value := value_of_number(number)) is not None]
    if len(values) < LEAST_LISTED:
        return
    for (before, first, _one_before), (after, second, about) in pairwise(values):
        if after > before + 1:
            yield Finding(
                Code.NUMBER_GAP, Severity.CONTRADICTION, (about,), evidence={"before": first, "after": second}
            )
        elif after == before:
            yield Finding(Code.NUMBER_TWICE, Severity.CONTRADICTION, (about,), evidence={"number": second})


def heading_numbers(plan: PlanFacts) -> Iterator[Finding]:
    """Headings of one rank under one heading whose numbers jump or repeat: 一、二、二、四、五."""
    for siblings in _siblings(plan.headings):
        values = [value_of_number(each.number) for each in siblings]
        if len(values) < LEAST_LISTED or None in values:
            continue
        whole = [value for value in values if value is not None]
        if whole != list(range(whole[0], whole[0] + len(whole))):
            yield Finding(
                Code.HEADING_NUMBERS,
                Severity.CONTRADICTION,
                (),
                evidence={"numbers": tuple(each.number for each in siblings), "titles": _titles(siblings)},
            )


def _titles(headings: Sequence[HeadingFacts]) -> tuple[str, ...]:
    return tuple(f"{each.number} {each.title}".strip() for each in headings)


def _siblings(headings: Sequence[HeadingFacts]) -> Iterator[list[HeadingFacts]]:
    """The headings of one rank between two headings of a higher one; items of a list (1. 2. 3.) are none."""
    open_: dict[int, list[HeadingFacts]] = {}
    for each in headings:
        if each.rank > LAST_HEADING_RANK:
            continue
        for rank in [rank for rank in open_ if rank > each.rank]:
            yield open_.pop(rank)
        run = open_.setdefault(each.rank, [])
        if run and value_of_number(each.number) == 1:
            yield run
            open_[each.rank] = run = []
        run.append(each)
    yield from open_.values()


LAST_HEADING_RANK = 5  # 一、 and （一）; below them stand the items themselves


def numbers_restart(plan: PlanFacts) -> Iterator[Finding]:
    """Indicators numbered through in the text and from 1 again in each list of the annex."""
    through = _numbered_through(plan.headings)
    lists: dict[tuple[str, ...], list[TaskFacts]] = defaultdict(list)
    for task in plan.tasks:
        if task.kind is TaskKind.INDICATOR_DUTY and task.number:
            lists[task.section].append(task)
    again = [tasks[0] for tasks in lists.values() if tasks[0].number == "1"]
    if through and len(again) > 1:
        yield Finding(
            Code.NUMBERS_RESTART,
            Severity.LOOK,
            tuple(task.about for task in again),
            evidence={"last": str(through), "count": len(again)},
        )


def _numbered_through(headings: Sequence[HeadingFacts]) -> int | None:
    """The last number of items that go on counting over several headings; None where each begins anew."""
    last = longest = parts = 0
    for each in headings:
        if each.rank <= LAST_HEADING_RANK:
            parts += 1
            continue
        value = value_of_number(each.number)
        if value == last + 1 and last:
            last = value
            longest = max(longest, last if parts > 1 else 0)
        elif value == 1:
            last, parts = 1, 0
    return longest if longest > 2 * LEAST_LISTED else None


# --- targets and indicators ---


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


LONGEST_QUOTED = 20


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


LONGEST_GOAL = 60


def _only_code(goal: GoalFacts) -> str | None:
    """The one indicator of which a goal speaks; None where it speaks of several or of none."""
    codes = spoken_of(goal.words)
    return codes[0] if len(codes) == 1 else None


def other_terms(plan: PlanFacts) -> Iterator[Finding]:
    """Items that ask for something else than the national indicator which they are."""
    for item in plan.items:
        if item.other_terms:
            yield Finding(
                Code.OTHER_TERMS,
                Severity.LOOK,
                _of_item(plan, item),
                evidence={"title": item.title, "words": item.words, "code": item.national or ""},
            )


def _of_item(plan: PlanFacts, item: ItemFacts) -> tuple[About, ...]:
    return tuple(task.about for task in plan.tasks if task.duty_of == item.code)


def left_out(plan: PlanFacts) -> Iterator[Finding]:
    """National indicators that a list of the plan's own leaves out."""
    named = {item.national for item in plan.items if item.national}
    missing = [code for code in plan.national if code not in named]
    # A list that points at few of them is another sort of list.
    if named and 2 * len(named) > len(plan.national):
        for code in missing:
            yield Finding(
                Code.LEFT_OUT, Severity.CONTRADICTION, (), evidence={"code": code, "title": plan.national[code]}
            )


def without_duty(plan: PlanFacts) -> Iterator[Finding]:
    """Items of a list of which all others are given to a unit."""
    given = {task.duty_of for task in plan.tasks if task.duty_of}
    missing = [item for item in plan.items if item.code not in given]
    if given and 2 * len(given) > len(plan.items):
        for item in missing:
            yield Finding(
                Code.WITHOUT_DUTY, Severity.CONTRADICTION, (), evidence={"number": item.number, "title": item.title}
            )


def without_indicator(plan: PlanFacts) -> Iterator[Finding]:
    """Tasks that serve no indicator, as far as anybody has said."""
    tasks = [task for task in plan.tasks if task.serves is not None and not task.serves]
    yield from _one(Code.WITHOUT_INDICATOR, Severity.LOOK, tasks)


def without_task(plan: PlanFacts) -> Iterator[Finding]:
    """National indicators that no task serves."""
    if any(task.serves is None for task in plan.tasks) or not plan.tasks:
        return
    served = {code for task in plan.tasks for code in task.serves or () if code}
    if not served and not plan.items:
        return  # A plan of another field serves none of them.
    # What the plan's own list leaves out is said by another rule.
    asked = {item.national for item in plan.items if item.national} or set(plan.national)
    missing = tuple(title for code, title in plan.national.items() if code in asked - served)
    if missing:
        yield Finding(Code.WITHOUT_TASK, Severity.LOOK, (), evidence={"count": len(missing), "titles": missing})


def points(plan: PlanFacts) -> Iterator[Finding]:
    """Points that do not add up: of the parts to their item, of the B items to 100."""
    for item in plan.items:
        total = sum(item.part_points, Decimal(0))
        if item.points is not None and item.part_points and total != item.points:
            yield Finding(
                Code.POINTS,
                Severity.CONTRADICTION,
                _of_item(plan, item),
                evidence={"title": item.title, "points": item.points, "total": total},
            )
    scored = [item.points for item in plan.items if item.grade == "B" and item.points is not None]
    if scored and sum(scored, Decimal(0)) != WHOLE_POINTS:
        yield Finding(
            Code.POINTS,
            Severity.CONTRADICTION,
            (),
            evidence={"title": "B", "points": WHOLE_POINTS, "total": sum(scored, Decimal(0))},
        )


def reported_short(plan: PlanFacts) -> Iterator[Finding]:
    """Indicators of which the plan itself reports that they are not met."""
    short = [each for each in plan.reported if each.national and (each.met is False or each.value is not None)]
    said = tuple(map(_reported, short))
    if said:
        yield Finding(Code.REPORTED_SHORT, Severity.LOOK, (), evidence={"count": len(said), "titles": said})


def _reported(said: ReportedFacts) -> str:
    """R4 0.5380 > 0.50, or the code alone of what is said to be short without a figure."""
    if said.value is None:
        return said.national or ""
    over = f" > {said.limit}" if said.limit is not None and said.value > said.limit else ""
    return f"{said.national} {said.value}{over}"


def reported_elsewhere(plan: PlanFacts) -> Iterator[Finding]:
    """Values that a plan reports of what is none of the seven resource indicators."""
    for each in plan.reported:
        if each.subject and not each.national:
            yield Finding(
                Code.REPORTED_ELSEWHERE,
                Severity.LOOK,
                (),
                evidence={"title": each.subject, "value": "" if each.value is None else str(each.value)},
            )


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


RULES: tuple[Callable[[PlanFacts], Iterable[Finding]], ...] = (
    before_issue,
    which_year,
    unreadable,
    without_month,
    without_deadline,
    without_unit,
    lead_unstated,
    indicators_without_units,
    two_names,
    group_names,
    task_numbers,
    heading_numbers,
    numbers_restart,
    two_values,
    two_dates,
    other_terms,
    left_out,
    without_duty,
    without_task,
    without_indicator,
    reported_short,
    reported_elsewhere,
    points,
    grade_counts,
    no_document_number,
    no_issue_date,
)
