"""The contract of every format, the PDF's accessibility, and what each format must defend itself against."""

import csv
import hashlib
import io
import json
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from markdown_it import MarkdownIt

from sigforum.exports.bundle import write_bundle
from sigforum.kernel.registry import load_plugins
from sigforum.resources import resource
from sigforum.summaries import assemble, formats
from sigforum.summaries.document.plain import canonical_json
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.formats.csv_tables import FORMAT as CSV
from sigforum.summaries.formats.json_data import FORMAT as JSON
from sigforum.summaries.formats.markdown import FORMAT as MARKDOWN
from sigforum.summaries.formats.pdf import FORMAT as PDF
from sigforum.summaries.registry import FORMATS_FOLDER, all_formats
from sigforum.summaries.typesetting import STATIC_ADDRESS, StaticFetcher
from tests.casting import Cast
from tests.summaries.panel import Panel, readable

FAKE = '''
from sigforum.summaries.registry import SummaryFormat


def write(summary):
    return "\\n".join(document.title for document in summary.documents).encode() + b"\\n"


FORMAT = SummaryFormat(name="titles", label="Titles only", extension="txt", mimetype="text/plain",
                       description="Nothing but titles.", write=write)
'''
NASTY = "😀 \u202bעברית\u202c ﷽ ]]> </div><!-- -- {{ 7*7 }} &amp; " + "w" * 400 + "\n\n```\nunclosed fence"


@pytest.fixture
def fake_format(tmp_path: Path) -> Iterator[str]:
    """A format that was only dropped into the folder."""
    (tmp_path / "aaa_titles.py").write_text(FAKE)
    formats.__path__.append(str(tmp_path))
    load_plugins.cache_clear()
    yield "titles"
    formats.__path__.remove(str(tmp_path))
    load_plugins.cache_clear()
    sys.modules.pop(f"{FORMATS_FOLDER}.aaa_titles", None)


@pytest.mark.parametrize("name", [*all_formats(), "titles"])
def test_format_keeps_the_contract(panel: Panel, fake_format: str, name: str) -> None:
    panel.say("p3", NASTY)
    panel.rate()
    found = all_formats()[name]
    assert re.fullmatch(r"[a-z]+", found.extension)
    assert re.fullmatch(r"[a-z]+/[a-z.-]+", found.mimetype)
    assert found.label
    assert found.description.endswith(".")
    full = assemble.session_summary(panel.forum_session)
    empty = assemble.session_summary(panel.cast.forum_session("1B"))
    meeting = assemble.meeting_summary(panel.forum_session.meeting)
    files = [found.write(content) for content in (full, empty, meeting)]
    for content, written in zip((full, empty, meeting), files, strict=True):
        text = readable(written, found.extension)
        for document in content.documents:
            assert document.forum_session.title in text
    assert files[0] == found.write(full) != files[1]


def test_dropped_in_format_is_on_the_page_and_in_the_bundle(cast: Cast, fake_format: str, sign_in) -> None:
    page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/exports").get_data(as_text=True)
    assert "Titles only" in page
    meeting = assemble.meeting_summary(cast.forum_session().meeting)
    bundle = write_bundle(meeting, software="x", sheets=assemble.meeting_sheets(cast.forum_session().meeting))
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.read("1A/sigforum-1A-summary.txt") == b"1A. Making cells\n"


def test_file_is_the_same_from_another_process(panel: Panel, tmp_path: Path) -> None:
    """Another process has other hash seeds, other temporary folders, and another time."""
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    pickled = tmp_path / "document.pickle"
    pickled.write_bytes(pickle.dumps(document))
    code = ("import pickle, hashlib, json; from sigforum.summaries.registry import all_formats; "
            f"document = pickle.load(open({str(pickled)!r}, 'rb')); "
            "print(json.dumps({name: hashlib.sha256(found.write(document)).hexdigest()"
            " for name, found in all_formats().items()}))")
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                           cwd=Path(__file__).parents[2])
    assert json.loads(other.stdout) == {name: hashlib.sha256(found.write(document)).hexdigest()
                                        for name, found in all_formats().items()}


def test_files_change_when_the_data_does(panel: Panel) -> None:
    before = {name: found.write(assemble.session_summary(panel.forum_session))
              for name, found in all_formats().items()}
    panel.say("p7", "Said later.")
    for name, found in all_formats().items():
        assert found.write(assemble.session_summary(panel.forum_session)) != before[name]


