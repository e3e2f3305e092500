"""Files under the money and the nodes of building projects."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import ProjectFile, db


def project_file(file_id: int) -> ProjectFile | None:
    """A file with the entry or the node that it stands under; None where there is none."""
    query = sa.select(ProjectFile).where(ProjectFile.id == file_id)
    return db.session.scalar(query.options(joinedload(ProjectFile.entry), joinedload(ProjectFile.node)))
