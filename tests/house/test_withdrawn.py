"""A report that was taken back counts in no question: whoever asks the table says what becomes of withdrawn rows."""

from __future__ import annotations

import ast

from tests.house.source import modules

# The timeline shows them struck, a merged unit keeps them, and a task on which somebody has spoken is never removed.
MAY_COUNT = {"tracker.actions.plan_states", "tracker.queries.task", "tracker.queries.unit_references"}


def reads_reports(tree: ast.Module) -> bool:
    """Whether a module names a column of the table of reports."""
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Report"
        for node in ast.walk(tree)
    )


def names_withdrawn(tree: ast.Module) -> bool:
    """Whether a module asks which reports were taken back."""
    return any(isinstance(node, ast.Attribute) and node.attr == "withdrawn_at" for node in ast.walk(tree))


def test_every_question_about_reports_leaves_out_what_was_taken_back() -> None:
    readers = {name for name, tree in modules().items() if reads_reports(tree)}
    assert len(readers) > 5
    assert {name for name in readers if not names_withdrawn(modules()[name])} == MAY_COUNT
