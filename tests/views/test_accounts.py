"""/accounts and what lies below it: two administrators with separate powers, and every act of theirs an event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import COUNTY, OTHER_COUNTY, World, make_account, make_unit
from tests.visit import checked, client_for, send, visit
from tracker.models import Account, Event, LoginAttempt, LoginSession, db
from tracker.queries.accounts import failures_of, lock_of
from tracker.rules.passwords import HashCost, hash_password, password_matches
from tracker.rules.permissions import Role

NEW = {"username": "Liu.Fang", "name": "刘芳", "region": COUNTY, "email": "liu.fang@example.cn"}
BAD_ADDRESSES = [
    "a@x.cn,b@x.cn",
    "a@x.cn b@x.cn",
    "a@x.cn\nRCPT TO:<b@x.cn>",
    "用户@例子.中国",
    "a@例子.中国",
    "x" * 65 + "@example.cn",
    "a@" + "x" * 250 + ".cn",
    "root",
    "|sh@example.cn",
    '"a b"@example.cn',
    "<a@example.cn>",
    "a..b@example.cn",
    "a@localhost",
]


@pytest.fixture
def administrator(app: Flask, world: World) -> FlaskClient:
    """The administrator's browser."""
    return client_for(app, world.administrator)


@pytest.fixture
def security(app: Flask, world: World) -> FlaskClient:
    """The security administrator's browser."""
    return client_for(app, world.security)


def at(account: Account, act: str = "") -> str:
    """The address of an account, or of an act on it."""
    return f"/accounts/{account.username}" + (f"/{act}" if act else "")


def act_on(client: FlaskClient, account: Account, act: str, **values: Any) -> TestResponse:
    """Press a button on the page of an account."""
    values = {"version": account.version, **values}
    return send(client, at(account, act), values, token_from=at(account))


def last_event() -> Event:
    """The newest event."""
    db.session.rollback()
    event = db.session.scalar(sa.select(Event).order_by(Event.id.desc()))
    assert event
    return event


def kept(username: str) -> Account:
    """An account as it is stored now."""
    db.session.rollback()
    account = db.session.scalar(sa.select(Account).where(Account.username == username))
    assert account
    return account


def one_time(answer: TestResponse) -> str:
    """The one-time password on an answer."""
    code = BeautifulSoup(answer.text, "html.parser").select_one(".one-time code")
    assert code
    return code.get_text()


def test_a_new_account_has_no_role_and_its_password_is_shown_once(administrator: FlaskClient) -> None:
    answer = send(administrator, "/accounts/new", NEW)
    assert answer.status_code == 200
    checked(answer)
    password = one_time(answer)
    account = kept("liu.fang")
    assert (account.role, account.region_code, account.email) == (None, COUNTY, "liu.fang@example.cn")
    assert account.must_change_password
    assert password_matches(account.password_hash, password, HashCost(1, 8))
    assert password not in administrator.get("/accounts/liu.fang").text
    event = last_event()
    assert (event.act, event.object_id, event.allowed) == ("create_account", "liu.fang", True)
    assert password not in str(event.after)
    assert "liu.fang@" not in str(event.after)


def test_the_first_sign_in_leads_to_the_change_of_the_password(app: Flask, administrator: FlaskClient) -> None:
    password = one_time(send(administrator, "/accounts/new", NEW))
    client = app.test_client()
    values = {"username": "liu.fang", "password": password, "next": "/tasks"}
    assert send(client, "/sign-in", values).location == "/tasks"
    assert client.get("/tasks").location == "/password"
    assert "一次性密码" in visit(client, "/password").get_text()


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_only_one_plain_mail_address_is_taken(administrator: FlaskClient, world: World, address: str) -> None:
    answer = send(administrator, "/accounts/new", {**NEW, "email": address})
    assert answer.status_code == 400
    assert not db.session.scalar(sa.select(Account.id).where(Account.username == "liu.fang"))
    answer = act_on(administrator, world.staff, "details", name="经办人", email=address)
    assert answer.status_code == 400
    assert kept("staff").email != address


