"""The forms that people write in, by the act that takes them: their fields, and where they stand."""

from __future__ import annotations

from tracker.forms.issues import PLACES
from tracker.rules.appraisals import STORED

LADDER = ("days_before", "day_after", "repeat_every", "head_after", "decide_after", "sends_at", "leaders_at")
ISSUE_WORDS = ("sentence", *(f"{name}_{place}" for place in PLACES for name in ("about", "ask")))
# The forms that people write in, and their fields; no password, token or file is among them.
FIELDS: dict[str, tuple[str, ...]] = {
    "tasks.report": ("situation", "unit", "text", "quantity", "progress", "no_evidence_reason"),
    "tasks.send_back": ("reason",),
    "tasks.close_in_part": ("reason",),
    "periods.set_rhythm": ("rhythm", "parts", "begins_on", "reason"),
    "tasks.redate": ("due_on", "reason"),
    "tasks.reopen": ("reason",),
    "tasks.suspend": ("reason",),
    "tasks.resume": ("reason",),
    "slips.draw_up": ("colour", "demand", "answer_by"),
    "slips.slip": ("colour", "demand", "answer_by"),
    "handlers.name": ("handler",),
    "instructions.instruct": ("leader_name", "instruction"),
    "instructions.answer": ("about", "unit", "answer"),
    "plan_tasks.withdraw": ("reason",),
    "plan_tasks.restore": ("reason",),
    "receipts.return_part": ("unit", "reason"),
    "receipts.ask_again": ("unit", "reason"),
    "extensions.ask": ("unit", "wanted_on", "reason", "work_state"),
    "extensions.decide": ("decision", "shortened_to", "opinion"),
    "waits.wait": ("unit", "by_unit", "since", "reason"),
    "expectations.expect": ("expected_on", "reason"),
    "links.add_link": ("indicator", "condition", "reason"),
    "links.change_link": ("about", "condition", "reason"),
    "links.remove_link": ("about", "reason"),
    "links.add_addition": ("figure", "school", "stage", "amount", "from_on", "reason"),
    "links.change_addition": ("about", "figure", "school", "stage", "amount", "from_on", "reason"),
    "links.dismiss_addition": ("about", "reason"),
    "county_values.say": ("region", "framework", "number", "yes", "on", "source", "standing", "unit", "note"),
    "appraisals.raise_objection": ("objection",),
    "appraisals.answer_objection": ("about", "decision", "opinion", *(figure.value for figure in STORED)),
    "photos.add": ("taken_on", "caption"),
    "nodes.plan": ("rows", "reason"),
    "nodes.add": ("name", "planned_on", "after"),
    "nodes.rename": ("about", "name"),
    "nodes.move": ("about", "planned_on", "following", "reason"),
    "nodes.expect": ("about", "expected_on", "reason"),
    "nodes.finish": ("about", "done_on", "note"),
    "nodes.undo": ("about", "reason"),
    "handovers.add": ("part", "seats", "classes", "planned_on", "expected_on", "note"),
    "handovers.change": ("about", "seats", "classes", "planned_on", "expected_on", "note"),
    "handovers.hand_over": ("about", "handed_on", "reason"),
    "handovers.remove": ("about", "reason"),
    "money.add": ("kind", "amount", "on", "source", "payee", "for_year", "note"),
    "money.withdraw": ("entry", "reason"),
    "project_facts.keep": (
        *("owner", "contractor", "supervisor"),
        *("contract_yuan", "contract_from", "contract_until"),
    ),
    "project_facts.move_site": ("site", "town", "reason"),
    "issue_acts.word": ISSUE_WORDS,
    "issue_acts.sign": ISSUE_WORDS,
    "ladders.save": LADDER,
    "ladders.preview": LADDER,
    "ladders.set_quiet": ("first_on", "last_on", "note"),
}
# These stand on a page of their own, not on that of a task.
ISSUE_FORMS = {"issue_acts.word", "issue_acts.sign"}
VALUE_FORM = "county_values.say"
# The places of forms that stand on the page of a building project.
PROJECT_PLACES = ("nodes.", "money.", "handovers.", "photos.", "project_facts.")
# These two stand on the page of a unit's row.
APPRAISAL_FORMS = {"appraisals.raise_objection", "appraisals.answer_objection"}
LADDER_FORMS = {"ladders.save", "ladders.preview", "ladders.set_quiet"}
# The words of these are shown to be copied; they are too many to be carried.
FRAMEWORK_FORMS = (
    *("frameworks.create", "frameworks.copy"),
    *("framework_changes.terms", "framework_changes.item", "framework_changes.new_item"),
)
# Where they stand: the page that leads to the form again.
SHOWN_FORMS = {
    **dict.fromkeys(("plans.create", "plans.edit", "plans.close", "plans.reopen"), "plans.plans"),
    **dict.fromkeys(("plan_tasks.add", "plan_tasks.add_many", "plan_tasks.edit"), "plans.plans"),
    **dict.fromkeys(("ledger.redate", "ledger.set_rhythm", "urges.urge"), "tasks.ledger"),
    **dict.fromkeys(("units.create", "units.change"), "units.units"),
    **dict.fromkeys(("schools.create", "schools.change"), "schools.schools"),
    "school_sheets.confirm": "school_sheets.upload",
    **dict.fromkeys(("imports.create", "imports.head", "imports.units"), "imports.taken_in"),
    **dict.fromkeys(("import_rows.edit", "import_rows.add", "import_rows.split"), "imports.taken_in"),
    "node_lists.save": "node_lists.node_lists",
    **dict.fromkeys(("bulletins.save", "bulletins.settle"), "bulletins.bulletins"),
    **dict.fromkeys(FRAMEWORK_FORMS, "frameworks.frameworks"),
}
