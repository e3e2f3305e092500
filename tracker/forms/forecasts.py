"""What an address asks of a forecast: the day, the mode, and the what-ifs, those typed into the form among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from tracker.rules.gains import Mode
from tracker.rules.prospects import Change, Drop, Slip, Students
from tracker.rules.school_years import first_day, school_year_of
from tracker.rules.stages import COMPULSORY, Stage
from tracker.translations import gettext as _

LAST_DAY = date(2100, 12, 31)
MOST_CHANGES = 20
MOST_STUDENTS = 99_999
LONGEST_KEY = 60
LARGEST_ID = 2**31 - 1
TYPED = ("slip_task", "slip_on", "drop_task", "more_school", "more_year", "more_students")


@dataclass(frozen=True)
class Question:
    """What is asked; ``problems`` are what keeps a typed field from being taken, by its name."""

    on: date
    mode: Mode = Mode.DEADLINE
    unconfirmed: bool = False
    changes: tuple[Change, ...] = ()
    problems: Mapping[str, str] | None = None
    is_typed: bool = False

    def query(self, **changes: Any) -> dict[str, Any]:
        """The question as parts of an address, with some of it changed."""
        asked = replace(self, **changes)
        found: dict[str, Any] = {
            "on": asked.on.isoformat(),
            "mode": None if asked.mode is Mode.DEADLINE else asked.mode.value,
            "unconfirmed": "1" if asked.unconfirmed else None,
            "slip": [f"{each.task}:{each.on}" for each in asked.changes if isinstance(each, Slip)],
            "drop": [each.task for each in asked.changes if isinstance(each, Drop)],
            "more": [
                f"{each.school}:{each.stage}:{each.year}:{each.students}"
                for each in asked.changes
                if isinstance(each, Students)
            ],
        }
        return {name: value for name, value in found.items() if value}

    def without(self, change: Change) -> dict[str, Any]:
        """The same address without one of its what-ifs."""
        return self.query(changes=tuple(each for each in self.changes if each != change))


def next_september(today: date) -> date:
    """The next first day of a school year."""
    return first_day(school_year_of(today) + 1)


def read_question(args: MultiDict[str, str], today: date) -> Question:
    """The question of an address. Raises BadRequest for a value that no link or field of ours makes."""
    problems: dict[str, str] = {}
    on = _day(args, "on", today, problems) or next_september(today)
    changes = [*_kept(args), *_typed(args, today, problems)]
    if len(changes) > MOST_CHANGES:
        raise BadRequest
    typed = any(args.get(name) for name in TYPED)
    unique = tuple(dict.fromkeys(changes))
    return Question(on, _mode(args), args.get("unconfirmed") == "1", unique, problems, is_typed=typed)


def _mode(args: MultiDict[str, str]) -> Mode:
    try:
        return Mode(args.get("mode") or Mode.DEADLINE)
    except ValueError:
        raise BadRequest from None


def _kept(args: MultiDict[str, str]) -> list[Change]:
    """The what-ifs that stand in the address."""
    try:
        slips: list[Change] = [_slip(*each.rsplit(":", 1)) for each in args.getlist("slip")]
        more = [_students(*each.split(":")) for each in args.getlist("more")]
    except (ValueError, TypeError):
        raise BadRequest from None
    return [*slips, *(Drop(_key(each)) for each in args.getlist("drop")), *more]


def _typed(args: MultiDict[str, str], today: date, problems: dict[str, str]) -> list[Change]:
    """The what-ifs that were typed into the form; one that is half filled in is a problem at its empty field."""
    found: list[Change] = []
    day = _day(args, "slip_on", today, problems)
    if args.get("slip_task") and day is not None:
        found.append(Slip(_key(args["slip_task"]), day))
    elif args.get("slip_task"):
        problems.setdefault("slip_on", _("请填写完成日期，如 2027-09-01"))
    elif args.get("slip_on", "").strip():
        problems["slip_task"] = _("请选择要改期的任务")
    if args.get("drop_task"):
        found.append(Drop(_key(args["drop_task"])))
    if args.get("more_school"):
        found += _more(args, problems)
    elif args.get("more_students", "").strip():
        problems["more_school"] = _("请选择增减学生的学校")
    return found


def _more(args: MultiDict[str, str], problems: dict[str, str]) -> list[Change]:
    school, _colon, stage = args["more_school"].partition(":")
    year, count = args.get("more_year", "").strip(), args.get("more_students", "").strip().lstrip("+＋")
    try:
        number = int(count)
    except ValueError:
        number = 0
    if not number or abs(number) > MOST_STUDENTS:
        problems["more_students"] = _("请填写人数，如 200；减少填 -200")
        return []
    try:
        return [_students(school, stage, year, str(number))]
    except ValueError:
        raise BadRequest from None


def _slip(key: str, day: str) -> Slip:
    found = date.fromisoformat(day)
    if not 2000 <= found.year <= LAST_DAY.year:
        raise ValueError(day)
    return Slip(_key(key), found)


def _students(school: str, stage: str, year: str, count: str) -> Students:
    """A what-if of students. Raises ValueError."""
    number, begins, students = int(school), int(year), int(count)
    if not (0 < number <= LARGEST_ID and 2000 <= begins <= LAST_DAY.year and abs(students) <= MOST_STUDENTS):
        raise ValueError(school)
    if stage not in COMPULSORY:
        raise ValueError(stage)
    return Students(number, Stage(stage), begins, students)


def _key(key: str) -> str:
    if not key or len(key) > LONGEST_KEY or "\x00" in key:
        raise BadRequest
    return key


def _day(args: MultiDict[str, str], name: str, today: date, problems: dict[str, str]) -> date | None:
    """A day from today on; a problem for another one, None without one."""
    written = args.get(name, "").strip()
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        problems[name] = _("请填写日期，如 2027-09-01")
        return None
    if not today <= day <= LAST_DAY:
        problems[name] = _("请填写今天或以后、2100年底以前的日期")
        return None
    return day
