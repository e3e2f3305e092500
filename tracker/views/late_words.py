"""The words of what was entered after the cut-off of an issue."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from tracker.queries.late_entries import LateEntry
from tracker.rules.late_entries import LateKind
from tracker.rules.money import MoneyKind
from tracker.translations import offer_filters
from tracker.views.money_words import amount_text
from tracker.views.node_words import node_name
from tracker.views.words import word


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, late_entry_text=late_entry_text)


def late_entry_text(entry: LateEntry) -> str:
    """What was entered, in its own words or in a few of ours."""
    match entry.kind:
        case LateKind.NODE:
            return _("节点“%(node)s”完成", node=node_name(entry.words or ""))
        case LateKind.MONEY:
            return _("%(kind)s %(amount)s", kind=word(MoneyKind(entry.words or "")), amount=amount_text(entry.yuan))
        case LateKind.PHOTO:
            return entry.words or _("工地照片")
        case _:
            return entry.words or ""
