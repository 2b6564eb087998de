"""Statements of the meeting that do not go together: the same or nearly the same words with opposite verdicts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sigforum.consensus.verdicts import VerdictWord
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.document.synthesis import Contradiction, Side

# So much of the words of two statements must be shared before anybody is asked to look at them.
LIKENESS = 0.6
_SIGNS = {VerdictWord.CONSENSUS_FOR: 1, VerdictWord.CONSENSUS_AGAINST: -1}
_NEGATIONS = frozenset({"not", "never", "no", "nor", "cannot", "without", "isn", "don", "shouldn"})


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A statement on which there is consensus. `sign` is turned by each word of negation."""

    side: Side
    kind: str
    plain: str
    words: frozenset[str]
    sign: int
    verdict_sign: int


def contradictions(documents: Sequence[SummaryDocument]) -> tuple[Contradiction, ...]:
    """Pairs in the order of the agenda; equal wording first."""
    judged = [found for document in documents for found in _judged(document)]
    pairs = [pair for first, second in combinations(judged, 2) if (pair := _compare(first, second)) is not None]
    return tuple(sorted(pairs, key=lambda pair: not pair.is_same_wording))


def _judged(document: SummaryDocument) -> list[_Judged]:
    found = []
    for poll in document.polls:
        for line in poll.lines:
            sign = _SIGNS.get(VerdictWord(line.verdict.word)) if line.verdict else None
            if line.verdict is None or sign is None:
                continue
            words = re.findall(r"\w+", line.text.casefold())
            negations = sum(word in _NEGATIONS for word in words)
            found.append(_Judged(
                side=Side(code=document.forum_session.code, poll=poll.key, line=line.key, text=line.text,
                          verdict=str(line.verdict.word), label=line.verdict.label),
                kind=poll.kind, plain=" ".join(words), words=frozenset(words) - _NEGATIONS,
                sign=sign * (-1) ** negations, verdict_sign=sign))
    return found


def _compare(first: _Judged, second: _Judged) -> Contradiction | None:
    if first.plain == second.plain:
        if first.verdict_sign == second.verdict_sign:
            return None
        return Contradiction(is_same_wording=True, likeness_percent=100, first=first.side, second=second.side)
    likeness = _likeness(first.words, second.words)
    if first.kind != second.kind or first.sign == second.sign or likeness < LIKENESS:
        return None
    return Contradiction(is_same_wording=False, likeness_percent=100 * likeness, first=first.side, second=second.side)


def _likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of all their words that two statements have in common (Jaccard)."""
    return len(first & second) / len(first | second) if first | second else 0
