"""How Alembic reaches the database of the application: its engine, its metadata, batches on SQLite."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from tracker.models import Base
from tracker.models.base import Instant


def leave_out_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration where the models and the database agree."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def plain_types(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the types that they store, so that a migration never depends on later code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Instant) else False


def run() -> None:
    """Run the migrations in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            process_revision_directives=leave_out_empty,
            render_as_batch=True,
            compare_type=True,
            render_item=plain_types,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
