"""What was said: questions with the responses and replies that stand."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Said:
    """A response or a reply with the byline that the attribution rule allows.

    One taken back is here only where others replied to it: without byline and text, so that the replies
    keep their place.
    """

    key: str
    state: str
    name: str
    affiliation: str
    group: str
    posted_at: datetime
    text: str
    revision: int
    is_edited: bool
    # The words of the question that were answered, where it reads differently now.
    answered_wording: str | None
    replies: tuple["Said", ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuestionSummary:
    """A question and what stands in its thread; what was taken back is counted, hidden with its reason."""

    key: str
    text: str
    is_central: bool
    is_retired: bool
    earlier_wordings: tuple[str, ...]
    said: tuple[Said, ...]
    responses: int
    replies: int
    withdrawn: int
    hidden_reasons: tuple[str, ...]
