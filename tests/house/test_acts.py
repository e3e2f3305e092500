"""Every route that writes is an act with an event: the table of acts is complete, has words, and tells the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.documents.test_project_sheet import book, entry
from tests.documents.test_school_sheet import line
from tests.factories import COUNTY, World, make_account, make_project, make_robot, make_school, make_task
from tests.house.access_matrix import address_of, routes, samples, with_token
from tests.house.source import modules, strings
from tests.views import test_appraisals as appraisals
from tests.views import test_bulletins as bulletins
from tests.views import test_county_values as county_values
from tests.views import test_expectations as expectations
from tests.views import test_extensions as extensions
from tests.views import test_frameworks as frameworks
from tests.views import test_imports as imports
from tests.views import test_node_lists as node_lists
from tests.views import test_nodes as nodes
from tests.views import test_projects_facts as project_facts
from tests.views import test_projects_handovers as handovers
from tests.views import test_projects_import as projects_import
from tests.views import test_projects_money as money
from tests.views import test_projects_photos as photos
from tests.views import test_receipts as receipts
from tests.views import test_robots as robots
from tests.views import test_school_years as school_years
from tests.views import test_schools as schools
from tests.views import test_schools_import as schools_import
from tests.views import test_task_additions as additions
from tests.views import test_task_links as links
from tests.views import test_urges as urges
from tests.views import test_waits as waits
from tests.views.test_accounts import NEW
from tests.views.test_calendar import HOLIDAY
from tests.views.test_instructions import answer, instruct
from tests.views.test_readings import mark_read as mark_read_of
from tests.views.test_readings import signed
from tests.views.test_reminders import TYPED as LADDER
from tests.views.test_tasks_desk import act, post_report
from tests.visit import client_for, send
from tracker import clock
from tracker.models import Account, Event, MailState, OutboxMail, ReminderLadder, RobotKind, db
from tracker.notifications.refused import refuse
from tracker.rules.passwords import HashCost, hash_password
from tracker.rules.permissions import Role
from tracker.rules.school_years import school_year_of
from tracker.views.event_words import ACTS
from tracker.views.refusals import EVENTS, READING

PASSWORD, NEXT = "copper river 71", "lanterns over the weir"


def writing(app: Flask) -> set[str]:
    """The endpoints that take more than reading requests."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - READING}


def test_every_route_that_writes_names_its_events(app: Flask) -> None:
    missing = sorted(writing(app) - set(EVENTS))
    assert not missing, (
        f"routes without a line in EVENTS of tracker/views/refusals.py: {missing}. Add one: the endpoint and the acts "
        "that its action records, or () where nothing that is kept changes; and the word of a new act to ACTS of "
        "tracker/views/event_words.py."
    )
    assert sorted(set(EVENTS) - writing(app)) == [], "lines of EVENTS without a route"


def test_every_act_of_a_route_has_a_word_and_is_recorded_somewhere() -> None:
    acts = {name for names in EVENTS.values() for name in names}
    assert sorted(acts - set(ACTS)) == [], "acts without a word in ACTS of tracker/views/event_words.py"
    tables = {"tracker.views.event_words", "tracker.views.refusals"}
    said = {text for name, tree in modules().items() if name not in tables for _line, text in strings(tree)}
    assert sorted(acts - said) == [], "acts that nothing records"


# What changes nothing that is kept: a cookie, pages that show what an act would do, files for reading, a person's
# own links and drafts.
SILENT = {
    "calendar.preview",
    "drafts.drop",
    "drafts.save",
    "language.choose",
    "ladders.preview",
    "ledger.batch",
    "ledger.export_chosen",
    "ledger.forget_view",
    "ledger.keep_view",
    "project_sheets.preview",
    "school_sheets.preview",
    "unit_sheets.preview",
    "urges.preview",
}


def test_only_what_keeps_nothing_leaves_no_event() -> None:
    assert {endpoint for endpoint, acts in EVENTS.items() if not acts} <= SILENT


