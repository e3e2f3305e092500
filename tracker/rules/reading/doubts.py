"""What a reading of a document may leave open: the kinds of doubt that a person has to look at."""

from __future__ import annotations

from enum import StrEnum


class ReadingDoubt(StrEnum):
    """Each is a finding on the review page; ``views/check_words.py`` has its words."""

    NO_TASKS = "no_tasks"
    UNSURE_TASK = "unsure_task"
    UNSURE_UNIT = "unsure_unit"
    UNKNOWN_COLUMN = "unknown_column"
    INHERITED_UNITS = "inherited_units"
    SEVERAL_DEADLINES = "several_deadlines"
    UNSURE_FIGURE = "unsure_figure"
    SPLIT_ROW = "split_row"
    NO_TITLE = "no_title"
    NO_ISSUE_DATE = "no_issue_date"
    UNSURE_TARGET = "unsure_target"
    UNSURE_ISSUE_DATE = "unsure_issue_date"
