"""A building project as an issue freezes it: its bare facts, so that the rules of today's page read them later."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.rules.completion import NodeFacts
from tracker.rules.lights import Light
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import HandoverFacts, PartFacts, ProjectFacts
from tracker.rules.stages import Stage

NODE_DAYS = ("planned_on", "first_planned_on", "expected_on", "done_on")
HANDOVER_DAYS = ("planned_on", "expected_on", "handed_on")
DAYS = ("due_on", "expected_on", "closed_on")
FLAGS = ("suspended", "submitted", "needs_redate")


def written(project: ProjectFacts) -> dict[str, Any]:
    """The facts as JSON; what is empty is left out."""
    return _full(
        category=project.category,
        light=project.light.value,
        budget_yuan=project.budget_yuan,
        money={kind.value: amount for kind, amount in project.money.items()},
        **{name: getattr(project, name) for name in FLAGS},
        **_days(project, DAYS),
        nodes=[_full(name=node.name, **_days(node, NODE_DAYS)) for node in project.nodes],
        parts=[
            _full(
                stage=part.stage.value if part.stage else None,
                seats=part.seats,
                handovers=[_full(seats=each.seats, **_days(each, HANDOVER_DAYS)) for each in part.handovers],
            )
            for part in project.parts
        ],
    )


def read(said: dict[str, Any], key: str = "", title: str = "") -> ProjectFacts:
    """The facts again."""
    return ProjectFacts(
        key=key,
        title=title,
        category=said.get("category", ""),
        light=Light(said["light"]),
        budget_yuan=said.get("budget_yuan"),
        money={MoneyKind(kind): amount for kind, amount in said.get("money", {}).items()},
        **{name: said.get(name, False) for name in FLAGS},
        **_read_days(said, DAYS),
        nodes=tuple(NodeFacts(node["name"], **_read_days(node, NODE_DAYS)) for node in said.get("nodes", ())),
        parts=tuple(_read_part(part) for part in said.get("parts", ())),
    )


def _read_part(said: dict[str, Any]) -> PartFacts:
    handovers = tuple(
        HandoverFacts(each["seats"], **_read_days(each, HANDOVER_DAYS)) for each in said.get("handovers", ())
    )
    stage = said.get("stage")
    return PartFacts(0, "", Stage(stage) if stage else None, said.get("seats"), handovers=handovers)


def _full(**values: Any) -> dict[str, Any]:
    """Without what says nothing; nought stays."""
    empty: tuple[Any, ...] = ("", [], {})
    return {
        name: value for name, value in values.items() if value is not None and value is not False and value not in empty
    }


def _days(of: Any, names: tuple[str, ...]) -> dict[str, str | None]:
    found = {name: getattr(of, name) for name in names}
    return {name: day.isoformat() if day else None for name, day in found.items()}


def _read_days(said: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: date.fromisoformat(said[name]) if name in said else None for name in names}
