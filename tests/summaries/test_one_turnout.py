"""How many have answered is one number on a page; where totals are a step behind the votes, it says so beside them."""

import html
import re

import pytest

from sigforum.ballots import actions as ballots
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.summaries.assemble import working_summary
from sigforum.summaries.registry import format_named
from tests.summaries.panel import Panel


@pytest.fixture
def watched(panel: Panel) -> Poll:
    """An open confidential rating whose totals are seen live."""
    chair = panel.cast.viewer("finn")
    poll = ballots.create_poll(chair, panel.forum_session.id, parse_poll({
        "kind": "rating", "title": "Watched", "statements": "By road.", "rule": "percent_agreement",
        "secrecy": "confidential", "visibility": "live"}))
    ballots.move_poll(chair, poll.id, verb="open")
    return poll


def rate(panel: Panel, poll: Poll, *names: str) -> None:
    for name in names:
        panel._cast(name, poll, {"ratings": {f"o{poll.options[0].id}": 7}})


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("votes", range(1, 9))
def test_summary_says_one_number_whatever_is_held_back(panel: Panel, watched: Poll, votes: int) -> None:
    rate(panel, watched, *panel.voters[:votes])
    document = working_summary(panel.forum_session)
    found = document.polls[0]
    text = words(format_named("html").write(document).decode())
    told = re.findall(r"(\d+) of \d+ (?:entitled people )?answered", text)
    assert len(told) >= 2
    assert set(told) == {str(found.turnout.answered)}
    assert found.rounds[-1].answered == found.turnout.answered


def test_card_and_record_say_why_fewer_are_counted(panel: Panel, watched: Poll, sign_in) -> None:
    browser, base = sign_in(panel.cast.person("ben")), f"/meetings/{panel.cast.slug}"
    rate(panel, watched, *panel.voters[:7])
    for address in (f"{base}/sessions/1A", f"{base}/polls/{watched.id}"):
        page = words(browser.get(address).get_data(as_text=True))
        found = re.search(r"(\d) of the 7 who have voted are counted here", page)
        assert found, address
        assert int(found[1]) < 7
    ballots.move_poll(panel.cast.viewer("finn"), watched.id, verb="close")
    assert "are counted here" not in browser.get(f"{base}/polls/{watched.id}").get_data(as_text=True)
