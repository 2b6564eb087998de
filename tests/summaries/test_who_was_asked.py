"""How many were asked to sign, and what they said of a line, does not move when somebody is taken away."""

import re
from collections.abc import Callable

import pytest

from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.forms import parse_invitations
from sigforum.summaries import queries
from sigforum.summaries.assemble import read_version, working_summary
from sigforum.summaries.domain import LineKind
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.forms import NewReview
from sigforum.summaries.reviewing import review_line
from tests.summaries.panel import Panel
from tests.summaries.test_life import move, put_name, write


@pytest.fixture
def asked(panel: Panel) -> Panel:
    """A session whose summary is being signed: p1 and p2 have, the others have not."""
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems. Near the patient only where that is proven.", kind=LineKind.ANSWER)
    move(panel, "ask_review")
    for name in ("p1", "p2"):
        put_name(panel, name)
    return panel


def remove(panel: Panel, name: str) -> None:
    revoke_membership(panel.cast.viewer("ada"), panel.cast.viewer(name).membership_id)


def demote(panel: Panel, name: str) -> None:
    person = panel.cast.person(name)
    invite_people(panel.cast.viewer("ada"), parse_invitations(
        f"name,email,role\n{person.name},{person.email},observer\n", codes={}).people, send_mail=False)


def erase(panel: Panel, name: str) -> None:
    erase_member(panel.cast.viewer("ada"), panel.cast.viewer(name).membership_id, texts=Texts.WITHDRAW)


ACTS = pytest.mark.parametrize("act", [remove, demote, erase])


def told(panel: Panel, sign_in) -> list[str]:
    """Every number of signatures on the chair's page of the session."""
    db.session.rollback()
    page = sign_in(panel.cast.person("finn")).get(f"/meetings/{panel.cast.slug}/sessions/1A/summary/draft")
    return re.findall(r"\d+ of \d+ ha\w+ not signed", page.get_data(as_text=True))


@ACTS
def test_taking_somebody_away_does_not_tell_whether_they_had_signed(
        asked: Panel, sign_in, act: Callable[[Panel, str], None]) -> None:
    before = told(asked, sign_in)
    assert before
    act(asked, "p1")
    after_signer = told(asked, sign_in)
    act(asked, "p4")
    assert (after_signer, told(asked, sign_in)) == (before, before)


@ACTS
def test_published_signatures_stay_of_as_many_as_were_asked(
        asked: Panel, act: Callable[[Panel, str], None]) -> None:
    for verb in ("close_review", "publish"):
        move(asked, verb)
    first = read_version(queries.newest_version(asked.forum_session.id)).sign_offs
    for name in ("p4", "p5"):
        act(asked, name)
    move(asked, "correct", reason="A word beside the text was wrong")
    for verb in ("ask_review", "close_review", "publish"):
        move(asked, verb)
    db.session.rollback()
    again = read_version(queries.newest_version(asked.forum_session.id)).sign_offs
    assert first.entitled > 2
    assert (again.entitled, len(again.listed)) == (first.entitled, len(first.listed))


@ACTS
def test_taking_somebody_away_does_not_tell_what_they_said_of_a_line(
        asked: Panel, act: Callable[[Panel, str], None]) -> None:
    line = queries.summary_of(asked.forum_session.id).standing[0]
    for name, stance in (("p1", "approve"), ("p2", "dissent"), ("p3", "approve")):
        review_line(asked.cast.viewer(name), line.id, NewReview(
            wording=line.wording.number, stance=stance, text="Because" if stance != "approve" else ""))

    def counts() -> list[tuple[int, int, int, int]]:
        db.session.rollback()
        found = working_summary(asked.forum_session, is_chair=True).lines
        return [(one.approved, one.commented, one.dissented, one.reviewers) for one in found]

    before = counts()
    assert any(sum(one[:3]) == 3 for one in before)
    for name in ("p2", "p5"):
        act(asked, name)
        assert counts() == before