@dataclass
class Case:
    """What an act needs to be done once."""

    app: Flask
    world: World

    def as_one(self, who: str, address: str, values: dict[str, Any], page: str = "") -> TestResponse:
        """Send a form as a person of the cast."""
        return send(client_for(self.app, getattr(self.world, who)), address, values, token_from=page)

    def on_account(self, who: str, act: str, **values: Any) -> TestResponse:
        """An act of an administrator on the account of staff2."""
        page = f"/accounts/{self.world.staff2.username}"
        return self.as_one(who, f"{page}/{act}", {"version": 1, **values}, page)

    def reminders(self, place: str, **values: Any) -> TestResponse:
        """An act of the office on its reminders."""
        return self.as_one("office", f"/reminders{place}", values, "/reminders")

    def submitted(self) -> Case:
        """The same, after the unit has submitted the task."""
        post_report(client_for(self.app, self.world.staff), self.world.task, situation="done")
        return self

    def client(self, who: str) -> FlaskClient:
        """The browser of a person of the cast."""
        return client_for(self.app, getattr(self.world, who))

    def office(self, act: str, version: int) -> TestResponse:
        """An act of the office on the task, with a reason."""
        page = f"/tasks/{self.world.task.key}"
        return self.as_one("office", f"{page}/{act}", {"version": version, "reason": "规划调整"}, page)

    def after(self, *acts: TestResponse) -> Case:
        """The same, after other acts, which are evaluated first."""
        assert all(each.status_code == 302 for each in acts)
        return self

    def on_framework(self, act: str, page: str = "", **values: Any) -> TestResponse:
        """An act of the office on its copy of the national standard; the form of the page with some values changed."""
        client = self.after(copied_framework(self)).client("office")
        typed = frameworks.typed(client, f"{frameworks.COPY}{page or act}")
        if page:
            typed = {name: typed[name] for name in ("csrf_token", "version")}
        return client.post(f"{frameworks.COPY}{act}", data=typed | values)

    def dead_mail(self) -> int:
        """A mail that was given up."""
        page = client_for(self.app, self.world.office)
        post_report(client_for(self.app, self.world.staff), self.world.task, situation="done")
        act(page, self.world.task, "return")
        db.session.execute(sa.update(OutboxMail).values(state=MailState.DEAD))
        db.session.commit()
        return int(db.session.scalars(sa.select(OutboxMail.id).limit(1)).one())


def copied_framework(case: Case) -> TestResponse:
    """Copy the national standard."""
    return case.as_one("office", "/frameworks/national/copy", {"name": "副本"}, "/frameworks/national")


def end_session(case: Case) -> TestResponse:
    """End another session of one's own."""
    client_for(case.app, case.world.staff)
    return case.as_one("staff", "/password/sessions/1/end", {}, "/password")


def resend(case: Case) -> TestResponse:
    """Send a dead mail again."""
    mail_id = case.dead_mail()
    return case.as_one("office", f"/outbox/{mail_id}/resend", {}, "/outbox")


def reset_reminders(case: Case) -> TestResponse:
    """Follow the region above again."""
    case.reminders("", version=0, **LADDER)
    return case.reminders("/reset", version=db.session.scalar(sa.select(ReminderLadder.version)))


def mark_read(case: Case) -> TestResponse:
    """Say that a signed issue was read."""
    signed()
    return mark_read_of(client_for(case.app, case.world.leader))


def take_out(case: Case) -> TestResponse:
    """Take a waiting mail out of the queue."""
    mail_id = case.dead_mail()
    db.session.execute(sa.update(OutboxMail).values(state=MailState.QUEUED))
    db.session.commit()
    return case.as_one("office", f"/outbox/{mail_id}/take-out", {}, "/outbox")


def clear_address(case: Case) -> TestResponse:
    """Use a refused address again."""
    refuse(str(case.world.staff.email), "550 gone", clock.now())
    db.session.commit()
    return case.as_one("office", f"/outbox/people/{case.world.staff.id}/clear", {}, "/outbox")


