"""The summary of a forum session and of a meeting: one frozen value that the page and every format read."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from sigforum.summaries.document.facts import ForumSessionFacts, MeetingFacts, Provenance
from sigforum.summaries.document.interests import Interests
from sigforum.summaries.document.lines import Edition, MinorityPosition, SignOffs, SummaryLine
from sigforum.summaries.document.local_times import local_fields
from sigforum.summaries.document.method import ChecklistItem, Method
from sigforum.summaries.document.people import Participation
from sigforum.summaries.document.plain import canonical_json, plain
from sigforum.summaries.document.polls import PollSummary, Priorities
from sigforum.summaries.document.said import QuestionSummary
from sigforum.summaries.document.synthesis import Synthesis

# Grows when a field is renamed, removed or changes its meaning; a new field leaves it alone.
SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class SummaryDocument:
    """The summary of one forum session."""

    schema_version: int
    meeting: MeetingFacts
    forum_session: ForumSessionFacts
    questions: tuple[QuestionSummary, ...]
    polls: tuple[PollSummary, ...]
    priorities: Priorities | None
    participation: Participation
    provenance: Provenance
    # None before the summary was drafted.
    edition: Edition | None = None
    lines: tuple[SummaryLine, ...] = ()
    # Minority positions on the whole; those on a line stand with it.
    minority: tuple[MinorityPosition, ...] = ()
    sign_offs: SignOffs | None = None
    method: Method | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    # None in a version that was published before interests were declared here.
    interests: Interests | None = None

    def __post_init__(self) -> None:
        """Put every moment on the meeting's clocks, however the document came to be: assembled, read or changed."""
        if self.meeting.time_zone:
            for name, value in local_fields(self, self.meeting.time_zone).items():
                object.__setattr__(self, name, value)

    @property
    def documents(self) -> tuple["SummaryDocument", ...]:
        """Itself, so that a format reads one forum session and a whole meeting alike."""
        return (self,)

    @property
    def is_frozen(self) -> bool:
        """Whether it was published: nothing in it can move any more, whatever goes on in the room."""
        return self.edition is not None and self.edition.state == "published"

    @property
    def title(self) -> str:
        """The forum session's code and title."""
        return f"{self.forum_session.code}. {self.forum_session.title}"

    @property
    def central_question(self) -> QuestionSummary | None:
        """The central question, where there is one."""
        return next((question for question in self.questions if question.is_central), None)

    def lines_of(self, kind: str) -> tuple[SummaryLine, ...]:
        """The lines of a kind: answer, statement, open_question or action."""
        return tuple(line for line in self.lines if line.kind == kind)

    @property
    def inputs_sha256(self) -> str:
        """The SHA-256 of the canonical JSON of everything but the provenance."""
        content = self.to_json()
        del content["provenance"]
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()

    def sealed(self) -> "SummaryDocument":
        """The document with the hash of its content in its provenance."""
        return replace(self, provenance=replace(self.provenance, inputs_sha256=self.inputs_sha256))

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers."""
        found: dict[str, Any] = plain(self)
        return found


@dataclass(frozen=True, kw_only=True)
class MeetingSummary:
    """The summaries of all forum sessions of a meeting."""

    schema_version: int
    meeting: MeetingFacts
    documents: tuple[SummaryDocument, ...]
    synthesis: Synthesis | None = None
    checklist: tuple[ChecklistItem, ...] = ()

    @property
    def title(self) -> str:
        """The meeting's title."""
        return self.meeting.title

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers; the documents are called `sessions`."""
        return {"schema_version": self.schema_version, "meeting": plain(self.meeting),
                "synthesis": plain(self.synthesis), "checklist": plain(self.checklist),
                "sessions": [document.to_json() for document in self.documents]}


Summary = SummaryDocument | MeetingSummary
