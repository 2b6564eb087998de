"""What stands in one item of a page is one question, whatever tags its words are cut by; and no word is lost."""

import random
import re
from html import escape

import pytest

from sigforum.agenda.importing.reading import read_agenda

HEAD = ("<html><body><h1>Cells that stay</h1><p>16-17 June 2026</p><h2>Day 1, June 16</h2><h3>1A. Making cells</h3>"
        "<p>Central question: How?</p>")


def questions(body: str) -> list[str]:
    """The questions of a page's one session."""
    found, = read_agenda(f"{HEAD}{body}</body></html>".encode(), filename="agenda.html").forum_sessions
    return list(found.forum_session.questions)


@pytest.mark.parametrize("item", [
    "Who pays<br>for it?", "Who pays<br/>\n for it?", "<p>Who pays</p><p>for it?</p>",
    "<div>Who pays</div> <div>for it?</div>", "Who pays<br><br>for it?", "<b>Who pays</b><br><i>for it?</i><br>",
    "<br>Who pays<hr>for it?", "Who&nbsp;pays<br>for&nbsp;it?", "Who pa&shy;ys<br>for it?",
    "<table><tr><td>Who pays</td><td>for it?</td></tr></table>", "Who pays<o:p></o:p><br>for it?",
    "<p class=MsoNormal>Who pays<o:p>&nbsp;</o:p></p><p class=MsoNormal>for it?<o:p></o:p></p>",
    "<span style='mso-list:Ignore'>·&nbsp;&nbsp;</span>Who pays<br>for it?",
    "Who <st1:place>pays</st1:place> for it?",
    "Who pays<ul><li>for it?</li></ul>", "Who pays\n<blockquote>for it?</blockquote>"])
@pytest.mark.parametrize("list_tag", ["ul", "ol"])
def test_item_is_one_question(item: str, list_tag: str) -> None:
    assert questions(f"<{list_tag}><li>{item}</li><li>Why so?</li></{list_tag}>") == ["Who pays for it?", "Why so?"]
    assert questions(f"<{list_tag}><li>{item}<li>Why so?</{list_tag}>") == ["Who pays for it?", "Why so?"]


def test_words_behind_the_question_stay_with_it() -> None:
    assert questions("<ul><li>Who pays?<br>Please think of all.</li><li>Why?</li></ul>") == [
        "Who pays? Please think of all.", "Why?"]
    assert questions("<ul><li>Who pays?<ul><li>insurers</li><li>patients</li></ul></li><li>Why?</li></ul>") == [
        "Who pays? insurers; patients", "Why?"]
    assert questions("<p>Who pays<br>for it?</p><p>Why?</p>") == ["Who pays for it?", "Why?"]
    assert questions("<p>• Who pays<br>for it?<br>• Why?</p>") == ["Who pays for it?", "Why?"]
    assert questions("<table><tr><td>1.</td><td>Who pays?</td></tr><tr><td>2.</td><td>Why?</td></tr></table>") == [
        "Who pays?", "Why?"]


def test_what_is_meant_apart_stays_apart() -> None:
    assert questions("<ul><li>Access to cells<ul><li>Who pays?</li><li>Why?</li></ul></li></ul>") == [
        "Access to cells", "Who pays?", "Why?"]
    assert questions("<p>1. Who pays?<br>2. Why?</p>") == ["Who pays?", "Why?"]
    assert questions("<ul><li>a) Who pays?<br>b) Why?</li></ul>") == ["a) Who pays?", "b) Why?"]
    assert questions("<ul><li>- Who pays?<br>- Why?</li></ul>") == ["Who pays?", "Why?"]
    whole = read_agenda(
        b"<html><body><h1>Cells</h1><p>16 June 2026</p><p>1A. Making</p><ul><li>Who<br>pays?</li></ul>"
        b"<p>1B. Keeping<br>Central question: How<br>long?<ul><li>Why?</li></ul>", filename="a.html")
    assert [(one.forum_session.title, one.forum_session.central_question, one.forum_session.questions)
            for one in whole.forum_sessions] == [("Making", None, ("Who pays?",)), ("Keeping", "How long?", ("Why?",))]


BREAKS = ["<br>", "<br/>\n", "<br><br>", "</p><p>", "<div>", "</div>", "<hr>", " <b>", "</b> ", "<o:p></o:p> ",
          "&nbsp;", "<span>\n</span>", "<blockquote>", "<table><tr><td>", "</td><td>"]
WORDS = ["cells", "5*10^6", "<LLOQ", "naïve", "细胞", "A&B", "pays", "for", "it", "HLA-A*02:01", "dose/kg", "α"]


@pytest.mark.parametrize("seed", range(150))
def test_random_items_keep_their_number_and_their_words(seed: int) -> None:
    chance = random.Random(seed)
    items = [["Who", *chance.choices(WORDS, k=chance.randint(1, 5)), "so?"]
             for _ in range(chance.randint(1, 5))]
    body = "".join("<li>" + "".join(
        f"{escape(word)}{'' if word == item[-1] else chance.choice([' ', ' ', chance.choice(BREAKS)])}"
        for word in item) + "</li>" for item in items)
    assert [re.sub("[; ]", "", one) for one in questions(f"<ul>{body}</ul>")] == ["".join(item) for item in items]
