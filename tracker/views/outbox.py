"""作业与发件箱: what the jobs did and will do, and every mail; its words only for those who may read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.outbox import resend as resend_mail
from tracker.actions.outbox import take_out as take_out_mail
from tracker.forms.base import StrictForm
from tracker.jobs.standing import Standing as JobStanding
from tracker.jobs.standing import standings
from tracker.models import PASSWORD_RESET, UNREADABLE, WRONG_CLOCK, MailState, OutboxMail, db
from tracker.queries.calendar import calendar_of
from tracker.queries.frame import schema_revision
from tracker.queries.holds import held_in
from tracker.queries.jobs import newest_and
from tracker.queries.outbox import Standing, mail_in, mails, outbox_standing
from tracker.queries.robots import broken_robots
from tracker.queries.units import units_without_contact
from tracker.queries.unreached import unreached
from tracker.rules.lights import Light
from tracker.rules.mail_addresses import masked
from tracker.rules.permissions import Can, may
from tracker.rules.timetable import is_recent
from tracker.settings import VERSION
from tracker.translations import offer_filters
from tracker.views.access import actor, needs, person, settings
from tracker.views.job_words import JOBS, PERIODS, gap_words, last_day, words_of_health, words_of_missed
from tracker.views.query import page_number
from tracker.views.robot_words import robot_answer

place = Blueprint("outbox", __name__)

MOST_UNITS = 60
MOST_PEOPLE = 50
SIGNS = {"◆": Light.OVERDUE, "▲": Light.SOON}
KINDS: Mapping[str, Any] = {
    "digest": _l("每日汇总"),
    "leaders_week": _l("领导周览邮件"),
    "returned": _l("退回通知"),
    "reopened": _l("重新打开通知"),
    "redated": _l("时限调整通知"),
    "password_reset": _l("重置密码"),
    "password_changed": _l("密码修改通知"),
    "instructed": _l("批示通知"),
    "urged": _l("催办通知"),
    "part_returned": _l("单位退回通知"),
    "asked_again": _l("再次交办通知"),
    "extension_decided": _l("延期批复通知"),
    "awaited": _l("等待配合通知"),
    "appraisal_published": _l("年度考核公布通知"),
    "objection_answered": _l("考核异议答复"),
    "robot_test": _l("群机器人测试"),
}
RESULTS: Mapping[str, Any] = {
    "noticed": _l("新增逾期 %(count)s 项"),
    "opened": _l("开启 %(count)s 期"),
    "skipped": _l("跳过 %(count)s 项"),
    "digests": _l("生成汇总 %(count)s 封"),
    "leaders": _l("生成领导周览 %(count)s 封"),
    "superseded": _l("替代旧汇总 %(count)s 封"),
    "rest_day": _l("非工作日，不提醒"),
    "quiet_day": _l("静默日，不提醒"),
    "regions": _l("%(count)s 个地区"),
    "calendar_unknown": _l("节假日安排未收录"),
    "issues": _l("冻结周览 %(count)s 期"),
    "no_server": _l("未配置邮件服务器"),
    "sent": _l("已发 %(count)s 封"),
    "later": _l("稍后重试 %(count)s 封"),
    "dead": _l("失败 %(count)s 封"),
    "dropped": _l("取消 %(count)s 封"),
    "expired": _l("过期 %(count)s 封"),
}
ANSWERS: Mapping[str, Any] = {
    "connection_refused": _l("邮件服务器拒绝连接"),
    "timed_out": _l("邮件服务器没有按时应答"),
    "unknown_host": _l("找不到邮件服务器的地址"),
    "not_secure": _l("邮件服务器没有可信的加密连接"),
    "login_refused": _l("邮件服务器不接受用户名或密码"),
    "login_not_offered": _l("邮件服务器不提供登录"),
    "server_busy": _l("邮件服务器暂时不接收邮件"),
    "sender_refused": _l("邮件服务器不接受发件地址"),
    "disconnected": _l("邮件服务器中断了连接"),
    "not_reachable": _l("无法连接邮件服务器"),
    "expired": _l("超过保留期限仍未发出"),
    "disabled": _l("收件账号已停用"),
    "address_changed": _l("收件人已更换邮箱"),
    "newer": _l("已有更新的汇总"),
    "nothing_left": _l("事项已办结，无需再发"),
    "unreadable": _l("邮件内容无法生成"),
    "address_refused": _l("收件邮箱此前已被拒收"),
    "taken_out": _l("已由人工撤下，不再发送"),
    "given_up": _l("恢复发送时放弃，不再发送"),
    "250": _l("对方服务器已接收"),
}


@dataclass(frozen=True)
class JobLine:
    """A job as the page shows it; what it missed long ago apart."""

    name: str
    title: str
    period: str
    ran_at: datetime | None
    said: str
    failed: bool
    next_at: datetime | None
    missed: list[str]
    missed_before: list[str]


@dataclass(frozen=True)
class LetterLine:
    """A line of a mail: the light that its sign means, its words, and the address with which it ends."""

    light: Light | None
    text: str
    address: str


@place.record_once
def offer_words(state: Any) -> None:
    """Offer the word of a kind of mail to every template."""
    offer_filters(state.app, mail_kind=lambda kind: str(KINDS.get(kind, kind)), answer_words=answer_words)


@place.get("/outbox")
@needs(Can.SEE_OUTBOX)
def outbox() -> ResponseReturnValue:
    """The jobs, how the outbox stands, and its mails, newest first."""
    region, state = person().region, state_asked()
    standing = outbox_standing(region)
    now, calendar = clock.now(), calendar_of(region)
    known = standings(now, region, calendar)
    jobs = job_lines(known.jobs, clock.office_day(now))
    return render_template(
        "outbox/outbox.html",
        jobs=jobs,
        standing=standing,
        trouble=trouble(standing, jobs),
        stale=words_of_health(known.health, may(person(), Can.HOLD_MAIL)),
        installation=installation(now),
        has_server=bool(settings().smtp_host),
        missing=calendar.unannounced(clock.today()),
        held=held_in(region),
        region=region,
        unreached=unreached(region, MOST_PEOPLE + 1),
        most_people=MOST_PEOPLE,
        silent=[unit.name for unit in units_without_contact(region, MOST_UNITS + 1)],
        most_units=MOST_UNITS,
        broken=broken_robots(region, MOST_UNITS),
        page=mails(region, state, page_number(request.args), standing),
        state=state,
        address_of_page=lambda number: url_for("outbox.outbox", state=state.value if state else None, page=number),
        readable=may(person(), Can.READ_MAIL),
        **words_of_mails(),
    )


@place.get("/outbox/<int(max=2147483647):mail_id>")
@needs(Can.READ_MAIL)
def mail(mail_id: int) -> ResponseReturnValue:
    """A mail as its recipient reads it."""
    mail = load_mail(mail_id)
    return render_template("outbox/mail.html", mail=mail, lines=letter_lines(mail.text), **words_of_mails())


@place.post("/outbox/<int(max=2147483647):mail_id>/resend")
@needs(Can.RESEND_MAIL)
def resend(mail_id: int) -> ResponseReturnValue:
    """Send again what failed or was taken out; whoever comes second learns that it is on its way."""
    mail = load_mail(mail_id)
    if not StrictForm().is_sent():
        raise BadRequest
    if mail.kind == PASSWORD_RESET:
        flash(_("重置密码的邮件不能重发：链接已过时，请本人重新申请。"))
        return redirect(url_for("outbox.outbox"))
    done = resend_mail(actor(), mail, clock.now())
    db.session.commit()
    flash(_("已重新排入待发。") if done else _("这封邮件现在不能重新发送，可能已由他人重新发送。"))
    return redirect(url_for("outbox.outbox"))


@place.post("/outbox/<int(max=2147483647):mail_id>/take-out")
@needs(Can.RESEND_MAIL)
def take_out(mail_id: int) -> ResponseReturnValue:
    """Let a waiting mail never be sent."""
    mail = load_mail(mail_id)
    if not StrictForm().is_sent():
        raise BadRequest
    done = take_out_mail(actor(), mail, clock.now())
    db.session.commit()
    flash(_("这封邮件不再发送；要恢复，点这封邮件的“重新发送”。") if done else _("这封邮件不在待发状态，没有改动。"))
    return redirect(url_for("outbox.outbox"))


def load_mail(mail_id: int) -> OutboxMail:
    """A mail of the person's region, or 404."""
    mail = mail_in(person().region, mail_id) if mail_id < 2**31 else None
    if mail is None:
        abort(404)
    return mail


