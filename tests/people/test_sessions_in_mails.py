"""What a mail says of somebody's sessions once the agenda has lost them."""

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.queries import meeting_by_slug
from sigforum.people.composing import values_for
from sigforum.people.queries import membership
from tests.casting import AGENDA, Cast


def test_whose_only_session_was_taken_off_is_not_told_all_sessions(cast: Cast) -> None:
    def told(name: str) -> str:
        return values_for(membership(cast.ids[name], meeting_id=cast.meeting_id), link="")["sessions"]
    assert (told("gus"), told("finn"), told("ben")) == ("1B", "1A", "all sessions")
    import_agenda(None, meeting_by_slug(cast.slug), read_agenda(AGENDA[:AGENDA.index("1B.")].encode()))
    assert (told("gus"), told("finn"), told("ben")) == ("none that is still on the agenda", "1A", "all sessions")
