"""Names that a form about a plan takes: known ones, and unknown ones that somebody confirms to be new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracker.models import Unit
from tracker.queries.plan_names import PlanNames
from tracker.rules.names import near_names
from tracker.translations import gettext as _
from tracker.translations import lazy as _l


def phase_choices(names: PlanNames) -> list[tuple[str, str]]:
    """The phases of a plan to choose from, and none."""
    phases = [(number, f"{number} {phase.title}") for number, phase in names.phases.items()]
    return [("", _l("不分阶段")), *phases]


def unknown(names: Iterable[str], known: Mapping[str, object]) -> list[str]:
    """The names that nothing known bears, each once."""
    return list(dict.fromkeys(name for name in names if name not in known))


def unit_faults(names: Sequence[str], units: Mapping[str, Unit], confirmed: Iterable[str]) -> Iterator[str]:
    """What is wrong with the units named: two names of one, one that acts no more, one unknown and not confirmed."""
    named = [units[name] for name in names if name in units]
    for unit in dict.fromkeys(named):
        if named.count(unit) > 1:
            yield _l("“%(name)s”写了两次", name=unit.name)
        if unit.disabled_at:
            yield _l("“%(name)s”已停用", name=unit.name)
    yield from (unknown_text(name, units) for name in unknown(names, units) if name not in set(confirmed))


def unknown_text(name: str, known: Iterable[str]) -> str:
    """What to say of a name that nothing bears: whom it may mean, or that it can be made."""
    near = _("、").join(near_names(name, known))
    if near:
        return _l("没有“%(name)s”，是不是：%(near)s。如确为新的，请在下面勾选新建。", name=name, near=near)
    return _l("没有“%(name)s”。如确为新的，请在下面勾选新建。", name=name)
