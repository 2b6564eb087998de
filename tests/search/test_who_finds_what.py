"""Who finds what: everybody what their pages show them, nobody a person, a vote, or that something is hidden."""

import pytest

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.ballots.deviating import deviate
from sigforum.ballots.forms import parse_poll
from sigforum.disclosures.domain import DEFAULT_NOTICE
from sigforum.disclosures.entering import acknowledge_rules, set_entry
from sigforum.disclosures.forms import NewEntry
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.reviewing import leave_position, write_position
from sigforum.summaries.writing import reword_line, write_line
from sigforum.threads.actions import hide_response, show_response, withdraw_response
from sigforum.threads.flagging import flag_response
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll, move, rating_answer, vote
from tests.casting import AGENDA, Cast
from tests.search.looking import say, search

pytestmark = pytest.mark.both_databases
MEMBERS = ("ada", "finn", "gus", "ben", "cyn", "olu")
CHAIR = {"ada", "finn"}


@pytest.fixture
def finders(cast: Cast, sign_in):
    """A function that tells who finds something for some words; whoever finds nothing is told of nothing."""
    browsers = {name: sign_in(cast.person(name)) for name in MEMBERS}

    def finders(words: str, *, secret: str = "", but: str = "") -> set[str]:
        found = set()
        for name, browser in browsers.items():
            if name == but:
                continue
            page = search(browser, cast, words)
            if page.hits:
                found.add(name)
            else:
                assert page.counts == {}
                assert not secret or secret not in page.html
        return found
    return finders


def test_flagged_and_hidden_words_are_found_by_chair_and_author_alone(cast: Cast, finders) -> None:
    response = say(cast, "ben", "Our canary price is nine thousand")
    assert finders("canary") == set(MEMBERS)
    flag_response(cast.viewer("cyn"), response.id, reason="A tangerine reason")
    assert finders("canary", secret="nine thousand") == CHAIR | {"ben"}
    show_response(cast.viewer("finn"), response.id)
    assert finders("canary") == set(MEMBERS)
    hide_response(cast.viewer("finn"), response.id, reason="It names a price")
    assert finders("canary", secret="nine thousand") == CHAIR | {"ben"}
    assert finders("tangerine") == set()


def test_withdrawn_words_are_found_by_nobody(cast: Cast, finders) -> None:
    withdraw_response(cast.viewer("ben"), say(cast, "ben", "Better unsaid: canary").id)
    assert finders("canary") == set()


def test_edited_words_are_found_and_earlier_ones_are_not(cast: Cast, finders, sign_in) -> None:
    response = say(cast, "ben", "An early canary")
    browser = sign_in(cast.person("ben"))
    browser.post(f"/meetings/{cast.slug}/responses/{response.id}/edit", data={
        "text": "A late bird", "revision": "1", "shown": "named"})
    assert (finders("canary"), finders("bird")) == (set(), set(MEMBERS))


def test_hidden_hits_are_not_counted_and_leave_no_gap(cast: Cast, sign_in) -> None:
    for number in range(25):
        response = say(cast, "ben", f"The canary number {number}")
        if number % 2:
            hide_response(cast.viewer("finn"), response.id, reason="Odd")
    page = search(sign_in(cast.person("olu")), cast, "canary")
    assert (len(page.hits), page.counts["Everything"]) == (13, 13)
    assert "Page" not in page.html
    assert search(sign_in(cast.person("finn")), cast, "canary").counts["Everything"] == 25


def test_draft_polls_are_found_by_those_who_chair(cast: Cast, finders) -> None:
    poll = make_poll(cast, title="Canary question", statements="A canary statement\nAnother thing")
    assert finders("canary", secret="statement") == CHAIR
    move(cast, poll, "open")
    assert finders("canary") == set(MEMBERS)


def test_words_for_the_next_round_are_found_when_it_opens(cast: Cast, finders) -> None:
    poll = make_poll(cast, upto="reveal")
    deviate(cast.viewer("finn"), poll.id, parse_poll({
        "kind": "rating", "title": "The canary title", "statements": "The canary statement\nHospitals come first.",
        "rule": "percent_agreement"}), reason="Clearer")
    assert finders("canary", secret="canary statement") == set()
    move(cast, poll, "open")
    assert finders("canary title") == finders("canary statement") == set(MEMBERS)


@pytest.mark.parametrize("secrecy", ["open", "confidential", "secret"])
def test_nothing_of_a_ballot_is_ever_found(cast: Cast, finders, secrecy: str) -> None:
    poll = make_poll(cast, upto="open", kind="text", title="What is missing?", statements="In a sentence",
                     secrecy=secrecy, rule="")
    key = poll.rounds[-1].frozen.options[0].key
    for name in ("ben", "cyn"):
        vote(cast, name, poll, {"texts": {key: f"Zanzibar quilt of {name}"}})
    for verb in ("close", "reveal", "decide"):
        assert finders("Zanzibar") == set()
        move(cast, poll, verb)
    assert finders("Zanzibar") == set()
    assert finders("missing") == set(MEMBERS)


def test_results_and_verdicts_are_never_found(cast: Cast, finders) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 9, 1))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    assert finders("consensus") == finders("agreement") == set()


