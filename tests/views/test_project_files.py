"""GET /projects/files/<file_id>."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from tests.factories import World, make_money, make_project, make_task
from tests.visit import client_for
from tracker.actions.evidence import evidence_path
from tracker.models import ProjectFile, db
from tracker.rules.money import MoneyKind

CONTENT = b"a construction permit"


def a_file(app: Flask, world: World, under: str = "node") -> int:
    """A file under a node or under an entry of money."""
    project = make_project(make_task(world.plan, responsible=[world.finance]), nodes=[{"name": "开工"}])
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = evidence_path(app.extensions["settings"].evidence_dir, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    at = datetime(2026, 3, 6, tzinfo=UTC)
    file = ProjectFile(name="施工许可证.pdf", media_type="application/pdf", size=len(CONTENT), sha256=digest, at=at)
    if under == "node":
        file.node = project.nodes[0]
    else:
        file.entry = make_money(project, MoneyKind.PAID, 100, date(2026, 3, 1))
    db.session.add(file)
    db.session.commit()
    return file.id


@pytest.mark.parametrize("under", ["node", "entry"])
def test_whoever_reads_the_task_gets_the_file_as_a_download(app: Flask, world: World, under: str) -> None:
    number = a_file(app, world, under)
    for who in ("office", "staff", "leader", "auditor"):
        answer = client_for(app, getattr(world, who)).get(f"/projects/files/{number}")
        assert (answer.status_code, answer.data, answer.mimetype) == (200, CONTENT, "application/pdf"), who
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_others_find_nothing(app: Flask, world: World) -> None:
    number = a_file(app, world)
    for who in ("housing_staff", "stranger"):
        assert client_for(app, getattr(world, who)).get(f"/projects/files/{number}").status_code == 404, who
    assert client_for(app, world.office).get(f"/projects/files/{number + 1}").status_code == 404
    assert app.test_client().get(f"/projects/files/{number}").status_code == 302


def test_it_is_only_read_and_a_lost_file_is_not_found(app: Flask, world: World) -> None:
    number, client = a_file(app, world), client_for(app, world.office)
    assert client.post(f"/projects/files/{number}").status_code == 405
    evidence_path(app.extensions["settings"].evidence_dir, hashlib.sha256(CONTENT).hexdigest()).unlink()
    assert client.get(f"/projects/files/{number}").status_code == 404
