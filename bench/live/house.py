"""The measured house: a meeting from the sample agenda, many people with signed-in browsers, and open polls."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bench.live.crowd import Crowd, Page
from bench.live.servers import Server, web_process
from bench.setting import measured_meeting
from sigforum.agenda.queries import forum_sessions
from sigforum.app import create_app
from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import VoteChange
from sigforum.ballots.queries import polls
from sigforum.extensions import db
from sigforum.kernel.ids import new_token, token_hash
from sigforum.live.queries import last_number
from sigforum.migrating import upgrade
from sigforum.people.domain import Audience, Role, Viewer
from sigforum.people.models import SignIn
from sigforum.people.queries import members
from sigforum.settings import Settings
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction

SECRET = "measuring"
RESPONSES = 10


@dataclass(frozen=True, kw_only=True)
class Room:
    """One forum session: its standing priorities, a rating poll, and what can be voted on."""

    forum_id: int
    question_id: int
    priorities_id: int
    response_keys: tuple[str, ...]
    rating_id: int
    statement_keys: tuple[str, ...]

    def points(self, number: int) -> dict[str, int]:
        """Some ballot of points; another one for the next number."""
        keys = self.response_keys
        return {keys[number % len(keys)]: 2, keys[(number * 7 + 3) % len(keys)]: 1}

    def ratings(self, number: int) -> dict[str, object]:
        """Some ballot of the rating poll."""
        return {"ratings": {key: 1 + (number + place) % 9 for place, key in enumerate(self.statement_keys)}}


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything a scenario needs."""

    app: Flask
    settings: dict[str, str]
    slug: str
    meeting_id: int
    viewers: tuple[Viewer, ...]
    cookies: tuple[str, ...]
    rooms: tuple[Room, ...]

    @contextmanager
    def open(self) -> Iterator[Server]:
        """The web process on this house's database."""
        with web_process(self.settings) as server:
            yield server

    def page(self, crowd: Crowd, number: int, room: Room) -> Page:
        """The page of a forum session that the person with this number has just fetched."""
        return Page(crowd, cookie=self.cookies[number], slug=self.slug, forum=room.forum_id,
                    after=self.newest_number(), watched=f"result-{room.priorities_id}")

    def stored_votes(self) -> int:
        """How many votes, revisions included, the database holds."""
        db.session.rollback()
        found = db.session.scalar(select(func.count()).select_from(VoteChange)) or 0
        db.session.rollback()
        return found

    def newest_number(self) -> int:
        """The number of the meeting's newest event."""
        db.session.rollback()
        return last_number(self.meeting_id)

    def post(self, room: Room, *, number: int) -> str:
        """Post a response as somebody who has no page open here; gives the id of its element."""
        response = post_response(self.viewers[-1], NewResponse(
            question_id=room.question_id, parent_id=None, key=f"said-{room.forum_id}-{number:06}",
            text=f"What **was said** meanwhile, number {number}. " * 3))
        return f"response-{response.id}"


@contextmanager
def furnished(*, people: int, database_url: str = "") -> Iterator[House]:
    """Build the house in a temporary folder; its files are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(secret_key=SECRET, instance=Path(folder), base_url="http://localhost",
                                  async_mode="threading", database_url=database_url))
        with app.app_context():
            upgrade()
            # One more than asked for: somebody posts who has no page open.
            meeting, viewers = measured_meeting(participants=people + 1)
            host = next(one for one in members(meeting.id) if one.role == Role.ORGANIZER).viewer()
            rooms = tuple(_furnish(host, viewers, one) for one in forum_sessions(meeting.id))
            yield House(
                app=app, slug=meeting.slug, meeting_id=meeting.id, viewers=tuple(viewers),
                cookies=_sign_in(app, viewers), rooms=rooms,
                settings={"SIGFORUM_SECRET_KEY": SECRET, "SIGFORUM_INSTANCE": folder, "SIGFORUM_PACE": "1000",
                          "SIGFORUM_DATABASE_URL": database_url})
            db.session.remove()
            db.engine.dispose()


def _furnish(host: Viewer, viewers: list[Viewer], forum_session: object) -> Room:
    forum_id, asked = forum_session.id, forum_session.asked[0]  # type: ignore[attr-defined]
    posted = [post_response(viewers[-1], NewResponse(
        question_id=asked.id, parent_id=None, key=f"option-{forum_id}-{number:04}",
        text=f"Option {number} of **what could be done** first")) for number in range(RESPONSES)]
    rating = create_poll(host, forum_id, parse_poll({
        "kind": "rating", "title": "How appropriate?", "rule": "median_iqr", "visibility": "live",
        "statements": "\n".join(f"Statement {number} is to be judged" for number in range(4))}))
    move_poll(host, rating.id, verb="open")
    return Room(
        forum_id=forum_id, question_id=asked.id, response_keys=tuple(f"r{one.id}" for one in posted),
        priorities_id=polls(forum_id, audience=Audience.SPEAKER)[0].id,
        rating_id=rating.id, statement_keys=tuple(f"o{option.id}" for option in rating.options))


def _sign_in(app: Flask, viewers: list[Viewer]) -> tuple[str, ...]:
    """A signed-in browser for each, made as the sign-in page makes it, without its mails and buttons."""
    tokens = [new_token() for _ in viewers]
    with transaction():
        db.session.add_all(SignIn(person_id=viewer.person_id, token_hash=token_hash(token))
                           for viewer, token in zip(viewers, tokens, strict=True))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = app.config["SESSION_COOKIE_NAME"]
    return tuple(f"{name}={signer.dumps({'_user_id': token, '_fresh': True})}" for token in tokens)
