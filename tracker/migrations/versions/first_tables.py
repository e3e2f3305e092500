"""The first tables.

Revision ID: 0001
Revises:

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "security_administrator",
                "plan_office",
                "unit_staff",
                "leader",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "frameworks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frameworks")),
        sa.UniqueConstraint("code", name=op.f("uq_frameworks_code")),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("job", "period", name=op.f("uq_job_runs_job_period")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_login_attempts_subject", ["subject", "at"], unique=False)

    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "regions",
        sa.Column(
            "code", sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("unit_name", sa.Text(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=True,
        ),
        sa.Column("object_type", sa.String(length=40), nullable=True),
        sa.Column("object_id", sa.String(length=40), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_events_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_events_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_events_previous_hash")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_events_at", ["at"], unique=False)
        batch_op.create_index("ix_events_object", ["object_type", "object_id", "id"], unique=False)

    op.create_table(
        "indicators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("national_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("group_en", sa.String(length=200), nullable=True),
        sa.Column("requirement", sa.Text(), nullable=True),
        sa.Column("requirement_en", sa.Text(), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.CheckConstraint("grade IN ('A', 'B')", name=op.f("ck_indicators_grade")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_indicators_points_not_negative")),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["frameworks.id"], name=op.f("fk_indicators_framework_id_frameworks")
        ),
        sa.ForeignKeyConstraint(["national_id"], ["indicators.id"], name=op.f("fk_indicators_national_id_indicators")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicators")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_indicators_framework_id_code")),
    )
    with op.batch_alter_table("indicators", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicators_national_id"), ["national_id"], unique=False)

    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_issues_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("region_code", "number", name=op.f("uq_issues_region_code_number")),
        sa.UniqueConstraint("region_code", "week_on", name=op.f("uq_issues_region_code_week_on")),
    )
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "outbox_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "leased",
                "sent",
                "dead",
                "dropped",
                "superseded",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_outbox_mails_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mails_message_id")),
        sa.UniqueConstraint("reason", name=op.f("uq_outbox_mails_reason")),
    )
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_mails_account", ["account_id", "kind", "state"], unique=False)
        batch_op.create_index("ix_outbox_mails_due", ["state", "not_before", "id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("framework_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=200), nullable=True),
        sa.Column("issuer", sa.String(length=200), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("target_text", sa.String(length=200), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "active", "closed", name="planstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["framework_id"], ["frameworks.id"], name=op.f("fk_plans_framework_id_frameworks")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_plans_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("code", name=op.f("uq_plans_code")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_region_code"), ["region_code"], unique=False)

    op.create_table(
        "schools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_schools_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("region_code", "name", name=op.f("uq_schools_region_code_name")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "department",
                "township",
                "school",
                "company",
                "office",
                "group",
                "collective",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("mailbox", sa.String(length=254), nullable=True),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_units_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("region_code", "name", name=op.f("uq_units_region_code_name")),
    )
    op.create_table(
        "vetoes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["framework_id"], ["frameworks.id"], name=op.f("fk_vetoes_framework_id_frameworks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetoes")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("uq_vetoes_framework_id_number")),
    )
    op.create_table(
        "account_units",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_units_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_account_units_unit_id_units")),
        sa.PrimaryKeyConstraint("account_id", "unit_id", name=op.f("pk_account_units")),
    )
    with op.batch_alter_table("account_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_units_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "indicator_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicators.id"],
            name=op.f("fk_indicator_parts_indicator_id_indicators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_parts")),
        sa.UniqueConstraint("indicator_id", "position", name=op.f("uq_indicator_parts_indicator_id_position")),
    )
    op.create_table(
        "phases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_phases_ends_after_start")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_phases_plan_id_plans"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phases")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_phases_plan_id_number")),
    )
    op.create_table(
        "plan_goals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deadline_text", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_goals_plan_id_plans"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goals")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_goals_plan_id_position")),
    )
    op.create_table(
        "reported_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("value", sa.Numeric(precision=14, scale=6), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_reported_values_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_reported_values_plan_id_plans"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_values")),
    )
    with op.batch_alter_table("reported_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reported_values_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reported_values_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "school_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "primary",
                "junior",
                "senior",
                "nine_year",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=True),
        sa.Column("classes", sa.Integer(), nullable=True),
        sa.Column("largest_class", sa.Integer(), nullable=True),
        sa.Column("qualified_teachers", sa.Integer(), nullable=True),
        sa.Column("backbone_teachers", sa.Integer(), nullable=True),
        sa.Column("arts_teachers", sa.Integer(), nullable=True),
        sa.Column("teaching_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("sports_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("equipment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("multimedia_rooms", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("students >= 0 AND classes >= 0", name=op.f("ck_school_years_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_years_school_id_schools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_years")),
        sa.UniqueConstraint("school_id", "stage", "year", name=op.f("uq_school_years_school_id_stage_year")),
    )
    op.create_table(
        "unit_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_aliases_unit_id_units"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_aliases")),
        sa.UniqueConstraint("region_code", "alias", name=op.f("uq_unit_aliases_region_code_alias")),
    )
    with op.batch_alter_table("unit_aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_aliases_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_members",
        sa.Column("collective_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collective_id"], ["units.id"], name=op.f("fk_unit_members_collective_id_units"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["units.id"], name=op.f("fk_unit_members_member_id_units"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("collective_id", "member_id", name=op.f("pk_unit_members")),
    )
    with op.batch_alter_table("unit_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_members_member_id"), ["member_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "region_code",
            sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("phase_id", sa.Integer(), nullable=True),
        sa.Column("duty_of_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "measure",
                "indicator_duty",
                "project",
                "policy_document",
                name="taskkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("section", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("source_place", sa.String(length=200), nullable=True),
        sa.Column("no_indicator_reason", sa.Text(), nullable=True),
        sa.Column("deadline_text", sa.String(length=200), nullable=True),
        sa.Column(
            "deadline_precision",
            sa.Enum(
                "day",
                "month",
                "quarter",
                "half",
                "year",
                "ongoing",
                "yearly",
                "unspecified",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "deadline_doubt",
            sa.Enum(
                "before_which_year",
                "before_issue",
                "impossible_date",
                "unreadable",
                name="doubt",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("deadline_inherited", sa.Boolean(), nullable=False),
        sa.Column("alternative_due_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("needs_redate", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "submitted",
                "closed",
                "suspended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("held_days", sa.Integer(), nullable=False),
        sa.Column("difficulty_on", sa.Date(), nullable=True),
        sa.Column("last_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_words", sa.Text(), nullable=True),
        sa.Column(
            "light_fixed",
            sa.Enum(
                "overdue",
                "soon",
                "normal",
                "closed",
                "not_due",
                "redate",
                "suspended",
                name="light",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("late_from", sa.Date(), nullable=True),
        sa.Column("soon_from", sa.Date(), nullable=True),
        sa.Column("normal_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name=op.f("ck_tasks_closed_has_day")),
        sa.CheckConstraint("state <> 'submitted' OR submitted_on IS NOT NULL", name=op.f("ck_tasks_submitted_has_day")),
        sa.CheckConstraint("held_days >= 0", name=op.f("ck_tasks_held_days_not_negative")),
        sa.ForeignKeyConstraint(["duty_of_id"], ["indicators.id"], name=op.f("fk_tasks_duty_of_id_indicators")),
        sa.ForeignKeyConstraint(["phase_id"], ["phases.id"], name=op.f("fk_tasks_phase_id_phases")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_tasks_plan_id_plans")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_tasks_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_tasks_plan_id_position")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_duty_of_id"), ["duty_of_id"], unique=False)
        batch_op.create_index(
            "ix_tasks_late",
            ["light_fixed", "late_from", "soon_from", "normal_from", "due_on", "plan_id", "position", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_tasks_lights",
            ["region_code", "light_fixed", "late_from", "soon_from", "normal_from", "due_on", "position", "id"],
            unique=False,
        )
        batch_op.create_index("ix_tasks_plan_state", ["plan_id", "state"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "lead",
                "responsible",
                "cooperating",
                name="assignmentrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_in_plan", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_assignments_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assignments_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("task_id", "unit_id", "role", name=op.f("uq_assignments_task_id_unit_id_role")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index("ix_assignments_unit", ["unit_id", "role", "task_id"], unique=False)

    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("fk_contributions_indicator_id_indicators")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_contributions_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("task_id", "indicator_id", name=op.f("uq_contributions_task_id_indicator_id")),
    )
    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.create_index("ix_contributions_indicator", ["indicator_id", "task_id"], unique=False)

    op.create_table(
        "deadline_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_deadline_changes_account_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_deadline_changes_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_changes")),
    )
    with op.batch_alter_table("deadline_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_changes_task_id"), ["task_id"], unique=False)

    op.create_table(
        "issue_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("task_key", sa.String(length=40), nullable=False),
        sa.Column("plan_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column(
            "light",
            sa.Enum(
                "overdue",
                "soon",
                "normal",
                "closed",
                "not_due",
                "redate",
                "suspended",
                name="light",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "in_progress",
                "submitted",
                "closed",
                "suspended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("fallen_due", sa.Boolean(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("last_words", sa.Text(), nullable=True),
        sa.Column("last_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_lines_issue_id_issues"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_issue_lines_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_lines")),
        sa.UniqueConstraint("issue_id", "task_id", name=op.f("uq_issue_lines_issue_id_task_id")),
    )
    with op.batch_alter_table("issue_lines", schema=None) as batch_op:
        batch_op.create_index("ix_issue_lines_light", ["issue_id", "light"], unique=False)

    op.create_table(
        "outbox_items",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("step_on", sa.Date(), nullable=True),
        sa.Column("old_due_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outbox_mails.id"], name=op.f("fk_outbox_items_mail_id_outbox_mails"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_outbox_items_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mail_id", "task_id", name=op.f("pk_outbox_items")),
    )
    with op.batch_alter_table("outbox_items", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_items_step", ["step_on", "task_id"], unique=False)
        batch_op.create_index("ix_outbox_items_task", ["task_id"], unique=False)

    op.create_table(
        "overdue_notices",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_overdue_notices_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "due_on", name=op.f("pk_overdue_notices")),
    )
    op.create_table(
        "projects",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "new",
                "expansion",
                "upgrade",
                "informatization",
                name="projectcategory",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("town", sa.String(length=200), nullable=True),
        sa.Column("land_mu", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("floor_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("sports_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("budget_yuan", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("budget_yuan >= 0", name=op.f("ck_projects_budget_not_negative")),
        sa.CheckConstraint(
            "land_mu >= 0 AND floor_area_m2 >= 0 AND sports_area_m2 >= 0", name=op.f("ck_projects_areas_not_negative")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_projects_task_id_tasks"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_projects")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column(
            "situation",
            sa.Enum(
                "on_plan", "difficulty", "done", name="situation", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "light_before",
            sa.Enum(
                "overdue",
                "soon",
                "normal",
                "closed",
                "not_due",
                "redate",
                "suspended",
                name="light_before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "light_after",
            sa.Enum(
                "overdue",
                "soon",
                "normal",
                "closed",
                "not_due",
                "redate",
                "suspended",
                name="light_after",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reports_account_id_accounts")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_reports_task_id_tasks")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("task_id", "once", name=op.f("uq_reports_task_id_once")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index("ix_reports_task", ["task_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "task_officials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_officials_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_officials")),
        sa.UniqueConstraint("task_id", "name", name=op.f("uq_task_officials_task_id_name")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_evidence_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_sha256"), ["sha256"], unique=False)

    op.create_table(
        "project_buildings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("use", sa.String(length=200), nullable=False),
        sa.Column("floor_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["projects.task_id"], name=op.f("fk_project_buildings_task_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_buildings")),
        sa.UniqueConstraint("task_id", "position", name=op.f("uq_project_buildings_task_id_position")),
    )
    op.create_table(
        "project_schools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "primary",
                "junior",
                "senior",
                "nine_year",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("classes", sa.Integer(), nullable=True),
        sa.CheckConstraint("seats >= 0 AND classes >= 0", name=op.f("ck_project_schools_seats_not_negative")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_project_schools_school_id_schools")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["projects.task_id"], name=op.f("fk_project_schools_task_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_schools")),
        sa.UniqueConstraint("task_id", "school_id", "stage", name=op.f("uq_project_schools_task_id_school_id_stage")),
    )
    with op.batch_alter_table("project_schools", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_schools_school_id"), ["school_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("project_schools", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_schools_school_id"))

    op.drop_table("project_schools")
    op.drop_table("project_buildings")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_sha256"))
        batch_op.drop_index(batch_op.f("ix_evidence_report_id"))

    op.drop_table("evidence")
    op.drop_table("task_officials")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_unit_id"))
        batch_op.drop_index("ix_reports_task")

    op.drop_table("reports")
    op.drop_table("projects")
    op.drop_table("overdue_notices")
    with op.batch_alter_table("outbox_items", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_items_task")
        batch_op.drop_index("ix_outbox_items_step")

    op.drop_table("outbox_items")
    with op.batch_alter_table("issue_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_lines_light")

    op.drop_table("issue_lines")
    with op.batch_alter_table("deadline_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadline_changes_task_id"))

    op.drop_table("deadline_changes")
    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.drop_index("ix_contributions_indicator")

    op.drop_table("contributions")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index("ix_assignments_unit")

    op.drop_table("assignments")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_plan_state")
        batch_op.drop_index("ix_tasks_lights")
        batch_op.drop_index("ix_tasks_late")
        batch_op.drop_index(batch_op.f("ix_tasks_duty_of_id"))

    op.drop_table("tasks")
    with op.batch_alter_table("unit_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_members_member_id"))

    op.drop_table("unit_members")
    with op.batch_alter_table("unit_aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_aliases_unit_id"))

    op.drop_table("unit_aliases")
    op.drop_table("school_years")
    with op.batch_alter_table("reported_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_values_plan_id"))
        batch_op.drop_index(batch_op.f("ix_reported_values_indicator_id"))

    op.drop_table("reported_values")
    op.drop_table("plan_goals")
    op.drop_table("phases")
    op.drop_table("indicator_parts")
    with op.batch_alter_table("account_units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_units_unit_id"))

    op.drop_table("account_units")
    op.drop_table("vetoes")
    op.drop_table("units")
    op.drop_table("schools")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plans_region_code"))

    op.drop_table("plans")
    with op.batch_alter_table("outbox_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_mails_due")
        batch_op.drop_index("ix_outbox_mails_account")

    op.drop_table("outbox_mails")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_account_id"))

    op.drop_table("login_sessions")
    op.drop_table("issues")
    with op.batch_alter_table("indicators", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicators_national_id"))

    op.drop_table("indicators")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_object")
        batch_op.drop_index("ix_events_at")
        batch_op.drop_index(batch_op.f("ix_events_account_id"))

    op.drop_table("events")
    op.drop_table("regions")
    op.drop_table("marks")
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_login_attempts_subject")

    op.drop_table("login_attempts")
    op.drop_table("job_runs")
    op.drop_table("frameworks")
    op.drop_table("accounts")
