"""Totals that are watched while people vote tell nobody's vote: not by one ballot after another, not by a recusal, and
not by a list of names beside them. Pages, frames, the wall, catch-up, summaries and sheets show the same."""

import json
import re

import pytest

from sigforum.ballots import queries
from sigforum.ballots.models import Poll
from sigforum.ballots.record import interim_files, moved
from sigforum.ballots.recusing import recuse, take_back
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict
from sigforum.live.catchup import caught_up
from sigforum.live.gateway import Onlooker
from sigforum.live.ticker import TALLIES
from sigforum.people.domain import Audience
from sigforum.summaries.assemble import session_summary
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import add_voters, make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast

ONLOOKERS = (Audience.CHAIR, Audience.SPEAKER, Audience.WATCHER, Audience.PROJECTOR)


def frame(cast: Cast, poll: Poll, audience: Audience = Audience.CHAIR) -> str:
    """What a live push tells of a poll's result."""
    db.session.rollback()
    found = [one.html for tallies in TALLIES for one in tallies.render(
        (f"forum-{cast.forum_session().id}", poll.id), 9, Onlooker(audience=audience))]
    return "\n".join(found)


def totals(text: str) -> str:
    """A frame or a page without the turnout, which counts people and not votes."""
    text = re.sub(r'<div class="turnout">.*?</div>', "", text, flags=re.DOTALL)
    text = re.sub(r'<p class="(desk|wall)-count">.*?</p>|<progress.*?</progress>| ?has-votes', "", text,
                  flags=re.DOTALL)
    # What is counted moves in steps; beside it stands how many have voted.
    text = re.sub(r"of the \d+ who have voted", "", text)
    # The undo that goes with the first vote, and words that say how many are waited for.
    return re.sub(r'<div class="desk-missing">.*?</div>\s*</div>', "", text, flags=re.DOTALL)


def points(cast: Cast, poll: Poll) -> list[int]:
    """The points of each response as the chair watches them, largest first."""
    db.session.rollback()
    found = queries.poll(cast.meeting_id, poll.id)
    assert found.round is not None
    result = queries.visible_result(found, found.round, audience=Audience.CHAIR)
    return sorted((line.figures["points"] for line in result.lines), reverse=True) if result else []


def say(cast: Cast, text: str) -> str:
    """Post a response to lay points on; its key."""
    posted = post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key=f"key-of-{text}", text=text))
    return f"r{posted.id}"


@pytest.mark.both_databases
@pytest.mark.parametrize("audience", ONLOOKERS)
def test_no_single_ballot_moves_watched_totals(cast: Cast, audience: Audience) -> None:
    poll = make_poll(cast, upto="open", visibility="live")
    voters = ["ben", "cyn", *add_voters(cast, 7)]
    seen, moved_after = totals(frame(cast, poll, audience)), []
    for number, name in enumerate(voters, start=1):
        vote(cast, name, poll, rating_answer(poll, number, 10 - number))
        after = totals(frame(cast, poll, audience))
        if after != seen:
            moved_after.append(number)
        seen = after
    steps = [later - before for before, later in zip([0, *moved_after], moved_after, strict=False)]
    assert moved_after, "nothing ever moves"
    assert all(step >= 3 for step in steps), f"the totals moved after {moved_after}"


def test_one_person_who_votes_again_and_again_moves_nothing(cast: Cast) -> None:
    poll = make_poll(cast, upto="open", visibility="live")
    for name in ("ben", "cyn", *add_voters(cast, 5)):
        vote(cast, name, poll, rating_answer(poll, 5, 5))
    before = totals(frame(cast, poll))
    for rating in (1, 9, 2, 8, 3, 7):
        vote(cast, "ben", poll, rating_answer(poll, rating, rating))
        assert totals(frame(cast, poll)) == before


def test_recusal_and_taking_it_back_move_no_points(cast: Cast) -> None:
    poll, (first, second) = priorities(cast), (say(cast, "First"), say(cast, "Second"))
    voters = ["ben", "cyn", *add_voters(cast, 4)]
    for place, name in enumerate(voters):
        vote(cast, name, poll, {first: 3} if place % 2 else {second: 2})
    before = (totals(frame(cast, poll)), points(cast, poll))
    for name in voters:
        made = recuse(cast.viewer("finn"), cast.forum_session().id, person_id=cast.person(name).id, poll_id=None,
                      reason="To see what moves")
        assert (totals(frame(cast, poll)), points(cast, poll)) == before, f"recusing {name} shows"
        take_back(cast.viewer("finn"), made.id)
        assert (totals(frame(cast, poll)), points(cast, poll)) == before, f"taking it back for {name} shows"


