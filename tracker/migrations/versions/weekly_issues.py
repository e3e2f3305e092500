"""The leaders' week: issues that are worded and signed, bulletins, and the appraisal of a year.

A line of an issue refers to no task any more, and the database refuses every change of what is signed or settled.

Revision ID: 0007
Revises: 0006

"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REGION = sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql")
LIGHTS = ("overdue", "soon", "normal", "closed", "not_due", "redate", "suspended")
RULES = (
    *("closed", "redate", "past_due", "due_soon", "difficulty", "node_missed", "missed_periods", "unchanged"),
    *("period_missed", "no_deadline", "not_started", "on_plan", "awaiting", "suspended"),
)
STATES = ("not_started", "in_progress", "submitted", "closed", "suspended")
KINDS = ("measure", "indicator_duty", "project", "policy_document")
COUNTERS = ("extensions", "redates", "returns", "periods_missed")
OFFICE_HOURS = timedelta(hours=8)  # the office clock is eight hours ahead of UTC all the year


def kept(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def among(name: str, column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{each}'" for each in values)
    return f"CONSTRAINT {name} CHECK ({column} IN ({listed}))"


def issue_columns(instant: str) -> list[str]:
    signed = "CONSTRAINT ck_issues_signed_has_instant CHECK (state <> 'signed' OR signed_at IS NOT NULL)"
    signer = "CONSTRAINT fk_issues_signed_by_id_accounts REFERENCES accounts (id)"
    return [
        "folded TEXT DEFAULT '' NOT NULL",
        "generated TEXT DEFAULT '' NOT NULL",
        "asks JSON DEFAULT '{}' NOT NULL",
        f"state VARCHAR(32) DEFAULT 'draft' NOT NULL {among('ck_issues_issuestate', 'state', ('draft', 'signed'))}",
        f"signed_at {instant} {signed}",
        f"signed_by_id INTEGER {signer}",
        "signed_by VARCHAR(200)",
        "version INTEGER DEFAULT '1' NOT NULL",
        "last_event_id INTEGER DEFAULT '0' NOT NULL",
        "places JSON DEFAULT '{}' NOT NULL",
        "plans JSON DEFAULT '[]' NOT NULL",
        "counts JSON DEFAULT '{}' NOT NULL",
        "indicators JSON",
    ]


def line_columns(collate: str) -> list[str]:
    return [
        "folded TEXT DEFAULT '' NOT NULL",
        "position INTEGER DEFAULT '0' NOT NULL",
        "number VARCHAR(40)",
        f"kind VARCHAR(32) {among('ck_issue_lines_taskkind', 'kind', KINDS)}",
        f"region_code VARCHAR(12) {collate} DEFAULT '' NOT NULL",
        "unit_ids JSON DEFAULT '[]' NOT NULL",
        "cooperating JSON DEFAULT '[]' NOT NULL",
        "waits_for JSON DEFAULT '[]' NOT NULL",
        "indicators JSON DEFAULT '[]' NOT NULL",
        f"light_before VARCHAR(32) {among('ck_issue_lines_light_before', 'light_before', LIGHTS)}",
        f"rule VARCHAR(32) {among('ck_issue_lines_lightrule', 'rule', RULES)}",
        "in_difficulty BOOLEAN DEFAULT false NOT NULL",
        "deadline_text VARCHAR(200)",
        *(f"{day} DATE" for day in ("first_due_on", "expected_on", "submitted_on", "returned_on", "closed_on")),
        "withdrawn_on DATE",
        "stale BOOLEAN DEFAULT false NOT NULL",
        "to_decide BOOLEAN DEFAULT false NOT NULL",
        *(f"{each} INTEGER DEFAULT '0' NOT NULL" for each in (*COUNTERS, "held_days")),
        "project JSON",
    ]


SETTLED = {"issues": "OLD.state = 'signed'", "bulletins": "OLD.state = 'settled'"}
PARTS = ("issue_lines", "issue_standings")
SIGNED = "(SELECT state FROM issues WHERE id = {row}.issue_id) = 'signed'"


def guards_of_sqlite() -> Iterator[str]:
    for table, settled in SETTLED.items():
        for act in ("UPDATE", "DELETE"):
            yield refusal(table, act.lower(), act, settled)
    # REPLACE removes a row without asking for its removal.
    same = "id = NEW.id OR (region_code = NEW.region_code AND (number = NEW.number OR week_on = NEW.week_on))"
    yield refusal("issues", "insert", "INSERT", f"EXISTS (SELECT 1 FROM issues WHERE state = 'signed' AND ({same}))")
    same = "id = NEW.id OR (region_code = NEW.region_code AND once = NEW.once)"
    settled = f"EXISTS (SELECT 1 FROM bulletins WHERE state = 'settled' AND ({same}))"
    yield refusal("bulletins", "insert", "INSERT", settled)
    for table in PARTS:
        yield refusal(table, "insert", "INSERT", SIGNED.format(row="NEW"))
        yield refusal(table, "update", "UPDATE", f"{SIGNED.format(row='OLD')} OR {SIGNED.format(row='NEW')}")
        yield refusal(table, "delete", "DELETE", SIGNED.format(row="OLD"))


def refusal(table: str, name: str, act: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER {table}_keep_{name} BEFORE {act} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: what is signed never changes'); END"
    )


def guards_of_postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_change_of_signed() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: what is signed never changes', TG_TABLE_NAME; END $$"
    )
    yield (
        "CREATE FUNCTION refuse_change_of_signed_part() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP <> 'INSERT' AND (SELECT state FROM issues WHERE id = OLD.issue_id) = 'signed' "
        "OR TG_OP <> 'DELETE' AND (SELECT state FROM issues WHERE id = NEW.issue_id) = 'signed' "
        "THEN RAISE EXCEPTION '%: what is signed never changes', TG_TABLE_NAME; END IF; "
        "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$"
    )
    for table, settled in SETTLED.items():
        yield (
            f"CREATE TRIGGER {table}_keep_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW WHEN ({settled}) "
            "EXECUTE FUNCTION refuse_change_of_signed()"
        )
    for table in PARTS:
        yield (
            f"CREATE TRIGGER {table}_keep_rows BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change_of_signed_part()"
        )
    for table in (*SETTLED, *PARTS):
        yield (
            f"CREATE TRIGGER {table}_keep_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change_of_signed()"
        )


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    instant, collate = ("TIMESTAMP WITH TIME ZONE", 'COLLATE "C"') if on_postgresql else ("DATETIME", "")
    if on_postgresql:
        op.drop_constraint("fk_issue_lines_task_id_tasks", "issue_lines", type_="foreignkey")
    else:
        _lines_anew()
    # SQLite cannot rebuild a table that others refer to while foreign keys are on.
    for column in issue_columns(instant):
        op.execute(f"ALTER TABLE issues ADD COLUMN {column}")
    for column in line_columns(collate):
        op.execute(f"ALTER TABLE issue_lines ADD COLUMN {column}")
    op.create_index("ix_issues_signed_by_id", "issues", ["signed_by_id"], unique=False)
    op.create_index("ix_issue_lines_key", "issue_lines", ["task_key", "issue_id"], unique=False)
    _standings()
    _bulletins()
    _appraisals()
    _fill()
    for statement in guards_of_postgresql() if on_postgresql else guards_of_sqlite():
        op.execute(statement)


def _lines_anew(*references: sa.ForeignKeyConstraint) -> None:
    """The same table with these references besides the one to issues; nothing refers to it."""
    op.execute("ALTER TABLE issue_lines RENAME TO issue_lines_before")
    op.execute("DROP INDEX ix_issue_lines_light")
    op.create_table(
        "issue_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("task_key", sa.String(length=40), nullable=False),
        sa.Column("plan_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("light", kept("light", *LIGHTS), nullable=False),
        sa.Column("state", kept("state", *STATES), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("fallen_due", sa.Boolean(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("last_words", sa.Text(), nullable=True),
        sa.Column("last_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_lines_issue_id_issues"), ondelete="CASCADE"
        ),
        *references,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_lines")),
        sa.UniqueConstraint("issue_id", "task_id", name=op.f("uq_issue_lines_issue_id_task_id")),
    )
    columns = (
        "id, issue_id, task_id, task_key, plan_code, title, units, light, state, due_on, days_late, fallen_due, "
        "in_time, last_words, last_reported_at"
    )
    op.execute(f"INSERT INTO issue_lines ({columns}) SELECT {columns} FROM issue_lines_before")
    op.execute("DROP TABLE issue_lines_before")
    op.create_index("ix_issue_lines_light", "issue_lines", ["issue_id", "light"], unique=False)


def _standings() -> None:
    op.create_table(
        "issue_standings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("region_code", REGION, nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_standings_issue_id_issues"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_standings")),
    )
    op.create_index("ix_issue_standings_issue", "issue_standings", ["issue_id", "position"], unique=False)
    op.create_index("ix_issue_standings_unit", "issue_standings", ["unit_id", "issue_id"], unique=False)
    op.create_table(
        "issue_readings",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_issue_readings_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_issue_readings_issue_id_issues"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "account_id", name=op.f("pk_issue_readings")),
    )
    op.create_index("ix_issue_readings_account_id", "issue_readings", ["account_id"], unique=False)


def _bulletins() -> None:
    op.create_table(
        "bulletins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("kind", kept("bulletinkind", "week", "supervision", "brief"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("plan_code", sa.String(length=40), nullable=True),
        sa.Column("unit_names", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.String(length=200), server_default="", nullable=False)
            for name in ("reported_to", "sent_to", "issued_to")
        ),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("state", kept("bulletinstate", "draft", "settled"), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=200), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("folded", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state <> 'settled' OR settled_at IS NOT NULL", name=op.f("ck_bulletins_settled_has_instant")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_bulletins_issue_id_issues")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_bulletins_made_by_id_accounts")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_bulletins_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.UniqueConstraint("region_code", "once", name=op.f("uq_bulletins_region_code_once")),
    )
    op.create_index("ix_bulletins_issue_id", "bulletins", ["issue_id"], unique=False)
    op.create_index("ix_bulletins_made_by_id", "bulletins", ["made_by_id"], unique=False)
    op.create_index("ix_bulletins_region", "bulletins", ["region_code", "id"], unique=False)


def _appraisals() -> None:
    op.create_table(
        "appraisals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_code", REGION, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_issue_id", sa.Integer(), nullable=False),
        sa.Column("state", kept("appraisalstate", "draft", "published"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND objections_until IS NOT NULL)",
            name=op.f("ck_appraisals_published_has_term"),
        ),
        sa.ForeignKeyConstraint(["last_issue_id"], ["issues.id"], name=op.f("fk_appraisals_last_issue_id_issues")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_appraisals_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisals")),
        sa.UniqueConstraint("region_code", "year", name=op.f("uq_appraisals_region_code_year")),
    )
    op.create_index("ix_appraisals_last_issue_id", "appraisals", ["last_issue_id"], unique=False)
    op.create_table(
        "appraisal_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appraisal_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("meant", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("corrected", sa.JSON(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["appraisal_id"],
            ["appraisals.id"],
            name=op.f("fk_appraisal_lines_appraisal_id_appraisals"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_appraisal_lines_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_lines")),
    )
    op.create_index("ix_appraisal_lines_appraisal", "appraisal_lines", ["appraisal_id", "position"], unique=False)
    op.create_index("ix_appraisal_lines_unit_id", "appraisal_lines", ["unit_id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("once", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_objections_answer_has_instant")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_objections_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_objections_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["appraisal_lines.id"], name=op.f("fk_objections_line_id_appraisal_lines"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("line_id", "once", name=op.f("uq_objections_line_id_once")),
    )
    op.create_index("ix_objections_account_id", "objections", ["account_id"], unique=False)
    op.create_index("ix_objections_answered_by_id", "objections", ["answered_by_id"], unique=False)


def _fill() -> None:
    """Give the issues that were printed before what can still be known of their moment; they count as signed."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        # Instants are read as they come, in the zone of the session.
        bind.execute(sa.text("SET LOCAL TIME ZONE 'UTC'"))
    of_task = "(SELECT tasks.{name} FROM tasks WHERE tasks.id = issue_lines.task_id)"
    known = ", ".join(f"{name} = {of_task.format(name=name)}" for name in ("number", "kind"))
    bind.execute(sa.text(f"UPDATE issue_lines SET {known}"))
    bind.execute(sa.text("UPDATE issues SET generated = sentence, state = 'signed', signed_at = cut_off_at"))
    regions: dict[str, str] = dict(bind.execute(sa.text("SELECT code, name FROM regions")).all())
    plans = {
        row.code: {"code": row.code, "title": row.title, "number": row.document_number or "", "region": row.region_code}
        for row in bind.execute(sa.text("SELECT code, title, document_number, region_code FROM plans"))
    }
    units: dict[str, dict[str, int]] = defaultdict(dict)
    for row in bind.execute(sa.text("SELECT region_code, alias AS name, unit_id AS id FROM unit_aliases")):
        units[row.region_code][row.name] = row.id
    for row in bind.execute(sa.text("SELECT region_code, name, id FROM units")):
        units[row.region_code][row.name] = row.id
    before: dict[str, dict[int, str]] = {}
    issues = sa.text(
        "SELECT id, region_code, cut_off_at, decide_after, sentence FROM issues ORDER BY region_code, number"
    )
    for issue in bind.execute(issues.columns(cut_off_at=sa.DateTime())).all():
        lines = _filled_lines(issue, before.get(issue.region_code), plans, units)
        before[issue.region_code] = {line["row"]: line["light"] for line in lines}
        _keep(issue, lines, plans, regions)
    _count()


