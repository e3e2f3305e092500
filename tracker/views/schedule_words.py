"""序时进度 in words: how much time is gone and from when to when, why a project is behind or cannot be judged."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask
from flask_babel import gettext as _

from tracker import clock
from tracker.rules.charts import Bullet, paced
from tracker.rules.money import TENTH
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.rounding import percent_shown, shown
from tracker.rules.schedules import (
    TOLERANCE,
    EndBasis,
    Figure,
    NoShare,
    Reason,
    Schedule,
    StartBasis,
    TimeGone,
    YearMoney,
    schedule_of,
)
from tracker.translations import offer_filters
from tracker.views.node_words import node_name
from tracker.views.words import day, number

HUNDRED = 100
MOST_NODES = 3


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(
        app,
        percent=percent,
        schedule_now=schedule_now,
        time_text=time_text,
        reason_text=reason_text,
        unknown_text=unknown_text,
    )
    app.jinja_env.globals.update(year_bar=year_bar)


def schedule_now(project: ProjectFacts) -> Schedule:
    """A project held against its time today."""
    return schedule_of(project, clock.today())


def percent(share: Decimal | None) -> str:
    """A share in whole percent, a dash for none."""
    return "—" if share is None else f"{percent_shown(share)}%"


def time_text(time: TimeGone) -> str:
    """From when to when, and what both rest on; what is not known is left out."""
    start, end = day(time.start), day(time.end)
    begins = {
        StartBasis.FIRST_NODE: _("自首个节点原计划日（%(day)s）算起", day=start),
        StartBasis.TASK: _("自任务开始日（%(day)s）算起", day=start),
        StartBasis.PLAN: _("自方案印发日（%(day)s）算起", day=start),
        None: "",
    }[time.start_basis]
    ends = {
        EndBasis.LAST_NODE: _("至末个节点计划日（%(day)s）", day=end),
        EndBasis.DEADLINE: _("至时限（%(day)s）", day=end),
        None: "",
    }[time.end_basis]
    return _("，").join(each for each in (begins, ends) if each)


def reason_text(reason: Reason) -> str:
    """Why a project is behind, with its figures."""
    if reason.figure is Figure.NODES:
        return _nodes_text(reason)
    if reason.reached is None or reason.gone is None:
        return ""
    said = {
        "gone": _one_place(reason.gone),
        "reached": _one_place(reason.reached),
        "lag": number(shown((reason.gone - reason.reached) * HUNDRED, TOLERANCE * HUNDRED, 1)),
    }
    if reason.figure is Figure.PAID:
        return _("支付 %(reached)s%%，时间已过 %(gone)s%%，落后 %(lag)s 个百分点", **said)
    if reason.figure is Figure.ALLOCATED:
        return _("到位 %(reached)s%%，时间已过 %(gone)s%%，落后 %(lag)s 个百分点", **said)
    return _("形象进度 %(reached)s%%，时间已过 %(gone)s%%，落后 %(lag)s 个百分点", **said)


def _nodes_text(reason: Reason) -> str:
    missed = _("、").join(
        _("%(name)s（计划%(day)s）", name=node_name(node.name), day=day(node.planned_on))
        for node in reason.missed[:MOST_NODES]
    )
    said = {"due": reason.due, "done": reason.done, "nodes": missed}
    if len(reason.missed) > MOST_NODES:
        return _("到期节点 %(due)d 个，完成 %(done)d 个，未完成：%(nodes)s等", **said)
    return _("到期节点 %(due)d 个，完成 %(done)d 个，未完成：%(nodes)s", **said)


def unknown_text(schedule: Schedule) -> str:
    """Why a project cannot be judged."""
    missing = schedule.time.missing
    if missing is not None:
        return {
            NoShare.NO_START: _("没有开始日期"),
            NoShare.NO_END: _("没有末个节点的计划日，也没有时限"),
            NoShare.REDATE: _("时限待重定，也没有末个节点的计划日"),
            NoShare.END_BEFORE_START: _("结束日不晚于开始日，请核对日期"),
        }[missing]
    if schedule.project.money and not schedule.project.planned_yuan:
        return _("没有计划投资，到位和支付无从对照")
    return _("没有填节点、到位、支付或形象进度")


def year_bar(money: YearMoney, yuan: int | None) -> Bullet | None:
    """A sum of the year as a bar beside the level expected today; all bars of a year have one scale."""
    if yuan is None or not money.planned:
        return None
    longest = max(money.planned, money.allocated or 0, money.paid or 0)
    return paced(Decimal(yuan), Decimal(money.planned), Decimal(money.expected or 0), Decimal(longest))


def _one_place(share: Decimal) -> str:
    return number(percent_shown(share, TENTH))
