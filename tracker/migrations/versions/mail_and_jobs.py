"""Mail and jobs: ladders, calendars, robots, holds and refused addresses; runs of jobs by region.

Revision ID: 0004
Revises: 0003

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REGION = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")
KINDS = sa.Enum("wecom", "dingtalk", "feishu", name="robotkind", native_enum=False, create_constraint=True, length=32)
REASONS = sa.Enum("restored", "by_hand", name="holdreason", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "reminder_ladders",
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("days_before", sa.JSON(), nullable=False),
        sa.Column("day_after", sa.Integer(), nullable=False),
        sa.Column("repeat_every", sa.Integer(), nullable=False),
        sa.Column("head_after", sa.Integer(), nullable=True),
        sa.Column("decide_after", sa.Integer(), nullable=True),
        sa.Column("sends_at", sa.Time(), nullable=False),
        sa.Column("leaders_at", sa.Time(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("day_after >= 1", name=op.f("ck_reminder_ladders_day_after_counts")),
        sa.CheckConstraint("repeat_every >= 1", name=op.f("ck_reminder_ladders_repeat_every_counts")),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_reminder_ladders")),
    )
    op.create_table(
        "quiet_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_days")),
        sa.UniqueConstraint("day", "region_code", name=op.f("uq_quiet_days_day_region_code")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_days")),
        sa.UniqueConstraint("day", "region_code", name=op.f("uq_calendar_days_day_region_code")),
    )
    op.create_table(
        "robots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_robots_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robots")),
        sa.UniqueConstraint("unit_id", "kind", name=op.f("uq_robots_unit_id_kind")),
    )
    op.create_table(
        "outbox_holds",
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("reason", REASONS, nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_outbox_holds_account_id_accounts")),
        sa.PrimaryKeyConstraint("region_code", name=op.f("pk_outbox_holds")),
    )
    op.create_table(
        "refused_addresses",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_refused_addresses")),
    )
    # SQLite cannot rebuild a table to which others point while foreign keys are checked: the column comes inline.
    op.execute(
        "ALTER TABLE outbox_mails ADD COLUMN robot_id INTEGER "
        "CONSTRAINT fk_outbox_mails_robot_id_robots REFERENCES robots (id)"
    )
    op.create_index("ix_outbox_mails_robot_id", "outbox_mails", ["robot_id"])
    op.add_column("issues", sa.Column("decide_after", sa.Integer(), nullable=True))
    # What was frozen before went by the only rule that there was.
    op.execute("UPDATE issues SET decide_after = 30")
    # Nothing points to the runs of jobs.
    with op.batch_alter_table("job_runs") as batch_op:
        batch_op.add_column(sa.Column("region_code", REGION, nullable=False, server_default=""))
        batch_op.drop_constraint("uq_job_runs_job_period", type_="unique")
        batch_op.create_unique_constraint("uq_job_runs_job_period_region_code", ["job", "period", "region_code"])


def downgrade() -> None:
    op.execute("DELETE FROM job_runs WHERE region_code <> ''")
    with op.batch_alter_table("job_runs") as batch_op:
        batch_op.drop_constraint("uq_job_runs_job_period_region_code", type_="unique")
        batch_op.create_unique_constraint("uq_job_runs_job_period", ["job", "period"])
        batch_op.drop_column("region_code")
    op.execute("ALTER TABLE issues DROP COLUMN decide_after")
    op.drop_index("ix_outbox_mails_robot_id", "outbox_mails")
    op.execute("DELETE FROM outbox_mails WHERE robot_id IS NOT NULL")
    op.execute("ALTER TABLE outbox_mails DROP COLUMN robot_id")
    for table in (
        "refused_addresses",
        "outbox_holds",
        "robots",
        "calendar_days",
        "quiet_days",
        "reminder_ladders",
    ):
        op.drop_table(table)
