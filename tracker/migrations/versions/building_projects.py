"""Building projects: nodes, a ledger of money, handovers in parts, photographs, and who builds.

Revision ID: 0006
Revises: 0005

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REGION = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")


def kept(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


COLUMNS = [
    ("projects", "first_site TEXT"),
    ("projects", "site_reason TEXT"),
    ("projects", "owner VARCHAR(200)"),
    ("projects", "contractor VARCHAR(200)"),
    ("projects", "supervisor VARCHAR(200)"),
    ("projects", "contract_yuan BIGINT CONSTRAINT ck_projects_contract_not_negative CHECK (contract_yuan >= 0)"),
    ("projects", "contract_from DATE"),
    ("projects", "contract_until DATE"),
    (
        "reports",
        "progress_percent INTEGER CONSTRAINT ck_reports_progress_is_share CHECK (progress_percent BETWEEN 0 AND 100)",
    ),
    ("tasks", "node_due_on DATE"),
]


def upgrade() -> None:
    # SQLite cannot rebuild a table that others refer to while foreign keys are on.
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index("ix_tasks_node_due", "tasks", ["node_due_on"], unique=False)
    op.create_table(
        "node_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column(
            "category", kept("projectcategory", "new", "expansion", "upgrade", "informatization"), nullable=False
        ),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_node_lists_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_lists")),
        sa.UniqueConstraint("region_code", "category", name=op.f("uq_node_lists_region_code_category")),
    )
    op.create_table(
        "money_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", kept("moneykind", "planned", "allocated", "paid"), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("for_year", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            kept("moneysource", "central", "provincial", "city", "county", "bond", "loan", "social", "other"),
            nullable=True,
        ),
        sa.Column("payee", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind = 'planned' OR for_year IS NULL", name=op.f("ck_money_entries_only_plans_have_years")),
        sa.CheckConstraint("amount_yuan <> 0", name=op.f("ck_money_entries_amount_counts")),
        sa.CheckConstraint(
            "kind = 'planned' OR \"on\" IS NOT NULL", name=op.f("ck_money_entries_money_moves_on_a_day")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_money_entries_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["projects.task_id"], name=op.f("fk_money_entries_task_id_projects"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["accounts.id"], name=op.f("fk_money_entries_withdrawn_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_entries")),
        sa.UniqueConstraint("task_id", "once", name=op.f("uq_money_entries_task_id_once")),
    )
    op.create_index("ix_money_entries_account_id", "money_entries", ["account_id"], unique=False)
    op.create_index("ix_money_entries_task", "money_entries", ["task_id", "kind", "on"], unique=False)
    op.create_index("ix_money_entries_withdrawn_by_id", "money_entries", ["withdrawn_by_id"], unique=False)

    op.create_table(
        "project_nodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_planned_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(planned_on IS NULL) = (first_planned_on IS NULL)", name=op.f("ck_project_nodes_planned_was_first_planned")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["projects.task_id"], name=op.f("fk_project_nodes_task_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_nodes")),
        sa.UniqueConstraint("task_id", "name", name=op.f("uq_project_nodes_task_id_name")),
    )
    op.create_index("ix_project_nodes_due", "project_nodes", ["planned_on", "task_id"], unique=False)

    op.create_table(
        "project_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_project_photos_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["projects.task_id"], name=op.f("fk_project_photos_task_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_photos")),
        sa.UniqueConstraint("task_id", "once", name=op.f("uq_project_photos_task_id_once")),
    )
    op.create_index("ix_project_photos_account_id", "project_photos", ["account_id"], unique=False)
    op.create_index("ix_project_photos_sha256", "project_photos", ["sha256"], unique=False)
    op.create_index("ix_project_photos_task", "project_photos", ["task_id", "taken_on"], unique=False)

    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_school_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.CheckConstraint("seats > 0 AND classes >= 0", name=op.f("ck_handovers_seats_count")),
        sa.ForeignKeyConstraint(
            ["project_school_id"],
            ["project_schools.id"],
            name=op.f("fk_handovers_project_school_id_project_schools"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_project_school_id", "handovers", ["project_school_id"], unique=False)

    op.create_table(
        "node_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("old_on", sa.Date(), nullable=False),
        sa.Column("new_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_node_moves_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["node_id"], ["project_nodes.id"], name=op.f("fk_node_moves_node_id_project_nodes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_moves")),
    )
    op.create_index("ix_node_moves_account_id", "node_moves", ["account_id"], unique=False)
    op.create_index("ix_node_moves_node_id", "node_moves", ["node_id"], unique=False)

    op.create_table(
        "project_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(entry_id IS NULL) <> (node_id IS NULL)", name=op.f("ck_project_files_of_one_thing")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["money_entries.id"], name=op.f("fk_project_files_entry_id_money_entries"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["node_id"], ["project_nodes.id"], name=op.f("fk_project_files_node_id_project_nodes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_files")),
    )
    op.create_index("ix_project_files_entry_id", "project_files", ["entry_id"], unique=False)
    op.create_index("ix_project_files_node_id", "project_files", ["node_id"], unique=False)
    op.create_index("ix_project_files_sha256", "project_files", ["sha256"], unique=False)


def downgrade() -> None:
    for name in (
        "project_files",
        "node_moves",
        "handovers",
        "project_photos",
        "project_nodes",
        "money_entries",
        "node_lists",
    ):
        op.drop_table(name)
    op.drop_index("ix_tasks_node_due", table_name="tasks")
    for table, column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
