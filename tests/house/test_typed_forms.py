"""Every form that people write in keeps the words of a session that has ended, or stands here with its reason."""

from __future__ import annotations

from flask import Flask

from tracker.views import typed, typed_fields, typed_figures

EXCEPTED: dict[str, tuple[str, ...]] = {
    "a password, an address or a name of an account is typed anew and never shown again": (
        "accounts.change",
        "accounts.create",
        "accounts.disable",
        "accounts.enable",
        "accounts.end_sessions",
        "accounts.grant",
        "accounts.reset_password",
        "accounts.unlock",
        "password_reset.ask",
        "password_reset.choose",
        "profile.profile",
        "refused_addresses.clear_person",
        "refused_addresses.clear_unit",
        "robots.remove_robot",
        "robots.set_robot",
        "robots.start_robot",
        "robots.stop_robot",
        "robots.test_robot",
        "sign_in.end_session",
        "sign_in.password",
        "sign_in.sign_in",
        "sign_in.sign_out",
    ),
    "a file is chosen or confirmed, nothing is typed": (
        "calendar.confirm",
        "calendar.preview",
        "project_sheets.confirm",
        "project_sheets.preview",
        "school_sheets.preview",
        "unit_sheets.confirm",
        "unit_sheets.preview",
    ),
    "a day or a short name, chosen again in a moment": (
        "appraisals.publish_draft",
        "calendar.add",
        "ledger.keep_view",
        "units.duties",
        "units.merge",
        "waits.end",
        "holds.hold",
        "outbox.resend",
    ),
    "keeps the words of the form in whose name it is called": (
        "drafts.save",
        "drafts.drop",
        "urges.preview",
    ),
    "a button, with nothing to be written": (
        "appraisals.make",
        "appraisals.recompute_draft",
        "binder.export",
        "bulletins.create",
        "bulletins.drop",
        "calendar.remove",
        "county_values.check",
        "county_values.withdraw",
        "events.export",
        "framework_changes.delete",
        "framework_changes.remove",
        "frameworks.choose",
        "holds.release",
        "ladders.remove_quiet",
        "ladders.reset",
        "import_rows.accept",
        "import_rows.drop",
        "import_rows.join",
        "import_rows.restore",
        "adoption.adopt",
        "adoption.drop",
        "adoption.withdraw",
        "language.choose",
        "ledger.batch",
        "ledger.export_chosen",
        "ledger.forget_view",
        "links.confirm",
        "links.confirm_many",
        "node_lists.reset",
        "nodes.remove",
        "outbox.take_out",
        "photos.withdraw",
        "issue_acts.freeze_again",
        "overview.freeze",
        "plan_tasks.delete",
        "plans.delete",
        "plans.start",
        "readings.mark_read",
        "receipts.accept",
        "receipts.accept_all",
        "reports.withdraw",
        "school_years.check",
        "tasks.verify",
        "units.delete",
        "units.disable",
        "units.enable",
    ),
}


def test_every_form_that_is_written_in_keeps_its_words(app: Flask) -> None:
    writing = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    kept = {*typed_fields.FIELDS, *typed_fields.SHOWN_FORMS, *typed_figures.FORMS, typed.WEEK_FORM}
    excepted = {endpoint for endpoints in EXCEPTED.values() for endpoint in endpoints}
    assert writing - kept - excepted == set(), "neither in views/typed_fields.py nor excepted with a reason"
    assert excepted <= writing - kept, "excepted, though there is no such form, or it keeps its words"
