"""The daily work: receipts, extensions, instructions, urges, waits, reporting periods, drafts, views, passwords.

SQLite cannot rebuild a table to which others point while foreign keys are checked, so columns come by ADD COLUMN with
their constraints inline, which both databases understand.

Revision ID: 0003
Revises: 0002

"""

from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RHYTHMS = "'weekly', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'school_year', 'once'"
STATES = "'not_started', 'in_progress', 'submitted', 'closed', 'suspended'"
DUTIES = "'staff', 'contact', 'deputy', 'head'"
SITUATIONS_BEFORE = "'on_plan', 'difficulty', 'done'"
SITUATIONS = "'on_plan', 'no_change', 'difficulty', 'done'"

COLUMNS = [
    (
        "account_units",
        f"duty VARCHAR(32) DEFAULT 'staff' NOT NULL CONSTRAINT ck_account_units_duty CHECK (duty IN ({DUTIES}))",
    ),
    ("accounts", "phone VARCHAR(40)"),
    ("accounts", "password_changed_at {instant}"),
    ("assignments", "handler_id INTEGER CONSTRAINT fk_assignments_handler_id_accounts REFERENCES accounts (id)"),
    (
        "deadline_changes",
        "extension_id INTEGER CONSTRAINT fk_deadline_changes_extension_id_extensions REFERENCES extensions (id)",
    ),
    ("plans", "version INTEGER DEFAULT 1 NOT NULL"),
    ("reports", f"state_before VARCHAR(32) CONSTRAINT ck_reports_state_before CHECK (state_before IN ({STATES}))"),
    ("reports", "quantity NUMERIC(14, 2)"),
    ("reports", "no_evidence_reason TEXT"),
    ("reports", "withdrawn_at {instant}"),
    ("reports", "folded TEXT DEFAULT '' NOT NULL"),
    ("schools", "folded TEXT DEFAULT '' NOT NULL"),
    ("tasks", "evidence_wanted TEXT"),
    ("tasks", "quantity_total NUMERIC(14, 2)"),
    ("tasks", "quantity_unit VARCHAR(20)"),
    ("tasks", f"rhythm VARCHAR(32) CONSTRAINT ck_tasks_rhythm CHECK (rhythm IN ({RHYTHMS}))"),
    ("tasks", "rhythm_parts INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_tasks_rhythm_has_parts CHECK (rhythm_parts >= 1)"),
    (
        "tasks",
        "rhythm_from DATE CONSTRAINT ck_tasks_rhythm_has_start CHECK (rhythm IS NULL OR rhythm_from IS NOT NULL)",
    ),
    (
        "tasks",
        "withdrawn_on DATE CONSTRAINT ck_tasks_withdrawn_is_suspended "
        "CHECK (withdrawn_on IS NULL OR state = 'suspended')",
    ),
    ("tasks", "unchanged_on DATE"),
    ("tasks", "folded TEXT DEFAULT '' NOT NULL"),
    ("unit_aliases", "folded TEXT DEFAULT '' NOT NULL"),
    ("units", "folded TEXT DEFAULT '' NOT NULL"),
    ("tasks", "once VARCHAR(64)"),
    ("units", "merged_into_id INTEGER CONSTRAINT fk_units_merged_into_id_units REFERENCES units (id)"),
    ("units", "disabled_at {instant}"),
    ("units", "version INTEGER DEFAULT 1 NOT NULL"),
]
# What is searched, and the columns whose words ``folded`` holds.
SEARCHED = {
    "reports": ("text",),
    "schools": ("name",),
    "tasks": ("key", "number", "title", "requirement"),
    "unit_aliases": ("alias",),
    "units": ("name", "full_name"),
}
INDEXES = [
    ("ix_assignments_handler_id", "assignments", "handler_id"),
    ("ix_deadline_changes_extension_id", "deadline_changes", "extension_id"),
    ("ix_units_merged_into_id", "units", "merged_into_id"),
]


def fold_what_is_there() -> None:
    """Fold the words of the rows that are already kept; later ones are folded as they are stored."""
    connection = op.get_bind()
    for name, columns in SEARCHED.items():
        table = sa.table(name, sa.column("id"), sa.column("folded"), *map(sa.column, columns))
        rows = [
            {"row": row.id, "words": "\n".join(normalize("NFKC", text).casefold() for text in row[1:] if text)}
            for row in connection.execute(sa.select(table.c.id, *(table.c[column] for column in columns)))
        ]
        if rows:
            change = sa.update(table).where(table.c.id == sa.bindparam("row")).values(folded=sa.bindparam("words"))
            connection.execute(change, rows)


