"""The whole meeting in one ZIP: every forum session in every format, with a signed manifest of hashes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app

from sigforum.exports.domain import distinct_names, file_name, safe_file_name
from sigforum.exports.installation_keys import signature_of
from sigforum.summaries.document.summary import MeetingSummary, SummaryDocument
from sigforum.summaries.registry import SummaryFormat, all_formats

# Grows when something that must stand in a manifest is added: the first one was unsigned and said less.
MANIFEST_VERSION = 2
# ZIP's own beginning of time; a real time would make two equal bundles differ.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def write_bundle(summary: MeetingSummary, *, software: str, sheets: Sequence[Mapping[str, bytes]],
                 write: Callable[[SummaryFormat, SummaryDocument], bytes] = lambda one, document: one.write(document),
                 ) -> bytes:
    """The archive, signed with the key of this installation. `sheets` are the published tally sheets of each
    document, by file name; `write` makes one file, or finds it where it was made before."""
    files: dict[str, bytes] = {}
    entries = []
    # A sheet is called after its session, whose code may hold what no name of a file can.
    sheets = [{safe_file_name(sheet): content for sheet, content in own.items()} for own in sheets]
    names = distinct_names([document.forum_session.code for document in summary.documents])
    for place, (name, document) in enumerate(zip(names, summary.documents, strict=True)):
        made = {f"{name}/{file_name(name, one.extension)}": write(one, document)
                for one in all_formats().values()}
        made |= {f"{name}/{sheet}": content for sheet, content in sheets[place].items()}
        files |= made
        entries.append(_entry(document, made))
    manifest = {"schema_version": summary.schema_version, "manifest_version": MANIFEST_VERSION,
                "meeting": summary.to_json()["meeting"], "software": software,
                "contents": _contents(summary, sheets, names), "sessions": entries}
    files["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    files["manifest.sig"] = signature_of(files["manifest.json"], current_app.config["SETTINGS"].signing_keys_file)
    return _archive(files)


def _entry(document: SummaryDocument, made: Mapping[str, bytes]) -> dict[str, Any]:
    """What the manifest says of one forum session."""
    return {"session": document.forum_session.code, "title": document.forum_session.title,
            "inputs_sha256": document.provenance.inputs_sha256,
            "event_number": document.provenance.event_number,
            "files": [{"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                      for path, content in made.items()]}


def _contents(summary: MeetingSummary, sheets: Sequence[Mapping[str, bytes]], names: Sequence[str]) -> dict[str, Any]:
    """What has to be in the archive, said a second time and without hashes, so that nothing goes missing unnoticed.
    Published versions keep the title that the meeting had on their day."""
    titles = sorted({document.meeting.title for document in summary.documents} - {summary.meeting.title})
    return {"earlier_titles": titles,
            "sessions": [document.forum_session.code for document in summary.documents],
            "formats": [one.extension for one in all_formats().values()],
            "sheets": [f"{name}/{sheet}" for name, own in zip(names, sheets, strict=True) for sheet in own]}


def _archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, date_time=_NO_TIME)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
            archive.writestr(info, files[path])
    return out.getvalue()
