"""``flask indicators``: the verdict of a county on a day, and its forecast, as the pages show them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from tracker import clock
from tracker.documents.verdict_rows import forecast_row, verdict_row
from tracker.models import Region, db
from tracker.queries.forecasts import forecast_of, forecasts_within
from tracker.queries.frameworks import usable_frameworks
from tracker.queries.standards import standard_of
from tracker.queries.verdicts import verdict_of, verdicts_within
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.forecast import Forecast
from tracker.rules.gains import Mode
from tracker.rules.standards import Standard
from tracker.rules.verdicts import Verdict

FIRST_YEAR, LAST_YEAR = 2000, 2100

indicators = AppGroup("indicators", help="Indicators: the verdict and the forecast of a county.")


def read_day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    """A day of this century written as 2026-09-01. Raises BadParameter."""
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write it as 2026-09-01.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise click.BadParameter(f"{value} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


ON = click.option("--on", metavar="DATE", callback=read_day, help="The day, as 2026-09-01; today without it.")
FRAMEWORK = click.option("--framework", metavar="CODE", help="The framework; the region's own without it.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def register(app: Flask) -> None:
    """Attach the commands."""
    app.cli.add_command(indicators)


@indicators.command("verdict")
@click.argument("region")
@ON
@FRAMEWORK
@JSON
def verdict(region: str, on: date | None, framework: str | None, as_json: bool) -> None:
    """Say what a county meets on a day; for a wider REGION, each of its counties."""
    standard, on = _standard(_known(region), framework), on or clock.today()
    if len(region) == COUNTY_DIGITS:
        found = verdict_of(standard, region, on)
        _print(verdict_row(found), _verdict_lines(found), as_json)
        return
    counties = list(verdicts_within(standard, region, on))
    rows = [verdict_row(each, with_schools=False) for each in counties]
    lines = [f"{each.facts.region}  {each.finding.value}" for each in counties]
    _print({"region": region, "on": on.isoformat(), "counties": rows}, lines, as_json)


@indicators.command("forecast")
@click.argument("region")
@ON
@click.option("--mode", type=click.Choice([each.value for each in Mode]), default=Mode.DEADLINE.value)
@click.option("--unconfirmed", is_flag=True, help="Count what the office has not confirmed as well.")
@FRAMEWORK
@JSON
def forecast(region: str, on: date | None, mode: str, unconfirmed: bool, framework: str | None, as_json: bool) -> None:
    """Say what a county will meet on a day and when all tasks are finished; for a wider REGION, each county."""
    standard, today = _standard(_known(region), framework), clock.today()
    on = on or today
    if len(region) == COUNTY_DIGITS:
        found = forecast_of(standard, region, on, today, Mode(mode), unconfirmed=unconfirmed)
        _print(forecast_row(found), _forecast_lines(found), as_json)
        return
    counties = list(forecasts_within(standard, region, on, today, Mode(mode), unconfirmed=unconfirmed))
    rows = [forecast_row(each) for each in counties]
    lines = [f"{each.now.facts.region}  {_arrows(each)}" for each in counties]
    _print({"region": region, "on": on.isoformat(), "mode": mode, "counties": rows}, lines, as_json)


def _known(region: str) -> str:
    """The code of a region that is there. Raises ClickException."""
    if db.session.get(Region, region) is None:
        raise click.ClickException(f"no region has the code {region!r}; a county's has six digits, such as 360732.")
    return region


def _standard(region: str, code: str | None) -> Standard:
    """The framework asked for, or the region's own. Raises ClickException."""
    usable = usable_frameworks(region)
    framework = next((each for each in usable if code in (None, "", each.code)), None)
    if framework is None:
        known = ", ".join(each.code for each in usable)
        raise click.ClickException(f"{region} cannot be judged by a framework {code!r}; it can by {known}.")
    return standard_of(framework)


def _print(row: dict[str, Any], lines: list[str], as_json: bool) -> None:
    click.echo(json.dumps(row, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))


def _verdict_lines(found: Verdict) -> list[str]:
    facts = found.facts
    head = f"{facts.region}  {facts.on}  {found.standard.code}  school year {facts.year or '-'}: {found.finding.value}"
    return [head, *(f"{each.item.code:<6}{each.finding.value:<11}{each.item.title}" for each in found.items)]


def _forecast_lines(found: Forecast) -> list[str]:
    head = f"{found.now.facts.region}  {found.on}  {found.standard.code}  {found.mode.value}: {_arrows(found)}"
    columns = f"{'':<6}{'now':<11}{'then':<11}{'finished':<11}"
    items = [
        f"{each.now.item.code:<6}{each.now.finding.value:<11}{each.then.finding.value:<11}"
        f"{each.finished.finding.value:<11}{each.now.item.title}"
        for each in found.items
    ]
    left_out = len(found.left_out)
    return [head, columns, *items, f"{len(found.counted)} additions counted, {left_out} left out"]


def _arrows(found: Forecast) -> str:
    return " -> ".join(each.finding.value for each in (found.now, found.then, found.finished))
