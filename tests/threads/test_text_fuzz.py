"""Random scientific text, posted for real: the page and every file of data hold the words that were typed.

Two texts have the same words where they differ in white space alone, and in the spelling of letters that NFC joins.
"""

import csv
import html
import io
import json
import re
import unicodedata

import openpyxl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sigforum.kernel.ids import new_token
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from tests.casting import Cast

# Read by people as signs of measurement, notes and names, whatever stands beside them.
PIECES = st.sampled_from([
    "5*10^6", "HLA-A*02:01", ">= 3", "<LLOQ 5>", "- 20 °C", "__x__", "\\beta", "\\(x\\)", "&alpha;", "&lt", "[1]", "#3",
    "|", "a|b", "p<0.05", "CYP2C19 *2/*17", "Ärzt*innen", "snake_case_", "~10", "~~20", "5'-ATG-3'", "$5", "2^3",
    "µg/m²", "=SUM(A1)", "+49", "@home", "−5", "'quoted", "细胞治疗", "細胞、治療。", "العلاج بالخلايا", "(ثلاثة 3)",
    "טיפול בתאים", "🧬",
    "👩🏽‍🔬", "e\u0301tude", "x\u0304", "ﬁnding", "naïve", "ℵ₀", "H₂O", "10 %", "1,5", "https://example.org/a_b*c",
    "<b>", "</script>", "{{ 7*7 }}", "%s", "word", "The", "dose", "1.", "7)", "n=12", "§3", "…", "“so”", "–"])
LINES = st.lists(PIECES, min_size=1, max_size=5).map(" ".join)
# A dash, a star, a # or a > with a blank before a word is markup as it is meant, and has tests of its own.
BEGINNINGS = st.sampled_from(["", "", "3. ", "7. ", "- 2", "> 6", ">= ", "# 3", "#", "+ ", "*0", "| ", "=", "    ",
                              "1) "])
WRITTEN = st.builds("{}{}".format, BEGINNINGS, LINES)
ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "\v", "\u2028", "\u2029", "\x85"])
TEXTS = st.lists(st.tuples(WRITTEN, ENDS), min_size=1, max_size=4).map(
    lambda found: "Of " + "".join(line + end for line, end in found) + "end")

# Each example posts several texts; to make a failing one smaller would take minutes.
bounded = settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
                   suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def words(text: str) -> str:
    """The text with single blanks, in one spelling of its letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def seen(page: str) -> str:
    """What a reader finds in a piece of HTML; numbers and marks of lists are set as a browser sets them."""
    page = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    while found := re.search(r"<ol(?: start=\"(\d+)\")?[^>]*>(.*?)</ol>", page, re.DOTALL):
        number, items = int(found[1] or 1), re.split(r"<li[^>]*>", found[2])
        page = page.replace(found[0], items[0] + "".join(
            f" {number + place}. {item}" for place, item in enumerate(items[1:])), 1)
    page = re.sub(r"</?(?:em|strong|s|code|a)\b[^>]*>", "", page)
    return words(html.unescape(re.sub(r"</?[a-z][^>]*>", " ", page)))


def on_page(page: str, number: int) -> str:
    """A response's body on the session's page."""
    found = re.search(rf'id="response-{number}".*?<div class="response-body">(.*?)</div>', page, re.DOTALL)
    assert found
    return seen(found[1])


def cells_of(content: bytes) -> list[str]:
    """Every text of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [words(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
            if isinstance(cell, str)]


def of_csv(content: bytes) -> list[str]:
    """Every text of the table, without the apostrophe before what would be run."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [words(cell.removeprefix("'")) for row in rows for cell in row]


def of_json(content: bytes) -> list[str]:
    """The texts of all responses."""
    found = json.loads(content)
    return [words(said["text"]) for question in found["questions"] for said in question["said"]]


@bounded
@given(typed=st.lists(TEXTS, min_size=8, max_size=8))
def test_words_are_read_back_as_typed(typed: list[str], cast: Cast, sign_in) -> None:
    ben, forum_session = sign_in(cast.person("ben")), cast.forum_session()
    base, question = f"/meetings/{cast.slug}/sessions/1A", forum_session.asked[0].id
    posted = {}
    for text in typed:
        answer = ben.post(f"{base}/responses", headers={"Accept": "application/json"}, data={
            "question_id": question, "parent_id": "", "key": new_token(), "shown": "named", "text": text})
        assert answer.status_code == 200, text
        number = re.search(r'id="response-(\d+)"', answer.json["fragments"][0]["html"])
        posted[int(number[1] if number else 0)] = words(text)
    page = ben.get(base).text
    shown = {number: on_page(page, number) for number in posted}
    assert [(text, shown[number]) for number, text in posted.items() if shown[number] != text] == []
    summary = assemble.session_summary(cast.forum_session())
    files = {name: all_formats()[name].write(summary) for name in ("csv", "xlsx", "json", "markdown")}
    for found in (cells_of(files["xlsx"]), of_csv(files["csv"]), of_json(files["json"])):
        assert [text for text in posted.values() if text not in found] == []
    # Another reader than ours.
    read = seen(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(
        files["markdown"].decode()))
    assert [text for text in posted.values() if text not in read] == []
