"""The wall: never a name, never a result too early, and nothing of any other page."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sigforum.ballots import queries as ballots
from sigforum.ballots.models import Poll
from sigforum.ballots.sockets import LiveTallies
from sigforum.extensions import db
from sigforum.facilitation import actions, queries
from sigforum.facilitation.sockets import RoomTallies
from sigforum.kernel.events import forum_room
from sigforum.live.gateway import Fragment, Onlooker, fragments_of
from sigforum.people.domain import Audience
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import MeetingEvent, transaction
from tests.ballots.polling import add_voters, make_poll, move, priorities, vote
from tests.casting import Cast

WALL = "/meetings/cells-that-stay/sessions/1A/projector"
SEALED = "Xylophone, says the sealed ballot"
NAMES = ("Ben Participant", "Cyn Participant", "Voter 0", "Olu Observer", "Ben's Works", "Ada Organizer",
         "Finn Facilitator")


def page(browser: FlaskClient) -> str:
    answer = browser.get(WALL)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def told(cast: Cast, audience: Audience) -> list[Fragment]:
    """All that an audience's page is sent of everything that has happened here, and of every tally."""
    forum = cast.forum_session().id
    onlooker = Onlooker(audience=audience)
    events = db.session.scalars(select(MeetingEvent).where(MeetingEvent.room == forum_room(forum))).all()
    found = [one for event in events for one in fragments_of(event.kind, event.payload, onlooker)]
    for tallies in (RoomTallies(), *([] if audience is Audience.PROJECTOR else [LiveTallies()])):
        for key, version in tallies.versions([forum_room(forum)]).items():
            found += tallies.render(key, version, onlooker)
    return found


def text_poll(cast: Cast, **fields: str) -> Poll:
    """Words as answers: a sealed result is found by its words."""
    poll = make_poll(cast, kind="text", title="What comes first", statements="And why?", rule="", **fields)
    move(cast, poll, "open")
    key = ballots.paper(poll, poll.round).options[0].key
    for name in ("ben", "cyn", "v0"):
        vote(cast, name, poll, {"texts": {key: f"{SEALED} of {name}"}})
    return poll


def everything(cast: Cast, browser: FlaskClient) -> str:
    db.session.rollback()
    return page(browser) + str(told(cast, Audience.PROJECTOR))


def states(cast: Cast, poll: Poll) -> Iterator[str]:
    """Walk a poll through its life, giving each state."""
    yield "open"
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
        yield verb
    move(cast, poll, "open")
    key = ballots.paper(poll, poll.round).options[0].key
    for name in ("ben", "cyn", "v0"):
        vote(cast, name, poll, {"texts": {key: "In round two"}})
    yield "open again"
    for verb in ("close", "reveal", "decide"):
        move(cast, poll, verb)
        yield verb


@pytest.mark.parametrize("secrecy", ["open", "confidential", "secret"])
def test_wall_never_shows_a_name_nor_a_result_too_early(cast: Cast, sign_in, secrecy: str) -> None:
    add_voters(cast, 1)
    post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="the-response", text="In closed systems."))
    with transaction():
        actions.take_lead(cast.viewer("finn"), cast.forum_session().id)
    poll, browser = text_poll(cast, secrecy=secrecy), sign_in(cast.person("finn"))
    was_told = False
    for state in states(cast, poll):
        wall = everything(cast, browser)
        was_told = was_told or state == "reveal"
        # While round two is open the wall shows the turnout alone.
        assert (SEALED in wall) == (was_told and state in ("reveal", "decide")), f"{state}: {SEALED in wall}"
        leaked = [name for name in NAMES if name in wall]
        assert not leaked, f"{state}: the wall names {leaked}"
    chair = str(told(cast, Audience.CHAIR))
    assert "Ben Participant" in chair, "the canaries are there to be leaked"
    assert "Finn Facilitator" in chair


def test_wall_is_sent_nothing_of_other_pages(cast: Cast) -> None:
    add_voters(cast, 1)
    poll = text_poll(cast)
    actions.show_on_stage(cast.viewer("finn"), cast.forum_session().id, poll_id=None)
    actions.show_on_stage(cast.viewer("finn"), cast.forum_session().id, poll_id=poll.id)
    wall, chair = told(cast, Audience.PROJECTOR), told(cast, Audience.CHAIR)
    assert {one.id for one in wall} == {f"wall-{cast.forum_session().id}", f"wall-live-{poll.id}"}
    assert {f"poll-{poll.id}", f"desk-{poll.id}"} <= {one.id for one in chair}
    for audience in (Audience.SPEAKER, Audience.WATCHER, Audience.CHAIR):
        assert not [one for one in told(cast, audience) if one.id.startswith("wall")]
    for audience in (Audience.SPEAKER, Audience.WATCHER):
        assert not [one for one in told(cast, audience) if one.id.split("-")[0] in ("desk", "queue", "stage", "log")]


def test_wall_shows_the_discussion_until_a_poll_opens(cast: Cast, sign_in) -> None:
    browser, poll = sign_in(cast.person("finn")), make_poll(cast)
    html = page(browser)
    assert "How should cells be made?" in html
    assert queries.stage(cast.forum_session().id).join_code in html
    assert poll.title not in html, "a draft is nobody's but the facilitators'"
    move(cast, poll, "open")
    html = page(browser)
    assert poll.title in html
    assert "of 2 have voted" in html
    move(cast, poll, "close")
    assert "Voting is closed." in page(browser)


@pytest.mark.parametrize("visibility", ["live", "after_reveal"])
def test_priorities_are_on_the_wall_only_while_everybody_sees_them(cast: Cast, sign_in, visibility: str) -> None:
    said = post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="the-response", text="Closed systems win."))
    standing = priorities(cast)
    with transaction():
        asked = db.session.get_one(Poll, standing.id).rounds[-1]
        asked.terms = asked.terms | {"visibility": visibility}
    for name in ("cyn", "ben", *add_voters(cast, 4)):
        vote(cast, name, standing, {f"r{said.id}": 3})
    db.session.rollback()
    html = page(sign_in(cast.person("finn")))
    live = RoomTallies().render((forum_room(cast.forum_session().id), standing.id), 1,
                                Onlooker(audience=Audience.PROJECTOR))
    assert [one.id for one in live] == [f"wall-priorities-{standing.id}"]
    assert ("Closed systems win" in html) == ("Closed systems win" in live[0].html) == (visibility == "live")


def test_second_round_stands_beside_the_first(cast: Cast, sign_in) -> None:
    poll, browser = make_poll(cast, upto="reveal"), sign_in(cast.person("finn"))
    assert "wall-round" in page(browser)
    assert "Round 1" not in page(browser)
    for verb in ("open", "close", "reveal"):
        move(cast, poll, verb)
    html = page(browser)
    assert html.index("Round 1") < html.index("Round 2")
    identifiers = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(identifiers) == len(set(identifiers)), "an id stands on a page once"


def test_picture_of_the_code_carries_no_style_attribute(cast: Cast, sign_in) -> None:
    html = page(sign_in(cast.person("finn")))
    assert '<svg viewBox="0 0' in html
    assert "style=" not in html
