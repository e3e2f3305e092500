"""``flask plans read``: what is understood of a document, as text or JSON; nothing is stored, no database is needed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import yaml
from flask import Flask

from tracker.commands.plans import SEEDS, plans
from tracker.documents.draft_words import draft_as_json
from tracker.documents.plan_draft import DraftTask, PlanDraft
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.recognition.recogniser import recognise
from tracker.rules.task_kinds import AssignmentRole
from tracker.views.words import word

ROLES = (AssignmentRole.LEAD, AssignmentRole.RESPONSIBLE, AssignmentRole.COOPERATING)


def register(app: Flask) -> None:
    """The command belongs to the group of ``commands/plans.py``, which is attached there."""


@plans.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, in the format of `plans export`.")
@click.option("--region", help="The GB/T 2260 code of the place; without it the one that the document names.")
def read(file: Path, as_json: bool, region: str | None) -> None:
    """Understand a plan in a document (.docx, .xlsx, text) and print it; nothing is stored."""
    with file.open("rb") as stream:
        draft = recognise(read_paper(stream, file.name))
    if as_json:
        code = region or region_code(draft.head.region)
        click.echo(json.dumps(draft_as_json(draft, code, []), ensure_ascii=False, indent=2))
        return
    for line in lines_of(draft):
        click.echo(line)


@cache
def _regions() -> dict[str, str]:
    return yaml.safe_load((SEEDS / "regions.yaml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def region_code(name: str | None) -> str | None:
    """The code of a region by its name; None for one that is not in seeds/regions.yaml, or is there twice."""
    codes = [code for code, known in _regions().items() if known == name]
    return codes[0] if len(codes) == 1 else None


def lines_of(draft: PlanDraft) -> Iterator[str]:
    """The plan as lines for a terminal: its head, every task with its place, and how many of each kind."""
    head = draft.head
    yield head.title or "（没有读出标题）"
    yield "  ".join(
        [
            head.document_number or "（没有发文字号）",
            head.issuer or "（没有发文机关）",
            head.issued_on.isoformat() if head.issued_on else "（没有发文日期）",
        ]
    )
    for phase in draft.phases:
        yield f"阶段 {phase.number} {phase.title} {phase.starts_on or ''}—{phase.ends_on or ''}"
    for task in draft.tasks:
        yield from _lines_of_task(task)
    counts = Counter(task.kind for task in draft.tasks)
    yield "、".join(f"{word(kind)} {count}" for kind, count in counts.items()) or "没有读出任务。"


def _lines_of_task(task: DraftTask) -> Iterator[str]:
    yield f"[{task.source}] {task.number or '—'} {task.title}"
    by_role = {role: [each.name for each in task.units if each.role is role] for role in ROLES}
    said = [f"{word(role)}：{'、'.join(names)}" for role, names in by_role.items() if names]
    yield f"    {'；'.join(said) or '（没有单位）'}；时限：{task.deadline or '（没有）'}"