def release(case: Case) -> TestResponse:
    """Let a held outbox go on."""
    case.as_one("administrator", "/outbox/hold", {}, "/outbox")
    return case.as_one("administrator", "/outbox/release", {"waiting": "send"}, "/outbox")


def disabled(case: Case) -> Case:
    """The same, with staff2 shut out."""
    case.on_account("administrator", "disable")
    return case


def on_robot(case: Case, act: str = "", **values: str) -> TestResponse:
    """An act of the office on the robot of 财政局, which is made first; only a stopped one can be started."""
    robots.allow(case.app, RobotKind.WECOM)
    if act:
        make_robot(case.world.finance, disabled_at=clock.now() if act == "start" else None)
        db.session.commit()
    return robots.post(case.client("office"), case.world.finance, "wecom", act, **values)


def on_issue(case: Case, act: str, **values: Any) -> TestResponse:
    """An act of the office on the draft of this week."""
    case = case.after(case.as_one("office", "/overview/freeze", {}, "/overview"))
    page = "/overview/issues/1/words"
    return case.as_one("office", f"/overview/issues/1/{act}", {"version": 1, **values}, page)


def on_school(case: Case, act: str, **values: str) -> TestResponse:
    """An act of the office on a school that is made first."""
    school = make_school()
    db.session.commit()
    version = 0 if act.startswith("years") else 1
    return case.as_one("office", f"/schools/{school.id}/{act}", {"version": version, **values})


def on_link(case: Case, what: str) -> TestResponse:
    """An act of the office on a link of the task."""
    row, said = links.linked(case.world.task), {}
    if what != "confirm":
        said = {"about": str(row.id), "reason": "按批复"}
    return links.post(case.client("office"), case.world.task, f"links/{what}", **said)


def with_school(case: Case) -> Case:
    """The same, with 第三中学."""
    make_school("第三中学")
    return case


def on_addition(case: Case, what: str) -> TestResponse:
    """An act of the office on what the task adds."""
    row = additions.proposed(case.world.task, school_id=make_school("第三中学").id)
    said = {name: value for name, value in additions.GROUND.items() if name != "once"}
    said = said if what == "change" else {"reason": "原有场地"}
    return links.post(case.client("office"), case.world.task, f"additions/{what}", about=str(row.id), **said)


def import_schools(case: Case) -> TestResponse:
    """Take in the numbers of a school by a file."""
    make_school("第一小学")
    client, year = case.client("office"), school_year_of(clock.today())
    return schools_import.confirm(client, schools_import.upload(client, year, line(students=900)))


def on_import_row(case: Case, act: str, **values: Any) -> TestResponse:
    """An act of the office on the first row of an import."""
    row = imports.rows_of(imports.taken())[0]
    return imports.on_row(case.client("office"), row, act, **values)


def edit_import_row(case: Case) -> TestResponse:
    """Give a row another title."""
    row = imports.rows_of(imports.taken())[0]
    return imports.on_row(case.client("office"), row, "edit", **imports.edited(row, title="新"))


def join_import_rows(case: Case) -> TestResponse:
    """Make one task of two rows."""
    row, following = imports.rows_of(imports.taken())
    values = {"next": following.id, "next_version": following.version}
    return imports.on_row(case.client("office"), row, "join", **values)


def restore_import_row(case: Case) -> TestResponse:
    """Take a dropped row back."""
    row = imports.rows_of(imports.taken())[0]
    case.after(imports.on_row(case.client("office"), row, "drop"))
    return imports.on_row(case.client("office"), imports.rows_of(row.batch)[0], "restore")


def on_import(case: Case, act: str, **values: Any) -> TestResponse:
    """An act of the office on an import."""
    page = f"/imports/{imports.taken().id}"
    return case.as_one("office", f"{page}/{act}", {"version": 1, **values}, f"{page}/head")


