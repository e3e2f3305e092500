"""Errors in the reader's words: every refusal of a rule becomes an answer here, once."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from flask import Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from tracker import clock
from tracker.actions.drafts import save_draft
from tracker.actions.imports import BatchTaken
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.signing import IssueSigned
from tracker.models import ImportState, Task, db
from tracker.rules.evidence import MOST_FILES
from tracker.rules.handovers import MOST_HANDOVERS
from tracker.rules.lifecycle import MoveRefused
from tracker.rules.nodes import MOST_NODES
from tracker.views.access import signed_in_visitor
from tracker.views.refusals import REASONS, is_refusal, note_refusal
from tracker.views.typed import has_draft, is_carriable, sign_in_again, typed_now
from tracker.views.words import moment, word


def register(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(MoveRefused, on_move_refused)
    app.register_error_handler(RuleRefused, on_rule_refused)
    app.register_error_handler(StaleTask, on_stale)
    app.register_error_handler(IssueSigned, on_signed)
    app.register_error_handler(BatchTaken, on_batch_taken)
    app.register_error_handler(DataError, on_unfit_value)
    app.register_error_handler(OperationalError, on_busy)
    app.register_error_handler(Exception, on_crash)


def page(status: int, title: str, text: str) -> ResponseReturnValue:
    """A plain page that says what happened and what to do, with what was typed, so that it can be copied."""
    return render_template("error.html", title=title, text=text, status=status, typed=typed_now()), status


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """What Werkzeug or a view aborted with."""
    db.session.rollback()
    status = error.code or 500
    if isinstance(error, CSRFError):
        typed = typed_now()
        if typed and signed_in_visitor() is None:
            return sign_in_again(typed)  # the token went with the session
        if is_refusal(400):
            note_refusal("csrf")
        return page(400, _("表单已失效"), _("页面打开时间过长或登录已变更，请返回上一页，刷新后重新提交。"))
    if is_refusal(status):
        note_refusal(REASONS.get(status, str(status)))
    said = error.description if error.description != type(error).description else None
    title, text = {
        400: (_("请求有误"), _("请检查填写内容后重试。")),
        403: (_("没有权限"), _("您没有此项权限。如工作需要，请联系推进办。")),
        404: (_("没有找到该页面"), _("没有找到该页面，或您无权查看。")),
        405: (_("不支持的操作"), _("请从页面上的按钮进入。")),
        409: (_("内容已被他人更新"), _("请刷新页面后重试。")),
        410: (_("链接已失效"), _("请重新申请。")),
        413: (_("文件过大"), _("单个文件不超过 20 MB，一次最多 %(count)d 个，合计不超过 60 MB。", count=MOST_FILES)),
        429: (_("尝试次数过多"), _("请稍后再试。")),
    }.get(status, (_("请求未能完成"), _("请稍后再试。")))
    answer = page(status, title, str(said) if said and status != 404 else text)
    if error.get_response().headers.get("Retry-After"):
        return *answer, {"Retry-After": error.get_response().headers["Retry-After"]}  # type: ignore[misc]
    return answer


def on_move_refused(error: MoveRefused) -> ResponseReturnValue:
    """An act that the state of the task does not allow."""
    note_refusal(error.state.value)
    return page(
        409,
        _("当前状态不能进行此操作"),
        _(
            "该任务目前是“%(state)s”，可以进行的操作：%(acts)s。请返回任务页。",
            state=word(error.state),
            acts=_("、").join(dict.fromkeys(word(act) for act in error.allowed)),
        ),
    )


def on_rule_refused(error: RuleRefused) -> ResponseReturnValue:
    """An act that a rule refuses."""
    note_refusal(error.reason)
    status, text = refusal_words(error.named).get(error.reason, (409, _("规则不允许此操作。")))
    return page(status, _("不能进行此操作"), text)


def refusal_text(reason: str, named: str = "") -> str:
    """Why a rule refuses, in words."""
    return refusal_words(named)[reason][1]


def refusal_words(named: str = "") -> dict[str, tuple[int, str]]:
    """The answer to each reason for which a rule refuses; ``named`` is what a sentence names."""
    return {
        "own_entry": (403, _("不得核验本人填报事项。")),
        "closed": (409, _("任务已销号或已中止，不能调整时限。")),
        "nobody_done": (409, _("尚无责任单位报告完成，不能销号。")),
        "not_asked": (403, _("该批示由牵头（责任）单位答复。")),
        "nobody_to_urge": (409, _("没有可催办的单位：可能刚刚已由他人催办，请返回查看。")),
        "not_open": (409, _("任务已提交、已销号或已中止，不需要督办。")),
        "which_unit": (400, _("请选择以哪个单位的名义答复。")),
        "withdrawn": (409, _("任务已撤销，请用“恢复任务”。")),
        "too_late_to_undo": (
            409,
            _("撤回须由本人在填报后10分钟内进行，且任务其后未被核验、退回或调整状态。如有更正，请再报一次进展。"),
        ),
        "reported_by_period": (409, _("长期任务按周期报告，不报“已完成”。")),
        "rhythm_not_possible": (409, _("该周期不能分成这么多次；“一次”须有时限，且首日不晚于时限。")),
        "not_of_unit": (409, _("所选人员不是该单位的经办人，请重新选择。")),
        "plan_closed": (409, _("该计划已结束，只能查看。")),
        "plan_state": (409, _("该计划的状态已变，不能进行此操作。")),
        "plan_empty": (409, _("该计划还没有任务，不能启用。")),
        "phase_in_use": (409, _("还有任务属于要删除的阶段，请先给这些任务改阶段。")),
        "phase_twice": (409, _("两个阶段的编号相同，请改成不同的编号。")),
        "task_in_use": (409, _("已有进展、批示、催办或延期申请，或者项目已有登记内容，不能删除；可以撤销任务。")),
        "project_in_use": (
            409,
            _(
                "该项目已有节点、资金、照片、分批交付、参建单位或位置变更的登记，类别不能改成其他；不再建设的，请中止或撤销任务。"
            ),
        ),
        "project_gone": (409, _("该任务已不是工程项目，内容没有保存，请返回任务页查看。")),
        "reason_needed": (409, _("计划执行中，改动须写明理由。")),
        "not_withdrawn": (409, _("该任务没有撤销，不用恢复。")),
        "not_your_part": (403, _("本任务没有需要您单位签收的分工。")),
        "part_not_open": (409, _("该分工已退回、已填报进展或不再需要签收，不能退回推进办。")),
        "part_not_returned": (409, _("该单位的分工没有退回推进办，不需要再次交办。")),
        "not_answering": (403, _("只有本任务的牵头单位可以进行此操作；没有牵头单位的，由责任单位进行。")),
        "not_worked_on": (409, _("任务已提交、已销号或已中止，不能进行此操作。")),
        "no_deadline": (409, _("任务没有固定时限，不需要申请延期。")),
        "too_late": (409, _("时限已过，不能再申请延期；请填报进展并说明困难。")),
        "pending": (409, _("该任务已有一份延期申请等待批复，批复后才能再次申请。")),
        "decided": (409, _("该任务没有等待批复的延期申请，可能已由他人批复。")),
        "own_request": (403, _("不得批复本人提出的延期申请。")),
        "not_expected": (409, _("任务已销号或已中止，不用填预计完成日期。")),
        "expected_past": (409, _("预计完成日期不能早于今天。")),
        "waiting": (409, _("已经标明等待该单位配合。")),
        "own_value": (403, _("不得核验本人填报的数值。")),
        "not_own_value": (403, _("只能撤回本人填报的数值；他人填报有误的，请填报新的数值。")),
        "week_over": (409, _("该期所属的一周已过，或已有下一期，数据不再重新冻结。")),
        "wait_ended": (409, _("对该单位的等待已经结束。")),
        **import_refusal_words(),
        **link_refusal_words(),
        **project_refusal_words(named),
        **issue_refusal_words(),
    }


def link_refusal_words() -> dict[str, tuple[int, str]]:
    """The same for the acts on what a task does for indicators, on values and on lists that somebody keeps."""
    return {
        "many_views": (409, _("最多保存20个常用清单，请先删除不用的。")),
        "link_gone": (409, _("这条对应指标已被他人删除，请刷新页面。")),
        "link_stands": (409, _("任务已对应这项指标，请修改原有的一条。")),
        "addition_gone": (409, _("这条数据已被他人删除或不采用，请刷新页面。")),
        "value_decided": (409, _("该数值已核验或已撤回，请返回查看。")),
        "nothing_to_confirm": (409, _("没有可以确认的内容：可能已由他人确认，或还缺数量、学校或学段。")),
        "addition_incomplete": (409, _("还缺数量、学校或学段，请先补全再确认。")),
    }


def import_refusal_words() -> dict[str, tuple[int, str]]:
    """The same for the acts on documents that are taken in."""
    return {
        "nothing_to_split": (409, _("只有一段，没有拆分。")),
        "nothing_to_join": (409, _("没有可以合并的下一项，请刷新页面。")),
        "import_in_use": (409, _("导入之后已有改动，不能再整批撤回；请在计划页和任务页逐项修改。")),
    }


def project_refusal_words(named: str) -> dict[str, tuple[int, str]]:
    """The same for the acts on building projects: nodes, seats handed over, money, site."""
    return {
        "node_gone": (409, _("该节点已被他人删除，请刷新页面。")),
        "node_done": (409, _("该节点已登记完成，不能再改；登记有误的，请先撤销完成登记。")),
        "node_not_done": (409, _("该节点没有登记完成，可能已由他人撤销。")),
        "node_in_use": (409, _("该节点已完成、调整过计划或有佐证，不能删除，可以改名。")),
        "node_suspended": (409, _("任务已中止，恢复推进后才能登记节点。")),
        "node_closed": (409, _("任务已销号，节点不能再改；登记有误的，请先由推进办重新打开任务。")),
        "nodes_many": (409, _("节点太多，最多 %(count)d 个。", count=MOST_NODES)),
        "part_gone": (409, _("该学校已不在这个项目里，请刷新页面。")),
        "part_in_use": (
            409,
            _("“%(school)s”已有分批交付的登记，不能从项目中去掉；确需去掉的，请先在项目页删除这些批次。", school=named),
        ),
        "handover_gone": (409, _("这一批已被他人删除，请刷新页面。")),
        "handovers_many": (409, _("一所学校一个学段最多分 %(count)d 批。", count=MOST_HANDOVERS)),
        "handover_suspended": (409, _("任务已中止，恢复推进后才能登记交付。")),
        "handover_closed": (409, _("任务已销号，学位交付不能再改；登记有误的，请先由推进办重新打开任务。")),
        "amount_zero": (409, _("金额不能为零。")),
        "day_missing": (409, _("到位和支付的资金须有日期。")),
        "day_ahead": (409, _("到位和支付的日期不能晚于今天。")),
        "year_unasked": (409, _("只有计划资金分年度。")),
        "entry_withdrawn": (409, _("这笔资金已被撤回，请返回查看。")),
        "site_same": (409, _("与现在的位置相同，没有改动。")),
    }


def issue_refusal_words() -> dict[str, tuple[int, str]]:
    """The same for the acts on issues and on what is drawn from them, the appraisal of a year."""
    return {
        "not_signed": (409, _("本期尚未签发，内容还可能改动，签发后再标为已阅。")),
        "no_issue": (409, _("该年度还没有可用的周览：先出周览；本周的草稿签发后或下周起才计入。")),
        "appraisal_stale": (409, _("考核表已被他人重新计算或公布，请返回考核表查看后再操作。")),
        "appraisal_empty": (409, _("考核表里没有单位，不能公布。")),
        "objection_late": (409, _("异议期已过，不能再提出异议；确有问题的，请直接联系推进办。")),
        "objections_many": (409, _("本单位的异议已达上限，请等推进办答复。")),
        "objection_answered": (409, _("该异议已由他人答复，您的答复没有保存；请返回查看。")),
    }


def on_stale(_error: StaleTask) -> ResponseReturnValue:
    """A stale save that no view turned into a page with both texts."""
    db.session.rollback()
    return page(409, _("内容已被他人更新"), _("请返回任务页查看最新内容后重试。"))


def on_signed(error: IssueSigned) -> ResponseReturnValue:
    """An act on an issue that is signed: by whom and when."""
    number, by, at = error.number, error.by, moment(error.at)
    note_refusal("signed")
    title = _("第 %(number)d 期已签发", number=number)
    return page(409, title, _("%(name)s已于 %(at)s 签发，数据和文字不再变动，您的改动没有保存。", name=by, at=at))


def on_batch_taken(error: BatchTaken) -> ResponseReturnValue:
    """An act on an import that is open no more; just now it may be becoming a plan."""
    note_refusal(error.state.value)
    title = _("该批次正在导入") if error.state is ImportState.OPEN else _("该批次%(state)s", state=word(error.state))
    return page(409, title, _("内容不再变动，您的改动没有保存。请返回“计划”里的“导入”查看结果。"))


def on_unfit_value(error: DataError) -> ResponseReturnValue:
    """A value that no column holds and no form refused; the log shows where the form should have."""
    db.session.rollback()
    current_app.logger.warning("a value does not fit", exc_info=error)
    return page(400, _("请求有误"), _("请检查填写内容后重试。"))


def on_busy(error: OperationalError) -> ResponseReturnValue:
    """The database did not answer in time."""
    db.session.rollback()
    current_app.logger.exception("database unavailable", exc_info=error)
    if kept_as_draft():
        return page(503, _("系统繁忙"), _("数据库暂时没有响应，您填写的内容已保存为草稿。请稍后打开该任务再提交。"))
    return page(503, _("系统繁忙"), _("数据库暂时没有响应，内容没有保存。请返回上一页，稍后再提交。"))


def on_crash(error: Exception) -> ResponseReturnValue:
    """Anything unforeseen: a reference number for the log, nothing of the inside."""
    db.session.rollback()
    reference = secrets.token_hex(3).upper()
    current_app.logger.exception("reference %s", reference, exc_info=error)
    said = _("请稍后再试；如仍有问题，请把编号 %(reference)s 告诉管理员。", reference=reference)
    return page(500, _("系统出现问题"), _("您填写的内容已保存为草稿。") + said if kept_as_draft() else said)


def kept_as_draft() -> bool:
    """Keep what was sent in a form of a task as a draft, beside the request that failed; whether that worked."""
    typed, known = typed_now(), signed_in_visitor()
    if typed is None or known is None or not has_draft(typed.act) or not is_carriable(typed.values):
        return False
    try:
        task_id = db.session.scalar(sa.select(Task.id).where(Task.key == typed.key))
        if task_id is None:
            return False
        save_draft(known.person.id, task_id, typed.act, typed.values, clock.now())
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
