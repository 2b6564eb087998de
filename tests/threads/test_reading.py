"""What one has not read is marked, and pages cost the same however much was said."""

import re

import pytest

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.threads import queries
from sigforum.threads.actions import hide_response, mark_read, post_response, withdraw_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.queries import Activity
from tests.casting import Cast


def say(cast: Cast, name: str, number: int, *, code: str = "1A", question: int = 0, parent: int | None = None) -> int:
    """Post something."""
    asked = cast.forum_session(code).asked
    return post_response(cast.viewer(name), NewResponse(
        question_id=asked[question % len(asked)].id, parent_id=parent, key=f"key-{code}-{number:06}",
        text=f"Words {number}")).id


def unread_on(page: str) -> int:
    """How many responses a page marks."""
    return len(re.findall(r"<article[^>]* data-unread", page))


@pytest.mark.both_databases
def test_activity_counts_what_stands_and_what_is_new_to_a_person(cast: Cast) -> None:
    first = say(cast, "ben", 1)
    say(cast, "cyn", 2, parent=first)
    gone, hidden = say(cast, "ben", 3), say(cast, "ben", 4)
    say(cast, "ben", 5, code="1B")
    withdraw_response(cast.viewer("ben"), gone)
    hide_response(cast.viewer("finn"), hidden, reason="A reason")
    here, there = cast.forum_session("1A").id, cast.forum_session("1B").id

    def of(name: str) -> dict[int, Activity]:
        return queries.activity(cast.meeting_id, cast.ids[name])
    assert of("olu") == {here: Activity(1, 1, 2), there: Activity(1, 0, 1)}
    assert of("ben") == {here: Activity(1, 1, 1), there: Activity(1, 0, 0)}
    mark_read(cast.viewer("olu"), here, response_id=first)
    assert of("olu") == {here: Activity(1, 1, 1), there: Activity(1, 0, 1)}
    assert of("cyn") == {here: Activity(1, 1, 1), there: Activity(1, 0, 1)}
    assert queries.activity(cast.meeting_id + 1, cast.ids["olu"]) == {}


@pytest.mark.both_databases
def test_unread_responses_are_marked_until_they_are_read(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("cyn"))
    address = f"/meetings/{cast.slug}/sessions/1A"
    ids = [say(cast, "ben", number) for number in range(3)]
    say(cast, "cyn", 9)
    assert unread_on(browser.get(address).get_data(as_text=True)) == 3
    # Looking at the page is not reading it; its script or button says so.
    assert unread_on(browser.get(address).get_data(as_text=True)) == 3
    assert browser.post(f"{address}/read", data={"response_id": ids[1]}).status_code == 302
    assert unread_on(browser.get(address).get_data(as_text=True)) == 1
    assert browser.post(f"{address}/read", data={"response_id": ids[0]}).status_code == 302
    assert unread_on(browser.get(address).get_data(as_text=True)) == 1
    page = browser.get(f"/meetings/{cast.slug}").get_data(as_text=True)
    assert "1 new" in page
    assert "4 responses" in page
    assert unread_on(sign_in(cast.person("olu")).get(address).get_data(as_text=True)) == 4


@pytest.mark.both_databases
@pytest.mark.parametrize("response_id", ["999999999", "99999999999999", "9" * 400])
def test_reading_mark_never_runs_ahead_of_what_was_said(cast: Cast, sign_in, response_id: str) -> None:
    browser = sign_in(cast.person("cyn"))
    address = f"/meetings/{cast.slug}/sessions/1A"
    say(cast, "ben", 1)
    assert browser.post(f"{address}/read", data={"response_id": response_id}).status_code in (302, 422)
    say(cast, "ben", 2)
    assert unread_on(browser.get(address).get_data(as_text=True)) >= 1


@pytest.mark.parametrize("response_id", ["", "x", "-1"])
def test_mark_without_a_number_is_refused(cast: Cast, sign_in, response_id: str) -> None:
    answer = sign_in(cast.person("cyn")).post(
        f"/meetings/{cast.slug}/sessions/1A/read", data={"response_id": response_id})
    assert answer.status_code == 422


def test_filter_shows_sessions_with_something_new(cast: Cast, sign_in) -> None:
    say(cast, "ben", 1, code="1B")
    page = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}?unread=1").get_data(as_text=True)
    assert "Keeping cells" in page
    assert "Making cells" not in page


@pytest.mark.parametrize("name", ["ada", "finn", "ben", "olu"])
def test_session_page_costs_the_same_queries_for_few_and_many(
        cast: Cast, sign_in, counted_queries, name: str) -> None:
    browser, address = sign_in(cast.person(name)), f"/meetings/{cast.slug}/sessions/1A"
    spent = []
    for total in (3, 30):
        for number in range(total - (3 if total == 30 else 0)):
            top = say(cast, "ben", 100 * total + number, question=number)
            say(cast, "cyn", 100 * total + 50 + number, question=number, parent=top)
        with counted_queries() as statements:
            page = browser.get(address).get_data(as_text=True)
        assert page.count('<article class="response"') == 2 * total
        spent.append(len(statements))
    assert spent[0] == spent[1]
    assert spent[0] <= 40


def test_meeting_page_costs_the_same_queries_for_few_and_many(cast: Cast, sign_in, counted_queries) -> None:
    browser, address = sign_in(cast.person("ben")), f"/meetings/{cast.slug}"
    spent = []
    for total in (3, 30):
        for number in range(total):
            say(cast, "cyn", 100 * total + number, code="1A" if number % 2 else "1B", question=number)
        with counted_queries() as statements:
            assert browser.get(address).status_code == 200
        spent.append(len(statements))
    assert spent[0] == spent[1]
    assert spent[0] <= 20
    assert db.session.query(Meeting).count() == 2