def test_recusal_just_before_the_close_is_hidden_among_others(cast: Cast) -> None:
    poll, first = priorities(cast), say(cast, "First")
    voters = ["ben", "cyn", *add_voters(cast, 7)]
    for name, laid in zip(voters, (3, 1, 2, 3, 1, 2, 3, 1, 2), strict=True):
        vote(cast, name, poll, {first: laid})
    shown = points(cast, poll)
    assert shown == [12]
    recuse(cast.viewer("finn"), cast.forum_session().id, person_id=cast.ids["ben"], poll_id=None, reason="Late")
    move(cast, poll, "close")
    # Three people's points came, and one person's went: what went is in no difference by itself.
    assert points(cast, poll) == [12 + 3 + 1 + 2 - 3]


@pytest.mark.parametrize("whole_session", [True, False])
def test_chair_who_recuses_one_after_another_is_not_left_with_one_ballot(cast: Cast, whole_session: bool) -> None:
    poll = make_poll(cast, upto="open")
    *more, late = add_voters(cast, 5)
    others = ["cyn", *more]
    for name in ("ben", *others):
        vote(cast, name, poll, rating_answer(poll, 5, 5))

    def refusal(name: str, *, of: str) -> str:
        """Why somebody could not be recused; empty where they were."""
        try:
            recuse(cast.viewer(name), cast.forum_session().id, person_id=cast.person(of).id,
                   poll_id=None if whole_session else poll.id, reason="So that one is left")
        except Conflict as refused:
            return refused.message
        return ""
    refused = [refusal("finn", of=name) for name in others]
    assert [bool(words) for words in refused] == [False] * 3 + [True] * 2
    assert "would tell how the others voted" in refused[-1]
    # The same words for somebody who has not voted: they tell nobody who has.
    assert refusal("finn", of=late) == refused[-1]
    # People recuse themselves whenever they have to.
    assert refusal(others[-1], of=others[-1]) == ""
    move(cast, poll, "close")
    db.session.rollback()
    closed = queries.poll(cast.meeting_id, poll.id)
    assert queries.result(closed, closed.rounds[0]).answered == 2


@pytest.mark.parametrize("way", ["poll", "desk"])
def test_nobody_is_named_beside_totals_that_move(cast: Cast, sign_in, way: str) -> None:
    others = add_voters(cast, 4)
    quiet, live = make_poll(cast, upto="open"), make_poll(cast, upto="open", visibility="live")
    for poll in (quiet, live):
        for name in ("ben", "cyn", *others[:2]):
            vote(cast, name, poll, rating_answer(poll, 5, 5))
    browser = sign_in(cast.person("finn"))

    def named(poll: Poll) -> bool:
        path = "sessions/1A" if way == "poll" else f"sessions/1A/console?poll={poll.id}"
        page = browser.get(f"/meetings/{cast.slug}/{path}").get_data(as_text=True)
        part = page.partition(f'id="poll-{poll.id}"' if way == "poll" else f'id="desk-live-{poll.id}"')[2]
        return "Voter 3" in part.partition("</article>" if way == "poll" else "</ul>")[0] or (
            way == "poll" and "Voter 3" in frame(cast, poll))
    assert not named(live)
    assert named(quiet), "the list of those who have not voted is not where this looks"


def test_names_of_those_who_have_not_voted_do_not_point_at_the_first_who_have(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    add_voters(cast, 3)
    browser, seen = sign_in(cast.person("finn")), []
    for name in ("", "ben", "cyn", "v0"):
        if name:
            vote(cast, name, poll, rating_answer(poll, 9, 9))
        page = browser.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
        seen.append("Voter 2</li>" in page)
    assert seen == [True, False, False, True]


def test_page_catch_up_summary_and_sheet_show_the_same_step(cast: Cast, sign_in) -> None:
    poll, first = priorities(cast), say(cast, "First")
    voters = ["ben", "cyn", *add_voters(cast, 5)]
    for name in voters:
        vote(cast, name, poll, {first: 2})
    assert points(cast, poll) == [6]
    document = session_summary(cast.forum_session())
    assert document.priorities is not None
    assert [item.points for item in document.priorities.items] == [6]
    sheet, = interim_files(queries.poll(cast.meeting_id, poll.id), audience=Audience.SPEAKER).values()
    assert json.loads(sheet)["laid"] == {first: [2, 2, 2]}
    page = sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    caught = caught_up(cast.viewer("finn"), after=0, shared=(f"forum-{cast.forum_session().id}",), own="nobody",
                       audience=Audience.CHAIR)
    for text in (page, frame(cast, poll), str(caught["fragments"])):
        assert "<strong>6 points</strong><span>3 voters" in text
        assert "14 points" not in text


@pytest.mark.earlier_terms
def test_movement_between_rounds_is_not_told_while_people_vote(cast: Cast) -> None:
    poll = make_poll(cast, upto="open", visibility="live")
    vote(cast, "ben", poll, rating_answer(poll, 5, 5))
    for verb in ("close", "reveal", "open"):
        move(cast, poll, verb)
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))

    def told() -> int:
        db.session.rollback()
        found = queries.poll(cast.meeting_id, poll.id)
        assert found.round is not None
        return len(moved(found, found.round, audience=Audience.CHAIR))
    assert told() == 0
    move(cast, poll, "close")
    assert told() == 2
