"""``python -m tests.corpus``: score the corpus and print its table; with names, what is wrong in those layouts."""

from __future__ import annotations

import argparse
import traceback

from tests.corpus.paper_maker import paper_of
from tests.corpus.real import FILES, document_path, read_real, score_real
from tests.corpus.score import Score, score
from tests.corpus.table import floors, lines_of, raised, write_floors
from tests.corpus.truth import Layout, layouts
from tracker.documents.plan_draft import DraftHead, PlanDraft
from tracker.documents.recognition.recogniser import recognise


def scores_of(part: str = "") -> tuple[list[Score], list[str]]:
    """The score of every document whose name holds a word, and the names of those that are not here."""
    found, absent = [], []
    for layout in layouts():
        for form in layout.forms:
            if part in (name := f"{layout.name} {form}"):
                found.append(_scored(layout, form, name))
    for file in FILES:
        if part not in f"real:{file}":
            continue
        if path := document_path(file):
            found.append(score_real(file, recognise(read_real(path))))
        else:
            absent.append(f"real:{file}")
    return found, absent


def _scored(layout: Layout, form: str, name: str) -> Score:
    """The score of one form; a reading that raises found nothing, and says why."""
    try:
        return score(layout, recognise(paper_of(layout, form)), name)
    except Exception:
        nothing = score(layout, PlanDraft(DraftHead()), name)
        nothing.faults.insert(0, f"RAISED {traceback.format_exc().splitlines()[-1]}")
        return nothing


def main() -> None:
    """Read the options and score."""
    parser = argparse.ArgumentParser(prog="tests.corpus", description="How well documents are understood.")
    parser.add_argument("part", nargs="?", default="", help="only documents whose name holds this")
    parser.add_argument("--faults", action="store_true", help="say what is wrong")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors to what is reached")
    options = parser.parse_args()
    scores, absent = scores_of(options.part)
    for each in scores if options.faults else ():
        print(f"\n{each.name}", *each.faults, sep="\n    ")
    print(*lines_of(scores, absent), sep="\n")
    if options.lift:
        write_floors(raised(floors(), scores))


if __name__ == "__main__":
    main()
