"""预测: what a county meets on a day, what is short even when every task is finished, and what-ifs."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.forms.forecasts import read_question
from tracker.queries.forecasts import outlook_of, seen_of
from tracker.queries.reach import Reach
from tracker.rules.permissions import Can
from tracker.views.access import needs, person
from tracker.views.counties import choose_county
from tracker.views.forecast_page import address_of, shown, what_ifs
from tracker.views.framework_choice import asked_choice

place = Blueprint("forecasts", __name__)


@place.get("/forecast")
@needs(Can.SEE_INDICATORS)
def forecast() -> ResponseReturnValue:
    """The forecast of one county for a day; above a county, which one is meant."""
    choice, today = asked_choice(), clock.today()
    if isinstance(choice, Reach):
        return choose_county(choice, _("指标预测"), "forecasts.forecast")
    asked = read_question(request.args, today)
    if asked.is_typed and not asked.problems:
        return redirect(address_of(choice, asked.query()))
    region, standard = choice.region.code, choice.standard
    outlook = outlook_of(standard, region, asked.on, today, asked.mode, asked.changes, asked.unconfirmed)
    seen = seen_of(person(), outlook.tasks)
    return render_template(
        "forecasts/forecast.html",
        choice=choice,
        asked=asked,
        seen=seen,
        address=lambda **changes: address_of(choice, asked.query(), **changes),
        **shown(choice, asked, outlook, today),
        **what_ifs(choice, asked, outlook, today, seen),
    )
