"""What the living reports of a task come to, and taking one back: the task then stands as if it had not been said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tracker.actions.moves import RuleRefused, claim, facts_of, move, note
from tracker.actions.periods import hand_on
from tracker.actions.record import Actor
from tracker.actions.waits import take_up_waits
from tracker.clock import office_day
from tracker.models import Report, Situation, Task, db
from tracker.queries.parts import parts_of, words_of_round
from tracker.queries.reports import all_reports, is_undoable, was_moved_since
from tracker.rules.lifecycle import Act, State
from tracker.rules.parts import difficulty_since, unchanged_since
from tracker.rules.reports import act_of_undo

WORDS_KEPT = 200


def count_words(task: Task, words: Sequence[Report]) -> None:
    """Write since when a unit is in difficulty or unchanged; ``words`` are the living ones of a round, newest first."""
    said = [(word.unit_id, word.situation, office_day(word.at)) for word in reversed(words)]
    task.difficulty_on = difficulty_since((unit, word is Situation.DIFFICULTY, day) for unit, word, day in said)
    task.unchanged_on = unchanged_since((unit, word is Situation.NO_CHANGE, day) for unit, word, day in said)


def withdraw(actor: Actor, report: Report, version: int, now: datetime) -> None:
    """Take back an own report within its few minutes; its words stay on the timeline and count no more.

    Raises StaleTask and RuleRefused('too_late_to_undo'); a second time does nothing.
    """
    task = report.task
    is_own = actor.person is not None and report.account_id == actor.person.id
    if is_own and report.withdrawn_at:
        return
    if not is_own or not is_undoable(report, now) or was_moved_since(task, report.at):
        raise RuleRefused("too_late_to_undo")
    before = facts_of(task)
    claim(task, version)
    report.withdrawn_at = now
    report.once = f"withdrawn-{report.id}"  # the same form may be mended and sent again
    db.session.flush()
    words = words_of_round(task)
    act = _act_of(task, report, words)
    if act:
        move(task, act, now)
    count_words(task, words)
    _show_last(task)
    hand_on(report)
    take_up_waits(report)
    task.keep_light_dates()
    note(actor, Act.UNDO.value, task, now, before, report=report.id)


def _act_of(task: Task, report: Report, words: Sequence[Report]) -> Act | None:
    parts, every = parts_of(task, words), all_reports(task)
    return act_of_undo(
        task.state,
        was_last=not words or words[0].id < report.id,
        is_complete=parts.has_lead or not parts.missing,
        is_untouched=all(each.withdrawn_at for each in every)
        and any(each.state_before is State.NOT_STARTED for each in every),
    )


def _show_last(task: Task) -> None:
    """The last word that lists quote is the last one that still counts, of whichever round."""
    last = next((each for each in all_reports(task) if each.withdrawn_at is None), None)
    task.last_reported_at = last.at if last else None
    task.last_words = last.text[:WORDS_KEPT] if last else None
