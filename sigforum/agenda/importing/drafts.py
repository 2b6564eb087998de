"""What is known so far of the parts of an agenda while its lines are being read."""

import datetime
from dataclasses import dataclass, field

from sigforum.agenda.domain import DayPlan, Faq, ForumSessionPlan, SlotPlan
from sigforum.agenda.importing.dates import PartialDate
from sigforum.agenda.importing.modalities import modality_tags


@dataclass(slots=True)
class Passage:
    """A text that may go on over several lines."""

    parts: list[str]
    line: int

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(part for part in self.parts if part)


@dataclass(slots=True)
class ForumSessionDraft:
    """A forum session; `code` is None until the agenda is complete where none was printed."""

    code: str | None
    title: Passage
    theme: Passage | None = None
    modality: Passage | None = None
    central: Passage | None = None
    questions: list[Passage] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Where it begins in the source."""
        return self.title.line

    @property
    def is_begun(self) -> bool:
        """Whether anything stands below the title."""
        return bool(self.theme or self.modality or self.central or self.questions)

    def plan(self) -> ForumSessionPlan:
        """The finished value."""
        modality = self.modality.text if self.modality else ""
        return ForumSessionPlan(
            code=self.code or "",
            title=self.title.text,
            theme=(self.theme.text if self.theme else "") or None,
            modality=modality or None,
            modalities=modality_tags(modality),
            central_question=(self.central.text if self.central else "") or None,
            questions=tuple(question.text for question in self.questions),
        )


@dataclass(slots=True)
class SlotDraft:
    """A slot; number None and an empty title where forum sessions stand in none."""

    number: int | None
    title: str
    line: int
    forum_sessions: list[ForumSessionDraft] = field(default_factory=list)

    def plan(self) -> SlotPlan:
        """The finished value."""
        return SlotPlan(self.number, self.title, tuple(each.plan() for each in self.forum_sessions))


@dataclass(slots=True)
class DayDraft:
    """A day; `printed` is its date as far as it was printed."""

    label: str
    line: int
    printed: PartialDate | None = None
    # The line the date was read from, where that is not the label.
    printed_text: str = ""
    date: datetime.date | None = None
    slots: list[SlotDraft] = field(default_factory=list)

    def plan(self) -> DayPlan:
        """The finished value."""
        printed = (self.printed.month, self.printed.day) if self.printed else None
        return DayPlan(self.label, self.date, tuple(slot.plan() for slot in self.slots), printed)


@dataclass(slots=True)
class FaqDraft:
    """A frequently asked question with the paragraphs of its answer."""

    question: str
    line: int
    paragraphs: list[Passage] = field(default_factory=list)

    def plan(self) -> Faq:
        """The finished value."""
        return Faq(self.question, "\n\n".join(paragraph.text for paragraph in self.paragraphs) or None)