@pytest.mark.parametrize("username", ["a", "x" * 41, "刘芳", "liu fang", "../liu", "new", "-liu", "liu\x00fang/", ""])
def test_a_user_name_is_plain(administrator: FlaskClient, username: str) -> None:
    answer = send(administrator, "/accounts/new", {**NEW, "username": username})
    assert answer.status_code == 400
    assert "2 处" not in answer.text


def test_a_user_name_is_taken_once(administrator: FlaskClient, world: World) -> None:
    answer = send(administrator, "/accounts/new", {**NEW, "username": "STAFF"})
    assert answer.status_code == 400
    assert "该用户名已被使用" in checked(answer).get_text()


@pytest.mark.parametrize("region", [OTHER_COUNTY, "36", "", "3607", "nowhere"])
def test_a_new_account_lies_at_or_below_the_region_of_its_maker(administrator: FlaskClient, region: str) -> None:
    assert send(administrator, "/accounts/new", {**NEW, "region": region}).status_code == 400
    assert not db.session.scalar(sa.select(Account.id).where(Account.username == "liu.fang"))


def test_the_administrator_of_the_country_makes_accounts_everywhere(app: Flask, world: World) -> None:
    client = client_for(app, make_account(Role.ADMINISTRATOR, region=""))
    for number, region in enumerate(("", "36", OTHER_COUNTY)):
        values = {**NEW, "username": f"person-{number}", "region": region}
        assert send(client, "/accounts/new", values).status_code == 200
        assert kept(f"person-{number}").region_code == region


@pytest.mark.parametrize("extra", [{"role": "administrator"}, {"is_admin": "1"}, {"must_change_password": ""}])
def test_no_field_is_assigned_by_accident(administrator: FlaskClient, world: World, extra: dict[str, str]) -> None:
    assert send(administrator, "/accounts/new", {**NEW, **extra}).status_code == 400
    answer = act_on(administrator, world.staff, "details", name="经办人", email="", **extra)
    assert answer.status_code == 400
    assert kept("staff").role is Role.UNIT_STAFF


def test_details_are_set_and_the_event_says_before_and_after(administrator: FlaskClient, world: World) -> None:
    values = {"name": "王敏", "email": "wang.min@example.cn", "units": [world.finance.id, world.housing.id]}
    assert act_on(administrator, world.staff, "details", **values).status_code == 302
    account = kept("staff")
    assert (account.name, account.email) == ("王敏", "wang.min@example.cn")
    assert {unit.name for unit in account.units} == {"财政局", "住建局"}
    event = last_event()
    assert event.before
    assert event.after
    assert (event.before["units"], event.after["email"]) == (["财政局"], "w***@example.cn")
    assert event.region_code == COUNTY


def test_units_of_another_region_cannot_be_chosen(administrator: FlaskClient, world: World) -> None:
    foreign = make_unit("外县局", region=OTHER_COUNTY)
    db.session.commit()
    answer = act_on(administrator, world.staff, "details", name="王敏", email="", units=[foreign.id])
    assert answer.status_code == 400
    assert [unit.name for unit in kept("staff").units] == ["财政局"]


def test_of_two_savers_with_one_version_the_second_is_told(administrator: FlaskClient, world: World) -> None:
    assert act_on(administrator, world.staff, "details", name="王敏", email="").status_code == 302
    answer = send(administrator, at(world.staff, "details"), {"name": "李敏", "version": 1}, token_from=at(world.staff))
    assert answer.status_code == 409
    assert "王敏" in checked(answer).get_text()
    assert kept("staff").name == "王敏"


