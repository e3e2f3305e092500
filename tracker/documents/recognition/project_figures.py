"""The figures of a building project."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.documents.plan_shape import ProjectSeed


def figures_of(title: str, requirement: str, section: Sequence[str]) -> ProjectSeed | None:
    """The figures of a task that builds; None for any other."""
    return None
