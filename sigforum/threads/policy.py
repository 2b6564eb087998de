"""Who may do what in a thread: one table, used by pages, sockets and fragments."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from sigforum.agenda.domain import ForumSessionState
from sigforum.kernel.errors import NotAllowed
from sigforum.people.domain import Viewer

_SHUT = {ForumSessionState.CLOSED, ForumSessionState.SUMMARISED}


class Place(Protocol):
    """What the rules need to know of a forum session."""

    @property
    def id(self) -> int:
        """Its row."""
    @property
    def state(self) -> str:
        """Where the forum session stands."""


class Said(Protocol):
    """What the rules need to know of a response."""

    @property
    def author_id(self) -> int:
        """Who wrote it."""
    @property
    def is_standing(self) -> bool:
        """Whether it counts: neither withdrawn nor hidden."""


Rule = Callable[[Viewer, Place, Said | None], bool]


def _is_open(place: Place) -> bool:
    return place.state not in _SHUT


def _is_author(viewer: Viewer, said: Said | None) -> bool:
    return said is not None and said.author_id == viewer.person_id


PERMISSIONS: Mapping[str, Rule] = MappingProxyType({
    "post": lambda viewer, place, said: viewer.speaks_in(place.id) and _is_open(place),
    "reply": lambda viewer, place, said: (
        viewer.speaks_in(place.id) and _is_open(place) and said is not None and said.is_standing),
    "edit": lambda viewer, place, said: (
        _is_author(viewer, said) and viewer.speaks_in(place.id) and _is_open(place)
        and said is not None and said.is_standing),
    "withdraw": lambda viewer, place, said: _is_author(viewer, said) and _is_open(place),
    # Not one's own, which is withdrawn, and not by the chair, who hides it.
    "flag": lambda viewer, place, said: (
        viewer.speaks_in(place.id) and not viewer.facilitates(place.id) and _is_open(place) and said is not None
        and said.is_standing and not _is_author(viewer, said)),
    "hide": lambda viewer, place, said: viewer.facilitates(place.id),
})

_REASONS = {
    "post": "You can read this session but not post in it, or it is closed.",
    "reply": "You cannot reply here: the session is closed, or the response was taken back.",
    "edit": "Only its author can change a response, and only while the session is open.",
    "withdraw": "Only its author can withdraw a response, and only while the session is open.",
    "flag": "Those who take part can flag what others said, while the session is open and the response stands.",
    "hide": "Only a facilitator of this session can hide a response.",
}


def may(permission: str, viewer: Viewer, place: Place, said: Said | None = None) -> bool:
    """Whether the viewer may do this here, to this response."""
    return PERMISSIONS[permission](viewer, place, said)


def check(permission: str, viewer: Viewer, place: Place, said: Said | None = None) -> None:
    """Raises NotAllowed, with the reason, where `may` says no."""
    if not may(permission, viewer, place, said):
        raise NotAllowed(_REASONS[permission])
