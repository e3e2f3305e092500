"""The capacity of planned schools beside the standard: classes, size, site, grounds, rooms, what a plan leaves out.

The bounds are those of the region's framework: G4 (size), G5 (classes), R4, R5 and R7 (教督〔2017〕6号, as it is
restated there). Nothing is found from a number that is missing, unless the finding is that it is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from tracker.rules.checkup import About, Amounts, Code, Figure, Finding, Rule, Severity, findings_by
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.proposals import PlannedBuilding, teaching_area_of
from tracker.rules.stages import COMPULSORY, Stage
from tracker.rules.standards import Standard
from tracker.rules.texts import same_words

M2_OF_MU = Decimal(2000) / 3
# A sports ground that takes more than one part in three of a site leaves little for all else.
LARGEST_PART = 3
NEW = "new"  # the category of what is built as a whole, so that its figures are all that the school will have
HUNDRED = Decimal(100)
TENTH = Decimal("0.1")
# What a title calls a building, and the word that its uses must then have.
TITLE_USES = {"宿舍楼": "宿舍", "综合楼": "综合", "教学楼": "教学", "食堂": "食堂"}


@dataclass(frozen=True)
class Limits:
    """The bounds that planned schools meet; what a framework does not ask has none.

    ``classes`` and the areas and rooms a student go by stage, ``schools`` by form ("single", "combined"). ``floor`` is
    the share of a bound below which a school unit fails.
    """

    classes: Mapping[Stage, Decimal] = field(default_factory=dict)
    schools: Mapping[str, Decimal] = field(default_factory=dict)
    teaching_m2: Mapping[Stage, Decimal] = field(default_factory=dict)
    sports_m2: Mapping[Stage, Decimal] = field(default_factory=dict)
    rooms_per_100: Mapping[Stage, Decimal] = field(default_factory=dict)
    floor: Decimal = Decimal(0)


@dataclass(frozen=True)
class Work:
    """A project with the bounds that it meets and its buildings by use."""

    project: ProjectFacts
    limits: Limits
    buildings: tuple[PlannedBuilding, ...] = ()

    @property
    def site_m2(self) -> Decimal | None:
        """Its land in m²."""
        return self.project.land_mu * M2_OF_MU if self.project.land_mu else None

    @property
    def schools(self) -> dict[str, list[PartFacts]]:
        """Its parts by school, in their order."""
        found: dict[str, list[PartFacts]] = {}
        for part in self.project.parts:
            found.setdefault(part.school, []).append(part)
        return found

    @property
    def is_new(self) -> bool:
        """Whether it builds schools as a whole."""
        return self.project.category == NEW

    def found(
        self, code: Code, severity: Severity, evidence: Mapping[str, Figure], mend: Mapping[str, Figure] | None = None,
        part: PartFacts | None = None,
    ) -> Finding:  # fmt: skip
        """A finding about this project, or about a school of it."""
        school, stage = (part.school, part.stage) if part else ("", None)
        return Finding(code, severity, (about(self.project),), school, stage, evidence, mend or {})


def about(project: ProjectFacts) -> About:
    """A project as a finding names it."""
    return About(project.key, project.title)


def limits_of(standard: Standard) -> Limits:
    """The bounds of a standard."""
    return Limits(
        classes=_by_stage(standard, "G5"),
        schools={form: bound for form in ("single", "combined") if (bound := _bound(standard, "G4", form))},
        teaching_m2=_by_stage(standard, "R4"),
        sports_m2=_by_stage(standard, "R5"),
        rooms_per_100=_by_stage(standard, "R7"),
        floor=standard.unit.floor,
    )


def capacity_findings(
    projects: Sequence[ProjectFacts],
    limits: Limits,
    buildings: Mapping[int, Sequence[PlannedBuilding]] | None = None,
) -> list[Finding]:
    """What the figures of some projects say against themselves and the standard; what is suspended is left out."""
    going = sorted((each for each in projects if not each.suspended), key=lambda each: each.id)
    works = [Work(each, limits, tuple((buildings or {}).get(each.id, ()))) for each in going]
    return findings_by([*(_of_each(rule) for rule in OF_PROJECT), *OF_PLAN], works)


def asked_of(parts: Iterable[PartFacts], bounds: Mapping[Stage, Decimal]) -> Decimal | None:
    """What a bound a student asks of all planned seats; None where a stage or its seats are not known."""
    total, count = Decimal(0), 0
    for part in parts:
        bound = bound_of(part.stage, bounds, min)
        if bound is None or part.seats is None:
            return None
        total, count = total + part.seats * bound, count + 1
    return total if count else None


def bound_of(
    stage: Stage | None, bounds: Mapping[Stage, Decimal], laxer: Callable[[Sequence[Decimal]], Decimal]
) -> Decimal | None:
    """The bound of a stage; of a school of both the laxer, which it breaks however its seats are shared out."""
    if stage is Stage.NINE_YEAR:
        both = [bounds[each] for each in COMPULSORY if each in bounds]
        return laxer(both) if len(both) == len(COMPULSORY) else None
    return bounds.get(stage) if stage else None


def up(value: Decimal) -> int:
    """The next whole number."""
    return int(value.to_integral_value(ROUND_CEILING))


# --- one project ---


def class_size(work: Work) -> Iterator[Finding]:
    """G5: planned seats a class above the limit of their stage; the mean, so that the largest class is no better."""
    for part in work.project.parts:
        limit = bound_of(part.stage, work.limits.classes, max)
        if limit is None or part.seats is None or not part.classes or part.seats <= limit * part.classes:
            continue
        # Rounded up, so that a mean just above the limit never reads as the limit.
        mean = (Decimal(part.seats) / part.classes).quantize(TENTH, ROUND_CEILING)
        yield work.found(
            Code.CLASS_SIZE,
            Severity.CONTRADICTION,
            {"seats": part.seats, "classes": part.classes, "mean": mean, "limit": limit},
            {"classes_needed": up(part.seats / limit), "seats_allowed": int(part.classes * limit)},
            part,
        )


def school_size(work: Work) -> Iterator[Finding]:
    """G4: planned seats of a school above the limit of its form."""
    for parts in work.schools.values():
        form = _form(parts)
        limit = work.limits.schools.get(form) if form else None
        counted = [part.seats for part in parts if part.stage is not Stage.SENIOR]
        seats = sum(each for each in counted if each is not None)
        if limit is None or seats <= limit:
            continue
        yield work.found(
            Code.SCHOOL_SIZE,
            Severity.CONTRADICTION,
            {"seats": seats, "limit": limit},
            {"seats_over": int(seats - limit), "schools_needed": up(seats / limit)},
            parts[0] if len(parts) == 1 else PartFacts(parts[0].school_id, parts[0].school),
        )


def shared_site(work: Work) -> Iterator[Finding]:
    """Several schools built on one site: what R5 asks for all of them there, so that no ground is counted twice."""
    schools = work.schools
    if not work.is_new or len(schools) < 2 or not (work.site_m2 or work.project.site):
        return
    each: Amounts = tuple(
        (school, asked)
        for school, parts in schools.items()
        if (asked := asked_of(parts, work.limits.sports_m2)) is not None
    )
    asked = sum((amount for _school, amount in each), Decimal(0)) if len(each) == len(schools) else None
    share = asked / work.site_m2 if asked is not None and work.site_m2 else None
    yield work.found(
        Code.SHARED_SITE,
        Severity.CONTRADICTION if share is not None and share > 1 else Severity.LOOK,
        {"schools": tuple(schools), "land_mu": work.project.land_mu, "site_m2": work.site_m2, "asked_m2": asked,
         "share": share},
        {"grounds": each},
    )  # fmt: skip


def sports_over_site(work: Work) -> Iterator[Finding]:
    """A planned sports ground larger than the site."""
    area, site = work.project.sports_area_m2, work.site_m2
    if area is not None and site is not None and area > site:
        yield work.found(
            Code.SPORTS_OVER_SITE,
            Severity.CONTRADICTION,
            {"sports_m2": area, "site_m2": site, "land_mu": work.project.land_mu},
            {"over_m2": area - site},
        )


def sports_short(work: Work) -> Iterator[Finding]:
    """R5: a planned sports ground of a new school below what its seats ask; elsewhere older grounds count as well."""
    area, asked = work.project.sports_area_m2, asked_of(work.project.parts, work.limits.sports_m2)
    if work.is_new and area is not None and asked is not None and area < asked:
        yield work.found(
            Code.SPORTS_SHORT,
            Severity.CONTRADICTION,
            {"sports_m2": area, "asked_m2": asked, "seats": work.project.seats},
            {"short_m2": asked - area},
        )


def sports_unstated(work: Work) -> Iterator[Finding]:
    """R5: no sports ground is stated, and what the seats will ask takes much of the site.

    Several schools on one site have a finding of their own.
    """
    asked, site = asked_of(work.project.parts, work.limits.sports_m2), work.site_m2
    if not work.is_new or work.project.sports_area_m2 is not None or asked is None or site is None:
        return
    if len(work.schools) == 1 and asked * LARGEST_PART > site:
        yield work.found(
            Code.SPORTS_UNSTATED,
            Severity.CONTRADICTION if asked > site else Severity.LOOK,
            {"asked_m2": asked, "seats": work.project.seats, "site_m2": site, "land_mu": work.project.land_mu,
             "share": asked / site},
            {"sports_m2": asked},
        )  # fmt: skip


def rooms(work: Work) -> Iterator[Finding]:
    """R7: one multimedia room a class is fewer than the seats ask."""
    for part in work.project.parts:
        bound = bound_of(part.stage, work.limits.rooms_per_100, min)
        if bound is None or not part.seats or not part.classes:
            continue
        needed = up(part.seats * bound / HUNDRED)
        if needed <= part.classes:
            continue
        fails = part.classes * HUNDRED < part.seats * bound * work.limits.floor
        yield work.found(
            Code.ROOMS,
            Severity.LOOK,
            {"seats": part.seats, "classes": part.classes, "bound": bound, "needed": needed, "fails": fails,
             "floor": work.limits.floor},
            {"rooms_to_add": needed - part.classes},
            part,
        )  # fmt: skip


def teaching_short(work: Work) -> Iterator[Finding]:
    """R4: the teaching area that a plan names for a new school is below what its seats ask."""
    area, asked = teaching_area_of(work.buildings), asked_of(work.project.parts, work.limits.teaching_m2)
    if work.is_new and area is not None and asked is not None and area < asked:
        yield work.found(
            Code.TEACHING_SHORT,
            Severity.CONTRADICTION,
            {"teaching_m2": area, "asked_m2": asked, "seats": work.project.seats},
            {"short_m2": asked - area},
        )


def buildings_over_floor(work: Work) -> Iterator[Finding]:
    """The areas by use are more than the whole floor area."""
    total = sum((each.area or Decimal(0) for each in work.buildings), Decimal(0))
    floor = work.project.floor_area_m2
    if floor is not None and total > floor:
        uses = tuple((each.use, each.area) for each in work.buildings if each.area is not None)
        yield work.found(
            Code.BUILDINGS_OVER_FLOOR,
            Severity.CONTRADICTION,
            {"total_m2": total, "floor_m2": floor, "uses": uses},
            {"over_m2": total - floor},
        )


def title_use(work: Work) -> Iterator[Finding]:
    """The title names a building of a use that its buildings do not have."""
    uses = [each.use for each in work.buildings]
    named = [word for word, use in TITLE_USES.items() if word in work.project.title and not any(use in u for u in uses)]
    if uses and named:
        yield work.found(Code.TITLE_USE, Severity.LOOK, {"named": tuple(named), "uses": tuple(uses)})


def without_money(work: Work) -> Iterator[Finding]:
    """Neither the plan nor the ledger says what it is to cost."""
    if work.project.planned_yuan is None:
        yield work.found(Code.WITHOUT_MONEY, Severity.LOOK, {})


def without_date(work: Work) -> Iterator[Finding]:
    """Neither a deadline nor a node says when it is to be ready; one that must be set anew has a light of its own."""
    project = work.project
    has_nodes = any(each.planned_on for each in project.nodes)
    is_dated = project.due_on or project.needs_redate or project.closed_on or has_nodes
    if not is_dated:
        yield work.found(Code.WITHOUT_DATE, Severity.LOOK, {"text": project.deadline_text or ""})


def without_seats(work: Work) -> Iterator[Finding]:
    """A new school of which nobody says how many seats it will have."""
    if work.is_new and work.project.seats is None:
        yield work.found(Code.WITHOUT_SEATS, Severity.LOOK, {"schools": tuple(work.schools)})


# --- all projects of a plan ---


def same_site(works: Sequence[Work]) -> Iterator[Finding]:
    """Projects of different schools in one plan whose sites read the same, however they are spaced and set."""
    places: dict[tuple[str, str, str], list[Work]] = defaultdict(list)
    for work in works:
        if work.project.site and work.project.parts:
            places[work.project.region, work.project.plan_title, same_words(work.project.site)].append(work)
    for found in places.values():
        if len({frozenset(each.schools) for each in found}) < 2:
            continue
        land: Amounts = tuple((each.project.title, each.project.land_mu) for each in found if each.project.land_mu)
        yield Finding(
            Code.SAME_SITE,
            Severity.LOOK,
            tuple(about(each.project) for each in found),
            evidence={"site": found[0].project.site or "", "land_mu": land},
            mend={"texts": tuple(each.project.title for each in found)},
        )


# A new rule is a line here, a code in ``rules/checkup.py``, words in ``views/check_words.py`` and a test.
OF_PROJECT: tuple[Rule[Work], ...] = (
    class_size,
    school_size,
    sports_over_site,
    sports_short,
    teaching_short,
    buildings_over_floor,
    shared_site,
    sports_unstated,
    rooms,
    title_use,
    without_money,
    without_date,
    without_seats,
)
OF_PLAN: tuple[Rule[Sequence[Work]], ...] = (same_site,)


def _of_each(rule: Rule[Work]) -> Callable[[Sequence[Work]], Iterable[Finding]]:
    return lambda works: (found for work in works for found in rule(work))


def _bound(standard: Standard, code: str, key: str) -> Decimal | None:
    condition = standard.conditions.get(code)
    return condition.bound(key) if condition else None


def _by_stage(standard: Standard, code: str) -> dict[Stage, Decimal]:
    return {stage: bound for stage in COMPULSORY if (bound := _bound(standard, code, stage))}


def _form(parts: Sequence[PartFacts]) -> str | None:
    """The form of a planned school, by which its size is limited; None where a stage is not known."""
    stages = {part.stage for part in parts}
    if None in stages:
        return None
    if Stage.NINE_YEAR in stages or stages >= set(COMPULSORY):
        return "combined"
    return "single" if stages & set(COMPULSORY) else None
