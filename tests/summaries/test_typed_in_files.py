"""What people type with signs that no file holds: every format is written, and opened again by other programs."""

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import docx
import openpyxl
import pptx
import pypdf
import pytest

from sigforum.kernel.ids import new_token
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from tests.casting import Cast

ODD = ["Mark\x01ed\x08 \x1b[0m\x0b\x0c\x1f\x7f\x85\x9f text", "\u202eevil\u202c \u2066open \ufeff\ufffe\U0001ffff end",
       "🧬👩🏽‍🔬 \U0001f1e9\U0001f1ea four bytes", "one\u2028two\u2029three" + "\n" * 3000 + "end",
       "]]> <!-- & &#1; \\x00 {{7*7}}",
       "=HYPERLINK(1)\t|\r\n@SUM", "\u0301\u0301 marks alone x" + "\u0301" * 60, "<w:t>x</w:t>&lt;", "a" * 3000]
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ufffe\uffff]")


@pytest.fixture
def files(cast: Cast, sign_in) -> dict[str, bytes]:
    """The session's summary in every format, with such responses, posted and replied to."""
    ben, question = sign_in(cast.person("ben")), cast.forum_session().asked[0].id
    for text in ODD:
        answer = ben.post(f"/meetings/{cast.slug}/sessions/1A/responses", headers={"Accept": "application/json"}, data={
            "question_id": question, "parent_id": "", "key": new_token(), "shown": "named", "text": text})
        assert answer.status_code in (200, 422), text
        assert answer.status_code == 200 or answer.json["errors"]
    summary = assemble.session_summary(cast.forum_session())
    return {name: one.write(summary) for name, one in all_formats().items()}


def test_every_format_is_opened_again(files: dict[str, bytes]) -> None:
    opened = {
        "docx": [one.text for one in docx.Document(io.BytesIO(files["docx"])).paragraphs],
        "xlsx": [str(cell) for sheet in openpyxl.load_workbook(io.BytesIO(files["xlsx"])) for row in sheet.values
                 for cell in row if cell is not None],
        "pptx": [shape.text_frame.text for slide in pptx.Presentation(io.BytesIO(files["pptx"])).slides
                 for shape in slide.shapes if shape.has_text_frame],
        "json": [json.dumps(json.loads(files["json"]), ensure_ascii=False)],
        **{name: [files[name].decode()] for name in ("csv", "html", "markdown", "jats") if name in files}}
    assert set(files) - set(opened) == {"pdf"}
    assert len(pypdf.PdfReader(io.BytesIO(files["pdf"])).pages) > 1
    for name, texts in opened.items():
        assert texts
        # A break of a line within a slide is read as such a sign.
        breaks = "\x0b" if name == "pptx" else ""
        assert not [one for text in texts for one in NEVER.findall(text) if one not in breaks], name
    for name in ("docx", "xlsx", "json", "csv", "html", "markdown"):
        assert "four bytes" in " ".join(opened[name]), name


def test_every_part_of_an_office_file_is_xml(files: dict[str, bytes]) -> None:
    for name in ("docx", "xlsx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            assert archive.testzip() is None
            for part in archive.namelist():
                if part.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(part))
    ElementTree.fromstring(files["jats"])
