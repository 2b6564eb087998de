"""Moments, identifiers, refusals and rooms."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

import pytest

from sigforum.kernel import errors
from sigforum.kernel.clock import as_utc, now
from sigforum.kernel.events import Event, forum_of, forum_room, meeting_room, person_room
from sigforum.kernel.ids import new_token, slug, token_hash


def test_now_is_aware_and_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("moment", [
    datetime(2026, 6, 16, 14, 3), datetime(2026, 6, 16, 14, 3, tzinfo=UTC),
    datetime(2026, 6, 16, 16, 3, tzinfo=timezone(timedelta(hours=2)))])
def test_moment_gets_its_zone_back(moment: datetime) -> None:
    assert as_utc(moment) == datetime(2026, 6, 16, 14, 3, tzinfo=UTC)
    assert as_utc(moment).tzinfo is UTC


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43


def test_stored_hash_is_sha256_and_not_the_token() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(("text", "expected"), [
    ("Cells that stay", "cells-that-stay"), ("  What is the future of CAR-T?  ", "what-is-the-future-of-car-t"),
    ("Zürich – Genève", "zurich-geneve"), ("日本", "meeting"), ("", "meeting"), ("?!", "meeting"),
    ("a" * 100, "a" * 60), ("a" * 59 + " b", "a" * 59)])
def test_slug_is_plain_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(("kind", "status"), [
    (errors.NotFound, 404), (errors.NotAllowed, 403), (errors.Conflict, 409), (errors.Refusal, 400)])
def test_refusals_carry_a_status_and_a_sentence(kind: type[errors.Refusal], status: int) -> None:
    refusal = kind("A sentence.")
    assert (refusal.status, refusal.message, str(refusal)) == (status, "A sentence.", "A sentence.")


def test_invalid_carries_its_errors_by_field() -> None:
    given = {"title": "Give a title.", "": "Too much."}
    refusal = errors.Invalid(given)
    given.clear()
    assert (refusal.status, refusal.errors) == (422, {"title": "Give a title.", "": "Too much."})
    assert refusal.message == "Give a title. Too much."


def test_room_of_a_forum_session_leads_back_to_it() -> None:
    assert forum_of(forum_room(12)) == 12
    assert forum_of(meeting_room(12)) is None
    assert len({forum_room(1), meeting_room(1), person_room(1, 1), person_room(1, 2), person_room(2, 1)}) == 5


def test_event_is_told_to_its_meeting_unless_it_says_otherwise() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Happened(Event):
        kind: ClassVar[str] = "test_happened"
        thing_id: int
    event = Happened(meeting_id=3, thing_id=4)
    assert event.room == meeting_room(3)
    assert event.payload() == {"meeting_id": 3, "thing_id": 4}
