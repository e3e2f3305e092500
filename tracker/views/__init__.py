"""The places people visit: one file per place. ``register`` attaches them and what surrounds them."""

from __future__ import annotations

from flask import Flask

from tracker.views import (
    access,
    accounts,
    calendar,
    changes,
    drafts,
    errors,
    event_words,
    events,
    evidence,
    extensions,
    frame,
    handlers,
    health,
    help,
    history,
    home,
    indicators,
    instructions,
    ladders,
    language,
    ledger,
    outbox,
    overview,
    password_reset,
    periods,
    plan_tasks,
    plans,
    profile,
    projects,
    receipts,
    reports,
    robot_words,
    robots,
    security,
    sign_in,
    slips,
    tasks,
    unit_sheets,
    units,
    urges,
    waits,
    words,
    work,
)

PLACES = (
    home.place,
    sign_in.place,
    password_reset.place,
    language.place,
    overview.place,
    work.place,
    tasks.place,
    reports.place,
    periods.place,
    instructions.place,
    ledger.place,
    urges.place,
    slips.place,
    receipts.place,
    extensions.place,
    waits.place,
    evidence.place,
    drafts.place,
    projects.place,
    indicators.place,
    plans.place,
    plan_tasks.place,
    outbox.place,
    calendar.place,
    ladders.place,
    accounts.place,
    units.place,
    unit_sheets.place,
    robots.place,
    handlers.place,
    profile.place,
    events.place,
    health.place,
    help.place,
)


def register(app: Flask) -> None:
    """Attach every place, the guard in front of them, the frame around them and the answers to errors."""
    for part in (words, history, changes, event_words, robot_words, frame, access, security, errors):
        part.register(app)
    for place in PLACES:
        app.register_blueprint(place)
