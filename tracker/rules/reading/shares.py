"""Who does what in a task, from the words of a bracket or a line: labels, or names with what they do after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.rules.reading.labels import Field, Labelled, labelled
from tracker.rules.reading.unit_lists import split_units
from tracker.rules.reading.unit_words import looks_like_unit
from tracker.rules.task_kinds import AssignmentRole

ROLES = {
    Field.LEAD: AssignmentRole.LEAD,
    Field.RESPONSIBLE: AssignmentRole.RESPONSIBLE,
    Field.COOPERATING: AssignmentRole.COOPERATING,
}
# What names do, after them: 县教育局牵头，县财政局按职责分工负责. The first that fits decides.
VERBS: tuple[tuple[AssignmentRole, str], ...] = (
    (AssignmentRole.LEAD, r"(?:共同|联合|总)?牵头(?:负责|实施|落实|组织)?|主办|为?主责"),
    (AssignmentRole.COOPERATING, r"(?:等)?(?:积极|协同|密切)?(?:配合|协助|参与|参加|协办|协同)(?:落实|实施|做好)?"),
    (
        AssignmentRole.RESPONSIBLE,
        r"(?:等)?(?:具体|共同|分别|各自)?(?:按照?|根据)?(?:各自|部门)?(?:职责|职能|分工)*(?:具体|共同|分别)?"
        r"(?:负责|落实|分工负责|组织实施|承办)(?:落实)?",
    ),
)
_VERB = "|".join(f"(?P<v{count}>{verb})" for count, (_role, verb) in enumerate(VERBS))
CLAUSE = re.compile(rf"^(?:由)?(?P<names>.{{2,300}}?)(?:{_VERB})$", re.DOTALL)
# A note by which the first of a list leads: 列第一位者为牵头单位，其他为配合单位，下同.
FIRST_LEADS = re.compile(
    r"(?:列|排|排名|排列)?(?:在)?(?:首位|第一位|第1位|第一|首)(?:的|者)?(?:单位|部门)?"
    r"[^，,；;。]{0,6}(?:为|是)[^，,；;。]{0,2}牵头"
)
OTHERS_COOPERATE = re.compile(r"(?:其他|其余|后面)[^，,；;。]{0,8}(?:为|是)[^，,；;。]{0,2}(?:配合|协办|参与)")
FROM_HERE_ON = re.compile(r"下同|以下|以上各项|以上任务|不再(?:一一)?(?:列出|标注|重复)")
OFFICIAL = re.compile(r"^[一-鿿·]{2,10}$")
DUE = re.compile(r"(?:\d{4}年|年底|年内|月底|前)[^，,；;]*$")


@dataclass(frozen=True)
class Share:
    """A unit with its part."""

    name: str
    role: AssignmentRole


@dataclass(frozen=True)
class Shares:
    """What a bracket or a line says: units, officials, deadlines in their words, labels that mean nothing here.

    ``sure`` is False where names stand alone, without a word that says what they do.
    """

    units: tuple[Share, ...] = ()
    officials: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    sure: bool = True

    def __bool__(self) -> bool:
        return bool(self.units or self.officials or self.deadlines)


@dataclass(frozen=True)
class Note:
    """How a document says its lists are to be read: whether the first of each leads, and what the others do."""

    first_leads: bool = False
    others: AssignmentRole = AssignmentRole.RESPONSIBLE


def note_in(text: str) -> Note | None:
    """The note in a text, if it has one."""
    if not FIRST_LEADS.search(text):
        return None
    cooperate = OTHERS_COOPERATE.search(text)
    return Note(True, AssignmentRole.COOPERATING if cooperate else AssignmentRole.RESPONSIBLE)


def without_note(text: str) -> str:
    """A text without the clauses of its note."""
    return "，".join(
        each
        for each in re.split("[，,；;。]", text)
        if not (FIRST_LEADS.search(each) or OTHERS_COOPERATE.search(each) or FROM_HERE_ON.search(each))
    )


def shares_in(text: str, note: Note | None = None) -> Shares:
    """Who does what and by when, as a bracket or a line says it; nothing where it speaks of something else."""
    text = without_note(text) if note_in(text) or FROM_HERE_ON.search(text) else text
    if said := labelled(text):
        return _of_labels(said, note)
    return _of_clauses(text, note)


def _of_labels(said: list[Labelled], note: Note | None) -> Shares:
    units: list[Share] = []
    officials: list[str] = []
    deadlines: list[str] = []
    for each in said:
        if role := ROLES.get(each.field):
            own = _after_label(each.text, role, note)
            units += own.units
            deadlines += own.deadlines
        elif each.field is Field.OFFICIAL:
            officials += split_units(each.text)
        elif each.field is Field.DEADLINE and each.text:
            deadlines.append(each.text)
    unknown = tuple(each.label for each in said if each.field is Field.OTHER)
    return Shares(_once(units), tuple(dict.fromkeys(officials)), tuple(deadlines), unknown)


def _after_label(text: str, role: AssignmentRole, note: Note | None) -> Shares:
    """The units after a label. A clause among them may say more: 责任单位：教育局牵头，财政局配合，6月底前完成."""
    if re.search(_VERB, text) and (own := _of_clauses(text, note)) and own.sure:
        return own
    said = split_units(text)
    names = [each for each in said if not DUE.search(each)]
    deadlines = tuple(each for each in said if DUE.search(each))
    return Shares(tuple(_first_leading(names, role, note)), deadlines=deadlines)


MARK = re.compile(r"[（(](?P<mark>牵头|主办|负责|配合|协办|参与)(?:单位|部门)?[）)]$")
MARKS = {"牵头": AssignmentRole.LEAD, "主办": AssignmentRole.LEAD, "负责": AssignmentRole.RESPONSIBLE}


def _marked(name: str, role: AssignmentRole) -> tuple[str, AssignmentRole]:
    """A name with its part in brackets behind it: 教育局（牵头）."""
    if found := MARK.search(name):
        return name[: found.start()].strip(), MARKS.get(found["mark"], AssignmentRole.COOPERATING)
    return name, role


def _of_clauses(text: str, note: Note | None) -> Shares:
    """县教育局牵头，县财政局、县人社局按职责分工负责; or names alone."""
    units: list[Share] = []
    waiting: list[str] = []
    deadlines: list[str] = []
    verbs = 0
    for clause in _clauses(text):
        found = CLAUSE.match(clause)
        if found:
            names = [*waiting, *split_units(found["names"])]
            waiting = []
            if not all(map(looks_like_unit, names)):
                return Shares()
            role = next(role for count, (role, _verb) in enumerate(VERBS) if found[f"v{count}"])
            units += _first_leading(names, role, note)
            verbs += 1
        elif DUE.search(clause) and not looks_like_unit(clause):
            deadlines.append(clause)
        else:
            waiting += split_units(clause)
    if waiting and not all(map(_is_plain_unit, waiting)):
        return Shares()
    units += _first_leading(waiting, AssignmentRole.RESPONSIBLE, note)
    return Shares(_once(units), deadlines=tuple(deadlines) if units else (), sure=verbs > 0) if units else Shares()


def _is_plain_unit(name: str) -> bool:
    return looks_like_unit(name) or bool(MARK.search(name))


def _first_leading(names: list[str], role: AssignmentRole, note: Note | None) -> Iterator[Share]:
    for place, name in enumerate(names):
        if role is AssignmentRole.RESPONSIBLE and note and note.first_leads and len(names) > 1:
            yield Share(name, note.others if place else AssignmentRole.LEAD)
        else:
            yield Share(*_marked(name, role))


def _clauses(text: str) -> list[str]:
    return [each.strip() for each in re.split("[，,；;。\n]", text) if each.strip()]


def _once(units: list[Share]) -> tuple[Share, ...]:
    return tuple(dict.fromkeys(each for each in units if each.name))
