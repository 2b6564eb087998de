"""What somebody was in a session stays in its counts and sentences, whatever role, sessions, group or place they have
later."""

import pytest

from sigforum.agenda.actions import move_forum_session
from sigforum.extensions import db
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people import queries as people
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.forms import parse_invitations
from sigforum.summaries.assemble import meeting_summary, working_summary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import format_named
from tests.summaries.panel import Panel
from tests.summaries.test_without_declared import declare

HEAD = "name,email,stakeholder group,role,sessions\n"


def put(panel: Panel, *rows: str) -> None:
    """Upload a list about people who are in the meeting."""
    codes = {found.code: found.id for found in panel.forum_session.meeting.forum_sessions}
    known = {member.person.email for member in people.members(panel.cast.meeting_id)}
    invite_people(panel.cast.viewer("ada"), parse_invitations(HEAD + "\n".join(rows) + "\n", codes=codes,
                                                              known=known).people, send_mail=False)


def place(panel: Panel, name: str, role: str = "", sessions: str = "", group: str = "") -> str:
    return f",{name}@example.org,{group},{role},{sessions}"


def remove(panel: Panel, *names: str) -> None:
    for name in names:
        member = people.membership(panel.cast.person(name).id, meeting_id=panel.cast.meeting_id)
        revoke_membership(panel.cast.viewer("ada"), member.id)


def close(panel: Panel) -> None:
    for verb in ("go_live", "close"):
        move_forum_session(panel.cast.viewer("finn"), panel.forum_session.id, verb=verb)


def read(panel: Panel) -> SummaryDocument:
    db.session.rollback()
    db.session.expire_all()
    return working_summary(panel.forum_session)


def words(panel: Panel) -> str:
    return format_named("markdown").write(read(panel)).decode()


def test_who_got_another_role_or_other_sessions_stays_invited(panel: Panel) -> None:
    panel.rate()
    before = read(panel)
    assert (before.participation.invited, before.participation.accepted) == (11, 10)
    put(panel, place(panel, "p1", "observer"), place(panel, "p2", sessions="1B"), place(panel, "p3", "facilitator"),
        place(panel, "p4", "organizer"), place(panel, "dov", "observer"))
    after = read(panel)
    assert (after.participation.invited, after.participation.accepted) == (11, 10)
    assert after.participation.outcomes_text == before.participation.outcomes_text
    assert after.participation.groups == before.participation.groups
    assert after.interests is not None
    assert before.interests is not None
    assert after.interests.people == before.interests.people == 10
    assert after.method is not None
    assert before.method is not None
    assert after.method.answers == before.method.answers
    assert "Everybody ever invited stays counted: 11 were invited, 10 accepted" in words(panel)


def test_whole_meeting_counts_them_too(panel: Panel) -> None:
    before = meeting_summary(panel.forum_session.meeting).synthesis.presence
    put(panel, place(panel, "p1", "observer"), place(panel, "p2", sessions="1B"), place(panel, "p3", "facilitator"))
    db.session.expire_all()
    after = meeting_summary(panel.forum_session.meeting).synthesis.presence
    assert (after.invited, after.accepted) == (before.invited, before.accepted) == (11, 10)


def test_open_round_counts_the_same_people_as_invited(panel: Panel) -> None:
    put(panel, place(panel, "p1", "observer"), place(panel, "cyn", sessions="1B"))
    found = read(panel)
    assert found.participation.invited == 11
    assert found.priorities is not None
    assert found.priorities.turnout.invited == 11


@pytest.mark.parametrize("fate", ["removed", "erased", "moved and removed"])
def test_what_somebody_declared_stays_counted(panel: Panel, fate: str) -> None:
    declare(panel, "p4", "p5", "p6")
    panel.rate()
    before = read(panel).interests
    assert before is not None
    assert before.declared == 3
    for name in ("p4", "p5", "p6"):
        if fate == "moved and removed":
            put(panel, place(panel, name, "observer"))
            assert read(panel).interests == before
        if fate == "erased":
            member = people.membership(panel.cast.person(name).id, meeting_id=panel.cast.meeting_id)
            erase_member(panel.cast.viewer("ada"), member.id, texts=Texts.KEEP)
        else:
            remove(panel, name)
        assert read(panel).interests == before, "the difference would be what one person declared"


def test_who_is_gone_before_declaring_stays_among_those_who_did_neither(panel: Panel) -> None:
    before = read(panel).interests
    remove(panel, "p1")
    assert read(panel).interests == before


def test_who_chaired_did_so_whatever_they_are_now(panel: Panel) -> None:
    panel.rate()
    was = "1 facilitator (Finn Facilitator) ran the session."
    assert was in words(panel)
    put(panel, place(panel, "finn", sessions="1B"))
    assert was in words(panel)
    put(panel, place(panel, "finn", "observer"))
    assert was in words(panel)
    remove(panel, "finn")
    assert was in words(panel)


def test_chair_who_is_only_removed_still_ran_it(panel: Panel) -> None:
    remove(panel, "finn")
    assert "1 facilitator (Finn Facilitator) ran the session." in words(panel)


def test_who_came_after_the_close_did_not_run_it(panel: Panel) -> None:
    panel.rate()
    close(panel)
    put(panel, place(panel, "p3", "facilitator"), place(panel, "gus", sessions="1A"))
    assert "1 facilitator (Finn Facilitator) ran the session." in words(panel)


def test_nobody_who_voted_is_said_to_have_had_no_vote(panel: Panel) -> None:
    panel.rate()
    put(panel, place(panel, "p1", "observer"), place(panel, "p3", "facilitator"))
    found = words(panel)
    assert "Facilitators and organizers could not vote" not in found
    assert "observers had no vote" not in found


def test_groups_of_a_closed_session_are_those_of_its_close(panel: Panel) -> None:
    panel.rate()
    close(panel)
    before = read(panel).participation.groups
    assert before
    put(panel, *(place(panel, name, group="Patient") for name in ("p1", "p2", "p3")))
    assert read(panel).participation.groups == before


def test_list_that_is_put_right_before_anybody_was_asked_invites_nobody(panel: Panel) -> None:
    put(panel, "Nan,nan@example.org,Industry,participant,1A")
    assert read(panel).participation.invited == 12
    put(panel, place(panel, "nan", sessions="1B"))
    assert read(panel).participation.invited == 11
