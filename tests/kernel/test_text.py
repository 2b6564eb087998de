"""The one cleaner: the same words, without what nobody can see."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigforum.kernel import text


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r", "\r\n", "\n"])
def test_every_soft_return_is_a_break_or_a_blank(sign: str) -> None:
    assert text.paragraphs(f"ends here{sign}starts here") == "ends here\nstarts here"
    assert text.one_line(f"ends here{sign}starts here") == "ends here starts here"
    assert text.lines(f"one{sign}two") == ["one", "two"]


@pytest.mark.parametrize("nothing", ["", " \n", "\u200b\u2060", "\u3164", "\u200b\u2060 \n\u3164\n", "\ufeff", "\u00ad",
                                     "\u2066\u2069", "\u200e", "\u0301", "\u2800", "\x07\x00", "\ufe0f"])
def test_what_nobody_sees_is_empty(nothing: str) -> None:
    assert [clean(nothing) for clean in (text.paragraphs, text.one_line, text.name, text.code)] == [""] * 4
    assert text.lines(nothing) == []


def test_controls_go_and_letters_are_spelled_in_one_way() -> None:
    assert text.paragraphs("a\x00b\x1b[0m\ud800\ufffe\U0001ffff\x9fc") == "ab[0mc"
    assert text.one_line("Zu\u0308rich") == "Zürich"
    assert text.one_line("👩🏽\u200d🔬 می\u200cخواهم") == "👩🏽\u200d🔬 می\u200cخواهم"


def test_directions_end_where_they_began() -> None:
    assert text.paragraphs("\u202eabc\u202c") == "abc"
    assert text.paragraphs("a \u2067b\nc\u2069 \u2066d\u2069") == "a \u2067b\u2069\nc \u2066d\u2069"
    assert text.one_line("a \u2067b\u2069") == "a b"
    assert text.name("Ada\u200f \u2067Okafor") == "Ada Okafor"


@pytest.mark.parametrize("raw", [
    "zoe.zero@example.org\u200b", "zoe.zero@example.org.", "\u202azoe.zero@example.org\u202c",
    " Zoe.\u2060Zero@Example.org ", "zoe.zero@exam\u00adple.org"])
def test_addresses_that_look_alike_are_alike(raw: str) -> None:
    assert text.address(raw) == "zoe.zero@example.org"


@pytest.mark.parametrize("start", [
    "=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "−", "\t=", "\r=", "\ufeff=", "\u200b=",
    " \u3000=", "\u2060\u200e@"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert text.cell(f"{start}1+1").startswith("'")
    assert text.cell(f"a{start}") [:1] == "a"


@example("0 \xad")
@example("a .")
@example("a \xad b")
@example("x\xa0.")
@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    for clean in (text.typed, text.paragraphs, text.one_line, text.name, text.code, text.address):
        once = clean(raw)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
