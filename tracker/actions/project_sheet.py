"""Take in a file of nodes and payments: all of it or nothing, and the second time nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.actions.money import MoneySaid, add_entries
from tracker.actions.moves import RuleRefused, StaleTask, hold_tasks
from tracker.actions.node_rows import NodeSaid, keep_nodes
from tracker.actions.record import Act, Actor, record_all
from tracker.clock import office_day
from tracker.models import MoneyEntry, Project, db
from tracker.queries.project_sheet import Conflict, NewEntry, NodeChange, Preview, conflicts, preview_of
from tracker.rules.money import amount_words
from tracker.rules.permissions import Person
from tracker.rules.project_rows import DONE, EXPECTED, KIND_WORDS, PLANNED, SOURCE_WORDS, ProjectSheet


@dataclass(frozen=True)
class FileSaid:
    """A file as it is confirmed: its rows and hash, and what its preview showed as standing before."""

    sheet: ProjectSheet
    digest: str
    seen: Mapping[str, Mapping[str, str]]


STALE = "stale"


@dataclass(frozen=True)
class Refusal:
    """The task that kept a file from being taken in, and why: the reason of a rule, or ``STALE``."""

    title: str
    reason: str


class FileNotTaken(Exception):
    """The file cannot be taken in as things stand now.

    Its preview names faults, something changed meanwhile, or a task refuses what the preview let pass.
    """

    def __init__(self, preview: Preview, conflicts: Sequence[Conflict] = (), refusal: Refusal | None = None) -> None:
        super().__init__("the file cannot be taken in")
        self.preview = preview
        self.conflicts = conflicts
        self.refusal = refusal


def import_sheet(actor: Actor, person: Person, said: FileSaid, now: datetime) -> Preview:
    """Do what the preview of a file said, asked anew. Raises FileNotTaken, and then nothing is written."""
    today = office_day(now)
    hold_tasks([each.task_id for each in preview_of(person, said.sheet, today).projects])
    db.session.expire_all()
    preview = preview_of(person, said.sheet, today)
    changed = conflicts(preview, said.seen, said.sheet)
    if preview.faults or changed:
        raise FileNotTaken(preview, changed)
    acts = []
    for project in preview.projects:
        try:
            acts.append(_store(actor, preview, project, now))
        except (RuleRefused, StaleTask) as refused:
            reason = refused.reason if isinstance(refused, RuleRefused) else STALE
            raise FileNotTaken(preview, refusal=Refusal(project.task.title, reason)) from refused
    if acts:
        record_all(actor, [*acts, _summary(person, preview, said)], now)
    return preview


def _store(actor: Actor, preview: Preview, project: Project, now: datetime) -> Act:
    """Write what the file says of one project; its event says what stood before and what stands now."""
    task = project.task
    region, key = task.region_code, task.key
    nodes = [each for each in preview.nodes if each.project is project]
    money = [each for each in preview.money if each.project is project]
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    if nodes:
        rows = [_node_said(each) for each in nodes]
        order = preview.order[key]
        before, after = keep_nodes(actor, project, task.version, rows, order, now)
    if money:
        entries = add_entries(actor, project, [_money_said(each) for each in money], now)
        after["entries"] = [entry_words(each) for each in entries]
    return Act("import_project_rows", ("task", key), region, before or None, after)


def _node_said(change: NodeChange) -> NodeSaid:
    days = {each.head: each.new for each in change.differences}
    return NodeSaid(
        change.node.name if change.node else change.row.node,
        change.node.id if change.node else None,
        days.get(PLANNED),
        EXPECTED in days,
        days.get(EXPECTED),
        days.get(DONE),
        change.row.reason,
    )


def _money_said(new: NewEntry) -> MoneySaid:
    row = new.row
    # The same row sent twice has one key, whichever file it stands in.
    words = "\x1f".join(map(str, row.said))
    once = f"row-{hashlib.sha256(words.encode()).hexdigest()[:56]}"
    said = (row.kind, row.amount_yuan, row.on, row.for_year, row.source, row.payee or None, row.note or None, once)
    return MoneySaid(*said)


def entry_words(entry: MoneyEntry) -> str:
    """An entry as an event keeps it, in the words of the file."""
    said = (KIND_WORDS[entry.kind], amount_words(entry.amount_yuan), entry.on, entry.for_year)
    words = (*said, SOURCE_WORDS[entry.source] if entry.source else None, entry.payee, entry.note)
    return " ".join(str(each) for each in (f"#{entry.id}", *words) if each)


def _summary(person: Person, preview: Preview, said: FileSaid) -> Act:
    regions = {each.task.region_code for each in preview.projects}
    after = {
        "projects": len(preview.projects),
        "nodes": f"+{sum(each.is_new for each in preview.nodes)} ~{sum(not each.is_new for each in preview.nodes)}",
        "entries": len(preview.money),
        "hash": said.digest,
    }
    region = regions.pop() if len(regions) == 1 else person.region
    # The first forty digits of the hash say which file it was.
    return Act("import_projects", ("file", said.digest[:40]), region, after=after)
