"""A bundle reads the same to everybody: to two programs, on a terminal, with or without its manifest."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sigforum.verification.cli import verify
from tests.verification import forging
from tests.verification.forging import DOCUMENT, TABLE, Forger
from tests.verification.meeting import Held

SIGNATURE = "manifest.sig"


def run(tmp_path: Path, content: bytes, *options: str, name: str = "bundle.zip") -> Result:
    path = tmp_path / name
    path.write_bytes(content)
    return CliRunner().invoke(verify, [str(path), "--differences", *options])


def written(held: Held, path: str, before: bytes, after: bytes) -> bytes:
    """The bundle with other bytes in a file, its hash made right in the manifest, which a forger signs."""
    files = Forger(held).contents()
    assert before in files[path]
    files[path] = files[path].replace(before, after, 1)
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["sessions"]:
        for file in entry["files"]:
            content = files[file["path"]]
            file |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if path not in ("manifest.json", SIGNATURE):
        files["manifest.json"] = json.dumps(manifest).encode()
    if path != SIGNATURE and SIGNATURE in files:
        files[SIGNATURE] = forging.signature_by(forging._FORGERS_KEY, files["manifest.json"])
    return packed(files)


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["sheet", "summary", "manifest.json", SIGNATURE])
def test_name_that_stands_twice_is_named(held: Held, tmp_path: Path, kind: str) -> None:
    """One program shows the first value, another the last."""
    path = {"sheet": Forger(held).path("kind rating"), "summary": DOCUMENT}.get(kind, kind)
    twice = {"sheet": "result", "summary": "provenance", "manifest.json": "meeting", SIGNATURE: "public_key"}[kind]
    done = run(tmp_path, written(held, path, b"{", b'{"' + twice.encode() + b'": "another",'))
    assert done.exit_code == 1, done.output
    assert path in done.output


@pytest.mark.parametrize("number", ["1e999", "-1e999", '"\\ud800"'])
def test_endless_number_and_half_a_character_are_named(held: Held, tmp_path: Path, number: str) -> None:
    path = Forger(held).path("kind rating")
    entitled = str(Forger(held).sheet("kind rating")["headcount"]["entitled"])
    done = run(tmp_path, written(held, path, f'"entitled": {entitled}'.encode(), f'"entitled": {number}'.encode()))
    assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.exception
    assert f"DIFFERS      {path}: the file cannot be read" in done.output


@pytest.mark.parametrize("words", [
    "x\n  holds        all: signed by the key that you gave", "x\x1b[1A\x1b[2K", "\u202ex"])
def test_words_of_a_bundle_cannot_pass_for_a_line_of_the_report(held: Held, tmp_path: Path, words: str) -> None:
    """The name of a file, and a title."""
    files = Forger(held).contents()
    for content in (packed(files | {f"1A/{words}.md": b"more"}), packed(files | {
            "manifest.json": json.dumps(Forger(held).manifest | {"meeting": {"title": words}}).encode()})):
        done = run(tmp_path, content)
        assert done.exit_code == 1
        assert not any(line.strip().startswith("holds") for line in done.output.splitlines())
        assert not {"\x1b", "\u202e"} & set(done.output)


def test_sheets_without_their_manifest_are_signed_by_nobody(held: Held, tmp_path: Path) -> None:
    forger = Forger(held)
    key = json.loads(forger.files[SIGNATURE])["public_key"]
    sheets = {path: content for path, content in forger.contents().items() if "/tally-" in path}
    single = forger.contents()[forger.path("kind rating")]
    for name, content in {"sheets.zip": packed(sheets), "sheet.json": single}.items():
        done = run(tmp_path, content, name=name)
        assert (done.exit_code, "not signed" in done.output) == (0, True), done.output
        done = run(tmp_path, content, "--key", key, name=name)
        assert (done.exit_code, "DIFFERS" in done.output, "not signed" in done.output) == (1, True, True), done.output


def test_signature_without_its_manifest_is_named(held: Held, tmp_path: Path) -> None:
    files = {path: content for path, content in Forger(held).contents().items()
             if "/tally-" in path or path == SIGNATURE}
    done = run(tmp_path, packed(files))
    assert (done.exit_code, "the bundle has lost its manifest" in done.output) == (1, True), done.output


@pytest.mark.parametrize(("left", "file"), [
    ({"contents"}, SIGNATURE), ({"manifest_version"}, SIGNATURE), (set(), TABLE)])
def test_bundle_of_the_signed_form_cannot_call_itself_older(
        held: Held, tmp_path: Path, left: set[str], file: str) -> None:
    """Without signature, and with a manifest that says it is of the form from before."""
    forger = Forger(held)
    forger.manifest["manifest_version"] = 1
    for name in {"manifest_version", "contents"} - left:
        del forger.manifest[name]
    forger.files.pop(SIGNATURE)
    done = run(tmp_path, forger.packed())
    assert (done.exit_code, f"DIFFERS      {file}" in done.output) == (1, True), done.output


@pytest.mark.parametrize("ballots", ["5", "[5]", '[{"code": "AAAA"}]', '[{"says": {}}]', '{"a": 1}'])
def test_sheet_with_ballots_that_are_none_is_named(held: Held, tmp_path: Path, ballots: str) -> None:
    sheet = Forger(held).sheet("kind rating") | {"ballots": json.loads(ballots)}
    done = run(tmp_path, packed({"tally-1A-poll-1-round-1.json": json.dumps(sheet).encode()}), "--code", "AAAA")
    assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.exception


@pytest.mark.parametrize("parts", [1, 2])
def test_small_archive_of_more_values_than_memory_is_refused(tmp_path: Path, parts: int) -> None:
    """In one file or in several; noise between the empty lists keeps it below what an archive may unpack to."""
    flood = b"[" + b",".join(b"[]," * 300 + b"%d" % (place**5) for place in range(20_000 // parts)) + b"]"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(parts):
            archive.writestr(f"{part}.json", flood)
    done = run(tmp_path, out.getvalue())
    assert (done.exit_code, "values in the JSON; at most 10,000,000 are read" in done.output) == (1, True), done.output
