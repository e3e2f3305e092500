"""Settings: one frozen value, read from the environment once; all errors are reported together at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32
Security = Literal["none", "starttls", "tls"]


class SettingsError(ValueError):
    """One or more settings are unusable; the message lists every one with its mend."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. README lists the variable behind each field."""

    production: bool
    database_url: str
    secret_key: str
    base_url: str
    host: str
    port: int
    var_dir: Path
    trusted_proxies: int
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    smtp_user: str
    smtp_password: str
    mail_from: str
    office_phone: str
    argon2_time_cost: int
    argon2_memory_kib: int
    fake_now: str
    testing: bool = False

    @property
    def evidence_dir(self) -> Path:
        """The folder that keeps the files under reports, named by their SHA-256."""
        return self.var_dir / "evidence"

    @property
    def https(self) -> bool:
        """Whether people reach the tracker by https (cookies are then ``Secure``)."""
        return self.base_url.startswith("https://")

    @property
    def mail_domain(self) -> str:
        """The domain of Message-IDs: that of the base address."""
        return urlsplit(self.base_url).hostname or "localhost"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError naming every unusable variable and its mend."""
    env = os.environ if environ is None else environ
    problems: list[str] = []
    production = env.get("TRACKER_ENV", "development") == "production"
    var_dir = Path(env.get("TRACKER_VAR", str(ROOT / "var"))).resolve()
    port = _whole(env, "PORT", 8000, problems)
    settings = Settings(
        production=production,
        database_url=_database_url(env, var_dir),
        secret_key=_secret_key(env, var_dir, production, problems),
        base_url=env.get("BASE_URL", f"http://localhost:{port}").rstrip("/"),
        host=env.get("HOST", "127.0.0.1"),
        port=port,
        var_dir=var_dir,
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, problems),
        smtp_host=env.get("SMTP_HOST", ""),
        smtp_port=_whole(env, "SMTP_PORT", 25, problems),
        smtp_security=_security(env, problems),
        smtp_user=env.get("SMTP_USER", ""),
        smtp_password=_secret_file(env, "SMTP_PASSWORD_FILE", problems),
        mail_from=env.get("MAIL_FROM", "duban@localhost"),
        office_phone=env.get("OFFICE_PHONE", ""),
        argon2_time_cost=_whole(env, "ARGON2_TIME_COST", 3, problems),
        argon2_memory_kib=_whole(env, "ARGON2_MEMORY_KIB", 65536, problems),
        fake_now=env.get("TRACKER_FAKE_NOW", ""),
    )
    problems += _contradictions(settings)
    if problems:
        raise SettingsError("\n".join(["The settings cannot be used:", *(f"  - {p}" for p in problems)]))
    return settings


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if urlsplit(settings.base_url).scheme not in {"http", "https"} or not urlsplit(settings.base_url).hostname:
        problems.append(f"BASE_URL is {settings.base_url!r}: give the full address, such as https://duban.example.cn")
    if settings.production and not settings.https:
        problems.append("BASE_URL must begin with https:// in production: cookies are sent over https only")
    if settings.production and settings.fake_now:
        problems.append("TRACKER_FAKE_NOW stops the clock and is refused in production: unset it")
    return problems


def _whole(env: Mapping[str, str], name: str, default: int, problems: list[str]) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        problems.append(f"{name} is {text!r}: give a whole number, such as {default}")
        return default
    return int(text)


def _security(env: Mapping[str, str], problems: list[str]) -> Security:
    match env.get("SMTP_SECURITY", "none"):
        case "none":
            return "none"
        case "starttls":
            return "starttls"
        case "tls":
            return "tls"
        case other:
            problems.append(f"SMTP_SECURITY is {other!r}: give none, starttls or tls")
            return "none"


def _database_url(env: Mapping[str, str], var_dir: Path) -> str:
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{var_dir / 'tracker.db'}"
    # The plain scheme would pick a driver that is not installed.
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _secret_file(env: Mapping[str, str], name: str, problems: list[str]) -> str:
    path = env.get(name, "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"{name} names {path!r}, which cannot be read ({error.strerror}): check the path and its owner")
        return ""


def _secret_key(env: Mapping[str, str], var_dir: Path, production: bool, problems: list[str]) -> str:
    key = env.get("SECRET_KEY", "")
    if production:
        if len(key) < SHORTEST_SECRET:
            problems.append(
                f"SECRET_KEY must have at least {SHORTEST_SECRET} characters in production: "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return key
    return key or _kept_secret(var_dir / "secret_key")


def _kept_secret(path: Path) -> str:
    """A secret made at the first start and kept for the next, readable by its owner alone."""
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_hex(SHORTEST_SECRET)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
