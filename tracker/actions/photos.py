"""工地照片: keep a photograph as it came, add it to a project, withdraw it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from tracker.actions.evidence import evidence_path, write_whole
from tracker.actions.moves import RuleRefused, hold_open, stay_project
from tracker.actions.record import Actor, record
from tracker.actions.tasks import KeptFile
from tracker.clock import office_day
from tracker.models import Project, ProjectPhoto, db
from tracker.models.once import insert_once
from tracker.rules.evidence import clean_name
from tracker.rules.photos import LARGEST_PHOTO, photo_of

ONCE_DIGITS = 16  # of the hash, so that each photograph of a form is added a single time


def keep_photo(file: BinaryIO, name: str, folder: Path) -> KeptFile:
    """Store a whole photograph under its hash, unchanged. Raises PhotoRefused."""
    name = clean_name(name)
    file.seek(0)
    content = file.read(LARGEST_PHOTO + 1)
    found = photo_of(content, name)
    digest = hashlib.sha256(content).hexdigest()
    target = evidence_path(folder, digest)
    if not target.exists():
        write_whole(BytesIO(content), target)
    return KeptFile(name, found.media_type, len(content), digest)


def add_photos(
    actor: Actor,
    project: Project,
    taken_on: date | None,
    caption: str | None,
    photos: Sequence[KeptFile],
    folder: Path,
    once: str,
    now: datetime,
    invented: bool = False,
) -> int:
    """Add photographs of a day to a project; returns how many are new. Sent again they add nothing.

    Raises RuleRefused: plan_closed, withdrawn, photos_missing, photo_ahead, project_gone.
    """
    task = project.task
    hold_open(task)
    if not photos:
        raise RuleRefused("photos_missing")
    if taken_on is None or taken_on > office_day(now):
        raise RuleRefused("photo_ahead")
    stay_project(task.id)
    added = []
    for photo in photos:
        seen = photo_of(evidence_path(folder, photo.sha256).read_bytes(), photo.name)
        row = insert_once(ProjectPhoto).values(
            task_id=task.id,
            taken_on=taken_on,
            caption=caption,
            name=photo.name,
            media_type=seen.media_type,
            size=photo.size,
            width=seen.width,
            height=seen.height,
            sha256=photo.sha256,
            account_id=actor.person.id if actor.person else None,
            at=now,
            invented=invented,
            once=f"{once[:40]}-{photo.sha256[:ONCE_DIGITS]}",
        )
        if db.session.execute(row).rowcount:  # type: ignore[attr-defined]
            added.append(photo.name)
    if added:
        said = {"photos": added, "taken_on": taken_on} | ({"caption": caption} if caption else {})
        record(actor, "add_photos", now, obj=("task", task.key), region=task.region_code, after=said)
    return len(added)


def withdraw_photo(actor: Actor, photo: ProjectPhoto, now: datetime) -> None:
    """Show a photograph no more. Raises RuleRefused: plan_closed, withdrawn, photo_withdrawn."""
    task = photo.project.task
    hold_open(task)
    done = db.session.execute(
        sa.update(ProjectPhoto)
        .where(ProjectPhoto.id == photo.id, ProjectPhoto.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleRefused("photo_withdrawn")
    db.session.refresh(photo)
    said = {"photos": [photo.name], "taken_on": photo.taken_on}
    record(actor, "withdraw_photo", now, obj=("task", task.key), region=task.region_code, before=said, after={})
