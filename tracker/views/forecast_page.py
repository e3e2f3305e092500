"""What the page of forecasts shows, made ready: groups of items, what is not counted, what a what-if changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.forms.forecasts import Question, next_september
from tracker.models import PlanState
from tracker.queries.forecasts import Outlook
from tracker.rules.contrasts import contrasts
from tracker.rules.forecast import Forecast, ItemOutlook
from tracker.rules.gains import Arrival, Gain, Mode, TaskEnd, Why
from tracker.rules.measures import SEVERITY, Finding
from tracker.rules.school_years import school_year_of
from tracker.translations import in_language
from tracker.translations import lazy as _l
from tracker.views.forecast_words import change_words, gain_words, summary_words
from tracker.views.framework_choice import Choice
from tracker.views.words import day

MOST_LACKS = 3
FIELDS = {
    "on": _l("到哪一天"),
    "slip_task": _l("任务改期"),
    "slip_on": _l("改在哪一天完成"),
    "more_school": _l("学校增减学生"),
    "more_students": _l("增加多少人（减少填负数）"),
}
YEARS_AHEAD = 5


def shown(choice: Choice, asked: Question, outlook: Outlook, today: date) -> dict[str, Any]:
    """What the page says of a forecast."""
    found, figures = outlook.found, choice.standard.figures
    bring = partial(
        gain_words, schools=outlook.schools, figures={each.code: in_language(each, "name") for each in figures}
    )
    return {
        "found": found,
        "fields": FIELDS,
        "problems": asked.problems or {},
        "summary": summary_words(found),
        "groups": groups(found),
        "most_lacks": MOST_LACKS,
        "units": {each.code: each.unit for each in figures},
        "left_out": left_out(found),
        "has_unconfirmed": Why.UNCONFIRMED in whys(found),
        "undated": undated(found, bring),
        "bring": bring,
        "presets": [(text, address_of(choice, asked.query(on=on)), on == asked.on) for text, on in days(choice, today)],
        "include": address_of(choice, asked.query(unconfirmed=True)),
    }


def what_ifs(choice: Choice, asked: Question, outlook: Outlook, today: date, seen: frozenset[str]) -> dict[str, Any]:
    """What the page says of what-ifs and what it offers for more of them; tasks only to those who may see them."""
    tasks = {key: task for key, task in outlook.tasks.items() if key in seen}
    schools = outlook.schools
    return {
        "contrasts": contrasts(outlook.plain.then, outlook.found.then) if asked.changes else [],
        "even_then": contrasts(outlook.plain.finished, outlook.found.finished) if asked.changes else [],
        "what_ifs": [
            (change_words(each, outlook.tasks, schools, seen), address_of(choice, asked.without(each)))
            for each in asked.changes
        ],
        "no_what_if": address_of(choice, asked.query(changes=())),
        "open_tasks": sorted((each for each in tasks.values() if each.is_open), key=lambda each: each.title),
        "pupils": [(school, stage) for school in schools.values() for stage in school.compulsory],
        "years": range(school_year_of(today), school_year_of(today) + YEARS_AHEAD + 1),
        "modes": list(Mode),
    }


def address_of(choice: Choice, query: dict[str, Any], **changes: str | None) -> str:
    """The address of a question about a county by a framework."""
    return url_for("forecasts.forecast", **choice.address(**changes), **query)


def days(choice: Choice, today: date) -> list[tuple[str, date]]:
    """The days that are asked most: the next September and the one after, and what the county's plans aim at."""
    september = next_september(today)
    found = {september: _("%(day)s开学", day=day(september)), september.replace(year=september.year + 1): ""}
    for plan in choice.plans:
        if plan.state is not PlanState.CLOSED and plan.target_on and plan.target_on >= today:
            found[plan.target_on] = _("方案目标日 %(day)s", day=day(plan.target_on))
    return [(text or _("%(day)s开学", day=day(on)), on) for on, text in sorted(found.items())]


@dataclass(frozen=True)
class Group:
    """The items of a group: those that change or lack something, the worst first, and those that stay as they are."""

    name: str
    moving: list[ItemOutlook]
    still: list[ItemOutlook]

    @property
    def counts(self) -> list[tuple[Finding, int]]:
        """How many of those that stay are met, unknown or short."""
        findings = [each.then.finding for each in self.still]
        return [(finding, findings.count(finding)) for finding in dict.fromkeys(findings)]


def groups(found: Forecast) -> list[Group]:
    """The items by group, those that are worst on the day first."""
    by_group: dict[str, list[ItemOutlook]] = defaultdict(list)
    for each in sorted(found.items, key=_badness):
        by_group[in_language(each.now.item, "group")].append(each)
    names = dict.fromkeys(in_language(each.now.item, "group") for each in found.items)
    return [
        Group(name, [each for each in by_group[name] if not is_still(each)], list(filter(is_still, by_group[name])))
        for name in names
    ]


def is_still(item: ItemOutlook) -> bool:
    """Whether an item stays as it is, in the number of its schools as well, and nothing is said to be wanting."""
    if any(each.lacking for each in item.conditions):
        return False
    return all(
        (each.now.finding, each.now.met, each.now.asked)
        == (each.then.finding, each.then.met, each.then.asked)
        == (each.finished.finding, each.finished.met, each.finished.asked)
        for each in item.conditions
    ) and (item.now.finding is item.then.finding is item.finished.finding)


def _badness(item: ItemOutlook) -> tuple[int, int]:
    return -SEVERITY[item.then.finding], -SEVERITY[item.finished.finding]


def left_out(found: Forecast) -> list[tuple[Why, list[Arrival]]]:
    """What is not counted by its reason; what has no credible date stands first."""
    by_reason: dict[Why, list[Arrival]] = defaultdict(list)
    for each in found.left_out:
        if each.why is not None:
            by_reason[each.why].append(each)
    order = [Why.NO_DATE, *(why for why in Why if why is not Why.NO_DATE)]
    return [(why, by_reason[why]) for why in order if why in by_reason]


def whys(found: Forecast) -> list[Why]:
    """Why each thing that is not counted is not: amounts and conditions alike."""
    return [each.why for each in found.left_out if each.why] + [
        end for _each, end in found.meetings if isinstance(end, Why)
    ]


def undated(found: Forecast, bring: Callable[[Gain], str]) -> list[tuple[TaskEnd, list[str]]]:
    """The tasks without a credible date, each with what it would bring."""
    tasks: dict[str, tuple[TaskEnd, list[str]]] = {}
    for arrival in found.left_out:
        if arrival.why is Why.NO_DATE:
            tasks.setdefault(arrival.gain.task.key, (arrival.gain.task, []))[1].append(bring(arrival.gain))
    for meeting, end in found.meetings:
        if end is Why.NO_DATE:
            tasks.setdefault(meeting.task.key, (meeting.task, []))[1].append(
                _("满足 %(condition)s", condition=meeting.condition)
            )
    return list(tasks.values())