def letter_lines(text: str) -> list[LetterLine]:
    """The lines of a mail; its signs become the shapes of the pages, its links to our own pages can be followed."""
    lines = []
    for line in text.splitlines():
        light = SIGNS.get(line[:1])
        words, found, path = (line[1:] if light else line).partition(f"{settings().base_url}/")
        lines.append(LetterLine(light, words, f"{found}{path}"))
    return lines


def state_asked() -> MailState | None:
    """The state by which the list is filtered. Raises BadRequest for a word that is none."""
    try:
        return MailState(request.args["state"]) if request.args.get("state") else None
    except ValueError:
        raise BadRequest from None


def installation(now: datetime) -> dict[str, Any]:
    """The version of the application and of its tables, and what the server's clock shows."""
    newest, revision = newest_and(schema_revision())
    return {"version": VERSION, "revision": revision or "", "now": now, "gap": gap_words(now, newest)}


def job_lines(known: Sequence[JobStanding], today: date) -> list[JobLine]:
    """Every job of the timetable with its last and next run, and what it missed, as the reader's region has it."""
    return [
        JobLine(
            missed=missed_words(each, lambda day: is_recent(day, today)),
            missed_before=missed_words(each, lambda day: not is_recent(day, today)),
            name=each.job.name,
            title=str(JOBS[each.job.name]),
            period=str(PERIODS[each.job.period]),
            ran_at=each.ran_at,
            said=said_of(each),
            failed=each.error is not None,
            next_at=each.next_at,
        )
        for each in known
    ]


