"""What is typed is read kindly, and found words are marked where they stand."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigforum.search.domain import LONGEST_QUERY, Phrase, Piece, fold, parse_wanted, places, snippet
from sigforum.search.queries import fts5_words, tsquery_words

LONG = " ".join(f"word{number}" for number in range(200))
ODD = ["", " ", '"', '""', '"""', "*", "a*", "AND", "NEAR(a b)", "a OR b NOT c", "text:a", "{a b}:c", "^a", "-a",
       "a + b", "'", "''; DROP TABLE responses; --", "\\", "a\x00b", "a" * 10_000, "مرحبا بالعالم", "🙂", "🙂 a",
       "a\u202eb", "\ufeff", "ﬁ", "½", "日本語", "%", "_", "&amp;", "<b>", "a:*", "a & !b | (c", "\ud800"]


def phrases(raw: str) -> list[tuple[str, ...]]:
    return [phrase.words for phrase in parse_wanted(raw).phrases]


@pytest.mark.parametrize(("raw", "expected"), [
    ("closed systems", [("closed",), ("systems",)]),
    ('"closed systems" first', [("closed", "systems"), ("first",)]),
    ("“closed systems” first", [("closed", "systems"), ("first",)]),
    ('"never closed', [("never",), ("closed",)]),
    ("CAR-T", [("CAR", "T")]),
    ("half a_b", [("half",), ("a", "b")]),
    ("same same", [("same",), ("same",)]),
    ("... !", []),
])
def test_words_and_phrases_are_told_apart(raw: str, expected: list[tuple[str, ...]]) -> None:
    assert phrases(raw) == expected


def test_last_word_may_be_a_beginning_unless_it_is_quoted_or_one_letter() -> None:
    assert parse_wanted("closed syst").phrases == (
        Phrase(words=("closed",)), Phrase(words=("syst",), is_beginning=True))
    assert not parse_wanted('"closed syst"').phrases[-1].is_beginning
    assert not parse_wanted("T").phrases[-1].is_beginning


def test_what_is_too_long_is_cut_and_says_so() -> None:
    found = parse_wanted(LONG)
    assert found.is_cut
    assert len(found.text) <= LONGEST_QUERY
    assert not parse_wanted("short").is_cut


@pytest.mark.parametrize("raw", ODD)
def test_no_odd_query_is_an_error_or_an_operator(raw: str) -> None:
    wanted = parse_wanted(raw)
    words = [word for phrase in wanted.phrases for word in phrase.words]
    assert all(re.fullmatch(r"[^\W_]([^\W_]|[\u0300-\u036f])*", word) for word in words)
    outside = re.sub(r'"[^"]*"', "", fts5_words(wanted))
    assert re.fullmatch(r"(\(?\*?( OR | AND )?\)?)*", outside)
    assert re.fullmatch(r"(\(*'[^']*'( <-> '[^']*')*\)?(:\*)?\)*( \| | & )?)*", tsquery_words(wanted))


@pytest.mark.parametrize(("one", "other"), [
    ("Crème", "creme"), ("SÝSTEMS", "systems"), ("Ａ", "Ａ"), ("ΣΊΣΥΦΟΣ", "σίσυφοσ"), ("İstanbul", "istanbul")])
def test_case_and_accents_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_all_phrases_have_to_be_there() -> None:
    text = "Closed systems come first, then hospitals."
    assert [text[start:end] for start, end in places(text, parse_wanted("hosp closed"))] == []
    assert [text[start:end] for start, end in places(text, parse_wanted("closed hosp"))] == ["Closed", "hospitals"]
    assert [text[start:end] for start, end in places(text, parse_wanted('"systems come"'))] == ["systems come"]
    assert places(text, parse_wanted('"come systems"')) == []


def test_snippet_shows_the_place_and_not_the_beginning() -> None:
    text = "Nothing here. " * 60 + "A potency assay at last. " + "And nothing more. " * 60
    pieces = snippet(text, places(text, parse_wanted("potency")))
    assert Piece("potency", is_marked=True) in pieces
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
    assert len("".join(piece.text for piece in pieces)) < 300


def test_snippet_of_a_short_text_is_all_of_it() -> None:
    text = "A potency assay."
    assert snippet(text, places(text, parse_wanted("potency"))) == [
        Piece("A "), Piece("potency", is_marked=True), Piece(" assay.")]


@given(text=st.text(max_size=600), words=st.text(max_size=40))
@example(text="x" * 1000, words="x" * 300)
@example(text=" " + "y" * 900 + " z", words="z")
def test_snippets_are_parts_of_the_text_whatever_it_is(text: str, words: str) -> None:
    wanted = parse_wanted(words)
    spans = places(text, wanted)
    pieces = snippet(text, spans)
    inner = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert inner in text
    marked = [piece.text for piece in pieces if piece.is_marked]
    assert marked == [text[start:end] for start, end in spans][:len(marked)]
    assert not spans or any(piece.is_marked for piece in pieces) or spans[0][1] - spans[0][0] > 100
