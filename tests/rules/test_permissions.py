"""Who may do what: the matrix of the field, and the refusals between administrators."""

from __future__ import annotations

import pytest

from tracker.rules.accounts import (
    ADMINISTRATIVE,
    AccountRefusal,
    disabling_refusal,
    is_username,
    reset_refusal,
    role_refusal,
)
from tracker.rules.mail_addresses import is_mail_address, masked
from tracker.rules.permissions import PERMISSIONS, Can, Person, Role, Scope, is_within, may

SA, SEC, PO = Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.PLAN_OFFICE
US, LD, AU = Role.UNIT_STAFF, Role.LEADER, Role.AUDITOR
LEAD, PARTNER, STRANGER_UNIT = 1, 2, 3
TASK = Scope("360732", frozenset({LEAD, PARTNER}))

# For each act the roles that may do it anywhere in their region; of unit staff the units that may.
MATRIX: dict[Can, tuple[set[Role], set[int]]] = {
    Can.SEE_TASK: ({PO, LD, AU}, {LEAD, PARTNER}),
    Can.READ_TASK: ({PO, LD, AU}, {LEAD, PARTNER}),
    Can.REPORT: ({PO}, {LEAD, PARTNER}),
    Can.ACCEPT: (set(), {LEAD, PARTNER}),
    Can.ASK_EXTENSION: (set(), {LEAD, PARTNER}),
    Can.NAME_HANDLER: ({PO}, {LEAD, PARTNER}),
    Can.VERIFY: ({PO}, set()),
    Can.REDATE: ({PO}, set()),
    Can.URGE: ({PO}, set()),
    Can.INSTRUCT: ({PO, LD}, set()),
    Can.ANSWER: (set(), {LEAD, PARTNER}),
    Can.EDIT_PLAN: ({PO}, set()),
    Can.EXPORT: ({PO, LD, AU}, {LEAD, PARTNER}),
    Can.SEE_OVERVIEW: ({PO, LD, AU}, set()),
    Can.FREEZE_WEEK: ({PO}, set()),
    Can.SIGN_WEEK: ({PO}, set()),
    Can.MARK_READ: ({LD}, set()),
    Can.WRITE_BULLETINS: ({PO}, set()),
    Can.SEE_APPRAISAL: ({PO, LD, AU}, set()),
    Can.APPRAISE: ({PO}, set()),
    Can.SEE_OWN_APPRAISAL: (set(), {LEAD, PARTNER}),
    Can.OBJECT: (set(), {LEAD, PARTNER}),
    Can.SEE_INDICATORS: ({PO, LD, AU}, {LEAD, PARTNER, STRANGER_UNIT}),
    Can.ENTER_FIGURES: ({PO}, {LEAD, PARTNER}),
    Can.CHECK_FIGURES: ({PO}, set()),
    Can.EDIT_FRAMEWORK: ({PO}, set()),
    Can.EXPECT: ({PO}, {LEAD, PARTNER}),
    Can.SEE_PROJECTS: ({PO, LD, AU}, {LEAD, PARTNER, STRANGER_UNIT}),
    Can.KEEP_PROJECT: ({PO}, {LEAD, PARTNER}),
    Can.EDIT_NODE_LISTS: ({PO}, set()),
    Can.SEE_OUTBOX: ({SA, PO, AU}, set()),
    Can.READ_MAIL: ({PO, AU}, set()),
    Can.RESEND_MAIL: ({SA, PO}, set()),
    Can.HOLD_MAIL: ({SA}, set()),
    Can.EDIT_REMINDERS: ({PO}, set()),
    Can.EDIT_CALENDAR: ({SA}, set()),
    Can.MANAGE_ACCOUNTS: ({SA}, set()),
    Can.MANAGE_UNITS: ({SA, PO}, set()),
    Can.GRANT_ROLES: ({SEC}, set()),
    Can.READ_AUDIT: ({AU}, set()),
}


def someone(role: Role | None, *, region: str = "360732", unit: int = STRANGER_UNIT) -> Person:
    """A person of a role; only staff have a unit."""
    return Person(7, role, region, frozenset({unit}) if role is US else frozenset())


def test_the_matrix_names_every_act() -> None:
    assert set(MATRIX) == set(Can) == set(PERMISSIONS)


def allowed(person: Person) -> set[Can]:
    """What somebody may do about the task."""
    return {can for can in Can if may(person, can, TASK)}


def granted(role: Role, unit: int) -> set[Can]:
    """What the matrix grants a role, of staff those of a unit."""
    return {can for can, (roles, units) in MATRIX.items() if role in roles or (role is US and unit in units)}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("unit", [LEAD, PARTNER, STRANGER_UNIT])
def test_a_role_may_exactly_what_the_matrix_says(role: Role, unit: int) -> None:
    assert allowed(someone(role, unit=unit)) == granted(role, unit)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("region", ["", "36", "3607", "360732"])