def withdraw_import(case: Case) -> TestResponse:
    """Undo an adoption."""
    batch = imports.taken()
    case.after(imports.adopt(case.client("office"), batch))
    db.session.refresh(batch)
    page = f"/imports/{batch.id}"
    return case.as_one("office", f"{page}/withdraw", {"version": batch.version}, f"{page}/adopt")


def on_node(case: Case, act: str, **values: str) -> TestResponse:
    """An act of a unit on a node of its project."""
    client, task = case.client("staff"), nodes.a_project(case.world)
    return (
        nodes.post(client, task, act, **values)
        if "after" in values
        else nodes.on_node(client, task, act, "开工", **values)
    )


def undo_node(case: Case) -> TestResponse:
    """Take back that a node was done."""
    client, task = case.client("staff"), nodes.a_project(case.world)
    return nodes.on_node(case.after(nodes.finish(client, task)).client("staff"), task, "undo", "开工", reason="填错")


def reset_node_list(case: Case) -> TestResponse:
    """Use the usual nodes again."""
    client = case.after(node_lists.save(case.client("office"))).client("office")
    return node_lists.save(client, act="/reset", version=str(node_lists.stored()[0].version))


def on_project(case: Case) -> str:
    """The key of a building project that is made first."""
    return money.built(case.world).task.key


def withdraw_money(case: Case) -> TestResponse:
    """Withdraw an entry of the ledger."""
    key, client = on_project(case), case.client("staff")
    case.after(money.add(client, key))
    return money.withdraw(client, key, money.entries()[0].id)


def import_projects(case: Case) -> TestResponse:
    """Take in an entry of a project's money by a file."""
    key = make_project(make_task(case.world.plan)).task.key
    db.session.commit()
    client = case.client("office")
    return projects_import.confirm(client, projects_import.upload(client, book(money=[entry(key=key)])))


def on_appraisal(case: Case, made: bool = False) -> Case:
    """The same, with issues of a year, and the draft of its sheet."""
    appraisals.a_year(case.world)
    if made:
        appraisals.make(case.world, case.app)
    return case


def object_to_appraisal(case: Case) -> TestResponse:
    """An objection of a unit to its published figures."""
    appraisals.published(case.world, case.app)
    return appraisals.raise_objection(case.client("staff"), appraisals.row_address(case.world.finance))


def with_issue(case: Case) -> FlaskClient:
    """The browser of the office, after a signed issue of the week."""
    bulletins.an_issue(case.world)
    return case.client("office")


def drop_bulletin(client: FlaskClient) -> TestResponse:
    """Drop a draft."""
    address = bulletins.made(client)
    return send(client, f"{address}/drop", {"version": 1}, token_from=address)


