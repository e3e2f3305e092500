"""Mend what was understood of a document row by row: edit, split, join, drop, restore, add, accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.actions.imports import StaleImport, hold_open, keep_names, note
from tracker.actions.moves import RuleRefused
from tracker.actions.record import Actor
from tracker.documents.draft_parts import paper_of
from tracker.documents.fitted_words import fitted, one_line
from tracker.documents.paper import Paper, Place, Table, sentence_at
from tracker.documents.plan_limits import longest
from tracker.models import ImportRow, PlanImport, db
from tracker.queries.import_rows import outline_of

TOLD = ("title", "number", "deadline")
ADDED = "x"  # begins the key of a row that a person added
LONGEST_KEY = longest(ImportRow.key)


def edit_row(actor: Actor, row: ImportRow, version: int, words: Mapping[str, Any], now: datetime) -> bool:
    """Give a row other words, those that are not named stay; whether any changed. Raises StaleImport, BatchTaken."""
    batch = row.batch
    _claim(row, version)
    before, after = row.words, _fitted(batch, {**row.words, **words})
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return False
    row.words = after
    keep_names(batch, [row])
    _note(actor, "edit_import_row", row, now, {n: before[n] for n in changed}, {n: after[n] for n in changed})
    return True


def split_row(
    actor: Actor, row: ImportRow, version: int, parts: Sequence[Mapping[str, Any]], now: datetime
) -> list[ImportRow]:
    """Make several tasks of one: the first keeps its row; what a part does not name is as in the whole.

    Raises RuleRefused('nothing_to_split'), StaleImport, BatchTaken.
    """
    if len(parts) < 2:
        raise RuleRefused("nothing_to_split")
    batch, place = row.batch, Place(row.block, row.block_row) if row.block is not None else None
    _claim(row, version)
    whole, taken = row.words, _keys_of(batch)
    _make_room(batch, row.position, len(parts) - 1)
    row.words = _fitted(batch, {**whole, **parts[0]})
    rows = [row]
    for count, part in enumerate(parts[1:], start=1):
        key = _free_key(f"{row.key}-", taken, 2)
        words = _fitted(batch, {**whole, **part})
        rows.append(_new_row(batch, row.position + count, key, words, place, row))
    db.session.add_all(rows)
    db.session.flush()
    keep_names(batch, rows)
    titles = {"into": [each.words["title"] for each in rows]}
    _note(actor, "split_import_row", row, now, {name: whole[name] for name in TOLD}, titles)
    return rows


def join_rows(actor: Actor, rows: Sequence[tuple[ImportRow, int]], now: datetime) -> ImportRow:
    """Make one task of several, each with the version that was read: the first keeps its place, the others are dropped.

    Texts follow one another, units, officials and schools are united; it is the task that one of them was of the plan
    that stands. Raises RuleRefused('nothing_to_join'), StaleImport, BatchTaken.
    """
    ordered = sorted(rows, key=lambda each: (each[0].position, each[0].id))
    if len({row.id for row, _version in ordered}) < 2 or len({row.import_id for row, _version in ordered}) > 1:
        raise RuleRefused("nothing_to_join")
    for row, version in ordered:
        _claim(row, version)
    first, *others = [row for row, _version in ordered]
    whole = first.words
    words = whole
    for other in others:
        words = joined_words(words, other.words)
        other.dropped = True
    first.words = _fitted(first.batch, words)
    first.task_id = next((each.task_id for each in (first, *others) if each.task_id), None)
    if any(other.sentence != first.sentence for other in others):
        first.sentence = "\n".join(dict.fromkeys([first.sentence, *(other.sentence for other in others)]))
    titles = {"from": [other.words["title"] for other in others]}
    _note(actor, "join_import_rows", first, now, {name: whole[name] for name in TOLD}, titles)
    return first


def joined_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The words of two rows as one: what the first does not say the second may."""
    texts = [one["requirement"]] + ([other["title"]] if other["title"] not in {"", one["title"]} else [])
    if other["requirement"] not in {*texts, other["title"]}:
        texts.append(other["requirement"])
    deadlines = [one["deadline"], *one["other_deadlines"], other["deadline"], *other["other_deadlines"]]
    deadline, *more = list(dict.fromkeys(each for each in deadlines if each)) or [None]
    return {
        **{name: one[name] or other[name] for name in ("number", "section", "title", "phase", "duty_of")},
        "kind": one["kind"],
        "requirement": "\n".join(dict.fromkeys(text for text in texts if text)),
        "units": [list(unit) for unit in dict.fromkeys((name, role) for name, role in one["units"] + other["units"])],
        "officials": list(dict.fromkeys(one["officials"] + other["officials"])),
        "deadline": deadline,
        "other_deadlines": more,
        "project": _joined_project(one["project"], other["project"]),
    }


