"""The console: what it shows in each state, and plain forms that lead back to it."""

import re

import pytest
from flask.testing import FlaskClient

from sigforum.ballots import actions as ballots
from sigforum.facilitation import queries
from sigforum.facilitation.actions import take_lead
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import add_voters, make_poll, move, rating_answer, vote
from tests.casting import Cast
from tests.live.applying import find, parse

CONSOLE = "/meetings/cells-that-stay/sessions/1A/console"


def shown(browser: FlaskClient, address: str = CONSOLE) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:1000]
    return answer.get_data(as_text=True)


def words(html: str, identifier: str) -> str:
    found = find(parse(re.sub(r"(?is)<!doctype[^>]*>", "", html)), identifier)
    assert found is not None, f"there is no #{identifier}"
    return " ".join(" ".join(found.itertext()).split())


def moves(html: str) -> set[str]:
    """What the desk's buttons do."""
    return set(re.findall(r"/polls/\d+/run/(\w+)\?", html))


def test_desk_shows_who_is_missing_and_never_what_was_chosen(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    for name in ("ben", *add_voters(cast, 2)):
        vote(cast, name, poll, rating_answer(poll, 9, 1))
    html = shown(sign_in(cast.person("finn")))
    assert words(html, f"desk-live-{poll.id}").startswith("3 of 4 have voted")
    assert "Cyn Participant" in words(html, f"desk-live-{poll.id}")
    assert "Ben Participant" not in html, "whoever has voted is missing nowhere"
    assert "Dov Invited" not in html, "who has not accepted cannot vote"
    assert "median" not in words(html, f"desk-{poll.id}").lower().replace("a median", "")


@pytest.mark.parametrize(("upto", "expected"), [
    ("", {"open"}), ("open", {"close", "nudge", "timer", "undo"}), ("close", {"reveal", "open"}),
    ("reveal", {"decide", "open"}), ("decide", set())])
def test_desk_offers_what_the_state_allows(cast: Cast, sign_in, upto: str, expected: set[str]) -> None:
    poll = make_poll(cast, upto=upto)
    html = shown(sign_in(cast.person("finn")), f"{CONSOLE}?poll={poll.id}")
    assert moves(html) == expected
    assert html.count("button is-primary is-large") == (0 if upto == "decide" else 1)


@pytest.mark.both_databases
def test_form_from_an_old_page_leads_back_with_a_clear_word(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open")
    finn, ada = sign_in(cast.person("finn")), sign_in(cast.person("ada"))
    address = f"/meetings/cells-that-stay/polls/{poll.id}/run/"
    assert finn.post(address + "close?seen=open-1").status_code == 302
    assert finn.post(address + "open?seen=closed-1").status_code == 302
    late = ada.post(address + "close?seen=open-1")
    assert late.status_code == 302
    assert late.location.endswith(f"/sessions/1A/console?poll={poll.id}")
    page = shown(ada, late.location)
    assert "Somebody else was faster: this poll is open now, after 2 rounds. Nothing was changed." in page
    assert "Open, round 2" in page
    by_script = ada.post(address + "close?seen=open-1", headers={"Accept": "application/json"})
    assert (by_script.status_code, by_script.json["ok"]) == (409, False)


def test_form_that_makes_no_sense_changes_nothing(cast: Cast, sign_in) -> None:
    poll, finn = make_poll(cast), sign_in(cast.person("finn"))
    for query in ("seconds=x", "seconds=999999", "seconds=-1"):
        assert finn.post(f"/meetings/cells-that-stay/polls/{poll.id}/run/open?{query}").status_code == 422
    assert finn.post("/meetings/cells-that-stay/sessions/1A/stage?poll=x").status_code == 422
    assert finn.get(f"{CONSOLE}?poll=x").status_code == 422
    assert "Nothing on the desk" in shown(finn, f"{CONSOLE}?poll=99999")
    assert moves(shown(finn, f"{CONSOLE}?poll={poll.id}")) == {"open"}


def test_queue_puts_what_runs_first_and_the_priorities_last(cast: Cast) -> None:
    decided, revealed, closed = (make_poll(cast, upto=verb, title=verb) for verb in ("decide", "reveal", "close"))
    first, second = make_poll(cast, title="first"), make_poll(cast, title="second")
    opened = make_poll(cast, title="open", upto="open")
    forum = cast.forum_session().id
    order = [(group, [poll.title for poll in polls]) for group, polls in queries.queue(forum)]
    assert order == [("Open now", ["open"]), ("Prepared", ["first", "second"]), ("Closed, not revealed", ["close"]),
                     ("Revealed", ["reveal"]), ("Decided", ["decide"]), ("All the time", ["Priorities"])]
    assert queries.poll_in_focus(forum, wanted=None, on_wall=None) == opened
    move(cast, opened, "close")
    assert queries.poll_in_focus(forum, wanted=None, on_wall=revealed.id) == revealed
    assert queries.poll_in_focus(forum, wanted=None, on_wall=decided.id) == first
    assert queries.poll_in_focus(forum, wanted=second.id, on_wall=closed.id) == second


def test_question_that_nobody_answered_stands_out(cast: Cast, sign_in) -> None:
    central, silent, other = cast.forum_session().asked
    for number, (name, question) in enumerate((("ben", central), ("cyn", central), ("ben", central), ("ben", other))):
        post_response(cast.viewer(name), NewResponse(
            question_id=question.id, parent_id=None, key=f"coverage-{number}", text=f"Words {number}"))
    found = {one.question.id: (one.responses, one.people) for one in queries.coverage(cast.forum_session())}
    assert found == {central.id: (3, 2), silent.id: (0, 0), other.id: (1, 1)}
    html = shown(sign_in(cast.person("finn")))
    assert html.count('class="is-silent"') == 1
    assert "3 responses from 2 people" in words(html, f"coverage-{cast.forum_session().id}")


def test_number_of_queries_does_not_grow_with_the_room(cast: Cast, sign_in, counted_queries) -> None:
    browser = sign_in(cast.person("finn"))

    def cost() -> int:
        with counted_queries() as statements:
            shown(browser)
        return len(statements)
    make_poll(cast, upto="open")
    few = cost()
    add_voters(cast, 25)
    for number in range(6):
        make_poll(cast, title=f"Poll {number}")
        post_response(cast.viewer("ben"), NewResponse(
            question_id=cast.forum_session().asked[0].id, parent_id=None, key=f"response-{number}", text="Words"))
    assert cost() == few


def test_lead_is_named_and_can_be_handed_over_by_plain_forms(cast: Cast, sign_in) -> None:
    forum = cast.forum_session().id
    finn = sign_in(cast.person("finn"))
    assert "Nobody leads" in words(shown(finn), f"stage-{forum}")
    assert finn.post("/meetings/cells-that-stay/sessions/1A/lead").status_code == 302
    assert "Finn Facilitator leads" in words(shown(finn), f"stage-{forum}")
    html = shown(finn)
    ada = cast.viewer("ada").membership_id
    assert f"lead?person={ada}" in html
    assert f"lead?person={cast.viewer('gus').membership_id}" not in html
    assert finn.post(f"/meetings/cells-that-stay/sessions/1A/lead?person={ada}").status_code == 302
    assert "Ada Organizer leads" in words(shown(finn), f"stage-{forum}")


def test_reminder_and_timer_are_on_the_desk(cast: Cast, sign_in) -> None:
    poll, finn = make_poll(cast), sign_in(cast.person("finn"))
    address = f"/meetings/cells-that-stay/polls/{poll.id}/run/"
    assert finn.post(address + "open?seen=draft-0&seconds=60").status_code == 302
    assert finn.post(address + "nudge?seen=open-1").status_code == 302
    html = shown(finn)
    assert "data-ends-at=" in html
    assert "reminded" in words(html, f"desk-live-{poll.id}")
    assert moves(html) == {"close", "nudge", "timer", "more", "undo"}


def test_session_page_leads_only_its_facilitators_to_the_room(cast: Cast, sign_in) -> None:
    for name, is_led in (("finn", True), ("ada", True), ("gus", False), ("ben", False), ("olu", False)):
        html = sign_in(cast.person(name)).get("/meetings/cells-that-stay/sessions/1A").get_data(as_text=True)
        assert (CONSOLE in html, CONSOLE.replace("console", "projector") in html) == (is_led, is_led)


def test_hostile_title_and_name_stay_words(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, title="<script>x</script>{poll}", upto="open")
    take_lead(cast.viewer("finn"), cast.forum_session().id)
    ballots.nudge_voters(cast.viewer("finn"), poll.id)
    html = shown(sign_in(cast.person("finn")))
    assert "<script>x" not in html
    assert "reminded those who have not voted in “&lt;script&gt;x&lt;/script&gt;{poll}”" in html
