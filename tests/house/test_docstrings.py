"""Every module, public class and function says in a sentence what a caller gets."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.source import modules

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(node: Documented, name: str) -> Iterator[tuple[str, Documented]]:
    """A module or class and everything public in it; what a function defines for itself is its own business."""
    yield name, node
    for child in getattr(node, "body", []):
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public(child, f"{name}.{child.name}")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            yield f"{name}.{child.name}", child


def test_everything_public_has_a_docstring_of_whole_sentences() -> None:
    found = []
    for name, tree in modules().items():
        for place, node in public(tree, name):
            said = ast.get_docstring(node)
            if not said:
                found.append(f"{place}: none")
            elif not said.rstrip().endswith((".", "。")):
                found.append(f"{place}: does not end as a sentence: {said.splitlines()[-1]}")
    assert not found, "\n" + "\n".join(found)
