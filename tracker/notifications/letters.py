"""Letters: the subject and both parts of a mail, written from ``templates/email``.

Mails are official and in Chinese, whoever's request causes them; nothing here depends on a request.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import current_app

from tracker.models.base import settings as settings
from tracker.rules.workdays import WEEKDAYS

LONGEST_UNIT = 12


@dataclass(frozen=True)
class Letter:
    """What the recipient reads."""

    subject: str
    text: str
    html: str


def letter(kind: str, facts: str, unit_name: str, day: date, mark: str = "督办", **values: object) -> Letter:
    """Render a kind of mail; its subject has a mark and says the facts first, then for whom and when."""
    values = {
        "facts": facts,
        "unit": one_line(unit_name),
        "phone": settings().office_phone,
        "work_address": f"{settings().base_url}/work",
        **values,
    }
    environment = current_app.jinja_env
    when = f"{month_day(day, day)}（周{WEEKDAYS[day.weekday()]}）"
    return Letter(
        subject=f"【{mark}】{facts}｜{shortened(one_line(unit_name))}｜{when}",
        text=environment.get_template(f"email/{kind}.txt").render(values),
        html=environment.get_template(f"email/{kind}.html").render(values),
    )


def one_line(text: str) -> str:
    """Text without line ends and control or direction characters, fit for a header and a line of a mail."""
    if text.isprintable():
        # Most texts are; looking at each character took a good part of the time of writing a mail.
        return " ".join(text.split())
    spaced = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"} else " " for c in text)
    return " ".join(spaced.split())


def shortened(name: str) -> str:
    """A name that leaves room for the facts in a subject."""
    return name if len(name) <= LONGEST_UNIT else f"{name[: LONGEST_UNIT - 1]}…"


def month_day(value: date, today: date) -> str:
    """3月6日, with its year where that is not this one."""
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日"


def full_day(value: date) -> str:
    """A day with its year: 2026年12月31日."""
    return f"{value.year}年{value.month}月{value.day}日"


def numbered(number: str | None, title: str) -> str:
    """第17项 and the title, in one line."""
    if not number:
        return one_line(title)
    name = f"第{number}项" if number.isdecimal() else one_line(number)
    return f"{name} {one_line(title)}"


def report_address(key: str) -> str:
    """The page of a task with its form open; whoever follows it signs in as always."""
    return task_address(key, "report", "report")


def task_address(key: str, asked: str | None = None, part: str = "") -> str:
    """The page of a task: with the form of an act open where one is asked for, at a part of the page."""
    query, place = f"?{asked}=1" if asked else "", f"#{part}" if part else ""
    return f"{settings().base_url}/tasks/{quote(key)}{query}{place}"


def project_address(key: str) -> str:
    """The nodes on the page of a building project."""
    return f"{settings().base_url}/projects/{quote(key)}#nodes"


def said_of(number: str | None, title: str, words: str | None, address: str) -> dict[str, str]:
    """A task in a letter about an act: its name, what was said of it, and where to answer."""
    return {"name": numbered(number, title), "words": one_line(words or ""), "address": address}
