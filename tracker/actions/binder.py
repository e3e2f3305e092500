"""Note that somebody took a binder of evidence away."""

from __future__ import annotations

from datetime import datetime

from tracker.actions.record import Actor, record


def note_binder(
    actor: Actor, region: str, framework: str, group: str | None, files: int, amiss: int, now: datetime
) -> None:
    """Record the export: of which framework and group, how many files it holds and how many are missing in it."""
    said = {"framework": framework, "group": group, "files": files, "amiss": amiss}
    record(
        actor,
        "export_binder",
        now,
        obj=("binder", framework),
        region=region,
        after={name: value for name, value in said.items() if value is not None},
    )
