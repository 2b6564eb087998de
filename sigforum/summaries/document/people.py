"""Who took part, in numbers."""

from dataclasses import dataclass

from sigforum.summaries.document.plain import came_later


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """One stakeholder group of three or more; None where the attribution rule withholds a count."""

    label: str
    invited: int
    accepted: int
    posted: int | None
    responses: int | None
    replies: int | None


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What became of everybody ever invited: accepted, declined, removed or erased before they answered, or not
    answered. `removed_later` and `erased_later` are among those who accepted. None in what was published before
    everybody was counted."""

    declined: int | None = came_later()
    removed: int | None = came_later()
    erased: int | None = came_later()
    unanswered: int | None = came_later()
    removed_later: int | None = came_later()
    erased_later: int | None = came_later()

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """(words, people) of those who did not accept, without what is nobody."""
        found = (("declined", self.declined), ("removed before answering", self.removed),
                 ("erased before answering", self.erased), ("not answered", self.unanswered))
        return tuple((words, people) for words, people in found if people)

    @property
    def outcomes_text(self) -> str:
        """The same as a part of a sentence; empty where everybody accepted and is still there."""
        later = [f"{people} of them {words} since" for words, people in (
            ("removed", self.removed_later), ("erased", self.erased_later)) if people]
        return ", ".join([*later, *(f"{people} {words}" for words, people in self.outcomes)])


@dataclass(frozen=True, kw_only=True)
class Participation(Outcomes):
    """Who took part, in numbers; `posted` is None where so few posted that it would link their responses."""

    invited: int
    accepted: int
    posted: int | None
    responses: int
    replies: int
    withdrawn: int
    hidden: int
    groups: tuple[GroupCount, ...]

    @property
    def taken_back_text(self) -> str:
        """What was written and is not counted, as a sentence; empty where nothing was taken back or hidden."""
        found = " and ".join(f"{count} {word}" for count, word in (
            (self.withdrawn, "withdrawn"), (self.hidden, "hidden")) if count)
        is_one = self.withdrawn + self.hidden == 1
        return f" {found} {'response is' if is_one else 'responses are'} not counted." if found else ""
