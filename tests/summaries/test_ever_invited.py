"""Everybody ever invited stays in the count, whoever declined, was removed or erased, in every file."""

import csv
import io
import json

import pytest

from sigforum.ballots import queries as ballots
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member, erase_own_data
from sigforum.oversight.domain import Texts
from sigforum.people import queries as people
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.answering import answer_invitation
from sigforum.people.forms import parse_invitations
from sigforum.summaries.assemble import meeting_summary, working_summary
from sigforum.summaries.document.people import Participation
from sigforum.summaries.domain import LineKind, Stance
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.registry import all_formats, format_named
from sigforum.verification.document import check_document
from sigforum.verification.findings import Status
from sigforum.verification.polls import Sheets
from tests.casting import Cast
from tests.summaries.panel import Panel, readable
from tests.summaries.test_life import move, now, review, write

MORE = """name,email,stakeholder group,role,sessions
Nan Silent,nan@example.org,Industry,participant,
Dee Clines,dee@example.org,Industry,participant,
Only Keeping,only@example.org,Industry,participant,1B
"""


@pytest.fixture
def invited(panel: Panel) -> Panel:
    """The panel with three more who have not answered; dov has not either, and rex accepted and was removed."""
    codes = {found.code: found.id for found in panel.cast.forum_session().meeting.forum_sessions}
    invite_people(panel.cast.viewer("ada"), parse_invitations(MORE, codes=codes).people, send_mail=False)
    return panel


def counted(panel: Panel) -> Participation:
    db.session.rollback()
    return working_summary(panel.forum_session).participation


def decline(cast: Cast, name: str) -> None:
    answer_invitation(cast.person(name), slug=cast.slug, verb="decline")


def remove(cast: Cast, name: str) -> None:
    member = people.membership(cast.person(name).id, meeting_id=cast.meeting_id)
    revoke_membership(cast.viewer("ada"), member.id)


def test_nobody_leaves_those_ever_invited(invited: Panel) -> None:
    before = counted(invited)
    assert (before.invited, before.accepted) == (13, 10), "9 of the panel, rex who was removed later, dov, nan and dee"
    decline(invited.cast, "dee")
    remove(invited.cast, "nan")
    remove(invited.cast, "p7")
    erase_own_data(invited.cast.person("p1").id, texts=Texts.KEEP)
    erase_own_data(invited.cast.ids["dov"], texts=Texts.WITHDRAW)
    after = counted(invited)
    assert (after.invited, after.accepted) == (before.invited, before.accepted)
    assert (after.responses, after.replies, after.posted) == (before.responses, before.replies, before.posted)
    assert [(one.label, one.invited, one.accepted) for one in after.groups] == [
        (one.label, one.invited, one.accepted) for one in before.groups]
    assert len(before.groups) > 1, "there are groups whose counts could change"


def test_the_rest_is_split_into_what_became_of_it(invited: Panel) -> None:
    decline(invited.cast, "dee")
    remove(invited.cast, "p7")
    erase_own_data(invited.cast.person("p1").id, texts=Texts.KEEP)
    erase_own_data(invited.cast.ids["dov"], texts=Texts.WITHDRAW)
    found = json.loads(json.dumps(working_summary(invited.forum_session).to_json()))["participation"]
    assert {name: found.get(name) for name in (
        "invited", "accepted", "declined", "removed", "erased", "unanswered", "removed_later", "erased_later")} == {
            "invited": 13, "accepted": 10, "declined": 1, "removed": 0, "erased": 1, "unanswered": 1,
            "removed_later": 2, "erased_later": 1}


def test_an_erased_person_stays_in_the_own_session_alone(invited: Panel) -> None:
    cast = invited.cast
    in_first, in_second = counted(invited).invited, working_summary(cast.forum_session("1B")).participation.invited
    member = people.membership(cast.person("only").id, meeting_id=cast.meeting_id)
    erase_member(cast.viewer("ada"), member.id, texts=Texts.KEEP)
    assert counted(invited).invited == in_first
    assert working_summary(cast.forum_session("1B")).participation.invited == in_second


