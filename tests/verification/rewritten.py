"""What people hold from earlier, written anew as this version writes it: a bundle with published versions, minority
positions, sign-offs, groups and several sessions, without a database."""

import json
import zipfile
from collections import defaultdict
from pathlib import Path

from sigforum.exports.bundle import write_bundle
from sigforum.summaries.document.reading import read_document
from sigforum.summaries.document.summary import MeetingSummary, SummaryDocument
from sigforum.summaries.registry import SummaryFormat, format_named

PAST = Path(__file__).parents[1] / "past" / "files"


def rewritten(name: str) -> bytes:
    """A bundle of tests/past in the newest form; needs an application, whose key signs it."""
    documents, sheets = [], defaultdict[str, dict[str, bytes]](dict)
    with zipfile.ZipFile(PAST / name) as archive:
        for path in archive.namelist():
            folder, _, file = path.rpartition("/")
            if file.endswith("-summary.json"):
                documents.append((folder, read_document(SummaryDocument, json.loads(archive.read(path))).sealed()))
            elif file.startswith(("tally-", "interim-")):
                sheets[folder][file] = archive.read(path)
    documents.sort(key=lambda pair: pair[0])
    meeting = MeetingSummary(schema_version=1, meeting=documents[0][1].meeting,
                             documents=tuple(document for _, document in documents))
    return write_bundle(meeting, software="sigforum test", sheets=[sheets[folder] for folder, _ in documents],
                        write=_quickly)


def _quickly(one: SummaryFormat, document: SummaryDocument) -> bytes:
    return (one if one.name in ("json", "csv") else format_named("markdown")).write(document)
