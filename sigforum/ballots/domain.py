"""What a poll is: its states, its terms, its paper, its answers and its results, as plain values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sigforum.consensus.content_validity import describe_scale_validity
from sigforum.consensus.verdicts import Verdict
from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE
from sigforum.kernel.errors import Conflict
from sigforum.kernel.loaded import mark

Answer = Mapping[str, Any]
# The two answers that are none of the question's: they count as answered, in columns of their own.
ABSTAIN = {"abstain": True}
OUTSIDE = {"outside": True}
# Where such an answer stands among the places of a ballot.
ABSTAIN_PLACE, OUTSIDE_PLACE = "abstain", "outside"


class PollState(StrEnum):
    """Where a poll stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"
    DECIDED = "decided"


MOVES: Mapping[PollState, Mapping[str, PollState]] = {
    PollState.DRAFT: {"open": PollState.OPEN},
    PollState.OPEN: {"close": PollState.CLOSED},
    PollState.CLOSED: {"reveal": PollState.REVEALED, "open": PollState.OPEN},
    PollState.REVEALED: {"open": PollState.OPEN, "decide": PollState.DECIDED},
    PollState.DECIDED: {},
}


def next_state(state: PollState, verb: str) -> PollState:
    """The state after a verb. Raises Conflict for a move that the life cycle does not have."""
    if verb not in MOVES[state]:
        raise Conflict(f"This poll is {state}; it cannot be {_PAST[verb]} now.")
    return MOVES[state][verb]


_PAST = {"open": "opened", "close": "closed", "reveal": "revealed", "decide": "decided"}


class Visibility(StrEnum):
    """When the room sees results."""

    LIVE = "live"
    AFTER_REVEAL = "after_reveal"


class Secrecy(StrEnum):
    """What is known of who voted how.

    Open: shown with the result. Confidential: kept for changing one's vote, shown to no one. Secret: the ballot
    names nobody and cannot be changed; only that somebody voted is known.
    """

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"


# How long after a timer's end a vote on its way still counts.
GRACE_SECONDS = 3
# A result of fewer ballots would tell how people voted, where that is hidden.
FEWEST_HIDDEN_BALLOTS = FEWEST_PEOPLE


# Points can be laid from the first moment on, so that an edited response may have points on words that are gone. It
# says so wherever it stands with its points, whether it has any or not: the mark must not tell that somebody laid some.
REWORDED = "(reworded while points could be laid)"


def text_voted_on(text: str, *, is_edited: bool) -> str:
    """A response as it stands on a ballot and in rankings: its newest words, and that they are not the first ones."""
    return f"{REWORDED}\n\n{text}" if is_edited else text


