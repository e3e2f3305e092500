"""When a building project can be used, in words: what the day rests on, and how far it lies from 1 September."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from tracker.rules.completion import Basis, Completion
from tracker.translations import ngettext, offer_filters


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, basis_text=basis_text, late_text=late_text, slack_text=slack_text)


def basis_text(found: Completion) -> str:
    """What the day rests on, with the node that is late."""
    late = late_text(found)
    match found.basis:
        case Basis.DONE:
            return _("已经交付")
        case Basis.EXPECTED:
            return _("单位预计；%(late)s", late=late) if late else _("单位预计")
        case Basis.SHIFTED:
            return _("%(late)s，后面顺延", late=late)
        case Basis.PLANNED:
            return _("按计划日期")
        case Basis.DEADLINE:
            return _("按方案时限；%(late)s", late=late) if late else _("按方案时限")
    return _("没有可信日期")


def late_text(found: Completion) -> str:
    """The node that is late and by how much; a batch without a node of its own is late itself."""
    if found.late_node is None:
        return ""
    days = ngettext("%(num)d天", "%(num)d天", found.slip_days)
    name = found.late_node.name
    return _("“%(node)s”晚%(days)s", node=name, days=days) if name else _("本批交付晚%(days)s", days=days)


def slack_text(days: int | None) -> str:
    """How far before or behind 1 September."""
    if days is None:
        return "—"
    if days < 0:
        return ngettext("晚%(num)d天", "晚%(num)d天", -days)
    return ngettext("余%(num)d天", "余%(num)d天", days)
