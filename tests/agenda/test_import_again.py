"""Importing an agenda again: what it does not mention stays, and the page and the command tell everything else."""

import html
import re
import threading
import unicodedata

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from sigforum.agenda import hooks, plans, queries
from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.cli import main
from sigforum.extensions import db
from tests.agenda.test_routes import Fields, agenda_of
from tests.casting import Cast
from tests.previewing import post_seen

WHOLE = """\
Cells that stay

16–17 June 2026

This meeting brings invited experts together to agree on what should be done next about cells that stay.

DAY 1, June 16

Slot 1: Making

1A. Making cells
Theme: Manufacturing | Modality: autologous
Central question: How should cells be made?
  • Where should cells be made?
  • Who should pay for making cells?

1B. Keeping cells
Theme: Storage | Modality: allogeneic
Central question: How should cells be kept?
  • For how long can cells be kept?

DAY 2, June 17

Slot 2: Giving

2A. Giving cells
Central question: How should cells be given?
  • Who gives them?

FAQs

Who can take part?
By invitation only, please write to the office.

Is there a fee?
No fee at all.
"""
SESSIONS = WHOLE[WHOLE.index("DAY 1"):WHOLE.index("FAQs")]


@pytest.fixture
def whole(cast: Cast) -> Cast:
    """The cast's meeting with an introduction, two dated days and FAQs."""
    import_agenda(None, queries.meeting_by_slug(cast.slug), read_agenda(WHOLE.encode()))
    assert stored(cast) == read_agenda(WHOLE.encode())
    return cast


def stored(cast: Cast):
    """The agenda as it is stored now."""
    return plans.stored_plan(queries.meeting_by_slug(cast.slug))


def preview(cast: Cast, sign_in, text: str) -> str:
    """The preview's page."""
    answer = sign_in(cast.person("ada")).post(agenda_of(cast), data={"step": "preview", "text": text})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def confirm(cast: Cast, sign_in, page: str, *, ticked: bool = True):
    """Press the preview's button, with its box ticked or not."""
    fields = Fields(page)
    data = {name: value for name, value in fields.inputs.items() if ticked or name != "accepts_losses"}
    return sign_in(cast.person("ada")).post(agenda_of(cast), data=data | {"step": "import", "text": fields.areas[0]})


