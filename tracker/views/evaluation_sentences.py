"""The sentences of the mock evaluation: the verdict on top, and what each missing number is called."""

from __future__ import annotations

from datetime import date

from tracker.rules.measures import Finding
from tracker.rules.self_evaluation import YEAR, MissingNumbers, Tally, tally_of
from tracker.rules.verdicts import Score, Verdict
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.views.indicator_words import figure_word
from tracker.views.words import day, number

CONCLUSIONS = {
    Finding.MET: _l("按现有数据，可以通过。"),
    Finding.TOLERATED: _l("按现有数据，可以通过。"),
    Finding.SHORT: _l("按现有数据，不能通过。"),
    Finding.UNKNOWN: _l("数据不全，还不能认定。"),
    Finding.NONE: _l("没有可评的内容。"),
}


def conclusion(verdict: Verdict, framework: str, on: date) -> str:
    """The sentence on top: as of which day, by which framework, what was found, and whether it passes."""
    said = [*_tallies(verdict), *([score_words(verdict.score)] if verdict.score else []), *_vetoes(verdict)]
    head = _("截至%(day)s，按“%(framework)s”自评：", day=day(on), framework=framework)
    return head + _("；").join(said) + _("。") + str(CONCLUSIONS[verdict.finding])


def _tallies(verdict: Verdict) -> list[str]:
    if verdict.score is None:
        return [tally_words(_("指标"), tally_of(verdict.items))]
    return [tally_words(_("A 类指标"), tally_of(verdict.items, "A"))]


def tally_words(name: str, tally: Tally) -> str:
    """A 类指标 27 项达标 12 项，未达标 5 项，未评 10 项."""
    said = _("%(name)s %(asked)d 项，达标 %(met)d 项", name=name, asked=tally.asked, met=tally.met)
    if tally.short:
        said += _("，未达标 %(count)d 项", count=tally.short)
    if tally.unknown:
        said += _("，未评 %(count)d 项", count=tally.unknown)
    return said + (_("，另有 %(count)d 项不适用", count=tally.none) if tally.none else "")


def score_words(score: Score) -> str:
    """The points of the B items: exactly, or at least and at most, and what is needed."""
    least, most, needed = number(score.least), number(score.most), number(score.needed)
    if score.least == score.most:
        return _("B 类得 %(points)s 分，需 %(needed)s 分", points=least, needed=needed)
    return _("B 类至少 %(least)s 分、至多 %(most)s 分，需 %(needed)s 分", least=least, most=most, needed=needed)


def _vetoes(verdict: Verdict) -> list[str]:
    there = sum(found is Finding.SHORT for _veto, found in verdict.vetoes)
    unknown = sum(found is Finding.UNKNOWN for _veto, found in verdict.vetoes)
    if not verdict.vetoes:
        return []
    if there:
        return [_("有 %(count)d 项一票否决事项", count=there)]
    if unknown:
        return [_("%(count)d 项一票否决事项未答", count=unknown)]
    return [_("没有一票否决事项")]


def missing_numbers(missing: MissingNumbers) -> str:
    """What a school has not entered, in words."""
    if YEAR in missing.codes:
        return _("本学年数据")
    return _("、").join(dict.fromkeys(figure_word(code) for code in missing.codes))
