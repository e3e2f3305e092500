"""``flask plans``: load the seeds, list, check and export what is stored, make a plan active."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import click
import sqlalchemy as sa
import yaml
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from tracker import clock
from tracker.actions.plan_indicators import store_framework
from tracker.actions.plans import activate, store_plan
from tracker.actions.proposals import propose_for_plan
from tracker.documents.framework_seed import read_framework_seed
from tracker.documents.plan_seed import read_plan_seed
from tracker.documents.plan_shape import FrameworkSeed
from tracker.documents.yaml_rows import SeedError
from tracker.models import FRAMEWORKS_READ, NATIONAL, Mark, Plan, Region, db
from tracker.queries.checkup import checkup_of
from tracker.queries.plans import exported, plan_by_code, plans_in, task_counts
from tracker.queries.standards import framework_by_code
from tracker.rules.checkup import Finding, kinds_of
from tracker.settings import ROOT
from tracker.views.check_words import evidence, finding_as_json, mend, severity_word
from tracker.views.check_words import title as check_title

log = logging.getLogger(__name__)
plans = AppGroup("plans", help="Plans: load, list, export, activate.")
SEEDS = ROOT / "seeds"


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(plans)


@plans.command("load")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(files: tuple[Path, ...]) -> None:
    """Load seed files (all of seeds/plans without FILES); one fault stores nothing.

    Plans that stand already stay as they are; shared frameworks become what their files say now.
    """
    for code, stored in load_seeds(files):
        click.echo(f"{code}: {'stored as a draft' if stored else 'stands already, unchanged'}")


def load_seeds(files: tuple[Path, ...] = (), now: datetime | None = None) -> list[tuple[str, bool]]:
    """Store regions, frameworks and plans in one transaction; says which are new. Raises ClickException."""
    try:
        seeds = [read_plan_seed(path) for path in files or sorted((SEEDS / "plans").glob("*.yaml"))]
        load_regions()
        load_frameworks()
        done = [(seed.code, store_plan(seed, now or clock.now()) is not None) for seed in seeds]
        propose_everywhere(now or clock.now())
    except SeedError as error:
        db.session.rollback()
        raise click.ClickException(f"nothing was stored.\n{error}") from error
    db.session.commit()
    return done


@plans.command("propose")
def propose() -> None:
    """Propose which indicators the tasks serve and what they add, where nothing is known yet; decisions stay."""
    added = propose_everywhere(clock.now())
    db.session.commit()
    click.echo(f"{added} proposals added; the office confirms them under /links")


def propose_everywhere(now: datetime) -> int:
    """Propose what is missing in every stored plan; returns how many proposals were added."""
    return sum(propose_for_plan(plan, now) for plan in db.session.scalars(sa.select(Plan).order_by(Plan.id)))


def load_regions() -> None:
    """Store the regions that are not there yet."""
    for code, name in yaml.safe_load((SEEDS / "regions.yaml").read_text(encoding="utf-8")).items():
        if db.session.get(Region, code) is None:
            db.session.add(Region(code=code, name=name))
    db.session.flush()


def load_frameworks() -> None:
    """Store the shared frameworks as their files say now."""
    for seed in framework_seeds():
        store_framework(seed)


def framework_seeds() -> list[FrameworkSeed]:
    """The shared frameworks in their files, the national one first: the others point at it."""
    seeds = [read_framework_seed(path) for path in sorted((SEEDS / "frameworks").glob("*.yaml"))]
    return sorted(seeds, key=lambda seed: seed.code != NATIONAL)


def refresh_frameworks() -> bool:
    """Bring the shared frameworks that stand to the files of this version; False where that is done already.

    One that cannot be stored stays as it was, and the log says why.
    """
    paths = sorted((SEEDS / "frameworks").glob("*.yaml"))
    files = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    read = db.session.get(Mark, FRAMEWORKS_READ)
    if framework_by_code(NATIONAL) is None or (read and read.value == files):
        db.session.rollback()
        return False
    try:
        for seed in framework_seeds():
            _refresh(seed)
        db.session.merge(Mark(name=FRAMEWORKS_READ, value=files))
        db.session.commit()
    except SeedError as error:
        db.session.rollback()
        raise click.ClickException(f"the frameworks stay as they were.\n{error}") from error
    except IntegrityError:
        # Another process that starts at the same time stored them first.
        db.session.rollback()
        return False
    return True


def _refresh(seed: FrameworkSeed) -> None:
    try:
        with db.session.begin_nested():
            store_framework(seed)
    except SeedError as error:
        log.error("The framework %s stays as it was: %s", seed.code, error)


@plans.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_plans(as_json: bool) -> None:
    """List the stored plans."""
    counts = task_counts()
    rows = [
        {
            "code": plan.code,
            "region": plan.region_code,
            "region_name": plan.region.name,
            "title": plan.title,
            "document_number": plan.document_number,
            "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
            "state": plan.state.value,
            "tasks": counts.get(plan.id, 0),
        }
        for plan in plans_in("")
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(f"{row['code']}  {row['region']}  {row['state']}  {row['tasks']} tasks  {row['title']}")


@plans.command("export")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (the only format so far).")
def export(code: str, as_json: bool) -> None:
    """Print a stored plan whole."""
    plan = plan_by_code(code)
    if plan is None:
        raise click.ClickException(f"no plan has the code {code!r}; `plans list` shows the codes.")
    said = exported(plan)
    said["findings"] += [finding_as_json(each) for each in checkup_of(plan)]
    click.echo(json.dumps(said, ensure_ascii=False, indent=2))


@plans.command("check")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(code: str, as_json: bool) -> None:
    """Say what contradicts itself in a plan, with the evidence and what would put it right."""
    plan = plan_by_code(code)
    if plan is None:
        raise click.ClickException(f"no plan has the code {code!r}; `plans list` shows the codes.")
    findings = checkup_of(plan)
    if as_json:
        click.echo(json.dumps([checked(each) for each in findings], ensure_ascii=False, indent=2))
        return
    for kind in kinds_of(findings):
        click.echo(f"【{severity_word(kind.severity)}】{check_title(kind.code)}（{len(kind.findings)}）")
        for each in kind.findings:
            click.echo(f"  {'、'.join(f'{task.title}（{task.key}）' for task in each.about) or plan.title}")
            click.echo(f"    依据：{evidence(each)}")
            click.echo(f"    改正：{mend(each)}")
    if not findings:
        click.echo("没有发现矛盾。")


def checked(finding: Finding) -> dict[str, object]:
    """A finding as it is printed for programs: areas in m², land in 亩, shares of one; what is fractional as a text."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "tasks": finding.keys,
        "school": finding.school or None,
        "stage": finding.stage,
        "evidence": {name: plain(value) for name, value in finding.evidence.items()},
        "mend": {name: plain(value) for name, value in finding.mend.items()},
        "title": check_title(finding.code),
        "evidence_text": evidence(finding),
        "mend_text": mend(finding),
    }


def plain(value: object) -> object:
    """A figure as JSON has it: whole numbers as numbers, others as exact texts, amounts by name."""
    if isinstance(value, Decimal):
        return (
            int(value) if value == value.to_integral_value() else f"{value.quantize(Decimal('0.0001')).normalize():f}"
        )
    if isinstance(value, tuple):
        return [list(map(plain, each)) if isinstance(each, tuple) else each for each in value]
    return value


@plans.command("activate")
@click.argument("code")
def activate_plan(code: str) -> None:
    """Make a draft active: from then on its tasks remind people."""
    plan = plan_by_code(code)
    if plan is None:
        raise click.ClickException(f"no plan has the code {code!r}; `plans list` shows the codes.")
    activate(plan, clock.now())
    db.session.commit()
    click.echo(f"{code}: active")
