"""While a summary is reviewed and signed the log tells nobody, organizers included, who did so; afterwards it says of
reviews what the session's rule allows, and of signatures nothing."""

from collections.abc import Callable

import pytest

from sigforum.audit.actions import record
from sigforum.oversight.audit_log import log_csv
from sigforum.summaries import queries, writing
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Listing, Stance, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.forms import NewReview, NewSignOff
from sigforum.summaries.reviewing import review_line, sign
from sigforum.transaction import transaction
from tests.casting import Cast
from tests.summaries.panel import make_panel

NAME = "Quill Zebranek"


@pytest.fixture
def move(cast: Cast) -> Callable[[str], None]:
    """Moves the summary of 1A, which Quill dissents from and signs while it is in review."""
    panel = make_panel(cast)
    panel.rate()
    finn, identifier = cast.viewer("finn"), panel.forum_session.id
    begin_summary(finn, identifier)
    writing.write_line(finn, identifier, kind=LineKind.ANSWER, words=Wording(text="In closed systems."))

    def moving(verb: str) -> None:
        move_summary(finn, identifier, verb=verb)
        if verb != "ask_review":
            return
        summary, viewer = queries.summary_of(identifier), cast.viewer("p1")
        assert summary is not None
        review_line(viewer, summary.standing[0].id, NewReview(
            wording=summary.standing[0].wording.number, stance=Stance.DISSENT, text="I dissent."))
        sign(viewer, identifier, NewSignOff(revision=summary.revision, listing=Listing.NOT_LISTED, reservations="",
                                            may_be_quoted=False))
    return moving


def told(cast: Cast, sign_in, verb: str) -> set[bool]:
    """Whether Quill is named for a verb: on the page, by the filter, and in the file."""
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/audit"
    page = browser.get(f"{address}?verb={verb}").text.partition('data-label="No."')[2]
    assert page, f"nobody did {verb}"
    by_person = browser.get(f"{address}?verb={verb}&person={cast.viewer('p1').membership_id}").text
    rows = [row for row in log_csv(cast.meeting_id).decode().splitlines() if f",{verb}," in row]
    return {NAME in page, 'data-label="No."' in by_person, any(NAME in row for row in rows)}


REVIEWS, SIGNATURE = ("summary_line_dissent",), "summary_signed"


def test_nobody_is_named_for_a_review_before_it_is_published(cast: Cast, sign_in, move) -> None:
    for step in ("ask_review", "close_review"):
        move(step)
        for verb in (*REVIEWS, SIGNATURE):
            assert told(cast, sign_in, verb) == {False}, f"{verb} after {step}"
    move("publish")
    for verb in REVIEWS:
        assert told(cast, sign_in, verb) == {True}


def test_who_signed_and_declined_to_be_listed_is_never_told(cast: Cast, sign_in, move) -> None:
    for step in ("ask_review", "close_review", "publish"):
        move(step)
    assert told(cast, sign_in, SIGNATURE) == {False}


def test_no_name_stands_at_the_same_minute_while_people_sign(cast: Cast, sign_in, move) -> None:
    with transaction():
        record("signed_in", meeting_id=cast.meeting_id, actor_id=cast.person("p1").id,
               subject=f"person {cast.person('p1').id}")
    assert told(cast, sign_in, "signed_in") == {True}
    move("ask_review")
    assert told(cast, sign_in, "signed_in") == {False}
    for step in ("close_review", "publish"):
        move(step)
    assert told(cast, sign_in, "signed_in") == {True}
