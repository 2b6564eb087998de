"""Whatever format an agenda comes in, what is stored of it can be typed, addressed, mailed and counted."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest

from sigforum.agenda import queries
from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.agenda.plans import stored_plan
from sigforum.extensions import db
from sigforum.people import queries as people
from sigforum.people.calendars import calendar_samples
from sigforum.people.inviting_models import MeetingCalendar
from tests.casting import Cast

YAML = '''sigforum-agenda: 1
title: {title}
start: {start}
end: {start}
days:
  - label: "DAY 1"
    date: {day}
    slots:
      - number: {number}
        title: Making
        sessions:
          - code: {code}
            title: Making cells
            theme: {theme}
            central_question: How?
            questions: [{question}]
'''
USUAL = {"title": "Cells", "start": "2026-06-16", "day": "2026-06-16", "number": "1", "code": "1A", "theme": "Making",
         "question": "Who pays?"}
Post = Callable[[str, str], tuple[int, str]]


@pytest.fixture
def post(cast: Cast, sign_in) -> Post:
    """Gives an agenda as ada, who organizes, and then imports what was shown."""
    browser = sign_in(cast.person("ada"))

    def give(step: str, text: str) -> tuple[int, str]:
        address, fields = f"/meetings/{cast.slug}/agenda", {"text": text, "filename": "a.yaml"}
        page = browser.post(address, data=fields | {"step": "preview"}).get_data(as_text=True)
        seen = re.search(r'name="seen" value="(\w+)"', page)
        name = seen[1] if seen else ""
        answer = browser.post(address, data=fields | {"step": step, "seen": name, "accepts_losses": name})
        return answer.status_code, html.unescape(answer.get_data(as_text=True))
    return give


def only(text: str):
    (found,) = read_agenda(text.encode(), filename="a.yaml").forum_sessions
    return found.forum_session


@pytest.mark.parametrize("code", [
    '"1A\\n"', "|\n              1A", '"1A\\L"', '"1A\\P"', '"1A\\N"', '"1A\\u200b"', '"1A\\u00ad"',
    '"\\u200f1A"', '" 1A\\t"',
    '"1\\u2066A"'])
def test_code_can_be_typed_again(code: str, cast: Cast, post: Post, sign_in) -> None:
    assert post("import", YAML.format(**USUAL | {"code": code}))[0] == 302
    db.session.rollback()
    stored = next(iter(stored_plan(queries.meeting_by_slug(cast.slug)).forum_sessions)).forum_session.code
    assert stored == "1A"
    assert sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/sessions/1A").status_code == 200


@pytest.mark.parametrize("code", ['"\\u3164"', '"\\u200b"', '" \\n"'])
def test_code_of_which_nothing_is_seen_is_none(code: str) -> None:
    with pytest.raises(AgendaUnreadable, match=r"Line \d+: This session has no code"):
        only(YAML.format(**USUAL | {"code": code}))


def test_codes_that_look_alike_are_one_code() -> None:
    text = YAML.format(**USUAL)
    twice = text + text[text.index("          - code"):].replace("code: 1A", 'code: "1A\\u200b"')
    with pytest.raises(AgendaUnreadable, match="already used"):
        read_agenda(twice.encode(), filename="a.yaml")


def test_titles_themes_and_questions_are_one_line() -> None:
    folded = '"Cells that stay\\n and\\L grow"'
    plan = read_agenda(YAML.format(**USUAL | dict.fromkeys(("title", "theme", "question"), folded)).encode(),
                       filename="a.yaml")
    (found,) = plan.forum_sessions
    assert {plan.title, found.forum_session.theme, *found.forum_session.questions} == {"Cells that stay and grow"}


def test_text_of_several_paragraphs_keeps_them() -> None:
    text = YAML.format(**USUAL) + "intro: |\n  One.\n\n  Two.\nfaqs:\n  - {question: Why?, answer: \"A.\\n\\nB.\"}\n"
    plan = read_agenda(text.encode(), filename="a.yaml")
    assert (plan.intro, plan.faqs[0].answer) == ("One.\n\nTwo.", "A.\n\nB.")


@pytest.mark.parametrize(("field", "value"), [
    ("number", "3000000000"), ("number", "-1"), ("number", "10000"), ("start", "9999-12-31"), ("day", "0001-01-01"),
    ("day", "1899-12-31"), ("start", "2201-01-01")])
def test_number_or_day_out_of_reach_is_refused_by_its_line(field: str, value: str, cast: Cast, post: Post) -> None:
    text = YAML.format(**USUAL | {field: value})
    line = text[:text.index(f" {value}")].count("\n") + 1
    status, page = post("preview", text)
    assert status == 422
    assert f"Line {line}: " in page
    assert re.search("whole number from 0 to 9999|date of the years 1900 to 2200", page)


def test_line_formats_take_no_day_out_of_reach_for_a_date() -> None:
    text = "Cells\n16-17 June 2026\n\nDAY 1, 9999-12-31\n\n1A. Making cells\nCentral question: Why?\n- One?\n"
    assert [day.date for day in read_agenda(text.encode()).days] == [None]


@pytest.mark.parametrize("years", [("9999-12-31", "9999-12-31"), ("0001-01-01", "0001-01-01")])
@pytest.mark.parametrize("zone", ["", "Pacific/Auckland", "America/Los_Angeles"])
def test_day_stored_long_ago_breaks_no_page(years: tuple[str, str], zone: str, cast: Cast, sign_in) -> None:
    first, last = map(date.fromisoformat, years)
    meeting = db.session.get_one(Meeting, cast.meeting_id)
    meeting.start_on, meeting.end_on, meeting.days[0].held_on = first, last, last
    db.session.merge(MeetingCalendar(meeting_id=meeting.id, time_zone=zone, hours={"1.1": ["09:00", "10:00"]}))
    db.session.commit()
    browser = sign_in(cast.person("ada"))
    browser.post(f"/meetings/{cast.slug}/retention", data={"days": "100"})
    pages = ("people/cards", "people/hours", "retention", "agenda", "people/outbox/invitation", "audit?day=9999-12-31")
    assert {page: status for page in pages
            if (status := browser.get(f"/meetings/{cast.slug}/{page}").status_code) >= 500} == {}
    assert calendar_samples(people.membership(cast.ids["ada"], slug=cast.slug)) is not None


JOINED = ["چه چیزی می‌خواهم؟ Why?", "क्‍या श्री क्ष‌त्र?", "Is 👩‍🔬 or 👨‍👩‍👧 meant?", "ශ්‍රී ලංකා?"]


@pytest.mark.parametrize("words", JOINED)
def test_joiners_that_hold_words_and_pictures_together_stay(words: str) -> None:
    head = "# Cells\n\n16-17 June 2026\n\n## DAY 1, June 16\n\n### 1A. Making cells\n**Central question:** Why?\n\n"
    page = ("<h1>Cells</h1><h2>Day 1, June 16, 2026</h2><h3>1A. Making cells</h3><p>Central question: Why?</p>"
            f"<ul><li>{words}</li></ul>")
    plain = head.replace("#", "").replace("*", "")
    for name, text in (("a.md", f"{head}- {words}\n"), ("a.txt", f"{plain}- {words}\n"), ("a.html", page),
                       ("a.yaml", YAML.format(**USUAL | {"question": f'"{words}"'}))):
        (found,) = read_agenda(text.encode(), filename=name).forum_sessions
        assert found.forum_session.questions == (words,), name


def test_joiner_that_holds_nothing_together_hides_no_code() -> None:
    text = ("Cells\n16-17 June 2026\n\nDAY 1, June 16\n\n\u200c1A\u200d. Making\u200c cells\n"
            "Central question: Why?\n•\u200d One?\n")
    (found,) = read_agenda(text.encode()).forum_sessions
    assert (found.forum_session.code, found.forum_session.title, found.forum_session.questions) == (
        "1A", "Making cells", ("One?",))

