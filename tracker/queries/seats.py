"""开学学位: the seats of building projects by the September that finds them, and the students expected by then."""

from __future__ import annotations

from datetime import date

from tracker.queries.project_facts import Conditions, project_facts
from tracker.rules.seats import Coming, coming


def seats_by_autumn(conditions: Conditions, today: date) -> Coming:
    """Seats planned and usable up to the coming September, of the projects that meet some conditions; three questions.

    Who has the projects at hand asks ``rules.seats.coming`` of them.
    """
    return coming(project_facts(conditions, today, with_money=False), today)
