"""An agenda that gives a session another code, or another session its code, leads nobody to another session's text."""

import re
from html import unescape

import pytest

from sigforum.agenda import queries as agenda
from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.summaries.assemble import meeting_summary
from sigforum.summaries.domain import LineKind
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.registry import format_named
from tests.casting import Cast
from tests.summaries.panel import Panel
from tests.summaries.test_life import move, write

AGENDA = """sigforum-agenda: 1
title: Cells that stay
days:
- label: DAY 1
  date: 2026-06-16
  slots:
  - number: 1
    title: Making
    sessions:
    - {{code: {making}, title: Making cells, central_question: How should cells be made?}}
    - {{code: {keeping}, title: Keeping cells, central_question: How should cells be kept?,
       questions: [For how long can cells be kept?]}}
"""


def renamed(cast: Cast, *, making: str, keeping: str) -> bytes:
    """The agenda with other codes, imported."""
    text = AGENDA.format(making=making, keeping=keeping).encode()
    import_agenda(None, agenda.meeting_by_slug(cast.slug), read_agenda(text))
    return text


def links(browser, address: str) -> list[str]:
    """Where a page leads inside the meeting, the head of every page left out."""
    page = browser.get(address).get_data(as_text=True)
    return [unescape(one) for one in re.findall(r'href="(/meetings/[^"]+)"', page[page.index('id="main"'):])]


@pytest.fixture
def published(panel: Panel) -> Panel:
    """1A, Making cells, published, corrected and published again under the code that it has."""
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems.", kind=LineKind.ANSWER)
    for verb in ("ask_review", "close_review", "publish"):
        move(panel, verb)
    move(panel, "correct", name="ada", reason="A number was wrong.")
    for verb in ("ask_review", "close_review", "publish"):
        move(panel, verb)
    return panel


@pytest.mark.parametrize(("making", "keeping"), [("1B", "1A"), ("2F", "1B")])
def test_page_of_a_published_version_leads_to_its_own_session(published: Panel, sign_in, making: str,
                                                              keeping: str) -> None:
    cast = published.cast
    renamed(cast, making=making, keeping=keeping)
    browser, base = sign_in(cast.person("finn")), f"/meetings/{cast.slug}"
    for page in ("summary", "summary/versions/1"):
        address = f"{base}/sessions/{making}/{page}"
        assert "1A. Making cells" in unescape(re.sub(r"<[^>]+>", "", browser.get(address).get_data(as_text=True)))
        found = links(browser, address)
        assert f"{base}/sessions/{making}/summary/versions/1" in found
        assert f"{base}/exports?session={making}" in found
        assert [one for one in found if "/sessions/" in one and f"/sessions/{making}" not in one] == []
        for one in found:
            assert browser.get(one).status_code == 200, one


def test_search_leads_to_a_place_that_the_page_has(published: Panel, sign_in) -> None:
    cast = published.cast
    renamed(cast, making="1B", keeping="1A")
    browser = sign_in(cast.person("finn"))
    hits = [one for one in links(browser, f"/meetings/{cast.slug}/search?q=systems") if "/summary" in one]
    assert hits
    for hit in hits:
        address, anchor = hit.split("#")
        page = browser.get(address).get_data(as_text=True)
        assert "In closed systems." in page
        assert f'id="{anchor}"' in page


def test_contents_of_the_whole_report_lead_to_each_session(published: Panel) -> None:
    cast = published.cast
    renamed(cast, making="1B", keeping="1A")
    page = format_named("html").write(meeting_summary(agenda.meeting_by_slug(cast.slug))).decode()
    places = re.findall(r' id="([^"]+)"', page)
    assert sorted(places) == sorted(set(places))
    contents = dict(re.findall(r'<li><a href="#([^"]+)">(.+?)</a></li>', page))
    for key, words in contents.items():
        chapter = page[page.index(f'<article class="summary" id="{key}"'):]
        heading = re.search(r"<h1>(.+?)</h1>", chapter)
        assert heading is not None
        assert heading[1] == words


def test_checklist_speaks_of_every_session_where_two_had_one_code(published: Panel) -> None:
    cast = published.cast
    renamed(cast, making="1B", keeping="1A")
    aim = next(item.text for item in meeting_summary(agenda.meeting_by_slug(cast.slug)).checklist
               if item.number == "I2")
    assert "How should cells be made?" in aim
    assert "How should cells be kept?" in aim


def test_preview_names_a_code_that_changes(panel: Panel, sign_in) -> None:
    text = AGENDA.format(making="1B", keeping="1A")
    page = sign_in(panel.cast.person("ada")).post(f"/meetings/{panel.cast.slug}/agenda", data={
        "step": "preview", "text": text}).get_data(as_text=True)
    told = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r'<p class="change-note">(.+?)</p>', page)]
    assert "code: 1A 1B" in told
    assert "code: 1B 1A" in told
