"""The content validity of all statements together stands wherever the result of the poll is told."""

import html
import re

import pytest

from sigforum.facilitation.actions import show_on_stage
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import all_formats
from tests.ballots.polling import make_poll, move, rating_answer, vote
from tests.casting import Cast
from tests.summaries.panel import readable

# ben and cyn call the first relevant, one of them the second: 1 and 0.5.
WORDS = "S-CVI/Ave 0.75, S-CVI/UA 0.5"


@pytest.fixture
def rated(cast: Cast):
    """Two statements rated for their relevance by two people, and revealed."""
    poll = make_poll(cast, scale_min="1", scale_max="4", low_label="Not relevant", high_label="Highly relevant")
    move(cast, poll, "open")
    vote(cast, "ben", poll, rating_answer(poll, 4, 3))
    vote(cast, "cyn", poll, rating_answer(poll, 3, 1))
    move(cast, poll, "close")
    return move(cast, poll, "reveal")


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.earlier_terms
def test_pages_and_the_wall_tell_it(cast: Cast, rated, sign_in) -> None:
    show_on_stage(cast.viewer("finn"), cast.forum_session().id, poll_id=rated.id)
    base = f"/meetings/{cast.slug}"
    for name, address in (("ben", f"{base}/sessions/1A"), ("ben", f"{base}/polls/{rated.id}"),
                          ("finn", f"{base}/sessions/1A/projector"), ("finn", f"{base}/sessions/1A/console"),
                          ("ben", f"{base}/sessions/1A/summary/draft"), ("ben", f"{base}/sessions/1A/summary")):
        answer = sign_in(cast.person(name)).get(address, follow_redirects=True)
        if answer.status_code == 200:
            assert WORDS in words_of(answer.get_data(as_text=True)), address


@pytest.mark.earlier_terms
@pytest.mark.parametrize("name", sorted(all_formats()))
def test_every_format_tells_it(cast: Cast, rated, name: str) -> None:
    document = session_summary(cast.forum_session())
    text = " ".join(readable(all_formats()[name].write(document), all_formats()[name].extension).split())
    # Tables of data have the numbers under their names.
    assert WORDS in text or all(re.search(rf"{key}\W.*?{value}", text) for key, value in (
        ("s_cvi_ave", "0.75"), ("s_cvi_ua", "0.5"))), text


def test_other_scales_have_none(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="reveal")
    page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    assert "S-CVI" not in page
    assert '"whole_text"' not in readable(all_formats()["json"].write(session_summary(cast.forum_session())), "json")
