"""Refused requests become events here, once: which act was asked, of which thing, and why not.

``EVENTS`` says of every route that writes which acts its events name; the first one names its refusals as well. A new
route that writes needs a line here, and the word of its act in ``views/event_words.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.actions.record import Actor
from tracker.actions.refusals import STRANGER, keep_refusal
from tracker.models import db
from tracker.models.engine import set_reads_only
from tracker.rules.texts import clean_text
from tracker.views.access import READING, STATIC, actor, signed_in_visitor

LONGEST_ID = 40
# The acts that a writing route records; none where it changes nothing that is kept.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "accounts.change": ("change_account",),
    "accounts.create": ("create_account",),
    "accounts.disable": ("disable_account",),
    "accounts.enable": ("enable_account",),
    "accounts.end_sessions": ("end_sessions",),
    "accounts.grant": ("grant_role",),
    "accounts.reset_password": ("reset_password",),
    "accounts.unlock": ("unlock_account",),
    "adoption.adopt": ("adopt_import", "store_plan"),
    "adoption.drop": ("drop_import",),
    "adoption.withdraw": ("withdraw_import",),
    "appraisals.answer_objection": ("answer_objection",),
    "appraisals.make": ("make_appraisal",),
    "appraisals.raise_objection": ("object_to_appraisal",),
    "appraisals.publish_draft": ("publish_appraisal",),
    "appraisals.recompute_draft": ("recompute_appraisal",),
    "binder.export": ("export_binder",),
    "bulletins.create": ("make_bulletin",),
    "bulletins.drop": ("drop_bulletin",),
    "bulletins.save": ("word_bulletin",),
    "bulletins.settle": ("settle_bulletin",),
    "calendar.add": ("enter_calendar_days",),
    "calendar.confirm": ("enter_calendar_days",),
    "calendar.preview": (),
    "calendar.remove": ("remove_calendar_days",),
    "county_values.check": ("check_value",),
    "county_values.say": ("say_value",),
    "county_values.withdraw": ("withdraw_value",),
    "drafts.drop": (),
    "drafts.save": (),
    "enrolments.save": ("set_enrolments",),
    "events.export": ("export_events",),
    "expectations.expect": ("expect",),
    "extensions.ask": ("ask_extension",),
    "extensions.decide": ("decide_extension",),
    "framework_changes.delete": ("delete_framework",),
    "framework_changes.item": ("change_framework_item",),
    "framework_changes.new_item": ("add_framework_item",),
    "framework_changes.remove": ("remove_framework_item",),
    "framework_changes.terms": ("change_framework",),
    "frameworks.choose": ("choose_framework",),
    "frameworks.copy": ("copy_framework",),
    "frameworks.create": ("create_framework",),
    "handlers.name": ("name_handler",),
    "handovers.add": ("add_handover",),
    "handovers.change": ("change_handover",),
    "handovers.hand_over": ("hand_over",),
    "handovers.remove": ("remove_handover",),
    "holds.hold": ("hold_mail",),
    "holds.release": ("release_mail",),
    "import_rows.accept": ("accept_import_row", "decline_import_row"),
    "import_rows.add": ("add_import_row",),
    "import_rows.drop": ("drop_import_row",),
    "import_rows.edit": ("edit_import_row",),
    "import_rows.join": ("join_import_rows",),
    "import_rows.restore": ("restore_import_row",),
    "import_rows.split": ("split_import_row",),
    "imports.create": ("open_import",),
    "imports.head": ("edit_import",),
    "imports.units": ("name_import_units",),
    "instructions.answer": ("answer_instruction",),
    "instructions.instruct": ("instruct",),
    "ladders.preview": (),
    "ladders.remove_quiet": ("remove_quiet_days",),
    "ladders.reset": ("reset_reminders",),
    "ladders.save": ("change_reminders",),
    "ladders.set_quiet": ("set_quiet_days",),
    "language.choose": (),
    "ledger.batch": (),
    "ledger.export_chosen": (),
    "ledger.forget_view": (),
    "ledger.keep_view": (),
    "ledger.redate": ("redate",),
    "ledger.set_rhythm": ("rhythm",),
    "links.add_addition": ("add_addition",),
    "links.add_link": ("add_link",),
    "links.change_addition": ("change_addition",),
    "links.change_link": ("change_link",),
    "links.confirm": ("confirm_links",),
    "links.confirm_many": ("confirm_links",),
    "links.dismiss_addition": ("dismiss_addition",),
    "links.remove_link": ("remove_link",),
    "node_lists.reset": ("reset_node_list",),
    "node_lists.save": ("set_node_list",),
    "nodes.add": ("add_node",),
    "nodes.expect": ("expect_node",),
    "nodes.finish": ("finish_node",),
    "nodes.move": ("move_node",),
    "nodes.plan": ("plan_nodes",),
    "nodes.remove": ("remove_node",),
    "nodes.rename": ("rename_node",),
    "nodes.undo": ("undo_node",),
    "money.add": ("add_money",),
    "money.withdraw": ("withdraw_money",),
    "outbox.resend": ("resend_mail",),
    "outbox.take_out": ("take_out_mail",),
    "issue_acts.freeze_again": ("freeze_again",),
    "issue_acts.sign": ("sign_week",),
    "issue_acts.word": ("word_week",),
    "overview.freeze": ("freeze_week",),
    "password_reset.ask": ("ask_password_reset",),
    "password_reset.choose": ("choose_password",),
    "periods.set_rhythm": ("rhythm",),
    "photos.add": ("add_photos",),
    "photos.withdraw": ("withdraw_photo",),
    "plan_tasks.add": ("add_task",),
    "plan_tasks.add_many": ("add_task",),
    "plan_tasks.delete": ("delete_task",),
    "plan_tasks.edit": ("edit_task", "assign"),
    "plan_tasks.restore": ("restore",),
    "plan_tasks.withdraw": ("withdraw",),
    "plans.close": ("close_plan",),
    "plans.create": ("create_plan",),
    "plans.delete": ("delete_plan",),
    "plans.edit": ("edit_plan",),
    "plans.reopen": ("reopen_plan",),
    "plans.start": ("activate_plan",),
    "profile.profile": ("change_profile",),
    "project_facts.keep": ("keep_facts",),
    "project_facts.move_site": ("move_site",),
    "project_sheets.confirm": ("import_projects", "import_project_rows"),
    "project_sheets.preview": (),
    "readings.mark_read": ("mark_read",),
    "receipts.accept": ("accept_part",),
    "receipts.accept_all": ("accept_part",),
    "receipts.ask_again": ("ask_part_again",),
    "receipts.return_part": ("return_part",),
    "refused_addresses.clear_person": ("clear_address",),
    "refused_addresses.clear_unit": ("clear_address",),
    "reports.withdraw": ("undo",),
    "robots.remove_robot": ("remove_robot",),
    "robots.set_robot": ("set_robot",),
    "robots.start_robot": ("start_robot",),
    "robots.stop_robot": ("stop_robot",),
    "robots.test_robot": ("test_robot",),
    "school_years.check": ("check_school_year",),
    "school_years.save": ("enter_school_year",),
    "schools.change": ("change_school",),
    "schools.create": ("create_school",),
    "school_sheets.confirm": ("import_school_years",),
    "school_sheets.preview": (),
    "sign_in.end_session": ("end_session",),
    "sign_in.password": ("change_password",),
    "sign_in.sign_in": ("sign_in",),
    "sign_in.sign_out": ("sign_out",),
    "slips.draw_up": ("slip",),
    "tasks.close_in_part": ("close_in_part",),
    "tasks.redate": ("redate",),
    "tasks.reopen": ("reopen",),
    "tasks.report": ("report", "submit"),
    "tasks.resume": ("resume",),
    "tasks.send_back": ("return",),
    "tasks.suspend": ("suspend",),
    "tasks.verify": ("verify",),
    "unit_sheets.confirm": ("import_units",),
    "unit_sheets.preview": (),
    "units.change": ("change_unit",),
    "units.create": ("create_unit",),
    "units.delete": ("delete_unit",),
    "units.disable": ("disable_unit",),
    "units.duties": ("set_duties",),
    "units.enable": ("enable_unit",),
    "units.merge": ("merge_units",),
    "urges.preview": (),
    "urges.urge": ("urge",),
    "waits.end": ("wait_end",),
    "waits.wait": ("wait",),
    "work.report_week": ("report", "submit"),
}
# What the names of an address stand for; another one stands for a thing of its place.
THINGS = {"key": "task", "username": "account", "school_id": "school", "number": "issue"}
REASONS = {400: "bad_request", 403: "not_allowed", 404: "not_found", 410: "gone", 413: "too_large", 429: "throttled"}


def is_refusal(status: int) -> bool:
    """Whether an answer to this request refuses an act: every writing one, and to a person the sight of a thing."""
    if request.endpoint in {None, *STATIC} or not 400 <= status < 500 or status == 405:
        return False
    if request.method not in READING:
        return True
    return status in {403, 404} and bool(request.view_args) and signed_in_visitor() is not None


def note_refusal(reason: str) -> None:
    """Keep the refusal of this request in a transaction of its own; what a view has kept itself is not kept twice.

    What the request wrote before is undone. A database that takes no event does not hide the answer.
    """
    db.session.rollback()
    if g.get("refusal_kept"):
        return
    g.refusal_kept = True
    set_reads_only(False)
    try:
        known = signed_in_visitor() is not None
        by, act = (actor(), act_asked()) if known else (Actor(address=request.remote_addr), STRANGER)
        keep_refusal(by, act, clock.now(), obj=thing_asked(known), said={"reason": reason})
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        current_app.logger.exception("a refusal was not kept")
    finally:
        set_reads_only(request.method in READING)


def act_asked() -> str:
    """The act of this request as its events name it; of a reading one the permission that it needs."""
    endpoint = request.endpoint or ""
    if request.method not in READING and EVENTS.get(endpoint):
        return EVENTS[endpoint][0]
    access = getattr(current_app.view_functions[endpoint], "access", "")
    return access[0].value if isinstance(access, tuple) else endpoint.split(".")[-1]


def thing_asked(known: bool) -> tuple[str, str] | None:
    """The thing in the address of this request, whether or not it exists; for a stranger the place alone."""
    endpoint, named = request.endpoint or "", request.view_args or {}
    if not known:
        return "request", endpoint[:LONGEST_ID]
    for name in (*THINGS, *named):
        if name in named:
            text = " ".join(clean_text(str(named[name])).split())
            return THINGS.get(name, endpoint.split(".")[0]), text[:LONGEST_ID]
    return None
