"""What reads a file from outside is ended when it takes too long or too much memory, and the file's giver is told.

The bounds are lowered here, and the files are real ones that the true bounds let through.
"""

import io
import subprocess
import sys
import zipfile

import pytest

from sigforum import bounded
from tests.casting import Cast
from tests.people.test_files_from_outside import LIST, upload, workbook

ENDED = "too much memory to read"
LISTED = [["name", "email"], ["Zoe Zander", "zoe@example.org"]]


def wide(rows: int, *, text: str) -> bytes:
    """A workbook whose sheet has so many rows of forty cells, each with this text."""
    written = io.BytesIO()
    row = b"<row>" + f'<c t="str"><v>{text}</v></c>'.encode() * 40 + b"</row>"
    with zipfile.ZipFile(io.BytesIO(workbook(LISTED))) as old, zipfile.ZipFile(
            written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", row * rows + b"</sheetData>")
            new.writestr(part, content)
    return written.getvalue()


def said(sign_in, cast: Cast, data: bytes) -> str:
    """What the page says to an organizer who gives a list."""
    return str(upload(sign_in(cast.person("ada")), LIST, data, "people.xlsx").get_data(as_text=True))


@pytest.fixture(scope="module")
def bytes_before_reading() -> int:
    """The address space that a reader of workbooks takes before it has read anything."""
    found = subprocess.run([sys.executable, "-c", (
        "import openpyxl, sigforum.people.workbooks, sigforum.people.forms;"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmPeak')).split()[1])")],
        capture_output=True, text=True, check=True, env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path)})
    return int(found.stdout) * 1024


@pytest.mark.timeout(120)
def test_reading_that_takes_too_long_is_ended(cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch) -> None:
    large = wide(10_000, text="x")
    assert ENDED not in said(sign_in, cast, large), "the true bound lets it through"
    monkeypatch.setattr(bounded, "SECONDS", 2)
    page = said(sign_in, cast, large)
    assert ENDED in page
    assert "more than 2 s" in page
    assert "Zoe Zander" in said(sign_in, cast, workbook(LISTED))


@pytest.mark.timeout(120)
def test_reading_that_takes_too_much_memory_is_ended(
        cast: Cast, sign_in, monkeypatch: pytest.MonkeyPatch, bytes_before_reading: int) -> None:
    large = wide(3_000, text="x" * 180)
    assert ENDED not in said(sign_in, cast, large), "the true bound lets it through"
    monkeypatch.setattr(bounded, "MEMORY_BYTES", bytes_before_reading + 40_000_000)
    assert ENDED in said(sign_in, cast, large)
    assert "Zoe Zander" in said(sign_in, cast, workbook(LISTED))
