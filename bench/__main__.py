"""``make bench``: build counties in throw-away databases, time the places people visit, print one table of ratios."""

from __future__ import annotations

import argparse
import cProfile
import pstats
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench import jobs, mails, pages, verdicts
from bench.archive import ALL_TASKS, measure_archive
from bench.clocks import Timed
from bench.documents import measure_documents
from bench.rows import TASKS
from bench.schools import MOST_COUNTIES
from bench.world import People, build
from tests.postgres import temporary_postgres
from tracker import create_app
from tracker.models import db
from tracker.settings import from_environment

SIZES = (1, 100)
LARGE = 1000
MOST_QUERIES = 15
MOST_KILOBYTES = 80
MOST_FOR_JOB = 3
FEWEST_ROWS = 500
LEAST_OF_BARE_RATE = 0.6
HEAD = f"{'place':<34}{'database':<10}{'tasks':>8}{'ms':>9}{'× bare':>8}{'queries':>9}{'KB gzip':>9}  limit"


@contextmanager
def database(kind: str) -> Iterator[tuple[str, Path]]:
    """The address of an empty database and a folder of its own; both are gone in the end."""
    home = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{home / 'bench.db'}", home
        else:
            with temporary_postgres() as url:
                yield url, home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def application(url: str, var_dir: Path) -> Flask:
    """The tracker on a database, as it is served."""
    return create_app(
        from_environment({"TRACKER_VAR": str(var_dir), "DATABASE_URL": url, "BASE_URL": "http://localhost"})
    )


def line(name: str, kind: str, size: int, timed: Timed, rest: str = "", limit: str = "") -> str:
    """A line of the table."""
    return f"{name:<34}{kind:<10}{size * TASKS:>8}{timed.ours:>9.2f}{timed.ratio:>8.2f}{rest:>18}  {limit}"


def verdict(measured: pages.Measured) -> str:
    """Which limit a page keeps or breaks; what is not a page has none."""
    most = measured.place.most
    if most is None:
        return ""
    faults = [
        f"over {most} ×" if measured.timed.ratio > most else "",
        f"over {MOST_QUERIES} queries" if measured.queries > MOST_QUERIES else "",
        f"over {MOST_KILOBYTES} KB" if measured.kilobytes > MOST_KILOBYTES else "",
    ]
    return "; ".join(filter(None, faults)) or f"≤ {most} × kept"


def job_verdict(timed: Timed, rows: int) -> str:
    """Whether the job keeps its limit; a handful of rows would only measure the event that it records."""
    if rows < FEWEST_ROWS:
        return ""
    return f"over {MOST_FOR_JOB} ×" if timed.ratio > MOST_FOR_JOB else f"≤ {MOST_FOR_JOB} × kept"


def run(app: Flask, url: str, people: People, kind: str, size: int, runs: int) -> None:
    """Measure every place of one database and print its lines."""
    bare = pages.bare_client(url)
    sql = pages.measure_bare_sql(app, bare, runs)
    print(line("bare Flask page, 50 rows", kind, size, Timed(sql.bare, sql.bare, 1)))
    print(line("bare SQL of it", kind, size, sql))
    measured = [pages.measure(app, bare, people, place, runs) for place in pages.PLACES]
    for each in [*measured, pages.measure_report(app, bare, people, runs)]:
        rest = f"{each.queries:>9}{each.kilobytes:>9.1f}" if each.kilobytes else f"{each.queries:>9}{'':>9}"
        print(line(each.place.name, kind, size, each.timed, rest, verdict(each)))
    run_verdicts(app, bare, kind, size, runs)
    timed, rows = jobs.measure_nightly_job(app, runs)
    print(line(f"nightly job, {rows} rows (× UPDATE)", kind, size, timed, limit=job_verdict(timed, rows)), flush=True)
    if rows >= FEWEST_ROWS:
        run_mails(app, kind, size)


def run_verdicts(app: Flask, bare: FlaskClient, kind: str, size: int, runs: int) -> None:
    """Judge and forecast a county, and all of them where they are as many as a province has."""
    reckoned = verdicts.measure_county(app, bare, runs)
    if size >= MOST_COUNTIES:
        reckoned += verdicts.measure_province(app, MOST_COUNTIES, verdicts.TURNS)
    for each in reckoned:
        print(line(each.name, kind, size, each.timed, limit=each.verdict), flush=True)


