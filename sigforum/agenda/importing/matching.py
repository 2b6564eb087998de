"""Finds which stored sessions and questions a newer agenda means, through changed codes and wordings."""

import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from sigforum.agenda.domain import PlacedForumSession
from sigforum.agenda.importing.changes import CurrentForumSession, CurrentQuestion, Place

LEAST_SIMILARITY = 0.6
# Comparing everything with everything is dear: beyond this many pairs only exact wordings are matched.
_MOST_PAIRS = 40_000
# To compare two texts sign by sign takes their lengths multiplied. Longer ones, and what is left once so much was done,
# are compared by their words.
_LONGEST_BY_SIGNS, _MOST_WORK = 600, 40_000_000


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A stored question, its place, and the code of its forum session in the newer agenda, if it is there."""

    question: CurrentQuestion
    place: Place
    code_after: str | None

    @property
    def key(self) -> str:
        """The wording as it is compared."""
        return normalised(self.question.wording)


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question of the newer agenda and its place."""

    wording: str
    place: Place

    @property
    def key(self) -> str:
        """The wording as it is compared."""
        return normalised(self.wording)


@lru_cache(maxsize=256)
def normalised(text: str) -> str:
    """The text without differences that nobody can see: in white space, and in how letters with marks are stored."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def similarity(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1, compared without letter case; long ones by their words."""
    if max(len(one), len(other)) > _LONGEST_BY_SIGNS:
        return _similarity_of_words(one, other)
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    if matcher.real_quick_ratio() < LEAST_SIMILARITY or matcher.quick_ratio() < LEAST_SIMILARITY:
        return 0.0
    return matcher.ratio()


def _similarity_of_words(one: str, other: str) -> float:
    words, others = _words(one), _words(other)
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 1.0


@lru_cache(maxsize=256)
def _words(text: str) -> Counter[str]:
    return Counter(text.casefold().split())


def match_forum_sessions(
    current: Sequence[CurrentForumSession],
    placed: Sequence[PlacedForumSession],
) -> dict[int, CurrentForumSession]:
    """Which stored forum session each new one goes on, by index.

    An equal title weighs more than an equal code: when a session is put in between, the codes after it shift
    while the titles stay. What is left is matched by code, then by similar titles. One that was taken off the agenda
    comes back by its code only under a title like its own: another session under that code is not its thread.
    """
    keys: tuple[
        tuple[Callable[[CurrentForumSession], Hashable], Callable[[PlacedForumSession], Hashable]], ...
    ] = (
        (
            lambda old: (old.code, normalised(old.title)),
            lambda new: (new.forum_session.code, normalised(new.forum_session.title)),
        ),
        (lambda old: normalised(old.title) or None, lambda new: normalised(new.forum_session.title) or None),
        (lambda old: None if old.is_retired else old.code, lambda new: new.forum_session.code),
    )
    pairs: dict[int, int] = {}
    # A retired session comes back only when no other answers to its code or title.
    order = sorted(range(len(current)), key=lambda index: current[index].is_retired)
    for key_of_old, key_of_new in keys:
        _pair_equal(
            pairs,
            order=order,
            old_key=lambda index, key=key_of_old: key(current[index]),  # type: ignore[misc]
            new_keys=[key_of_new(each) for each in placed],
        )
    _pair_similar(
        pairs,
        new=[index for index in range(len(placed)) if index not in pairs],
        old=[index for index in order if index not in set(pairs.values()) and not current[index].is_retired],
        new_text=lambda index: placed[index].forum_session.title,
        old_text=lambda index: current[index].title,
    )
    _pair_returning(pairs, current, placed)
    return {new: current[old] for new, old in sorted(pairs.items())}


def _pair_returning(pairs: dict[int, int], current: Sequence[CurrentForumSession],
                    placed: Sequence[PlacedForumSession]) -> None:
    taken = set(pairs.values())
    retired = {old.code: index for index, old in enumerate(current) if old.is_retired and index not in taken}
    for index, new in enumerate(placed):
        old = retired.get(new.forum_session.code)
        if index not in pairs and old is not None and similarity(
                normalised(current[old].title), normalised(new.forum_session.title)) >= LEAST_SIMILARITY:
            pairs[index] = old


def match_questions(stored: Sequence[StoredQuestion], new: Sequence[NewQuestion]) -> dict[int, int]:
    """Which stored question each new one goes on, as index of new -> index of stored.

    The same wording is the same question wherever it stands, nearest place first. After that a central
    question goes on the central question of its forum session, others go on what resembles them there.
    """
    pairs: dict[int, int] = {}
    order = sorted(range(len(stored)), key=lambda index: stored[index].question.is_retired)
    for depth in (4, 3, 2, 1):
        _pair_equal(
            pairs,
            order=order,
            new_keys=[_nearness(each.key, each.place.code, each.place)[:depth] for each in new],
            old_key=lambda index, depth=depth: _nearness(  # type: ignore[misc]
                stored[index].key, stored[index].code_after, stored[index].place
            )[:depth],
        )
    active = [index for index in order if not stored[index].question.is_retired]
    _pair_equal(
        pairs,
        order=active,
        new_keys=[each.place.code if each.place.is_central else None for each in new],
        old_key=lambda index: stored[index].code_after if stored[index].place.is_central else None,
    )
    taken = set(pairs.values())
    new_by_code, old_by_code = defaultdict(list), defaultdict(list)
    for index, question in enumerate(new):
        if index not in pairs:
            new_by_code[question.place.code].append(index)
    for index in active:
        if index not in taken:
            old_by_code[stored[index].code_after].append(index)
    for code, indexes in new_by_code.items():
        _pair_similar(
            pairs,
            new=indexes,
            old=old_by_code.get(code, []),
            new_text=lambda index: new[index].key,
            old_text=lambda index: stored[index].key,
        )
    return pairs


def _nearness(key: str, code: str | None, place: Place) -> tuple[Hashable, ...]:
    return (key, code, place.is_central, place.position)


def _pair_equal(
    pairs: dict[int, int],
    *,
    order: Sequence[int],
    old_key: Callable[[int], Hashable],
    new_keys: Sequence[Hashable],
) -> None:
    """Pair what has equal keys, first come first served; a key None pairs with nothing."""
    taken = set(pairs.values())
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for index in order:
        if index not in taken:
            waiting[old_key(index)].append(index)
    for index, key in enumerate(new_keys):
        if index not in pairs and key is not None and waiting.get(key):
            pairs[index] = waiting[key].popleft()


def _pair_similar(
    pairs: dict[int, int],
    *,
    new: Sequence[int],
    old: Sequence[int],
    new_text: Callable[[int], str],
    old_text: Callable[[int], str],
) -> None:
    """Pair what resembles each other most, best first; equal scores go by order."""
    if len(new) * len(old) > _MOST_PAIRS:
        return
    work = sum(len(old_text(before)) for before in old) * sum(len(new_text(after)) for after in new)
    compared = similarity if work <= _MOST_WORK else _similarity_of_words
    scored = sorted(
        (-compared(old_text(before), new_text(after)), after, before) for after in new for before in old
    )
    taken = set(pairs.values())
    for score, after, before in scored:
        if -score >= LEAST_SIMILARITY and after not in pairs and before not in taken:
            pairs[after] = before
            taken.add(before)