@pytest.mark.parametrize("attribution", ["named", "role", "chatham"])
def test_nobody_is_found_by_name_affiliation_or_group(cast: Cast, finders, sign_in, attribution: str) -> None:
    with transaction():
        cast.forum_session().attribution = attribution
    say(cast, "ben", "What one says here stays here", parent=say(cast, "cyn", "A first thought"))
    for words in ("Ben", "Cyn", '"Ben Participant"', "Works", "Hospital", "Industry", "Clinical", "ben@example.org"):
        assert finders(words) == set(), words
    page = search(sign_in(cast.person("olu")), cast, "stays here")
    assert len(page.hits) == 1
    assert ("Ben Participant" in page.html) is (attribution == "named")
    assert ("Works" in page.html) is (attribution == "named")
    assert "Industry" not in page.html


def test_lines_of_a_summary_are_found_from_the_review_on(cast: Cast, finders) -> None:
    chair, place = cast.viewer("finn"), cast.forum_session().id
    begin_summary(chair, place)
    answer = write_line(chair, place, kind=LineKind.ANSWER, words=Wording(text="The canary answer"))
    write_line(chair, place, kind=LineKind.ACTION, words=Wording(text="Do it", owner="Quokka Owner"))
    assert finders("canary", secret="canary answer") == CHAIR
    move_summary(chair, place, verb="ask_review")
    assert finders("canary") == set(MEMBERS)
    position = write_position(cast.viewer("ben"), place, text="The **tangerine** dissent")
    assert finders("tangerine") == set(MEMBERS)
    assert finders("Quokka") == set()
    for verb in ("close_review", "publish", "correct"):
        move_summary(chair, place, verb=verb, reason="A mistake" if verb == "correct" else "")
    reword_line(chair, answer.id, words=Wording(text="The lemon answer"), wording=1)
    # The version in force is what is read until the next one is published.
    assert (finders("canary"), finders("lemon")) == (set(MEMBERS), set())
    move_summary(chair, place, verb="ask_review")
    leave_position(cast.viewer("ben"), position.id)
    for verb in ("close_review", "publish"):
        move_summary(chair, place, verb=verb)
    assert (finders("canary"), finders("lemon"), finders("tangerine")) == (set(), set(MEMBERS), set())


def test_name_taken_out_of_a_published_version_is_not_found(cast: Cast, finders) -> None:
    chair, place = cast.viewer("finn"), cast.forum_session().id
    begin_summary(chair, place)
    write_line(chair, place, kind=LineKind.ANSWER, words=Wording(text="As Ben Participant put it, closed."))
    for verb in ("ask_review", "close_review", "publish"):
        move_summary(chair, place, verb=verb)
    assert finders('"Ben Participant"') == set(MEMBERS)
    erase_member(cast.viewer("ada"), cast.viewer("ben").membership_id, texts=Texts.KEEP)
    assert finders('"Ben Participant"', but="ben") == set()
    assert finders("closed", but="ben") == set(MEMBERS) - {"ben"}


def test_questions_are_found_in_the_words_in_force(cast: Cast, finders) -> None:
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    say(cast, "ben", "To both", question=1)
    say(cast, "cyn", "At home", question=2)
    assert finders("where should") == finders("pay for") == finders("Manufacturing") == set(MEMBERS)
    import_agenda(cast.viewer("ada"), meeting, read_agenda(AGENDA.replace(
        "Where should cells be made?", "In which canary places should cells be made?").replace(
            "  • Who should pay for making cells?\n", "").encode()))
    assert (finders("where should"), finders("canary")) == (set(), set(MEMBERS))
    # A question that was taken off the agenda is read as long as it holds responses.
    assert finders("pay for") == set(MEMBERS)


def test_another_meeting_is_never_found(cast: Cast, finders, sign_in) -> None:
    assert finders("Something else") == finders("What else is there") == set()
    say(cast, "ben", "Something to find")
    mal = sign_in(cast.person("mal"))
    assert mal.get(f"/meetings/{cast.slug}/search?q=something").status_code == 404
    answer = mal.get(f"/meetings/{cast.other_slug}/search?q=something").get_data(as_text=True)
    assert "to find" not in answer
    assert "else" in answer


def test_what_lies_behind_the_rules_is_found_once_they_are_read(cast: Cast, finders, sign_in) -> None:
    say(cast, "cyn", "The canary in the room")
    say(cast, "cyn", "The canary in the other room", code="1B")
    make_poll(cast, upto="open", title="A canary poll")
    set_entry(cast.viewer("ada"), is_on=True, text=DEFAULT_NOTICE.strip())
    # Those who only read are not asked.
    assert finders("canary") == {"olu", "gus", "finn"}
    browser = sign_in(cast.person("ben"))
    assert browser.get(f"/meetings/{cast.slug}/sessions/1A").status_code == 302
    assert search(browser, cast, "cells").hits
    page = search(browser, cast, "canary")
    assert "once you have read" in page.html
    assert "in the room" not in page.html
    acknowledge_rules(cast.viewer("ben"), cast.forum_session().id, NewEntry(
        notice=0, attribution="named", may_be_listed=False, may_be_quoted=False))
    assert {hit.address.rpartition("/")[2][:2] for hit in search(browser, cast, "canary").hits} == {"1A"}
    browser.post(f"/meetings/{cast.slug}/sessions/1B/enter", data={"choice": "read"})
    page = search(browser, cast, "canary")
    assert {hit.address.rpartition("/")[2][:2] for hit in page.hits} == {"1A", "1B"}
    assert "once you have read" not in page.html
