"""Points on words that are gone: a response that was edited says so wherever it stands with its points."""

from sqlalchemy import select

from sigforum.ballots import queries
from sigforum.ballots.domain import REWORDED
from sigforum.extensions import db
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import all_formats
from sigforum.threads.actions import edit_response
from sigforum.threads.models import Response
from tests.ballots.polling import move
from tests.casting import Cast
from tests.summaries.panel import make_panel, readable

NEWER = "Hospitals have too much staff; close them."


def written(text: str) -> Response:
    """The response that was posted in these words."""
    return db.session.scalars(select(Response).where(Response.text == text)).one()


def test_points_on_earlier_words_are_told_in_ranking_summary_and_files(cast: Cast, sign_in) -> None:
    panel = make_panel(cast)
    lacking = written("Hospitals lack the staff.")
    edit_response(cast.viewer("p4"), lacking.id, text=NEWER, revision=1)
    page = sign_in(cast.person("p2")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    ranking = page[page.index(f'id="priority-r{lacking.id}"'):].partition("</li>")[0]
    assert "3 points" in ranking
    assert f"{REWORDED} {NEWER}" in ranking
    # In the thread it stands as it was typed.
    assert f'<div class="response-body"><p dir="auto">{NEWER}' in page
    document = session_summary(panel.forum_session)
    assert document.priorities is not None
    told = {item.key: (item.text, item.points) for item in document.priorities.items}
    assert told.pop(f"r{lacking.id}") == (f"{REWORDED}\n\n{NEWER}", 3)
    assert not [text for text, _ in told.values() if REWORDED in text]
    for name, one in all_formats().items():
        if name in ("json", "html", "csv", "markdown"):
            assert REWORDED in readable(one.write(document), one.extension), name


def test_mark_tells_nobody_whether_points_were_laid(cast: Cast) -> None:
    panel = make_panel(cast)
    panel.lay("p2", {})
    lacking = written("Hospitals lack the staff.")
    edit_response(cast.viewer("p4"), lacking.id, text=NEWER, revision=1)
    assert [one.text for one in queries.paper(panel.priorities()).options if one.key == f"r{lacking.id}"] == [
        f"{REWORDED}\n\n{NEWER}"]


def test_edit_after_the_close_changes_nothing_that_was_counted(cast: Cast) -> None:
    panel = make_panel(cast)
    lacking = written("Hospitals lack the staff.")
    move(cast, panel.priorities(), "close")
    edit_response(cast.viewer("p4"), lacking.id, text=NEWER, revision=1)
    poll = panel.priorities()
    assert "Hospitals lack the staff." in [one.text for one in queries.paper(poll, poll.round).options]