def test_a_round_counts_everybody_ever_invited(invited: Panel) -> None:
    decline(invited.cast, "dee")
    poll = invited.rate(until="open")
    before = ballots.result(poll, poll.rounds[-1]).headcount
    assert (before.invited, before.entitled) == (13, 9)
    remove(invited.cast, "nan")
    remove(invited.cast, "p1")
    after = ballots.result(poll, poll.rounds[-1]).headcount
    assert (after.invited, after.entitled) == (13, 9), "p1 voted, so the vote and its voter count"


def test_the_meeting_counts_them_too(invited: Panel) -> None:
    meeting = invited.forum_session.meeting
    before = meeting_summary(meeting).synthesis.presence
    decline(invited.cast, "dee")
    remove(invited.cast, "nan")
    erase_own_data(invited.cast.person("p1").id, texts=Texts.KEEP)
    db.session.rollback()
    after = meeting_summary(invited.forum_session.meeting).synthesis.presence
    assert (after.invited, after.accepted, before.invited) == (14, 10, 14)
    assert after.groups == before.groups


def test_declared_interests_stay_counted(invited: Panel) -> None:
    before = working_summary(invited.forum_session).interests
    assert before is not None
    erase_own_data(invited.cast.person("p1").id, texts=Texts.KEEP)
    db.session.rollback()
    assert working_summary(invited.forum_session).interests == before


@pytest.mark.parametrize("name", sorted(all_formats()))
def test_every_format_says_how_many_were_invited(invited: Panel, name: str) -> None:
    decline(invited.cast, "dee")
    remove(invited.cast, "nan")
    document = working_summary(invited.forum_session)
    text = readable(format_named(name).write(document), format_named(name).extension)
    if name == "csv":
        rows = {(row[1], row[2], row[4]): row[5] for row in csv.reader(io.StringIO(text.replace(" ", "\n")))
                if len(row) > 5}
        assert rows["participation", "all", "invited"] == "13"
        assert rows["participation", "all", "declined"] == "1"
    elif name == "json":
        found = json.loads(format_named(name).write(document))["participation"]
        assert (found["invited"], found["declined"], found["removed"]) == (13, 1, 1)
    elif name == "xlsx":
        assert "declined" in text
    else:
        assert "1 declined" in text
        assert "1 removed" in text


def test_people_page_and_summary_page_say_so(invited: Panel, sign_in) -> None:
    decline(invited.cast, "dee")
    remove(invited.cast, "nan")
    erase_own_data(invited.cast.person("p1").id, texts=Texts.KEEP)
    browser, slug = sign_in(invited.cast.person("ada")), invited.cast.slug
    page = browser.get(f"/meetings/{slug}/people").get_data(as_text=True)
    assert "ever on the list" in page
    for words in ("1 declined", "2 removed", "1 erased", "2 not answered"):
        assert words in page
    page = browser.get(f"/meetings/{slug}/sessions/1A/summary").get_data(as_text=True)
    assert "<span>13 invited</span><span>10 accepted</span><span>1 declined</span>" in page


def test_a_recount_finds_outcomes_that_do_not_add_up(invited: Panel) -> None:
    decline(invited.cast, "dee")
    document = working_summary(invited.forum_session).to_json()

    def wrong() -> list[str]:
        return [finding.what for finding in check_document(
            document, Sheets(published={}, interim={}), file="x") if finding.status is Status.DIFFERS]
    first = wrong()
    document["participation"]["declined"] = 0
    assert any("what became of everybody invited adds up" in what for what in set(wrong()) - set(first))


def test_reviews_of_those_who_left_stay_counted(invited: Panel) -> None:
    invited.rate()
    begin_summary(invited.cast.viewer("finn"), invited.forum_session.id)
    write(invited, "In closed systems.", kind=LineKind.ANSWER)
    move(invited, "ask_review")
    line = now(invited).lines[0]
    for name in ("p1", "p2", "p3"):
        review(invited, name, line, Stance.APPROVE)
    before = now(invited).lines[0]
    assert (before.approved, before.reviewers) == (3, 9)
    remove(invited.cast, "p2")
    erase_own_data(invited.cast.person("p1").id, texts=Texts.KEEP)
    after = now(invited).lines[0]
    assert (after.approved, after.reviewers) == (3, 9), "nobody raises a share by removing who said otherwise"
