"""What is asked of the authors stands on the page of a draft, and in nothing that others read."""

import re

import pytest
from flask.testing import FlaskClient

from sigforum.extensions import db
from sigforum.summaries import assemble, queries
from sigforum.summaries.assemble import read_version
from sigforum.summaries.domain import LineKind
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.registry import all_formats
from tests.summaries.panel import Panel, readable
from tests.summaries.test_life import move, write

# Sentences that tell somebody to write, and the list's own words for what is open.
ASKED = re.compile(
    r"\b(?:Say (?:why|who|what|whether|how|for whom)|Name (?:the|them|incentives)|Describe the|Discuss them|"
    r"Compare the|Declare the|cite it and|report the outcome)\b|Authors only|Draft to edit|left to report")
READ = [one for one in all_formats() if one not in ("csv", "json", "xlsx")]


@pytest.fixture
def drafted(panel: Panel) -> Panel:
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems.", kind=LineKind.ANSWER)
    return panel


def publish(panel: Panel) -> None:
    for verb in ("ask_review", "close_review", "publish"):
        move(panel, verb)
    db.session.rollback()


def page(panel: Panel, browser: FlaskClient, path: str) -> str:
    answer = browser.get(f"/meetings/{panel.cast.slug}/{path}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.mark.parametrize("name", READ)
def test_published_file_asks_its_reader_for_nothing(drafted: Panel, name: str) -> None:
    publish(drafted)
    found = queries.newest_version(drafted.forum_session.id)
    assert found is not None
    text = readable(all_formats()[name].write(read_version(found)), all_formats()[name].extension)
    assert ASKED.findall(text) == []
    assert "people were invited to this session" in text


@pytest.mark.parametrize("name", READ)
def test_file_of_a_draft_or_of_a_meeting_asks_for_nothing_either(drafted: Panel, name: str) -> None:
    meeting = assemble.meeting_summary(drafted.forum_session.meeting)
    for document in (assemble.working_summary(drafted.forum_session, is_chair=True), meeting):
        text = readable(all_formats()[name].write(document), all_formats()[name].extension)
        assert ASKED.findall(text) == []


def test_page_asks_until_it_is_published(drafted: Panel, sign_in) -> None:
    finn = sign_in(drafted.cast.person("finn"))
    assert "Name the funders and their part" in page(drafted, finn, "sessions/1A/summary/draft")
    assert "Name the funders and their part" in page(drafted, finn, "summary")
    publish(drafted)
    for path in ("sessions/1A/summary", "sessions/1A/summary/versions/1"):
        text = page(drafted, finn, path)
        assert ASKED.findall(text) == []
        assert "Reporting checklist (ACCORD)" in text
