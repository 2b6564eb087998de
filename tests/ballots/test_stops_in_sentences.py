"""An option that ends with a full stop of its own gives a result's sentences no second one; rounds that opened earlier
keep the sentences they have."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds import matrix, ranking
from sigforum.cli import main
from sigforum.kernel.words import named

TEXTS = ("Early release is enough.", "Is it safe?", "此法足够。")
DOUBLED = re.compile(r"[.?!…。]{2}|[.?。] [a-z=]")


def told(kind: ModuleType, answers: list[dict], *, earlier: bool = False) -> str:
    settings = kind.parse_settings({"criteria": "Safety\nCost"})
    if earlier:
        del settings["names"]
    paper = Paper(options=tuple(PaperOption(key=f"o{n}", text=text) for n, text in enumerate(TEXTS, start=1)),
                  settings=settings)
    return kind.tally(answers, paper, headcount=Headcount(invited=9, entitled=8), rule=None).text


TIED = [{"ranks": {"o1": 1, "o2": 2, "o3": 3}}, {"ranks": {"o2": 1, "o1": 2, "o3": 3}}]
CELLS = [{"ratings": {"o1": {"c1": 4, "c2": 3}, "o2": {"c1": 3, "c2": 4}, "o3": {"c1": 3, "c2": 3}}}]


def test_sentences_of_a_ranking_have_one_stop() -> None:
    text = told(ranking.KIND, TIED)
    assert "Tied for first: Early release is enough = “Is it safe?”. The winner" in text
    assert "(then Early release is enough or “Is it safe?”)." in text
    assert not DOUBLED.search(text)
    undecided = told(ranking.KIND, [{"ranks": {"o1": 1, "o2": 1, "o3": 2}}, {"ranks": {"o3": 1}}])
    assert not DOUBLED.search(undecided)


def test_sentences_of_a_comparison_have_one_stop() -> None:
    text = told(matrix.KIND, CELLS)
    assert "此法足够 is under no weighting ahead of Early release is enough and “Is it safe?”, which" in text
    assert "Early release is enough and “Is it safe?” are level" in text or (
        "“Is it safe?” and Early release is enough are level" in text)
    assert not DOUBLED.search(text)


def test_rounds_of_older_terms_keep_their_sentences() -> None:
    assert "Tied for first: Early release is enough. = Is it safe?. The winner" in told(
        ranking.KIND, TIED, earlier=True)
    assert "此法足够。 is under no weighting ahead of Early release is enough. and Is it safe?, which" in told(
        matrix.KIND, CELLS, earlier=True)


@pytest.mark.parametrize(("kind", "table"), [
    ("ranking", "voter,Yes.,Why?,No.\n1,1,2,3\n2,2,1,3\n3,3,2,1\n"),
    ("points", "voter,Yes.,Why?\n1,3,0\n2,0,3\n"),
    ("matrix", "option,Safety,Cost\nYes.,3,4\nWhy?,4,3\nNo.,2,2\n")])
def test_reports_on_files_have_one_stop(tmp_path: Path, kind: str, table: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(table)
    done = CliRunner().invoke(main, ["consensus", kind, str(path)])
    assert done.exit_code == 0, done.output
    sentences = [line for line in done.output.splitlines() if not re.match(r"\s*\d\. ", line)]
    assert any("Yes" in line for line in sentences)
    assert not [line for line in sentences if DOUBLED.search(line)]


@pytest.mark.parametrize(("text", "words"), [
    ("Enough.", "Enough"), ("足够。", "足够"), ("Enough", "Enough"), ("1. Enough", "1. Enough"), ("Why?", "“Why?”"),
    ("Now!", "“Now!”"), ("Later…", "“Later…”"), ("Later...", "“Later...”"), ("In the U.S.", "“In the U.S.”"),
    ("At 3.5.", "At 3.5"), ("(Enough.)", "“(Enough.)”"), ("Why?.", "“Why?”"), (".", "“.”")])
def test_words_inside_a_sentence(text: str, words: str) -> None:
    assert named(text) == words
