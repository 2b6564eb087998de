"""Voting over the socket, and how polls and tallies look on open pages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask

from sigforum.ballots import queries, round_queries
from sigforum.ballots.actions import close_due_rounds
from sigforum.ballots.box import Cast, Sender
from sigforum.ballots.domain import PollState
from sigforum.ballots.forms import parse_fields, parse_key, parse_mark, parse_number
from sigforum.ballots.showing import own_standing, poll_html, result_html, shown_poll, standing_html
from sigforum.ballots.writer import write_vote
from sigforum.kernel.clock import now
from sigforum.kernel.errors import NotFound
from sigforum.kernel.events import forum_of, forum_room
from sigforum.live.gateway import Fragment, Identity, Onlooker
from sigforum.people.domain import Audience


def cast(app: Flask, identity: Identity, sid: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Cast a vote: `poll`, `round` (its number), `terms` (the mark of what was read, as the ballot holds it), `key`,
    and `answer`, or `form` with the fields of the kind's HTML form. Acknowledged when it is on disk. The vote writer
    reads sign-in and membership again, for all votes of a batch at once, in the transaction that stores them."""
    form = parse_fields(payload["form"]) if "form" in payload else None
    slug = payload.get("meeting")
    if not isinstance(slug, str):
        raise NotFound()
    receipt = write_vote(
        Sender(person_id=identity.person_id, slug=slug, sign_in_id=identity.sign_in_id),
        Cast(poll_id=parse_number(payload.get("poll"), name="poll"),
             round_number=parse_number(payload.get("round"), name="round"),
             raw=payload.get("answer") if form is None else form, is_form=form is not None,
             key=parse_key(payload.get("key")), terms=parse_mark(payload.get("terms"))), app=app)
    return {"revision": receipt.revision, "saved_at": receipt.cast_at.isoformat(timespec="seconds"),
            "code": receipt.code}


def show_poll_event(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The poll's card as it is now; nothing where it was deleted, or is a draft again unseen."""
    poll = queries.poll_to_show(payload["poll_id"])
    if poll is None or not queries.seen(poll, audience=onlooker.audience).poll:
        yield Fragment(id=f"poll-{payload['poll_id']}", html="")
        return
    yield Fragment(id=f"poll-{poll.id}", into="priorities-list" if poll.is_standing else "poll-list",
                   html=poll_html(shown_poll(poll, onlooker)))


def show_new_option(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """Where responses are what is voted on, the list has grown, shrunk or changed its words."""
    for poll in queries.polls(payload["forum_session_id"], audience=onlooker.audience):
        shown = shown_poll(poll, onlooker)
        if shown.kind.options_are_responses and shown.round is not None:
            yield Fragment(id=f"result-{poll.id}", html=result_html(shown))


def show_what_can_open(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """For the chair, the polls with what can be done with them now: in a closed session no round is opened."""
    if onlooker.audience is Audience.CHAIR:
        for poll in queries.polls(payload["forum_session_id"], audience=onlooker.audience):
            yield Fragment(id=f"poll-{poll.id}", html=poll_html(shown_poll(poll, onlooker)))


def show_standing(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """On the person's own pages, whether their votes count now. Nobody else is told who it is."""
    if onlooker.person_id is None or onlooker.person_id != payload["person_id"]:
        return
    for poll in queries.polls(payload["forum_session_id"], audience=Audience.SPEAKER):
        if poll.state == PollState.OPEN and poll.round is not None:
            yield Fragment(id=f"standing-{poll.id}", html=standing_html(
                poll, own_standing(poll, poll.round, payload["person_id"])))


class LiveTallies:
    """The tallies of open rounds, for the ticker."""

    def versions(self, rooms: Iterable[str]) -> Mapping[tuple[str, int], int]:
        """The version of every open round of the forum sessions somebody has open."""
        identifiers = [forum for room in rooms if (forum := forum_of(room)) is not None]
        found, at = round_queries.round_versions(identifiers), now()
        # Whoever looks at all open rounds four times a second is the one to see that a timer has run out.
        if any(one.ends_at is not None and one.ends_at < at for one in found) and close_due_rounds():
            found = round_queries.round_versions(identifiers)
        return {(forum_room(one.forum_session_id), one.poll_id): one.version for one in found}

    def render(self, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
        """Turnout, and the result where it may be seen, counted again from the rows."""
        poll = queries.poll_to_show(key[1])
        if poll is None or poll.state != PollState.OPEN:
            return []
        return [Fragment(id=f"result-{poll.id}", html=result_html(shown_poll(poll, onlooker)), version=version)]
