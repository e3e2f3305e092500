"""节点清单: the names with which the nodes of a county's projects begin, by category."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions import node_lists as acts
from tracker.actions.node_lists import NO_ROW, StaleList
from tracker.forms.node_lists import NodeListForm, NodeListVersionForm
from tracker.models import ProjectCategory, db
from tracker.queries.nodes import node_lists as lists_of
from tracker.queries.reach import Reach
from tracker.rules.nodes import USUAL_NODES
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.counties import choose_county, county_argument, is_county
from tracker.views.reach import asked_reach
from tracker.views.words import word

place = Blueprint("node_lists", __name__)


@place.get("/projects/node-lists")
@needs(Can.EDIT_NODE_LISTS)
def node_lists() -> ResponseReturnValue:
    """The lists of one county."""
    reach = asked_reach()
    if not is_county(reach):
        return choose_county(reach, _("节点清单"), "node_lists.node_lists", nav="projects/_nav.html")
    return lists_page(reach)


@place.post("/projects/node-lists")
@needs(Can.EDIT_NODE_LISTS)
def save() -> ResponseReturnValue:
    """Write the list of a category; a stale save keeps what was typed."""
    reach = asked_county()
    form = NodeListForm({name for row in lists_of(reach.region).values() for name in row.names})
    if not form.is_sent():
        return lists_page(reach, form, status=400)
    try:
        names, version = form.node_names, form.version.data or NO_ROW
        acts.save_node_list(actor(), reach.region, form.chosen, names, version, clock.now())
    except StaleList:
        return stale_page(reach, form)
    db.session.commit()
    flash(_("已保存“%(category)s”项目的节点清单。", category=word(form.chosen)))
    return redirect(url_for("node_lists.node_lists", region=county_argument(reach.region)))


@place.post("/projects/node-lists/reset")
@needs(Can.EDIT_NODE_LISTS)
def reset() -> ResponseReturnValue:
    """Use the usual eight again for a category."""
    reach, form = asked_county(), NodeListVersionForm()
    if not form.is_sent():
        raise BadRequest
    try:
        acts.reset_node_list(actor(), reach.region, form.chosen, form.version.data or NO_ROW, clock.now())
    except StaleList:
        return stale_page(reach, None)
    db.session.commit()
    flash(_("“%(category)s”项目已恢复默认八项。", category=word(form.chosen)))
    return redirect(url_for("node_lists.node_lists", region=county_argument(reach.region)))


def asked_county() -> Reach:
    """The county in the address. Raises BadRequest for a region above."""
    reach = asked_reach()
    if not is_county(reach):
        raise BadRequest
    return reach


def stale_page(reach: Reach, form: NodeListForm | None) -> ResponseReturnValue:
    """409: the lists as others have left them; what was typed stands in its form, on the present version."""
    db.session.rollback()
    if form:
        row = lists_of(reach.region).get(form.chosen)
        form.version.data, form.version.raw_data = row.version if row else NO_ROW, None
    return lists_page(reach, form, stale=True, status=409)


def lists_page(
    reach: Reach, back: NodeListForm | None = None, stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    """All categories, each with its form; one that was not taken comes back with its words."""
    rows = lists_of(reach.region)
    forms = {}
    for category in ProjectCategory:
        row = rows.get(category)
        names = "\n".join(row.names if row else USUAL_NODES)
        forms[category] = NodeListForm(category=category.value, version=row.version if row else NO_ROW, names=names)
        if back and back.category.data == category.value:
            forms[category] = back
        forms[category].name_ids(f"list-{category.value}")
    return render_template(
        "node_lists/node_lists.html",
        forms=forms,
        rows=rows,
        stale=stale,
        back=back,
        region=county_argument(reach.region),
    ), status
