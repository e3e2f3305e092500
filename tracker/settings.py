"""Settings: one frozen value, read from the environment once; all errors are reported together at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tracker import clock
from tracker.rules.mail_addresses import is_mail_address
from tracker.rules.robots import RobotKind

VERSION = "0.4"
ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32
LARGEST_PORT = 65_535
LARGEST_NUMBER = 2**31 - 1
LONGEST_PASSWORD_DAYS = 3650
LEAST_ARGON2_MEMORY_KIB = 8
SENDER = "duban@localhost"
LONGEST_SENDER_NAME = 60
LONGEST_SMTP_TIMEOUT = 60  # seconds; a mail in hand has to end before its lease does
MOST_SMTP_CONNECTIONS = 10
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
DRIVERS = {"sqlite", "postgresql+psycopg"}
Security = Literal["none", "starttls", "tls"]


class SettingsError(ValueError):
    """One or more settings are unusable; the message lists every one with its mend."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. README lists the variable behind each field."""

    production: bool
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str
    host: str
    port: int
    var_dir: Path
    trusted_proxies: int
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_timeout: int
    smtp_connections: int
    mail_from: str
    mail_from_name: str
    mail_reply_to: str
    robots: frozenset[RobotKind]
    office_phone: str
    argon2_time_cost: int
    argon2_memory_kib: int
    password_days: int
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
        """The domain of Message-IDs: that of the base address, in the letters that mail servers know."""
        try:
            return (urlsplit(self.base_url).hostname or "localhost").encode("idna").decode()
        except UnicodeError:
            return "localhost"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError naming every unusable variable and its mend."""
    env = os.environ if environ is None else environ
    problems: list[str] = []
    production = _is_production(env, problems)
    var_dir = _var_dir(env, problems)
    port = _whole(env, "PORT", 8000, problems, 1, LARGEST_PORT)
    settings = Settings(
        production=production,
        database_url=_database_url(env, var_dir, problems),
        secret_key=_secret_key(env, var_dir, production, problems),
        base_url=env.get("BASE_URL", f"http://localhost:{port}").rstrip("/"),
        host=env.get("HOST", "127.0.0.1"),
        port=port,
        var_dir=var_dir,
        trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0, problems),
        smtp_host=env.get("SMTP_HOST", ""),
        smtp_port=_whole(env, "SMTP_PORT", 25, problems, 1, LARGEST_PORT),
        smtp_security=_security(env, problems),
        smtp_user=env.get("SMTP_USER", ""),
        smtp_password=_secret_file(env, "SMTP_PASSWORD_FILE", problems),
        smtp_timeout=_whole(env, "SMTP_TIMEOUT", 30, problems, 1, LONGEST_SMTP_TIMEOUT),
        smtp_connections=_whole(env, "SMTP_CONNECTIONS", 3, problems, 1, MOST_SMTP_CONNECTIONS),
        mail_from=_sender(env, problems),
        mail_from_name=_sender_name(env, problems),
        mail_reply_to=_reply_to(env, problems),
        robots=_robots(env, problems),
        office_phone=env.get("OFFICE_PHONE", ""),
        argon2_time_cost=_whole(env, "ARGON2_TIME_COST", 3, problems, 1),
        argon2_memory_kib=_whole(env, "ARGON2_MEMORY_KIB", 65536, problems, LEAST_ARGON2_MEMORY_KIB),
        password_days=_whole(env, "PASSWORD_DAYS", 90, problems, 0, LONGEST_PASSWORD_DAYS),
        fake_now=_fake_now(env, problems),
    )
    problems += _contradictions(settings)
    if problems:
        raise SettingsError("\n".join(["The settings cannot be used:", *(f"  - {p}" for p in problems)]))
    return settings


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    address = _split(settings.base_url)
    if address is None or address.scheme not in {"http", "https"} or not address.hostname:
        problems.append(f"BASE_URL is {settings.base_url!r}: give the full address, such as https://duban.example.cn")
    if settings.production and not settings.https:
        problems.append("BASE_URL must begin with https:// in production: cookies are sent over https only")
    if settings.smtp_user and not settings.smtp_password:
        problems.append("SMTP_USER is set without a password: name its file in SMTP_PASSWORD_FILE, or unset SMTP_USER")
    if settings.smtp_user and settings.smtp_security == "none" and settings.smtp_host not in {"", *THIS_MACHINE}:
        problems.append(
            "SMTP_SECURITY is none, and the password of SMTP_USER would cross the network unencrypted: "
            "give starttls or tls"
        )
    if settings.production and settings.fake_now:
        problems.append("TRACKER_FAKE_NOW stops the clock and is refused in production: unset it")
    return problems


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None for what is none, such as a port beyond the last."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _is_production(env: Mapping[str, str], problems: list[str]) -> bool:
    name = env.get("TRACKER_ENV", "").strip() or "development"
    if name not in {"development", "production"}:
        problems.append(f"TRACKER_ENV is {name!r}: give development or production")
    return name == "production"


def _var_dir(env: Mapping[str, str], problems: list[str]) -> Path:
    """The folder of what is kept, made where it is missing."""
    path = Path(env.get("TRACKER_VAR", "") or ROOT / "var").resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        writable = os.access(path, os.W_OK | os.X_OK)
        reason = "not writable"
    except OSError as error:
        writable, reason = False, error.strerror or "unusable"
    if not writable:
        problems.append(f"TRACKER_VAR names {str(path)!r}, which cannot be written ({reason}): give another folder")
    return path


def _whole(
    env: Mapping[str, str], name: str, default: int, problems: list[str], least: int = 0, most: int = LARGEST_NUMBER
) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER))
    if not plain or not least <= int(text) <= most:
        problems.append(f"{name} is {text[:40]!r}: give a whole number from {least} to {most}, such as {default}")
        return default
    return int(text)


def _sender(env: Mapping[str, str], problems: list[str]) -> str:
    address = env.get("MAIL_FROM", "").strip() or SENDER
    if address != SENDER and not is_mail_address(address):
        problems.append(f"MAIL_FROM is {address!r}: give one plain address, such as duban@example.cn")
    return address


def _sender_name(env: Mapping[str, str], problems: list[str]) -> str:
    """The name beside the sender's address; without one the mails say the region's office."""
    name = env.get("MAIL_FROM_NAME", "").strip()
    if not name.isprintable() or len(name) > LONGEST_SENDER_NAME:
        problems.append(
            f"MAIL_FROM_NAME is {name[:40]!r}: give a name in one line of at most {LONGEST_SENDER_NAME} characters"
        )
    return name


def _reply_to(env: Mapping[str, str], problems: list[str]) -> str:
    address = env.get("MAIL_REPLY_TO", "").strip()
    if address and not is_mail_address(address):
        problems.append(f"MAIL_REPLY_TO is {address!r}: give one plain address, such as office@example.cn, or none")
    return address


def _robots(env: Mapping[str, str], problems: list[str]) -> frozenset[RobotKind]:
    """The services of which units may have a group robot; none unless they are named."""
    names = {name.strip() for name in env.get("ROBOTS", "").split(",") if name.strip()}
    unknown = sorted(names - set(RobotKind))
    if unknown:
        known = ",".join(RobotKind)
        problems.append(f"ROBOTS names {', '.join(unknown)[:80]!r}: give any of {known}, with commas between them")
    return frozenset(RobotKind(name) for name in names if name not in unknown)


def _fake_now(env: Mapping[str, str], problems: list[str]) -> str:
    text = env.get("TRACKER_FAKE_NOW", "")
    try:
        if text:
            clock.as_instant(text)
    except (ValueError, OverflowError):
        problems.append(f"TRACKER_FAKE_NOW is {text!r}, which is no time: write it as 2026-03-06T09:00, or unset it")
    return text


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


def _database_url(env: Mapping[str, str], var_dir: Path, problems: list[str]) -> str:
    url = env.get("DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{var_dir / 'tracker.db'}"
    # The plain scheme would pick a driver that is not installed.
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    try:
        usable = make_url(url).drivername in DRIVERS
    except (ArgumentError, ValueError):
        usable = False
    if not usable:
        problems.append("DATABASE_URL cannot be used: give postgresql://user@host/name or sqlite:////path")
    return url


def _secret_file(env: Mapping[str, str], name: str, problems: list[str]) -> str:
    path = env.get(name, "")
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        problems.append(f"{name} names {path!r}, which cannot be read ({reason}): check the path and its owner")
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
    try:
        return key or _kept_secret(var_dir / "secret_key")
    except OSError as error:
        problems.append(f"{var_dir / 'secret_key'} cannot be kept ({error.strerror}): mend TRACKER_VAR")
        return ""


def _kept_secret(path: Path) -> str:
    """A secret made at the first start and kept for the next, readable by its owner alone. Raises OSError.

    It appears under its name whole or not at all, and of two first starts at once both read the same. An empty file,
    which a full disk leaves, counts as missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.read_text(encoding="ascii").strip() if path.exists() else None
    if found:
        return found
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SHORTEST_SECRET))
        if found is None:
            _name_once(draft, path)
        else:
            draft.replace(path)
        return path.read_text(encoding="ascii").strip()
    finally:
        draft.unlink(missing_ok=True)


def _name_once(draft: Path, path: Path) -> None:
    """Give a file its name unless another has it; where the file system knows no links, the last one has it."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        draft.replace(path)
