"""What the places about units share: loading one, and its page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions.units import NameTaken, UnitFacts
from tracker.forms.robots import RobotForm
from tracker.forms.tasks import new_key
from tracker.forms.units import DutiesForm, UnitFields, UnitForm
from tracker.models import RobotKind, Unit, UnitKind, db
from tracker.queries.frame import region_name
from tracker.queries.robots import Standing, standings_of_robots
from tracker.queries.unit_references import is_referred_to
from tracker.queries.units import MOST_TASKS, named_in, open_tasks_of, people_of, unit_in, units_beside
from tracker.views.access import person, settings
from tracker.views.words import word


@dataclass(frozen=True)
class RobotLine:
    """A group robot as the page shows it; ``form`` is missing where the installation does not allow its service."""

    kind: RobotKind
    allowed: bool
    standing: Standing | None
    form: RobotForm | None
    once: str


def load_unit(unit_id: int) -> Unit:
    """A unit at or below the person's region, or 404."""
    unit = unit_in(person().region, unit_id)
    if unit is None:
        abort(404)
    return unit


def kinds() -> list[tuple[str, str]]:
    """The kinds of units to choose from."""
    return [(kind.value, word(kind)) for kind in UnitKind]


def facts_from(form: UnitFields) -> UnitFacts:
    """What a form says of a unit."""
    return UnitFacts(
        name=form.name.data or "",
        full_name=form.full_name.data or None,
        kind=form.kind.data,
        mailbox=form.mailbox.data or None,
        aliases=form.alias_names,
        members=named_in(form.members.data or []),
    )


def name_error(taken: NameTaken) -> str:
    """Which unit a name means already, and what to do."""
    return _(
        "“%(name)s”已是“%(unit)s”的名称或别名；一个名称只指一个单位，两者是同一单位的请用“合并单位”。",
        name=taken.name,
        unit=taken.unit_name,
    )


def note_taken(form: UnitFields, taken: NameTaken) -> None:
    """Put the error of a taken name beside the field in which the name stands."""
    db.session.rollback()
    field = form.name if taken.name == form.name.data else form.aliases
    field.errors = [name_error(taken)]


def robot_lines(unit: Unit, sent: RobotForm | None) -> list[RobotLine]:
    """The services that may be used, and those of which the unit still has a robot; ``sent`` keeps its words."""
    standings, allowed = standings_of_robots(unit), settings().robots
    lines = []
    for kind in RobotKind:
        if kind in allowed or kind in standings:
            form = sent if sent and sent.kind is kind else RobotForm(kind, unit.version) if kind in allowed else None
            lines.append(RobotLine(kind, kind in allowed, standings.get(kind), form, new_key()))
    return lines


def unit_page(
    unit: Unit,
    *,
    form: UnitForm | None = None,
    duties: DutiesForm | None = None,
    robot_form: RobotForm | None = None,
    problem: str = "",
    stale: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a unit; a form that was not taken comes back with its words."""
    people, tasks = people_of(unit), open_tasks_of(unit)
    page = render_template(
        "units/unit.html",
        unit=unit,
        region=region_name(unit.region_code),
        form=form or UnitForm(unit, kinds(), units_beside(unit)),
        duties=duties or DutiesForm(unit.version, people, _("未指定")),
        people=people,
        robots=robot_lines(unit, robot_form),
        tasks=tasks,
        most_tasks=MOST_TASKS,
        deletable=not is_referred_to(unit.id),
        problem=problem,
        stale=stale,
    )
    return page, status