def _count() -> None:
    """What had happened to each task up to the cut-off, so that the next issue goes on counting from there."""
    until = "(SELECT i.cut_off_at FROM issues i WHERE i.id = issue_lines.issue_id)"
    known = "(SELECT i.last_event_id FROM issues i WHERE i.id = issue_lines.issue_id)"
    moves = f"FROM deadline_changes d WHERE d.task_id = issue_lines.task_id AND d.at <= {until} AND d.extension_id"
    day = (
        "CAST({}+ INTERVAL '8 hours' AS DATE)" if op.get_bind().dialect.name == "postgresql" else "date({}, '+8 hours')"
    )
    missed = (
        "SELECT count(*) FROM reporting_periods p LEFT JOIN reports r ON r.id = p.report_id "
        f"WHERE p.task_id = issue_lines.task_id AND p.ends_on < {day.format(until)} "
        f"AND (r.id IS NULL OR r.at > {until})"
    )
    returns = (
        "SELECT count(*) FROM events e WHERE e.object_type = 'task' AND e.object_id = issue_lines.task_key "
        f"AND e.act = 'return' AND e.allowed AND e.id <= {known}"
    )
    newest = "SELECT max(e.id) FROM events e WHERE e.at <= issues.cut_off_at"
    for statement in (
        f"UPDATE issues SET last_event_id = coalesce(({newest}), 0)",
        f"UPDATE issue_lines SET extensions = (SELECT count(*) {moves} IS NOT NULL), "
        f"redates = (SELECT count(*) {moves} IS NULL), returns = ({returns}), periods_missed = ({missed})",
    ):
        op.execute(statement)


