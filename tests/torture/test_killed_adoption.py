"""An adoption that is killed anywhere leaves all of the plan or nothing of it, and can be done again."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY
from tests.torture.conftest import FULL
from tests.torture.processes import Died, Place
from tracker.actions.imports import SaidName, open_import, say_names
from tracker.actions.record import NOBODY, verified_chain
from tracker.models import ImportState, Plan, PlanImport, Task, Unit, UnitKind, db
from tracker.queries.imports import names_of

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
ROWS = 2000 if FULL else 200
KILLS = 20 if FULL else 3
FEWEST = 40  # statements: PostgreSQL takes many rows in one
STANDING = (Plan, Task, Unit)


def waiting_import() -> int:
    """An import whose names all mean new units, committed; its number."""
    tasks = (draft_task(f"m-{n:02d}", f"第{n}项任务", f"第{n % 20}局", deadline="2026年9月") for n in range(ROWS))
    batch = open_import(NOBODY, COUNTY, said_paper(draft_of(*tasks)), None, NOW)
    said = [SaidName(line.row, None, UnitKind.DEPARTMENT) for line in names_of(batch)]
    say_names(NOBODY, batch, said, NOW)
    number = batch.id
    db.session.commit()
    return number


def standing(number: int) -> tuple[ImportState, list[int]]:
    """The state of the import and the rows of what it makes; the database is left free for others."""
    state = db.session.scalars(sa.select(PlanImport.state).where(PlanImport.id == number)).one()
    counts = [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in STANDING]
    db.session.rollback()
    return state, counts


def test_a_killed_adoption_leaves_nothing_and_is_done_again(app: Flask, place: Place, chance: Random) -> None:
    number = waiting_import()
    stops = [{"stop_at": chance.randint(1, FEWEST)} for _ in range(KILLS)] + [{"commit_of": "UPDATE import_rows"}]
    for stop in stops:
        with place.sender() as sender:
            sender.tell("adopt", NOW, batch=number, **stop)
            assert "stopped" in sender.heard(), "it was killed before it was done"
        assert standing(number) == (ImportState.OPEN, [0, 0, 0])
    with place.sender() as sender:
        assert sender.do("adopt", NOW, batch=number)["steps"] > FEWEST
        with pytest.raises(Died):
            sender.do("adopt", NOW, batch=number)
    assert standing(number) == (ImportState.ADOPTED, [1, ROWS, 20])
    assert verified_chain().broken is None