DONE: dict[str, Callable[[Case], TestResponse]] = {
    "change_account": lambda case: case.on_account("administrator", "details", name="经办人", email=""),
    "create_account": lambda case: case.as_one("administrator", "/accounts/new", NEW),
    "disable_account": lambda case: case.on_account("administrator", "disable"),
    "enable_account": lambda case: disabled(case).on_account("administrator", "enable", version=2),
    "end_sessions": lambda case: case.on_account("administrator", "sessions/end"),
    "reset_password": lambda case: case.on_account("administrator", "password"),
    "grant_role": lambda case: case.on_account("security", "role", role="leader"),
    "unlock_account": lambda case: case.on_account("security", "unlock"),
    "export_events": lambda case: case.as_one("auditor", "/events/export", {}, "/events"),
    "create_framework": lambda case: case.as_one("office", "/frameworks", {"name": "河长制"}),
    "copy_framework": copied_framework,
    "change_framework": lambda case: case.on_framework("/edit", needed="5"),
    "change_framework_item": lambda case: case.on_framework("/items/R1", title="教师学历"),
    "add_framework_item": lambda case: case.on_framework("/new-item", number="X", title="河道", group="水质"),
    "remove_framework_item": lambda case: case.on_framework("/items/G1/remove", "/items/G1"),
    "delete_framework": lambda case: case.on_framework("/delete", "/edit"),
    "choose_framework": lambda case: case.after(copied_framework(case)).as_one(
        "office", f"{frameworks.COPY}/plan", {"plan": "xg"}, frameworks.COPY
    ),
    "export_binder": lambda case: case.as_one("office", "/evidence-binder?framework=national", {}),
    "resend_mail": resend,
    "enter_calendar_days": lambda case: case.as_one("administrator", "/calendar/days", HOLIDAY, "/calendar"),
    "remove_calendar_days": lambda case: case.after(
        case.as_one("administrator", "/calendar/days", HOLIDAY, "/calendar")
    ).as_one("administrator", "/calendar/remove", {"day": HOLIDAY["first"]}, "/calendar"),
    "change_reminders": lambda case: case.reminders("", version=0, **LADDER),
    "reset_reminders": reset_reminders,
    "set_quiet_days": lambda case: case.reminders("/quiet-days", first_on=str(clock.today()), note="考试"),
    "remove_quiet_days": lambda case: case.after(
        case.reminders("/quiet-days", first_on=str(clock.today()), note="考试")
    ).reminders("/quiet-days/remove", first_on=str(clock.today())),
    "take_out_mail": take_out,
    "clear_address": clear_address,
    "hold_mail": lambda case: case.as_one("administrator", "/outbox/hold", {}, "/outbox"),
    "release_mail": release,
    "mark_read": mark_read,
    "freeze_week": lambda case: case.as_one("office", "/overview/freeze", {}, "/overview"),
    "freeze_again": lambda case: on_issue(case, "freeze-again"),
    "word_week": lambda case: on_issue(case, "words", sentence="本周平稳。"),
    "sign_week": lambda case: on_issue(case, "sign"),
    "make_appraisal": lambda case: on_appraisal(case).as_one("office", "/appraisals", {"year": appraisals.YEAR}),
    "recompute_appraisal": lambda case: on_appraisal(case, made=True).as_one(
        "office", f"{appraisals.SHEET}/recompute", {"version": 1}, appraisals.SHEET
    ),
    "publish_appraisal": lambda case: appraisals.publish(on_appraisal(case, made=True).client("office")),
    "object_to_appraisal": object_to_appraisal,
    "answer_objection": lambda case: appraisals.answer(
        case.after(object_to_appraisal(case)).client("office"),
        appraisals.row_address(case.world.finance),
        decision="rejected",
    ),
    "make_bulletin": lambda case: bulletins.make(with_issue(case)),
    "word_bulletin": lambda case: bulletins.save(with_issue(case), bulletins.made(case.client("office")), title="通报"),
    "settle_bulletin": lambda case: bulletins.save(with_issue(case), bulletins.made(case.client("office")), "/settle"),
    "drop_bulletin": lambda case: drop_bulletin(with_issue(case)),
    "end_session": end_session,
    "change_password": lambda case: case.as_one("staff", "/password", {"old": PASSWORD, "new": NEXT, "again": NEXT}),
    "sign_in": lambda case: send(
        case.app.test_client(), "/sign-in", {"username": "staff", "password": PASSWORD, "next": ""}
    ),
    "sign_out": lambda case: case.as_one("staff", "/sign-out", {}, "/password"),
    "report": lambda case: post_report(client_for(case.app, case.world.staff), case.world.task),
    "submit": lambda case: post_report(client_for(case.app, case.world.staff), case.world.task, situation="done"),
    "verify": lambda case: act(client_for(case.app, case.world.office), case.submitted().world.task, "verify"),
    "return": lambda case: act(client_for(case.app, case.world.office), case.submitted().world.task, "return"),
    "reopen": lambda case: case.after(act(case.client("office"), case.submitted().world.task, "verify")).office(
        "reopen", 3
    ),
    "suspend": lambda case: case.office("suspend", 1),
    "resume": lambda case: case.after(case.office("suspend", 1)).office("resume", 2),
    "instruct": lambda case: instruct(case.client("leader"), case.world.task),
    "answer_instruction": lambda case: answer(
        case.after(instruct(case.client("leader"), case.world.task)).client("staff"), case.world.task, 1, version="2"
    ),
    "accept_part": lambda case: receipts.act(case.client("staff"), case.world.task, "accept"),
    "return_part": lambda case: receipts.act(case.client("staff"), case.world.task, "return-part"),
    "ask_extension": lambda case: extensions.ask(case.client("staff"), case.world.task),
    "decide_extension": lambda case: extensions.decide(
        case.after(extensions.ask(case.client("staff"), case.world.task)).client("office"), case.world.task
    ),
    "wait": lambda case: waits.wait(case.client("staff"), case.world),
    "wait_end": lambda case: waits.end(
        case.after(waits.wait(case.client("staff"), case.world)).client("staff"), case.world
    ),
    "set_robot": lambda case: on_robot(case, address=robots.WECOM),
    "test_robot": lambda case: on_robot(case, "test", once="a"),
    "stop_robot": lambda case: on_robot(case, "stop"),
    "start_robot": lambda case: on_robot(case, "start"),
    "remove_robot": lambda case: on_robot(case, "remove"),
    "create_school": lambda case: case.as_one("office", "/schools/new", schools.NEW | {"region": COUNTY}),
    "change_school": lambda case: on_school(case, "edit", name="城北小学", kind="school"),
    "enter_school_year": lambda case: on_school(case, f"years/{school_years.YEAR}", **school_years.TYPED),
    "check_school_year": lambda case: case.after(
        on_school(case, f"years/{school_years.YEAR}", **school_years.TYPED)
    ).as_one("office", f"/schools/1/years/{school_years.YEAR}/check", {"version": 1}, "/schools/1"),
    "set_enrolments": lambda case: on_school(
        case, "enrolment", source="户籍", **{f"primary.{school_years.YEAR + 1}.students": "9"}
    ),
    "urge": lambda case: urges.urge(case.client("office"), case.world.task),
    "expect": lambda case: expectations.expect(case.client("staff"), case.world.task),
    "plan_nodes": lambda case: nodes.post(case.client("staff"), nodes.bare_project(case.world), rows="立项"),
    "add_node": lambda case: on_node(case, "add", after="", name="备案"),
    "rename_node": lambda case: on_node(case, "rename", name="动工"),
    "remove_node": lambda case: on_node(case, "remove"),
    "move_node": lambda case: on_node(case, "move", planned_on="2099-01-01", reason="征地延后"),
    "expect_node": lambda case: on_node(case, "expect", expected_on="2099-01-01", reason="征地延后"),
    "finish_node": lambda case: on_node(case, "finish", done_on=str(clock.today())),
    "undo_node": undo_node,
    "set_node_list": lambda case: node_lists.save(case.client("office")),
    "reset_node_list": reset_node_list,
    "add_handover": lambda case: handovers.add(case.client("staff"), handovers.a_project(case.world)),
    "change_handover": lambda case: handovers.change(case.client("staff"), handovers.batch(case.world)),
    "hand_over": lambda case: handovers.hand_over(case.client("staff"), handovers.batch(case.world), clock.today()),
    "remove_handover": lambda case: handovers.remove(case.client("staff"), handovers.batch(case.world)),
    "add_money": lambda case: money.add(case.client("staff"), on_project(case)),
    "withdraw_money": withdraw_money,
    "keep_facts": lambda case: project_facts.keep(case.client("staff"), on_project(case)),
    "move_site": lambda case: project_facts.move(case.client("office"), on_project(case)),
    "add_photos": lambda case: photos.add(case.client("staff"), photos.a_project(case.world)),
    "withdraw_photo": lambda case: photos.withdraw(case.client("staff"), photos.with_photo(case.world)),
    "add_link": lambda case: links.add(case.client("office"), case.world.task),
    "change_link": lambda case: on_link(case, "change"),
    "remove_link": lambda case: on_link(case, "remove"),
    "confirm_links": lambda case: on_link(case, "confirm"),
    "add_addition": lambda case: additions.add(case.client("office"), with_school(case).world.task),
    "change_addition": lambda case: on_addition(case, "change"),
    "dismiss_addition": lambda case: on_addition(case, "dismiss"),
    "redate": lambda case: act(client_for(case.app, case.world.office), case.world.task, "redate"),
    "say_value": lambda case: county_values.say(case.client("office")),
    "check_value": lambda case: case.after(county_values.say(case.client("office"))).as_one(
        "office2", f"/county-value/{county_values.said()[0].id}/check", {}, county_values.PAGE
    ),
    "withdraw_value": lambda case: case.after(county_values.say(case.client("office"))).as_one(
        "office", f"/county-value/{county_values.said()[0].id}/withdraw", {}, county_values.PAGE
    ),
    "open_import": lambda case: imports.paste(case.client("office")),
    "edit_import": lambda case: on_import(case, "head", title="新"),
    "drop_import": lambda case: on_import(case, "drop"),
    "name_import_units": lambda case: imports.say_names(case.client("office"), imports.taken()),
    "adopt_import": lambda case: imports.adopt(case.client("office"), imports.taken()),
    "withdraw_import": withdraw_import,
    "edit_import_row": edit_import_row,
    "split_import_row": lambda case: on_import_row(case, "split", pieces="甲\n\n乙"),
    "join_import_rows": join_import_rows,
    "drop_import_row": lambda case: on_import_row(case, "drop"),
    "restore_import_row": restore_import_row,
    "add_import_row": lambda case: imports.add(case.client("office"), imports.taken()),
    "accept_import_row": lambda case: on_import_row(case, "accept", accepted="yes"),
    "decline_import_row": lambda case: on_import_row(case, "accept", accepted="no"),
    "import_school_years": import_schools,
    "import_project_rows": import_projects,
    "import_projects": import_projects,
}


