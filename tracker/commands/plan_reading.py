"""``flask plans read``: what is understood of a document, as text or JSON; nothing is stored, no database is needed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import click
import yaml
from flask import Flask

from tracker.commands.plans import SEEDS, plans
from tracker.documents.draft_facts import checkup_of_draft
from tracker.documents.draft_words import draft_as_json
from tracker.documents.office_archive import SheetRefused
from tracker.documents.plan_book import is_plan_book, read_plan_book
from tracker.documents.plan_draft import DraftDoubt, DraftTask, PlanDraft
from tracker.documents.readers.paper_reader import read_paper
from tracker.documents.readers.refused import PaperRefused
from tracker.documents.recognition.recogniser import recognise
from tracker.documents.seed_standard import national_from
from tracker.rules.checkup import Finding, Severity, kinds_of
from tracker.rules.reading.doubts import ReadingDoubt
from tracker.rules.task_kinds import AssignmentRole
from tracker.views.check_words import evidence, finding_as_json, severity_word, title
from tracker.views.import_review_words import doubt_words
from tracker.views.import_words import REFUSALS
from tracker.views.plan_book_words import REFUSALS as BOOK_REFUSALS
from tracker.views.plan_book_words import fault_text
from tracker.views.words import word

FOUND = {ReadingDoubt.NO_ISSUE_DATE}  # what the check-up says as well
LOOKED_FOR = (
    "    找过：带“责任单位：”“牵头单位：”等括号或标签行的编号段落，有任务和单位两列的表格，“某某局：…”的职责，"
    "政策制度清单，“主要任务”“工作措施”下的标题。"
)
ROLES = (AssignmentRole.LEAD, AssignmentRole.RESPONSIBLE, AssignmentRole.COOPERATING)


def register(app: Flask) -> None:
    """The command belongs to the group of ``commands/plans.py``, which is attached there."""


@plans.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, in the format of `plans export`.")
@click.option("--region", help="The GB/T 2260 code of the place; without it the one that the document names.")
def read(file: Path, as_json: bool, region: str | None) -> None:
    """Understand a plan in a document (.docx, .xlsx, text) and print it; nothing is stored."""
    draft = draft_in(file)
    national = national_from(SEEDS / "frameworks" / "national.yaml")
    findings = checkup_of_draft(draft, national.titles, national.limits)
    if as_json:
        said = [
            *map(finding_as_json, findings),
            *(doubt_as_json(each) for each in draft.doubts if each.kind not in FOUND),
        ]
        code = region or region_code(draft.head.region)
        click.echo(json.dumps(draft_as_json(draft, code, said), ensure_ascii=False, indent=2))
        return
    for line in (*lines_of(draft), *lines_of_findings(findings), *lines_of_doubts(draft)):
        click.echo(line)


def draft_in(file: Path) -> PlanDraft:
    """The plan in a file, of a filled-in template as it is written there. Raises ClickException with what to do."""
    content = file.read_bytes()
    try:
        if is_plan_book(BytesIO(content), file.name):
            book = read_plan_book(BytesIO(content), file.name)
            if book.faults:
                faults = "\n".join(f"  {fault_text(each)}" for each in book.faults)
                raise click.ClickException(f"{file.name}:\n{faults}")
            return book.draft
        return recognise(read_paper(BytesIO(content), file.name))
    except PaperRefused as refused:
        raise click.ClickException(f"{file.name}: {REFUSALS[refused.refusal]}") from refused
    except SheetRefused as refused:
        raise click.ClickException(f"{file.name}: {BOOK_REFUSALS[refused.refusal]}") from refused


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
    if task.officials:
        said.append(f"责任领导：{'、'.join(task.officials)}")
    ends = "；".join(filter(None, [task.deadline, *task.other_deadlines]))
    yield f"    {'；'.join(said) or '（没有单位）'}；时限：{ends or '（没有）'}"


def lines_of_findings(findings: list[Finding]) -> Iterator[str]:
    """The findings of the check-up by weight and kind, as lines for a terminal."""
    for kind in kinds_of(findings):
        yield f"【{severity_word(kind.severity)}】{title(kind.code)}（{len(kind.findings)}）"
        yield from (f"    {evidence(each)}" for each in kind.findings)


def lines_of_doubts(draft: PlanDraft) -> Iterator[str]:
    """What the document leaves open; where no task was found, what was looked for."""
    for each in draft.doubts:
        if each.kind not in FOUND:
            where = f"[{each.source}] " if each.source else ""
            yield f"【{severity_word(Severity.LOOK)}】{where}{doubt_words(each)}"
    if not draft.tasks:
        yield LOOKED_FOR


def doubt_as_json(doubt: DraftDoubt) -> dict[str, str]:
    """What the document leaves open, in the format of a finding."""
    return {"kind": doubt.kind.value, "severity": "notice", "where": doubt.source, "text": doubt_words(doubt)}
