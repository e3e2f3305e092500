"""The words of the jobs, for their page and for the pages whose figures they keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker import clock
from tracker.jobs.job import AnyJob, Period
from tracker.jobs.standing import Health
from tracker.rules.timetable import Missed, monday_of_period

JOBS: Mapping[str, Any] = {
    "notice_overdue": _l("记录新增逾期"),
    "open_periods": _l("开启填报周期"),
    "queue_digests": _l("生成每日汇总邮件"),
    "queue_leaders_week": _l("生成领导周览邮件"),
    "make_up_week": _l("补出上周周览"),
    "freeze_week": _l("每周冻结周览"),
    "deliver_outbox": _l("发送待发邮件"),
}
PERIODS: Mapping[Period, Any] = {Period.DAY: _l("每日"), Period.WEEK: _l("每周"), Period.EACH_TIME: _l("每分钟")}


def words_of_health(found: Health, can_mend: bool) -> str:
    """That the jobs stand still, since when, what that means and who mends it; empty where they do not."""
    if found.has_wrong_clock:
        return _("系统时间异常，自动作业已暂停，数据未自动更新。")
    if not found.late:
        return ""
    if found.last_at is None:
        return _("数据未自动更新，此前没有运行过：提醒邮件和周览暂未自动生成，%(mend)s", mend=mend_words(can_mend))
    last = clock.office_time(found.last_at)
    said = {"month": last.month, "day": last.day, "time": f"{last:%H:%M}"}
    if len(found.late) == len(JOBS):
        return _(
            "数据未自动更新，最近一次 %(month)d月%(day)d日%(time)s：提醒邮件和周览暂未自动生成，%(mend)s",
            mend=mend_words(can_mend),
            **said,
        )
    names = _("、").join(str(JOBS[name]) for name in found.late)
    return _("自动作业未按时完成：%(names)s。最近一次作业 %(month)d月%(day)d日%(time)s。", names=names, **said)


def mend_words(can_mend: bool) -> str:
    """How jobs that stand still are started again, for those who can."""
    if can_mend:
        return _("请启动 python -m tracker.serve 或加 --scheduler-only。")
    return _("请联系系统管理员。")


def words_of_missed(missed: Missed, job: AnyJob) -> str:
    """Which periods of a job were missed and what became of them."""
    if job.period is Period.WEEK:
        days = span(monday_of_period(missed.first), last_day(missed, job))
        if job.name == "freeze_week":
            return _("%(days)s 当周未运行；最近一周的由“补出上周周览”补出，更早的不再补", days=days)
        return _("%(days)s 当周未运行，不再补办", days=days)
    days = span(date.fromisoformat(missed.first), last_day(missed, job))
    if missed.made_up_by is None:
        return _("%(days)s 未运行，尚未补办", days=days)
    by = span(*[date.fromisoformat(missed.made_up_by)] * 2)
    return _("%(days)s 未运行，已由 %(day)s 的运行合并补办", days=days, day=by)


def last_day(missed: Missed, job: AnyJob) -> date:
    """The last day of the periods that a job missed."""
    if job.period is Period.WEEK:
        return monday_of_period(missed.last) + timedelta(days=6)
    return date.fromisoformat(missed.last)


def span(first: date, last: date) -> str:
    """Days from one to another, or the one day."""
    start = _("%(month)d月%(day)d日", month=first.month, day=first.day)
    if first == last:
        return start
    if first.month == last.month:
        return _("%(start)s—%(day)d日", start=start, day=last.day)
    return _("%(start)s—%(end)s", start=start, end=_("%(month)d月%(day)d日", month=last.month, day=last.day))


def gap_words(now: datetime, newest: datetime | None) -> str:
    """How far the server's clock lies from the latest record; empty where there is none."""
    if newest is None:
        return ""
    minutes = int(abs(now - newest).total_seconds() // 60)
    if not minutes:
        return _("与最近记录相差不到1分钟")
    if now < newest:
        return _("早于最近记录 %(length)s", length=length_words(minutes))
    return _("晚于最近记录 %(length)s", length=length_words(minutes))


def length_words(minutes: int) -> str:
    """A length of time in its largest unit."""
    hours = minutes // 60
    if hours >= 48:
        return _("%(count)d 天", count=hours // 24)
    return _("%(count)d 小时", count=hours) if hours else _("%(count)d 分钟", count=minutes)
