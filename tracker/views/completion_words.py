"""When a building project can be used, in words: what the day rests on, and how far it lies from 1 September."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask_babel import gettext as _

from tracker.rules.completion import Basis, Completion, opening_autumn
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.seats import Slip, batches_of, handed_seats, has_seats, planned_seats, together
from tracker.translations import ngettext, offer_filters
from tracker.views.node_words import node_name
from tracker.views.words import day, number


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, basis_text=basis_text, late_text=late_text, missed_text=missed_text, slack_text=slack_text)
    app.jinja_env.globals.update(usable_lines=usable_lines)


def basis_text(found: Completion) -> str:
    """What the day rests on, with the node that is late."""
    late = late_text(found)
    match found.basis:
        case Basis.DONE:
            return _("已经交付")
        case Basis.EXPECTED:
            return _("单位预计；%(late)s", late=late) if late else _("单位预计")
        case Basis.SHIFTED:
            has_name = bool(found.late_node and found.late_node.name)
            return _("%(late)s，后面顺延", late=late) if has_name else late
        case Basis.PLANNED:
            return _("按计划日期")
        case Basis.DEADLINE:
            return _("按方案时限；%(late)s", late=late) if late else _("按方案时限")
    return missed_text(found) or _("没有可信日期")


def missed_text(found: Completion) -> str:
    """What has passed its planned day without a new one, where that is why no day is known."""
    if found.on is not None or found.late_node is None or found.late_node.planned_on is None:
        return ""
    name = found.late_node.name
    return _("“%(node)s”已过计划日期，没有预计日期", node=node_name(name)) if name else _("已过计划日期，没有预计日期")


def late_text(found: Completion) -> str:
    """The node that is late and by how much; a batch without a node of its own is late itself."""
    if found.late_node is None:
        return ""
    days = ngettext("%(num)d天", "%(num)d天", found.slip_days)
    name = found.late_node.name
    return _("“%(node)s”晚%(days)s", node=node_name(name), days=days) if name else _("本批交付晚%(days)s", days=days)


def slack_text(days: int | None) -> str:
    """How far before or behind 1 September."""
    if days is None:
        return "—"
    if days < 0:
        return ngettext("晚%(num)d天", "晚%(num)d天", -days)
    return ngettext("余%(num)d天", "余%(num)d天", days)


def usable_lines(facts: ProjectFacts, today: date) -> list[str]:
    """When a project's seats can be used, a line for each day on which some can; of the whole where none are named."""
    lines = [_seats_line(each, opening_autumn(today)) for each in together(batches_of(facts, today))]
    if facts.suspended:
        fallen = planned_seats(facts) - handed_seats(facts)
        said = [_("已中止，%(seats)s 个学位不再计入", seats=number(fallen))] if has_seats(facts) and fallen else []
        return [*said, *lines]
    if lines or has_seats(facts):
        return lines
    found = facts.completion(today)
    return [] if found.on is None else [_when(found)]


def _when(found: Completion) -> str:
    if found.basis is Basis.DONE:
        return _("%(day)s已经交付", day=day(found.on))
    return _("预计%(day)s可用（%(basis)s）", day=day(found.on), basis=basis_text(found))


def _seats_line(slip: Slip, coming: int) -> str:
    """The seats that share a day: when, on what it rests, and which autumn finds them or misses them."""
    seats, planned, usable = number(slip.seats), slip.planned.autumn, slip.usable
    if usable.on is None and planned is None:
        return _("%(seats)s 个学位没有可信的可用日期", seats=seats)
    missed = missed_text(usable)
    if missed and planned is not None:
        return _("%(missed)s，%(seats)s 个学位不能算作%(year)d年秋季可用", missed=missed, seats=seats, year=planned)
    if usable.on is None and planned is not None and planned >= coming:
        return _("时限已过，没有新的日期，%(seats)s 个学位不能算作%(year)d年秋季可用", seats=seats, year=planned)
    if usable.on is None:
        return _("时限已过，没有新的日期，%(seats)s 个学位错过%(year)d年秋季", seats=seats, year=planned)
    if slip.batches[0].is_lost:
        said = {"when": _when(usable), "year": planned, "seats": seats}
        return _("%(when)s，晚于%(year)d年9月1日，%(seats)s 个学位错过%(year)d年秋季", **said)
    return _("%(when)s，%(seats)s 个学位%(year)d年秋季可用", when=_when(usable), seats=seats, year=usable.autumn)
