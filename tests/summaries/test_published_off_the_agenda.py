"""A published summary stays in the meeting's report and archive when its session is taken off the agenda, and no other
session takes it over by its code."""

import io
import json
import re
import zipfile

import pytest
import yaml

from sigforum.agenda import queries as agenda
from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.plans import compare_agenda
from sigforum.exports.bundle import write_bundle
from sigforum.extensions import db
from sigforum.summaries.assemble import meeting_sheets, meeting_summary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.domain import LineKind
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.registry import SummaryFormat, format_named
from sigforum.verification.bundle import check_bundle
from sigforum.verification.findings import Status
from tests.casting import Cast
from tests.summaries.panel import Panel
from tests.summaries.test_life import move, write

KEPT = {"title": "Cells that stay", "days": [{"label": "DAY 1", "date": "2026-06-16", "slots": [{
    "number": 1, "title": "Making", "sessions": [{
        "code": "1B", "title": "Keeping cells", "central_question": "How should cells be kept?",
        "questions": ["For how long can cells be kept?"]}]}]}]}
OTHER = {"code": "1A", "title": "Something wholly different", "central_question": "Why?",
         "questions": ["Really, what is all of this about?"]}


def plan(*sessions: dict[str, object]) -> bytes:
    found = json.loads(json.dumps(KEPT))
    found["days"][0]["slots"][0]["sessions"] += sessions
    return yaml.safe_dump(found).encode()


def take_in(cast: Cast, *sessions: dict[str, object]) -> None:
    import_agenda(None, agenda.meeting_by_slug(cast.slug), read_agenda(plan(*sessions)))
    db.session.expire_all()


def documents(cast: Cast) -> list[tuple[str, str, bool]]:
    found = meeting_summary(agenda.meeting_by_slug(cast.slug))
    return [(one.forum_session.code, one.forum_session.title, one.is_frozen) for one in found.documents]


def archive(cast: Cast) -> bytes:
    """The archive, with quick formats in the place of slow ones."""
    def quick(one: SummaryFormat, document: SummaryDocument) -> bytes:
        return (one if one.name in ("json", "csv") else format_named("markdown")).write(document)
    meeting = agenda.meeting_by_slug(cast.slug)
    return write_bundle(meeting_summary(meeting), software="sigforum", sheets=meeting_sheets(meeting), write=quick)


@pytest.fixture
def published(panel: Panel) -> Panel:
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems.", kind=LineKind.ANSWER)
    for verb in ("ask_review", "close_review", "publish"):
        move(panel, verb)
    return panel


def test_published_summary_of_a_session_off_the_agenda_stays_in_report_and_archive(published: Panel) -> None:
    cast = published.cast
    take_in(cast)
    assert documents(cast) == [("1B", "Keeping cells", False), ("1A", "Making cells", True)]
    made = archive(cast)
    assert any(name.startswith("1A/") for name in zipfile.ZipFile(io.BytesIO(made)).namelist())
    assert not [one for one in check_bundle(made, name="b.zip") if one.status is Status.DIFFERS]


def test_another_session_does_not_come_by_the_summary_through_its_code(published: Panel) -> None:
    cast = published.cast
    take_in(cast)
    take_in(cast, OTHER)
    assert documents(cast) == [("1B", "Keeping cells", False), ("1A", "Something wholly different", False),
                               ("1A", "Making cells", True)]
    made = archive(cast)
    assert not [one for one in check_bundle(made, name="b.zip") if one.status is Status.DIFFERS]


def test_same_session_comes_back_with_its_summary_also_when_its_title_was_touched(published: Panel) -> None:
    cast = published.cast
    take_in(cast)
    take_in(cast, {"code": "1A", "title": "Making the cells", "central_question": "How should cells be made?"})
    assert documents(cast) == [("1B", "Keeping cells", False), ("1A", "Making cells", True)]


def test_preview_names_the_published_summary_that_goes_off_the_agenda(published: Panel) -> None:
    change = compare_agenda(agenda.meeting_by_slug(published.cast.slug), read_agenda(plan()))
    assert change.losses[0] == (
        "Session 1A Making cells, whose published summary stays in the meeting's report and archive")


def test_page_of_the_whole_meeting_leads_to_it_and_says_so(published: Panel, sign_in) -> None:
    take_in(published.cast)
    take_in(published.cast, OTHER)
    browser = sign_in(published.cast.person("ada"))
    page = browser.get(f"/meetings/{published.cast.slug}/summary").get_data(as_text=True)
    listed = page[page.index("summary-sessions"):]
    assert "Making cells" in listed
    assert "no longer on the agenda" in listed
    code = re.findall(r"/sessions/(1A-old\d+)/summary", listed)[0]
    own = browser.get(f"/meetings/{published.cast.slug}/sessions/{code}/summary").get_data(as_text=True)
    assert "In closed systems." in own