def _filled_lines(issue: Any, before: Any, plans: Any, units: Any) -> list[dict[str, Any]]:
    quiet = (issue.cut_off_at + OFFICE_HOURS).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    quiet -= OFFICE_HOURS + timedelta(days=14)
    query = sa.text("SELECT * FROM issue_lines WHERE issue_id = :issue ORDER BY id").columns(
        last_reported_at=sa.DateTime(), units=sa.JSON(), fallen_due=sa.Boolean(), in_time=sa.Boolean()
    )
    found = []
    for position, row in enumerate(op.get_bind().execute(query, {"issue": issue.id}).all(), start=1):
        region = plans.get(row.plan_code, {}).get("region", issue.region_code)
        heard: datetime | None = row.last_reported_at and row.last_reported_at.replace(tzinfo=None)
        late = row.light == "overdue" and row.state != "submitted"
        named = [row.task_key, row.number, row.title, " ".join(row.units), row.last_words]
        found.append(
            {
                "row": row.task_id,
                "id": row.id,
                "light": row.light,
                "units": row.units,
                "fallen_due": row.fallen_due,
                "in_time": row.in_time,
                "plan": row.plan_code,
                "region_code": region,
                "position": position,
                "light_before": (before or {}).get(row.task_id),
                "unit_ids": json.dumps([units[region].get(name, 0) for name in row.units]),
                "stale": row.state in STATES[:2] and row.light != "redate" and (heard is None or heard < quiet),
                "to_decide": issue.decide_after is not None and late and row.days_late >= issue.decide_after,
                "folded": "\n".join(unicodedata.normalize("NFKC", each).casefold() for each in named if each),
            }
        )
    return found


