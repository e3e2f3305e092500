"""Plans from documents: imports with their rows and names, the outline of a plan, the sentence of a task.

Revision ID: 0008
Revises: 0007

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REGION = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True)
PAPERS = ("word", "excel", "text")
STATES = ("open", "adopted", "withdrawn", "dropped")
UNITS = ("department", "township", "school", "company", "office", "group", "collective")
STANDING = sa.text("state IN ('open', 'adopted')")


def kept(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.execute("ALTER TABLE plans ADD COLUMN headings JSON")
    op.execute("ALTER TABLE tasks ADD COLUMN source_text TEXT")
    _imports()
    _rows()
    _names()


def downgrade() -> None:
    op.drop_table("import_names")
    op.drop_table("import_rows")
    op.drop_table("plan_imports")
    op.execute("ALTER TABLE tasks DROP COLUMN source_text")
    op.execute("ALTER TABLE plans DROP COLUMN headings")


def _imports() -> None:
    op.create_table(
        "plan_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kind", kept("paperkind", *PAPERS), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("paper", sa.JSON(), nullable=False),
        sa.Column("state", kept("importstate", *STATES), nullable=False),
        sa.Column("against_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("adopted_by_id", sa.Integer(), nullable=True),
        sa.Column("adopted_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_plan_imports_region_code_regions")),
        sa.ForeignKeyConstraint(
            ["against_id"], ["plans.id"], name=op.f("fk_plan_imports_against_id_plans"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_imports_plan_id_plans"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_plan_imports_created_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["accounts.id"], name=op.f("fk_plan_imports_adopted_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_imports")),
    )
    for column in ("against_id", "plan_id", "created_by_id", "adopted_by_id"):
        op.create_index(f"ix_plan_imports_{column}", "plan_imports", [column], unique=False)
    op.create_index("ix_plan_imports_region", "plan_imports", ["region_code", "created_at"], unique=False)
    op.create_index(
        "uq_plan_imports_digest",
        "plan_imports",
        ["region_code", "digest"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _rows() -> None:
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("first_words", sa.JSON(), nullable=True),
        sa.Column("block", sa.Integer(), nullable=True),
        sa.Column("block_row", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("task_version", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["plan_imports.id"], name=op.f("fk_import_rows_import_id_plan_imports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_import_rows_task_id_tasks"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "key", name=op.f("uq_import_rows_import_id_key")),
    )
    op.create_index("ix_import_rows_import", "import_rows", ["import_id", "position"], unique=False)
    op.create_index("ix_import_rows_task_id", "import_rows", ["task_id"], unique=False)


def _names() -> None:
    op.create_table(
        "import_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("new_kind", kept("new_kind", *UNITS), nullable=True),
        sa.Column("new_name", sa.String(length=200), nullable=True),
        sa.CheckConstraint("unit_id IS NULL OR new_kind IS NULL", name=op.f("ck_import_names_known_or_new")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["plan_imports.id"], name=op.f("fk_import_names_import_id_plan_imports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_import_names_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_names")),
        sa.UniqueConstraint("import_id", "name", name=op.f("uq_import_names_import_id_name")),
    )
    op.create_index("ix_import_names_unit_id", "import_names", ["unit_id"], unique=False)
