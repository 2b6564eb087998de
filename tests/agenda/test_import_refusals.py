"""What is not an agenda is refused quickly and in clear words."""

import random
from importlib.resources import files

import pytest

from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.reading import MAX_BYTES, formats, read_agenda

SAMPLE = files("sigforum.samples").joinpath("car-t-agenda.txt").read_text(encoding="utf-8")
# A parser that looks at the same text again and again needs minutes for what takes others a second.
SECONDS_FOR_NOISE = 60


def refusal(data: bytes, **choice: str) -> AgendaUnreadable:
    with pytest.raises(AgendaUnreadable) as caught:
        read_agenda(data, **choice)  # type: ignore[arg-type]
    return caught.value


def test_latin_1_is_refused_with_the_line_of_its_first_letter() -> None:
    error = refusal("Agenda\n\n1A. Café société\n".encode("latin-1"))
    assert error.line == 3
    assert "Line 3" in str(error)
    assert "0xE9" in str(error)
    assert "UTF-8" in str(error)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04word", "Word"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"{\\rtf1 x}", "RTF"),
        (b"1A. Title\0\0\0", "control characters"),
        (bytes(range(256)) * 20, "UTF-8"),
        (b"\xff\xfe1", "UTF-16"),
        (b"\x01\x02\x03\x04\x05 text", "control characters"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<?xml version='1.0'?><schedule><day/></schedule>", "XML"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, word: str) -> None:
    assert word in str(refusal(data))


@pytest.mark.parametrize("name", ["text", "markdown", "html", "yaml"])
def test_agenda_without_sessions_is_refused_in_every_format(name: str) -> None:
    text = (
        "title: Nothing\ndays: []\n"
        if name == "yaml"
        else "A meeting\n\n16 June 2026\n\nNothing is planned.\n"
    )
    assert "No forum session was found" in str(refusal(text.encode(), format_name=name))


def test_unknown_format_is_refused_with_the_known_ones() -> None:
    error = refusal(SAMPLE.encode(), format_name="papyrus")
    assert "papyrus" in str(error)
    assert all(name in str(error) for name in formats())


def test_repeated_code_is_refused_with_both_lines() -> None:
    error = refusal(b"Meeting\n\n1A. One\n\n1B. Two\n\n1a. Three\n")
    assert error.line == 7
    assert "already used on line 3" in str(error)


@pytest.mark.timeout(SECONDS_FOR_NOISE)
def test_fifty_megabytes_are_refused_without_reading_them() -> None:
    error = refusal(random.Random(7).randbytes(1024 * 1024) * 50)
    assert "50 MB" in str(error)


@pytest.mark.parametrize("name", ["text", "markdown", "html", "yaml"])
@pytest.mark.parametrize(
    "noise",
    [
        "a ",
        "<!--",
        "<a <a ",
        "<p>a",
        '<a b="',
        "<title><",
        "![[](",
        "*a _b **",
        "{&a [*a, ",
        "1A. day 1.1 ",
        "+\n",
    ],
)
@pytest.mark.timeout(SECONDS_FOR_NOISE)
def test_five_megabytes_of_noise_come_to_an_end(name: str, noise: str) -> None:
    refusal((noise * (MAX_BYTES // len(noise))).encode(), format_name=name)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("title: a\ndays:\n- label: [\n", 4, "YAML"),
        ("title: a\ndays: 5\n", 2, "list"),
        ("title: a\nstart: June\ndays: []\n", 2, "date"),
        ("title: a\ntitle: b\n", 2, "second time"),
        ("a: &x 1\nb: *x\n", 2, "References"),
        ("[" * 50, 1, "nested"),
        ("- 1\n", 1, "expected"),
        ("days:\n- slots:\n  - number: one\n", 3, "whole number"),
        ("days:\n- slots:\n  - sessions:\n    - title: a\n", 4, "code"),
        ("title: a\n---\ntitle: b\n", 3, "more than one document"),
        ("title: [a]\ndays: []\n", 1, "text"),
        ("sigforum-agenda: 2\n", None, "Version 2"),
    ],
)
def test_wrong_yaml_is_refused_with_its_line(text: str, line: int | None, word: str) -> None:
    error = refusal(text.encode(), format_name="yaml")
    assert error.line == line
    assert word in str(error)
