"""Settings: every unusable one is named with its mend, all in one message."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracker.settings import SettingsError, from_environment


def refused(folder: Path, **environment: str) -> list[str]:
    """The problems that an environment has."""
    with pytest.raises(SettingsError) as refusal:
        from_environment({"TRACKER_VAR": str(folder), **environment})
    return str(refusal.value).splitlines()[1:]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "9" * 10_000),
        ("PORT", "８０"),
        ("SMTP_PORT", "70000"),
        ("MAIL_FROM", "a@example.cn,b@example.cn"),
        ("MAIL_FROM", "duban"),
        ("MAIL_FROM", "a@example.cn\nBcc: b@example.cn"),
        ("MAIL_FROM", "督办 <duban@example.cn>"),
        ("MAIL_FROM_NAME", "督办\nBcc: b@example.cn"),
        ("MAIL_FROM_NAME", "办" * 61),
        ("MAIL_REPLY_TO", "office"),
        ("MAIL_REPLY_TO", "a@example.cn, b@example.cn"),
        ("SMTP_TIMEOUT", "0"),
        ("SMTP_TIMEOUT", "61"),
        ("SMTP_CONNECTIONS", "0"),
        ("SMTP_CONNECTIONS", "11"),
        ("TRACKER_ENV", "Production"),
        ("TRACKER_ENV", "staging"),
        ("TRACKER_FAKE_NOW", "yesterday"),
        ("TRACKER_FAKE_NOW", "0001-01-01T00:00"),
        ("DATABASE_URL", "mysql://localhost/tracker"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://localhost:port/tracker"),
        ("BASE_URL", "http://["),
        ("BASE_URL", "https://example.cn:99999"),
        ("ARGON2_TIME_COST", "0"),
        ("ARGON2_MEMORY_KIB", "7"),
        ("SMTP_PASSWORD_FILE", "/nowhere"),
    ],
)
def test_an_unusable_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    [problem] = refused(tmp_path, **{name: value})
    assert name in problem
    assert ": " in problem


def test_all_are_named_together(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    odd = {"PORT": "0", "MAIL_FROM": "x", "TRACKER_ENV": "live", "TRACKER_FAKE_NOW": "x", "DATABASE_URL": "x"}
    said = "\n".join(refused(tmp_path / "file", **odd))
    assert [name for name in [*odd, "TRACKER_VAR"] if name not in said] == []


@pytest.mark.parametrize(
    ("name", "value", "field", "kept"),
    [
        ("PORT", "65535", "port", 65535),
        ("PORT", "", "port", 8000),
        ("MAIL_FROM", "duban@example.cn", "mail_from", "duban@example.cn"),
        ("MAIL_FROM", "", "mail_from", "duban@localhost"),
        ("MAIL_FROM_NAME", "兴国县督办", "mail_from_name", "兴国县督办"),
        ("MAIL_REPLY_TO", "office@example.cn", "mail_reply_to", "office@example.cn"),
        ("MAIL_REPLY_TO", "", "mail_reply_to", ""),
        ("SMTP_TIMEOUT", "", "smtp_timeout", 30),
        ("SMTP_CONNECTIONS", "1", "smtp_connections", 1),
        ("TRACKER_ENV", "", "production", False),
        ("TRACKER_FAKE_NOW", "2026-03-06T09:00", "fake_now", "2026-03-06T09:00"),
        ("DATABASE_URL", "postgres://u:p@h/n", "database_url", "postgresql+psycopg://u:p@h/n"),
    ],
)
def test_a_usable_setting_is_kept(tmp_path: Path, name: str, value: str, field: str, kept: object) -> None:
    assert getattr(from_environment({"TRACKER_VAR": str(tmp_path), name: value}), field) == kept


def test_an_empty_secret_counts_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text("\n")
    secret = from_environment({"TRACKER_VAR": str(tmp_path)}).secret_key
    assert len(secret) == 64
    assert from_environment({"TRACKER_VAR": str(tmp_path)}).secret_key == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_first_starts_at_once_share_one_secret(tmp_path: Path) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        with ThreadPoolExecutor(8) as starts:
            found = list(starts.map(lambda _, at=folder: from_environment({"TRACKER_VAR": str(at)}), range(8)))
        assert {len(settings.secret_key) for settings in found} == {64}
        assert len({settings.secret_key for settings in found}) == 1
        assert [path.name for path in folder.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("login", "named"),
    [
        ({"SMTP_HOST": "mail.example.cn", "SMTP_SECURITY": "tls"}, ["SMTP_PASSWORD_FILE"]),
        ({"SMTP_HOST": "mail.example.cn", "SMTP_PASSWORD_FILE": "secret"}, ["SMTP_SECURITY"]),
        ({"SMTP_HOST": "mail.example.cn"}, ["SMTP_PASSWORD_FILE", "SMTP_SECURITY"]),
        ({"SMTP_HOST": "mail.example.cn", "SMTP_PASSWORD_FILE": "secret", "SMTP_SECURITY": "starttls"}, []),
        ({"SMTP_HOST": "127.0.0.1", "SMTP_PASSWORD_FILE": "secret"}, []),
    ],
)
def test_a_login_that_cannot_work_or_crosses_the_network_openly_is_named(
    tmp_path: Path, login: dict[str, str], named: list[str]
) -> None:
    (tmp_path / "secret").write_text("hidden words", encoding="utf-8")
    env = {"TRACKER_VAR": str(tmp_path), "SMTP_USER": "duban", **login}
    if "SMTP_PASSWORD_FILE" in env:
        env["SMTP_PASSWORD_FILE"] = str(tmp_path / "secret")
    try:
        said = ""
        settings = from_environment(env)
        assert "hidden words" not in repr(settings)
        assert settings.secret_key not in repr(settings)
    except SettingsError as error:
        said = str(error)
    assert said.count("  - ") == len(named)
    assert all(name in said for name in named)


def test_a_secret_that_cannot_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()
    [problem] = refused(tmp_path)
    assert "secret_key" in problem
    assert "TRACKER_VAR" in problem


@pytest.mark.parametrize(("text", "days"), [("", 90), ("0", 0), ("90", 90), ("3650", 3650)])
def test_a_password_lasts_as_many_days_as_is_set(tmp_path: Path, text: str, days: int) -> None:
    assert from_environment({"TRACKER_VAR": str(tmp_path), "PASSWORD_DAYS": text}).password_days == days


@pytest.mark.parametrize("text", ["-1", "3651", "ninety"])
def test_odd_days_of_a_password_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="PASSWORD_DAYS"):
        from_environment({"TRACKER_VAR": str(tmp_path), "PASSWORD_DAYS": text})


def test_robots_are_off_unless_they_are_named(tmp_path: Path) -> None:
    var = {"TRACKER_VAR": str(tmp_path)}
    assert from_environment(var).robots == frozenset()
    assert from_environment({**var, "ROBOTS": " wecom, feishu ,"}).robots == {"wecom", "feishu"}
    with pytest.raises(SettingsError, match=r"ROBOTS names 'slack': give any of wecom,dingtalk,feishu"):
        from_environment({**var, "ROBOTS": "wecom,slack"})