def run_mails(app: Flask, kind: str, size: int) -> None:
    """Queue the digests of a morning for ten people in each county, send them, and print both lines."""
    now = mails.morning()
    mails.open_all(app, size, now)
    queued = mails.measure_queueing(app, now, mails.TURNS if size < LARGE else 1)
    timed = Timed(queued.ours * 1000, queued.bare * 1000, queued.ratio)
    said = f"{queued.ours:.1f} s, {queued.mails / queued.ours:.0f} mails/s, {queued.megabytes:.0f} MB at most"
    print(line(f"digests, {queued.mails} mails (× its SQL)", kind, size, timed, limit=said), flush=True)
    sent = mails.measure_sending(app, now)
    timed = Timed(sent.ours * 1000, sent.bare * 1000, sent.ours / sent.bare)
    kept = "kept" if sent.share >= LEAST_OF_BARE_RATE else "MISSED"
    said = f"{sent.mails / sent.ours:.0f} of bare {sent.mails / sent.bare:.0f} mails/s: {sent.share:.0%}"
    limit = f"{said}, ≥ {LEAST_OF_BARE_RATE:.0%} {kept}"
    print(line(f"sending, {sent.mails} mails (× smtplib)", kind, size, timed, limit=limit), flush=True)


def run_archive(app: Flask, people: People, kind: str) -> None:
    """Fill three years of issues of a county of 60 units and 5,000 tasks, and print what each place takes."""
    for each in measure_archive(app, people):
        head = f"{each.name:<34}{kind:<10}{ALL_TASKS:>8}{each.seconds * 1000:>9.0f}{'':>8}"
        print(f"{head}{each.queries or '':>9}{'':>9}  {each.verdict}", flush=True)


def run_documents() -> None:
    """Read large documents, each in a process of its own, and print what each takes."""
    home = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        for each in measure_documents(home):
            line = (
                f"{each.name:<40}{each.seconds:>8.2f} s{each.megabytes:>8.0f} MB{each.tasks:>7} tasks  {each.verdict}"
            )
            print(line, flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def timed_statements() -> Iterator[list[tuple[float, str]]]:
    """Collect each statement sent inside the block with the milliseconds until its first row."""
    spent: list[tuple[float, str]] = []
    begun: list[float] = []

    def begin(*_: object) -> None:
        begun.append(time.perf_counter())

    def end(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        spent.append(((time.perf_counter() - begun.pop()) * 1000, statement))

    event.listen(db.engine, "before_cursor_execute", begin)
    event.listen(db.engine, "after_cursor_execute", end)
    try:
        yield spent
    finally:
        event.remove(db.engine, "before_cursor_execute", begin)
        event.remove(db.engine, "after_cursor_execute", end)


def profile(app: Flask, people: People, who: str, address: str, runs: int) -> None:
    """Print where the time of one address goes: the functions, then the statements."""
    fetch = pages.getter(pages.client_of(app, getattr(people, who)), address)
    fetch()
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(runs):
        fetch()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)
    with app.app_context(), timed_statements() as spent:
        fetch()
    for milliseconds, statement in sorted(spent, reverse=True):
        print(f"{milliseconds:8.2f} ms  {' '.join(statement.split())[:160]}")


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="bench", description="Times of the tracker beside bare Flask and bare SQL.")
    parser.add_argument("--database", choices=("sqlite", "postgres"), action="append", help="only this one")
    parser.add_argument("--counties", type=int, action="append", help="100 tasks each; 1 and 100 without it")
    parser.add_argument("--large", action="store_true", help=f"{LARGE} counties as well")
    parser.add_argument("--archive", action="store_true", help="156 issues of 5,000 tasks instead")
    parser.add_argument("--documents", action="store_true", help="the reading of large documents instead")
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--profile", metavar="ADDRESS", help="profile one page instead, such as /tasks")
    parser.add_argument("--who", choices=("office", "staff", "nation"), default="office", help="whose page to profile")
    options = parser.parse_args()
    if options.documents:
        run_documents()
        return
    sizes = [1] if options.archive else options.counties or [*SIZES, *([LARGE] if options.large else [])]
    if not options.profile:
        print(HEAD)
    for kind in options.database or ("sqlite", "postgres"):
        for size in sizes:
            with database(kind) as (url, var_dir):
                app = application(url, var_dir)
                people = build(app, size)
                if options.profile:
                    profile(app, people, options.who, options.profile, options.runs)
                elif options.archive:
                    run_archive(app, people, kind)
                else:
                    run(app, url, people, kind, size, options.runs)
                with app.app_context():
                    db.engine.dispose()


if __name__ == "__main__":
    main()
