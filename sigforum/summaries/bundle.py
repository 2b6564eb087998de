"""The whole meeting in one ZIP: every forum session in every format, with a manifest of hashes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence

from sigforum.summaries.document import MeetingSummary, SummaryDocument
from sigforum.summaries.domain import distinct_names, file_name
from sigforum.summaries.registry import all_formats

# ZIP's own beginning of time; a real time would make two equal bundles differ.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100644 << 16


def write_bundle(summary: MeetingSummary, *, software: str, sheets: Sequence[Mapping[str, bytes]],
                 progress: Callable[[int, SummaryDocument], None] = lambda done, document: None) -> bytes:
    """The archive. `sheets` are the published tally sheets of each document, by file name; `progress` is called
    before each forum session, with how many are done."""
    files: dict[str, bytes] = {}
    entries = []
    names = distinct_names([document.forum_session.code for document in summary.documents])
    for done, (name, document) in enumerate(zip(names, summary.documents, strict=True)):
        progress(done, document)
        made = {f"{name}/{file_name(name, one.extension)}": one.write(document)
                for one in all_formats().values()}
        made |= {f"{name}/{sheet}": content for sheet, content in sheets[done].items()}
        files |= made
        entries.append({
            "session": document.forum_session.code, "title": document.forum_session.title,
            "inputs_sha256": document.provenance.inputs_sha256,
            "event_number": document.provenance.event_number,
            "files": [{"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                      for path, content in made.items()]})
    manifest = {"schema_version": summary.schema_version, "meeting": summary.to_json()["meeting"],
                "software": software, "sessions": entries}
    files["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    return _archive(files)


def _archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, date_time=_NO_TIME)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _PLAIN_FILE, 3
            archive.writestr(info, files[path])
    return out.getvalue()