def test_a_region_above_reaches_down(role: Role, region: str) -> None:
    assert allowed(someone(role, region=region, unit=LEAD)) == granted(role, LEAD)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("region", ["64", "6404", "640422", "360731", "3608", "36073200"])
def test_nobody_reaches_aside_or_up(role: Role, region: str) -> None:
    assert allowed(someone(role, region=region, unit=LEAD)) == set()


@pytest.mark.parametrize("can", Can)
def test_without_a_role_nothing_is_possible(can: Can) -> None:
    assert not may(someone(None), can)
    assert not may(someone(None), can, TASK)


@pytest.mark.parametrize("can", [Can.VERIFY, Can.REDATE, Can.REPORT, Can.SEE_TASK, Can.READ_TASK])
@pytest.mark.parametrize("role", [SA, SEC])
def test_administrators_see_and_do_no_business(can: Can, role: Role) -> None:
    assert not may(someone(role, region=""), can, TASK)


@pytest.mark.parametrize("role", [LD, AU])
def test_auditors_change_nothing_and_leaders_only_instruct_and_mark_as_read(role: Role) -> None:
    reading = {Can.SEE_TASK, Can.READ_TASK, Can.EXPORT, Can.SEE_OVERVIEW, Can.SEE_INDICATORS, Can.SEE_PROJECTS}
    reading |= {Can.SEE_APPRAISAL}
    reading |= {Can.SEE_OUTBOX, Can.READ_MAIL, Can.READ_AUDIT} if role is AU else {Can.INSTRUCT, Can.MARK_READ}
    assert {can for can in Can if may(someone(role), can)} == reading


def test_no_role_holds_two_of_the_three_powers() -> None:
    powers = (Can.MANAGE_ACCOUNTS, Can.GRANT_ROLES, Can.READ_AUDIT)
    for role in Role:
        assert sum(may(someone(role, region=""), can) for can in powers) <= 1


@pytest.mark.parametrize(
    ("region", "seen_from", "within"),
    [
        ("360732", "", True),
        ("360732", "36", True),
        ("360732", "360732", True),
        ("36", "360732", False),
        ("", "36", False),
        ("", "", True),
        ("360732", "64", False),
    ],
)
def test_the_prefix_of_a_code_is_the_hierarchy(region: str, seen_from: str, within: bool) -> None:
    assert is_within(region, seen_from) is within


@pytest.mark.parametrize("old", [None, *Role])
@pytest.mark.parametrize("new", [None, *Role])
def test_an_administrative_post_is_never_changed_or_taken(old: Role | None, new: Role | None) -> None:
    leaves = old in ADMINISTRATIVE and old != new
    assert role_refusal(False, old, new) is (AccountRefusal.TWO_POSTS if leaves else None)
    assert role_refusal(True, old, new) is AccountRefusal.OWN_ROLE


def test_nobody_resets_the_password_of_another_power() -> None:
    assert {role for role in Role if reset_refusal(False, role)} == {SEC, AU}
    assert reset_refusal(False, None) is None
    assert reset_refusal(True, SA) is AccountRefusal.OWN_ACCOUNT
    assert disabling_refusal(True) is AccountRefusal.OWN_ACCOUNT
    assert disabling_refusal(False) is None


@pytest.mark.parametrize("text", ["li", "li.wei", "plan_office-2", "360732"])
def test_plain_names_are_user_names(text: str) -> None:
    assert is_username(text)


@pytest.mark.parametrize("text", ["", "l", "Li", "李伟", "li wei", ".li", "new", "x" * 41, "li\n"])
def test_anything_else_is_no_user_name(text: str) -> None:
    assert not is_username(text)


@pytest.mark.parametrize("text", ["a@b.cn", "li.wei+duban@mail.xingguo.gov.cn", "x" * 64 + "@example.cn", "_a@1-b.cn"])
def test_plain_addresses_are_taken(text: str) -> None:
    assert is_mail_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "root",
        "a@b",
        "a@b.cn ",
        "a@b.cn\n",
        "a@x.cn,b@x.cn",
        "a@b@c.cn",
        "@b.cn",
        "a@-b.cn",
        "a@b-.cn",
        "a.@b.cn",
        "a..b@c.cn",
        "a@b..cn",
        "用户@b.cn",
        "a@例子.cn",
        "|sh@b.cn",
        "a b@c.cn",
        '"a"@b.cn',
        "x" * 65 + "@b.cn",
        "a@" + "b" * 64 + ".cn",
        "a@" + "b.c" * 90 + ".cn",
        "a@b.cn\x00",
    ],
)
def test_anything_else_is_no_mail_address(text: str) -> None:
    assert not is_mail_address(text)


def test_a_masked_address_is_known_to_its_owner_alone() -> None:
    assert masked("wang.min@example.cn") == "w***@example.cn"
    assert masked(None) is None
