"""Who may vote, asked in two ways."""

from sigforum.people import invited_queries, queries
from sigforum.people.actions import invite_people
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from tests.casting import Cast

LIST = """name,email,role,sessions
Only In 1A,only1a@example.org,participant,1A
Only In 1B,only1b@example.org,participant,1B
In Both,both@example.org,participant,1A 1B
"""


def test_voters_of_a_session_are_those_whom_the_viewer_lets_vote(cast: Cast) -> None:
    codes = {found.code: found.id for found in cast.forum_session().meeting.forum_sessions}
    invite_people(cast.viewer("ada"), parse_invitations(LIST, codes=codes).people, send_mail=False)
    for forum_session_id in codes.values():
        in_one_query = [voter.person_id for voter in invited_queries.voters(cast.meeting_id, forum_session_id)]
        by_viewer = [member.person_id for member in queries.members(cast.meeting_id)
                     if member.status != MembershipStatus.REVOKED and member.viewer().votes_in(forum_session_id)]
        assert in_one_query == sorted(by_viewer)
        assert len(in_one_query) == 5
