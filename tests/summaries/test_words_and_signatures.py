"""What a published summary rests on: signatures of what was read, votes on its words, and nothing that moves."""

import pytest

from sigforum.ballots import actions as ballots
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Refusal
from sigforum.summaries import queries, writing
from sigforum.summaries.assemble import read_version, working_summary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.sections import chapters
from tests.summaries.panel import STATEMENTS, Panel
from tests.summaries.test_life import move, now, put_name, reword, statements, write


@pytest.fixture
def drafted(panel: Panel) -> Panel:
    """A session with a judged poll whose summary is drafted and answered."""
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems. Near the patient only where that is proven.", kind=LineKind.ANSWER)
    return panel


def published(panel: Panel) -> SummaryDocument:
    """The version in force."""
    db.session.rollback()
    found = queries.newest_version(panel.forum_session.id)
    assert found is not None
    return read_version(found)


def printed(document: SummaryDocument) -> str:
    """All that a report of it says, block by block."""
    return "\n".join(str(block) for chapter in chapters(document) for block in chapter.blocks)


def page_of(panel: Panel, name: str, rest: str, sign_in) -> str:
    browser = sign_in(panel.cast.person(name))
    return browser.get(f"/meetings/{panel.cast.slug}/sessions/1A{rest}").get_data(as_text=True)


def test_a_later_wording_lists_no_signer_of_the_text_before(drafted: Panel) -> None:
    move(drafted, "ask_review")
    for name in ("p1", "p4"):
        put_name(drafted, name)
    for verb in ("close_review", "publish"):
        move(drafted, verb)
    assert published(drafted).sign_offs.listed == ("Jorun Ekkert", "Quill Zebranek")
    move(drafted, "correct", reason="A word was wrong")
    reword(drafted, statements(drafted)[0], "Release by potency should be the rule.")
    move(drafted, "ask_review")
    assert now(drafted).sign_offs.listed == (), "nobody has read this text yet"
    put_name(drafted, "p4")
    for verb in ("close_review", "publish"):
        move(drafted, verb)
    assert published(drafted).sign_offs.listed == ("Jorun Ekkert",)
    assert "Quill Zebranek" not in printed(published(drafted)).partition("Sign-off")[2].partition("Questions")[0]


def test_a_result_shown_after_signing_asks_people_again(drafted: Panel) -> None:
    chair = drafted.cast.viewer("finn")
    poll = ballots.create_poll(chair, drafted.forum_session.id, parse_poll({
        "kind": "rating", "title": "Asked late", "statements": "Something else.", "rule": "percent_agreement"}))
    for verb in ("open", "close"):
        ballots.move_poll(chair, poll.id, verb=verb)
    move(drafted, "ask_review")
    put_name(drafted, "p1")
    move(drafted, "close_review")
    assert now(drafted).sign_offs.listed == ("Quill Zebranek",)
    ballots.move_poll(chair, poll.id, verb="reveal")
    assert now(drafted).sign_offs.listed == (), "the numbers are others than those that were read"


def test_closing_a_review_says_how_many_have_not_signed(drafted: Panel, sign_in) -> None:
    move(drafted, "ask_review")
    put_name(drafted, "p1")
    browser = sign_in(drafted.cast.person("finn"))
    address = f"/meetings/{drafted.cast.slug}/sessions/1A/summary"
    assert "8 of 9 have not signed this text." in browser.get(address).get_data(as_text=True)
    answer = browser.post(f"{address}/close_review", follow_redirects=True).get_data(as_text=True)
    assert "The review is closed. 8 of 9 have not signed this text." in answer


def test_publishing_closes_the_priorities(drafted: Panel, sign_in) -> None:
    announced = page_of(drafted, "finn", "/summary/edit", sign_in)
    for verb in ("ask_review", "close_review", "publish"):
        move(drafted, verb)
    assert drafted.priorities().state != "open"
    with pytest.raises(Refusal, match="not counted"):
        drafted.lay("p4", {f"r{drafted.say('p4', 'Said later').id}": 2})
    found = published(drafted)
    assert found.priorities is not None
    assert (found.priorities.state, found.priorities.is_revealed, found.priorities.turnout.answered) == (
        "closed", True, 3)
    assert "can still be moved" not in printed(found)
    assert "can still be moved" not in page_of(drafted, "p1", "/summary", sign_in)
    assert "publishing closes the priorities" in announced


def test_an_open_poll_is_closed_before_its_summary_is_published(drafted: Panel, sign_in) -> None:
    chair = drafted.cast.viewer("finn")
    poll = ballots.create_poll(chair, drafted.forum_session.id, parse_poll({
        "kind": "rating", "title": "Still under way", "statements": "Something else.", "rule": "percent_agreement"}))
    ballots.move_poll(chair, poll.id, verb="open")
    told = page_of(drafted, "finn", "/summary/edit", sign_in)
    for verb in ("ask_review", "close_review"):
        move(drafted, verb)
    with pytest.raises(Refusal, match="“Still under way” is still open"):
        move(drafted, "publish")
    assert "The poll “Still under way” is open" in told
    db.session.rollback()
    assert queries.newest_version(drafted.forum_session.id) is None
    assert drafted.priorities().state == "open", "a refused publication closes nothing"
    ballots.move_poll(chair, poll.id, verb="close")
    move(drafted, "publish")
    assert "was not revealed when this version was published" in printed(published(drafted))


def test_nothing_is_opened_under_a_published_summary(drafted: Panel) -> None:
    chair = drafted.cast.viewer("finn")
    for verb in ("ask_review", "close_review", "publish"):
        move(drafted, verb)
    poll = ballots.create_poll(chair, drafted.forum_session.id, parse_poll({
        "kind": "rating", "title": "Later", "statements": "Something else.", "rule": "percent_agreement"}))
    for identifier in (poll.id, drafted.priorities().id):
        with pytest.raises(Conflict, match="correction"):
            ballots.move_poll(chair, identifier, verb="open")
        db.session.rollback()
    move(drafted, "correct", reason="One more vote")
    assert ballots.move_poll(chair, poll.id, verb="open").state == "open"


def test_a_statement_that_went_back_has_one_vote_and_one_other_wording(drafted: Panel) -> None:
    line = statements(drafted)[0]
    changed = reword(drafted, line, "Release by potency should be the default.")
    assert changed.earlier_wordings == (STATEMENTS[0],)
    back = reword(drafted, changed, line.text)
    assert back.earlier_wordings == ("Release by potency should be the default.",)
    assert [vote.is_current for vote in back.votes] == [True]
    text = printed(working_summary(drafted.forum_session, is_chair=True))
    assert "Vote on the earlier wording" not in text
    again = reword(drafted, back, "Release by potency should be the default.")
    assert again.earlier_wordings == (STATEMENTS[0],)
    assert [vote.is_current for vote in again.votes] == [False]
    text = printed(working_summary(drafted.forum_session, is_chair=True))
    assert text.count(f"Vote on the earlier wording “{STATEMENTS[0]}”") == 1


def test_a_new_owner_is_no_earlier_wording(drafted: Panel) -> None:
    line = write(drafted, "Write the matrix down.", kind=LineKind.ACTION, owner="Somebody")
    writing.reword_line(drafted.cast.viewer("finn"), int(line.key[1:]), wording=line.wording,
                        words=Wording(text=line.text, owner="Somebody else"))
    found = next(one for one in now(drafted).lines if one.key == line.key)
    assert (found.owner, found.earlier_wordings) == ("Somebody else", ())
