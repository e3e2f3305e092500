"""When a project's seats can be used, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from tracker.rules.completion import NodeFacts
from tracker.rules.project_facts import HandoverFacts, PartFacts, ProjectFacts
from tracker.rules.stages import Stage
from tracker.views.completion_words import slack_text, usable_lines

TODAY = date(2026, 3, 1)
ROOFED = NodeFacts("主体封顶", date(2026, 1, 30), date(2026, 1, 30))
READY = NodeFacts("竣工验收·投用", date(2026, 8, 20), date(2026, 8, 20))


def facts(seats: int | None = 2000, *handovers: HandoverFacts, **differences: Any) -> ProjectFacts:
    part = PartFacts(1, "第九小学", Stage.PRIMARY, seats, handovers=handovers)
    return ProjectFacts("p", "项目", "new", parts=(part,), **differences)


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (facts(nodes=(ROOFED, READY)),
         ["预计2026年9月19日可用（“主体封顶”晚30天，后面顺延），晚于2026年9月1日，2,000 个学位错过2026年秋季"]),
        (facts(nodes=(READY,)), ["预计2026年8月20日可用（按计划日期），2,000 个学位2026年秋季可用"]),
        (facts(due_on=date(2024, 9, 30)), ["时限已过，没有新的日期，2,000 个学位错过2024年秋季"]),
        (facts(due_on=date(2026, 2, 1)), ["时限已过，没有新的日期，2,000 个学位不能算作2026年秋季可用"]),
        (facts(), ["2,000 个学位没有可信的可用日期"]),
        (facts(suspended=True), ["已中止，2,000 个学位不再计入"]),
        (facts(None), []),
        (facts(None, nodes=(READY,)), ["预计2026年8月20日可用（按计划日期）"]),
        (facts(2000, HandoverFacts(800, date(2026, 2, 1)), closed_on=None, due_on=date(2026, 9, 30)),
         ["已过计划日期，没有预计日期，800 个学位不能算作2026年秋季可用",
          "预计2026年9月30日可用（按方案时限），1,200 个学位2026年秋季可用"]),
        (facts(2000, HandoverFacts(2000, None, None, date(2025, 8, 1))),
         ["2025年8月1日已经交付，2,000 个学位2025年秋季可用"]),
    ],
)  # fmt: skip
def test_a_project_says_when_its_seats_can_be_used_and_why(app: Flask, project: ProjectFacts, said: list[str]) -> None:
    with app.test_request_context():
        assert usable_lines(project, TODAY) == said


def test_days_to_september_are_told_with_their_side(app: Flask) -> None:
    with app.test_request_context():
        assert [slack_text(days) for days in (None, -18, 0, 12)] == ["—", "晚18天", "余0天", "余12天"]
