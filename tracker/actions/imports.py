"""Keep a document that was read until it becomes a plan: open an import, mend what it says of itself, drop it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.record import Actor, record
from tracker.clock import office_day
from tracker.documents.draft_parts import parts_of, words_of_head, words_of_paper
from tracker.documents.draft_words import words_of_task
from tracker.documents.fitted_words import fitted, one_line
from tracker.documents.paper import Paper
from tracker.documents.plan_draft import DraftTask, PlanDraft
from tracker.documents.plan_limits import longest
from tracker.models import ImportName, ImportRow, ImportState, Plan, PlanImport, Unit, UnitKind, db
from tracker.queries.import_comparison import keys_in, matched_tasks
from tracker.queries.imports import codes_proposed, counts_of_names, known_units, region_name, standing_import
from tracker.queries.plan_lists import codes_like
from tracker.rules.deadlines import year_of_number
from tracker.rules.import_names import known_as

HEAD = ("title", "document_number", "issuer", "issued_on", "starts_on", "ends_on", "target_text", "target_on", "code")
LONGEST_KEY = longest(ImportRow.key)


@dataclass(frozen=True)
class SaidPaper:
    """A document that was read: its name, the SHA-256 of its content, its blocks and what was understood.

    ``keyed``: its keys are those of the plan that stands, as a plan book of ours has them.
    """

    file_name: str
    digest: str
    paper: Paper
    draft: PlanDraft
    keyed: bool = False


class AlreadyTaken(Exception):
    """The region has taken the same document: it is being looked through, or has become a plan."""

    def __init__(self, standing: PlanImport) -> None:
        super().__init__(standing.id)
        self.standing = standing


class StaleImport(Exception):
    """Somebody else saved the import, or this row of it, after the form was opened."""


class BatchTaken(Exception):
    """The import is no longer open: it was adopted, or is just being, or was dropped or withdrawn."""

    def __init__(self, state: ImportState) -> None:
        super().__init__(state.value)
        self.state = state


@dataclass(frozen=True)
class SaidName:
    """What a unit's name in a document means: a known unit, or a new one of a kind; neither opens it again."""

    name: ImportName
    unit: Unit | None = None
    kind: UnitKind | None = None
    new_name: str | None = None


def open_import(actor: Actor, region: str, said: SaidPaper, against: Plan | None, now: datetime) -> PlanImport:
    """Keep what was understood of a document as an open import. Raises AlreadyTaken."""
    if standing := standing_import(region, said.digest):
        raise AlreadyTaken(standing)
    batch = _batch(actor, region, said, against, now)
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError:
        if standing := standing_import(region, said.digest):
            raise AlreadyTaken(standing) from None
        raise
    rows = _rows(batch, said.draft)
    if against:
        batch.parts = batch.parts | {"standing": keys_in(against)}
        for place, task in matched_tasks(against, rows, said.keyed).items():
            rows[place].task_id = task
    db.session.add_all(rows)
    db.session.flush()
    keep_names(batch, rows)
    note(actor, "open_import", batch, now, after={"file": batch.file_name, "tasks": len(rows)})
    return batch


def _batch(actor: Actor, region: str, said: SaidPaper, against: Plan | None, now: datetime) -> PlanImport:
    head = words_of_head(said.draft.head)
    return PlanImport(
        region_code=region,
        digest=said.digest,
        file_name=one_line(said.file_name, longest(PlanImport.file_name)) or "—",
        kind=said.paper.kind,
        head=head | {"code": None if against else proposed_code(region, head, now)},
        parts=parts_of(said.draft),
        paper=words_of_paper(said.paper),
        state=ImportState.OPEN,
        against_id=against.id if against else None,
        created_by_id=actor.person.id if actor.person else None,
        created_at=now,
        version=1,
    )


def proposed_code(region: str, head: Mapping[str, Any], now: datetime) -> str:
    """A code that no plan has or is to get: the region, the year of the document, and the next number."""
    number = year_of_number(head.get("document_number"))
    year = str(head.get("issued_on") or number or office_day(now))[:4]
    start = f"{region}-{year}-"
    taken = codes_like(start) | codes_proposed(start)
    return next(code for count in range(1, len(taken) + 2) if (code := f"{start}{count}") not in taken)


def _rows(batch: PlanImport, draft: PlanDraft) -> list[ImportRow]:
    phases = {phase.number for phase in draft.phases}
    duties = {item.number for item in draft.indicators}
    taken: set[str] = set()
    return [
        _row(batch, position, _own_key(task.key, taken), task, fitted(words_of_task(task), phases, duties))
        for position, task in enumerate(draft.tasks, start=1)
    ]


