"""What lies ahead of one indicator: how it stands when the tasks in hand are finished, and what is short even then."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from tracker.queries.forecasts import foreseen
from tracker.rules.forecast import lacking
from tracker.rules.measures import Finding, worst
from tracker.translations import gettext as _
from tracker.views.county_answers import CountyAnswer
from tracker.views.forecast_words import lack_words
from tracker.views.indicator_list import items_by_national
from tracker.views.words import word

MOST_LACKS = 3
OPEN = frozenset({Finding.NONE, Finding.UNKNOWN})


@dataclass(frozen=True)
class Prospect:
    """One sentence on an indicator when all is finished, and what is short even then; ``more`` are not named."""

    words: str
    finding: Finding
    lacks: list[str]
    more: int
    address: str


def prospect_of(code: str, county: CountyAnswer) -> Prospect | None:
    """What the tasks in hand do for an indicator, with today's students; None where nothing is known or short."""
    on = county.verdict.facts.on
    found = foreseen(county.verdict)
    of_now, items = items_by_national(county.verdict).get(code, ()), items_by_national(found.finished).get(code, ())
    now, then = worst(each.finding for each in of_now), worst(each.finding for each in items)
    if (now in OPEN and then in OPEN) or (now is then and now is not Finding.SHORT):
        return None
    units = {each.code: each.unit for each in found.standard.figures}
    conditions = {each.condition.code: each for item in items for each in item.conditions}.values()
    lacks = [lack for each in conditions for lack in lacking(found.finished, each) if not lack.tolerated]
    framework = request.args.get("framework") or None
    return Prospect(
        _("现在未达标；按现有学生数，在办任务全部完成后仍未达标")
        if now is then
        else _("现在%(now)s；按现有学生数，在办任务全部完成后%(then)s", now=word(now), then=word(then)),
        then,
        [lack_words(each, units) for each in lacks[:MOST_LACKS]],
        max(len(lacks) - MOST_LACKS, 0),
        url_for("forecasts.forecast", region=county.region, framework=framework, on=on.isoformat()),
    )
