"""The same words asked in two polls: each vote stands at the statement, with its poll, and none hides the other."""

import re

import pytest

from sigforum.ballots import actions as ballots
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.forms import parse_poll
from sigforum.summaries import lines_outline
from sigforum.summaries.assemble import working_summary
from sigforum.summaries.showing import desk
from tests.summaries.panel import STATEMENTS, Panel
from tests.summaries.test_words_and_signatures import drafted, move, page_of, printed, published

assert drafted
FIRST, AGAIN = "poll “Where to go”, round 1)", "poll “Asked again”, round 1)"


@pytest.fixture
def asked_again(drafted: Panel) -> Panel:
    """The statement without consensus, asked once more in a poll in which all agree."""
    chair = drafted.cast.viewer("finn")
    poll = ballots.create_poll(chair, drafted.forum_session.id, parse_poll({
        "kind": "rating", "title": "Asked again", "statements": f"{STATEMENTS[1]}\nAnd another thing.",
        "rule": "percent_agreement"}))
    ballots.move_poll(chair, poll.id, verb="open")
    for name in drafted.voters:
        ballots.cast_vote(drafted.cast.viewer(name), CastVote(
            poll_id=poll.id, round_number=1, key=f"again-{name}",
            raw={"ratings": {f"o{option.id}": 9 for option in poll.options}}))
    for verb in ("close", "reveal"):
        ballots.move_poll(chair, poll.id, verb=verb)
    return drafted


def test_report_and_slides_give_both_votes(asked_again: Panel) -> None:
    for verb in ("ask_review", "close_review", "publish"):
        move(asked_again, verb)
    document = published(asked_again)
    line = next(line for line in document.lines if line.text == STATEMENTS[1])
    assert [vote.verdict for vote in line.current_votes] == ["no_consensus", "consensus_for"]
    slide = next(slide for slide in lines_outline.slides(document) if slide.title.endswith(STATEMENTS[1]))
    for text in (printed(document), "\n".join(map(str, slide.blocks))):
        verdicts = [one for one in text.splitlines() if FIRST in one or AGAIN in one]
        assert [re.findall(r"label='([^']+)'", one) for one in verdicts] == [["No consensus."], ["Consensus for."]]


def test_statement_asked_once_names_no_poll(asked_again: Panel) -> None:
    document = working_summary(asked_again.forum_session, is_chair=True)
    line = next(line for line in document.lines if line.text == STATEMENTS[0])
    (vote,) = line.current_votes
    assert lines_outline.vote_text(line, vote, document.polls) == f"{vote.words} (round 1)"


def test_editor_and_review_show_both(asked_again: Panel, sign_in) -> None:
    assert any("shows no consensus" in one for one in desk(asked_again.forum_session).missing)
    page = page_of(asked_again, "finn", "/summary/edit", sign_in)
    assert FIRST in page
    assert AGAIN in page
    move(asked_again, "ask_review")
    page = page_of(asked_again, "p1", "/summary/review", sign_in)
    assert FIRST in page
    assert AGAIN in page
