"""Who has a page of a room open, counted by person: two windows of one person are one presence."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Attendance:
    """The people of each room of this process. Coming and going cost the same in a small room and in a full one."""

    pages: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    changes: dict[str, int] = field(default_factory=dict)

    def came(self, room: str, person_id: int) -> None:
        """One more page of a person is open."""
        self.pages[room][person_id] += 1
        if self.pages[room][person_id] == 1:
            self._changed(room)

    def went(self, room: str, person_id: int) -> None:
        """One page of a person was closed."""
        self.pages[room][person_id] -= 1
        if not self.pages[room][person_id]:
            del self.pages[room][person_id]
            self._changed(room)
        if not self.pages[room]:
            del self.pages[room]
            del self.changes[room]

    def count(self, room: str) -> int:
        """How many people are there."""
        return len(self.pages[room]) if room in self.pages else 0

    def person_ids(self, room: str) -> list[int]:
        """Who is there."""
        return list(self.pages[room]) if room in self.pages else []

    def version(self, room: str) -> int:
        """A number that grows whenever somebody comes or goes; 0 for an empty room."""
        return self.changes.get(room, 0)

    def _changed(self, room: str) -> None:
        self.changes[room] = later_version(self.changes.get(room, 0))


def later_version(before: int) -> int:
    """A version above `before`, and above all that this process or an earlier one gave out: pages outlive a
    restart of the server and drop what looks older than what they show."""
    return max(before + 1, time.time_ns() // 1_000_000)
