"""What a rule says about a panel: a word, the reason in a sentence, how much hangs on one person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sigforum.consensus.rule_fields import SAID_ONCE
from sigforum.kernel.words import number_of


class VerdictWord(StrEnum):
    """The only five things a rule can say."""

    CONSENSUS_FOR = "consensus_for"
    CONSENSUS_AGAINST = "consensus_against"
    NO_CONSENSUS = "no_consensus"
    DISAGREEMENT = "disagreement"
    TOO_FEW = "too_few"

    @property
    def label(self) -> str:
        """The word as people read it."""
        return WORD_LABELS[self]


WORD_LABELS = {
    VerdictWord.CONSENSUS_FOR: "consensus for",
    VerdictWord.CONSENSUS_AGAINST: "consensus against",
    VerdictWord.NO_CONSENSUS: "no consensus",
    VerdictWord.DISAGREEMENT: "disagreement",
    VerdictWord.TOO_FEW: "too few to say",
}


@dataclass(frozen=True)
class Finding:
    """What one rule found: the word, the sentence that gives the reason with n/N, and the numbers it used."""

    word: VerdictWord
    because: str
    figures: dict[str, object] = field(default_factory=dict)


def too_few(rated: int, minimum: int, *, version: int) -> Finding:
    """The finding where fewer people rated than the rule wants before it says anything."""
    return Finding(VerdictWord.TOO_FEW, f"{only_people(rated, version)} rated it; the rule says nothing under "
                                        f"{ratings_text(minimum, version)}.")


def ratings_text(count: int, version: int) -> str:
    """So many ratings in words; wordings before the third said "1 ratings", and what was published in them stays."""
    return number_of(count, "rating") if version >= SAID_ONCE else f"{count} ratings"


def only_people(count: int, version: int) -> str:
    """So few people at the start of a sentence: "Only 2 people", and "0 people", which are not only so many; the first
    wording said "Only 0 people", and what was published in it stays."""
    return f"{'Only ' if count or version == 1 else ''}{number_of(count, 'person', 'people')}"


@dataclass(frozen=True)
class Verdict:
    """A finding signed by its rule; `is_fragile` is None where there were too few people to say anything."""

    word: VerdictWord
    because: str
    figures: dict[str, object]
    rule: str
    params: Mapping[str, object]
    is_fragile: bool | None = None
    # Whether one person less would change it only because there would be too few to say anything.
    only_too_few: bool = False

    @property
    def label(self) -> str:
        """The word as people read it."""
        return self.word.label

    @property
    def fragility(self) -> str:
        """What hangs on one person, in a sentence; empty where nothing can be said."""
        return describe_fragility(self)


def leave_one_out(judge: Callable[[Sequence[int]], VerdictWord], ratings: Sequence[int]) -> bool:
    """Whether the word would be another one if any single person had not taken part.

    Source: the delete-one idea of Quenouille, "Notes on bias in estimation", Biometrika 43 (1956) 353-360,
    applied to a decision instead of an estimate. A panel of nobody has nobody to leave out, and gives
    False.
    """
    word = judge(ratings)
    # People who gave the same rating are interchangeable, so leaving out the first of each is enough.
    places = [ratings.index(rating) for rating in sorted(set(ratings))]
    return any(judge([*ratings[:place], *ratings[place + 1 :]]) != word for place in places)


def describe_fragility(verdict: Verdict) -> str:
    """One plain sentence about what hangs on one person, or an empty text where nothing can be said."""
    if verdict.is_fragile is None:
        return ""
    if verdict.only_too_few:
        return "With one person less there would be too few to say; nobody's absence would turn it."
    if verdict.is_fragile:
        return "One person less could change this verdict."
    return "No single person's absence would change this verdict."
