"""The forms of bulletins: make one, word it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from tracker.actions.bulletins import Around, Scope
from tracker.documents.plan_limits import longest
from tracker.forms.base import LONGEST_KEY, RELOAD, StrictForm, VersionedForm, clean_text
from tracker.forms.values import DayField, line, lines
from tracker.models import Bulletin
from tracker.rules.bulletin_words import SECTIONS
from tracker.rules.bulletins import Block, BulletinKind
from tracker.translations import lazy as _l

LONGEST_SECTION = 50_000
LONGEST_ADDRESSEE = 500
LARGEST_NUMBER = 99_999
Choices = Sequence[tuple[str, str]]
# What a kind has beside its title, its issuer, its day and its sections.
PARTS: Mapping[BulletinKind, frozenset[str]] = {
    BulletinKind.WEEK: frozenset(),
    BulletinKind.SUPERVISION: frozenset({"addressee"}),
    BulletinKind.BRIEF: frozenset({"number", "reported_to", "sent_to", "issued_to"}),
}
LOOSE = frozenset().union(*PARTS.values())


class BulletinForm(StrictForm):
    """What a new bulletin speaks of; ``once`` makes one of a form sent twice."""

    kind = SelectField(_l("类型"))
    issue = IntegerField(widget=HiddenInput(), validators=[InputRequired(RELOAD), NumberRange(1, message=RELOAD)])
    plan = SelectField(_l("计划"))
    units = SelectMultipleField(
        _l("单位（不选为全部）"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    once = HiddenField(filters=[clean_text], validators=[InputRequired(RELOAD), Length(1, LONGEST_KEY, message=RELOAD)])

    def offer(self, kinds: Choices, plans: Choices, units: Sequence[str]) -> None:
        """What may be chosen."""
        self.kind.choices, self.plan.choices = list(kinds), [("", str(_l("全部计划"))), *plans]
        self.units.choices = [(name, name) for name in units]

    @property
    def scope(self) -> Scope:
        """What was chosen."""
        return Scope(self.plan.data or None, tuple(self.units.data or ()))


class WordsForm(VersionedForm):
    """The words of a bulletin: its sections and what stands around them; a kind has only its own fields."""

    title = line(_l("标题"), longest(Bulletin.title), DataRequired(_l("请填写标题")))
    number = IntegerField(
        _l("期号"), validators=[Optional(), NumberRange(1, LARGEST_NUMBER, message=_l("请填写1至99999的整数"))]
    )
    addressee = line(_l("主送"), LONGEST_ADDRESSEE)
    issuer = line(_l("发文单位"), longest(Bulletin.issuer), DataRequired(_l("请填写发文单位")))
    dated_on = DayField(_l("日期"))
    reported_to = line(_l("报"), longest(Bulletin.reported_to))
    sent_to = line(_l("送"), longest(Bulletin.sent_to))
    issued_to = line(_l("发"), longest(Bulletin.issued_to))
    opening = lines(_l("开头"), LONGEST_SECTION)
    overall = lines(_l("总体情况"), LONGEST_SECTION)
    progress = lines(_l("本期进展"), LONGEST_SECTION)
    decisions = lines(_l("需要领导决定"), LONGEST_SECTION)
    problems = lines(_l("存在问题"), LONGEST_SECTION)
    demands = lines(_l("下步要求"), LONGEST_SECTION)
    restore = HiddenField(filters=[clean_text])

    def __init__(self, bulletin: Bulletin, blocks: Sequence[Block], sent: bool) -> None:
        if sent:
            super().__init__()
        else:
            around = {name: getattr(bulletin, name) for name in Around.__dataclass_fields__}
            texts = {block.key: block.text for block in blocks}
            super().__init__(formdata=None, data=around | texts | {"version": bulletin.version})
        self.kind = bulletin.kind
        for name in {*LOOSE, *_sections()} - PARTS[bulletin.kind] - set(SECTIONS[bulletin.kind]):
            del self[name]

    def validate_dated_on(self, field: Field) -> None:
        """A paper has a day."""
        if field.data is None and not field.errors:
            raise ValidationError(_l("请填写日期"))

    def validate_restore(self, field: Field) -> None:
        """Only a section of the kind can be restored."""
        if field.data and field.data not in SECTIONS[self.kind]:
            raise ValidationError(RELOAD)

    @property
    def around(self) -> Around:
        """What was typed around the sections."""
        typed: dict[str, Any] = {name: self[name].data for name in Around.__dataclass_fields__ if name in self}
        texts = {name: "" for name, value in typed.items() if value is None and name != "number"}
        return Around(**(typed | texts))

    def words(self, generated: Sequence[Block]) -> list[Block]:
        """The sections as they were typed; the one to be restored as it is generated."""
        return [
            Block(block.key, block.heading, block.generated, self._text(block.key, block.generated))
            for block in generated
        ]

    def _text(self, key: str, generated: str) -> str:
        return generated if self.restore.data == key else self[key].data or ""


class DropForm(VersionedForm):
    """A draft that goes."""


def _sections() -> set[str]:
    return {key for sections in SECTIONS.values() for key in sections}