def _keep(issue: Any, lines: list[dict[str, Any]], plans: Any, regions: Any) -> None:
    bind = op.get_bind()
    kept_columns = ("region_code", "position", "light_before", "unit_ids", "stale", "to_decide", "folded")
    # An index by number names bare JSON as text on both databases.
    change = sa.text(
        f"UPDATE issue_lines SET {', '.join(f'{name} = {_bound(name)}' for name in kept_columns)} WHERE id = :id"
    )
    if lines:
        bind.execute(change, [{name: line[name] for name in (*kept_columns, "id")} for line in lines])
    codes = list(dict.fromkeys(line["plan"] for line in lines))
    places = {code[:size] for line in lines for code in (line["region_code"],) for size in (2, 4, 6, 9, 12)}
    named = {code: regions[code] for code in sorted(places | {issue.region_code}) if code in regions}
    bind.execute(
        sa.text(
            f"UPDATE issues SET counts = {_bound('counts')}, plans = {_bound('plans')}, places = {_bound('places')}, "
            "folded = :folded WHERE id = :id"
        ),
        {
            "id": issue.id,
            "counts": json.dumps(_counts(lines)),
            "plans": json.dumps([plans[code] for code in codes if code in plans], ensure_ascii=False),
            "places": json.dumps(named, ensure_ascii=False),
            # The sentence in force and the one that was generated, which are the same.
            "folded": "\n".join([unicodedata.normalize("NFKC", issue.sentence).casefold()] * 2),
        },
    )
    by_unit: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        for key in zip(line["units"], json.loads(line["unit_ids"]), strict=True):
            by_unit[key].append(line)
    if len(issue.region_code) >= 6:
        for position, ((name, unit_id), own) in enumerate(by_unit.items(), start=1):
            bind.execute(
                sa.text(
                    "INSERT INTO issue_standings (issue_id, position, name, unit_id, counts) "
                    f"VALUES (:issue, :position, :name, :unit, {_bound('counts')})"
                ),
                {
                    "issue": issue.id,
                    "position": position,
                    "name": name,
                    "unit": unit_id or None,
                    "counts": json.dumps(_counts(own)),
                },
            )


