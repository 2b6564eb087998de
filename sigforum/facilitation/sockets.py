"""How what happens in a room looks on open consoles and on its projector."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.ballots import round_queries
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.facilitation import queries, showing
from sigforum.kernel.events import forum_of, forum_room
from sigforum.live.gateway import Fragment, Onlooker
from sigforum.people.domain import Audience


def show_poll_on_console(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The poll's place in the queue and on the desk, what that did to the projector, and the log."""
    if onlooker.audience is not Audience.CHAIR:
        return
    forum_session = _forum_session(payload)
    poll = db.session.get(Poll, payload["poll_id"])
    yield Fragment(id=f"desk-{payload['poll_id']}", html="" if poll is None else showing.desk_html(poll))
    yield from _around(forum_session)


def show_stage_on_console(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """What is on the projector, who leads, and the log."""
    if onlooker.audience is Audience.CHAIR:
        yield from _around(_forum_session(payload))


def show_what_can_open(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The poll on the desk, whichever it is: what can be done with it has changed with the session's state."""
    if onlooker.audience is Audience.CHAIR:
        for poll in ballots.polls(payload["forum_session_id"], audience=onlooker.audience):
            yield Fragment(id=f"desk-{poll.id}", html=showing.desk_html(poll))


def show_coverage(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """How far the questions have come."""
    if onlooker.audience is Audience.CHAIR:
        forum_session = _forum_session(payload)
        yield Fragment(id=f"coverage-{forum_session.id}", html=showing.coverage_html(forum_session))


def show_on_wall(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The projector, whole: there is one for a room, and it is told no part of any other page."""
    stage = queries.stage(payload["forum_session_id"])
    is_said = "response_id" in payload
    # Of what is said the wall shows only which responses have priority, and those only beside the discussion.
    if not is_said or stage.poll_id is None:
        yield Fragment(id=f"wall-{stage.forum_session_id}", html=showing.wall_html(stage))


def _around(forum_session: ForumSession) -> Iterator[Fragment]:
    stage = queries.stage(forum_session.id)
    yield Fragment(id=f"queue-{forum_session.id}", html=showing.queue_html(forum_session, stage=stage))
    yield Fragment(id=f"stage-{forum_session.id}", html=showing.stage_html(forum_session, stage=stage))
    yield Fragment(id=f"log-{forum_session.id}", html=showing.log_html(forum_session))


def _forum_session(payload: Mapping[str, Any]) -> ForumSession:
    return agenda.forum_session_by_id(payload["meeting_id"], payload["forum_session_id"])


class RoomTallies:
    """How many have voted, for consoles and projectors."""

    on_wall = True

    def versions(self, rooms: Iterable[str]) -> Mapping[tuple[str, int], int]:
        """The version of every open round of the forum sessions somebody has open."""
        identifiers = [forum for room in rooms if (forum := forum_of(room)) is not None]
        return {(forum_room(found.forum_session_id), found.poll_id): found.version
                for found in round_queries.round_versions(identifiers)}

    def render(self, key: tuple[str, int], version: int, onlooker: Onlooker) -> list[Fragment]:
        """The turnout as the console and as the wall show it; nothing for anybody else."""
        if onlooker.audience not in (Audience.CHAIR, Audience.PROJECTOR):
            return []
        poll = db.session.get(Poll, key[1], populate_existing=True)
        if poll is None or poll.state != PollState.OPEN:
            return []
        if onlooker.audience is Audience.CHAIR:
            return [Fragment(id=f"desk-live-{poll.id}", html=showing.desk_live_html(poll), version=version)]
        on_wall = queries.stage(poll.forum_session_id).poll_id
        if on_wall == poll.id:
            growing = showing.wall_result_html(poll)
            return [Fragment(id=f"wall-live-{poll.id}", html=showing.wall_live_html(poll), version=version),
                    *([Fragment(id=f"wall-result-{poll.id}", html=growing, version=version)] if growing else [])]
        if on_wall is None and poll.is_standing:
            return [Fragment(id=f"wall-priorities-{poll.id}", html=showing.wall_priorities_html(poll),
                             version=version)]
        return []
