"""Polls stored and frozen with control characters, before texts were cleaned, are exported in every format."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest

from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from tests.summaries.panel import Panel, readable

ODD = "Closed\x07 systems\x1b first\x00\x0b now"


@pytest.fixture
def odd_document(panel: Panel):
    """The summary of a session whose poll holds control characters in title, statement and labels."""
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    poll = document.polls[0]
    assert poll.scale is not None
    odd = replace(poll, title=ODD, scale=replace(poll.scale, low_label="N\x01o\x0c", high_label="\x02Yes\ufffe"),
                  lines=tuple(replace(line, text=ODD) for line in poll.lines))
    return replace(document, polls=(odd,))


@pytest.mark.parametrize("name", sorted(all_formats()))
def test_every_format_writes_what_was_frozen_with_control_characters(odd_document, name: str) -> None:
    found = all_formats()[name]
    content = found.write(odd_document)
    if name in ("docx", "pptx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
    text = readable(content, found.extension)
    # What the letters of the PDF cannot draw is extracted as a control character.
    if name not in ("json", "pdf"):
        assert "systems" in text
        assert not [one for one in text if ord(one) < 32 and one not in "\t\n\r"]


@pytest.mark.parametrize("start", ["＝", "＋", "－", "＠", "−", "\u200b=", "\ufeff=", " =", "\u00a0@", "\u2060+"])
def test_no_form_of_a_formula_opens_as_one(panel: Panel, start: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    planted = replace(document, meeting=replace(document.meeting, title=f"{start}HYPERLINK(1)"))
    rows = csv.reader(io.StringIO(all_formats()["csv"].write(planted).decode("utf-8-sig"), newline=""))
    assert f"'{start}HYPERLINK(1)" in [cell for row in rows for cell in row]


def test_pdf_says_which_characters_it_cannot_draw(panel: Panel) -> None:
    panel.say("p3", "A sign that no font has: \U000e1234 and \U0001f9ec\U00013000.")
    content = all_formats()["pdf"].write(assemble.session_summary(panel.forum_session))
    text = readable(content, "pdf").replace("\0", "")
    assert "cannot draw" in text
    assert "E1234" in text
