"""What the living reports of a task come to: the days on its row that follow from its units' words."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.clock import office_day
from tracker.models import Report, Situation, Task
from tracker.rules.parts import difficulty_since, unchanged_since

WORDS_KEPT = 200


def count_words(task: Task, words: Sequence[Report]) -> None:
    """Write since when a unit is in difficulty or unchanged; ``words`` are the living ones of a round, newest first."""
    said = [(word.unit_id, word.situation, office_day(word.at)) for word in reversed(words)]
    task.difficulty_on = difficulty_since((unit, word is Situation.DIFFICULTY, day) for unit, word, day in said)
    task.unchanged_on = unchanged_since((unit, word is Situation.NO_CHANGE, day) for unit, word, day in said)
