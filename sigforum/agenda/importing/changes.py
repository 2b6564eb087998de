"""What is stored of an agenda, and what a newer agenda would change about it."""

from dataclasses import dataclass, field
from typing import Literal

from sigforum.agenda.domain import AgendaPlan

Verb = Literal["added", "changed", "removed"]
# The lists of a change that tell of something.
FORUM_SESSION_LISTS = tuple(f"forum_sessions_{verb}" for verb in ("added", "changed", "moved", "removed", "restored"))
QUESTION_LISTS = tuple(f"questions_{verb}" for verb in ("added", "reworded", "moved", "removed", "restored"))


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
class DetailChange:
    """Something else about the meeting: `what` is its name in words, None is what was or will not be there."""

    what: str
    verb: Verb
    before: str | None
    after: str | None


_PUBLISHED = ", whose published summary stays in the meeting's report and archive"


@dataclass(frozen=True, slots=True)
class AgendaChange:
    """Everything a newer agenda would change: nothing else is written by importing it.

    `plan` is the whole agenda as it will be, with what the newer one does not mention; `hours` are those of its slots.

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
    details: tuple[DetailChange, ...] = ()
    hours: dict[str, list[str]] = field(default_factory=dict)
    plan: AgendaPlan | None = None
    # The stored forum sessions, by id, that have a published summary.
    published: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether the newer agenda says what is stored already."""
        return not any(getattr(self, name) for name in ("details", *FORUM_SESSION_LISTS, *QUESTION_LISTS))

    @property
    def losses(self) -> tuple[str, ...]:
        """What would be lost, in words, where it is so much that nobody should confirm it in passing."""
        removed = [one for one in self.details if one.verb == "removed"]
        faqs = [one for one in removed if one.what == "FAQ"]
        stays = sum(len(found) for found in (
            self.questions_unchanged, self.questions_moved, self.questions_reworded))
        found = [f"Session {one.code} {one.title}".strip() + (_PUBLISHED if one.id in self.published else "")
                 for one in self.forum_sessions_removed]
        if 2 < len(self.questions_removed) >= stays:
            found.append(f"{len(self.questions_removed)} of {len(self.questions_removed) + stays} questions")
        if len(faqs) > 2 or (faqs and self.plan is not None and len(self.plan.faqs) <= len(faqs)):
            found += [f"FAQ: {one.before}" for one in faqs]
        return (*found, *(f"{one.what[:1].upper()}{one.what[1:]}: {one.before}" for one in removed
                          if one.what != "FAQ"))