def allow_situations(before: str, after: str) -> None:
    """Change the CHECK of a report's situation; on SQLite in its stored text, as its manual describes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE reports DROP CONSTRAINT ck_reports_situation")
        op.execute(f"ALTER TABLE reports ADD CONSTRAINT ck_reports_situation CHECK (situation IN ({after}))")
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'reports'",
        (f"situation IN ({before})", f"situation IN ({after})"),
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def upgrade() -> None:
    op.create_table(
        "old_passwords",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_old_passwords_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_passwords")),
    )
    op.create_index("ix_old_passwords_account", "old_passwords", ["account_id", "id"], unique=False)

    op.create_table(
        "password_resets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_password_resets_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
    )
    op.create_index("ix_password_resets_account", "password_resets", ["account_id", "at"], unique=False)

    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_views_account_id_name")),
    )
    op.create_table(
        "drafts",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_drafts_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_drafts_task_id_tasks"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "task_id", "act", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_task_id", "drafts", ["task_id"], unique=False)

    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("work_state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "granted", "shortened", "refused", name="decision", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_extensions_decision_has_instant")
        ),
        sa.CheckConstraint("wanted_on > due_on", name=op.f("ck_extensions_wanted_is_later")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_extensions_account_id_accounts")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_extensions_decided_by_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_extensions_task_id_tasks")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_extensions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
        sa.UniqueConstraint("task_id", "once", name=op.f("uq_extensions_task_id_once")),
    )
    op.create_index("ix_extensions_task", "extensions", ["task_id", "id"], unique=False)
    op.create_index("ix_extensions_unit_id", "extensions", ["unit_id"], unique=False)
    op.create_index(
        "uq_extensions_pending",
        "extensions",
        ["task_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )

    op.create_table(
        "instructions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("leader_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_instructions_account_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_instructions_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instructions")),
        sa.UniqueConstraint("task_id", "once", name=op.f("uq_instructions_task_id_once")),
    )
    op.create_index("ix_instructions_open", "instructions", ["answered_at", "task_id"], unique=False)
    op.create_index("ix_instructions_task", "instructions", ["task_id", "id"], unique=False)

    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "returned",
                "asked_again",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict = 'accepted' OR reason IS NOT NULL", name=op.f("ck_receipts_refusal_has_reason")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_receipts_account_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_receipts_task_id_tasks"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_receipts_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_task_unit", "receipts", ["task_id", "unit_id", "id"], unique=False)
    op.create_index("ix_receipts_unit_id", "receipts", ["unit_id"], unique=False)

    op.create_table(
        "urges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_urges_account_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_urges_task_id_tasks")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_urges_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urges")),
        sa.UniqueConstraint("once", "task_id", "unit_id", name=op.f("uq_urges_once_task_id_unit_id")),
    )
    op.create_index("ix_urges_task_unit", "urges", ["task_id", "unit_id", "at"], unique=False)
    op.create_index("ix_urges_unit_id", "urges", ["unit_id"], unique=False)

    op.create_table(
        "waits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("by_unit_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_waits_account_id_accounts")),
        sa.ForeignKeyConstraint(["by_unit_id"], ["units.id"], name=op.f("fk_waits_by_unit_id_units")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["accounts.id"], name=op.f("fk_waits_ended_by_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_waits_task_id_tasks")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_waits_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
    )
    op.create_index("ix_waits_by_unit_id", "waits", ["by_unit_id"], unique=False)
    op.create_index("ix_waits_unit", "waits", ["unit_id", "ended_at", "task_id"], unique=False)
    op.create_index(
        "uq_waits_open",
        "waits",
        ["task_id", "unit_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "instruction_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instruction_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_instruction_answers_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["instruction_id"], ["instructions.id"], name=op.f("fk_instruction_answers_instruction_id_instructions")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_instruction_answers_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction_answers")),
        sa.UniqueConstraint("instruction_id", "once", name=op.f("uq_instruction_answers_instruction_id_once")),
    )
    op.create_index("ix_instruction_answers_unit_id", "instruction_answers", ["unit_id"], unique=False)

    op.create_table(
        "reporting_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_reporting_periods_ends_after_start")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_reporting_periods_report_id_reports")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_reporting_periods_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_periods")),
        sa.UniqueConstraint("task_id", "starts_on", name=op.f("uq_reporting_periods_task_id_starts_on")),
    )
    op.create_index("ix_reporting_periods_report", "reporting_periods", ["report_id"], unique=False)

    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(instant=instant)}")
    for name, table, column in INDEXES:
        op.create_index(name, table, [column])
    op.create_index("ix_reports_account", "reports", ["account_id", "at"])
    op.create_index("uq_tasks_once", "tasks", ["once"], unique=True)
    allow_situations(SITUATIONS_BEFORE, SITUATIONS)
    fold_what_is_there()


def downgrade() -> None:
    allow_situations(SITUATIONS, SITUATIONS_BEFORE)
    op.drop_index("uq_tasks_once")
    op.drop_index("ix_reports_account")
    for name, _table, _column in INDEXES:
        op.drop_index(name)
    for table, column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    op.drop_index("ix_reporting_periods_report")

    op.drop_table("reporting_periods")
    op.drop_index("ix_instruction_answers_unit_id")

    op.drop_table("instruction_answers")
    op.drop_index("uq_waits_open")
    op.drop_index("ix_waits_unit")
    op.drop_index("ix_waits_by_unit_id")

    op.drop_table("waits")
    op.drop_index("ix_urges_unit_id")
    op.drop_index("ix_urges_task_unit")

    op.drop_table("urges")
    op.drop_index("ix_receipts_unit_id")
    op.drop_index("ix_receipts_task_unit")

    op.drop_table("receipts")
    op.drop_index("ix_instructions_task")
    op.drop_index("ix_instructions_open")

    op.drop_table("instructions")
    op.drop_index("uq_extensions_pending")
    op.drop_index("ix_extensions_unit_id")
    op.drop_index("ix_extensions_task")

    op.drop_table("extensions")
    op.drop_index("ix_drafts_task_id")

    op.drop_table("drafts")
    op.drop_table("saved_views")
    op.drop_index("ix_password_resets_account")

    op.drop_table("password_resets")
    op.drop_index("ix_old_passwords_account")

    op.drop_table("old_passwords")