@dataclass(frozen=True, kw_only=True)
class PaperOption:
    """One thing to vote on, and the first round that asked it."""

    key: str
    text: str
    since_round: int = 1


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All that freezes when a round opens: what is asked, how it is judged, and who sees what.

    `options` is empty where the options are responses, which go on growing.
    """

    kind: str
    title: str
    settings: Mapping[str, Any]
    rule: Mapping[str, Any] | None
    secrecy: Secrecy
    visibility: Visibility
    options: tuple["PaperOption", ...] = ()
    # A count of fewer ballots is told to nobody, where ballots are hidden. 0 in rounds from before there was this rule.
    least_told: int = 0

    def to_json(self) -> dict[str, Any]:
        """The terms as plain values, as they are stored and published; those of earlier rounds as they were."""
        found = asdict(self) | {"options": [asdict(option) for option in self.options]}
        if not self.least_told:
            del found["least_told"]
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Terms":
        """Read back what `to_json` gave."""
        return cls(
            kind=stored["kind"], title=stored["title"], settings=stored["settings"], rule=stored["rule"],
            secrecy=Secrecy(stored["secrecy"]), visibility=Visibility(stored["visibility"]),
            options=tuple(PaperOption(**option) for option in stored["options"]),
            least_told=stored.get("least_told", 0))

    @property
    def sha256(self) -> str:
        """The hash of everything but the options' keys, which are rows' numbers and say nothing."""
        content = self.to_json() | {"options": [[one.text, one.since_round] for one in self.options]}
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def mark(self) -> str:
        """A short hash of everything, the options' keys too. Pages send it back: what they showed is what is meant."""
        return mark(json.dumps(self.to_json(), sort_keys=True))


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a voter gets: the options, and the settings of the poll's kind."""

    options: tuple[PaperOption, ...]
    settings: Mapping[str, Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the options, in order."""
        return tuple(option.key for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Headcount:
    """Who could have answered: N is always split."""

    invited: int
    entitled: int
    recused: int = 0


@dataclass(frozen=True, kw_only=True)
class Column:
    """A figure that every line of a result has."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ResultLine:
    """The result for one option; `figures` has a value for each of the result's columns."""

    key: str
    text: str
    answered: int
    figures: Mapping[str, Any]
    # How many chose each step of a scale; empty where the kind has no scale.
    distribution: tuple[tuple[int | str, int], ...] = ()
    verdict: Verdict | None = None
    # What people wrote, where the kind asks for words; in an order that follows neither time nor person.
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a round gave: the same object feeds the page, the live push and every export."""

    kind: str
    headcount: Headcount
    answered: int
    abstained: int
    columns: tuple[Column, ...]
    lines: tuple[ResultLine, ...]
    text: str
    rule: str = ""
    # For how many the whole ballot is outside their expertise; None where that is asked line by line, or not.
    outside: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


class BallotKind(Protocol):
    """What a file in kinds/ provides as KIND. Everything here is pure; order of answers never matters."""

    name: str
    label: str
    description: str
    # Whether rules of sigforum.consensus judge its lines; the rules' own `applies_to` names the kind.
    takes_rule: bool
    # Whether its options are the forum session's responses, growing with the thread.
    options_are_responses: bool

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The kind's settings from a form. Raises Invalid by field."""

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """What the settings, but for a scale, mean to whoever reads the result; empty where that is nothing."""

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """A ballot in its one canonical form. Raises Invalid by option key, '' for the whole ballot."""

    def read_form(self, form: Mapping[str, str]) -> Any:
        """The raw answer that a plain HTML form carries."""

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """Count a round's answers. A kind of which a part takes long may have a `tally_while_open` too, which is asked
        the same and leaves that part for the close."""

    def describe(self, answer: Answer, paper: Paper) -> Mapping[str, str]:
        """What a stored ballot says, in words by option key, '' for the whole ballot; an option that the paper
        no longer has is left out."""

    def positions(self, answer: Answer, paper: Paper) -> Mapping[str, int | float | str]:
        """Where a stored ballot puts each option, to be compared between rounds: numbers where more is better or
        simply more, words elsewhere; '' where the ballot is one answer."""


def form_number(text: str) -> int | str:
    """The whole number in a form's field, or the text itself, which a kind then refuses by its key."""
    # Python refuses to read numbers of thousands of digits, and no ballot needs them.
    # Some blanks that a text is stripped of are none within a number, so what is read is stripped first.
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(text) < 10 else text


def is_outside(answer: Answer) -> bool:
    """Whether the whole ballot is outside the voter's expertise."""
    return answer.get("outside") is True


def is_abstention(answer: Answer) -> bool:
    """Whether the whole ballot abstains."""
    return bool(answer.get("abstain"))


# The figures in a result's `extra`, with their names.
WHOLE_FIGURES = (("s_cvi_ave", "S-CVI/Ave"), ("s_cvi_ua", "S-CVI/UA"))


def whole_text(result: Result) -> str:
    """The content validity of the whole scale in words; empty where there is none, or nobody rated."""
    average, universal = (result.extra.get(key) for key, _ in WHOLE_FIGURES)
    return "" if average is None or universal is None else describe_scale_validity(average, universal)
