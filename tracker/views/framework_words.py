"""A framework in words: what each condition measures and wants, how the whole is judged, and what is not as the
national standard has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tracker.rules.framework_differences import ConditionDifference, Facet, Term, TermDifference
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Sense, Standard, Weighting
from tracker.translations import gettext as _
from tracker.translations import lazy as _l
from tracker.views.condition_words import bound_words, bounds_words, figure_name, is_percentage
from tracker.views.words import day, number, word

TERMS = {
    Term.NEEDED: _l("学校单元至少达标项数"),
    Term.FLOOR: _l("其余各项的下限"),
    Term.LEAST_STUDENTS: _l("教学点计入的最少学生数"),
    Term.WEIGHTING: _l("差异系数的权重"),
    Term.WEIGHTS: _l("完全中学和一贯制学校的分摊权重"),
    Term.PASS_POINTS: _l("B 类通过分数"),
}
WEIGHTINGS = {Weighting.STUDENTS: _l("按学生数加权"), Weighting.NONE: _l("各校同权")}
SENSES = {Sense.AT_LEAST: _l("不低于"), Sense.AT_MOST: _l("不超过"), Sense.BELOW: _l("低于")}
FACETS = {
    Facet.MEASURE: _l("算法不同"),
    Facet.BOUND: _l("标准值不同"),
    Facet.SPREAD: _l("差异系数上限不同"),
    Facet.RELAXATION: _l("放宽规定不同"),
    Facet.ADDED: _l("国家标准没有这一要求"),
    Facet.LEFT_OUT: _l("没有国家标准的这一要求"),
}
HUNDRED = Decimal(100)


def measure_words(condition: Condition, standard: Standard) -> str:
    """What a condition measures: 教师培训经费 ÷ 年度公用经费."""
    if condition.asks:
        return figure_name(condition.asks, standard)
    above = _sum(condition.plus, condition.minus, standard)
    if not condition.per or condition.each is not None:
        return above
    below = _sum(condition.per, condition.per_minus, standard)
    if condition.factor == HUNDRED and not is_percentage(condition):
        return _("%(above)s ÷ %(below)s × 100", above=above, below=below)
    return _("%(above)s ÷ %(below)s", above=above, below=below)


def _sum(plus: Iterable[str], minus: Iterable[str], standard: Standard) -> str:
    said = " + ".join(figure_name(code, standard) for code in plus)
    taken = "".join(f" − {figure_name(code, standard)}" for code in minus)
    return f"（{said}{taken}）" if taken or " + " in said else said


def wanted_words(condition: Condition) -> str:
    """The bounds of a condition: 小学 不低于 4.2，初中 不低于 5.3."""
    if condition.asks:
        return _("是")
    return bound_words(condition, None) if condition.each is not None else bounds_words(condition)


def spread_words(condition: Condition) -> str:
    """The limits of the coefficient by stage, empty without."""
    said = [f"{word(stage)} {number(limit)}" for stage, limit in _by_stage(condition.spread)]
    return _("，").join(said)


def _by_stage(values: Mapping[str, Decimal]) -> list[tuple[Stage, Decimal]]:
    return [(stage, values[stage]) for stage in Stage if stage in values]


def relaxation_words(condition: Condition) -> str:
    """How a bound is stretched: for which schools, to which share, and whether that is switched on; empty without."""
    found = condition.relaxation
    if found is None:
        return ""
    said = [_("%(day)s前建校的", day=day(found.opened_before))] if found.opened_before else []
    said += [_("学生没有增加的")] if found.while_shrinking else []
    whose = _("、").join(said) or _("所有学校")
    words = _("%(whose)s可放宽到 %(share)s%%", whose=whose, share=number(found.share * HUNDRED))
    return words + (_("（已启用）") if found.on else _("（未启用）"))


def requirement(condition: Condition, standard: Standard) -> str:
    """The whole of a condition in one line."""
    said = f"{measure_words(condition, standard)} {wanted_words(condition)}".strip()
    if spread := spread_words(condition):
        said += _("；差异系数不超过：%(limits)s", limits=spread)
    return said


def difference_words(each: ConditionDifference, own: Standard, national: Standard) -> tuple[str, str]:
    """What a framework asks and what the national standard does, as far as the two differ."""
    return _side(each.facet, each.own, own), _side(each.facet, each.national, national)


def _side(facet: Facet, condition: Condition | None, standard: Standard) -> str:
    if condition is None:
        return _("不要求")
    match facet:
        case Facet.SPREAD:
            return spread_words(condition) or _("不限")
        case Facet.RELAXATION:
            return relaxation_words(condition) or _("不放宽")
        case Facet.BOUND:
            return wanted_words(condition)
        case _:
            return f"{measure_words(condition, standard)} {wanted_words(condition)}".strip()


def term_words(term: Term, value: object) -> str:
    """The value of a term."""
    if term is Term.WEIGHTING and isinstance(value, Weighting):
        return str(WEIGHTINGS[value])
    if term is Term.FLOOR and isinstance(value, Decimal):
        return f"{number(value * HUNDRED)}%"
    if isinstance(value, dict):
        named = {"kindergarten": _("附设幼儿班")} | {stage.value: word(stage) for stage in Stage}
        return _("，").join(f"{named.get(key, key)} {number(weight)}" for key, weight in value.items()) or _("不分摊")
    return number(value) if isinstance(value, Decimal | int) else _("不计分")


def term_rows(each: Iterable[TermDifference]) -> list[tuple[str, str, str]]:
    """(term, own, national) of the terms that differ."""
    return [(str(TERMS[one.term]), term_words(one.term, one.own), term_words(one.term, one.national)) for one in each]


def judging(standard: Standard) -> list[str]:
    """How school units and the whole are judged, sentence by sentence."""
    unit, said = standard.unit, []
    if unit.conditions:
        said.append(
            _(
                "每个学校单元 %(all)d 项中至少 %(needed)d 项达标，其余不低于标准的 %(floor)s%%，方为合格；"
                "不足 %(least)d 名学生的教学点不计。",
                all=len(unit.conditions),
                needed=unit.needed,
                floor=number(unit.floor * HUNDRED),
                least=unit.least_students,
            )
        )
    if any(each.spread for each in standard.conditions.values()):
        said.append(_("校际差异系数%(weighting)s。", weighting=WEIGHTINGS[standard.weighting]))
    if any(each.divided for each in standard.conditions.values()):
        said.append(
            _(
                "一贯制学校的共用场地设施按学生数分摊，权重：%(weights)s。",
                weights=term_words(Term.WEIGHTS, dict(standard.weights)),
            )
        )
    if standard.pass_points is not None:
        said.append(
            _(
                "A 类各项须全部达标，B 类得分不低于 %(points)s 分，且没有一票否决事项。",
                points=number(standard.pass_points),
            )
        )
    else:
        said.append(_("各项须全部达标。"))
    return said
