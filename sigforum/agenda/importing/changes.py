"""What is stored of an agenda, and what a newer agenda would change about it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CurrentQuestion:
    """A stored question in its newest wording."""

    id: int
    wording: str
    is_central: bool
    position: int
    response_count: int = 0
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class CurrentForumSession:
    """A stored forum session with its questions."""

    id: int
    code: str
    title: str
    theme: str | None
    modality: str | None
    slot_number: int | None
    slot_title: str
    day_label: str
    questions: tuple[CurrentQuestion, ...] = ()
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: questions count from 1 in their forum session, the central question is 0."""

    code: str
    is_central: bool
    position: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a forum session, before and after."""

    name: str
    before: str | int | None
    after: str | int | None


@dataclass(frozen=True, slots=True)
class ForumSessionChange:
    """A forum session that is added (no id), removed, restored, or differs in `fields`."""

    id: int | None
    code: str
    title: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question, its wording and place before and after; None where it was or will not be there."""

    id: int | None
    before: str | None
    after: str | None
    place_before: Place | None
    place_after: Place | None
    response_count: int = 0


@dataclass(frozen=True, slots=True)
class AgendaChange:
    """Everything a newer agenda would change.

    `matches` gives, for codes of the newer agenda, the id of the stored forum session that goes on under it;
    applying the change needs no second guess. Every question, stored or new, stands in exactly one list.
    """

    forum_sessions_added: tuple[ForumSessionChange, ...] = ()
    forum_sessions_changed: tuple[ForumSessionChange, ...] = ()
    forum_sessions_moved: tuple[ForumSessionChange, ...] = ()
    forum_sessions_removed: tuple[ForumSessionChange, ...] = ()
    forum_sessions_restored: tuple[ForumSessionChange, ...] = ()
    questions_added: tuple[QuestionChange, ...] = ()
    questions_reworded: tuple[QuestionChange, ...] = ()
    questions_moved: tuple[QuestionChange, ...] = ()
    questions_removed: tuple[QuestionChange, ...] = ()
    questions_restored: tuple[QuestionChange, ...] = ()
    questions_unchanged: tuple[QuestionChange, ...] = ()
    questions_still_retired: tuple[QuestionChange, ...] = ()
    matches: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the newer agenda says what is stored already."""
        return not any(
            (
                self.forum_sessions_added,
                self.forum_sessions_changed,
                self.forum_sessions_moved,
                self.forum_sessions_removed,
                self.forum_sessions_restored,
                self.questions_added,
                self.questions_reworded,
                self.questions_moved,
                self.questions_removed,
                self.questions_restored,
            )
        )