@pytest.mark.parametrize("name", DONE)
def test_an_act_is_one_event_with_everything_that_an_auditor_asks(app: Flask, world: World, name: str) -> None:
    db.session.execute(sa.update(Account).values(password_hash=hash_password(PASSWORD, HashCost(1, 8))))
    assert DONE[name](Case(app, world)).status_code in {200, 302}
    db.session.rollback()
    [event] = db.session.scalars(sa.select(Event).where(Event.act == name)).all()
    assert event.allowed
    assert (event.at.tzinfo is not None, event.address) == (True, "127.0.0.1")
    assert (event.person_name, event.role) != (None, None)
    assert (event.unit_name is not None) == (event.role == "unit_staff")
    assert event.region_code is not None
    assert name in {"export_events", "resend_mail"} or event.object_id
    said = f"{event.before}{event.after}"
    assert not [secret for secret in (PASSWORD, NEXT, robots.UUID, "argon2", "csrf_token") if secret in said]


def test_every_refusal_of_an_auditor_is_one_event(app: Flask, world: World) -> None:
    known, asked = samples(world, app.extensions["settings"].evidence_dir), 0
    for method, rule in routes(app):
        auditor = make_account(Role.AUDITOR)
        if method != "POST" or rule.endpoint in SILENT:
            continue
        client, headers = with_token(app, auditor)
        status = client.post(address_of(app, rule, known), data={"verified_by": "1"}, headers=headers).status_code
        db.session.rollback()
        kept = db.session.scalars(sa.select(Event).where(Event.account_id == auditor.id)).all()
        assert status in {400, 403, 404}, f"{rule.rule}: {status}"
        assert [event.allowed for event in kept] == [False], f"{rule.rule}: {status}"
        asked += 1
    assert asked > 40


def test_the_acts_that_are_done_here_are_acts_of_routes() -> None:
    assert set(DONE) <= {name for names in EVENTS.values() for name in names}