def _bound(name: str) -> str:
    is_json = name in {"counts", "plans", "places", "unit_ids"}
    return f"CAST(:{name} AS JSON)" if is_json and op.get_bind().dialect.name == "postgresql" else f":{name}"


def _counts(lines: list[dict[str, Any]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for line in lines:
        alone = len(line["units"]) == 1
        found[line["light"]] += 1
        found["due"] += line["fallen_due"]
        found["in_time"] += line["fallen_due"] and line["in_time"]
        found["own_due"] += alone and line["fallen_due"]
        found["own_in_time"] += alone and line["fallen_due"] and line["in_time"]
        closed = line["light"] == "closed" and line["light_before"] not in (None, "closed")
        found["newly_closed_in_time"] += closed and line["in_time"]
        found["newly_closed_late"] += closed and not line["in_time"]
        found["stale"] += line["stale"]
        found["to_decide"] += line["to_decide"]
        for light in ("overdue", "closed"):
            found[f"newly_{light}"] += line["light"] == light and line["light_before"] not in (None, light)
    return {name: int(count) for name, count in found.items()}


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        for table in (*SETTLED, *PARTS):
            op.execute(f"DROP TRIGGER {table}_keep_rows ON {table}")
            op.execute(f"DROP TRIGGER {table}_keep_table ON {table}")
        for part in ("", "_part"):
            op.execute(f"DROP FUNCTION refuse_change_of_signed{part}()")
    else:
        for table in SETTLED:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_keep_{act}")
        for table in PARTS:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_keep_{act}")
    for name in ("objections", "appraisal_lines", "appraisals", "bulletins", "issue_readings", "issue_standings"):
        op.drop_table(name)
    op.drop_index("ix_issue_lines_key", table_name="issue_lines")
    op.drop_index("ix_issues_signed_by_id", table_name="issues")
    for column in reversed(line_columns("")):
        op.execute(f"ALTER TABLE issue_lines DROP COLUMN {column.split()[0]}")
    # The state is spoken of in the CHECK of the instant.
    for column in ("signed_at", *(each.split()[0] for each in reversed(issue_columns("")))):
        if column != "signed_at" or _has("signed_at"):
            op.execute(f"ALTER TABLE issues DROP COLUMN {column}")
    if on_postgresql:
        op.create_foreign_key("fk_issue_lines_task_id_tasks", "issue_lines", "tasks", ["task_id"], ["id"])
    else:
        _lines_anew(sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_issue_lines_task_id_tasks")))


def _has(column: str) -> bool:
    return column in {each["name"] for each in sa.inspect(op.get_bind()).get_columns("issues")}
