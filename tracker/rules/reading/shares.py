"""Who does what in a task, from the words of a bracket or a line: labels, or names with what they do after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.rules.reading.deadline_spots import spots_in
from tracker.rules.reading.labels import Field, Labelled, labelled
from tracker.rules.reading.people import parted, people_of, without_people
from tracker.rules.reading.role_marks import has_mark, marked
from tracker.rules.reading.unit_lists import speaks_of_departments, split_units
from tracker.rules.reading.unit_words import SHORT, is_surely_unit, looks_like_unit, may_be_unit
from tracker.rules.task_kinds import AssignmentRole

ROLES = {
    Field.LEAD: AssignmentRole.LEAD,
    Field.RESPONSIBLE: AssignmentRole.RESPONSIBLE,
    Field.COOPERATING: AssignmentRole.COOPERATING,
}
# What names do, after them: 县教育局牵头，县财政局按职责分工负责. The first that fits decides.
_BY = (
    r"(?:等)?(?:具体|共同|分别|各自)?(?:(?:按照?|根据|依据?|结合|依职责|在)(?:各自|部门|工作|本)*)?"
    r"(?:职责|职能(?!部门|单位)|职权|分工|任务)*(?:范围内?)?"
)
VERBS: tuple[tuple[AssignmentRole, str], ...] = (
    (
        AssignmentRole.LEAD,
        r"(?:共同|联合|总|负责)?牵头(?:负责|实施|落实|组织|推进|抓总|抓落实|办理|承办|开展|完成|做好)*|主办|为?主责",
    ),
    (
        AssignmentRole.COOPERATING,
        rf"{_BY}(?:积极|协同|密切|共同|做好|予以)?"
        r"(?:配合|协助|参与|协办|协同|参加)(?:落实|实施|做好|推进|工作)*",
    ),
    (
        AssignmentRole.RESPONSIBLE,
        rf"{_BY}(?:具体|共同|分别|分头|协同|属地|各负其责)?"
        r"(?:为责任(?:单位|部门|主体)|负总责|负责|抓好|抓|落实|推进|分工负责|组织|实施|承办|承担|办理|完成|开展|协作)+",
    ),
)
_VERB = "|".join(f"(?P<v{count}>{verb})" for count, (_role, verb) in enumerate(VERBS))
CLAUSE = re.compile(rf"^(?:由|其中|会同|联合|及|和)?(?P<names>.{{2,300}}?)(?:{_VERB})$", re.DOTALL)
# A牵头、B配合 and A牵头会同B落实 are two clauses each, whatever sign stands between, or none.
NEXT_CLAUSE = re.compile(
    r"(?P<verb>(?:牵头|主办)(?:负责|实施|落实|组织|推进)*|配合|协办|负责)(?:[、 　]+|(?=会同|联合|由))(?!$)"
)
ALONG = re.compile(r"^(?:会同|联合|商)")
# A note by which the first of a list leads: 列第一位者为牵头单位，其他为配合单位，下同.
FIRST_LEADS = re.compile(
    r"(?:列|排|排名|排列)?(?:在)?(?:首位|第一位|第1位|第一|首)(?:的|者)?(?:单位|部门)?"
    r"[^，,；;。]{0,6}(?:为|是)[^，,；;。]{0,2}牵头"
)
OTHERS_COOPERATE = re.compile(r"(?:其他|其余|后面)[^，,；;。]{0,8}(?:为|是)[^，,；;。]{0,2}(?:配合|协办|参与)")
ALL_ABOVE = re.compile(r"以上|上述|前述|本方案|各项|每项|所列|文中|表中")
FROM_HERE_ON = re.compile(r"下同|以下|以上各项|以上任务|不再(?:一一)?(?:列出|标注|重复)")
OFFICIAL = re.compile(r"^[一-鿿·]{2,10}$")
# What stands among names and is a deadline: 2024年6月底前完成, 长期坚持, 持续推进.
DUE = re.compile(
    r"^(?:于|在|到|至|力争|确保|力争于|争取)?(?:\d{4}\s*年|\d{1,2}\s*月|今年|明年|本年|年底|年内|年末|每年|每学期|每月|每季度|逐年)"
    r"|(?:\d年|\d月|年底|月底|日|季度|半年|学期)(?:之|以)?[前内](?:完成|建成|到位|落实)?$"
    r"|^(?:长期|常态化?|持续|全年|立即|立行立改|即知即改|适时|随时|日常|印发)(?:坚持|推进|实施|落实|开展|整改|进行|执行|有效|之日|后|起|任务|工作|性)*\S{0,8}$"
)
BRACKETED = re.compile(r"[（(][^（）()]{4,60}[）)]")
IN_BRACKETS = re.compile(r"[（(](?P<words>[^（）()]{2,40})[）)]$")
TURNED = re.compile(r"(?P<label>(?:牵头|责任|配合|主办|协办|参与|承办)(?:单位|部门))(?:为|是)(?![^，,；;。]{0,2}$)")


@dataclass(frozen=True)
class Share:
    """A unit with its part."""

    name: str
    role: AssignmentRole


@dataclass(frozen=True)
class Shares:
    """What a bracket or a line says: units, officials, deadlines in their words.

    ``sure`` is False where names stand alone, without a word that says what they do.
    """

    units: tuple[Share, ...] = ()
    officials: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    sure: bool = True

    def __bool__(self) -> bool:
        return bool(self.units or self.officials or self.deadlines)


@dataclass(frozen=True)
class Note:
    """How a document says its lists are to be read: whether the first of each leads, and what the others do."""

    first_leads: bool = False
    all_above: bool = False
    others: AssignmentRole = AssignmentRole.RESPONSIBLE


def note_in(text: str) -> Note | None:
    """The note in a text, if it has one."""
    if not FIRST_LEADS.search(text):
        return None
    cooperate = OTHERS_COOPERATE.search(text)
    others = AssignmentRole.COOPERATING if cooperate else AssignmentRole.RESPONSIBLE
    return Note(True, bool(ALL_ABOVE.search(text)), others)


def without_note(text: str) -> str:
    """A text without the clauses of its note, and without the bracket that is one: 县教育局、县财政局（首位牵头）."""
    text = BRACKETED.sub(lambda found: "" if FIRST_LEADS.search(found[0]) else found[0], text)
    return "，".join(
        each
        for each in re.split("[，,；;。]", text)
        if not (FIRST_LEADS.search(each) or OTHERS_COOPERATE.search(each) or FROM_HERE_ON.search(each))
    )


def shares_in(text: str, note: Note | None = None) -> Shares:
    """Who does what and by when, as a bracket or a line says it; nothing where it speaks of something else."""
    note = note_in(text) or note
    text = without_note(text) if note_in(text) or FROM_HERE_ON.search(text) else text
    text = TURNED.sub(r"\g<label>：", text)
    if said := labelled(text):
        return _of_labels(said, note)
    return _of_clauses(text, note)


def _of_labels(said: list[Labelled], note: Note | None) -> Shares:
    # Where a lead is named, the first of another list is not one as well.
    note = None if any(each.field is Field.LEAD and each.text for each in said) else note
    units: list[Share] = []
    officials: list[str] = []
    deadlines: list[str] = []
    for each in said:
        if role := ROLES.get(each.field):
            own = _after_label(each.text, role, note)
            units += own.units
            deadlines += own.deadlines
        elif each.field is Field.OFFICIAL:
            officials += people_of(each.text)
        elif each.field is Field.DEADLINE and each.text:
            deadlines.append(each.text)
    return _parted(Shares(_once(units), tuple(officials), tuple(deadlines)))


def _after_label(text: str, role: AssignmentRole, note: Note | None) -> Shares:
    """The units after a label. A clause among them may say more: 责任单位：教育局牵头，财政局配合，6月底前完成."""
    if re.search(_VERB, text) and (own := _of_clauses(text, note)) and own.sure:
        return own
    said = [piece for each in split_units(text) for piece in _without_date(each)]
    names = [each for each in said if not DUE.search(each)]
    deadlines = tuple(_due(each) for each in said if DUE.search(each))
    return Shares(tuple(_first_leading(names, role, note)), deadlines=deadlines)


def _without_date(name: str) -> tuple[str, ...]:
    """A name, and the date in brackets behind it: 县教育局（2024年底前完成）."""
    found = IN_BRACKETS.search(name)
    return (name[: found.start()], found["words"]) if found and DUE.search(found["words"]) else (name,)


def _due(words: str) -> str:
    """The words of a deadline without what is done by then: 2025年底前 of 2025年底前完成."""
    spots = spots_in(words)
    return spots[0].words if len(spots) == 1 else words


def _of_clauses(text: str, note: Note | None) -> Shares:
    """县教育局牵头，县财政局、县人社局按职责分工负责; or names alone. Names wait for their verb, up to a semicolon."""
    told = _Clauses(None if "牵头" in text or "主办" in text else note)
    for group in re.split("[；;。\n]", NEXT_CLAUSE.sub(r"\g<verb>，", text)):
        clauses = [each.strip() for each in re.split("[，,]", group) if each.strip()]
        if not all(map(told.read, clauses)) or not told.flush():
            return Shares()
    return told.shares()


class _Clauses:
    """The clauses of one text, read one after the other."""

    def __init__(self, note: Note | None) -> None:
        self.note = note
        self.units: list[Share] = []
        self.officials: list[str] = []
        self.waiting: list[str] = []
        self.deadlines: list[str] = []
        self.verbs = 0
        self.doubtful = self.certain = False

    def read(self, clause: str) -> bool:
        """Take in a clause; whether it can be one of a text that says who does what."""
        along = ALONG.match(clause) if self.verbs else None
        found = CLAUSE.match(clause)
        if found and not (DUE.search(clause) and not looks_like_unit(found["names"])):
            first, _with, joined = found["names"].partition("会同")  # who is joined helps
            names = self._units_of([*self.waiting, *split_units(first)], found["names"])
            self.waiting = []
            if not names or not _are_doers(names, found["names"]):
                return False
            said = next(role for count, (role, _verb) in enumerate(VERBS) if found[f"v{count}"])
            self.units += _first_leading(names, AssignmentRole.COOPERATING if along else said, self.note)
            self.units += _first_leading(split_units(joined), AssignmentRole.COOPERATING, None)
            self.verbs += 1
        elif DUE.search(clause) and not looks_like_unit(clause):
            self.deadlines.append(_due(clause))
        elif along and self.units:
            self.units += _first_leading(split_units(clause[along.end() :]), AssignmentRole.COOPERATING, None)
        else:
            self.waiting += split_units(clause)
        return True

    def flush(self) -> bool:
        """Names that no verb followed are responsible; whether they are those of units at all."""
        names = self._units_of(self.waiting, "")
        self.waiting = []
        if not _are_units(names):
            return False
        self.doubtful |= not all(map(_is_plain_unit, names))
        self.certain |= any(is_surely_unit(each) or has_mark(each) for each in names)
        self.units += _first_leading(names, AssignmentRole.RESPONSIBLE, self.note)
        return True

    def shares(self) -> Shares:
        """What all of them said."""
        if not self.units or not (self.verbs or self.certain):
            return Shares()
        sure = not self.doubtful and (self.verbs > 0 or self.note is not None)
        return _parted(Shares(_once(self.units), tuple(self.officials), tuple(self.deadlines), sure=sure))

    def _units_of(self, names: list[str], words: str) -> list[str]:
        """The names but for those of people; before 等部门 a short name is none: 安监、公安等部门."""
        if speaks_of_departments(words):
            return names
        units, people = parted(names)
        self.officials += people
        return units


def _are_doers(names: list[str], words: str) -> bool:
    """Whether the names before a verb are those of units; before 等部门 they may be short: 教育、公安等部门."""
    plain = sum(map(_is_plain_unit, names))
    are_short = speaks_of_departments(words) and all(map(SHORT.fullmatch, names))
    return (2 * plain >= len(names) or are_short) and all(map(may_be_unit, names))


def _are_units(names: list[str]) -> bool:
    """Whether names alone are those of units: all by their looks, or most of them and the others at least may be."""
    plain = sum(map(_is_plain_unit, names))
    return plain == len(names) or (2 * plain > len(names) and all(map(may_be_unit, names)))


def _is_plain_unit(name: str) -> bool:
    return looks_like_unit(name) or has_mark(name)


def _first_leading(names: list[str], role: AssignmentRole, note: Note | None) -> Iterator[Share]:
    for place, name in enumerate(names):
        if role is AssignmentRole.RESPONSIBLE and note and note.first_leads and len(names) > 1:
            yield Share(name, note.others if place else AssignmentRole.LEAD)
        else:
            yield Share(*marked(name, role))


def _parted(shares: Shares) -> Shares:
    """The people in brackets behind units as what they are: 县教育局（王五）."""
    units: list[Share] = []
    people = list(shares.officials)
    for each in shares.units:
        name, named = without_people(each.name)
        units.append(Share(name, each.role))
        people += named
    return replace(shares, units=_once(units), officials=tuple(dict.fromkeys(people)))


def _once(units: list[Share]) -> tuple[Share, ...]:
    return tuple(dict.fromkeys(each for each in units if each.name))
