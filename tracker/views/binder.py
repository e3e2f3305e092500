"""迎检材料: what the evidence of a framework would hold, and one archive of it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Blueprint, abort, current_app, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker import clock
from tracker.actions.binder import note_binder
from tracker.actions.evidence import evidence_path
from tracker.documents.binder import MOST_BYTES, MOST_FILES, Filled, is_too_large, write_binder
from tracker.documents.binder_index import Cover, papers, size_words
from tracker.forms.binder import BinderForm
from tracker.models import db
from tracker.queries.binder import Binder, binder_of
from tracker.queries.reach import Reach
from tracker.rules.file_names import safe_file_name
from tracker.rules.permissions import Can, Scope, may
from tracker.translations import offer_filters
from tracker.views.access import actor, needs, person, refuse, settings
from tracker.views.counties import choose_county
from tracker.views.framework_choice import Choice, asked_choice

place = Blueprint("binder", __name__)

ZIP = "application/zip"
SPARE_BYTES = 64 * 1024**2  # what the folder of the data must keep free beside the archive
GIGABYTE = 1024**3


@place.get("/evidence-binder")
@needs(Can.EXPORT)
def binder() -> ResponseReturnValue:
    """What the binder would hold by item, and what has no evidence."""
    choice = asked_choice()
    return to_choose(choice) if isinstance(choice, Reach) else page(choice, gathered(choice))


@place.post("/evidence-binder")
@needs(Can.EXPORT)
def export() -> ResponseReturnValue:
    """The archive, built beside the data and not in memory; that it was taken away is an event."""
    choice = asked_choice()
    if isinstance(choice, Reach) or not BinderForm().is_sent():
        raise BadRequest
    asked = group_of(gathered(choice))
    if is_too_large(asked):
        return page(choice, asked, _("材料超出一次下载的限度，请按类下载。"), 413)
    if shutil.disk_usage(settings().var_dir).free < asked.size + SPARE_BYTES:
        return no_room(choice)
    region, code, name = choice.region.code, choice.framework.code, choice.region.name
    cover = Cover(name, titled(asked), person().name, clock.now(), clock.today())
    # While an archive of thousands of files is written, nobody waits for the database.
    db.session.rollback()
    try:
        archive, filled = built(asked, cover)
    except OSError:
        current_app.logger.exception("The archive of evidence could not be written.")
        return no_room(choice)
    note_binder(actor(), region, code, asked.group, len(filled.entries), len(filled.amiss), clock.now())
    db.session.commit()
    file_name = safe_file_name(f"{_('%(region)s迎检材料', region=name)}{asked.group or ''}{clock.today():%Y%m%d}.zip")
    return send_file(archive, mimetype=ZIP, as_attachment=True, download_name=file_name, max_age=0)


def gathered(choice: Choice) -> Binder:
    """The whole binder of a choice; 403 for those who may take nothing of the whole county away."""
    region = choice.region.code
    if not may(person(), Can.EXPORT, Scope(region)):
        refuse(Can.EXPORT, region, region, kind="binder")
    return binder_of(person(), choice.framework, choice.standard, region, _("一票否决"))


def group_of(whole: Binder) -> Binder:
    """The part of the group that the address names; 404 where the framework has none of that name."""
    group = request.args.get("group") or None
    if group is not None and group not in {name for name, _items in whole.groups}:
        abort(404)
    return whole.only(group)


def built(asked: Binder, cover: Cover) -> tuple[IO[bytes], Filled]:
    """The archive in a file that ends with the answer. Raises OSError where the disk is full; nothing stays then."""
    archive = TemporaryFile(dir=settings().var_dir)  # noqa: SIM115 -- the answer closes it
    folder = settings().evidence_dir
    try:
        filled = write_binder(
            archive, asked, lambda digest: evidence_path(folder, digest), lambda made: papers(cover, made), cover.at
        )
        archive.seek(0)
    except BaseException:
        drop(archive)
        raise
    return archive, filled


def drop(archive: IO[bytes]) -> None:
    """Give the room of a half-written archive back at once; what is not yet written may find none even now."""
    with suppress(OSError):
        archive.close()


def no_room(choice: Choice) -> ResponseReturnValue:
    """503: the disk is too full for an archive."""
    return page(choice, gathered(choice), _("服务器磁盘空间不足，无法打包。请联系系统管理员清理后重试。"), 503)


def titled(asked: Binder) -> str:
    """The framework, with the group where only one is taken."""
    return f"{asked.framework} {asked.group}" if asked.group else asked.framework


def page(choice: Choice, whole: Binder, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """The page before the archive."""
    asked = group_of(whole)
    return render_template(
        "binder/binder.html",
        choice=choice,
        whole=whole,
        asked=asked,
        too_large=is_too_large(asked),
        too_large_groups={name for name, _items in whole.groups if is_too_large(whole.only(name))},
        most_files=MOST_FILES,
        most_gigabytes=MOST_BYTES // GIGABYTE,
        address=lambda **changes: url_for("binder.binder", **choice.address(**changes)),
        form=BinderForm(),
        problem=problem,
    ), status


def to_choose(reach: Reach) -> ResponseReturnValue:
    """Above a county: which one is meant."""
    return choose_county(reach, _("迎检材料"), "binder.binder")


@place.record_once
def offer_words(state: Any) -> None:
    """Offer sizes of files to every template."""
    offer_filters(state.app, file_size=size_words)
