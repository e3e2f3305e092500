"""The nodes of building projects, and the lists of names that regions use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import NodeList, NodeMove, Project, ProjectCategory, ProjectNode, Task, db
from tracker.rules.nodes import USUAL_NODES, NodeQuestion, PlannedNode, node_questions


@dataclass(frozen=True)
class NodesShown:
    """The nodes as the page of a project shows them, what is odd about them, and which one was chosen."""

    rows: list[ProjectNode]
    questions: list[NodeQuestion]
    edit: str

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(node.done_on is not None for node in self.rows)

    def focus(self, about: int | None) -> ProjectNode | None:
        """The node whose forms stand on top: that of a form that came back, the chosen one, the next to be done."""
        chosen = (node for node in self.rows if node.id == about or (about is None and f"node-{node.id}" == self.edit))
        return next(chosen, None) or next((node for node in self.rows if node.done_on is None), None)


def nodes_shown(project: Project, edit: str) -> NodesShown:
    """The nodes of a project as its page shows them; a deadline that must be set anew is none."""
    rows, task = nodes_on(project), project.task
    due_on = None if task.needs_redate else task.due_on
    return NodesShown(rows, node_questions([node.facts for node in rows], due_on), edit)


def present_list(project: Project) -> list[PlannedNode]:
    """The nodes of a project as a list; before there are any the names that its region uses."""
    rows = nodes_on(project)
    if not rows:
        return [PlannedNode(name) for name in usual_names(project)]
    return [PlannedNode(node.name, node.planned_on) for node in rows]


def nodes_of(task_id: int) -> list[ProjectNode]:
    """The nodes of a project in their order, as they stand now, with their moves."""
    query = sa.select(ProjectNode).where(ProjectNode.task_id == task_id).order_by(ProjectNode.position, ProjectNode.id)
    wanted = query.options(joinedload(ProjectNode.moves).joinedload(NodeMove.account), selectinload(ProjectNode.files))
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)).unique())


def nodes_on(project: Project) -> list[ProjectNode]:
    """The same for a page, asked once however many pieces of it ask."""
    if "nodes" in sa.inspect(project).unloaded:
        set_committed_value(project, "nodes", nodes_of(project.task_id))
    return project.nodes


def last_node(task: Task) -> ProjectNode | None:
    """The node that makes a project usable; None for a task without nodes."""
    query = sa.select(ProjectNode).where(ProjectNode.task_id == task.id)
    return db.session.scalars(query.order_by(ProjectNode.position.desc(), ProjectNode.id.desc()).limit(1)).first()


def node_lists(region: str) -> dict[ProjectCategory, NodeList]:
    """The lists that a region has of its own, by category."""
    rows = db.session.scalars(sa.select(NodeList).where(NodeList.region_code == region))
    return {row.category: row for row in rows}


def usual_names(project: Project) -> Sequence[str]:
    """The names with which the nodes of a project begin: its region's own for the category, else the usual eight."""
    row = node_lists(project.task.region_code).get(project.category)
    return row.names if row else USUAL_NODES
