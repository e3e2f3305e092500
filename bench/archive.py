"""Three years of issues: 60 units, 5,000 tasks and 156 weeks, frozen page, archive, search, day and freeze.

The newest issue is frozen as people freeze it; the older ones are copies of its lines with other lights and words,
made inside the database, for a million rows are not worth the minutes that a client would need.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from bench.pages import client_of, getter
from bench.rows import ASKED, SAID, TASKS, UNIT_NAMES, UNITS, Row, any_state, county_code, open_state
from bench.world import People, insert, mend_sequences
from tests.visit import counted_queries
from tracker import clock
from tracker.actions.issues import freeze_week
from tracker.models import (
    Assignment,
    AssignmentRole,
    Issue,
    IssueLine,
    IssueStanding,
    Plan,
    PlanState,
    Task,
    TaskKind,
    Unit,
    UnitKind,
    db,
)
from tracker.rules.deadlines import Precision
from tracker.rules.search import folded

ISSUES, ALL_TASKS, ALL_UNITS = 156, 5000, 60
MOST_SECONDS, MOST_TO_FREEZE, MOST_QUERIES = 1.0, 5.0, 15
MOST_FOR_SHEET = 30.0
TURNS = 3
PLACES = (
    ("frozen page", "/overview/issues/156"),
    ("tasks of an issue", "/overview/issues/156/tasks?light=overdue"),
    ("archive", "/archive"),
    ("search: a rare word", "/archive?q=%E7%AC%AC4711%E9%A1%B9"),
    ("search: a word of every line", "/archive?q=%E5%AD%A6%E6%A0%A1"),
    ("search: a word of no line", "/archive?q=%E5%B0%8F%E8%A1%8C%E6%98%9F"),
    ("search: an older year", "/archive?year={year}&q=%E7%A0%8C%E7%AD%91+%E7%AC%AC17%E9%A1%B9"),
    ("a task on a past day", "/tasks/{key}/on/{day}"),
    ("trend", "/trend"),
    ("changes since the week before", "/overview/issues/156/changes"),
    ("two issues beside one another", "/overview/issues/156/beside/104"),
)


@dataclass(frozen=True)
class Taken:
    """A place by its name, the seconds of its best run, the questions it asked, and the most seconds it may take.

    The best of three, for what else the machine does can only add to it.
    """

    name: str
    seconds: float
    queries: int
    most: float = MOST_SECONDS

    @property
    def verdict(self) -> str:
        """Whether the limits are kept."""
        slow = f"over {self.most} s" if self.seconds > self.most else ""
        many = f"over {MOST_QUERIES} queries" if self.queries > MOST_QUERIES else ""
        return "; ".join(filter(None, (slow, many))) or f"≤ {self.most} s kept"


def measure_archive(app: Flask, people: People) -> Iterator[Taken]:
    """Fill the first county's three years and take the time of each place that exists."""
    now = clock.now()
    with app.app_context():
        with db.engine.begin() as connection:
            _grow(connection, now)
            mend_sequences(connection)
        db.session.execute(sa.delete(IssueLine))
        db.session.execute(sa.delete(Issue))
        db.session.commit()
        freeze_week(county_code(0), now)
        db.session.commit()
        _copy_back()
        begun = time.perf_counter()
        freeze_week(county_code(0), now)
        db.session.commit()
        yield Taken(f"freeze {ALL_TASKS} tasks", time.perf_counter() - begun, 0, MOST_TO_FREEZE)
        _analyse()
    adapter = app.url_map.bind("localhost")
    client = client_of(app, people.office)
    for name, template in PLACES:
        day = clock.today() - timedelta(days=400)
        address = template.format(year=clock.today().year - 1, key=_key(117), day=day)
        if adapter.test(address.partition("?")[0], "GET"):
            yield _taken(app, name, getter(client, address))
    yield from _sheet(app, people)


def _taken(app: Flask, name: str, fetch: object) -> Taken:
    assert callable(fetch)
    times = []
    with app.app_context(), counted_queries() as statements:
        fetch()
    for _ in range(TURNS):
        begun = time.perf_counter()
        fetch()
        times.append(time.perf_counter() - begun)
    return Taken(name, min(times), len(statements))


def _sheet(app: Flask, people: People) -> Iterator[Taken]:
    """The sheet of all lines in seconds of the processor, with the memory that the process grew by."""
    fetch, before = getter(client_of(app, people.office), "/overview/issues/156/tasks.xlsx"), _megabytes()
    begun = time.process_time()
    size = len(fetch())
    seconds = time.process_time() - begun
    yield Taken(f"sheet, {size // 1024} KB, +{_megabytes() - before} MB", seconds, 0, MOST_FOR_SHEET)


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _key(number: int) -> str:
    return f"year-{number:04}"


