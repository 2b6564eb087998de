"""The words of mails: placeholders are filled in once, and unknown ones are refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.kernel.errors import Invalid
from sigforum.people.domain import MailKind
from sigforum.people.wording import DEFAULTS, PLACEHOLDERS, checked_wording, filled
from tests.architecture.source import ROOT

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


@pytest.mark.parametrize("kind", list(MailKind))
def test_words_that_come_along_are_words_an_organizer_could_keep(kind: MailKind) -> None:
    default = DEFAULTS[kind]
    assert checked_wording(kind, subject=default.subject, text=default.text) == default
    text = filled(default.text, VALUES)
    assert "{" not in text
    assert "<link>" in text
    assert "<name>" in text


@pytest.mark.parametrize(("subject", "text", "field", "words"), [
    ("Come", "Dear {nmae}, {link}", "text", "Unknown placeholder {nmae}. The table of placeholders"),
    ("Come to {wher e}", "{link}", "subject", "Unknown placeholder {wher e}."),
    ("Come", "{link} {}", "text", "Unknown placeholder {}."),
    ("Come", "{link} {name", "text", "A brace stands alone."),
    ("Come", "{link} name}", "text", "A brace stands alone."),
    ("Come", "Dear {name}", "text", "must hold {link}"),
    ("See {link}", "{link}", "subject", "locked screens"),
    ("", "{link}", "subject", "one line"), ("Two\nBcc: eve@example.org", "{link}", "subject", "one line"),
    ("x" * 201, "{link}", "subject", "200"), ("Come", "x" * 20_001, "text", "20000"), ("Come", " ", "text", "needed"),
])
def test_wrong_words_are_refused_at_their_field(subject: str, text: str, field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_wording(MailKind.INVITATION, subject=subject, text=text)
    assert list(refused.value.errors) == [field]
    assert words in refused.value.errors[field]


def test_news_of_a_change_may_do_without_a_link() -> None:
    assert checked_wording(MailKind.CHANGE, subject="Moved", text="To room 5.").text == "To room 5.\n"


def test_what_stands_in_a_value_is_never_read_as_a_placeholder() -> None:
    values = VALUES | {"name": "{link} {nobody} {", "affiliation": "{name}"}
    assert filled("{name} of {affiliation}", values) == "{link} {nobody} { of {name}"


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_subject_stays_one_line_whatever_the_name(name: str) -> None:
    line = filled("For {name}", VALUES | {"name": name}, is_one_line=True)
    assert len(line.splitlines()) == 1


def test_every_placeholder_is_documented() -> None:
    page = (ROOT / "docs" / "inviting.md").read_text(encoding="utf-8")
    missing = [name for name in PLACEHOLDERS if f"`{{{name}}}`" not in page]
    assert not missing, "docs/inviting.md lists the placeholders"