def _own_key(key: str, taken: set[str]) -> str:
    """A key that stands once: a second one of the same gets a number behind it."""
    key = key[:LONGEST_KEY]
    if key in taken:
        numbered = (f"{key[: LONGEST_KEY - 5]}-{number}" for number in range(2, len(taken) + 3))
        key = next(each for each in numbered if each not in taken)
    taken.add(key)
    return key


def _row(batch: PlanImport, position: int, key: str, task: DraftTask, words: dict[str, Any]) -> ImportRow:
    return ImportRow(
        import_id=batch.id,
        position=position,
        key=key,
        words=words,
        first_words=words,
        block=task.place.block,
        block_row=task.place.row,
        source=one_line(task.source, longest(ImportRow.source)),
        sentence=task.sentence.replace("\x00", ""),
        dropped=False,
        accepted=True,
        version=1,
    )


def keep_names(batch: PlanImport, rows: Iterable[ImportRow]) -> None:
    """Give each unit's name that stands in rows a line of its own; one that is known says at once whom it means."""
    standing = set(db.session.scalars(sa.select(ImportName.name).where(ImportName.import_id == batch.id)))
    names = [name for name in counts_of_names(list(rows)) if name not in standing]
    if not names:
        return
    known = {name: unit.id for name, unit in known_units(batch.region_code).items()}
    meant = known_as(names, known, region_name(batch.region_code))
    db.session.add_all(ImportName(import_id=batch.id, name=name, unit_id=meant.get(name)) for name in names)
    db.session.flush()


def hold_open(batch: PlanImport) -> None:
    """Let others who change an import wait for this transaction. Raises BatchTaken where it is not open any more."""
    query = sa.select(PlanImport.state).where(PlanImport.id == batch.id).with_for_update()
    state = db.session.scalar(query)
    if state is not ImportState.OPEN:
        raise BatchTaken(state or ImportState.DROPPED)


def claim_import(batch: PlanImport, version: int, state: ImportState = ImportState.OPEN) -> None:
    """Take the next version of an import in a state: of all who read one exactly one gets it.

    Raises BatchTaken where it is in another state by now, else StaleImport.
    """
    claimed = db.session.execute(
        sa.update(PlanImport)
        .where(PlanImport.id == batch.id, PlanImport.version == version, PlanImport.state == state)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        db.session.refresh(batch)
        if batch.state is not state:
            raise BatchTaken(batch.state)
        raise StaleImport
    db.session.refresh(batch)


def change_head(actor: Actor, batch: PlanImport, version: int, head: Mapping[str, Any], now: datetime) -> None:
    """Mend what the document says of itself (days as 2023-11-23) and the code. Raises StaleImport, BatchTaken."""
    claim_import(batch, version)
    before = dict(batch.head)
    batch.head = before | {name: value or None for name, value in head.items() if name in HEAD}
    changed = [name for name in batch.head if batch.head[name] != before.get(name)]
    if changed:
        old, new = ({name: words.get(name) for name in changed} for words in (before, batch.head))
        note(actor, "edit_import", batch, now, before=old, after=new)


def say_name(
    actor: Actor,
    batch: PlanImport,
    name: ImportName,
    unit: Unit | None,
    kind: UnitKind | None,
    new_name: str | None,
    now: datetime,
) -> None:
    """Say what a unit's name means: a known unit, or a new one of a kind. Raises BatchTaken."""
    say_names(actor, batch, [SaidName(name, unit, kind, new_name)], now)


def say_names(actor: Actor, batch: PlanImport, said: Sequence[SaidName], now: datetime) -> None:
    """Say what several names mean, in one event. Raises BatchTaken."""
    hold_open(batch)
    meant = {}
    for each in said:
        row, kind = each.name, None if each.unit else each.kind
        row.unit_id, row.new_kind = each.unit.id if each.unit else None, kind
        row.new_name = one_line(each.new_name, longest(ImportName.new_name)) or None if kind else None
        if row.new_name == row.name:
            row.new_name = None
        meant[row.name] = each.unit.name if each.unit else row.new_name or (row.name if kind else None)
    note(actor, "name_import_units", batch, now, after=meant)


def drop_import(actor: Actor, batch: PlanImport, version: int, now: datetime) -> None:
    """Give up an open import; its document may be taken again. Raises StaleImport, BatchTaken."""
    claim_import(batch, version)
    batch.state, batch.ended_at = ImportState.DROPPED, now
    note(actor, "drop_import", batch, now, before={"state": "open"}, after={"state": "dropped"})


def note(
    actor: Actor,
    act: str,
    batch: PlanImport,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Keep the event of an act on an import."""
    db.session.flush()
    obj = ("import", str(batch.id))
    record(actor, act, now, obj=obj, region=batch.region_code, before=before, after=after)
