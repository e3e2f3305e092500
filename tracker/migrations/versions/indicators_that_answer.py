"""Indicators that answer: frameworks with their arithmetic, years of schools, values of counties, what tasks add.

The numbers of a year, which stood by stage, are taken apart: those of the whole school, and those of its stages.

Revision ID: 0005
Revises: 0004

"""

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REGION = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")


def kept(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


STAGES = kept("stage", "primary", "junior", "senior", "nine_year")
STANDINGS = kept("standing", "checked", "reported", "estimated")
LINK_STATES = kept("linkstate", "proposed", "confirmed", "dismissed")
ORIGINS = kept("origin", "project", "hand")
KINDS = "'school', 'teaching_point', 'special', 'vocational'"
DECIDED_BY = "decided_by_id INTEGER CONSTRAINT fk_contributions_decided_by_id_accounts REFERENCES accounts (id)"
COPIED_FROM = "copied_from_id INTEGER CONSTRAINT fk_frameworks_copied_from_id_frameworks REFERENCES frameworks (id)"
COLUMNS = [
    ("contributions", "condition VARCHAR(40)"),
    (
        "contributions",
        "state VARCHAR(32) DEFAULT 'proposed' NOT NULL "
        "CONSTRAINT ck_contributions_linkstate CHECK (state IN ('proposed', 'confirmed', 'dismissed'))",
    ),
    ("contributions", DECIDED_BY),
    ("contributions", "decided_at {instant}"),
    ("frameworks", "region_code {region} CONSTRAINT fk_frameworks_region_code_regions REFERENCES regions (code)"),
    ("frameworks", COPIED_FROM),
    ("frameworks", "terms JSON DEFAULT '{{}}' NOT NULL"),
    ("frameworks", "figures JSON DEFAULT '[]' NOT NULL"),
    ("frameworks", "version INTEGER DEFAULT 1 NOT NULL"),
    ("indicator_parts", "condition VARCHAR(40)"),
    ("indicator_parts", "code VARCHAR(40)"),
    ("indicators", "conditions JSON"),
    ("indicators", "words JSON DEFAULT '[]' NOT NULL"),
    (
        "schools",
        f"kind VARCHAR(32) DEFAULT 'school' NOT NULL CONSTRAINT ck_schools_schoolkind CHECK (kind IN ({KINDS}))",
    ),
    ("schools", "town VARCHAR(200)"),
    ("schools", "unit_id INTEGER CONSTRAINT fk_schools_unit_id_units REFERENCES units (id)"),
    ("schools", "opened_on DATE"),
    ("schools", "closed_on DATE CONSTRAINT ck_schools_closed_after_opened CHECK (closed_on >= opened_on)"),
    ("schools", "version INTEGER DEFAULT 1 NOT NULL"),
    ("tasks", "expected_on DATE"),
]
INDEXES = [
    ("ix_contributions_decided_by_id", "contributions", "decided_by_id"),
    ("ix_frameworks_copied_from_id", "frameworks", "copied_from_id"),
    ("ix_frameworks_region_code", "frameworks", "region_code"),
    ("ix_schools_unit_id", "schools", "unit_id"),
]
OF_STAGE = ("students", "classes", "largest_class", "qualified_teachers", "backbone_teachers", "arts_teachers")
# What stood beside the stages and belongs to the whole school, and its name from now on.
OF_SCHOOL = {
    "teaching_area_m2": "teaching_area_m2",
    "sports_area_m2": "sports_ground_m2",
    "equipment_yuan": "equipment_yuan",
    "multimedia_rooms": "multimedia_rooms",
}


def create_school_years() -> None:
    op.create_table(
        "school_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("kindergarten_children", sa.Integer(), nullable=True),
        sa.Column("teaching_area_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("indoor_sports_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("sports_ground_m2", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("equipment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("multimedia_rooms", sa.Integer(), nullable=True),
        sa.Column("music_rooms", sa.Integer(), nullable=True),
        sa.Column("large_music_rooms", sa.Integer(), nullable=True),
        sa.Column("art_rooms", sa.Integer(), nullable=True),
        sa.Column("large_art_rooms", sa.Integer(), nullable=True),
        sa.Column("operating_funds_yuan", sa.BigInteger(), nullable=True),
        sa.Column("training_funds_yuan", sa.BigInteger(), nullable=True),
        sa.Column("payroll_yuan", sa.BigInteger(), nullable=True),
        sa.Column("standing", STANDINGS, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("exceptions", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("jumps_explained", sa.Text(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "teaching_area_m2 >= 0 AND indoor_sports_m2 >= 0 AND sports_ground_m2 >= 0",
            name=op.f("ck_school_years_areas_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_school_years_school_id_schools"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_school_years_entered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["accounts.id"], name=op.f("fk_school_years_checked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_years")),
        sa.UniqueConstraint("school_id", "year", name=op.f("uq_school_years_school_id_year")),
    )
    op.create_index("ix_school_years_year", "school_years", ["year", "school_id"], unique=False)
    op.create_index("ix_school_years_entered_by_id", "school_years", ["entered_by_id"], unique=False)
    op.create_index("ix_school_years_checked_by_id", "school_years", ["checked_by_id"], unique=False)


def old_years() -> dict[tuple[int, int], list[sa.RowMapping]]:
    """The rows of before by school and year: one for each stage."""
    names = ("school_id", "year", "stage", "source", *OF_STAGE, *OF_SCHOOL)
    found = defaultdict(list)
    for row in op.get_bind().execute(sa.select(sa.table("school_years", *map(sa.column, names)))).mappings():
        found[row["school_id"], row["year"]].append(row)
    return found


def keep_years(years: dict[tuple[int, int], list[sa.RowMapping]]) -> None:
    """Store them anew; what the stages had of rooms and grounds is added up, and unknown where one is unknown."""
    whole = sa.table(
        "school_years",
        *map(sa.column, ("id", "school_id", "year", "counted_on", "standing", "source", *OF_SCHOOL.values())),
    )
    part = sa.table("stage_years", *map(sa.column, ("school_year_id", "stage", *OF_STAGE)))
    for (school_id, year), rows in years.items():
        sums = {
            new: None if any(row[old] is None for row in rows) else sum(row[old] for row in rows)
            for old, new in OF_SCHOOL.items()
        }
        values = {"school_id": school_id, "year": year, "counted_on": date(year, 9, 1), "standing": "reported"}
        op.execute(whole.insert().values(**values, source=rows[0]["source"], **sums))
        found = sa.select(whole.c.id).where(whole.c.school_id == school_id, whole.c.year == year).scalar_subquery()
        for row in rows:
            numbers = {name: row[name] for name in OF_STAGE}
            op.execute(part.insert().values(school_year_id=found, stage=row["stage"], **numbers))


def upgrade() -> None:
    instant = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    region = 'VARCHAR(12) COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else "VARCHAR(12)"
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(instant=instant, region=region)}")
    for name, table, column in INDEXES:
        op.create_index(name, table, [column], unique=False)
    years = old_years()
    op.drop_table("school_years")
    create_school_years()
    op.create_table(
        "stage_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_year_id", sa.Integer(), nullable=False),
        sa.Column("stage", STAGES, nullable=False),
        sa.Column("students", sa.Integer(), nullable=True),
        sa.Column("classes", sa.Integer(), nullable=True),
        sa.Column("largest_class", sa.Integer(), nullable=True),
        sa.Column("full_time_teachers", sa.Integer(), nullable=True),
        sa.Column("qualified_teachers", sa.Integer(), nullable=True),
        sa.Column("backbone_teachers", sa.Integer(), nullable=True),
        sa.Column("arts_teachers", sa.Integer(), nullable=True),
        sa.Column("licensed_teachers", sa.Integer(), nullable=True),
        sa.Column("trained_teachers", sa.Integer(), nullable=True),
        sa.CheckConstraint("stage <> 'nine_year'", name=op.f("ck_stage_years_stage_is_one")),
        sa.CheckConstraint("students >= 0 AND classes >= 0", name=op.f("ck_stage_years_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_years.id"],
            name=op.f("fk_stage_years_school_year_id_school_years"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_years")),
        sa.UniqueConstraint("school_year_id", "stage", name=op.f("uq_stage_years_school_year_id_stage")),
    )
    op.create_table(
        "planned_enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("stage", STAGES, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("stage <> 'nine_year'", name=op.f("ck_planned_enrolments_stage_is_one")),
        sa.CheckConstraint("students >= 0 AND classes >= 0", name=op.f("ck_planned_enrolments_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_planned_enrolments_school_id_schools"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_enrolments")),
        sa.UniqueConstraint("school_id", "stage", "year", name=op.f("uq_planned_enrolments_school_id_stage_year")),
    )
    op.create_table(
        "county_values",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("figure", sa.String(length=80), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("number", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("yes", sa.Boolean(), nullable=True),
        sa.Column("standing", STANDINGS, nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(number IS NULL) <> (yes IS NULL)", name=op.f("ck_county_values_number_or_yes")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["accounts.id"], name=op.f("fk_county_values_checked_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_county_values_region_code_regions")),
        sa.ForeignKeyConstraint(["said_by_id"], ["accounts.id"], name=op.f("fk_county_values_said_by_id_accounts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_county_values_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_values")),
        sa.UniqueConstraint("region_code", "once", name=op.f("uq_county_values_region_code_once")),
    )
    op.create_index("ix_county_values_checked_by_id", "county_values", ["checked_by_id"], unique=False)
    op.create_index("ix_county_values_figure", "county_values", ["region_code", "figure", "on", "id"], unique=False)
    op.create_index("ix_county_values_said_by_id", "county_values", ["said_by_id"], unique=False)
    op.create_index("ix_county_values_unit_id", "county_values", ["unit_id"], unique=False)
    op.create_table(
        "county_value_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["value_id"], ["county_values.id"], name=op.f("fk_county_value_files_value_id_county_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_value_files")),
    )
    op.create_index("ix_county_value_files_sha256", "county_value_files", ["sha256"], unique=False)
    op.create_index("ix_county_value_files_value_id", "county_value_files", ["value_id"], unique=False)
    op.create_table(
        "additions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("stage", STAGES, nullable=True),
        sa.Column("figure", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", LINK_STATES, nullable=False),
        sa.Column("origin", ORIGINS, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.CheckConstraint("stage <> 'nine_year'", name=op.f("ck_additions_stage_is_one")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR amount IS NOT NULL", name=op.f("ck_additions_confirmed_has_amount")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_additions_amount_counts")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_additions_decided_by_id_accounts")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_additions_school_id_schools")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_additions_task_id_tasks"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_additions")),
        sa.UniqueConstraint("task_id", "once", name=op.f("uq_additions_task_id_once")),
    )
    op.create_index("ix_additions_decided_by_id", "additions", ["decided_by_id"], unique=False)
    op.create_index("ix_additions_school", "additions", ["school_id", "state"], unique=False)
    op.create_index("ix_additions_task", "additions", ["task_id"], unique=False)
    keep_years(years)


def downgrade() -> None:
    for name in ("county_value_files", "county_values", "additions", "planned_enrolments"):
        op.drop_table(name)
    years = new_years()
    op.drop_table("stage_years")
    op.drop_table("school_years")
    create_old_years()
    for row in years:
        op.execute(sa.table("school_years", *map(sa.column, row)).insert().values(**row))
    for name, table, _column in INDEXES:
        op.drop_index(name, table)
    for table, column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")


def new_years() -> list[dict[str, object]]:
    """The rows by stage as they were before; rooms and grounds of a school with two stages stand with the first."""
    year = sa.table("school_years", *map(sa.column, ("id", "school_id", "year", "source", *OF_SCHOOL.values())))
    part = sa.table("stage_years", *map(sa.column, ("school_year_id", "stage", *OF_STAGE)))
    rows, seen = [], set()
    query = sa.select(year, part).join(part, part.c.school_year_id == year.c.id).order_by(year.c.id, part.c.stage)
    for found in op.get_bind().execute(query).mappings():
        rooms = {old: None if found["id"] in seen else found[new] for old, new in OF_SCHOOL.items()}
        seen.add(found["id"])
        rows.append({name: found[name] for name in ("school_id", "stage", "year", "source", *OF_STAGE)} | rooms)
    return rows


def create_old_years() -> None:
    op.create_table(
        "school_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("stage", STAGES, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in OF_STAGE),
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
