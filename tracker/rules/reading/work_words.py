"""The headings under which a plan lists its work, its targets, its organisation."""

from __future__ import annotations

import re

TASKS = re.compile(
    r"(?:主要|重点|工作|具体|目标)任务|任务(?:分工|安排|与|和|及)|(?:工作|主要|重点|推进|具体)措施"
    r"|重点工作|工作重点|工作内容|实施内容"
)
TARGETS = re.compile(r"目标|指标|总体?要求")
# What a plan is for in the end: to be accepted by those above.
ACCEPTANCE = re.compile(r"(?:通过|接受|迎接)[^，。；]{0,30}(?:评估|验收|认定|检查)")
ORGANISATION = re.compile(r"组织|保障|职责|分工|责任|工作要求")


def is_section_of_tasks(title: str) -> bool:
    """Whether a heading announces the tasks themselves."""
    return bool(TASKS.search(title))


def is_section_of_targets(title: str) -> bool:
    """Whether a heading announces what is to be reached."""
    return bool(TARGETS.search(title)) and not is_section_of_tasks(title)


def is_section_of_organisation(title: str) -> bool:
    """Whether a heading announces who sees to it, and how."""
    return bool(ORGANISATION.search(title))


def speaks_of_acceptance(words: str) -> bool:
    """Whether words speak of the acceptance that a plan aims at."""
    return bool(ACCEPTANCE.search(words))
