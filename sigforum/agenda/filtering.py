"""Which forum sessions a meeting's page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sigforum.agenda.models import Day, ForumSession, Slot
from sigforum.people.domain import Viewer


@dataclass(frozen=True, kw_only=True)
class AgendaFilter:
    """What somebody asked to see; empty means everything."""

    theme: str = ""
    modality: str = ""
    mine: bool = False
    unread: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "AgendaFilter":
        """The filter of an address; unknown values filter everything out, and the page offers to clear it."""
        return cls(theme=query.get("theme", ""), modality=query.get("modality", ""),
                   mine=query.get("mine") == "1", unread=query.get("unread") == "1")

    @property
    def is_on(self) -> bool:
        """Whether anything is left out on purpose."""
        return bool(self.theme or self.modality or self.mine or self.unread)

    def shows(self, forum_session: ForumSession, *, viewer: Viewer, unread: set[int]) -> bool:
        """Whether a forum session passes."""
        return (
            (not self.theme or forum_session.theme == self.theme)
            and (not self.modality or self.modality in forum_session.modalities)
            and (not self.mine or viewer.speaks_in(forum_session.id))
            and (not self.unread or forum_session.id in unread))


@dataclass(frozen=True)
class ShownSlot:
    """A slot with the forum sessions that passed."""

    slot: Slot
    forum_sessions: Sequence[ForumSession]


@dataclass(frozen=True)
class ShownDay:
    """A day with its slots that have something to show."""

    day: Day
    slots: Sequence[ShownSlot]


def filter_days(days: Iterable[Day], chosen: AgendaFilter, *, viewer: Viewer, unread: set[int]) -> list[ShownDay]:
    """The days with what passes; empty slots and days are left out while a filter is on."""
    shown = []
    for day in days:
        slots = [ShownSlot(slot, [found for found in slot.forum_sessions
                                  if chosen.shows(found, viewer=viewer, unread=unread)]) for slot in day.slots]
        slots = [slot for slot in slots if slot.forum_sessions or not chosen.is_on]
        if slots or not chosen.is_on:
            shown.append(ShownDay(day, slots))
    return shown


def filter_values(days: Iterable[Day]) -> dict[str, list[str]]:
    """The themes and modalities to choose from, in the order of the agenda."""
    sessions = [found for day in days for slot in day.slots for found in slot.forum_sessions]
    return {
        "themes": list(dict.fromkeys(found.theme for found in sessions if found.theme)),
        "modalities": list(dict.fromkeys(tag for found in sessions for tag in found.modalities)),
    }
