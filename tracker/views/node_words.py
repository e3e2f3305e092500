"""The words of nodes: the names of the usual eight in the reader's language, and what is odd about their days."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from tracker.rules.nodes import USUAL_NODES, NodeQuestion, Question
from tracker.translations import CHINESE, chosen_language, offer_filters
from tracker.translations import lazy as _l
from tracker.views.words import day

# Names are kept as people write them; these eight alone have a translation.
TRANSLATED = dict(
    zip(
        USUAL_NODES,
        (
            _l("节点名称：立项"),
            _l("节点名称：可研"),
            _l("节点名称：用地"),
            _l("节点名称：规划许可"),
            _l("节点名称：招标"),
            _l("节点名称：开工"),
            _l("节点名称：主体封顶"),
            _l("节点名称：竣工验收·投用"),
        ),
        strict=True,
    )
)


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, node_name=node_name, node_question=question_text)


def node_name(name: str) -> str:
    """The name of a node: one of the usual eight in the reader's language, another one as it was written."""
    if chosen_language() == CHINESE or name not in TRANSLATED:
        return name
    return str(TRANSLATED[name])


def question_text(asked: NodeQuestion) -> str:
    """What is odd about a node, as a sentence with its days."""
    node, other = node_name(asked.node.name), node_name(asked.other.name) if asked.other else ""
    if asked.question is Question.AFTER_DEADLINE:
        planned, due = day(asked.node.planned_on), day(asked.on)
        return _("最后一个节点“%(node)s”计划 %(planned)s，晚于任务时限 %(due)s。", node=node, planned=planned, due=due)
    if asked.question is Question.DONE_OUT_OF_ORDER:
        return _("“%(node)s”已完成，排在前面的“%(other)s”还没有登记完成。", node=node, other=other)
    if asked.question is Question.IN_SEPTEMBER:
        planned = day(asked.node.planned_on)
        return _("最后一个节点“%(node)s”计划 %(planned)s，在9月1日之后，开学时还不能用。", node=node, planned=planned)
    if asked.question is Question.EXPECTED_BEHIND:
        return _(
            "最后一个节点“%(node)s”预计 %(expected)s，早于未完成的“%(other)s”（预计 %(before)s），不按这一预计推算。",
            node=node,
            expected=day(asked.node.expected_on),
            other=other,
            before=day(asked.other.expected_on if asked.other else None),
        )
    planned, before = day(asked.node.planned_on), day(asked.other.planned_on if asked.other else None)
    return _(
        "“%(node)s”计划 %(planned)s，早于排在前面的“%(other)s”（%(before)s）。",
        node=node,
        planned=planned,
        other=other,
        before=before,
    )
