"""What was written before rules were stored with the words gets the strictest rule it is known to have stood under."""

import pytest
from sqlalchemy import delete, select

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.disclosures.entering import choose_attribution
from sigforum.extensions import db
from sigforum.migrating import downgrade, upgrade
from sigforum.people.domain import MembershipStatus
from sigforum.people.queries import members
from sigforum.threads.models import Response
from sigforum.transaction import MeetingEvent
from tests.casting import Cast
from tests.threads.test_stored_attribution import OTHER_AGENDA, enlarge, rule, say

pytestmark = pytest.mark.both_databases


def written_before(response_id: int) -> tuple[str, str]:
    """The rule and the group that a response has after a database without them is brought to the newest tables."""
    db.session.remove()
    db.engine.dispose()
    downgrade(revision="0012")
    upgrade()
    found = db.session.get_one(Response, response_id)
    return found.attribution, found.role_label


def move(cast: Cast) -> None:
    """Take the question to the other session."""
    import_agenda(cast.viewer("ada"), cast.forum_session().meeting, read_agenda(OTHER_AGENDA.encode()),
                  are_rules_confirmed=True)


def test_session_that_it_was_posted_in_counts(cast: Cast) -> None:
    rule(cast, "1A", "chatham")
    said = say(cast, "ben", "Said plainly")
    move(cast)
    assert written_before(said.id) == ("chatham", "")


def test_rule_that_its_session_had_then_counts(cast: Cast) -> None:
    choose_attribution(cast.viewer("ada"), cast.forum_session().id, attribution="chatham")
    said = say(cast, "ben", "Said plainly")
    move(cast)
    # Nobody relies on the rule of the emptied session any more.
    choose_attribution(cast.viewer("ada"), cast.forum_session().id, attribution="named")
    assert written_before(said.id) == ("chatham", "")


def test_rule_that_ended_before_it_was_posted_does_not_count(cast: Cast) -> None:
    choose_attribution(cast.viewer("ada"), cast.forum_session().id, attribution="chatham")
    choose_attribution(cast.viewer("ada"), cast.forum_session().id, attribution="named")
    assert written_before(say(cast, "ben", "Said by name").id) == ("named", "")


def test_session_that_it_stood_in_on_the_way_counts(cast: Cast) -> None:
    rule(cast, "1B", "chatham")
    said = say(cast, "ben", "Said by name")
    move(cast)
    say(cast, "cyn", "Said there meanwhile", number=2, code="1B")
    import_agenda(cast.viewer("ada"), cast.forum_session().meeting, read_agenda(OTHER_AGENDA.replace(
        "1B. Keeping", "1C. Keeping").encode()), are_rules_confirmed=True)
    assert written_before(said.id) == ("chatham", "")


@pytest.mark.parametrize(("is_imported", "expected"), [(True, "chatham"), (False, "named")])
def test_strictest_of_the_meeting_counts_where_nothing_tells_its_place(
        cast: Cast, is_imported: bool, expected: str) -> None:
    rule(cast, "1B", "chatham")
    said = say(cast, "ben", "Said by name")
    if is_imported:
        import_agenda(cast.viewer("ada"), cast.forum_session().meeting, read_agenda(
            OTHER_AGENDA.replace("Where should cells be made?", "Something new?").encode()))
    db.session.execute(delete(MeetingEvent))
    db.session.commit()
    assert written_before(said.id) == (expected, "")


@pytest.mark.parametrize(("status", "label"), [
    (MembershipStatus.INVITED, ""), (MembershipStatus.ACCEPTED, "Industry")])
def test_group_is_told_where_three_accepted_people_share_it(cast: Cast, status: MembershipStatus, label: str) -> None:
    rule(cast, "1A", "role")
    said = say(cast, "ben", "Said plainly")
    enlarge(cast, "Industry", 2, status=status)
    assert written_before(said.id) == ("role", label)


def test_nothing_else_is_changed(cast: Cast) -> None:
    said = say(cast, "ben", "Said by name")
    before = db.session.scalars(select(Response.text)).all(), len(members(cast.meeting_id))
    assert written_before(said.id) == ("named", "")
    assert (db.session.scalars(select(Response.text)).all(), len(members(cast.meeting_id))) == before
