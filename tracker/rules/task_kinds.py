"""The kinds of tasks, a unit's parts in them, and the categories of building projects."""

from __future__ import annotations

from enum import StrEnum


class TaskKind(StrEnum):
    """What sort of row of the plan a task is."""

    MEASURE = "measure"
    INDICATOR_DUTY = "indicator_duty"
    PROJECT = "project"
    POLICY_DOCUMENT = "policy_document"


class AssignmentRole(StrEnum):
    """A unit's part in a task, in the word of the document; a lead is never guessed."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATING = "cooperating"


class ProjectCategory(StrEnum):
    """新建、扩容改造、提质、教育信息化."""

    NEW = "new"
    EXPANSION = "expansion"
    UPGRADE = "upgrade"
    INFORMATIZATION = "informatization"
