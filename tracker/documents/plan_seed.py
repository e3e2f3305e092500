"""Read a plan from a seed file (seeds/plans/*.yaml) into plain values, with every fault named by place and mend."""

from __future__ import annotations

from pathlib import Path

from tracker.documents.framework_seed import indicator_from, vetoes_from
from tracker.documents.plan_faults import contradictions
from tracker.documents.plan_limits import MOST_SEATS, MOST_YUAN, figures, longest
from tracker.documents.plan_shape import (
    GoalSeed,
    PhaseSeed,
    PlanSeed,
    ProjectSeed,
    ReportedSeed,
    SchoolSeed,
    TaskSeed,
    UnitSeed,
)
from tracker.documents.yaml_rows import Row, SeedError, read_yaml
from tracker.models import (
    AssignmentRole,
    Framework,
    Indicator,
    Phase,
    Plan,
    PlanGoal,
    Project,
    ProjectBuilding,
    ProjectCategory,
    ReportedValue,
    School,
    Stage,
    Task,
    TaskKind,
    TaskOfficial,
    Unit,
    UnitAlias,
    UnitKind,
)

LAST_RANK = 9  # of the outline: rules/reading/outline_numbers.py


def read_plan_seed(path: Path) -> PlanSeed:
    """The plan in a seed file. Raises SeedError with every fault found."""
    faults: list[str] = []
    row = Row(path.name, read_yaml(path), faults)
    row.only("plan", "units", "phases", "indicators", "vetoes", "reported", "tasks", "headings")
    plan = _plan(row, path.name)
    faults += [f"{path.name}, {fault}" for fault in contradictions(plan)]
    if faults:
        raise SeedError("\n".join(faults))
    return plan


def _plan(row: Row, file: str) -> PlanSeed:
    head = row.below("plan")
    head.only(
        "code", "region", "title", "document_number", "issuer", "issued_on", "starts_on", "ends_on", "target", "goals",
        "framework",
    )  # fmt: skip
    target = head.below("target")
    target.only("text", "on")
    return PlanSeed(
        file=file,
        code=head.code("code", longest(Plan.code)),
        region=head.needed("region", longest(Plan.region_code)),
        title=head.needed("title", longest(Plan.title)),
        document_number=head.text("document_number", longest(Plan.document_number)),
        issuer=head.text("issuer", longest(Plan.issuer)),
        issued_on=head.day("issued_on"),
        starts_on=head.day("starts_on"),
        ends_on=head.day("ends_on"),
        target_text=target.text("text", longest(Plan.target_text)),
        target_on=target.day("on"),
        goals=[
            GoalSeed(goal.needed("text"), goal.text("deadline", longest(PlanGoal.deadline_text)))
            for goal in head.rows("goals")
        ],
        units=[_unit(each) for each in row.rows("units", "name")],
        phases=[_phase(each) for each in row.rows("phases", "number")],
        framework=head.text("framework", longest(Framework.code)),
        indicators=[indicator_from(each) for each in row.rows("indicators", "code")],
        vetoes=vetoes_from(row),
        reported=[_reported(each) for each in row.rows("reported")],
        tasks=[_task(each) for each in row.rows("tasks", "key")],
        headings=[_heading(each) for each in row.rows("headings")],
    )


def _heading(row: Row) -> tuple[int, str, str]:
    row.only("rank", "number", "title")
    return row.whole("rank", LAST_RANK) or 0, row.needed("number", longest(Task.number)), row.text("title") or ""


def _unit(row: Row) -> UnitSeed:
    row.only("name", "full_name", "kind", "aliases", "members")
    return UnitSeed(
        row.needed("name", longest(Unit.name)),
        row.choice("kind", UnitKind),
        row.text("full_name", longest(Unit.full_name)),
        row.names("aliases", longest(UnitAlias.alias)),
        row.names("members", longest(Unit.name)),
    )


def _phase(row: Row) -> PhaseSeed:
    row.only("number", "title", "summary", "starts_on", "ends_on")
    return PhaseSeed(
        row.needed("number", longest(Phase.number)),
        row.needed("title", longest(Phase.title)),
        row.text("summary"),
        row.day("starts_on"),
        row.day("ends_on"),
    )


def _reported(row: Row) -> ReportedSeed:
    row.only("indicator", "subject", "stage", "measure", "value", "met", "note")
    return ReportedSeed(
        indicator=row.text("indicator", longest(Indicator.code)),
        subject=row.text("subject", longest(ReportedValue.subject)),
        stage=row.text("stage", longest(ReportedValue.stage)),
        measure=row.text("measure", longest(ReportedValue.measure)),
        value=row.amount("value", figures(ReportedValue.value)),
        met=row.yes_or_no("met"),
        note=row.text("note"),
    )


def _task(row: Row) -> TaskSeed:
    row.only(
        "key", "number", "kind", "section", "title", "requirement", "units", "officials", "phase", "deadline",
        "duty_of", "project", "indicators", "no_indicator", "source",
    )  # fmt: skip
    units = row.below("units")
    units.only(*AssignmentRole)
    kind = row.choice("kind", TaskKind)
    if (kind is TaskKind.PROJECT) != bool(row.content.get("project")):
        row.fault("project", "a task of kind project needs its figures, and only such a task has them")
    indicators = row.below("indicators")
    return TaskSeed(
        key=row.code("key", longest(Task.key)),
        number=row.text("number", longest(Task.number)),
        kind=kind,
        section=row.names("section"),
        title=row.needed("title", longest(Task.title)),
        requirement=row.needed("requirement"),
        units={role: units.names(role, longest(Unit.name)) for role in AssignmentRole},
        officials=row.names("officials", longest(TaskOfficial.name)),
        phase=row.text("phase", longest(Phase.number)),
        deadline=row.text("deadline", longest(Task.deadline_text)),
        duty_of=row.text("duty_of", longest(Indicator.code)),
        project=_project(row.below("project")) if kind is TaskKind.PROJECT else None,
        indicators={str(code): indicators.needed(code) for code in indicators.content},
        no_indicator=row.text("no_indicator"),
        source=row.text("source", longest(Task.source_place)),
    )


def _project(row: Row) -> ProjectSeed:
    row.only(
        "category", "site", "town", "land_mu", "floor_area_m2", "sports_area_m2", "budget_yuan", "schools", "buildings"
    )
    return ProjectSeed(
        category=row.choice("category", ProjectCategory),
        site=row.text("site"),
        town=row.text("town", longest(Project.town)),
        land_mu=row.amount("land_mu", figures(Project.land_mu)),
        floor_area_m2=row.amount("floor_area_m2", figures(Project.floor_area_m2)),
        sports_area_m2=row.amount("sports_area_m2", figures(Project.sports_area_m2)),
        budget_yuan=row.whole("budget_yuan", MOST_YUAN),
        schools=[
            SchoolSeed(
                school.needed("name", longest(School.name)),
                school.choice("stage", Stage) if school.content.get("stage") else None,
                school.whole("seats", MOST_SEATS),
                school.whole("classes", MOST_SEATS),
            )
            for school in row.rows("schools", "name")
        ],
        buildings=[
            (
                building.needed("use", longest(ProjectBuilding.use)),
                building.amount("floor_area_m2", figures(ProjectBuilding.floor_area_m2)),
            )
            for building in row.rows("buildings")
        ],
    )
