"""Files from outside cost the web process nothing, whatever they hold: they are read elsewhere, and only so long."""

import io
import resource
import time
import zipfile

import pytest
from openpyxl import Workbook

from sigforum.agenda.importing.matching import similarity
from tests.casting import Cast

LIST = "/meetings/cells-that-stay/people/invite"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(rows: list[list[str]]) -> bytes:
    """A workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def unfolding(data: bytes, *, cells: int) -> bytes:
    """The same workbook with a row that is short in the archive and endless outside of it."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                more = b"<row>" + b'<c t="str"><v>x</v></c>' * cells + b"</row>"
                content = content.replace(b"</sheetData>", more + b"</sheetData>")
            new.writestr(part, content)
    return written.getvalue()


def upload(browser, path: str, data: bytes, name: str):
    """Give a file, as a form without scripts does."""
    return browser.post(path, content_type="multipart/form-data", data={
        "step": "preview", "file": (io.BytesIO(data), name, XLSX)})


def test_workbook_is_read_and_previewed(cast: Cast, sign_in) -> None:
    data = workbook([["name", "email"], ["Zoe Zander", "zoe@example.org"]])
    answer = upload(sign_in(cast.person("ada")), LIST, data, "people.xlsx")
    assert answer.status_code == 200
    assert "Zoe Zander" in answer.get_data(as_text=True)


@pytest.mark.timeout(120)
def test_workbook_that_unfolds_without_end_is_refused_in_words(cast: Cast, sign_in) -> None:
    data = unfolding(workbook([["name", "email"], ["Zoe", "zoe@example.org"]]), cells=1_200_000)
    assert len(data) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = upload(sign_in(cast.person("ada")), LIST, data, "people.xlsx")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300_000, "kB of memory that reading it took here"
    assert answer.status_code == 422
    assert "too large" in answer.get_data(as_text=True)


def test_long_list_is_read_and_its_wrong_rows_are_named(cast: Cast, sign_in) -> None:
    rows = [["name", "email"], *([f"Person {n}", f"p{n}@example.org"] for n in range(2_000)), ["Nobody", "no address"]]
    data = "\n".join(",".join(row) for row in rows).encode()
    answer = upload(sign_in(cast.person("ada")), LIST, data, "people.csv")
    assert answer.status_code == 422
    assert "2002" in answer.get_data(as_text=True)


def test_long_agenda_is_read_and_a_wrong_one_is_told(cast: Cast, sign_in) -> None:
    ada = sign_in(cast.person("ada"))
    start = "Cells\n16 June 2026\nDAY 1, June 16\nSlot 1: a\n1A. b\nCentral question: c?\n"
    questions = "".join(f"{n}. Which question has the number {n} and is long enough?\n" for n in range(1, 600))
    answer = ada.post("/meetings/new", data={"step": "preview", "text": start + questions})
    assert answer.status_code == 200
    assert "has the number 599" in answer.get_data(as_text=True)
    wrong = upload(ada, "/meetings/new", b"%PDF" + b"x" * 50_000, "agenda.pdf")
    assert wrong.status_code == 422
    assert "This is a PDF file" in wrong.get_data(as_text=True)


def test_long_questions_are_compared_by_their_words() -> None:
    """Sign by sign this would take the lengths multiplied: hours for one pair."""
    def cost(words: int) -> float:
        begun = time.process_time()
        similarity("ab " * words, "ba " * words)
        return time.process_time() - begun
    assert cost(400) < 12 * max(cost(100), 0.002), "four times the length takes more than 12 times as long"
    one, other = "ab " * 100_000, "ba " * 100_000
    assert similarity(one, other) == 0.0
    assert similarity(one + "x", one + "y") > 0.9
    assert similarity("Which cells stay?", "Which cell stays?") > 0.9