def missed_words(standing: JobStanding, wanted: Callable[[date], bool]) -> list[str]:
    """What a job missed until a wanted day, latest first."""
    found = [each for each in reversed(standing.missed) if wanted(last_day(each, standing.job))]
    return [words_of_missed(each, standing.job) for each in found]


def said_of(standing: JobStanding) -> str:
    """What the last run of a job came to, in words."""
    if standing.failed_regions > 1:
        return _("%(count)s 个地区运行出错，详情见系统日志", count=standing.failed_regions)
    # How many wait is counted for all regions; those of the reader stand above the list of mails.
    told = " ".join(token for token in standing.result.split() if not token.startswith("waiting="))
    return error_words(standing.error) if standing.error else result_words(told)


def trouble(standing: Standing, jobs: list[JobLine]) -> str:
    """What keeps the mails from going out, in one sentence; empty when nothing does."""
    reason = next((job.said for job in jobs if job.name == "deliver_outbox" and job.failed), "")
    if not reason or not standing.oldest_at:
        return ""
    oldest = clock.office_time(standing.oldest_at)
    return _(
        "%(reason)s，积压 %(count)d 封，最早 %(month)d月%(day)d日%(time)s。恢复后自动补发，每人只发最新一封汇总。",
        reason=reason,
        count=standing.waiting,
        month=oldest.month,
        day=oldest.day,
        time=f"{oldest:%H:%M}",
    )


def words_of_mails() -> dict[str, Any]:
    """What the templates need to speak of mails."""
    return {"kinds": KINDS, "masked": masked, "answer_words": answer_words, "States": list(MailState)}


def result_words(result: str | None) -> str:
    """The result of a job for people: its tokens ``word=count`` in words, without idle zeros."""
    tokens = [token.partition("=") for token in (result or "").split()]
    told = [token for token in tokens if token[2] != "0"] or tokens[:1]
    return _("，").join(str(RESULTS[word]) % {"count": count} if word in RESULTS else word for word, _is, count in told)


def error_words(error: str) -> str:
    """The failure of a job for people; what was not foreseen stands in the log."""
    kind, _space, reason = error.partition(" ")
    if kind == WRONG_CLOCK:
        return _("系统时间异常")
    if kind == "service_down":
        return _("邮件服务不可用：%(reason)s", reason=answer_words(reason))
    return _("运行出错，详情见系统日志")


def answer_words(answer: str | None) -> str:
    """What became of a mail, in plain words; of a server's own words only the code."""
    if not answer:
        return ""
    if (word := answer.partition(" ")[0]) in ANSWERS and (answer == word or word == UNREADABLE):
        return str(ANSWERS[word])
    if of_robot := robot_answer(answer):
        return of_robot
    code = answer[:3]
    if code.startswith("5"):
        return _("对方服务器拒收（代码 %(code)s）", code=code)
    return _("对方服务器暂不接收，将自动重试（代码 %(code)s）", code=code)
