"""A list of people with a quotation mark that is not closed in its cell: nobody behind it is lost without a word."""

import html
import re

import pytest

from sigforum.extensions import db
from sigforum.people import queries
from tests.casting import Cast
from tests.previewing import post_seen


@pytest.fixture
def send(cast: Cast, sign_in):
    """Pastes a list as ada, who organizes; gives the status and the words of the page."""
    browser = sign_in(cast.person("ada"))

    def post(text: str) -> tuple[int, str]:
        answer = post_seen(browser, f"/meetings/{cast.slug}/people/invite", {"step": "draft", "text": text})
        return answer.status_code, html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))
    return post


def taken(cast: Cast) -> set[str]:
    db.session.rollback()
    return {found.person.email for found in queries.members(cast.meeting_id)}


@pytest.mark.parametrize("text", ['name,email\nAnn,ann@x.org\n"Bob,bob@x.org\nCyd,cyd@x.org\n"Dee",dee@x.org\n',
                                  'name,email\nAnn,ann@x.org\n"Bob,bob@x.org\nCyd,cyd@x.org\n',
                                  'name;email\nAnn;ann@x.org\n"Bob;bob@x.org\n"Cyd" Smith;cyd@x.org\n'])
def test_nobody_is_lost_behind_an_open_mark(cast: Cast, send, text: str) -> None:
    before = taken(cast)
    status, page = send(text)
    assert (status, taken(cast) - before) == (422, set())
    assert "Line 3" in page


def test_words_behind_a_closed_mark_are_read_as_before(cast: Cast, send) -> None:
    before = taken(cast)
    assert send('name,email\n"Ann" Smith,ann@x.org\n"Li\nAnn",li@x.org\n')[0] == 302
    assert taken(cast) - before == {"ann@x.org", "li@x.org"}
