"""A plan book that somebody sends: read beside the plan that it was exported from, or answered with its faults."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import astuple, dataclass
from hashlib import sha256
from io import BytesIO

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.imports import SaidPaper
from tracker.documents.plan_book import PlanBook, plan_code_in, read_plan_book
from tracker.documents.plan_book_sheets import MOST_MARKED
from tracker.models import Plan
from tracker.queries.plan_book import all_unit_names
from tracker.queries.plans import plan_by_code
from tracker.rules.permissions import is_within
from tracker.rules.plan_rows import CODE, FACTS, SAID, CellFault
from tracker.views.access import person
from tracker.views.carried import keep
from tracker.views.plan_book_words import fault_text

KIND = "plan-book"
MOST_SHOWN = 200


@dataclass(frozen=True)
class SaidBook:
    """A plan book without faults, for an import, with the plan to compare it with."""

    paper: SaidPaper
    against: Plan | None


class BookFaulty(Exception):
    """The file has faults: nothing of it is taken."""

    def __init__(self, book: PlanBook, content: bytes, name: str) -> None:
        super().__init__(f"{len(book.faults)} faults")
        self.book, self.content, self.name = book, content, name


def said_book(content: bytes, name: str, region: str, against: Plan | None) -> SaidBook:
    """What a plan book says; one that names a plan is compared with it. Raises BookFaulty, SheetRefused."""
    code = plan_code_in(BytesIO(content), name)
    plan = against or _plan_of(code)
    phases = [phase.number for phase in plan.phases] if plan else ()
    units = all_unit_names(plan.region_code if plan else region)
    book = read_plan_book(BytesIO(content), name, units, phases)
    if plan and code and code != plan.code:
        book.fault(FACTS, book.fact_rows[CODE], SAID, CellFault.OTHER_PLAN, code)
    if book.faults:
        raise BookFaulty(book, content, name)
    keyed = book.keyed and code is not None
    paper = SaidPaper(name, sha256(content).hexdigest(), book.paper, book.draft, keyed and plan is not None)
    return SaidBook(paper, plan)


def _plan_of(code: str | None) -> Plan | None:
    """The plan that a file was exported from, where the person sees it."""
    plan = plan_by_code(code) if code else None
    return plan if plan and is_within(plan.region_code, person().region) else None


def faults_page(faulty: BookFaulty) -> ResponseReturnValue:
    """400: every fault with its cell and mend, and the file with the faults marked in it."""
    said = [astuple(each) for each in faulty.book.faults[:MOST_MARKED]]
    word = keep(KIND, [faulty.name, b64encode(faulty.content).decode(), said])
    shown = [fault_text(each) for each in faulty.book.faults[:MOST_SHOWN]]
    page = render_template(
        "imports/book_faults.html",
        faults=shown,
        count=len(faulty.book.faults),
        most_shown=MOST_SHOWN,
        name=faulty.name,
        word=word,
        choosing_address=request.path,
    )
    return page, 400
