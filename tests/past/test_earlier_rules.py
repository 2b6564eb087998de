"""Rounds that opened under an earlier version of their rule say so beside it, and what that version does otherwise."""

import html
import re

from sqlalchemy import select

from sigforum.agenda.queries import forum_session, meeting_by_slug
from sigforum.ballots import actions as ballots
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.facilitation.actions import show_on_stage
from sigforum.summaries.actions import move_summary
from sigforum.summaries.assemble import session_summary, working_summary
from sigforum.summaries.registry import all_formats
from tests.past.conftest import Past
from tests.past.test_database import pytestmark as both
from tests.past.test_database import viewer
from tests.summaries.panel import readable

pytestmark = both

EARLIER = "Declared under an earlier version of this rule, and judged by that one:"
PRESENT = f"{EARLIER} “present” counts those who answered, and nobody who was there without voting;"
WHOLE_PANEL = f"{EARLIER} “50 % or fewer” is asked of the panel as a whole, not of each stakeholder group;"


def page(past: Past, address: str, card: str = "ben@example.org") -> str:
    found = past.browser(card).get(f"{past.address}{address}")
    assert found.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found.get_data(as_text=True))).split())


def old_poll(title: str) -> Poll:
    found = db.session.scalar(select(Poll).where(Poll.title == title))
    assert found is not None
    return found


def test_pages_of_old_rounds_say_what_their_rule_meant(past: Past) -> None:
    motion, rating = old_poll("Those present"), old_poll("rule seventy_fifteen")
    assert (motion.rule["params"]["majority_of"], rating.rule["params"]["variant"]) == ("present", "variant_out50")
    records = [page(past, f"/polls/{poll.id}") for poll in (motion, rating)]
    for words, record in zip((PRESENT, WHOLE_PANEL), records, strict=True):
        assert record.count(words) == 1
        for address in ("/sessions/1A", "/sessions/1A/summary", "/sessions/1A/summary/versions/1"):
            assert page(past, address).count(words) == 1, address
    # An open round says so on its ballot; kinds without a rule have nothing to say.
    open_poll = past.facts["open_rounds"]["Open confidential"]["poll"]
    assert EARLIER in page(past, f"/polls/{open_poll}/ballot", "v5@example.org")
    assert EARLIER not in page(past, f"/polls/{old_poll('kind single').id}")


def test_wall_and_files_of_old_rounds_say_it_too(past: Past) -> None:
    """A version that was published keeps its bytes, and its page says it beside; what is made from now on holds it."""
    session = forum_session(meeting_by_slug(past.facts["meeting"]).id, "1A")
    assert EARLIER not in readable(all_formats()["json"].write(session_summary(session)), "json")
    move_summary(viewer(past, "finn@example.org"), session.id, verb="correct", reason="To say what the rules meant.")
    document = working_summary(session)
    for name, found in all_formats().items():
        # The printed one has the very words of the HTML file; its fonts for odd characters cannot be read back here.
        if name != "pdf":
            assert EARLIER in " ".join(readable(found.write(document), found.extension).split()), name
    show_on_stage(viewer(past, "finn@example.org"), session.id, poll_id=old_poll("Those present").id)
    assert page(past, "/sessions/1A/projector", "finn@example.org").count(PRESENT) == 1


def test_what_is_declared_now_has_no_such_note(past: Past) -> None:
    finn, session = viewer(past, "finn@example.org"), forum_session(meeting_by_slug(past.facts["meeting"]).id, "1A")
    # Its summary is published, which ends what can be voted there.
    move_summary(finn, session.id, verb="correct", reason="Two questions more.")
    for kind, rule in (("motion", "two_thirds"), ("rating", "seventy_fifteen")):
        new = ballots.create_poll(finn, session.id, parse_poll({
            "kind": kind, "title": f"New {kind}", "statements": "Closed systems come first.", "rule": rule}))
        ballots.move_poll(finn, new.id, verb="open")
        for address in (f"/polls/{new.id}", f"/polls/{new.id}/ballot"):
            assert EARLIER not in page(past, address), address


def test_versions_of_the_past_are_shown_without_what_was_asked_of_their_authors(past: Past) -> None:
    shown = page(past, "/sessions/1A/summary/versions/1")
    assert "Reporting checklist (ACCORD)" in shown
    assert "Name the funders" not in shown
    assert "Authors only" not in shown
