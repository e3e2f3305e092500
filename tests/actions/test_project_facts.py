"""The site of a project that the office corrects in the plan itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.actions.test_task_words import seed
from tests.factories import World, make_project
from tracker.actions.record import Actor
from tracker.actions.task_words import NO_NEW_NAMES, change_task
from tracker.documents.plan_shape import ProjectSeed
from tracker.models import PlanState, Project, ProjectCategory, TaskKind
from tracker.queries.accounts import person_of
from tracker.rules.projects import first_site_after

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)


def edited(world: World, project: Project, site: str | None, reason: str = "规划调整") -> Project:
    """The project after the office has put another site into its plan."""
    figures = ProjectSeed(
        category=ProjectCategory.NEW,
        site=site,
        town=None,
        land_mu=None,
        floor_area_m2=None,
        sports_area_m2=None,
        budget_yuan=None,
        schools=[],
        buildings=[],
    )
    said = seed(kind=TaskKind.PROJECT, deadline=project.task.deadline_text, project=figures)
    author = Actor(person_of(world.office))
    change_task(author, project.task, project.task.version, said, NO_NEW_NAMES, reason, NOW)
    return project


def test_a_plan_in_force_keeps_the_site_that_it_first_had(world: World) -> None:
    project = make_project(world.task, site="老车站")
    edited(world, project, "东门外", "征地困难")
    assert (project.site, project.first_site, project.site_reason) == ("东门外", "老车站", "征地困难")
    edited(world, project, "东门外", "改学位")
    assert (project.first_site, project.site_reason) == ("老车站", "征地困难")
    edited(world, project, "老车站")
    assert (project.site, project.first_site, project.site_reason) == ("老车站", None, None)


def test_a_site_that_is_given_up_is_still_known(world: World) -> None:
    project = edited(world, make_project(world.task, site="老车站"), None)
    assert (project.site, project.first_site) == (None, "老车站")


def test_a_draft_says_what_it_says(world: World) -> None:
    world.plan.state = PlanState.DRAFT
    project = edited(world, make_project(world.task, site="老车站"), "东门外")
    assert (project.site, project.first_site, project.site_reason) == ("东门外", None, None)


@pytest.mark.parametrize(
    ("first", "old", "new", "kept"),
    [
        (None, ("甲", None), ("乙", None), "甲"),
        ("甲", ("乙", None), ("丙", None), "甲"),
        ("甲", ("乙", None), ("甲", None), None),
        (None, (None, None), ("乙", "城关镇"), None),
        (None, ("甲", None), ("甲", None), None),
        (None, ("甲", None), (None, None), "甲"),
        (None, (None, None), (None, None), None),
        (None, ("甲", "城关镇"), ("乙", "长冈乡"), "甲（城关镇）"),
        (None, ("甲", "城关镇"), ("甲", "长冈乡"), "甲（城关镇）"),
        ("甲（城关镇）", ("乙", "长冈乡"), ("甲", "长冈乡"), "甲（城关镇）"),
        ("甲（城关镇）", ("乙", "长冈乡"), ("甲", "城关镇"), None),
    ],
)
def test_the_first_site_is_kept_until_site_and_town_are_the_same_again(
    first: str | None, old: tuple[str | None, str | None], new: tuple[str | None, str | None], kept: str | None
) -> None:
    assert first_site_after(first, old, new) == kept
