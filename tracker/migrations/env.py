"""How Alembic reaches the database of the application: its engine, its metadata, batches on SQLite."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from tracker.models import Base
from tracker.models.base import Instant

LOCK = 7_310_003


def leave_out_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no migration where the models and the database agree."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def plain_types(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the types that they store, so that a migration never depends on later code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Instant) else False


def run() -> None:
    """Run the migrations in one transaction. Raises CommandError where the database does not answer."""
    engine = current_app.extensions["migrate"].db.engine
    try:
        with engine.connect() as connection:
            migrate(connection)
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise CommandError(f"the database does not answer ({reason}): check DATABASE_URL") from error


def migrate(connection: Connection) -> None:
    """Run the migrations; of several processes that start at once one does, the others wait and find it done."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        process_revision_directives=leave_out_empty,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
        # Our connections begin transactions on SQLite themselves, where a change of tables can then be undone as well.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        # On SQLite the transaction itself, begun IMMEDIATE, lets one in at a time.
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        context.run_migrations()


run()
