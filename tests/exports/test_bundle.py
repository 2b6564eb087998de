"""The ZIP of a whole meeting: what is in it, its hashes, and that it can be recounted."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from sigforum.exports.bundle import write_bundle
from sigforum.exports.content import prepare
from sigforum.summaries import assemble
from sigforum.summaries.document.facts import MeetingFacts
from sigforum.summaries.document.summary import SCHEMA_VERSION, MeetingSummary
from sigforum.summaries.registry import all_formats
from sigforum.verification.cli import verify
from tests.summaries.panel import Panel


def test_every_format_writes_a_meeting_without_sessions(app: Flask) -> None:
    """The worker warms up with one."""
    facts = MeetingFacts(title="", slug="", start_on=None, end_on=None, is_sample=False)
    nothing = MeetingSummary(schema_version=SCHEMA_VERSION, meeting=facts, documents=())
    assert [name for name, one in all_formats().items() if not one.write(nothing)] == []
    prepare()


def test_bundle_holds_every_session_in_every_format_with_hashes(panel: Panel, tmp_path: Path) -> None:
    poll = panel.rate()
    meeting = assemble.meeting_summary(panel.forum_session.meeting)
    sheets = assemble.meeting_sheets(panel.forum_session.meeting)
    tally = f"tally-1A-poll-{poll.id}-round-1.json"
    # The priorities of both sessions are still open.
    interim = [f"interim-{code}-poll-{number}-round-1.json" for number, code in ((1, "1A"), (2, "1B"))]
    assert [list(one) for one in sheets] == [[interim[0], tally], [interim[1]]]
    content = write_bundle(meeting, software="sigforum test", sheets=sheets)
    assert content == write_bundle(meeting, software="sigforum test", sheets=sheets)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        listed = {entry["path"]: entry["sha256"] for one in manifest["sessions"] for entry in one["files"]}
        assert {f"{code}/sigforum-{code}-summary.{found.extension}" for code in ("1A", "1B")
                for found in all_formats().values()} | {
                    f"1A/{tally}", f"1A/{interim[0]}", f"1B/{interim[1]}"} == listed.keys()
        assert set(archive.namelist()) == {*listed, "manifest.json", "manifest.sig"}
        for path, digest in listed.items():
            assert hashlib.sha256(archive.read(path)).hexdigest() == digest
    assert [one["inputs_sha256"] for one in manifest["sessions"]] == [
        document.provenance.inputs_sha256 for document in meeting.documents]
    assert manifest["software"] == "sigforum test"
    (tmp_path / "bundle.zip").write_bytes(content)
    counted = CliRunner().invoke(verify, [str(tmp_path / "bundle.zip")])
    assert counted.exit_code == 0, counted.output
    assert tally in counted.output
