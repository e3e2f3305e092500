"""What every route answers to everybody, found by asking.

``python -m tests.house.access_matrix > tests/house/access.yaml`` writes the matrix anew. Read the difference before it
is kept: each line of it says that somebody may now do what they could not, or the other way round.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from tests.conftest import Templates, running
from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, World, make_account, make_project, make_school, make_task, make_world
from tests.pictures import jpeg
from tests.visit import client_for
from tracker import clock
from tracker.actions.evidence import evidence_path
from tracker.actions.frameworks import copy_framework
from tracker.actions.imports import open_import
from tracker.actions.photos import add_photos, keep_photo
from tracker.actions.record import NOBODY, Actor
from tracker.models import (
    NATIONAL,
    Account,
    Appraisal,
    AppraisalLine,
    AppraisalState,
    Bulletin,
    BulletinKind,
    CountyValue,
    CountyValueFile,
    Evidence,
    Framework,
    Instruction,
    Issue,
    OutboxMail,
    PlanImport,
    Project,
    ProjectFile,
    ProjectNode,
    ProjectPhoto,
    Report,
    RobotKind,
    SavedView,
    School,
    Situation,
    Standing,
    Task,
    db,
)
from tracker.queries.accounts import person_of
from tracker.rules.appraisals import STORED
from tracker.rules.lights import Light

# Outcomes in the order of the file. Open: the guard lets pass, whatever the page then answers to an empty form.
OUTCOMES = ("open", "not-found", "refused", "sign-in")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Matrix = dict[str, dict[str, str]]
NOW = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)
CONTENT = b"a file of evidence"


def everybody(world: World) -> dict[str, Account | None]:
    """Who asks: a stranger, one person per role, staff of another unit and the office of another county."""
    return {
        "anonymous": None,
        "no_role": make_account(None),
        "administrator": world.administrator,
        "security_administrator": world.security,
        "plan_office": world.office,
        "unit_staff": world.staff,
        "other_unit": world.housing_staff,
        "leader": world.leader,
        "auditor": world.auditor,
        "other_region": world.stranger,
    }


def samples(world: World, folder: Path) -> dict[str, object]:
    """What stands in the addresses, by place and name: things of 财政局. What has no sample is not found."""
    return {
        "tasks.key": world.task.key,
        "task_days.key": world.task.key,
        "task_days.day": NOW.date().isoformat(),
        "plan_tasks.key": world.task.key,
        "plan_tasks.code": world.plan.code,
        "plans.code": world.plan.code,
        "imports.number": (batch := _stored_import()).id,
        "adoption.number": batch.id,
        "import_rows.number": batch.id,
        "import_rows.row_id": batch.rows[0].id,
        "plan_books.code": world.plan.code,
        "checks.code": world.plan.code,
        "projects.key": (built := _stored_project(world)),
        "nodes.key": built,
        "money.key": built,
        "handovers.key": built,
        "photos.key": built,
        "photos.photo_id": _stored_photo(built, folder).id,
        "project_facts.key": built,
        "receipts.key": world.task.key,
        "extensions.key": world.task.key,
        "waits.key": world.task.key,
        "links.key": world.task.key,
        "expectations.key": world.task.key,
        "accounts.username": world.staff2.username,
        "handlers.key": world.task.key,
        "units.unit_id": world.finance.id,
        "robots.unit_id": world.finance.id,
        "robots.kind": _allowed_robot(),
        "indicators.code": "R1",
        "frameworks.code": NATIONAL,
        "framework_changes.code": _stored_copy(world).code,
        "framework_changes.item_code": "R1",
        "indicators.framework.code": world.plan.code,
        "project_files.file_id": _stored_project_file(built, folder).id,
        "evidence.evidence_id": (file := _stored_evidence(world, folder)).id,
        "reports.report_id": file.report_id,
        "reports.key": world.task.key,
        "periods.key": world.task.key,
        "outbox.mail_id": _stored_mail(world).id,
        "refused_addresses.account_id": world.staff.id,
        "refused_addresses.unit_id": world.finance.id,
        "instructions.key": world.task.key,
        "slips.key": world.task.key,
        "instructions.instruction_id": _stored_instruction(world).id,
        "issues.number": (issue := _stored_issue()).number,
        "issue_changes.number": issue.number,
        "issue_changes.other": _stored_issue(2).number,
        "readings.number": issue.number,
        "issue_acts.number": issue.number,
        "appraisals.year": NOW.year,
        "appraisals.line_id": _stored_appraisal_line(world, issue).id,
        "bulletins.bulletin_id": _stored_bulletin().id,
        "ledger.view_id": _stored_view(world).id,
        "schools.school_id": (school := _stored_school(world)).id,
        "school_plans.school_id": school.id,
        "school_years.school_id": school.id,
        "school_years.year": NOW.year,
        "enrolments.school_id": school.id,
        "county_values.figure": "rotated_teachers",
        "county_values.value_id": (value := _stored_value(world, folder)).id,
        "county_values.file_id": value.files[0].id,
        "static.filename": "icon.svg",
    }


def _stored_import() -> PlanImport:
    said = said_paper(draft_of(draft_task("m-01", "建设村卫生室", "财政局")))
    batch = open_import(NOBODY, COUNTY, said, None, clock.now())
    db.session.commit()
    return batch


def _stored_appraisal_line(world: World, issue: Issue) -> AppraisalLine:
    """The row of 财政局 in a published sheet, with an objection that waits."""
    sheet = Appraisal(
        region_code=COUNTY,
        year=NOW.year,
        last_issue_id=issue.id,
        state=AppraisalState.PUBLISHED,
        made_at=NOW,
        published_at=NOW,
        objections_until=clock.today(),
    )
    figures = dict.fromkeys(STORED, 0)
    line = AppraisalLine(appraisal=sheet, unit=world.finance, name="财政局", position=1, figures=figures)
    db.session.add(line)
    db.session.commit()
    return line


def _stored_school(world: World) -> School:
    school = make_school("第一小学", unit=world.finance)
    db.session.commit()
    return school


def _stored_project(world: World) -> str:
    """The key of a project of 财政局."""
    task = make_task(world.plan, responsible=[world.finance])
    make_project(task)
    db.session.commit()
    return task.key


def _stored_project_file(key: str, folder: Path) -> ProjectFile:
    """A file under a node of a project; its content is that of the evidence."""
    project = db.session.scalars(sa.select(Project).join(Task).where(Task.key == key)).one()
    digest = hashlib.sha256(CONTENT).hexdigest()
    node = ProjectNode(project=project, position=1, name="开工")
    file = ProjectFile(name="开工令.txt", media_type="text/plain", size=len(CONTENT), sha256=digest, at=NOW, node=node)
    db.session.add(file)
    db.session.commit()
    return file


def _stored_photo(key: str, folder: Path) -> ProjectPhoto:
    """A photograph of a project, with its file."""
    task = db.session.scalars(sa.select(Task).where(Task.key == key)).one()
    kept = keep_photo(BytesIO(jpeg()), "site.jpg", folder)
    today = clock.today()
    add_photos(Actor(), db.session.get_one(Project, task.id), today, None, [kept], folder, "stored", clock.now())
    db.session.commit()
    return db.session.scalars(sa.select(ProjectPhoto).where(ProjectPhoto.task_id == task.id)).one()


def _allowed_robot() -> str:
    """A service of robots that the installation is made to allow."""
    settings = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(settings, robots=frozenset({RobotKind.WECOM}))
    return RobotKind.WECOM.value


def _stored_evidence(world: World, folder: Path) -> Evidence:
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = evidence_path(folder, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    file = Evidence(name="凭证.txt", media_type="text/plain", size=len(CONTENT), sha256=digest, at=NOW)
    report = Report(
        task=world.task,
        unit=world.finance,
        account=world.staff,
        situation=Situation.ON_PLAN,
        text="已拨付",
        at=NOW,
        light_before=Light.NORMAL,
        light_after=Light.NORMAL,
        once="once",
        evidence=[file],
    )
    db.session.add(report)
    db.session.commit()
    return file


def _stored_value(world: World, folder: Path) -> CountyValue:
    file = CountyValueFile(
        name="台账.txt", media_type="text/plain", size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest(), at=NOW
    )
    value = CountyValue(
        region_code=COUNTY,
        figure="rotated_teachers",
        on=NOW.date(),
        number=66,
        standing=Standing.REPORTED,
        source="台账",
        said_by_id=world.office2.id,
        said_at=NOW,
        once="once",
        files=[file],
    )
    db.session.add(value)
    db.session.commit()
    return value


def _stored_mail(world: World) -> OutboxMail:
    mail = OutboxMail(
        kind="digest",
        reason="digest",
        region_code=COUNTY,
        account=world.staff,
        address="staff@example.test",
        message_id="<1@example.test>",
        subject="督办",
        text="督办",
        html="<p>督办</p>",
        queued_at=NOW,
        not_before=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    db.session.add(mail)
    db.session.commit()
    return mail


def _stored_copy(world: World) -> Framework:
    """The national standard as the office has copied it."""
    origin = db.session.scalars(sa.select(Framework).where(Framework.code == NATIONAL)).one()
    copy = copy_framework(Actor(person_of(world.office)), origin, COUNTY, "副本", clock.now())
    db.session.commit()
    return copy


def _stored_instruction(world: World) -> Instruction:
    said = Instruction(task=world.task, account=world.leader, leader_name="王明", text="请抓紧", at=NOW, once="once")
    db.session.add(said)
    db.session.commit()
    return said


def _stored_view(world: World) -> SavedView:
    view = SavedView(account_id=world.staff.id, name="逾期", query="light=overdue")
    db.session.add(view)
    db.session.commit()
    return view


def _stored_bulletin() -> Bulletin:
    """A draft about the stored issue, of which nothing is worded."""
    bulletin = Bulletin(
        region_code=COUNTY,
        issue=db.session.scalars(sa.select(Issue).order_by(Issue.number).limit(1)).one(),
        kind=BulletinKind.SUPERVISION,
        title="督查通报样本",
        addressee="财政局样本",
        issuer="推进办样本",
        dated_on=NOW.date(),
        made_at=NOW,
        once="stored",
    )
    db.session.add(bulletin)
    db.session.commit()
    return bulletin


def _stored_issue(number: int = 1) -> Issue:
    week_on = NOW.date() + timedelta(weeks=number - 1)
    issue = Issue(region_code=COUNTY, number=number, week_on=week_on, cut_off_at=NOW, sentence="本周销号1项")
    db.session.add(issue)
    db.session.commit()
    return issue


def routes(app: Flask) -> list[tuple[str, Rule]]:
    """Every method of every route; those that read come first, so that none meets what another wrote."""
    found = [
        (method, rule) for rule in app.url_map.iter_rules() for method in METHODS if method in (rule.methods or ())
    ]
    return sorted(found, key=lambda route: (METHODS.index(route[0]), route[1].rule, route[1].endpoint))


def name_of(method: str, rule: Rule) -> str:
    """The line of a route in the file."""
    return f"{method} {rule.rule}"


def address_of(app: Flask, rule: Rule, known: dict[str, object]) -> str:
    """The address of a route about the sample, or about nothing where there is none."""
    section = rule.endpoint.split(".")[0]
    values = {}
    for argument in rule.arguments:
        converter = rule._converters[argument]
        nothing = (converter.max or 2**31 - 1) if isinstance(converter, IntegerConverter) else "nothing"
        values[argument] = known.get(f"{rule.endpoint}.{argument}", known.get(f"{section}.{argument}", nothing))
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)  # type: ignore[arg-type]


def with_token(app: Flask, account: Account | None) -> tuple[FlaskClient, dict[str, str]]:
    """A browser of its own for one request, and the header that proves that the request comes from our pages."""
    client = client_for(app, account)
    with client.session_transaction() as session:
        session["csrf_token"] = "token"
    signed = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps("token")
    return client, {"X-CSRFToken": str(signed)}


def outcome(answer: TestResponse, known: bool) -> str:
    """What an answer means for who asked. Only strangers are sent to the door; others come there by signing out."""
    if not known and answer.status_code == 302 and (answer.location or "").startswith("/sign-in"):
        return "sign-in"
    return {403: "refused", 404: "not-found"}.get(answer.status_code, "open")


def matrix(app: Flask, world: World) -> Matrix:
    """What every route answers to everybody. Raises AssertionError where one breaks down."""
    known, people = samples(world, app.extensions["settings"].evidence_dir), everybody(world)
    found: Matrix = {}
    for method, rule in routes(app):
        address = address_of(app, rule, known)
        line = found.setdefault(name_of(method, rule), {})
        for who, account in people.items():
            client, headers = with_token(app, account)
            answer = client.open(address, method=method, headers=headers)
            assert answer.status_code < 500, f"{method} {address} as {who}: {answer.status_code}"
            line[who] = outcome(answer, account is not None)
    return found


def written(found: Matrix) -> str:
    """The file: under each route the outcomes, and beside each outcome those who meet it."""
    lines = ["# Written by `python -m tests.house.access_matrix`: what every route answers to everybody."]
    for name, line in found.items():
        lines.append(f'"{name}":')
        for result in OUTCOMES:
            who = [person for person, met in line.items() if met == result]
            if who:
                lines.append(f"  {result}: {' '.join(who)}")
    return "\n".join(lines) + "\n"


def read(text: dict[str, dict[str, str]]) -> Matrix:
    """The matrix of a parsed file."""
    return {
        name: {person: result for result, people in line.items() for person in people.split()}
        for name, line in text.items()
    }


def main() -> None:
    """Write the matrix to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        templates = Templates(Path(folder))
        with running(templates, "sqlite", "empty", Path(folder) / "var") as app:
            sys.stdout.write(written(matrix(app, make_world())))


if __name__ == "__main__":
    main()
