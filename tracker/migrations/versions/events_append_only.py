"""Events are append-only: the database itself refuses to change or remove one.

A later migration that rebuilds the table on SQLite (batch mode) drops these triggers and must make them again.

Revision ID: 0002
Revises: 0001

"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = [
    "CREATE TRIGGER events_keep_update BEFORE UPDATE ON events "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_keep_delete BEFORE DELETE ON events "
    "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$",
    "CREATE TRIGGER events_keep_rows BEFORE UPDATE OR DELETE ON events "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events()",
    "CREATE TRIGGER events_keep_table BEFORE TRUNCATE ON events "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()",
]


def upgrade() -> None:

    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER events_keep_rows ON events")
        op.execute("DROP TRIGGER events_keep_table ON events")
        op.execute("DROP FUNCTION refuse_change_of_events()")
    else:
        op.execute("DROP TRIGGER events_keep_update")
        op.execute("DROP TRIGGER events_keep_delete")
