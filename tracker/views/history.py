"""The timeline in words: one sentence for each act, whichever part of the tracker keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from tracker.models import MailState
from tracker.queries.timeline import OVERDUE, PERIOD, Entry
from tracker.rules.extensions import Decision
from tracker.rules.money import MoneyKind, MoneySource
from tracker.rules.rhythms import Rhythm
from tracker.rules.slips import Colour
from tracker.translations import lazy as _l
from tracker.translations import offer_filters
from tracker.views.money_words import amount_text
from tracker.views.node_words import node_name
from tracker.views.robot_words import addressee
from tracker.views.words import day, listed, rhythm_text, word

Said = Mapping[str, Any]
MOST_NAMES = 6
COLOURS = {Colour.BLUE: _l("蓝色"), Colour.YELLOW: _l("黄色"), Colour.RED: _l("红色")}
# What an act says in whole sentences, under these names, in this order.
PARAGRAPHS = ("text", "demand", "reason", "answer")


def register(app: Flask) -> None:
    """Offer the words to every template."""
    offer_filters(app, sentence_of=sentence_of, paragraphs_of=paragraphs_of, note_of=note_of)


def sentence_of(entry: Entry) -> str:
    """What was done, in one sentence; empty for an act that has no sentence of its own and goes by its word."""
    if entry.act == "withdraw_money":
        return _("撤回%(money)s", money=_money_of(entry.before))
    if entry.act == "withdraw_photo" and entry.before:
        return _("撤下 %(day)s 的工地照片", day=_day(entry.before.get("taken_on")))
    sentence = SENTENCES.get(entry.act)
    return sentence(entry.said) if sentence else ""


def paragraphs_of(entry: Entry) -> list[str]:
    """What was written with an act."""
    found = [text for text in (entry.said.get(name) for name in PARAGRAPHS) if isinstance(text, str) and text]
    work = entry.said.get("work")
    return [*found, _("目前进展：%(work)s", work=work)] if work else found


def note_of(entry: Entry) -> str:
    """A mail or a note of the machine in one line."""
    said = entry.said
    if entry.act == OVERDUE:
        return _("转为逾期：时限 %(day)s 已过", day=_day(said["ends_on"]))
    if entry.act == PERIOD:
        return _("开始新的填报周期：%(first)s至%(last)s", first=_day(said["begins_on"]), last=_day(said["ends_on"]))
    names = [name or addressee(address) or "" for name, address in said["people"]]
    return _("邮件%(state)s：%(names)s", state=word(MailState(said["state"])), names=listed(names, MOST_NAMES))


def _day(value: Any) -> str:
    """A day as it is read; anything that is none, as nothing."""
    return day(value) if isinstance(value, date) else ""


def _units(said: Said) -> str:
    """The units of an act, kept as one name or as several."""
    units = said.get("units") or said.get("unit") or ""
    return listed(units, MOST_NAMES) if isinstance(units, list) else str(units)


def _extension_decided(said: Said) -> str:
    decision = said.get("decision")
    words = word(Decision(decision)) if decision in set(Decision) else _("批复延期申请")
    granted = said.get("granted_on") or (said.get("due_on") if decision != Decision.REFUSED else None)
    return _("%(decision)s，时限定为 %(day)s", decision=words, day=_day(granted)) if granted else words


def _waits(said: Said) -> str:
    return _("自 %(day)s 起等待%(unit)s配合", day=_day(said.get("since")), unit=_units(said))


def _slip(said: Said) -> str:
    colour = said.get("colour")
    words = str(COLOURS[Colour(colour)]) if colour in set(Colour) else ""
    return _("生成督办单（%(colour)s），限 %(day)s 前办结", colour=words, day=_day(said.get("answer_by")))


def _rhythm(said: Said) -> str:
    rhythm = said.get("rhythm")
    if rhythm not in set(Rhythm):
        return _("不再按周期填报")
    return _("填报周期定为%(rhythm)s", rhythm=rhythm_text(Rhythm(rhythm), said.get("parts") or 1))


def _expected(said: Said) -> str:
    expected_on = said.get("expected_on")
    return _("预计 %(day)s 完成", day=_day(expected_on)) if expected_on else _("清除预计完成日期")


def _node(said: Said) -> str:
    return node_name(str(said.get("node") or ""))


def _nodes_planned(said: Said) -> str:
    nodes = said.get("nodes") or []
    return _("拟定 %(count)d 个节点：%(nodes)s", count=len(nodes), nodes=_("、").join(map(str, nodes)))


def _node_added(said: Said) -> str:
    if planned_on := said.get("planned_on"):
        return _("添加节点“%(node)s”，计划 %(day)s", node=_node(said), day=_day(planned_on))
    return _("添加节点“%(node)s”", node=_node(said))


def _node_moved(said: Said) -> str:
    named = {"node": _node(said), "day": _day(said.get("planned_on"))}
    if moved := said.get("moved"):
        return _("节点“%(node)s”计划日期定为 %(day)s，其后 %(count)d 个节点同样顺延", count=len(moved), **named)
    return _("节点“%(node)s”计划日期定为 %(day)s", **named)


def _node_expected(said: Said) -> str:
    if expected_on := said.get("expected_on"):
        return _("节点“%(node)s”预计 %(day)s 完成", node=_node(said), day=_day(expected_on))
    return _("清除节点“%(node)s”的预计日期", node=_node(said))


def _node_done(said: Said) -> str:
    return _("节点“%(node)s”于 %(day)s 完成", node=_node(said), day=_day(said.get("done_on")))


def _rows_imported(said: Said) -> str:
    nodes, entries = ([str(each) for each in said.get(name) or []] for name in ("nodes", "entries"))
    parts = []
    if nodes:
        parts.append(_("%(count)d 个节点（%(names)s）", count=len(nodes), names=_first(nodes)))
    if entries:
        parts.append(_("%(count)d 笔资金（%(names)s）", count=len(entries), names=_first(entries)))
    return _("从 Excel 导入：%(what)s", what=_("、").join(parts))


def _first(names: list[str]) -> str:
    return _("；").join([*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])])


def _confirmed(said: Said) -> str:
    links, additions = said.get("links") or [], said.get("additions") or []
    if links and additions:
        return _("确认 %(links)d 项对应指标、%(additions)d 条增加的数据", links=len(links), additions=len(additions))
    if links:
        return _("确认 %(count)d 项对应指标", count=len(links))
    return _("确认 %(count)d 条增加的数据", count=len(additions))


def _handed(said: Said) -> str:
    seats, school = said.get("seats") or 0, said.get("school_name") or ""
    if said.get("handed_on"):
        return _("%(school)s %(seats)d 个学位于 %(day)s 交付", school=school, seats=seats, day=_day(said["handed_on"]))
    return _("撤销%(school)s %(seats)d 个学位的交付登记", school=school, seats=seats)


def _batch_planned(said: Said) -> str:
    seats, school = said.get("seats") or 0, said.get("school_name") or ""
    if said.get("planned_on"):
        day_words = _day(said["planned_on"])
        return _("%(school)s分批交付 %(seats)d 个学位，计划 %(day)s", school=school, seats=seats, day=day_words)
    return _("%(school)s分批交付 %(seats)d 个学位", school=school, seats=seats)


def _money_of(facts: Said) -> str:
    """An entry of the ledger in words: its kind, its amount, and the year, source or payee where they were said."""
    kind, source, amount = facts.get("money_kind"), facts.get("money_source"), facts.get("amount_yuan")
    if kind not in set(MoneyKind) or not isinstance(amount, int):
        return ""
    named = [
        _("%(year)s年", year=facts["for_year"]) if facts.get("for_year") else "",
        word(MoneySource(source)) if source in set(MoneySource) else "",
        str(facts.get("payee") or ""),
    ]
    said = {
        MoneyKind.PLANNED: _("计划资金 %(amount)s", amount=amount_text(amount)),
        MoneyKind.ALLOCATED: _("到位资金 %(amount)s", amount=amount_text(amount)),
        MoneyKind.PAID: _("支付资金 %(amount)s", amount=amount_text(amount)),
    }[MoneyKind(kind)]
    known = [each for each in named if each]
    return _("%(said)s（%(named)s）", said=said, named=_("，").join(known)) if known else said


def _site(said: Said) -> str:
    return _("项目位置变更为%(site)s", site=said.get("site") or _("未定"))


def _photographed(said: Said) -> str:
    photos, caption = said.get("photos") or [], said.get("caption")
    if not photos:
        return ""
    sentence = _("上传 %(day)s 的工地照片 %(count)d 张", day=_day(said.get("taken_on")), count=len(photos))
    return _("%(sentence)s：%(caption)s", sentence=sentence, caption=caption) if caption else sentence


SENTENCES: Mapping[str, Callable[[Said], str]] = {
    "add_money": lambda said: _("记录%(money)s", money=_money_of(said)),
    "move_site": _site,
    "add_photos": _photographed,
    "verify": lambda said: _("已核验，销号"),
    "close_in_part": lambda said: _("按已完成部分销号"),
    "return": lambda said: _("已退回修改"),
    "redate": lambda said: _("时限调整"),
    "reopen": lambda said: _("重新打开任务"),
    "suspend": lambda said: _("中止任务"),
    "resume": lambda said: _("恢复推进"),
    "accept_part": lambda said: _("%(unit)s签收任务", unit=_units(said)),
    "return_part": lambda said: _("%(unit)s退回推进办", unit=_units(said)),
    "ask_part_again": lambda said: _("再次交办%(unit)s", unit=_units(said)),
    "ask_extension": lambda said: _("%(unit)s申请延至 %(day)s", unit=_units(said), day=_day(said.get("wanted_on"))),
    "decide_extension": _extension_decided,
    "wait": _waits,
    "wait_end": lambda said: _("结束等待%(unit)s配合", unit=_units(said)),
    "instruct": lambda said: _("%(name)s同志批示", name=said.get("leader_name") or ""),
    "answer_instruction": lambda said: _("%(unit)s答复批示", unit=_units(said)),
    "urge": lambda said: _("催办%(unit)s", unit=_units(said)),
    "slip": _slip,
    "rhythm": _rhythm,
    "expect": _expected,
    "add_handover": _batch_planned,
    "change_handover": _batch_planned,
    "hand_over": _handed,
    "import_project_rows": _rows_imported,
    "confirm_links": _confirmed,
    "plan_nodes": _nodes_planned,
    "add_node": _node_added,
    "rename_node": lambda said: _("节点改名为“%(node)s”", node=_node(said)),
    "remove_node": lambda said: _("删除节点“%(node)s”", node=_node(said)),
    "move_node": _node_moved,
    "expect_node": _node_expected,
    "finish_node": _node_done,
    "undo_node": lambda said: _("撤销节点“%(node)s”的完成登记", node=_node(said)),
}
