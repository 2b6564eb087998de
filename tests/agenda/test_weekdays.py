"""A day of the week that contradicts its date is told with its line, wherever it stands."""

import pytest

from sigforum.agenda.importing.reading import read_agenda
from tests.previewing import post_seen

BODY = "\n\n1A. One\nCentral question: Who?\n- Why?\n"
WRONG = {
    "meeting": ("Meeting\n\nThursday 10 December 2027", 3),
    "day": ("Meeting\n\n10-11 December 2027\n\nThu 10 December 2027", 5),
    "day without its year": ("Meeting\n\n10-11 December 2027\n\nDay 1, Thursday, December 10", 5),
    "Markdown": ("# Meeting\n\n10-11 December 2027\n\n## Thursday, 10 December 2027", 5),
    "title": ("Meeting, Thursday 10 December 2027", 1),
}


@pytest.mark.parametrize("case", WRONG)
def test_contradiction_is_told_with_its_line(case: str) -> None:
    text, line = WRONG[case]
    warnings = read_agenda((text + BODY).encode()).warnings
    assert [one.line for one in warnings if "10 December 2027 is a Friday" in one.message] == [line]
    right = read_agenda((text.replace("Thursday", "Friday").replace("Thu ", "Fri ") + BODY).encode())
    assert not any("is a Friday" in one.message for one in right.warnings)


def test_contradiction_in_the_own_format_is_told() -> None:
    text = ("sigforum-agenda: 1\ntitle: M\ndays:\n- label: Thursday\n  date: 2027-12-10\n  slots:\n  - sessions:\n"
            "    - {code: 1A, title: One, central_question: Who?}\n")
    assert any("is a Friday" in one.message for one in read_agenda(text.encode()).warnings)


def test_page_says_the_day_of_the_week_once(cast, sign_in) -> None:
    ada = sign_in(cast.person("ada"))
    made = post_seen(ada, "/meetings/new", {
        "step": "import", "text": "Meeting\n\n10-11 December 2027\n\nFriday 10 December 2027" + BODY})
    page = ada.get(made.location).get_data(as_text=True)
    assert page.count("Friday") == 1