@pytest.mark.parametrize("act", ["disable", "password", "sessions/end"])
def test_what_shuts_an_account_out_ends_its_sessions(
    app: Flask, administrator: FlaskClient, world: World, act: str
) -> None:
    inside = client_for(app, world.staff)
    assert inside.get("/password").status_code == 200
    assert act_on(administrator, world.staff, act).status_code in {200, 302}
    assert inside.get("/password").location.startswith("/sign-in")


def test_a_disabled_account_is_let_in_again(app: Flask, administrator: FlaskClient, world: World) -> None:
    act_on(administrator, world.staff, "disable")
    assert last_event().act == "disable_account"
    assert kept("staff").disabled_at
    act_on(administrator, kept("staff"), "enable")
    assert last_event().act == "enable_account"
    assert client_for(app, kept("staff")).get("/password").status_code == 200


def test_a_reset_password_is_shown_once_and_must_be_changed(
    app: Flask, administrator: FlaskClient, world: World
) -> None:
    answer = act_on(administrator, world.staff, "password")
    password = one_time(answer)
    checked(answer)
    assert password not in str(last_event().after)
    client = app.test_client()
    assert send(client, "/sign-in", {"username": "staff", "password": password, "next": ""}).status_code == 302
    assert client.get("/tasks").location == "/password"
    again = send(administrator, at(world.staff, "password"), {"version": 1}, token_from=at(world.staff))
    assert again.status_code == 409


@pytest.mark.parametrize("post", ["security", "auditor", "administrator"])
def test_nobody_slips_into_another_post_by_resetting_its_password(
    administrator: FlaskClient, world: World, post: str
) -> None:
    account: Account = getattr(world, post)
    assert "生成新的一次性密码" not in visit(administrator, at(account)).get_text()
    answer = act_on(administrator, account, "password")
    assert answer.status_code == 403
    assert kept(account.username).password_hash == "!"
    event = last_event()
    assert (event.act, event.allowed, event.object_id) == ("reset_password", False, account.username)


def test_nobody_disables_themselves(administrator: FlaskClient, world: World) -> None:
    assert act_on(administrator, world.administrator, "disable").status_code == 403
    assert kept("administrator").disabled_at is None
    assert not last_event().allowed


def test_the_security_administrator_gives_the_role_and_old_sessions_end(
    app: Flask, security: FlaskClient, world: World
) -> None:
    inside = client_for(app, world.staff)
    assert act_on(security, world.staff, "role", role="plan_office").status_code == 302
    assert kept("staff").role is Role.PLAN_OFFICE
    assert inside.get("/tasks").location.startswith("/sign-in")
    event = last_event()
    assert event.before
    assert event.after
    assert (event.act, event.before["role"], event.after["role"]) == ("grant_role", "unit_staff", "plan_office")


def test_a_role_is_taken_away(security: FlaskClient, world: World) -> None:
    assert act_on(security, world.staff, "role", role="").status_code == 302
    assert kept("staff").role is None


def test_an_invented_role_is_refused(security: FlaskClient, world: World) -> None:
    assert act_on(security, world.staff, "role", role="king").status_code == 400
    assert kept("staff").role is Role.UNIT_STAFF


def test_nobody_changes_their_own_role(security: FlaskClient, world: World) -> None:
    assert act_on(security, world.security, "role", role="auditor").status_code == 403
    assert kept("security").role is Role.SECURITY_ADMINISTRATOR
    event = last_event()
    assert (event.act, event.allowed, event.after) == ("grant_role", False, {"reason": "own_role"})


@pytest.mark.parametrize(("post", "role"), [("administrator", "auditor"), ("auditor", "security_administrator")])
def test_one_account_never_moves_between_administrative_posts(
    security: FlaskClient, world: World, post: str, role: str
) -> None:
    account: Account = getattr(world, post)
    before = account.role
    assert act_on(security, account, "role", role=role).status_code == 403
    assert kept(account.username).role is before
    assert not last_event().allowed


