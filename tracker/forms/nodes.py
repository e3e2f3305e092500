"""The forms of the nodes of a building project; which node one is about stands in ``about``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from tracker.forms.links import about
from tracker.forms.tasks import OfficeForm, ReasonForm
from tracker.forms.values import DayField, line, lines
from tracker.models import ProjectNode, Task
from tracker.rules.evidence import ACCEPT
from tracker.rules.nodes import LONGEST_LINE, LONGEST_NODE, MOST_NODES, LineFault, NodeListing, WrongLine, read_nodes
from tracker.rules.project_rows import LONGEST_REASON
from tracker.translations import gettext as _
from tracker.translations import lazy as _l

LONGEST_LIST = 4000
LONGEST_NOTE = 500
MOST_WRONG = 5
TWICE = _l("已有同名的节点，请换一个名称")
UNLISTED = {
    "node_heading": ("name", _l("这是表头用语，不能作为节点名称，请换一个名称")),
    "node_dated": ("name", _l("节点名称不能以日期或“待定”“无”结尾；日期请填在计划日期一栏")),
}


def chosen_node(value: Any) -> int | None:
    """The number of a chosen node, None for the place in front of all. Raises ValueError for anything else."""
    return int(value) if value else None


class PlanNodesForm(OfficeForm):
    """The list of the nodes, one a line with its planned day; the order of the lines is that of the nodes."""

    refusals = {
        "nodes_empty": ("rows", _l("请至少写一个节点")),
        "nodes_left_out": ("rows", _l("缺少已有的节点：请把它写回列表；不要的节点请在它自己那一行删除")),
        "node_done": ("rows", _l("已完成节点的计划日期不能改")),
        "node_reason_missing": ("reason", _l("计划日期有改动，请填写理由")),
    }
    rows = lines(_l("节点，每行一个：名称 日期"), LONGEST_LIST, DataRequired(_l("请至少写一个节点")))
    reason = lines(_l("理由"), LONGEST_REASON)

    def __init__(
        self, task: Task | None = None, typed: Mapping[str, str] | None = None, known: Collection[str] = (), **kept: Any
    ) -> None:
        super().__init__(task, typed, **kept)
        self.known = known

    @cached_property
    def listing(self) -> NodeListing:
        """The list as read."""
        return read_nodes(self.rows.data or "", self.known)

    def validate_rows(self, field: TextAreaField) -> None:
        """Every line must be read; the wrong ones are named by their numbers. A list that is too long is not read."""
        if not field.errors and self.listing.wrong:
            raise ValidationError(listing_error(self.listing))


class AddNodeForm(OfficeForm):
    """One more node, behind another one."""

    refusals = {**UNLISTED, "node_twice": ("name", TWICE), "node_gone": ("after", _l("该节点已被他人删除，请重新选择"))}
    name = line(_l("节点名称"), LONGEST_NODE, DataRequired(_l("请填写节点名称")))
    planned_on = DayField(_l("计划日期"))
    after = SelectField(_l("排在哪个节点之后"), coerce=chosen_node, validate_choice=False)

    def __init__(
        self,
        task: Task | None = None,
        typed: Mapping[str, str] | None = None,
        nodes: Sequence[ProjectNode] = (),
        name_of: Any = str,
    ) -> None:
        # What makes the project usable is usually the last one: another one comes before it.
        after = nodes[-2].id if len(nodes) > 1 else None
        super().__init__(task, typed, after=after)
        self.after.choices = [("", _l("排在最前")), *((node.id, name_of(node.name)) for node in nodes)]


class RenameNodeForm(OfficeForm):
    """Another name of a node."""

    refusals = {**UNLISTED, "node_twice": ("name", TWICE)}
    about = about()
    name = line(_l("节点名称"), LONGEST_NODE, DataRequired(_l("请填写节点名称")))


class RemoveNodeForm(OfficeForm):
    """Take a node away on which nothing has happened."""

    about = about()


class MoveNodeForm(OfficeForm):
    """Another planned day of a node, and of those behind it by as many days."""

    refusals = {
        "node_day_missing": ("planned_on", _l("请填写日期，如 2026-03-31")),
        "node_same_day": ("planned_on", _l("与现在的计划日期相同")),
        "node_reason_missing": ("reason", _l("请填写理由")),
        "node_too_far": ("planned_on", _l("其后的节点会推到 2100 年以后，请核对日期")),
    }
    about = about()
    planned_on = DayField(_l("计划日期"))
    following = BooleanField(_l("其后未完成的节点顺延同样天数"))
    reason = lines(_l("理由"), LONGEST_REASON)


class ExpectNodeForm(OfficeForm):
    """The day on which the unit expects a node to be done; none takes an earlier one back."""

    refusals = {
        "expected_past": ("expected_on", _l("预计完成日期不能早于今天")),
        "node_late_reason": ("reason", _l("预计晚于计划，请写明原因")),
    }
    about = about()
    expected_on = DayField(_l("预计完成"))
    reason = lines(_l("原因"), LONGEST_REASON)


class FinishNodeForm(OfficeForm):
    """That a node was done: on which day, with what to show."""

    refusals = {
        "node_day_missing": ("done_on", _l("请填写日期，如 2026-03-31")),
        "node_done_future": ("done_on", _l("完成日期不能晚于今天")),
    }
    about = about()
    done_on = DayField(_l("完成日期"))
    note = lines(_l("说明"), LONGEST_NOTE)
    files = MultipleFileField(_l("佐证材料"))
    kept = HiddenField()

    accept = ACCEPT


class UndoNodeForm(ReasonForm):
    """Take back that a node was done."""

    about = about()


def listing_error(listing: NodeListing) -> str:
    """What is wrong with a pasted list: each line by its number, with the mend."""
    said = [_line_error(each) for each in listing.wrong[:MOST_WRONG]]
    more = len(listing.wrong) - len(said)
    return _("；").join([*said, *([_("另有 %(count)d 行", count=more)] if more else [])])


def _line_error(wrong: WrongLine) -> str:
    words = {
        LineFault.NO_NAME: _("第%(number)d行没有节点名称，请写成“开工 2024年5月”", number=wrong.number),
        LineFault.LONG_NAME: _(
            "第%(number)d行的节点名称过长，最多%(count)d字", number=wrong.number, count=LONGEST_NODE
        ),
        LineFault.LONG_LINE: _(
            "第%(number)d行过长，最多%(count)d字，请分成多行", number=wrong.number, count=LONGEST_LINE
        ),
        LineFault.BAD_DAY: _(
            "第%(number)d行“%(line)s”的日期读不出，请写成 2024年3月 或 2024-03-15", number=wrong.number, line=wrong.text
        ),
        LineFault.TWICE: _("第%(number)d行的节点与前面重名，请改名或删去", number=wrong.number),
        LineFault.TOO_MANY: _("第%(number)d行起超过%(count)d个节点，请删去", number=wrong.number, count=MOST_NODES),
    }
    return words[wrong.fault]
