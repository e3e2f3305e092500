"""Regions to choose from, and what must lie in the one that was chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wtforms import ValidationError

from tracker.models import Region, Unit
from tracker.translations import gettext as _
from tracker.translations import lazy as _l


def region_choices(regions: Sequence[Region]) -> list[tuple[str, str]]:
    """Each region with its code beside its name, for names come twice."""
    return [(region.code, region.name + _("（%(remark)s）", remark=region.code)) for region in regions]


def refuse_elsewhere(chosen: Collection[int] | None, offered: Sequence[Unit], region: str) -> None:
    """Refuse ticked units of another region, instead of forgetting them silently. Raises ValidationError."""
    names = [unit.name for unit in offered if unit.id in (chosen or ()) and unit.region_code != region]
    if names:
        raise ValidationError(_l("“%(name)s”不在所选地区，请取消勾选或改选地区", name=names[0]))
