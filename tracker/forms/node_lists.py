"""The forms of a region's lists of nodes."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from wtforms import HiddenField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from tracker.forms.base import LARGEST_VERSION, RELOAD, StrictForm, clean_text
from tracker.forms.nodes import LONGEST_LIST, listing_error
from tracker.forms.values import lines
from tracker.models import ProjectCategory
from tracker.rules.nodes import NodeListing, read_nodes
from tracker.translations import lazy as _l


class NodeListVersionForm(StrictForm):
    """Which list, in the version that was read; 0 for one that the region has not written."""

    category = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD)])
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(RELOAD), NumberRange(0, LARGEST_VERSION, message=RELOAD)]
    )

    @property
    def chosen(self) -> ProjectCategory:
        """The category. Raises ValueError before the form was found valid."""
        return ProjectCategory(self.category.data or "")

    def validate_category(self, field: HiddenField) -> None:
        """One of the categories."""
        if field.data not in set(ProjectCategory):
            raise ValidationError(RELOAD)


class NodeListForm(NodeListVersionForm):
    """The names of the nodes, one a line."""

    names = lines(_l("节点名称，每行一个"), LONGEST_LIST, DataRequired(_l("请至少写一个节点")))

    def __init__(self, known: Collection[str] = (), **values: Any) -> None:
        shown = {"formdata": None, "data": values} if values else {}
        super().__init__(**shown)
        self.known = known

    @cached_property
    def listing(self) -> NodeListing:
        """The list as read."""
        return read_nodes(self.names.data or "", self.known)

    @property
    def node_names(self) -> list[str]:
        """The names in their order."""
        return [node.name for node in self.listing.nodes]

    def validate_names(self, field: TextAreaField) -> None:
        """Names alone: the days belong to each project. A list that is too long is not read."""
        if field.errors:
            return
        if self.listing.wrong:
            raise ValidationError(listing_error(self.listing))
        if any(node.planned_on for node in self.listing.nodes):
            raise ValidationError(str(_l("只写节点名称；日期在每个项目里填写")))
