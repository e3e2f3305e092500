"""README and CONTRIBUTING name every command and every package that the tracker imports."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions

from flask import Flask

from tests.house.source import imported, modules
from tracker.settings import ROOT


def test_every_command_of_ours_stands_in_readme(app: Flask) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ours = {name for name in app.cli.commands if name != "db"}
    assert "reset-password" in ours
    assert {name for name in ours if f"`{name}" not in readme} == set()


def test_every_imported_package_has_its_reason_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").casefold()
    names = {name.split(".")[0] for tree in modules().values() for name in imported(tree)}
    foreign = names - set(sys.stdlib_module_names) - {"tracker"}
    distributions = packages_distributions()
    assert "click" in foreign
    assert {name for name in foreign if not any(each.casefold() in text for each in distributions[name])} == set()
