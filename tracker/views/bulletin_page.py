"""The pages of bulletins: what they are loaded through, the draft with its paper beside it, a settled paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.bulletins import Around
from tracker.documents.plan_limits import longest
from tracker.forms.bulletins import LONGEST_ADDRESSEE, BulletinForm, WordsForm
from tracker.models import Bulletin, Issue, db
from tracker.queries.bulletin_papers import Basis, basis_of, blocks_now, numbers_of, paper_of, units_in
from tracker.queries.bulletins import bulletin_by_id, last_issues, last_of_kind, next_brief_number
from tracker.queries.issues import issue_numbered
from tracker.rules.bulletin_numbers import Agreement, Said
from tracker.rules.bulletin_words import first_addressee, first_issuer, first_title, lines_around
from tracker.rules.bulletins import Block, BulletinKind, BulletinState
from tracker.rules.permissions import Can, is_within, may
from tracker.views.access import person, refuse
from tracker.views.query import number_in
from tracker.views.words import word

MOST_ISSUES = 12
MOST_NUMBERS = 60  # named of each kind beside the paper; however many there are, all are compared
MOST_ROWS = 30  # of a table in the preview; the file has all


@dataclass(frozen=True)
class Draft:
    """A draft as it is shown: the form, and the sections as they stand in it."""

    form: WordsForm
    blocks: Sequence[Block]
    problem: str = ""
    status: int = 200


def load_bulletin(bulletin_id: int, can: Can) -> Bulletin:
    """A bulletin by its id. 404 outside the person's region, 403 where another office or nobody may do this."""
    found = bulletin_by_id(bulletin_id)
    if found is None or not is_within(found.region_code, person().region):
        abort(404)
    if can is Can.WRITE_BULLETINS and not is_own(found):
        refuse(can, str(found.id), found.region_code, kind="bulletin")
    return found


def is_own(thing: Bulletin | Issue) -> bool:
    """Whether the person is the office that issues this: only that of its own region writes about it."""
    return thing.region_code == person().region and may(person(), Can.WRITE_BULLETINS)


def issue_asked(asked: str | None) -> Issue:
    """An issue of the office's own region by its number, the newest without one; 404 where there is none."""
    region = person().region
    if not asked:
        found = next(iter(last_issues(region, 1)), None)
    else:
        number = number_in(asked)
        found = issue_numbered(region, number) if number is not None else None
    return found or abort(404)


def basis_for(bulletin: Bulletin) -> Basis:
    """What a bulletin stands on."""
    return basis_of(bulletin.issue, bulletin.plan_code, bulletin.unit_names)


def offer(form: BulletinForm, issue: Issue) -> None:
    """Let a form choose among the plans and units of an issue."""
    kinds = [(kind.value, word(kind)) for kind in (BulletinKind.SUPERVISION, BulletinKind.BRIEF, BulletinKind.WEEK)]
    form.offer(kinds, [(each["code"], each["title"]) for each in issue.plans], units_in(issue))


def first_words(kind: BulletinKind, basis: Basis, form: BulletinForm) -> Around:
    """What stands around the text of a new bulletin: as the last one of its kind had it, for the day of today."""
    region, last, plans = basis.told.region, last_of_kind(basis.issue.region_code, kind), basis.told.plans
    called = last.title if last and kind is BulletinKind.BRIEF else first_title(kind, region, plans.get(form.plan.data))
    today = clock.today()
    units = first_addressee(form.units.data or ())[:LONGEST_ADDRESSEE]
    return Around(
        title=called[: longest(Bulletin.title)],
        issuer=last.issuer if last else first_issuer(region),
        dated_on=today,
        addressee=units if kind is BulletinKind.SUPERVISION else "",
        number=next_brief_number(basis.issue.region_code, today.year) if kind is BulletinKind.BRIEF else None,
        reported_to=last.reported_to if last else "",
        sent_to=last.sent_to if last else "",
        issued_to=last.issued_to if last else "",
    )


