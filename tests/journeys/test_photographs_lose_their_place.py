"""A large photograph that tells its place is made small and loses it before it leaves the browser.

Without scripts the plain form sends the file as it is.
"""

from __future__ import annotations

import base64

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from tests.factories import make_account
from tests.journeys.conftest import PHONE, Opener
from tests.pictures import GPS, exif, segment
from tracker.actions.demonstration_photos import drawn_site
from tracker.actions.evidence import evidence_path
from tracker.models import Project, ProjectPhoto, Task, db
from tracker.models.base import settings
from tracker.rules.permissions import Role

DRAWN = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 3200; canvas.height = 2400;
  canvas.getContext("2d").fillRect(0, 0, 1600, 2400);
  return canvas.toDataURL("image/jpeg").split(",")[1];
}"""


def photograph(page: Page) -> bytes:
    """A JPEG as a phone takes it: large, and with the place in its Exif."""
    drawn = base64.b64decode(page.evaluate(DRAWN))
    return drawn[:2] + segment(0xE1, b"Exif\x00\x00" + exif(GPS)) + drawn[2:]


def a_project() -> tuple[int, str]:
    """The account of the office and the key of a project."""
    office = make_account(Role.PLAN_OFFICE).id
    key = db.session.scalars(sa.select(Task.key).join(Project, Project.task_id == Task.id).limit(1)).one()
    db.session.commit()
    return office, key


def test_a_photograph_leaves_the_phone_small_and_without_its_place(county: Flask, open_as: Opener) -> None:
    office, key = a_project()
    page = open_as(office, PHONE)
    page.goto(f"/projects/{key}")
    page.get_by_text("上传照片", exact=True).click()
    large = photograph(page)
    page.locator("[data-photos] input[type=file]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": large}
    )
    page.get_by_text("已缩小并去除拍摄地点：1 张").wait_for()
    assert page.locator("[data-previews] canvas").evaluate_all("all => all.map((each) => each.width)") == [192]
    page.get_by_role("button", name="保存照片").click()
    page.locator("#photos img").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    found = db.session.scalars(sa.select(ProjectPhoto)).one()
    content = evidence_path(settings().evidence_dir, found.sha256).read_bytes()
    assert (found.width, found.height) == (1600, 1200)
    assert b"Exif" not in content
    assert len(content) < len(large)


def test_without_scripts_the_plain_form_sends_the_file_as_it_is(county: Flask, open_as: Opener) -> None:
    office, key = a_project()
    page = open_as(office, scripts=False)
    page.goto(f"/projects/{key}")
    page.get_by_text("上传照片", exact=True).click()
    drawn = drawn_site(5)
    page.locator("[data-photos] input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": drawn}
    )
    page.get_by_role("button", name="保存照片").click()
    page.locator("#photos img").wait_for()
    found = db.session.scalars(sa.select(ProjectPhoto)).one()
    assert (found.media_type, found.width) == ("image/png", 640)
    assert evidence_path(settings().evidence_dir, found.sha256).read_bytes() == drawn
