"""An organizer's pages of the agenda: upload and paste, with a preview before anything is stored."""

import io
import random
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sigforum.agenda import plans, queries
from sigforum.agenda.importing.reading import read_agenda
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.agenda.test_cli import REFUSED
from tests.casting import AGENDA, Cast

REWORDED = AGENDA.replace("Where should cells be made?", "In which places should cells be made?")
NEW = "/meetings/new"


class Fields(HTMLParser):
    """The text areas and inputs of a page's forms, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.areas: list[str] = []
        self.inputs: dict[str, str] = {}
        self._is_inside = False
        self.feed(page)
        # A browser drops the first newline of a text area, and sends each line end as two characters.
        self.areas = [area.removeprefix("\n").replace("\n", "\r\n") for area in self.areas]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A text area begins, or an input stands here."""
        named = dict(attrs)
        if tag == "textarea":
            self._is_inside = True
            self.areas.append("")
        elif tag == "input" and named.get("name"):
            self.inputs[str(named["name"])] = named.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        """A text area ends."""
        self._is_inside = self._is_inside and tag != "textarea"

    def handle_data(self, data: str) -> None:
        """Text, inside a text area or not."""
        if self._is_inside:
            self.areas[-1] += data


def agenda_of(cast: Cast) -> str:
    """The address of the cast's import page."""
    return f"/meetings/{cast.slug}/agenda"


def give(browser: Any, address: str, *, way: str, data: bytes, name: str = "agenda.txt") -> TestResponse:
    """Preview an agenda by one of the two ways in."""
    form: Mapping[str, Any] = {"step": "preview"}
    if way == "upload":
        return browser.post(address, data=form | {"file": (io.BytesIO(data), name), "text": ""})
    return browser.post(address, data=form | {"text": data})


@pytest.mark.parametrize("way", ["upload", "paste"])
def test_preview_shows_the_change_and_stores_nothing_until_it_is_confirmed(
        cast: Cast, sign_in, whole_database, way: str) -> None:
    question = cast.forum_session().asked[1]
    post_response(cast.viewer("ben"), NewResponse(
        question_id=question.id, parent_id=None, key="a-response", text="Near the patient"))
    browser = sign_in(cast.person("ada"))
    before = whole_database()
    preview = give(browser, agenda_of(cast), way=way, data=REWORDED.encode())
    page = preview.get_data(as_text=True)
    assert preview.status_code == 200
    assert "<del>Where should cells be made?</del> <ins>In which places should cells be made?</ins>" in page
    assert "1 response stays tied to the wording it answered." in page
    assert whole_database() == before
    fields = Fields(page)
    done = browser.post(agenda_of(cast), data={
        "step": "import", "text": fields.areas[0], "filename": fields.inputs["filename"],
        "seen": fields.inputs["seen"]})
    assert (done.status_code, done.location) == (302, f"/meetings/{cast.slug}")
    assert plans.stored_plan(queries.meeting_by_slug(cast.slug)) == read_agenda(REWORDED.encode())


@pytest.mark.parametrize("name", ["agenda.txt", "agenda.md", "agenda.yaml"])
def test_new_meeting_comes_from_an_upload_in_any_format(cast: Cast, sign_in, name: str) -> None:
    browser = sign_in(cast.person("ada"))
    text = AGENDA if name != "agenda.yaml" else browser.get(f"/meetings/{cast.slug}/agenda.yaml").get_data(
        as_text=True)
    preview = give(browser, NEW, way="upload", data=text.encode(), name=name).get_data(as_text=True)
    fields = Fields(preview)
    done = browser.post(NEW, data={
        "step": "import", "text": fields.areas[0], "filename": fields.inputs["filename"],
        "seen": fields.inputs["seen"]})
    assert done.location == f"/meetings/{cast.slug}-2"
    if name != "agenda.md":
        assert plans.stored_plan(queries.meeting_by_slug(f"{cast.slug}-2")) == read_agenda(AGENDA.encode())
    assert browser.get(done.location).status_code == 200


def test_upload_in_utf_16_survives_the_preview(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("ada"))
    text = AGENDA.replace("kept?", "kept – à jamais?")
    page = give(browser, NEW, way="upload", data=text.encode("utf-16")).get_data(as_text=True)
    fields = Fields(page)
    done = browser.post(NEW, data={"step": "import", "text": fields.areas[0], "seen": fields.inputs["seen"]})
    made = queries.meeting_by_slug(done.location.rpartition("/")[2])
    assert plans.stored_plan(made) == read_agenda(text.encode())


