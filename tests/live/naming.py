"""A program that tries to name who did something from a record, by time and by difference: which names came, went or
moved at a place right after the act; and the test that says whether it does better than chance."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from difflib import ndiff
from math import comb

from tests.live.recording import Note


def guesses(notes: Sequence[Note], suspects: Sequence[str], *, acts: int, seed: int) -> list[str]:
    """The suspect it holds for the actor of each act, 1 to `acts`; by lot where nothing points at anybody."""
    dice = random.Random(seed)
    points: dict[int, Counter[str]] = defaultdict(Counter)
    before: dict[str, str] = {}
    for note in notes:
        is_frame = " frame " in note.place
        if note.act and (is_frame or note.place in before):
            points[note.act] += moved(before.get(note.place, ""), note.text, suspects)
        if is_frame:
            # A frame came because of the act: whoever it names stands beside it, changed or not.
            points[note.act].update(name for name in suspects if name in note.text)
        before[note.place] = note.text
    found = []
    for act in range(1, acts + 1):
        most = max(points[act].values(), default=0)
        found.append(dice.choice([name for name in suspects if points[act][name] == most]))
    return found


def moved(before: str, after: str, suspects: Sequence[str]) -> Counter[str]:
    """How much each name points at its owner: its count has changed, and it stands in what is new or gone."""
    if before == after:
        return Counter()
    found = Counter({name: 2 * abs(after.count(name) - before.count(name)) for name in suspects})
    if any(name in before or name in after for name in suspects):
        for line in ndiff(before.splitlines(), after.splitlines(), linejunk=None, charjunk=None):
            if line[:2] in ("+ ", "- "):
                found.update(name for name in suspects if name in line)
    return +found


def chance(hits: int, trials: int, *, one_in: int) -> float:
    """The probability of so many hits or more by lot, one in `one_in` each: a one-sided binomial test."""
    return sum(comb(trials, k) * (one_in - 1) ** (trials - k) for k in range(hits, trials + 1)) / one_in ** trials


def hits(guessed: Sequence[str], truth: Mapping[int, str]) -> int:
    """How many acts were named right."""
    return sum(guessed[act - 1] == name for act, name in truth.items())