def test_pdf_is_tagged_titled_and_bookmarked(panel: Panel) -> None:
    panel.rate()
    reader = pypdf.PdfReader(io.BytesIO(PDF.write(assemble.session_summary(panel.forum_session))))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Summary of session 1A. Making cells"
    assert reader.metadata.creation_date is None
    titles = [entry.title for entry in reader.outline[1] if not isinstance(entry, list)]
    assert reader.outline[0].title == "1A. Making cells"
    assert titles == ["What the group says", "Polls and verdicts", "Groups", "Priorities", "Questions and responses",
                      "Participation", "How this was done", "Provenance", "Reporting checklist (ACCORD)"]
    kinds = structure(catalog["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/H4", "/P", "/Table", "/TH", "/TD", "/Figure", "/L"} <= set(kinds)
    levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert all(lower <= higher + 1 for higher, lower in pairwise(levels))
    assert kinds.count("/Figure") == len(alternatives(catalog["/StructTreeRoot"]))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
            assert {"/FontFile2", "/FontFile3"} & inner["/FontDescriptor"].keys()


def structure(node) -> list[str]:
    """The kinds of all tags, in reading order."""
    node = node.get_object()
    if not isinstance(node, dict):
        return []
    kids = node.get("/K", [])
    own = [node["/S"]] if "/S" in node else []
    return own + [kind for kid in (kids if isinstance(kids, list) else [kids])
                  if not isinstance(kid, int) for kind in structure(kid)]


def alternatives(node) -> list[str]:
    """The descriptions of all figures."""
    node = node.get_object()
    if not isinstance(node, dict):
        return []
    kids = node.get("/K", [])
    own = [node["/Alt"]] if node.get("/S") == "/Figure" and node.get("/Alt") else []
    return own + [found for kid in (kids if isinstance(kids, list) else [kids])
                  if not isinstance(kid, int) for found in alternatives(kid)]


def test_pdf_fetches_nothing_outside_the_static_folder(tmp_path: Path) -> None:
    fetcher = StaticFetcher()
    assert b"@font-face" in fetcher.fetch(f"{STATIC_ADDRESS}vendor/fonts.css").read()
    secret = tmp_path / "secret"
    secret.write_text("secret")
    for address in (secret.as_uri(), f"{STATIC_ADDRESS}../pyproject.toml", f"{STATIC_ADDRESS}%2e%2e/wsgi.py",
                    "http://127.0.0.1:1/", "https://example.org/", "data:text/plain,hello",
                    f"{STATIC_ADDRESS}{secret}"):
        with pytest.raises((ValueError, OSError)):
            fetcher.fetch(address)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_cannot_become_formulas(panel: Panel, start: str) -> None:
    document = assemble.session_summary(panel.forum_session)
    planted = replace(document, meeting=replace(document.meeting, title=f"{start}HYPERLINK(1)"))
    rows = list(csv.reader(io.StringIO(CSV.write(planted).decode("utf-8-sig"), newline="")))
    assert f"'{start}HYPERLINK(1)" in [cell for row in rows for cell in row]
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_csv_opens_as_utf8_in_a_spreadsheet(panel: Panel) -> None:
    panel.say("p3", "Ünïcödé β ≥ 30 %, \"quoted\"\nand a second line")
    content = CSV.write(assemble.session_summary(panel.forum_session))
    assert content.startswith(b"\xef\xbb\xbfsession,section,item,part_of,measure,value\r\n")
    values = [row["value"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]
    assert "Ünïcödé β ≥ 30 %, \"quoted\"\nand a second line" in values


def test_markdown_of_a_response_cannot_break_the_document(panel: Panel) -> None:
    clean = outline(assemble.session_summary(panel.forum_session))
    panel.say("p3", "# Polls and verdicts\n\nSetext\n===\n\n</blockquote><script>alert(1)</script>\n\n"
              "<!-- open\n\n---\n\n> quoted\n\n```\nnever closed\n\n## Priorities")
    assert outline(assemble.session_summary(panel.forum_session)) == clean
    page = MarkdownIt("commonmark", {"html": True}).render(
        MARKDOWN.write(assemble.session_summary(panel.forum_session)).decode())
    assert "<script>" not in page
    assert "<!--" not in page


def outline(document: SummaryDocument) -> list[str]:
    """The headings of the Markdown file that stand outside quotes."""
    tokens = MarkdownIt("commonmark").enable("table").parse(MARKDOWN.write(document).decode())
    return [tokens[place + 1].content for place, token in enumerate(tokens)
            if token.type == "heading_open" and token.level == 0]


def test_markdown_is_not_escaped_as_html(panel: Panel) -> None:
    panel.say("p3", "Cost & time: 3 > 2, \"really\".")
    text = MARKDOWN.write(assemble.session_summary(panel.forum_session)).decode()
    assert '> Cost & time: 3 > 2, "really".' in text
    assert "**Quill Zebranek, Vantorix Labs**" in text
    assert re.findall(r"&(?:amp|lt|gt|quot|#\d+);", text) == []
    assert "\n\n\n\n" not in text


def test_json_hash_can_be_recomputed_by_anybody(panel: Panel) -> None:
    panel.rate()
    found = json.loads(JSON.write(assemble.session_summary(panel.forum_session)))
    provenance = found.pop("provenance")
    canonical = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == provenance["inputs_sha256"]
    assert canonical == canonical_json(found)
    assert found["schema_version"] == 1
    found["participation"]["invited"] += 1
    assert hashlib.sha256(canonical_json(found).encode()).hexdigest() != provenance["inputs_sha256"]


def test_formats_are_documented() -> None:
    text = (resource("templates").parent / "docs" / "summaries.md").read_text(encoding="utf-8")
    for found in all_formats().values():
        assert f"`{found.name}`" in text
    for name in SummaryDocument.__dataclass_fields__:
        assert f"`{name}`" in text
