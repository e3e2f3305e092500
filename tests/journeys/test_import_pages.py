"""The pages of an import in a real browser: accessible, and within a desk's and a narrow phone's width."""

from __future__ import annotations

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask

from tests.drafts import draft_of, draft_task, said_paper
from tests.factories import COUNTY, make_account, make_plan, make_task, make_unit
from tests.journeys.conftest import DESK, Opener
from tests.journeys.test_long_names import LONG_TITLE, LONG_UNIT, NARROW, UNBROKEN, overflowing
from tracker import clock
from tracker.actions.adoption import adopt
from tracker.actions.imports import SaidName, open_import, say_names
from tracker.actions.record import NOBODY
from tracker.documents.plan_draft import PlanDraft
from tracker.documents.plan_shape import PhaseSeed
from tracker.models import Plan, PlanImport, db
from tracker.queries.import_rows import outline_of, whole_version
from tracker.queries.imports import names_of
from tracker.rules.permissions import Role
from tracker.rules.unit_kinds import UnitKind

PARTS = ("", "?only=doubts", "/units", "/deadlines", "/issues", "/adopt", "/paper", "/head")
LISTS = ("/imports", "/imports/new")


def long_draft() -> PlanDraft:
    """A document of long titles, long names of units and words without a break."""
    tasks = (
        draft_task("m-01", LONG_TITLE[:200], LONG_UNIT, "住建局", number="1", deadline="2024年9月", sentence=UNBROKEN),
        draft_task("m-02", UNBROKEN, LONG_UNIT * 2, number="一" * 40, deadline="时" * 120, requirement=UNBROKEN),
        draft_task("m-03", "建设食堂", "住建局", number="3", deadline=UNBROKEN, other_deadlines=("2027年", UNBROKEN)),
    )
    phases = (PhaseSeed("一", LONG_TITLE[:200], None, date(2026, 1, 1), date(2026, 6, 30)),)
    return draft_of(*tasks, head={"title": LONG_TITLE[:200], "issuer": UNBROKEN}, phases=phases)


def stored(against: Plan | None = None) -> int:
    """An open import, and the number of it."""
    return open_import(NOBODY, COUNTY, said_paper(long_draft()), against, clock.now()).id


def finished() -> int:
    """An import that was adopted."""
    batch = open_import(NOBODY, COUNTY, said_paper(long_draft()), None, clock.now())
    fresh = [SaidName(line.row, None, UnitKind.DEPARTMENT, f"新{count}") for count, line in enumerate(names_of(batch))]
    say_names(NOBODY, batch, fresh, clock.now())
    adopt(NOBODY, batch, whole_version(batch), clock.now())
    return batch.id


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("size", [NARROW, DESK])
def test_import_pages_are_accessible_and_fit(
    county: Flask, open_as: Opener, size: tuple[int, int], language: str
) -> None:
    plan = make_plan("long", title=LONG_TITLE[:200])
    make_task(plan, responsible=[make_unit(LONG_UNIT)], title=LONG_TITLE[:200], number="1", requirement=UNBROKEN)
    make_task(plan, title=UNBROKEN, number="9", section=["别的"])
    new, again, done = stored(), stored(plan), finished()
    row = outline_of(db.session.get_one(PlanImport, new))[0].id
    office = make_account(Role.PLAN_OFFICE).id
    db.session.commit()
    page = open_as(office, size, language)
    paths = [f"/imports/{new}{part}" for part in (*PARTS, f"?edit={row}", f"?split={row}", "?add=1")]
    for path in (*paths, f"/imports/{again}/changes", f"/imports/{again}/adopt", f"/imports/{done}/adopt", *LISTS):
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        assert overflowing(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        serious = [
            f"{each['id']}: {each['nodes'][0]['html'][:200]}"
            for each in Axe().run(page).response["violations"]
            if each["impact"] in {"serious", "critical"}
        ]
        assert not serious, f"{path} at {size[0]}: {serious}"
