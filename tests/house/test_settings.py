"""Every setting that the tracker reads stands in README, and README promises none that nobody reads."""

from __future__ import annotations

import ast
import re

from tests.house.source import modules
from tracker.settings import ROOT

NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
# What README may name in the same letters without being a setting.
NO_SETTING = {
    "README",
    "LICENSE",
    "CHANGELOG",
    "CONTRIBUTING",
    "JSON",
    "SQL",
    "PY",
    "JOBS",
    "CODE",
    "FILE",
    "UTC",
    "CSP",
}


def settings() -> set[str]:
    """The names of the environment variables that any module reads."""
    found = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and re.search(r"\b(env|environ)\b", ast.unparse(node)):
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and NAME.fullmatch(text)}
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                found.add(ast.unparse(node.slice).strip("'\""))
    return found


def test_every_setting_stands_in_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"DATABASE_URL", "SECRET_KEY", "BASE_URL", "SMTP_PASSWORD_FILE", "TRACKER_FAKE_NOW"} <= settings()
    assert {name for name in settings() if f"`{name}" not in readme} == set()


def test_readme_promises_no_setting_that_nobody_reads() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|\s*`([A-Z][A-Z0-9_]*)[`=]", readme, re.MULTILINE)
    assert {name for name in rows if name not in settings() | NO_SETTING} == set()
    assert rows
