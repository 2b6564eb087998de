"""What the group says: the answer, statements with what they rest on, dissent, actions, and who stands behind it."""

from dataclasses import dataclass
from datetime import date, datetime


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
    `wordings` is the current one), and what came out, as that line prints it."""

    poll: str
    line: str
    round: int
    wording: int
    is_current: bool
    verdict: str
    label: str
    words: str


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
    who could review it; only reviews of these very words count."""

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
    def vote(self) -> LineVote | None:
        """The newest vote on these very words."""
        return next((vote for vote in reversed(self.votes) if vote.is_current), None)

    @property
    def needs_vote(self) -> bool:
        """Whether the words were changed after they were voted on."""
        return bool(self.votes) and self.vote is None


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
