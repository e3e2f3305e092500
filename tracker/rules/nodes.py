"""节点: the usual steps of a building project and what their days say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

# The steps that lead a public building in China from its approval to its use.
USUAL_NODES = ("立项", "可研", "用地", "规划许可", "招标", "开工", "主体封顶", "竣工验收·投用")


def next_due(nodes: Iterable[tuple[date | None, date | None]]) -> date | None:
    """The earliest planned day of the nodes that are not done, given as (planned_on, done_on); None without one."""
    return min((planned for planned, done in nodes if planned and not done), default=None)
