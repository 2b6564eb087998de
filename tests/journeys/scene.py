"""A scene set without a browser: the cast of tests/casting.py in a running installation, and links for all."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sigforum.ballots.actions import cast_vote, create_poll, move_poll
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.queries import polls
from sigforum.people.domain import Audience
from sigforum.people.links import make_link
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.ballots.earlier import earlier_terms
from tests.casting import Cast, make_cast
from tests.serving import Site

STATEMENTS = ("Closed systems come first.", "Hospitals can do it.")
SAID = "In **closed** systems, near the patient."


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a story starts from."""

    cast: Cast
    # By first name; each works as often as it is followed.
    links: dict[str, str]
    # The number of the poll that is open, once one is.
    open_poll: int = 0

    @property
    def slug(self) -> str:
        """The meeting's name in addresses."""
        return self.cast.slug


def set_scene(site: Site, *, is_busy: bool = True) -> Scene:
    """Make the cast and their links; `is_busy` adds a discussion, an open poll and a revealed one to 1A."""
    with site.application(), earlier_terms():
        cast = make_cast()
        number = _make_busy(cast) if is_busy else 0
        links = {name: make_link(cast.person(name), lifetime=timedelta(hours=1), is_single_use=False)
                 for name in cast.ids}
    return Scene(cast=cast, links=links, open_poll=number)


def open_rating(cast: Cast, title: str, *, chair: str = "finn") -> Poll:
    """A rating poll of two statements in 1A, open."""
    poll = create_poll(cast.viewer(chair), cast.forum_session().id, parse_poll({
        "kind": "rating", "title": title, "statements": "\n".join(STATEMENTS), "rule": "percent_agreement"}))
    return move_poll(cast.viewer(chair), poll.id, verb="open")


def _make_busy(cast: Cast) -> int:
    central, sub_question = cast.forum_session().asked[:2]
    first = post_response(cast.viewer("ben"), NewResponse(
        question_id=central.id, parent_id=None, key="first-response", text=SAID))
    post_response(cast.viewer("cyn"), NewResponse(
        question_id=central.id, parent_id=first.id, key="first-reply", text="At the bedside?"))
    post_response(cast.viewer("cyn"), NewResponse(
        question_id=sub_question.id, parent_id=None, key="second-response",
        text="In regional centres.\n\n- one\n- two"))
    standing = polls(cast.forum_session().id, audience=Audience.CHAIR)[0]
    vote(cast, "cyn", standing, {f"r{first.id}": 2})
    revealed = open_rating(cast, "Where to begin")
    for name, step in (("ben", 8), ("cyn", 3)):
        vote(cast, name, revealed, {"ratings": {f"o{option.id}": step for option in revealed.options}})
    for verb in ("close", "reveal"):
        move_poll(cast.viewer("finn"), revealed.id, verb=verb)
    return open_rating(cast, "Who goes first").id


def vote(cast: Cast, name: str, poll: Poll, answer: dict[str, Any]) -> None:
    """Cast a vote as somebody of the cast."""
    assert poll.round is not None
    cast_vote(cast.viewer(name), CastVote(poll_id=poll.id, round_number=poll.round.number,
                                          raw=answer, key=f"scene-{name}-{poll.id}"))
