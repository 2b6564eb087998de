"""No word of a question is lost because it looks like a session's code, a label or the number of a list."""

import pytest

from sigforum.agenda.importing.reading import read_agenda

HEAD = ("Cells that stay\n16-17 June 2026\n\nDAY 1, June 16\nSlot 1: Making\n\n1A. Making cells\n"
        "Theme: Manufacturing | Modality: autologous\nCentral question: Why?\n")


def questions(body: str, filename: str = "a.txt") -> list[str]:
    """What is asked in the only session."""
    (only,) = read_agenda((HEAD + body).encode(), filename=filename).forum_sessions
    return list(only.forum_session.questions)


@pytest.mark.parametrize("mark", ["• ", "- ", "  * "])
@pytest.mark.parametrize("words", [
    "CD19: which epitope?", "PD-1: which?", "TP53: mutated?", "IL2: yes?", "HER2: when?", "CD19. Which?", "B7. What?",
    "3C: what?", "Session 2: what of it?", "5. Fluorouracil?", "1A: repeated?", "Panel 3 – what of it?", "2.1 What?",
    "Theme: which is best?", "Modality: which is best?", "Main question: what else?"])
def test_bulleted_question_keeps_all_its_words(mark: str, words: str) -> None:
    assert questions(f"{mark}First one?\n{mark}{words}\n{mark}Third one?\n") == ["First one?", words, "Third one?"]


@pytest.mark.parametrize("tag", ["ul", "ol"])
def test_question_of_a_page_keeps_all_its_words(tag: str) -> None:
    page = (f"<h1>Cells</h1><h2>Day 1, June 16, 2026</h2><h3>1A. Making cells</h3><p>Central question: Why?</p>"
            f"<{tag}><li>CD19: which epitope?</li><li>5. Fluorouracil?</li></{tag}>")
    (only,) = read_agenda(page.encode(), filename="a.html").forum_sessions
    assert only.forum_session.questions == ("CD19: which epitope?", "5. Fluorouracil?")


@pytest.mark.parametrize(("typed", "read"), [
    ("1. First?\n2. Second?\n3. Third?\n", ["First?", "Second?", "Third?"]),
    ("1) First?\n1) Second?\n", ["First?", "Second?"]),
    ("4. Fourth?\n5. Fifth?\n", ["Fourth?", "Fifth?"]),
    ("• 1. First?\n• 2. Second?\n", ["First?", "Second?"]),
    ("1. First?\n2. Second?\n10. Downing Street?\n", ["First?", "Second?", "10. Downing Street?"]),
    ("First of all?\n5. Fluorouracil?\n", ["First of all?", "5. Fluorouracil?"])])
def test_only_numbers_that_count_points_are_left_out(typed: str, read: list[str]) -> None:
    assert questions(typed) == read


def test_answer_that_begins_with_a_letter_keeps_it() -> None:
    plan = read_agenda((HEAD + "• One?\n\nFAQs\n\nWhich plants?\nA. thaliana alone.\n\nQ: Which?\nA: That.\n").encode())
    assert [(one.question, one.answer) for one in plan.faqs] == [
        ("Which plants?", "A. thaliana alone."), ("Which?", "That.")]
