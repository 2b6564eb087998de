"""What the group says: the answer, statements with what they rest on, dissent, actions, and who stands behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sigforum.summaries.document.plain import came_later


@dataclass(frozen=True, kw_only=True)
class Edition:
    """How far the text has come. `version` counts published ones and is 0 before the first."""

    state: str
    version: int
    published_at: datetime | None = None
    # Why this version corrects the one before.
    erratum: str = ""


@dataclass(frozen=True, kw_only=True)
class LineVote:
    """A vote on a statement: which poll's line counted it, in which of the statement's wordings (the newest of
    `wordings` is the current one), and what came out, as that line prints it. `statement` are the words that were
    voted on; empty in versions published before it was kept, which have them among their earlier wordings."""

    poll: str
    line: str
    round: int
    wording: int
    is_current: bool
    verdict: str
    label: str
    words: str
    statement: str = came_later("")


@dataclass(frozen=True, kw_only=True)
class MinorityPosition:
    """A dissent in the dissenters' own words; `line` is empty where it is about the whole."""

    key: str
    line: str
    text: str
    bylines: tuple[str, ...]
    holders: int


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A remark on a line, with the byline that the attribution rule allows."""

    text: str
    byline: str


@dataclass(frozen=True, kw_only=True)
class SummaryLine:
    """One line: `number` counts the lines of its kind. `approved`, `commented` and `dissented` are of `reviewers`,
    who could review it; only reviews of these very words count. `earlier_wordings` are other words than those in
    force, each once; a version published before that was so may repeat them."""

    key: str
    kind: str
    number: int
    text: str
    owner: str
    due_on: date | None
    wording: int
    earlier_wordings: tuple[str, ...]
    lineage: tuple[str, ...]
    votes: tuple[LineVote, ...]
    approved: int
    commented: int
    dissented: int
    reviewers: int
    comments: tuple[Comment, ...]
    minority: tuple[MinorityPosition, ...]

    @property
    def current_votes(self) -> tuple[LineVote, ...]:
        """The votes on these very words, the newest last: several polls may have asked them, each by a rule of its
        own, and none takes back what another one said."""
        return tuple(vote for vote in self.votes if vote.is_current)

    @property
    def vote(self) -> LineVote | None:
        """The newest of them."""
        return self.current_votes[-1] if self.current_votes else None

    @property
    def needs_vote(self) -> bool:
        """Whether the words were changed after they were voted on."""
        return bool(self.votes) and self.vote is None

    @property
    def other_wordings(self) -> tuple[str, ...]:
        """The earlier words that read differently, each once: a line that went back to its first words has no
        earlier wording of the same words."""
        return other_words(self.earlier_wordings, self.text)

    @property
    def earlier_votes(self) -> tuple[tuple[str, LineVote], ...]:
        """(words, vote) of the votes on other words than those in force."""
        found = ((self._voted_on(vote), vote) for vote in self.votes if not vote.is_current)
        return tuple((words, vote) for words, vote in found if _plain(words) != _plain(self.text))

    def _voted_on(self, vote: LineVote) -> str:
        place = vote.wording - 1
        return vote.statement or (self.earlier_wordings[place] if place < len(self.earlier_wordings) else "")


def other_words(wordings: Iterable[str], text: str) -> tuple[str, ...]:
    """The wordings that read differently from a text, each once, in their order."""
    found = {_plain(one): one for one in wordings}
    return tuple(words for key, words in found.items() if key != _plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """Why somebody is listed with reservations; without byline where names may not be tied to words."""

    text: str
    byline: str


@dataclass(frozen=True, kw_only=True)
class SignOffs:
    """Who stands behind the summary. `listed` are the names of those who agreed to be listed, in the order of the
    alphabet; how many declined is not said, which would point at them."""

    entitled: int
    listed: tuple[str, ...]
    reservations: tuple[Reservation, ...]
