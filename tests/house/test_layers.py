"""Imports point one way, the web framework stays at the edge, and time and commits have one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import TEMPLATES, functions, imported, modules

# From the bottom up; a layer may import its own and everything below.
LAYERS = {
    "rules": 0,
    "models": 1,
    "queries": 2,
    "actions": 3,
    "documents": 3,
    "notifications": 3,
    "forms": 4,
    "jobs": 4,
    "views": 5,
    "commands": 5,
}
# What reads no clock of its own: the instant is an argument.
TIMELESS = {"rules", "models", "queries", "actions", "documents"}
WITHOUT_FLASK = {"rules", "queries", "actions", "documents"}
WEB = {"flask", "flask_babel", "flask_bootstrap", "flask_login", "flask_migrate", "flask_wtf", "werkzeug", "wtforms"}
# Mails are rendered by the templates of the application, jobs run in its context.
EDGE_BELOW = {"tracker.notifications.letters", "tracker.jobs.scheduler", "tracker.models.base"}
MAY_COMMIT = re.compile(r"tracker\.(views|jobs|commands)\b|tracker\.notifications\.(mailer|leases|recheck)$")


def layer(name: str) -> str | None:
    """The layer of a module, None for the few files directly in tracker/."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LAYERS else None


def faults(found: Iterator[str]) -> None:
    """Fail with every fault by its place."""
    listed = sorted(set(found))
    assert not listed, "\n" + "\n".join(listed)


def test_imports_point_downwards() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            own = layer(name)
            for target in imported(tree):
                other = layer(target) if target.startswith("tracker.") else None
                if own and other and LAYERS[other] > LAYERS[own]:
                    yield f"{name} imports {target}"

    faults(found())


def test_the_rules_know_neither_database_nor_web_nor_anything_of_ours_but_rules() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            if layer(name) != "rules":
                continue
            for target in imported(tree):
                root = target.split(".")[0]
                if root in WEB | {"sqlalchemy", "alembic", "flask_sqlalchemy", "os"}:
                    yield f"{name} imports {target}"
                if root == "tracker" and not target.startswith("tracker.rules"):
                    yield f"{name} imports {target}"

    faults(found())


def test_no_view_imports_another_place() -> None:
    places = {
        name
        for name, tree in modules().items()
        if layer(name) == "views" and any(target == "flask.Blueprint" for target in imported(tree))
    }
    assert len(places) > 5

    def found() -> Iterator[str]:
        for name, tree in modules().items():
            if name not in {"tracker", "tracker.views"}:
                yield from (f"{name} imports {target}" for target in imported(tree) if target in places - {name})

    faults(found())


def test_flask_stays_at_the_edge() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            inside = layer(name) in WITHOUT_FLASK | {"models", "notifications", "jobs"} and name not in EDGE_BELOW
            for target in imported(tree):
                if inside and target.split(".")[0] in WEB:
                    yield f"{name} imports {target}"

    faults(found())


def test_nothing_is_imported_inside_a_function() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            for function in functions(tree):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        yield f"{name}, line {node.lineno}: {function.name} imports"

    faults(found())


def calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every call with its line, written as in the source: datetime.now, db.session.commit."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield node.lineno, ast.unparse(node.func)


ASKS_THE_MACHINE = re.compile(
    r"(^|\.)(datetime|date)\.(now|today|utcnow|fromtimestamp)$|^time\.(time|localtime|gmtime)$"
)


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            for line, call in calls(tree):
                if name != "tracker.clock" and ASKS_THE_MACHINE.search(call):
                    yield f"{name}, line {line}: {call}()"

    faults(found())


def test_below_the_edge_the_instant_is_an_argument() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            if layer(name) not in TIMELESS:
                continue
            own_now = {"tracker.clock.now", "tracker.clock.today"} & set(imported(tree))
            yield from (f"{name} imports {target}" for target in own_now)
            for line, call in calls(tree):
                if call in {"clock.now", "clock.today"}:
                    yield f"{name}, line {line}: {call}()"

    faults(found())


def test_only_views_jobs_commands_and_the_mailer_commit() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            for line, call in calls(tree):
                if call.endswith(".commit") and not MAY_COMMIT.match(name):
                    yield f"{name}, line {line}: {call}()"

    faults(found())


def test_no_query_writes() -> None:
    writes = re.compile(r"session\.(add|add_all|delete|merge|flush|commit|bulk_\w+)$|^sa\.(insert|update|delete)$")

    def found() -> Iterator[str]:
        for name, tree in modules().items():
            for line, call in calls(tree):
                if layer(name) == "queries" and writes.search(call):
                    yield f"{name}, line {line}: {call}()"

    faults(found())


def test_every_text_is_escaped() -> None:
    for path in sorted(TEMPLATES.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*safe\b|autoescape", text), path
    for name, tree in modules().items():
        for line, call in calls(tree):
            assert call.split(".")[-1] not in {"Markup", "render_template_string"}, f"{name}, line {line}: {call}"


@pytest.mark.parametrize(("layer_name", "longest"), [("views", 25)])
def test_views_are_short(layer_name: str, longest: int) -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            if layer(name) != layer_name:
                continue
            for function in functions(tree):
                routed = any("route" in ast.unparse(each) for each in function.decorator_list)
                lines = (function.end_lineno or 0) - function.lineno
                if routed and lines >= longest:
                    yield f"{name}.{function.name}: {lines} lines"

    faults(found())


def test_functions_fit_on_a_screen() -> None:
    def found() -> Iterator[str]:
        for name, tree in modules().items():
            for function in functions(tree):
                lines = (function.end_lineno or 0) - function.lineno + 1
                if lines > 60:
                    yield f"{name}.{function.name}: {lines} lines"

    faults(found())