def bulletin_page(bulletin: Bulletin, draft: Draft | None = None) -> ResponseReturnValue:
    """The paper, and for the office the form of a draft beside it."""
    basis = basis_for(bulletin)
    blocks = draft.blocks if draft else blocks_now(bulletin, basis)
    is_open = bulletin.state is BulletinState.DRAFT
    if draft is None and is_open and is_own(bulletin):
        draft = Draft(WordsForm(bulletin, blocks, sent=False), blocks)
    found = numbers_of(blocks, basis) if is_open else []
    unknown = [said for _block, said in found if said.agreement is Agreement.UNKNOWN]
    return render_template(
        "bulletins/bulletin.html",
        bulletin=bulletin,
        issue=bulletin.issue,
        paper=(paper := paper_of(bulletin, basis, blocks)),
        around=lines_around(paper),
        most_rows=MOST_ROWS,
        blocks={block.key: block for block in blocks},
        draft=draft,
        form=draft.form if draft else None,
        stored=stored_beside(bulletin, blocks) if draft and draft.status == 409 else {},
        differing=[each for each in found if each[1].agreement is Agreement.DIFFERS],
        unknown=by_sentence(unknown[:MOST_NUMBERS]),
        unknown_left=max(len(unknown) - MOST_NUMBERS, 0),
        most_numbers=MOST_NUMBERS,
        region=bulletin.region_code if bulletin.region_code != person().region else None,
    ), draft.status if draft else 200


def by_sentence(found: Sequence[Said]) -> list[tuple[str, list[str]]]:
    """The numbers that were not compared, under their sentences."""
    sentences: dict[str, list[str]] = {}
    for said in found:
        sentences.setdefault(said.sentence, []).append(said.number)
    return list(sentences.items())


def stored_beside(bulletin: Bulletin, blocks: Sequence[Block]) -> dict[str, str]:
    """What others have saved in the sections that were typed otherwise, by section."""
    kept = {each["key"]: each["text"] for each in bulletin.blocks}
    return {block.key: kept[block.key] for block in blocks if kept.get(block.key, block.text) != block.text}


def typed_page(
    bulletin_id: int, form: WordsForm, blocks: Sequence[Block], problem: str, status: int
) -> ResponseReturnValue:
    """The draft as others have left it, with everything typed still in its form."""
    db.session.rollback()
    bulletin = load_bulletin(bulletin_id, Can.WRITE_BULLETINS)
    if bulletin.state is BulletinState.SETTLED:
        return settled_meanwhile(bulletin, blocks)
    if status == 409:
        form.show_again(bulletin.version)
    return bulletin_page(bulletin, Draft(form, blocks, problem, status))


def settled_meanwhile(bulletin: Bulletin, blocks: Sequence[Block]) -> ResponseReturnValue:
    """409: the bulletin is settled; who did it and when, and what was typed, so that it can be copied."""
    typed = [(block.heading, block.text) for block in blocks if block.is_worded]
    return render_template("bulletins/settled.html", bulletin=bulletin, typed=typed), 409


def create_page(form: BulletinForm, issue: Issue, status: int = 200) -> ResponseReturnValue:
    """The form of a new bulletin about an issue, with the way to the last issues."""
    issues = last_issues(issue.region_code, MOST_ISSUES)
    return render_template("bulletins/create.html", form=form, issue=issue, issues=issues), status


def differing_words() -> str:
    """Why a bulletin is not settled."""
    return _("没有定稿：文中的数字与本期冻结的数据不一致，请按下面所列改正，或恢复系统生成的文字。")


def stale_words() -> str:
    """Why words were not kept."""
    return _("没有保存：另一人刚刚保存了这份草稿。您写的内容还在下面，请对照后再保存。")


def kind_asked() -> str:
    """The kind in the address, 督查通报 without one."""
    asked = request.args.get("kind", "")
    return asked if asked in set(BulletinKind) else BulletinKind.SUPERVISION.value
