"""Moments are printed on the meeting's clocks, with their name, on pages and in files; their JSON stays in UTC."""

import json
import re
from datetime import UTC, datetime

import pytest

from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.people.hours import save_hours
from sigforum.summaries.assemble import session_summary, working_summary
from sigforum.summaries.document.reading import read_document
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import format_named
from sigforum.summaries.wording import moment_text
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from tests.casting import Cast

POSTED = datetime(2026, 6, 16, 22, 30, tzinfo=UTC)


@pytest.fixture
def said(cast: Cast) -> Cast:
    """A response of half past ten in the evening, UTC, in a meeting whose clocks show seven in the morning."""
    post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[1].id, parent_id=None, key="a-response", text="Near the patient"))
    db.session.execute(db.update(Response).values(posted_at=POSTED))
    db.session.commit()
    save_hours(cast.viewer("ada"), db.session.get_one(Meeting, cast.meeting_id), {"time_zone": "Asia/Tokyo"})
    return cast


def test_page_of_a_summary_prints_the_meetings_time(said: Cast, sign_in) -> None:
    page = sign_in(said.person("ada")).get(f"/meetings/{said.slug}/sessions/1A/summary").get_data(as_text=True)
    assert "17 June 2026, 07:30 Asia/Tokyo" in page
    assert "22:30 UTC" not in page


def test_page_of_a_session_prints_the_meetings_time(said: Cast, sign_in) -> None:
    page = sign_in(said.person("ada")).get(f"/meetings/{said.slug}/sessions/1A").get_data(as_text=True)
    assert "17 Jun 07:30 Asia/Tokyo" in page
    assert not re.search(r"\d\d:\d\d UTC", page)


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_file_of_a_summary_prints_the_meetings_time(said: Cast, name: str) -> None:
    written = format_named(name).write(session_summary(said.forum_session())).decode()
    assert "17 June 2026, 07:30 Asia/Tokyo" in written
    assert "22:30 UTC" not in written


def test_json_keeps_the_moments_and_reads_back_equal(said: Cast) -> None:
    document = working_summary(said.forum_session())
    content = document.to_json()
    assert content["meeting"]["time_zone"] == "Asia/Tokyo"
    assert "2026-06-16T22:30:00Z" in json.dumps(content)
    again = read_document(SummaryDocument, content)
    assert (again.to_json(), again.inputs_sha256) == (content, document.inputs_sha256)
    assert moment_text(again.questions[1].said[0].posted_at) == "17 June 2026, 07:30 Asia/Tokyo"


def test_document_without_a_zone_is_written_as_it_was(cast: Cast) -> None:
    content = working_summary(cast.forum_session()).to_json()
    assert "time_zone" not in content["meeting"]
    assert moment_text(POSTED) == "16 June 2026, 22:30 UTC"