def _grow(connection: sa.Connection, now: datetime) -> None:
    """Add units and tasks to the first county until it has 60 and 5,000."""
    region, today = county_code(0), clock.office_day(now)
    units: list[Row] = [
        {"id": 100_000 + n, "region_code": region, "name": f"第{n}镇人民政府", "kind": UnitKind.TOWNSHIP}
        for n in range(ALL_UNITS - len(UNIT_NAMES))
    ]
    insert(connection, Unit, units)
    plan = {
        "id": 100_000,
        "code": "year",
        "region_code": region,
        "title": "全县教育重点工作",
        "state": PlanState.ACTIVE,
    }
    insert(connection, Plan, [plan])
    unit_ids = [*range(1, UNITS + 1), *(each["id"] for each in units)]
    insert(
        connection,
        Task,
        (_task(n, region, open_state(n, today) if n % 3 else any_state(n, today), now) for n in _more()),
    )
    insert(connection, Assignment, (row for n in _more() for row in _parts(n, unit_ids)))


def _more() -> range:
    return range(TASKS + 1, ALL_TASKS + 1)


def _task(number: int, region: str, state: Row, now: datetime) -> Row:
    title = f"第{number}项 {UNIT_NAMES[number % UNITS]}牵头的学校建设与设备配置任务"
    said = f"第{number}项进展：{SAID}"
    return state | {
        "id": 100_000 + number,
        "key": _key(number),
        "plan_id": 100_000,
        "region_code": region,
        "position": number,
        "number": str(number),
        "kind": TaskKind.MEASURE,
        "section": ["一、主要任务"],
        "title": title,
        "requirement": ASKED,
        "folded": folded(_key(number), str(number), title, ASKED),
        "deadline_text": "按期完成",
        "deadline_precision": Precision.DAY,
        "last_words": said,
        "last_reported_at": now - timedelta(days=number % 30),
    }


def _parts(number: int, unit_ids: list[int]) -> Iterator[Row]:
    for position, role in enumerate((AssignmentRole.LEAD, AssignmentRole.COOPERATING), start=1):
        yield {
            "task_id": 100_000 + number,
            "unit_id": unit_ids[(number * 7 + position) % len(unit_ids)],
            "role": role,
            "position": position,
            "name_in_plan": "单位",
        }


def _copy_back() -> None:
    """Write the 155 weeks before from the frozen issue, which then goes: the newest is frozen last, as with people."""
    newest = db.session.scalars(sa.select(Issue)).one()
    newest.number = ISSUES
    db.session.commit()
    columns = [
        each.name for each in Issue.__table__.columns if each.name not in ("id", "number", "week_on", "cut_off_at")
    ]
    row = db.session.execute(sa.select(*(Issue.__table__.c[name] for name in columns))).one()._asdict()
    for number in range(1, ISSUES):
        back = timedelta(weeks=ISSUES - number)
        copy = row | {"number": number, "week_on": newest.week_on - back, "cut_off_at": newest.cut_off_at - back}
        found = db.session.execute(sa.insert(Issue.__table__).values(**copy).returning(Issue.id)).scalar_one()  # type: ignore[arg-type]
        for part in (IssueLine, IssueStanding):
            _copy(part, newest.id, found, number)
        db.session.commit()
    for model in (IssueLine, IssueStanding):
        db.session.execute(sa.delete(model).where(model.issue_id == newest.id))
    db.session.delete(newest)
    db.session.commit()


def _copy(part: type[IssueLine] | type[IssueStanding], newest: int, issue_id: int, number: int) -> None:
    table = part.__table__
    names = [each.name for each in table.columns if each.name not in ("id", "issue_id")]
    turn = f"(task_id + {number}) % 13"
    others = {
        "light": f"CASE {turn} WHEN 0 THEN 'overdue' WHEN 1 THEN 'soon' WHEN 2 THEN 'closed' ELSE light END",
        "last_words": f"last_words || '　第{number // 3}旬'",
        "folded": f"folded || ' 第{number // 3}旬'",
    }
    values = [others.get(name, name) if part is IssueLine else name for name in names]
    # The names are those of the model and the values stand above: nothing here comes from outside.
    statement = f"INSERT INTO {table.name} (issue_id, {', '.join(names)}) SELECT {issue_id}, {', '.join(values)} "
    db.session.execute(sa.text(statement + f"FROM {table.name} WHERE issue_id = {newest}"))


def _analyse() -> None:
    """What a database does by itself, or is told to once in a while: count its rows."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "PRAGMA optimize")
