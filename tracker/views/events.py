"""The audit log: who did what to which object, from where, before and after. The auditor reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.events import note_export
from tracker.documents.csv_lines import MARK, csv_text
from tracker.forms.events import LONGEST_SEARCH, ExportForm
from tracker.models import Event, db
from tracker.models.engine import reading_only
from tracker.queries.events import EventFilters, events_before, events_count, events_page
from tracker.rules.clocks import YEARS
from tracker.rules.permissions import Can, Role
from tracker.translations import lazy as _l
from tracker.views.access import actor, needs, person
from tracker.views.event_words import ACTS
from tracker.views.query import asked_for
from tracker.views.words import word

place = Blueprint("events", __name__)

FILTERS = ("act", "who", "subject", "result", "since", "until")
ROWS_AT_ONCE = 1000
COLUMNS = (
    _l("序号"),
    _l("时间"),
    _l("操作人"),
    _l("角色"),
    _l("单位"),
    _l("网络地址"),
    _l("操作"),
    _l("对象"),
    _l("结果"),
    _l("变化前"),
    _l("变化后"),
    _l("散列值"),
)


@place.get("/events")
@needs(Can.READ_AUDIT)
def events() -> ResponseReturnValue:
    """The events that this auditor reads, newest first, filtered and in pages."""
    filters, kept = asked(request.args), asked_for(request.args, FILTERS)
    return render_template(
        "events/events.html",
        page=events_page(person().region, filters, request.args.get("page", 1, type=int)),
        filters=filters,
        kept=[(name, request.args[name]) for name in kept],
        acts=ACTS,
        address=lambda number: url_for("events.events", **kept, page=number),
    )


@place.post("/events/export")
@needs(Can.READ_AUDIT)
def export() -> ResponseReturnValue:
    """Every event that the filters find as a CSV file, newest first; that it was taken away is an event itself."""
    form = ExportForm()
    if not form.is_sent():
        raise BadRequest
    region, filters, moment = person().region, asked(request.form), clock.now()
    said = {"count": events_count(region, filters)} | {name: form[name].data for name in FILTERS if form[name].data}
    kept = note_export(actor(), region, said, moment)
    db.session.commit()
    name = _("审计日志-%(day)s.csv", day=clock.office_day(moment).isoformat())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(csv_pieces(app, region, filters, kept.id), mimetype="text/csv")
    # A header holds Latin letters alone: the Chinese name goes beside a plain one, as RFC 6266 says.
    plain = f"audit-{clock.office_day(moment).isoformat()}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"
    return answer


def csv_pieces(app: Flask, region: str, filters: EventFilters, number: int) -> Iterator[str]:
    """The file piece by piece, of the events before a number; the words are those of this request.

    Each piece asks in a reader's transaction of its own, so that a slow download holds up nobody.
    """
    acts, roles = {act: str(text) for act, text in ACTS.items()}, {role.value: word(role) for role in Role}
    results = {True: _("成功"), False: _("拒绝或失败")}
    first = MARK + csv_text([[str(title) for title in COLUMNS]])

    def line(event: Event) -> list[object]:
        return [
            event.id,
            clock.office_time(event.at).isoformat(timespec="seconds"),
            event.person_name,
            roles.get(event.role or ""),
            event.unit_name,
            event.address,
            acts.get(event.act, event.act),
            event.object_id,
            results[event.allowed],
            as_json(event.before),
            as_json(event.after),
            event.hash,
        ]

    def pieces() -> Iterator[str]:
        yield first
        last = number
        while last:
            with app.app_context(), reading_only():
                rows = [line(event) for event in events_before(region, filters, last, ROWS_AT_ONCE)]
            last = int(str(rows[-1][0])) if rows else 0
            yield csv_text(rows)

    return pieces()


def as_json(values: dict[str, Any] | None) -> str:
    """What an event says, in a form that other programs read."""
    return json.dumps(values, ensure_ascii=False) if values else ""


def asked(values: Mapping[str, str]) -> EventFilters:
    """The filters of an address or a form. Raises BadRequest for an act, a result or a day that does not exist."""

    def text(name: str) -> str:
        return values.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]

    act, result = text("act"), text("result")
    if act not in {"", *ACTS} or result not in {"", "allowed", "refused"}:
        raise BadRequest
    return EventFilters(
        act=act,
        who=text("who"),
        subject=text("subject"),
        allowed=None if not result else result == "allowed",
        since=_day(text("since")),
        until=_day(text("until")),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest from None
    if day.year not in YEARS:
        raise BadRequest
    return day
