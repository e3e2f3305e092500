"""The kinds of units."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    DEPARTMENT = "department"
    TOWNSHIP = "township"
    SCHOOL = "school"
    COMPANY = "company"
    OFFICE = "office"
    GROUP = "group"
    COLLECTIVE = "collective"
