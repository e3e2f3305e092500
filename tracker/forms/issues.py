"""The forms of a draft of the week: its words, its figures anew, its signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from tracker.forms.base import LONGEST_KEY, VersionedForm, clean_text
from tracker.forms.values import one_line
from tracker.rules.overview import MOST_DECISIONS
from tracker.translations import lazy as _l

LONGEST_SENTENCE = 300
LONGEST_ASK = 100
PLACES = range(1, MOST_DECISIONS + 1)


def about() -> HiddenField:
    """The key of the task that the field beside it asks about."""
    return HiddenField(filters=[clean_text], validators=[Length(max=LONGEST_KEY)])


def ask() -> StringField:
    """What leaders shall decide on a task."""
    too_long = _l("最多%(count)d字", count=LONGEST_ASK)
    return StringField(_l("请领导决定"), filters=[one_line], validators=[Length(max=LONGEST_ASK, message=too_long)])


class IssueForm(VersionedForm):
    """Sign an issue, or take its figures anew: it carries the version that was read."""


class WordsForm(VersionedForm):
    """The sentence of a draft, and what leaders shall decide on a few tasks: ``ask_1`` is said of ``about_1``.

    ``restore`` is the button that takes the sentence of the rules again.
    """

    sentence = TextAreaField(
        _l("一句话"),
        filters=[one_line],
        validators=[Length(max=LONGEST_SENTENCE, message=_l("最多%(count)d字", count=LONGEST_SENTENCE))],
    )
    restore = BooleanField()
    about_1, about_2, about_3 = about(), about(), about()
    ask_1, ask_2, ask_3 = ask(), ask(), ask()

    def fill(self, version: int, sentence: str, asks: Mapping[str, str | None], keys: Sequence[str]) -> None:
        """Fill the form with what is stored, a field for each task that waits for a decision."""
        self.version.data, self.sentence.data = version, sentence
        self.arrange(asks, keys)

    def arrange(self, asks: Mapping[str, str | None], keys: Sequence[str]) -> None:
        """Put what is asked beside its task, where the fields stand for others."""
        if self.keys == list(keys):
            return
        for place in PLACES:
            key = keys[place - 1] if place <= len(keys) else ""
            self[f"about_{place}"].data, self[f"ask_{place}"].data = key, asks.get(key) or ""

    @property
    def keys(self) -> list[str]:
        """The tasks that the fields stand for."""
        return [key for place in PLACES if (key := self[f"about_{place}"].data)]

    @property
    def asks(self) -> dict[str, str | None]:
        """What was typed, by the key of its task."""
        return asks_in(self.data)

    @property
    def ask_fields(self) -> list[Any]:
        """The fields in which is asked, in the order of their tasks."""
        return [self[f"ask_{place}"] for place in PLACES]


def asks_in(values: Mapping[str, Any]) -> dict[str, str | None]:
    """What the values of the form ask, by the key of its task."""
    said = {values.get(f"about_{place}"): values.get(f"ask_{place}") for place in PLACES}
    return {key: words for key, words in said.items() if key}