CHANGES = {
    "title": ("Cells that stay\n\n16", "Cells that go\n\n16", "Title Cells that stay Cells that go"),
    "introduction": ("done next", "done first", "done first about cells that stay."),
    "last day": ("16–17 June 2026", "16–18 June 2026", "Last day 2026-06-17 2026-06-18"),
    "answer": ("No fee at all.", "A small fee.", "No fee at all. A small fee."),
    "question of the FAQs": ("Is there a fee?", "Is there any fee?", "FAQ Is there a fee? Is there any fee?"),
    "date of a day": ("DAY 2, June 17", "DAY 2, June 16", "2026-06-17 2026-06-16"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_change_of_one_thing_alone_is_told_and_stored(whole: Cast, sign_in, case: str) -> None:
    before, after, told = CHANGES[case]
    newer = WHOLE.replace(before, after)
    page = preview(whole, sign_in, newer)
    assert "Nothing would change" not in page
    assert told in words(page)
    assert "disabled" not in page
    assert confirm(whole, sign_in, page).status_code == 302
    assert stored(whole) == read_agenda(newer.encode())


def test_text_of_the_sessions_alone_changes_nothing_else(whole: Cast, sign_in) -> None:
    before = stored(whole)
    page = preview(whole, sign_in, f"Cells that stay\n\n{SESSIONS}")
    post_seen(sign_in(whole.person("ada")), agenda_of(whole), {
        "step": "import", "text": f"Cells that stay\n\n{SESSIONS}"})
    assert stored(whole) == before
    assert "Nothing would change" in page


def test_question_added_to_a_text_of_the_sessions_is_all_that_changes(whole: Cast, sign_in) -> None:
    before = stored(whole)
    newer = f"Cells that stay\n\n{SESSIONS}".replace("Who gives them?\n", "Who gives them?\n  • Who takes them?\n")
    page = preview(whole, sign_in, newer)
    assert "<dt>Added</dt><dd>1</dd>" in page
    assert confirm(whole, sign_in, page).status_code == 302
    after = stored(whole)
    assert (after.start, after.end, after.intro, after.faqs) == (before.start, before.end, before.intro, before.faqs)
    assert [day.date for day in after.days] == [day.date for day in before.days]
    assert after.days[1].slots[0].forum_sessions[0].questions == ("Who gives them?", "Who takes them?")


def test_fragment_that_takes_much_away_names_it_and_needs_a_tick(whole: Cast, sign_in) -> None:
    fragment = "Cells that stay\n\n" + SESSIONS[:SESSIONS.index("1B.")]
    page = preview(whole, sign_in, fragment)
    told = words(page)
    assert "This text takes away:" in told
    for loss in ("Session 1B Keeping cells", "Session 2A Giving cells", "Day: DAY 2, June 17, 2026-06-17"):
        assert loss in told
    before = stored(whole)
    refused = confirm(whole, sign_in, page, ticked=False)
    assert (refused.status_code, stored(whole)) == (422, before)
    assert words(fragment) in words(refused.get_data(as_text=True))
    assert confirm(whole, sign_in, page).status_code == 302
    assert [one.forum_session.code for one in stored(whole).forum_sessions] == ["1A"]
    assert len(stored(whole).faqs) == 2, "the fragment says nothing of FAQs"


def test_other_faqs_in_place_of_all_need_a_tick(whole: Cast, sign_in) -> None:
    page = preview(whole, sign_in, WHOLE[:WHOLE.index("Who can take part?")] + "Zebras?\nNone.\n")
    assert "FAQ: Is there a fee? No fee at all." in words(page)
    assert "This text takes away:" in words(page)


def test_faqs_pasted_without_their_answers_keep_them(whole: Cast, sign_in) -> None:
    before = stored(whole)
    text = WHOLE.replace("By invitation only, please write to the office.\n", "").replace("No fee at all.\n", "")
    post_seen(sign_in(whole.person("ada")), agenda_of(whole), {"step": "import", "text": text})
    assert stored(whole).faqs == before.faqs


def test_same_words_in_another_normal_form_are_the_same_words(whole: Cast, sign_in) -> None:
    composed = WHOLE.replace("Where should", "Où: where should").replace("Making cells\n", "Faire à l'étranger\n")
    assert unicodedata.normalize("NFD", composed) != composed
    ada = sign_in(whole.person("ada"))
    post_seen(ada, agenda_of(whole), {"step": "import", "text": composed})
    page = preview(whole, sign_in, unicodedata.normalize("NFD", composed))
    assert "Nothing would change" in page
    before = stored(whole)
    post_seen(ada, agenda_of(whole), {"step": "import", "text": unicodedata.normalize("NFD", composed)})
    assert stored(whole) == before


def test_command_tells_the_same_and_needs_its_own_word_for_losses(whole: Cast, app: Flask, tmp_path) -> None:
    path = tmp_path / "agenda.txt"

    def run(text: str, *options: str):
        path.write_text(text)
        return CliRunner().invoke(main, ["agenda", "import", str(path), "--meeting", whole.slug, *options])
    told = run(WHOLE.replace("Cells that stay\n\n16", "Cells that go\n\n16")).output
    assert "changed: title: Cells that stay -> Cells that go" in told
    assert "Nothing changes." not in told
    fragment = "Cells that go\n\n" + SESSIONS[:SESSIONS.index("1B.")]
    before = stored(whole)
    refused = run(fragment)
    assert (refused.exit_code, stored(whole)) == (1, before)
    assert "Session 1B Keeping cells" in refused.output
    assert run(fragment, "--accept-losses").exit_code == 0
    assert stored(whole) != before


def test_hours_go_with_their_slots_and_those_of_a_slot_that_goes_are_named(whole: Cast, sign_in) -> None:
    ada = sign_in(whole.person("ada"))
    ada.post(f"/meetings/{whole.slug}/people/hours", data={
        "time_zone": "Europe/Berlin", "starts-1.1": "09:00", "ends-1.1": "10:30", "starts-2.1": "14:00",
        "ends-2.1": "15:30"})
    first, second = SESSIONS[:SESSIONS.index("DAY 2")], SESSIONS[SESSIONS.index("DAY 2"):]
    # A day before the first one moves both slots to another place.
    early = "DAY 0, June 15\n\nSlot 0: Before\n\n0A. Arriving\nCentral question: When?\n  • Where?\n\n"
    newer = WHOLE.replace(SESSIONS, early + SESSIONS).replace("16–17 June", "15–17 June")
    post_seen(ada, agenda_of(whole), {"step": "import", "text": newer})
    page = ada.get(f"/meetings/{whole.slug}/people/hours").get_data(as_text=True)
    hours = dict(re.findall(r'name="(starts-[\d.]+)" value="([\d:]*)"', page))
    assert hours == {"starts-1.1": "", "starts-2.1": "09:00", "starts-3.1": "14:00"}
    told = words(preview(whole, sign_in, newer.replace(early, "").replace(first, "")))
    assert "Hours of Making: 09:00–10:30" in told
    assert second in newer


def test_preview_that_is_out_of_date_is_shown_again_with_the_text(whole: Cast, sign_in) -> None:
    newer = WHOLE.replace("No fee at all.", "A small fee.")
    page = preview(whole, sign_in, newer)
    post_seen(sign_in(whole.person("ada")), agenda_of(whole), {
        "step": "import", "text": WHOLE.replace("Cells that stay\n\n16", "Another name\n\n16")})
    answer = confirm(whole, sign_in, page)
    assert answer.status_code == 409
    assert "The meeting has changed since you saw this preview." in answer.get_data(as_text=True)
    assert "A small fee." in answer.get_data(as_text=True)


@pytest.mark.both_databases
def test_of_two_imports_at_one_moment_the_second_is_shown_what_it_would_undo(whole: Cast, app: Flask, sign_in) -> None:
    texts = [WHOLE.replace("No fee at all.", "A small fee."),
             WHOLE.replace("Where should cells", "By whom should cells")]
    pages = [preview(whole, sign_in, text) for text in texts]
    # Both have been compared with the meeting as it is before either is stored.
    compared, answers = threading.Barrier(2), []
    is_first = threading.local()

    def compare(_meeting_id: int) -> frozenset[int]:
        if getattr(is_first, "is_meant", False):
            is_first.is_meant = False
            compared.wait(timeout=60)
        return frozenset()

    def store(browser: FlaskClient, fields: dict[str, str]) -> None:
        is_first.is_meant = True
        answers.append(browser.post(agenda_of(whole), data=fields))
    hooks.published_summaries.register(compare)
    browsers = [sign_in(whole.person("ada")) for _ in pages]
    forms = [Fields(page) for page in pages]
    threads = [threading.Thread(target=store, args=(browser, form.inputs | {"step": "import", "text": form.areas[0]}))
               for browser, form in zip(browsers, forms, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).get_data(as_text=True)
    assert "The meeting has changed since you saw this preview." in refused
    # The preview is shown anew, with what the other one has stored.
    assert "A small fee." in refused
    assert "By whom should cells" in refused
    db.session.rollback()
    assert stored(whole) in [read_agenda(text.encode()) for text in texts]
