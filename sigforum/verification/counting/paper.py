"""What a count starts from and what it gives, for every kind alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sigforum.verification.matching import Number, Words

Answer = Mapping[str, Any]
OUTSIDE = "x"


@dataclass(frozen=True, kw_only=True)
class Count:
    """The ballots of a round, what was on the paper, and who could have answered.

    `published` is the result to compare with: a p that was drawn by lot can only be judged, not repeated.
    """

    options: Sequence[Mapping[str, Any]]
    settings: Mapping[str, Any]
    rule: Mapping[str, Any] | None
    answers: Sequence[Answer]
    entitled: int
    published: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The keys of the options, in the order of the paper."""
        return [str(option["key"]) for option in self.options]

    @property
    def abstained(self) -> int:
        """Ballots that abstain as a whole."""
        return sum(1 for answer in self.answers if answer.get("abstain") is True)

    @property
    def outside(self) -> int:
        """Ballots that are outside their voter's expertise as a whole."""
        return sum(1 for answer in self.answers if answer.get("outside") is True)


def line(option: Mapping[str, Any], *, answered: int, figures: Mapping[str, Any], distribution: Sequence[Any] = (),
         verdict: Mapping[str, Any] | None = None, texts: Sequence[str] = ()) -> dict[str, Any]:
    """The result of one option, as a tally sheet has it."""
    return {"key": option["key"], "text": option["text"], "answered": answered, "figures": figures,
            "distribution": distribution, "verdict": verdict, "texts": texts}


def result(count: Count, lines: Sequence[Mapping[str, Any]], *, text: Words, answered: int | None = None,
           outside: int | None = None, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole result, as a tally sheet has it."""
    return {"answered": len(count.answers) if answered is None else answered, "abstained": count.abstained,
            "outside": outside, "lines": list(lines), "text": text, "extra": extra or {}}


def turnout_numbers(count: Count) -> tuple[Number, ...]:
    """The numbers of "18 of 24 entitled people answered: 15 chose, 2 outside their expertise, 1 abstained"."""
    plainly = len(count.answers) - count.abstained - count.outside
    beside = [one for one in (count.outside, count.abstained) if one]
    return (len(count.answers), count.entitled, plainly, *beside)


