"""A meeting with something to take back: a panel that posted, voted, reviewed and signed, and a published summary."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from sigforum.people import queries as people
from sigforum.people.actions import add_member, request_sign_in
from sigforum.people.domain import Role
from sigforum.people.links import make_link
from sigforum.summaries import queries, writing
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Listing, Stance, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.forms import NewReview, NewSignOff
from sigforum.summaries.reviewing import review_line, sign
from tests.casting import Cast
from tests.summaries.panel import Panel, make_panel

# All that names the person whose data is erased in these tests.
TRACES = ("Zebranek", "p1@example.org", "Vantorix")


@dataclass
class Published:
    """The panel's meeting after 1A was published twice."""

    panel: Panel
    poll_id: int

    @property
    def cast(self) -> Cast:
        """The people."""
        return self.panel.cast

    @property
    def person_id(self) -> int:
        """Quill Zebranek, who is to be forgotten."""
        return self.cast.person("p1").id

    @property
    def membership_id(self) -> int:
        """Their place in the meeting."""
        return people.membership(self.person_id, meeting_id=self.cast.meeting_id).id


@pytest.fixture
def published(cast: Cast) -> Published:
    """Quill posted, rated, laid points, dissented, owns an action, signed, agreed to be quoted, and was mailed."""
    panel = make_panel(cast)
    poll = panel.rate()
    finn, forum_session_id = cast.viewer("finn"), panel.forum_session.id
    begin_summary(finn, forum_session_id)
    for kind, text, owner in ((LineKind.ANSWER, "In closed systems. With care.", ""),
                              (LineKind.ACTION, "Write the matrix down.", "Quill Zebranek")):
        writing.write_line(finn, forum_session_id, kind=kind, words=Wording(text=text, owner=owner))
    for verb in ("ask_review", "close_review", "publish", "correct", "ask_review"):
        move_summary(finn, forum_session_id, verb=verb, reason="A mistake" if verb == "correct" else "")
        if verb == "ask_review":
            _review(panel)
    for verb in ("close_review", "publish"):
        move_summary(finn, forum_session_id, verb=verb)
    make_link(cast.person("p1"), lifetime=timedelta(hours=1), meeting_id=cast.meeting_id)
    request_sign_in("p1@example.org")
    return Published(panel, poll.id)


def _review(panel: Panel) -> None:
    """Dissent in one's own words, and sign by name."""
    viewer, forum_session_id = panel.cast.viewer("p1"), panel.forum_session.id
    summary = queries.summary_of(forum_session_id)
    assert summary is not None
    line = next(one for one in summary.standing if one.kind == LineKind.STATEMENT)
    review_line(viewer, line.id, NewReview(
        wording=line.wording.number, stance=Stance.DISSENT, text="I dissent, says Quill."))
    sign(viewer, forum_session_id, NewSignOff(
        revision=summary.revision, listing=Listing.WITH_RESERVATIONS, reservations="Only for adults.",
        may_be_quoted=True))


@pytest.fixture
def in_two_meetings(published: Published) -> Published:
    """Quill takes part in mal's meeting too."""
    other = people.membership(published.cast.ids["mal"], slug=published.cast.other_slug).meeting_id
    add_member(other, person=published.cast.person("p1"), role=Role.PARTICIPANT, accepted=True)
    return published