@pytest.mark.parametrize("post", ["administrator", "auditor"])
@pytest.mark.parametrize("role", ["", "plan_office"])
def test_an_administrative_post_is_not_taken_away_either(
    security: FlaskClient, world: World, post: str, role: str
) -> None:
    account: Account = getattr(world, post)
    before = account.role
    page = visit(security, at(account))
    assert "请停用该账号" in page.get_text()
    assert not page.select(f'form[action="{at(account, "role")}"]')
    answer = act_on(security, account, "role", role=role)
    assert answer.status_code == 403
    assert "请停用该账号" in checked(answer).get_text()
    assert kept(account.username).role is before
    assert (last_event().act, last_event().allowed) == ("grant_role", False)


def test_the_administrator_grants_nothing(administrator: FlaskClient, world: World) -> None:
    for account in (world.administrator, world.staff):
        assert act_on(administrator, account, "role", role="plan_office").status_code == 403
    assert (kept("administrator").role, kept("staff").role) == (Role.ADMINISTRATOR, Role.UNIT_STAFF)
    assert (last_event().act, last_event().allowed) == ("grant_roles", False)


@pytest.mark.parametrize("act", ["details", "disable", "enable", "password", "sessions/end"])
def test_the_security_administrator_manages_nothing(security: FlaskClient, world: World, act: str) -> None:
    assert act_on(security, world.staff, act).status_code == 403
    assert kept("staff").version == 1


def test_the_security_administrator_unlocks(app: Flask, security: FlaskClient, world: World) -> None:
    world.staff.password_hash = hash_password("copper river 71", HashCost(1, 8))
    now = datetime.now(UTC)
    db.session.add_all(
        [LoginAttempt(subject=lock_of("staff"), at=now), LoginAttempt(subject=failures_of("staff"), at=now)]
    )
    db.session.commit()
    values = {"username": "staff", "password": "copper river 71", "next": ""}
    assert "锁定" in send(app.test_client(), "/sign-in", values).text
    assert "解除锁定" in visit(security, at(world.staff)).get_text()
    assert act_on(security, world.staff, "unlock").status_code == 302
    assert last_event().act == "unlock_account"
    assert send(app.test_client(), "/sign-in", values).status_code == 302


@pytest.mark.parametrize("role", ["office", "staff", "leader", "auditor"])
def test_others_see_no_accounts(app: Flask, world: World, role: str) -> None:
    client = client_for(app, getattr(world, role))
    assert client.get("/accounts").status_code == 403
    assert client.get(at(world.staff)).status_code == 403
    assert client.get("/accounts/new").status_code == 403


@pytest.mark.parametrize("username", ["stranger", "nobody", "x" * 50, "a%00b", "new/../x", "STRANGER"])
def test_foreign_and_unknown_accounts_are_both_not_found(administrator: FlaskClient, username: str) -> None:
    answer = administrator.get(f"/accounts/{username}")
    assert answer.status_code == 404
    assert "没有找到该页面，或您无权查看。" in answer.text


def test_acts_on_foreign_accounts_are_not_found(administrator: FlaskClient, world: World) -> None:
    values = {"version": 1}
    for act in ("details", "disable", "enable", "password", "sessions/end"):
        assert send(administrator, f"/accounts/stranger/{act}", values, token_from="/accounts").status_code == 404
    assert kept("stranger").version == 1


