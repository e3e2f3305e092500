"""What is stored: one table, with its children, per file."""

from tracker.models.account import Account, AccountUnit, LoginAttempt, LoginSession
from tracker.models.addition import Addition, Origin
from tracker.models.appraisal import Appraisal, AppraisalLine, AppraisalState, Objection
from tracker.models.base import Base, db
from tracker.models.bulletin import Bulletin
from tracker.models.calendar import CalendarDay
from tracker.models.county_value import CountyValue, CountyValueFile
from tracker.models.draft import Draft
from tracker.models.event import Event
from tracker.models.extension import Extension
from tracker.models.framework import NATIONAL, Framework, Indicator, IndicatorPart, Veto
from tracker.models.instruction import Instruction, InstructionAnswer
from tracker.models.issue import Issue, IssueLine, IssueReading, IssueStanding, IssueState
from tracker.models.job import LATEST, WRONG_CLOCK, JobRun
from tracker.models.ladder import QuietDay, ReminderLadder
from tracker.models.mark import (
    CLOCK_ACCEPTED,
    DEMONSTRATION,
    FRAMEWORKS_READ,
    SENDER_RAN_AT,
    SENDER_RUNS,
    Mark,
)
from tracker.models.money import MoneyEntry
from tracker.models.node import NodeList, NodeMove, ProjectNode
from tracker.models.outbox import (
    ADDRESS_REFUSED,
    EXPIRED,
    GIVEN_UP,
    NOTHING_LEFT,
    PASSWORD_RESET,
    TAKEN_OUT,
    UNDONE_BY_SENDING,
    UNREADABLE,
    HoldReason,
    MailState,
    OutboxHold,
    OutboxItem,
    OutboxMail,
    RefusedAddress,
)
from tracker.models.password import OldPassword, PasswordReset
from tracker.models.period import ReportingPeriod
from tracker.models.photo import ProjectPhoto
from tracker.models.plan import Phase, Plan, PlanGoal, PlanState, ReportedValue
from tracker.models.plan_import import ImportName, ImportRow, ImportState, PlanImport
from tracker.models.project import Handover, Project, ProjectBuilding, ProjectSchool
from tracker.models.project_file import ProjectFile
from tracker.models.receipt import Receipt
from tracker.models.region import Region
from tracker.models.report import Evidence, Report, Situation
from tracker.models.robot import Robot, RobotKind
from tracker.models.school import PlannedEnrolment, School, SchoolYear, StageYear
from tracker.models.task import (
    Assignment,
    Contribution,
    DeadlineChange,
    OverdueNotice,
    Task,
    TaskOfficial,
)
from tracker.models.unit import Unit, UnitAlias, UnitMember
from tracker.models.urge import Urge
from tracker.models.view import SavedView
from tracker.models.wait import Wait
from tracker.rules.bulletins import BulletinKind, BulletinState
from tracker.rules.links import LinkState
from tracker.rules.routing import Duty
from tracker.rules.stages import SchoolKind, Stage, Standing
from tracker.rules.task_kinds import AssignmentRole, ProjectCategory, TaskKind
from tracker.rules.unit_kinds import UnitKind

__all__ = [
    "ADDRESS_REFUSED",
    "CLOCK_ACCEPTED",
    "DEMONSTRATION",
    "EXPIRED",
    "FRAMEWORKS_READ",
    "GIVEN_UP",
    "LATEST",
    "NATIONAL",
    "NOTHING_LEFT",
    "PASSWORD_RESET",
    "SENDER_RAN_AT",
    "SENDER_RUNS",
    "TAKEN_OUT",
    "UNDONE_BY_SENDING",
    "UNREADABLE",
    "WRONG_CLOCK",
    "Account",
    "AccountUnit",
    "Addition",
    "Appraisal",
    "AppraisalLine",
    "AppraisalState",
    "Assignment",
    "AssignmentRole",
    "Base",
    "Bulletin",
    "BulletinKind",
    "BulletinState",
    "CalendarDay",
    "Contribution",
    "CountyValue",
    "CountyValueFile",
    "DeadlineChange",
    "Draft",
    "Duty",
    "Event",
    "Evidence",
    "Extension",
    "Framework",
    "Handover",
    "HoldReason",
    "ImportName",
    "ImportRow",
    "ImportState",
    "Indicator",
    "IndicatorPart",
    "Instruction",
    "InstructionAnswer",
    "Issue",
    "IssueLine",
    "IssueReading",
    "IssueStanding",
    "IssueState",
    "JobRun",
    "LinkState",
    "LoginAttempt",
    "LoginSession",
    "MailState",
    "Mark",
    "MoneyEntry",
    "NodeList",
    "NodeMove",
    "Objection",
    "OldPassword",
    "Origin",
    "OutboxHold",
    "OutboxItem",
    "OutboxMail",
    "OverdueNotice",
    "PasswordReset",
    "Phase",
    "Plan",
    "PlanGoal",
    "PlanImport",
    "PlanState",
    "PlannedEnrolment",
    "Project",
    "ProjectBuilding",
    "ProjectCategory",
    "ProjectFile",
    "ProjectNode",
    "ProjectPhoto",
    "ProjectSchool",
    "QuietDay",
    "Receipt",
    "RefusedAddress",
    "Region",
    "ReminderLadder",
    "Report",
    "ReportedValue",
    "ReportingPeriod",
    "Robot",
    "RobotKind",
    "SavedView",
    "School",
    "SchoolKind",
    "SchoolYear",
    "Situation",
    "Stage",
    "StageYear",
    "Standing",
    "Task",
    "TaskKind",
    "TaskOfficial",
    "Unit",
    "UnitAlias",
    "UnitKind",
    "UnitMember",
    "Urge",
    "Veto",
    "Wait",
    "db",
]
