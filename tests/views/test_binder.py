"""/evidence-binder: what it would hold, and the archive."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import IO, Any, cast

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_plan, make_task
from tests.visit import checked, client_for, counted_queries, send, visit
from tracker.actions.evidence import evidence_path
from tracker.documents import binder as limits
from tracker.models import (
    Contribution,
    CountyValue,
    CountyValueFile,
    Event,
    Evidence,
    LinkState,
    Report,
    Situation,
    Standing,
    Task,
    db,
)
from tracker.queries.binder import figures_of
from tracker.queries.indicators import national_indicator
from tracker.queries.standards import national_standard
from tracker.rules.lights import Light
from tracker.rules.permissions import Role
from tracker.views import binder as binder_page

PAGE = "/evidence-binder?framework=national"
AT = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)


def on_disk(app: Flask, content: bytes) -> str:
    """Keep a file as the application does; returns its SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    path = evidence_path(app.extensions["settings"].evidence_dir, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return digest


def show(app: Flask, world: World, task: Task, content: bytes, name: str = "凭证.pdf", **differences: Any) -> Report:
    """A report of a task with one file."""
    digest = on_disk(app, content)
    file = Evidence(name=name, media_type="application/pdf", size=len(content), sha256=digest, at=AT)
    report = Report(
        task=db.session.merge(task),
        unit=db.session.merge(world.finance),
        account=db.session.merge(world.staff),
        situation=Situation.ON_PLAN,
        text="已办",
        at=AT,
        light_before=Light.NORMAL,
        light_after=Light.NORMAL,
        once=digest[:60],
        evidence=[file],
        **differences,
    )
    db.session.add(report)
    db.session.commit()
    return report


def serve(task: Task, *codes: str, state: LinkState = LinkState.CONFIRMED) -> None:
    """Let a task serve national indicators."""
    for code in codes:
        indicator = national_indicator(code)
        assert indicator
        db.session.add(Contribution(task_id=task.id, indicator_id=indicator.id, reason="理由", state=state))
    db.session.commit()


def taken(client: Any, address: str = PAGE) -> zipfile.ZipFile:
    """The archive that the button gives."""
    answer = send(client, address, {})
    assert answer.status_code == 200, answer.text[:1000]
    assert answer.mimetype == "application/zip"
    archive = zipfile.ZipFile(BytesIO(answer.data))
    assert archive.testzip() is None
    return archive


def folders(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """The files by the code of their folder."""
    found: dict[str, list[str]] = {}
    for name in archive.namelist():
        if "/" in name:
            folder, file = name.split("/")
            found.setdefault(folder.split(" ")[0], []).append(file)
    return found


def test_the_archive_holds_the_files_of_the_tasks_that_serve_each_item(app: Flask, world: World) -> None:
    serve(world.task, "R1", "G8")
    serve(world.housing_task, "R1", state=LinkState.PROPOSED)
    show(app, world, world.task, b"one")
    show(app, world, world.task, b"taken back", withdrawn_at=AT)
    show(app, world, world.shared_task, b"of nothing")
    show(app, world, world.housing_task, b"two", "验收.pdf")
    page = visit(client_for(app, world.office), PAGE)
    assert "2 项指标有佐证，30 项没有；共 3 个文件" in page.get_text()
    archive = taken(client_for(app, world.office))
    numbers = world.task.number, world.housing_task.number
    assert folders(archive) == {
        "R1": [f"{numbers[0]}_2026-03-06_凭证.pdf", f"{numbers[1]}_2026-03-06_验收.pdf"],
        "G8": [f"{numbers[0]}_2026-03-06_凭证.pdf"],
    }
    rows = [row for row in load_workbook(BytesIO(archive.read("目录.xlsx"))).active.values if row[0] == "R1"]
    assert [row[5] for row in rows] == ["已确认", "待确认"]
    without = load_workbook(BytesIO(archive.read("无佐证清单.xlsx"))).active.values
    assert len([row for row in without if row[2] == "没有任务，也没有佐证"]) == 30
    event = db.session.scalars(sa.select(Event).where(Event.act == "export_binder")).one()
    assert (event.region_code, event.after) == (COUNTY, {"framework": "national", "files": 3, "amiss": 0})


def test_a_file_stands_once_under_an_item_whoever_handed_it_in(app: Flask, world: World) -> None:
    serve(world.task, "R1")
    serve(world.housing_task, "R1")
    for task in (world.task, world.housing_task):
        show(app, world, task, b"the same")
    assert len(folders(taken(client_for(app, world.leader)))["R1"]) == 1


def test_a_missing_file_is_named_and_the_others_come(app: Flask, world: World) -> None:
    serve(world.task, "R1")
    show(app, world, world.task, b"here", "在.pdf")
    gone = show(app, world, world.task, b"gone", "丢.pdf").evidence[0].sha256
    evidence_path(app.extensions["settings"].evidence_dir, gone).unlink()
    archive = taken(client_for(app, world.auditor))
    assert [name[-5:] for name in folders(archive)["R1"]] == ["在.pdf"]
    assert "丢.pdf" in [row[1] for row in load_workbook(BytesIO(archive.read("无佐证清单.xlsx"))).active.values]
    event = db.session.scalars(sa.select(Event).where(Event.act == "export_binder")).one()
    assert event.after
    assert event.after["amiss"] == 1


def test_files_of_the_countys_values_stand_under_their_item(app: Flask, world: World) -> None:
    digest = on_disk(app, b"a value")
    value = CountyValue(
        region_code=COUNTY,
        figure=next(figures_of(item)[0] for item in national_standard().items if item.code == "G1"),
        on=date(2026, 1, 1),
        yes=True,
        standing=Standing.REPORTED,
        source="教科体局",
        said_at=AT,
        files=[CountyValueFile(name="规划.pdf", media_type="application/pdf", size=7, sha256=digest, at=AT)],
    )
    db.session.add(value)
    db.session.commit()
    assert folders(taken(client_for(app, world.office)))["G1"] == ["县级数值_2026-01-01_规划.pdf"]
    db.session.merge(value).withdrawn_at = AT
    db.session.commit()
    assert folders(taken(client_for(app, world.office))) == {}


def test_a_local_item_takes_the_tasks_of_its_national_one_and_its_own_duty(plans_app: Flask) -> None:
    from_plan = db.session.scalars(sa.select(Task).where(Task.duty_of_id.is_not(None)).limit(1)).one()
    region = from_plan.region_code
    office, staff = make_account(Role.PLAN_OFFICE, region=region), make_account(Role.UNIT_STAFF, region=region)
    digest = on_disk(plans_app, b"duty")
    report = Report(task=from_plan, account=staff, situation=Situation.DONE, text="办结", at=AT, once="1")
    report.light_before = report.light_after = Light.NORMAL
    report.evidence = [Evidence(name="办结.pdf", media_type="application/pdf", size=4, sha256=digest, at=AT)]
    db.session.add(report)
    db.session.commit()
    assert from_plan.duty_of
    wanted = {from_plan.duty_of.number or from_plan.duty_of.code}
    wanted |= {
        item.number or item.code
        for item in from_plan.duty_of.framework.indicators
        if item.national_id in {each.indicator_id for each in from_plan.contributions}
    }
    page = visit(client_for(plans_app, office), "/evidence-binder")
    assert from_plan.duty_of.framework.name in page.get_text()
    assert set(folders(taken(client_for(plans_app, db.session.merge(office)), "/evidence-binder"))) == wanted


def test_one_group_may_be_taken_alone(app: Flask, world: World) -> None:
    serve(world.task, "R1", "G8")
    show(app, world, world.task, b"one")
    client = client_for(app, world.office)
    assert set(folders(taken(client, f"{PAGE}&group=资源配置"))) == {"R1"}
    visit(client, f"{PAGE}&group=没有", status=404)


def test_too_many_files_are_refused_and_offered_by_group(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(world.task, "R1", "G8")
    show(app, world, world.task, b"one")
    monkeypatch.setattr(limits, "MOST_FILES", 1)
    client = client_for(app, world.office)
    page = visit(client, PAGE)
    assert "现在超出" in page.get_text()
    assert [each.get_text(strip=True) for each in page.select("main form button")][:1] == ["下载“资源配置”"]
    token = str(page.select_one("main form input[name=csrf_token]")["value"])  # type: ignore[index]
    assert client.post(PAGE, data={"csrf_token": token}).status_code == 413
    assert len(folders(taken(client, f"{PAGE}&group=资源配置"))) == 1


def test_only_those_who_take_the_whole_county_away_get_it(app: Flask, world: World) -> None:
    for account in (world.staff, world.administrator, world.security):
        client = client_for(app, account)
        visit(client, PAGE, status=403)
        assert client.put(PAGE).status_code == 405
    assert app.test_client().get(PAGE).status_code == 302
    visit(client_for(app, world.stranger), f"{PAGE}&region={COUNTY}", status=400)
    visit(client_for(app, world.office), "/evidence-binder?framework=nothing", status=404)
    visit(client_for(app, world.office), "/evidence-binder?framework=" + "x" * 50, status=400)
    client = client_for(app, world.office)
    assert client.post(PAGE).status_code == 400
    assert send(client, PAGE, {"path": "/etc/passwd"}).status_code == 400


def test_what_is_another_countys_stays_there(app: Flask, world: World) -> None:
    other = make_task(make_plan("other", region=OTHER_COUNTY))
    serve(other, "R1")
    show(app, world, other, b"elsewhere")
    assert folders(taken(client_for(app, world.office))) == {}


def test_above_a_county_one_is_chosen(app: Flask, world: World) -> None:
    serve(world.task, "R1")
    show(app, world, world.task, b"one")
    client = client_for(app, make_account(Role.PLAN_OFFICE, region="36"))
    page = visit(client, PAGE)
    assert [link["href"] for link in page.select("main nav.presets a[href*='region=']")] == [
        "/evidence-binder?region=3607"
    ]
    assert set(folders(taken(client, f"{PAGE}&region={COUNTY}"))) == {"R1"}
    assert send(client, PAGE, {}, f"{PAGE}&region={COUNTY}").status_code == 400
    visit(client_for(app, make_account(Role.LEADER, region="")), "/evidence-binder")


def test_fifty_tasks_ask_no_more_questions_than_one(app: Flask, world: World) -> None:
    def questions() -> int:
        client = client_for(app, db.session.merge(world.office))
        client.get(PAGE)
        db.session.remove()
        with counted_queries() as statements:
            assert client.get(PAGE).status_code == 200
        return len(statements)

    serve(world.task, "R1")
    one = questions()
    for number in range(50):
        task = make_task(db.session.merge(world.plan), lead=[db.session.merge(world.finance)])
        serve(task, "R1")
        show(app, world, task, str(number).encode())
    assert questions() == one


def test_a_disk_that_fills_while_the_archive_is_written_is_said_and_nothing_stays(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(world.task, "R1")
    show(app, world, world.task, b"here")
    opened: list[Any] = []

    def full(**kept: Any) -> IO[bytes]:
        """A file on a disk that holds nothing."""
        opened.append(open("/dev/full", "w+b"))  # noqa: SIM115, PTH123 -- the page closes it
        return cast(IO[bytes], opened[-1])

    monkeypatch.setattr(binder_page, "TemporaryFile", full)
    answer = send(client_for(app, world.office), PAGE, {}, token_from=PAGE)
    assert answer.status_code == 503
    assert "磁盘空间不足" in checked(answer).get_text()
    assert opened[0].closed
    assert not db.session.scalar(sa.select(sa.func.count(Event.id)).where(Event.act == "export_binder"))