def test_the_list_shows_own_region_in_pages_with_few_questions(administrator: FlaskClient, world: World) -> None:
    for number in range(60):
        make_account(Role.UNIT_STAFF, username=f"clerk-{number:02}", units=[world.finance])
    db.session.commit()
    page = visit(administrator, "/accounts")
    assert len(page.select("tbody tr")) == 50
    assert "共 69 项，第 1 / 2 页" in page.get_text()
    assert len(visit(administrator, "/accounts?page=2").select("tbody tr")) == 19
    assert len(visit(administrator, "/accounts?page=99").select("tbody tr")) == 19
    assert "stranger" not in page.get_text() + visit(administrator, "/accounts?page=2").get_text()
    foreign = "endpoint=x&_method=POST&_external=1&_scheme=ftp&_anchor=a"
    links = visit(administrator, f"/accounts?{foreign}&role=unit_staff").select(".pager a")
    assert [link["href"] for link in links] == ["/accounts?role=unit_staff&page=2"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=HOUSING-st", ["housing-staff"]),
        ("q=住建", ["housing-staff"]),
        ("q=%25", []),
        ("q=_", None),
        ("role=leader", ["leader"]),
        ("state=disabled", []),
        ("state=without_role", []),
        ("q=stranger", []),
        ("page=x", None),
        ("q=%00leader", ["leader"]),
    ],
)
def test_the_list_is_searched_literally(administrator: FlaskClient, query: str, found: list[str] | None) -> None:
    rows = [row.a.get_text() for row in visit(administrator, f"/accounts?{query}").select("tbody tr") if row.a]
    assert found is None or rows == found


@pytest.mark.parametrize("query", ["role=king", "state=odd", "role=__class__"])
def test_filters_that_do_not_exist_are_refused(administrator: FlaskClient, query: str) -> None:
    assert administrator.get(f"/accounts?{query}").status_code == 400


def test_an_account_page_has_the_buttons_of_the_role(
    administrator: FlaskClient, security: FlaskClient, world: World
) -> None:
    managed = visit(administrator, at(world.staff)).get_text()
    granted = visit(security, at(world.staff)).get_text()
    assert "停用账号" in managed
    assert "授予角色" not in managed
    assert "授予角色" in granted
    assert "停用账号" not in granted
    assert "停用账号" not in visit(administrator, at(world.administrator)).get_text()


def test_no_business_text_reaches_the_administrators(
    administrator: FlaskClient, security: FlaskClient, world: World
) -> None:
    for client in (administrator, security):
        for address in ("/accounts", at(world.staff)):
            assert world.task.title not in client.get(address).text
        assert client.get(f"/tasks/{world.task.key}").status_code in {403, 404}
        assert client.get("/events").status_code == 403


def test_hostile_names_are_shown_as_text(administrator: FlaskClient, world: World) -> None:
    name = "<script>alert(1)</script>\"'><b>\u202e"
    assert act_on(administrator, world.staff, "details", name=name, email="").status_code == 302
    for address in ("/accounts", at(world.staff)):
        page = visit(administrator, address)
        assert not page.find("script")
        assert "<script>alert(1)</script>" in page.get_text()
    assert "\u202e" not in kept("staff").name


def test_open_sessions_are_counted(app: Flask, administrator: FlaskClient, world: World) -> None:
    client_for(app, world.staff)
    client_for(app, world.staff)
    assert "2 处" in visit(administrator, at(world.staff)).get_text()
    act_on(administrator, world.staff, "sessions/end")
    db.session.rollback()
    ended = sa.select(sa.func.count()).where(LoginSession.account_id == world.staff.id, LoginSession.ended_at.is_(None))
    assert db.session.scalar(ended) == 0


def test_ticked_units_of_another_region_are_refused_and_not_forgotten(app: Flask, world: World) -> None:
    city = make_account(Role.ADMINISTRATOR, region=COUNTY[:4])
    unit = make_unit("市教育局", region=COUNTY[:4])
    client = client_for(app, city)
    answer = send(client, "/accounts/new", {**NEW, "units": str(unit.id)})
    assert answer.status_code == 400
    page = checked(answer)
    assert "“市教育局”不在所选地区" in page.get_text()
    link = page.select_one("[role=alert] a")
    assert link is not None
    assert page.select_one(str(link["href"])) is not None
    assert db.session.scalar(sa.select(Account).where(Account.username == "liu.fang")) is None
    assert send(client, "/accounts/new", {**NEW, "region": COUNTY[:4], "units": str(unit.id)}).status_code == 200