def _joined_project(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Amounts are never added up: the first that is stated stands."""
    if not one or not other:
        return dict(one or other or {}) or None
    said = {name: value if value is not None else other[name] for name, value in one.items()}
    return said | {
        name: one[name] + [e for e in other[name] if e not in one[name]] for name in ("schools", "buildings")
    }


def drop_row(actor: Actor, row: ImportRow, version: int, now: datetime) -> None:
    """Say that a row is no task. Raises StaleImport, BatchTaken."""
    _set(actor, "drop_import_row", row, version, now, dropped=True)


def restore_row(actor: Actor, row: ImportRow, version: int, now: datetime) -> None:
    """Take a dropped row back. Raises StaleImport, BatchTaken."""
    _set(actor, "restore_import_row", row, version, now, dropped=False)


def accept_row(actor: Actor, row: ImportRow, version: int, accepted: bool, now: datetime) -> None:
    """Say whether what a re-issue says in a row is taken into the plan. Raises StaleImport, BatchTaken."""
    _set(actor, "accept_import_row" if accepted else "decline_import_row", row, version, now, accepted=accepted)


def add_row(actor: Actor, batch: PlanImport, words: Mapping[str, Any], place: Place | None, now: datetime) -> ImportRow:
    """Add a task that the reading did not see: at its place in the document, or at the end. Raises BatchTaken.

    The same words at the same place again are the same form sent twice: its row is returned.
    """
    hold_open(batch)
    if row := _added_before(batch, _fitted(batch, words), place):
        return row
    position = _position_of(batch, place)
    _make_room(batch, position - 1, 1)
    row = _new_row(batch, position, _free_key(f"{ADDED}-", _keys_of(batch), 1), _fitted(batch, words), place, None)
    db.session.add(row)
    db.session.flush()
    keep_names(batch, [row])
    _note(actor, "add_import_row", row, now, None, {name: row.words[name] for name in TOLD})
    return row


def _added_before(batch: PlanImport, words: Mapping[str, Any], place: Place | None) -> ImportRow | None:
    """The row that a person has added with these words at this place."""
    query = sa.select(ImportRow).where(
        ImportRow.import_id == batch.id,
        ImportRow.first_words.is_(None),
        ImportRow.block == (place.block if place else None),
        ImportRow.block_row == (place.row if place else None),
    )
    return next((row for row in db.session.scalars(query) if row.words == words), None)


def _new_row(
    batch: PlanImport, position: int, key: str, words: dict[str, Any], place: Place | None, like: ImportRow | None
) -> ImportRow:
    """A row that no reading has made: of the passage at a place, or of the one that another row comes from."""
    paper = paper_of(batch) if place and not like else None
    return ImportRow(
        import_id=batch.id,
        position=position,
        key=key,
        words=words,
        first_words=None,
        block=place.block if place else None,
        block_row=place.row if place else None,
        source=like.source if like else one_line(_source(paper, place), longest(ImportRow.source)),
        sentence=like.sentence if like else sentence_at(paper, place) if paper and place else words["requirement"],
        dropped=False,
        accepted=True,
        version=1,
    )


def _source(paper: Paper | None, place: Place | None) -> str:
    if paper is None or place is None:
        return ""
    block = paper.blocks[place.block]
    if isinstance(block, Table):
        name = block.sheet or f"表{block.count}"
        return f"{name} 第{block.first_row + (place.row or 0)}行"
    return f"第{place.block + 1}段"


def _claim(row: ImportRow, version: int) -> None:
    """Take the next version of a row of an open import. Raises BatchTaken, StaleImport."""
    hold_open(row.batch)
    claimed = db.session.execute(
        sa.update(ImportRow)
        .where(ImportRow.id == row.id, ImportRow.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleImport
    db.session.refresh(row)


def _set(actor: Actor, act: str, row: ImportRow, version: int, now: datetime, **values: bool) -> None:
    _claim(row, version)
    for name, value in values.items():
        setattr(row, name, value)
    _note(actor, act, row, now, None, {name: row.words[name] for name in TOLD})


def _fitted(batch: PlanImport, words: Mapping[str, Any]) -> dict[str, Any]:
    parts = batch.parts
    phases = {each["number"] for each in parts.get("phases", ())}
    if batch.against:
        phases |= {phase.number for phase in batch.against.phases}
    return fitted(words, phases, {each["number"] for each in parts.get("indicators", ())})


def _keys_of(batch: PlanImport) -> set[str]:
    return set(db.session.scalars(sa.select(ImportRow.key).where(ImportRow.import_id == batch.id)))


def _free_key(start: str, taken: set[str], first: int) -> str:
    """The next key that no row bears, and now this one does."""
    start = start[: LONGEST_KEY - 5]
    number = next(n for n in range(first, first + len(taken) + 1) if f"{start}{n:02d}" not in taken)
    taken.add(f"{start}{number:02d}")
    return f"{start}{number:02d}"


def _position_of(batch: PlanImport, place: Place | None) -> int:
    """Where a passage belongs among the rows: before the first that stands behind it."""
    rows = outline_of(batch)
    if place:
        at = (place.block, place.row or 0)
        for row in rows:
            if row.block is not None and (row.block, row.block_row or 0) > at:
                return row.position
    return rows[-1].position + 1 if rows else 1


def _make_room(batch: PlanImport, after: int, count: int) -> None:
    """Move the rows behind a position on by some."""
    db.session.execute(
        sa.update(ImportRow)
        .where(ImportRow.import_id == batch.id, ImportRow.position > after)
        .values(position=ImportRow.position + count)
        .execution_options(synchronize_session="fetch")
    )


def _note(
    actor: Actor,
    act: str,
    row: ImportRow,
    now: datetime,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Keep the event with the row's key."""
    note(actor, act, row.batch, now, before, {"row": row.key, **(after or {})})
