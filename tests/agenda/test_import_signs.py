"""Agendas from pages and Markdown keep the signs of a science: raised numbers, powers, names and brackets."""

from html import escape

import pytest

from sigforum.agenda.importing.reading import read_agenda

TYPED = ["Should 2**3 or 2**4 doses be given?", "Is 5`-ATG-3` or 5`-TAG-3` the start?", "What does __init__ do?",
         "Is x[i](j) or x[j](i) larger?", "Is [PD-L1](TPS >= 50 %) needed?", "Are 5*10^6 or 2*10^7 cells enough?",
         "Is HLA-A*02:01 or HLA-B*07:02 needed?"]
PLACED = [("Are 10<sup>6</sup> cells/m<sup>2</sup> enough?", "Are 10⁶ cells/m² enough?"),
          ("Is 10<sup>-3</sup> or 10<sup>1.5</sup> small?", "Is 10⁻³ or 10^1.5 small?"),
          ("Is log<sub>10</sub>2 of Ca<sup>2+</sup> and CO<sub>2</sub> known?", "Is log₁₀2 of Ca²⁺ and CO₂ known?"),
          ("On the 1<sup>st</sup> day?", "On the 1st day?")]


def markdown(question: str) -> str:
    return (f"# Cells\n\n16-17 June 2026\n\n## DAY 1, June 16\n\n#### 1A. Making cells\n**Central question:** How?\n\n"
            f"- {question}\n- Who pays for it?\n")


def page(question: str) -> str:
    return ("<html><body><h1>Cells</h1><p>16-17 June 2026</p><h2>DAY 1, June 16</h2><h4>1A. Making cells</h4>"
            f"<p>Central question: How?</p><ul><li>{question}</li><li>Who pays for it?</li></ul></body></html>")


def questions(text: str) -> tuple[str, ...]:
    plan = read_agenda(text.encode())
    return next(iter(plan.forum_sessions)).forum_session.questions


@pytest.mark.parametrize("typed", TYPED)
def test_signs_are_no_marks(typed: str) -> None:
    assert questions(markdown(typed)) == (typed, "Who pays for it?")
    assert questions(page(escape(typed))) == (typed, "Who pays for it?")


@pytest.mark.parametrize(("written", "read"), PLACED)
@pytest.mark.parametrize("form", [markdown, page])
def test_raised_and_lowered_numbers_stay_apart_from_what_they_stand_at(form, written: str, read: str) -> None:
    assert questions(form(written))[0] == read


def test_marks_are_taken_away_as_before() -> None:
    marked = 'Is **this** or *that* `k` in [a paper](https://example.org/x "title") or __the other one__ <b>bold</b>?'
    assert questions(markdown(marked))[0] == "Is this or that k in a paper or the other one bold?"
