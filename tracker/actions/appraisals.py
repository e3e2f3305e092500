"""年度考核: draw the sheet of a year up, publish it with a term, object to it, and answer objections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.instructions import author
from tracker.actions.moves import RuleRefused
from tracker.actions.record import Actor, record
from tracker.clock import office_day
from tracker.models import Appraisal, AppraisalLine, AppraisalState, Objection, db
from tracker.queries.appraisals import Own, answered_of, appraisal_of, by_unit, closed_issues, tasks_of
from tracker.queries.calendar import calendar_of
from tracker.rules.appraisals import (
    MOST_OBJECTIONS,
    STORED,
    Span,
    contradiction,
    figures_of,
    in_force,
    is_open,
    on_time,
    places_of,
    span_of,
    term_end,
)

LONGEST_NAME = 200


@dataclass(frozen=True)
class Ruling:
    """What the office fills into its answer; ``figures`` count where the objection is upheld.

    ``answered`` objections of the unit stood behind the figures that were shown.
    """

    upheld: bool
    answer: str
    figures: Mapping[str, int]
    answered: int


def make_appraisal(actor: Actor, region: str, year: int, now: datetime) -> Appraisal:
    """Draw the sheet of a year up, or give the one that stands. Raises RuleRefused: no_issue."""
    standing = appraisal_of(region, year)
    if standing:
        return standing
    span = _span(region, year, now)
    appraisal = Appraisal(region_code=region, year=year, last_issue_id=span.last.id, made_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(appraisal)
            db.session.flush()
    except IntegrityError:
        made = appraisal_of(region, year)
        if made is None:
            raise
        return made
    said = {"issue": span.last.number, "units": _fill(appraisal, span)}
    record(actor, "make_appraisal", now, obj=_named(appraisal), region=region, after=said)
    return appraisal


def recompute(actor: Actor, appraisal: Appraisal, version: int, now: datetime) -> None:
    """Draw a draft up anew from the issues that stand now. Raises RuleRefused: appraisal_stale, no_issue."""
    _claim(appraisal, version)
    span = _span(appraisal.region_code, appraisal.year, now)
    db.session.execute(sa.delete(AppraisalLine).where(AppraisalLine.appraisal_id == appraisal.id))
    appraisal.last_issue_id, appraisal.made_at = span.last.id, now
    said = {"issue": span.last.number, "units": _fill(appraisal, span)}
    record(actor, "recompute_appraisal", now, obj=_named(appraisal), region=appraisal.region_code, after=said)


def publish(actor: Actor, appraisal: Appraisal, version: int, days: int, now: datetime) -> None:
    """Publish a draft: from now on its frozen figures stand, and units may object for so many working days.

    Raises RuleRefused: appraisal_stale, appraisal_empty.
    """
    _claim(appraisal, version)
    if not db.session.scalar(sa.select(sa.exists().where(AppraisalLine.appraisal_id == appraisal.id))):
        raise RuleRefused("appraisal_empty")
    until = term_end(calendar_of(appraisal.region_code), office_day(now), days)
    appraisal.state, appraisal.published_at, appraisal.objections_until = AppraisalState.PUBLISHED, now, until
    appraisal.published_by = actor.person.name if actor.person else None
    db.session.flush()
    said = {"days": days, "until": until}
    record(actor, "publish_appraisal", now, obj=_named(appraisal), region=appraisal.region_code, after=said)


def object_to(actor: Actor, line: AppraisalLine, text: str, once: str, now: datetime) -> Objection:
    """Object to the figures of a unit; the same form sent again is the same objection.

    Raises RuleRefused: objection_late, objections_many.
    """
    if (earlier := _sent_as(line, once)) is not None:
        return earlier
    if not is_open(line.appraisal.objections_until, office_day(now)):
        raise RuleRefused("objection_late")
    # Whoever objects at the same time waits here, so that all are counted.
    db.session.refresh(line, ["position"], with_for_update=True)
    asked = sa.select(sa.func.count()).where(Objection.line_id == line.id)
    if (db.session.scalar(asked) or 0) >= MOST_OBJECTIONS:
        raise RuleRefused("objections_many")
    row = Objection(line_id=line.id, account_id=author(actor), text=text, at=now, once=once)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return db.session.scalars(_asked_as(line, once)).one()
    _note(actor, "object_to_appraisal", line, now, reason=text)
    return row


def answer(actor: Actor, objection: Objection, ruling: Ruling, now: datetime) -> None:
    """Answer an objection, once; where it is upheld the figures are put right beside the frozen ones.

    Raises RuleRefused: objection_answered, figures_changed, figures_same, figures_contradict.
    """
    answered = db.session.execute(
        sa.update(Objection)
        .where(Objection.id == objection.id, Objection.answered_at.is_(None))
        .values(answer=ruling.answer, upheld=ruling.upheld, answered_by_id=author(actor), answered_at=now)
        .execution_options(synchronize_session=False)
    )
    if answered.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleRefused("objection_answered")
    line = objection.line
    db.session.refresh(line, ["figures", "corrected"], with_for_update=True)
    before = in_force(line.figures, line.corrected)
    if ruling.upheld:
        if ruling.answered != answered_of(line) - 1:
            raise RuleRefused("figures_changed")  # the form would undo what another answer put right
        _put_right(line, ruling.figures)
    after = in_force(line.figures, line.corrected)
    changed = {name: value for name, value in after.items() if value != before[name]}
    said = {"upheld": ruling.upheld, "reason": ruling.answer, **changed}
    was = {name: before[name] for name in changed}
    db.session.refresh(objection)
    _note(actor, "answer_objection", line, now, was, **said)


def _put_right(line: AppraisalLine, figures: Mapping[str, int]) -> None:
    """Keep what differs from the frozen figures. Raises RuleRefused where nothing changes or no such figures can be."""
    wanted = {**line.figures, **{figure.value: figures[figure.value] for figure in STORED if figure.value in figures}}
    if wanted == in_force(line.figures, line.corrected):
        raise RuleRefused("figures_same")
    if contradiction(wanted):
        raise RuleRefused("figures_contradict")
    line.corrected = {name: value for name, value in wanted.items() if value != line.figures[name]}
    db.session.flush()


def _span(region: str, year: int, now: datetime) -> Span:
    span = span_of(closed_issues(region, office_day(now)), year)
    if span is None:
        raise RuleRefused("no_issue")
    return span


def _fill(appraisal: Appraisal, span: Span) -> int:
    """Write the rows of a sheet, best place first; how many there are."""
    found = by_unit(appraisal.region_code, tasks_of(appraisal.region_code, span))
    figures = {number: figures_of(own.tasks.values()) for number, own in enumerate(found)}
    places = places_of(figures)
    worst = len(found) + 1

    def in_order(each: int) -> tuple[int, bool, Fraction, str]:
        rate = on_time(figures[each]).rate
        return places.get(each, worst), rate is None, -(rate or Fraction()), found[each].name

    order = sorted(figures, key=in_order)
    db.session.add_all(
        AppraisalLine(
            appraisal_id=appraisal.id,
            unit_id=found[each].unit_id,
            name=_name(found[each]),
            meant=found[each].meant,
            position=position,
            figures=figures[each],
        )
        for position, each in enumerate(order, start=1)
    )
    db.session.flush()
    return len(order)


def _name(own: Own) -> str:
    """The name of today, with those of the year's issues that differ."""
    name = f"{own.name}（原{'、'.join(own.former)}）" if own.former else own.name
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 2]}…）"


def _claim(appraisal: Appraisal, version: int) -> None:
    """Take the next version of a draft. Raises RuleRefused where somebody else did, or has published it."""
    claimed = db.session.execute(
        sa.update(Appraisal)
        .where(Appraisal.id == appraisal.id, Appraisal.version == version, Appraisal.state == AppraisalState.DRAFT)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleRefused("appraisal_stale")
    db.session.refresh(appraisal)


def _asked_as(line: AppraisalLine, once: str) -> sa.Select[Objection]:
    return sa.select(Objection).where(Objection.line_id == line.id, Objection.once == once)


def _sent_as(line: AppraisalLine, once: str) -> Objection | None:
    return db.session.scalar(_asked_as(line, once))


def _named(appraisal: Appraisal) -> tuple[str, str]:
    return ("appraisal", str(appraisal.year))


def _note(
    actor: Actor, act: str, line: AppraisalLine, now: datetime, before: Mapping[str, Any] | None = None, **said: Any
) -> None:
    region = line.appraisal.region_code
    said = {"unit": line.name, **said}
    record(actor, act, now, obj=_named(line.appraisal), region=region, before=before or None, after=said)
