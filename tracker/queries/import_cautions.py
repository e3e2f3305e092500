"""What to think of before a new plan is made of a document: that it stands already, or is another county's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from tracker.models import Plan, PlanImport, Region, db
from tracker.rules.reading.document_heads import region_of

COUNTY = re.compile(r"(?:县|旗)$")  # a name that no wider region bears


class CautionKind(StrEnum):
    """Why the office should look again; nothing of it hinders."""

    STANDS_ALREADY = "stands_already"
    OTHER_PLACE = "other_place"


@dataclass(frozen=True)
class Caution:
    """What to think of, with the plan or the place that it is about."""

    kind: CautionKind
    words: str
    plan: Plan | None = None


def cautions_of(batch: PlanImport) -> list[Caution]:
    """What to think of before an import becomes a new plan; nothing for the re-issue of one that stands."""
    return [] if batch.against else [*_standing(batch), *_elsewhere(batch)]


def _standing(batch: PlanImport) -> list[Caution]:
    """Plans of the region with the document's number, or its title where it has none."""
    number, title = batch.head.get("document_number"), batch.head.get("title")
    same = Plan.document_number == number if number else Plan.title == title
    query = sa.select(Plan).where(Plan.region_code == batch.region_code, same).order_by(Plan.id)
    return [Caution(CautionKind.STANDS_ALREADY, plan.title, plan) for plan in db.session.scalars(query)]


def _elsewhere(batch: PlanImport) -> list[Caution]:
    """The place that the title or the issuer names, where it is neither the region nor one around or within it."""
    named = region_of(batch.head.get("title") or "") or region_of(batch.head.get("issuer") or "")
    if not named:
        return []
    own = batch.region_code
    known = db.session.scalars(sa.select(Region.code).where(Region.name == named)).all()
    if any(own.startswith(code) or code.startswith(own) for code in known):
        return []
    return [Caution(CautionKind.OTHER_PLACE, named)] if known or COUNTY.search(named) else []
