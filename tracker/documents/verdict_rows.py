"""Verdicts and forecasts as plain rows with stable keys, for JSON: decimals are texts, days are ISO dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.rules.forecast import ConditionOutlook, Forecast, Lack
from tracker.rules.gains import Arrival, Meeting, Why
from tracker.rules.measures import Finding, Judged
from tracker.rules.verdicts import ConditionVerdict, ItemVerdict, SchoolVerdict, SpreadVerdict, Verdict

Row = dict[str, Any]


def verdict_row(verdict: Verdict, *, with_schools: bool = True) -> Row:
    """A county's verdict: the whole, its items, its conditions with their coefficients, vetoes and schools."""
    score = verdict.score
    row = {
        "region": verdict.facts.region,
        "on": verdict.facts.on.isoformat(),
        "framework": verdict.standard.code,
        "school_year": verdict.facts.year,
        "finding": verdict.finding.value,
        "score": None
        if score is None
        else {
            "least": text(score.least),
            "most": text(score.most),
            "needed": text(score.needed),
            "finding": score.finding.value,
        },
        "items": [_item(each) for each in verdict.items],
        "conditions": [_condition(each) for each in verdict.conditions.values()],
        "vetoes": [
            {"number": veto.number, "title": veto.title, "finding": finding.value} for veto, finding in verdict.vetoes
        ],
    }
    return row | ({"schools": [_school(each) for each in verdict.schools]} if with_schools else {})


def forecast_row(found: Forecast) -> Row:
    """A county's forecast: each item and condition now, on the day and when all is finished, and what is wanting."""
    return {
        "region": found.now.facts.region,
        "on": found.on.isoformat(),
        "today": found.today.isoformat(),
        "mode": found.mode.value,
        "framework": found.standard.code,
        "school_year": found.now.facts.year,
        "finding": _three(found.now.finding, found.then.finding, found.finished.finding),
        "items": [
            {
                "code": each.now.item.code,
                "number": each.now.item.number,
                "title": each.now.item.title,
                "finding": _three(each.now.finding, each.then.finding, each.finished.finding),
            }
            for each in found.items
        ],
        "conditions": [_outlook(each) for each in found.conditions.values()],
        "schools": [
            {
                "id": key,
                "name": next(at.school.name for at in (each.now, each.then, each.finished) if at is not None),
                "finding": _three(*(None if at is None else at.finding for at in (each.now, each.then, each.finished))),
                "estimated": key in found.estimated,
            }
            for key, each in found.schools.items()
        ],
        "counted": [_arrival(each) for each in found.counted],
        "left_out": [_arrival(each) for each in found.left_out],
        "meetings": [_meeting(meeting, end) for meeting, end in found.meetings],
    }


def text(number: Decimal | None) -> str | None:
    """A decimal as it is, without an exponent and without zeros at its end."""
    if number is None:
        return None
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _item(found: ItemVerdict) -> Row:
    item = found.item
    return {
        "code": item.code,
        "number": item.number,
        "title": item.title,
        "national": item.national,
        "grade": item.grade,
        "finding": found.finding.value,
        "points": text(found.points),
        "conditions": [each.condition.code for each in found.conditions],
        "parts": [
            {"number": each.part.number, "finding": each.finding.value, "points": text(each.points)}
            for each in found.parts
        ],
    }


def _condition(found: ConditionVerdict) -> Row:
    return {
        "code": found.condition.code,
        "of": found.condition.of.value,
        "finding": found.finding.value,
        "met": found.met,
        "asked": found.asked,
        "unknown": found.unknown,
        "stages": {stage.value: finding.value for stage, finding in found.by_stage.items()},
        "coefficients": [_spread(each) for each in found.spreads],
    } | ({} if found.judged is None else _judged(found.judged))


def _spread(found: SpreadVerdict) -> Row:
    return {
        "stage": found.stage.value,
        "limit": text(found.limit),
        "value": text(found.coefficient.value) if found.coefficient else None,
        "mean": text(found.coefficient.mean) if found.coefficient else None,
        "units": found.coefficient.units if found.coefficient else 0,
        "unknown": found.unknown,
        "finding": found.finding.value,
    }


def _judged(judged: Judged) -> Row:
    return {
        "finding": judged.finding.value,
        "value": text(judged.value),
        "bound": text(judged.bound),
        "lacking": text(judged.lacking),
        "missing": list(judged.missing),
        "relaxed": judged.relaxed,
    }


def _all_judged(judged: Mapping[str, Judged]) -> Row:
    return {code: _judged(each) for code, each in judged.items()}


def _school(found: SchoolVerdict) -> Row:
    return {
        "id": found.school.id,
        "name": found.school.name,
        "kind": found.school.kind.value,
        "finding": found.finding.value,
        "conditions": _all_judged(found.judged),
        "units": [
            {
                "stage": unit.stage.value,
                "finding": unit.finding.value,
                "met": unit.met,
                "conditions": _all_judged(unit.judged),
            }
            for unit in found.units
        ],
    }


def _three(now: Finding | None, then: Finding | None, finished: Finding | None) -> Row:
    named = {"now": now, "then": then, "finished": finished}
    return {name: None if finding is None else finding.value for name, finding in named.items()}


def _outlook(found: ConditionOutlook) -> Row:
    return {
        "code": found.condition.code,
        "finding": _three(found.now.finding, found.then.finding, found.finished.finding),
        "now": _condition(found.now),
        "then": _condition(found.then),
        "finished": _condition(found.finished),
        "short_even_then": [_lack(each) for each in found.lacking],
    }


def _lack(found: Lack) -> Row:
    return {
        "school": found.school.id if found.school else None,
        "school_name": found.school.name if found.school else None,
        "stage": found.stage.value if found.stage else None,
        "figure": found.figure,
        "amount": text(found.amount),
        "tolerated": found.tolerated,
        "undecided": found.undecided,
    }


def _arrival(arrival: Arrival) -> Row:
    gain = arrival.gain
    return {
        "task": gain.task.key,
        "school": gain.school,
        "stage": gain.stage.value if gain.stage else None,
        "figure": gain.figure,
        "amount": text(gain.amount),
        "arrives_on": arrival.on.isoformat() if arrival.on else None,
        "why_not": arrival.why.value if arrival.why else None,
    }


def _meeting(meeting: Meeting, end: date | Why) -> Row:
    return {
        "task": meeting.task.key,
        "condition": meeting.condition,
        "arrives_on": None if isinstance(end, Why) else end.isoformat(),
        "why_not": end.value if isinstance(end, Why) else None,
    }
