"""Who may do what: one map from an act to a pure predicate over (person, thing).

A thing is described by ``Scope``: the region it belongs to and the units that have a part in it. Lists use the same
facts in SQL (``queries/visibility.py``); one test proves that both agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """One account has one role."""

    ADMINISTRATOR = "administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    PLAN_OFFICE = "plan_office"
    UNIT_STAFF = "unit_staff"
    LEADER = "leader"
    AUDITOR = "auditor"


class Can(StrEnum):
    """What somebody may be allowed to do."""

    SEE_TASK = "see_task"  # title, deadline, light of a task
    READ_TASK = "read_task"  # reports and evidence of a task
    REPORT = "report"  # say what was done, with evidence
    ACCEPT = "accept"  # accept the unit's part of a task or return it to the office
    ASK_EXTENSION = "ask_extension"  # ask for a later deadline
    NAME_HANDLER = "name_handler"  # say who in a unit handles its part of a task
    VERIFY = "verify"  # close or return what was submitted, reopen, suspend and resume
    REDATE = "redate"  # move or confirm a deadline, decide on extensions
    URGE = "urge"  # chase units, print a supervision slip
    INSTRUCT = "instruct"  # write a leader's instruction, or record one
    ANSWER = "answer"  # answer a leader's instruction
    EDIT_PLAN = "edit_plan"  # make and edit plans with their tasks, units and projects
    EXPORT = "export"  # take the rows of a list away as a file
    SEE_OVERVIEW = "see_overview"  # the leaders' week
    FREEZE_WEEK = "freeze_week"  # issue the week's overview
    SIGN_WEEK = "sign_week"  # word an issue of the week, and sign it
    MARK_READ = "mark_read"  # say that an issue was read
    WRITE_BULLETINS = "write_bulletins"  # make, word and settle the papers about a week
    SEE_APPRAISAL = "see_appraisal"  # the year of all units
    APPRAISE = "appraise"  # make and publish the year of all units, answer objections
    SEE_OWN_APPRAISAL = "see_own_appraisal"  # the published year of one's own unit
    OBJECT = "object"  # object to one's own unit's figures
    SEE_INDICATORS = "see_indicators"
    ENTER_FIGURES = "enter_figures"  # a school's numbers of a year, the students it expects, values of the county
    CHECK_FIGURES = "check_figures"  # say that numbers were checked; make and change schools
    EDIT_FRAMEWORK = "edit_framework"  # copy a framework and adjust the copy
    EXPECT = "expect"  # say when a task is expected to be done
    SEE_PROJECTS = "see_projects"
    KEEP_PROJECT = "keep_project"  # nodes, money, handovers and photographs of a building project
    EDIT_NODE_LISTS = "edit_node_lists"  # the nodes that a region uses by category
    SEE_OUTBOX = "see_outbox"  # mails by kind and masked address, and the jobs
    READ_MAIL = "read_mail"  # the words of a mail
    RESEND_MAIL = "resend_mail"
    HOLD_MAIL = "hold_mail"  # stop the outbox and let it go on
    EDIT_REMINDERS = "edit_reminders"  # the ladder of a region, its hour and quiet days
    EDIT_CALENDAR = "edit_calendar"  # holidays and make-up days that the installed calendar does not know
    MANAGE_ACCOUNTS = "manage_accounts"  # make, disable, name units
    MANAGE_UNITS = "manage_units"  # units with their aliases, members and contacts
    GRANT_ROLES = "grant_roles"
    READ_AUDIT = "read_audit"


@dataclass(frozen=True)
class Person:
    """Who asks: role, the region whose business is seen (with all below it), the units of staff with their groups."""

    id: int
    role: Role | None
    region: str
    units: frozenset[int] = field(default_factory=frozenset)
    name: str = ""


@dataclass(frozen=True)
class Scope:
    """Where a thing belongs: its region, the units with any part in it, whether its plan asks nobody yet."""

    region: str
    units: frozenset[int] = field(default_factory=frozenset)
    is_draft: bool = False


Predicate = Callable[[Person, Scope], bool]


def is_within(region: str, seen_from: str) -> bool:
    """Whether a region is the other one or lies below it; the empty code is the whole country."""
    return region.startswith(seen_from)


def _in_region(person: Person, scope: Scope) -> bool:
    return is_within(scope.region, person.region)


def _has_part(person: Person, scope: Scope) -> bool:
    return _in_region(person, scope) and not scope.is_draft and not person.units.isdisjoint(scope.units)


PERMISSIONS: dict[Can, dict[Role, Predicate]] = {
    Can.SEE_TASK: {
        Role.PLAN_OFFICE: _in_region,
        Role.UNIT_STAFF: _has_part,
        Role.LEADER: _in_region,
        Role.AUDITOR: _in_region,
    },
    Can.READ_TASK: {
        Role.PLAN_OFFICE: _in_region,
        Role.UNIT_STAFF: _has_part,
        Role.LEADER: _in_region,
        Role.AUDITOR: _in_region,
    },
    Can.REPORT: {Role.PLAN_OFFICE: _in_region, Role.UNIT_STAFF: _has_part},
    Can.ACCEPT: {Role.UNIT_STAFF: _has_part},
    Can.ASK_EXTENSION: {Role.UNIT_STAFF: _has_part},
    Can.NAME_HANDLER: {Role.PLAN_OFFICE: _in_region, Role.UNIT_STAFF: _has_part},
    Can.VERIFY: {Role.PLAN_OFFICE: _in_region},
    Can.REDATE: {Role.PLAN_OFFICE: _in_region},
    Can.URGE: {Role.PLAN_OFFICE: _in_region},
    Can.INSTRUCT: {Role.PLAN_OFFICE: _in_region, Role.LEADER: _in_region},
    Can.ANSWER: {Role.UNIT_STAFF: _has_part},
    Can.EDIT_PLAN: {Role.PLAN_OFFICE: _in_region},
    Can.EXPORT: {
        Role.PLAN_OFFICE: _in_region,
        Role.UNIT_STAFF: _has_part,
        Role.LEADER: _in_region,
        Role.AUDITOR: _in_region,
    },
    Can.SEE_OVERVIEW: {Role.PLAN_OFFICE: _in_region, Role.LEADER: _in_region, Role.AUDITOR: _in_region},
    Can.FREEZE_WEEK: {Role.PLAN_OFFICE: _in_region},
    Can.SIGN_WEEK: {Role.PLAN_OFFICE: _in_region},
    Can.MARK_READ: {Role.LEADER: _in_region},
    Can.WRITE_BULLETINS: {Role.PLAN_OFFICE: _in_region},
    Can.SEE_APPRAISAL: {Role.PLAN_OFFICE: _in_region, Role.LEADER: _in_region, Role.AUDITOR: _in_region},
    Can.APPRAISE: {Role.PLAN_OFFICE: _in_region},
    Can.SEE_OWN_APPRAISAL: {Role.UNIT_STAFF: _has_part},
    Can.OBJECT: {Role.UNIT_STAFF: _has_part},
    Can.SEE_INDICATORS: {
        Role.PLAN_OFFICE: _in_region,
        Role.UNIT_STAFF: _in_region,
        Role.LEADER: _in_region,
        Role.AUDITOR: _in_region,
    },
    Can.ENTER_FIGURES: {Role.PLAN_OFFICE: _in_region, Role.UNIT_STAFF: _has_part},
    Can.CHECK_FIGURES: {Role.PLAN_OFFICE: _in_region},
    Can.EDIT_FRAMEWORK: {Role.PLAN_OFFICE: _in_region},
    Can.EXPECT: {Role.PLAN_OFFICE: _in_region, Role.UNIT_STAFF: _has_part},
    Can.SEE_PROJECTS: {
        Role.PLAN_OFFICE: _in_region,
        Role.UNIT_STAFF: _in_region,
        Role.LEADER: _in_region,
        Role.AUDITOR: _in_region,
    },
    Can.KEEP_PROJECT: {Role.PLAN_OFFICE: _in_region, Role.UNIT_STAFF: _has_part},
    Can.EDIT_NODE_LISTS: {Role.PLAN_OFFICE: _in_region},
    Can.SEE_OUTBOX: {Role.ADMINISTRATOR: _in_region, Role.PLAN_OFFICE: _in_region, Role.AUDITOR: _in_region},
    Can.READ_MAIL: {Role.PLAN_OFFICE: _in_region, Role.AUDITOR: _in_region},
    Can.RESEND_MAIL: {Role.ADMINISTRATOR: _in_region, Role.PLAN_OFFICE: _in_region},
    Can.HOLD_MAIL: {Role.ADMINISTRATOR: _in_region},
    Can.EDIT_REMINDERS: {Role.PLAN_OFFICE: _in_region},
    Can.EDIT_CALENDAR: {Role.ADMINISTRATOR: _in_region},
    Can.MANAGE_ACCOUNTS: {Role.ADMINISTRATOR: _in_region},
    Can.MANAGE_UNITS: {Role.ADMINISTRATOR: _in_region, Role.PLAN_OFFICE: _in_region},
    Can.GRANT_ROLES: {Role.SECURITY_ADMINISTRATOR: _in_region},
    Can.READ_AUDIT: {Role.AUDITOR: _in_region},
}


def may(person: Person, can: Can, scope: Scope | None = None) -> bool:
    """Whether a person may do a thing; without a scope, whether their own region has it at all."""
    if person.role is None:
        return False
    predicate = PERMISSIONS[can].get(person.role)
    return predicate is not None and predicate(person, scope or Scope(person.region, person.units))
