"""What a summary is about: the meeting, the forum session, and what the numbers rest on."""

from dataclasses import dataclass
from datetime import date, datetime

from sigforum.summaries.document.plain import came_later


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """The meeting that the forum session belongs to."""

    title: str
    slug: str
    start_on: date | None
    end_on: date | None
    is_sample: bool
    # Whose clocks the moments are printed on; empty is UTC, as in versions that were published before.
    time_zone: str = came_later("")


@dataclass(frozen=True, kw_only=True)
class ForumSessionFacts:
    """The forum session; `attribution` is its rule of who may be named: named, role or chatham."""

    code: str
    title: str
    theme: str | None
    modality: str | None
    modalities: tuple[str, ...]
    day: str
    held_on: date | None
    slot_number: int | None
    slot_title: str
    state: str
    attribution: str


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What the numbers rest on. Not part of what is hashed."""

    software: str
    event_number: int
    event_at: datetime | None
    inputs_sha256: str
    # The languages and libraries that the numbers rest on, with their versions.
    libraries: tuple[str, ...] = ()
