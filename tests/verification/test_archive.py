"""Files that are no bundle, or would do harm, are refused in one line."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sigforum.verification.cli import verify
from tests.verification.forging import Forger
from tests.verification.meeting import Held


def run(tmp_path: Path, content: bytes, *, name: str = "bundle.zip") -> Result:
    path = tmp_path / name
    path.write_bytes(content)
    done = CliRunner().invoke(verify, [str(path)])
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def packed(name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("content", "words"), [
    (b"", "is empty"), (b"PK\x03\x04 and nothing more", "not a whole ZIP"), (b"%PDF-1.7", "not a whole ZIP"),
    (bytes(range(256)) * 64, "not a whole ZIP"), (packed("readme.txt"), "no tally sheet")])
def test_what_is_no_bundle_gives_a_clear_error(tmp_path: Path, content: bytes, words: str) -> None:
    done = run(tmp_path, content)
    assert done.exit_code == 1
    assert done.output.startswith("Error: bundle.zip: ")
    assert words in done.output


def test_archive_that_was_cut_off_is_refused(held: Held, tmp_path: Path) -> None:
    done = run(tmp_path, held.bundle[:len(held.bundle) * 2 // 3])
    assert (done.exit_code, "not a whole ZIP" in done.output) == (1, True)


def test_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, packed("1A/bomb.json", b"0" * (64 * 2**20)))
    assert (done.exit_code, "no file of a bundle" in done.output) == (1, True)


def test_archive_that_claims_to_be_huge_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed("1A/one.json", b"{}"))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place:place + 4] = struct.pack("<I", 2**32 - 2)
    done = run(tmp_path, bytes(content))
    assert (done.exit_code, "at most" in done.output or "no file of a bundle" in done.output) == (1, True)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "1A/../../x", "C:\\x.txt", "1A\\x.txt"])
def test_names_that_lead_out_of_the_bundle_are_named(held: Held, tmp_path: Path, name: str) -> None:
    forger = Forger(held)
    forger.files[name] = b"x"
    done = run(tmp_path, forger.packed())
    assert done.exit_code == 1
    assert f"name: says {name}; counted a path inside the bundle" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle.zip"]


def test_two_files_of_one_name_are_named(held: Held, tmp_path: Path) -> None:
    out = io.BytesIO(held.bundle)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("manifest.json", archive.read("manifest.json"))
    done = run(tmp_path, out.getvalue())
    assert (done.exit_code, "manifest.json 2 times" in done.output) == (1, True)


def appended(content: bytes, *, name: str = "", comment: bytes = b"") -> bytes:
    """The archive with an entry more, or with a comment."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        if name:
            archive.writestr(name, b"")
        archive.comment = comment
    return out.getvalue()


def with_hidden_file(content: bytes) -> bytes:
    """A file whose place the archive's own list does not name: programs that read from the front unpack it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as held, zipfile.ZipFile(out, "w") as archive:
        for name in held.namelist():
            archive.writestr(name, held.read(name))
        archive.writestr("correction.txt", b"Consensus for, 9 of 9")
        archive.filelist.pop()
    return out.getvalue()


@pytest.mark.parametrize(("change", "where"), [
    (lambda content: appended(content, comment=b"Consensus for, 9 of 9"), "comment"),
    (lambda content: content + b"Consensus for, 9 of 9", "end"),
    (lambda content: b"%PDF-1.7 Consensus for, 9 of 9" + content, "before 1A/"),
    (lambda content: appended(content, name="Consensus for, 9 of 9/"), "folder"),
    (with_hidden_file, "behind the last file")])
def test_what_is_no_file_of_the_archive_is_named(
        held: Held, tmp_path: Path, change: Callable[[bytes], bytes], where: str) -> None:
    done = run(tmp_path, change(held.bundle))
    assert (done.exit_code, "something that is no file is in the archive" in done.output) == (1, True)
    assert f"      {where}" in done.output


def test_archive_that_was_packed_again_holds(held: Held, tmp_path: Path) -> None:
    """Packing programs add folders, and write sizes behind the files where they cannot go back."""
    written: list[bytes] = []

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            written.append(bytes(content))
            return len(content)

    with zipfile.ZipFile(io.BytesIO(held.bundle)) as archive, zipfile.ZipFile(Pipe(), "w") as anew:
        anew.mkdir("1A")
        for name in archive.namelist():
            anew.writestr(name, archive.read(name))
    done = run(tmp_path, b"".join(written))
    assert done.exit_code == 0, done.output


def test_file_that_does_not_unpack_is_named(held: Held, tmp_path: Path) -> None:
    content = bytearray(held.bundle)
    with zipfile.ZipFile(io.BytesIO(held.bundle)) as archive:
        info = archive.getinfo("1A/sigforum-1A-summary.csv")
    content[info.header_offset + 60 + len(info.filename)] ^= 0xFF
    done = run(tmp_path, bytes(content))
    assert (done.exit_code, "1A/sigforum-1A-summary.csv: says" in done.output) == (1, True)


@pytest.mark.parametrize("text", [
    b"[" * 100_000, b'{"schema": NaN}', b"\xff\xfe", b'{"schema": "sigforum-tally-sheet/1"}',
    b'{"schema_version": 1, "forum_session": {"code": "1A"}, "provenance": {}}'])
def test_data_that_cannot_be_read_is_named(held: Held, tmp_path: Path, text: bytes) -> None:
    forger = Forger(held)
    forger.files["1A/broken-poll-1-round-1.json"] = text
    done = run(tmp_path, forger.packed())
    assert done.exit_code == 1
    assert "DIFFERS" in done.output
    assert "1A/broken-poll-1-round-1.json" in done.output


def test_single_file_that_is_no_sheet_gives_a_clear_error(tmp_path: Path) -> None:
    done = run(tmp_path, b"{}", name="sheet.json")
    assert (done.exit_code, "neither a tally sheet nor a bundle" in done.output) == (1, True)
