"""节点 of a building project: plan them, move, expect and finish each, keep the list."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions import nodes as acts
from tracker.forms.nodes import (
    AddNodeForm,
    ExpectNodeForm,
    FinishNodeForm,
    MoveNodeForm,
    PlanNodesForm,
    RemoveNodeForm,
    RenameNodeForm,
    UndoNodeForm,
)
from tracker.models import Project
from tracker.queries.nodes import nodes_on
from tracker.rules.nodes import PlannedNode
from tracker.rules.permissions import Can
from tracker.views.access import actor, needs
from tracker.views.node_words import node_name
from tracker.views.project_page import act_on_project
from tracker.views.uploads import carried_files
from tracker.views.words import day

place = Blueprint("nodes", __name__)
PART = "nodes"


@place.post("/projects/<key>/nodes")
@needs(Can.KEEP_PROJECT)
def plan(key: str) -> ResponseReturnValue:
    """Put a list of nodes in force."""

    def do(project: Project, form: PlanNodesForm, now: datetime) -> str:
        rows, reason = form.listing.nodes, form.reason.data or ""
        count = acts.plan_nodes(actor(), project, form.version.data or 0, rows, reason, now)
        return _("已保存 %(count)d 个节点 · %(title)s", count=count, title=project.task.title)

    return act_on_project(
        key,
        Can.KEEP_PROJECT,
        lambda project: PlanNodesForm(known={node.name for node in nodes_on(project)}),
        do,
        PART,
    )


@place.post("/projects/<key>/nodes/add")
@needs(Can.KEEP_PROJECT)
def add(key: str) -> ResponseReturnValue:
    """Add a node."""

    def do(project: Project, form: AddNodeForm, now: datetime) -> str:
        row = PlannedNode(form.name.data or "", form.planned_on.data)
        node = acts.add_node(actor(), project, form.version.data or 0, row, form.after.data, now)
        return _("已添加节点“%(node)s”", node=node_name(node.name))

    return act_on_project(
        key, Can.KEEP_PROJECT, lambda project: AddNodeForm(nodes=nodes_on(project), name_of=node_name), do, PART
    )


@place.post("/projects/<key>/nodes/rename")
@needs(Can.KEEP_PROJECT)
def rename(key: str) -> ResponseReturnValue:
    """Call a node otherwise."""

    def do(project: Project, form: RenameNodeForm, now: datetime) -> str:
        name = form.name.data or ""
        if not acts.rename_node(actor(), project, form.version.data or 0, form.about.data or 0, name, now):
            return _("没有改动")
        return _("节点已改名为“%(node)s”", node=node_name(name))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: RenameNodeForm(), do, PART)


@place.post("/projects/<key>/nodes/remove")
@needs(Can.KEEP_PROJECT)
def remove(key: str) -> ResponseReturnValue:
    """Take a node away on which nothing has happened."""

    def do(project: Project, form: RemoveNodeForm, now: datetime) -> str:
        name = acts.remove_node(actor(), project, form.version.data or 0, form.about.data or 0, now)
        return _("已删除节点“%(node)s”", node=node_name(name))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: RemoveNodeForm(), do, PART)


@place.post("/projects/<key>/nodes/move")
@needs(Can.KEEP_PROJECT)
def move(key: str) -> ResponseReturnValue:
    """Move the planned day of a node, with those behind it where asked."""

    def do(project: Project, form: MoveNodeForm, now: datetime) -> str:
        to, reason, following = form.planned_on.data, form.reason.data or "", form.following.data
        version, about = form.version.data or 0, form.about.data or 0
        count = acts.move_node(actor(), project, version, about, to, reason, now, following)
        if count > 1:
            return _("计划日期定为 %(day)s，其后 %(count)d 个节点同样顺延", day=day(to), count=count - 1)
        return _("计划日期定为 %(day)s", day=day(to))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: MoveNodeForm(), do, PART)


@place.post("/projects/<key>/nodes/expect")
@needs(Can.KEEP_PROJECT)
def expect(key: str) -> ResponseReturnValue:
    """Keep the day that is expected of a node, or take it back."""

    def do(project: Project, form: ExpectNodeForm, now: datetime) -> str:
        on, reason = form.expected_on.data, form.reason.data or ""
        acts.expect_node(actor(), project, form.version.data or 0, form.about.data or 0, on, reason, now)
        return _("已记录预计 %(day)s 完成", day=day(on)) if on else _("已清除预计日期")

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: ExpectNodeForm(), do, PART)


@place.post("/projects/<key>/nodes/finish")
@needs(Can.KEEP_PROJECT)
def finish(key: str) -> ResponseReturnValue:
    """Say that a node was done."""

    def do(project: Project, form: FinishNodeForm, now: datetime) -> str:
        said, files = form.note.data or "", carried_files(form)
        version, about, on = form.version.data or 0, form.about.data or 0, form.done_on.data
        acts.finish_node(actor(), project, version, about, on, said, files, now)
        return _("已登记 %(day)s 完成", day=day(on))

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: FinishNodeForm(), do, PART)


@place.post("/projects/<key>/nodes/undo")
@needs(Can.KEEP_PROJECT)
def undo(key: str) -> ResponseReturnValue:
    """Take back that a node was done."""

    def do(project: Project, form: UndoNodeForm, now: datetime) -> str:
        version, about = form.version.data or 0, form.about.data or 0
        acts.undo_finish(actor(), project, version, about, form.reason.data or "", now)
        return _("已撤销完成登记")

    return act_on_project(key, Can.KEEP_PROJECT, lambda project: UndoNodeForm(), do, PART)