@pytest.mark.parametrize("case", REFUSED)
def test_upload_that_is_no_agenda_is_refused_in_clear_words_and_nothing_is_stored(
        cast: Cast, sign_in, whole_database, case: str) -> None:
    data, word = REFUSED[case]
    name = "agenda.yaml" if "YAML" in case else "agenda.txt"
    status, word = (413, "larger than this site takes") if "50 MB" in case else (422, word)
    browser = sign_in(cast.person("ada"))
    before = whole_database()
    for address, step in ((NEW, "preview"), (NEW, "import"), (agenda_of(cast), "import")):
        answer = browser.post(address, data={"step": step, "file": (io.BytesIO(data), name), "text": ""})
        assert answer.status_code == status
        assert word in answer.get_data(as_text=True)
        assert whole_database() == before


@pytest.mark.parametrize(("text", "word"), [
    ("", "empty"), ("A meeting\n\nNothing is planned.\n", "No forum session was found"),
    ("1A. Title\0\0", "control characters"), ("Meeting\n\n1A. One\n\n1A. Two\n", "already used on line 3"),
    ("sigforum-agenda: 1\ndays:\n- label: [\n", "YAML"),
    ("\x01\x02\x03\x04\ufffd" * 50_000, "No forum session was found"),
])
def test_paste_that_is_no_agenda_is_refused_in_clear_words_and_nothing_is_stored(
        cast: Cast, sign_in, whole_database, text: str, word: str) -> None:
    browser = sign_in(cast.person("ada"))
    before = whole_database()
    for address, step in ((NEW, "preview"), (NEW, "import"), (agenda_of(cast), "import")):
        answer = browser.post(address, data={"step": step, "text": text})
        assert answer.status_code == 422
        assert word in answer.get_data(as_text=True)
        assert whole_database() == before


def test_six_megabytes_are_refused_by_the_reader_and_kept_in_the_form(cast: Cast, sign_in, whole_database) -> None:
    text = "a line of an agenda\n" * 300_000
    browser = sign_in(cast.person("ada"))
    before = whole_database()
    answer = browser.post(NEW, data={"step": "import", "text": text})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "6 MB; an agenda may have at most 5 MB" in page
    assert Fields(page).areas[-1].replace("\r\n", "\n") == text
    assert whole_database() == before


def test_refused_paste_is_kept_to_the_letter(cast: Cast, sign_in) -> None:
    # A first empty line, markup and quotes are where a text area loses something.
    text = "\n\nA <b>meeting</b> & \"more\"\n</textarea><script>alert(1)</script>\nno sessions here\n"
    answer = sign_in(cast.person("ada")).post(NEW, data={"step": "preview", "text": text})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert Fields(page).areas[-1] == text.replace("\n", "\r\n")


def test_wrong_line_is_named(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.person("ada")).post(NEW, data={
        "step": "preview", "text": "Meeting\n\n1A. One\n\n1A. Two\n"})
    assert "Line 5: " in answer.get_data(as_text=True)


def test_unchanged_agenda_says_so_and_offers_no_import(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("ada"))
    exported = browser.get(f"/meetings/{cast.slug}/agenda.yaml").get_data()
    page = give(browser, agenda_of(cast), way="upload", data=exported, name="a.yaml").get_data(as_text=True)
    assert "Nothing would change" in page
    assert 'value="import" disabled' in page


def test_preview_of_a_removed_question_says_what_becomes_of_its_thread(cast: Cast, sign_in) -> None:
    question = cast.forum_session().asked[2]
    post_response(cast.viewer("ben"), NewResponse(
        question_id=question.id, parent_id=None, key="a-response", text="The insurers"))
    newer = AGENDA.replace(f"  • {question.text}\n", "")
    page = give(sign_in(cast.person("ada")), agenda_of(cast), way="paste", data=newer.encode()).get_data(
        as_text=True)
    assert '<dt>Removed</dt><dd>1</dd>' in page
    assert "1 response stays readable, marked as no longer on the agenda." in page


def test_noise_never_breaks_the_page(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("ada"))
    words = ["1A.", "Slot 1:", "DAY 2", "Theme:", "•", "#", "<li>", "|", "June 31", "\t", "+", "é", "---"]
    chance = random.Random(11)
    for _ in range(30):
        text = "\n".join(" ".join(chance.choices(words, k=4)) for _ in range(12))
        assert browser.post(NEW, data={"step": "preview", "text": text}).status_code in (200, 422)
