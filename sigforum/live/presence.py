"""Who is here and how many are writing: counts for the room, names for those who chair it, and never who writes."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, render_template

from sigforum.kernel.errors import Invalid, NotAllowed, NotFound
from sigforum.kernel.events import forum_of, forum_room
from sigforum.live import queries
from sigforum.live.attendance import Attendance, later_version
from sigforum.live.catchup import is_forum_of
from sigforum.live.gateway import Fragment, Onlooker, gateway
from sigforum.people import queries as people
from sigforum.people.domain import Audience, Viewer

# A page says every few seconds that its person is writing; who says nothing for this long has stopped.
WRITING_SECONDS = 8.0
SECONDS = 1.0
# A push to a room costs as much as the room has people, and everybody who comes asks for one. So pushes come less
# often the more people there are, and what a whole room's coming costs grows with the room, not with its square.
PEOPLE_A_SECOND = 200


class Presence:
    """How many people have a page of a forum session open, and for its chairs their names."""

    on_wall = True

    def seconds(self, key: tuple[str, int]) -> float:
        """How long lies between two pushes to a room of this size."""
        return max(SECONDS, gateway().attendance.count(key[0]) / PEOPLE_A_SECOND)

    def versions(self, rooms: Iterable[str]) -> Mapping[tuple[str, int], int]:
        """The version of each forum session's attendance."""
        attendance = gateway().attendance
        return {(room, forum): attendance.version(room) for room in rooms if (forum := forum_of(room)) is not None}

    def render(self, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
        """The count; names are looked up for chairs alone, in sessions whose rule names people."""
        room, forum = key
        attendance = gateway().attendance
        # Where nobody is named, whoever is here when a response comes would be.
        names = tuple(people.names_by_id(
            attendance.person_ids(room), meeting_id=queries.meeting_of_forum(forum)).values()) \
            if onlooker.audience is Audience.CHAIR and queries.names_people(forum) else None
        html = render_template("live/_presence.html", forum_id=forum, count=attendance.count(room), names=names)
        return [Fragment(id=f"presence-{forum}", html=html, version=version)]


@dataclass
class _Writing:
    until: dict[int, float] = field(default_factory=dict)
    version: int = 0


class Writers:
    """Who is writing a response to which question; one an application. Nobody is ever told more than how many."""

    def __init__(self) -> None:
        self.rooms: dict[str, dict[int, _Writing]] = defaultdict(dict)

    def wrote(self, room: str, question_id: int, person_id: int) -> None:
        """Somebody is writing now."""
        writing = self.rooms[room].setdefault(question_id, _Writing())
        if person_id not in writing.until:
            writing.version = later_version(writing.version)
        writing.until[person_id] = time.monotonic() + WRITING_SECONDS

    def stopped(self, room: str, question_id: int, person_id: int) -> None:
        """Somebody has posted, or thrown away what was written."""
        writing = self.rooms[room].get(question_id) if room in self.rooms else None
        if writing is not None and writing.until.pop(person_id, None) is not None:
            writing.version = later_version(writing.version)

    def now_writing(self, room: str) -> dict[int, _Writing]:
        """Each question of a room at which somebody writes or wrote, after those who fell silent have gone."""
        found, now = self.rooms.get(room, {}), time.monotonic()
        for writing in found.values():
            silent = [person_id for person_id, until in writing.until.items() if until < now]
            for person_id in silent:
                del writing.until[person_id]
            if silent:
                writing.version = later_version(writing.version)
        return found

    def forget_empty(self, attendance: Attendance) -> None:
        """Drop the rooms in which nobody sits."""
        for room in list(self.rooms):
            if not attendance.count(room):
                del self.rooms[room]


class Typing:
    """How many people are writing a response to each question."""

    seconds = SECONDS

    def versions(self, rooms: Iterable[str]) -> Mapping[tuple[str, int], int]:
        """The version of each question at which somebody writes or wrote."""
        writers = _writers()
        writers.forget_empty(gateway().attendance)
        return {(room, question_id): writing.version for room in rooms
                for question_id, writing in writers.now_writing(room).items()}

    def render(self, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
        """The count, the same for everybody; a page takes its own person off."""
        room, question_id = key
        writing = _writers().now_writing(room).get(question_id, _Writing())
        html = render_template("live/_typing.html", question_id=question_id, count=len(writing.until))
        return [Fragment(id=f"typing-{question_id}", html=html, version=version)]


def typing(viewer: Viewer, sid: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say that one is writing a response to a `question` of a `forum` session; `over` that one has stopped. Only
    for those who may post there."""
    forum, question = _number(payload, "forum"), _number(payload, "question")
    if not is_forum_of(forum, viewer.meeting_id):
        raise NotFound()
    if not viewer.speaks_in(forum):
        raise NotAllowed("You can read this session, and not write in it.")
    if not queries.is_question_of(question, forum):
        raise NotFound()
    if payload.get("over") is True:
        _writers().stopped(forum_room(forum), question, viewer.person_id)
    else:
        _writers().wrote(forum_room(forum), question, viewer.person_id)
    return {}


def bind(app: Flask) -> None:
    """Give an application its list of those who write."""
    app.extensions["writers"] = Writers()


def _writers() -> Writers:
    writers: Writers = current_app.extensions["writers"]
    return writers


def _number(payload: Mapping[str, Any], name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid({name: f"{name} is a whole number."})
    return value
