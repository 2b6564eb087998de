"""What a manifest says that a bundle holds, against what is there: sessions, formats, sheets, and the meeting."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sigforum.verification.findings import Difference, Finding, Status, check, same
from sigforum.verification.shapes import TEXT, WHOLE, Shape, check_fields, list_of, object_of
from sigforum.verification.signed import MANIFEST

# The newest form of a manifest that this program knows.
KNOWN = 2
_SHEET = re.compile(r"[^/]+/(tally|interim)-[^/]*-poll-\d+-round-\d+\.json")
_REPORT = re.compile(r"[^/]+/sigforum-[^/]+-summary\.([a-z0-9]+)")
# The formats of reports as their files end; later versions may have others.
_FORMATS = {"csv", "docx", "html", "json", "md", "pdf", "pptx", "xlsx", "xml"}
_TEXTS = list_of(TEXT)
_FILE = object_of(path=TEXT, size=WHOLE, sha256=TEXT)
_FIRST: Mapping[str, Shape] = {
    "schema_version": WHOLE, "meeting": {"$ref": "#/$defs/MeetingFacts"}, "software": TEXT,
    "sessions": list_of(object_of(session=TEXT, title=TEXT, inputs_sha256=TEXT, event_number=WHOLE,
                                  files=list_of(_FILE)))}
# Every field of a manifest, by its version.
SHAPES: Mapping[int, Shape] = {1: object_of(**_FIRST), KNOWN: object_of(
    **_FIRST, manifest_version=WHOLE,
    contents=object_of(earlier_titles=_TEXTS, sessions=_TEXTS, formats=_TEXTS, sheets=_TEXTS))}


def version_of(manifest: Mapping[str, Any]) -> Any:
    """Which form of manifest it is; the first one did not say so."""
    return manifest.get("manifest_version", 1)


def check_complete(manifest: Mapping[str, Any], documents: Mapping[str, Any]) -> Iterator[Finding]:
    """That nothing went missing, and that all speak of one meeting."""
    yield from _check_meeting(manifest, list(documents.values()))
    yield check(MANIFEST, "the manifest and its summaries are of one schema", [
        one for found in documents.values() for one in same(
            "schema_version", manifest.get("schema_version"), found["schema_version"])][:1])
    version = version_of(manifest)
    if version in SHAPES:
        yield check_fields(manifest, SHAPES[version], file=MANIFEST)
    if version == 1:
        return
    if version != KNOWN:
        yield check(MANIFEST, "", [Difference(where="manifest_version", said=version, counted=f"1 or {KNOWN}")],
                    otherwise="this form of manifest is unknown here, so what must be in the bundle cannot be judged")
        return
    contents, entries = manifest["contents"], manifest["sessions"]
    yield check(MANIFEST, "every session that belongs to the meeting is there", same(
        "sessions", [entry["session"] for entry in entries], contents["sessions"]),
        otherwise="a session is missing, added, doubled or in another place")
    wrong = [one for entry in entries for one in _formats(entry, contents["formats"])]
    yield check(MANIFEST, "every session is there in every format", wrong,
                otherwise="a session is not there in every format")
    sheets = [one["path"] for entry in entries for one in entry["files"] if _SHEET.fullmatch(one["path"])]
    yield check(MANIFEST, "every sheet is there", same("sheets", sheets, contents["sheets"]),
                otherwise="a sheet is missing, added or in another place")


def check_names(paths: Collection[str], manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """That no file is there which is none of a bundle: it would be passed over as somebody else's."""
    reports = {path: found.group(1) for path in paths if (found := _REPORT.fullmatch(path))}
    others = {path for path, ending in reports.items() if ending not in _FORMATS}
    # The first form has these formats and no other; the next one says which, and each of them in every session.
    strange = [path for path in paths if path not in reports and not _SHEET.fullmatch(path)] + (
        sorted(others) if version_of(manifest) == 1 else [])
    yield check(MANIFEST, "every file is one of a bundle", [
        Difference(where=path, said="listed", counted="a report or a sheet") for path in strange],
        otherwise="a file is none of a bundle")
    if others and not strange:
        yield Finding(file=MANIFEST, status=Status.NOT_COUNTED, what=(
            f"files of formats that this program does not know: {', '.join(sorted(others))}"))


def _formats(entry: Mapping[str, Any], formats: list[str]) -> Iterator[Difference]:
    there = [one["path"].rpartition(".")[2] for one in entry["files"] if not _SHEET.fullmatch(one["path"])]
    yield from same(f"formats of {entry['session']}", there, formats)
    folders = {one["path"].rpartition("/")[0] for one in entry["files"]}
    yield from same(f"folders of {entry['session']}", len(folders), 1)


def _check_meeting(manifest: Mapping[str, Any], documents: list[Any]) -> Iterator[Finding]:
    """A published version keeps the name that the meeting had on its day; whether it is sample data never changes."""
    said, title = manifest["meeting"], manifest["meeting"]["title"]
    wrong: list[Difference] = []
    for document in documents:
        own, is_published = document["meeting"], (document.get("edition") or {}).get("published_at") is not None
        for name, value in own.items():
            if name == "is_sample" or not is_published:
                wrong += same(f"meeting.{name}", said.get(name), value)
    yield check(MANIFEST, "the manifest is of the meeting of its summaries", _once(wrong),
                otherwise="the manifest is of another meeting than its summaries")
    titles = {document["meeting"]["title"] for document in documents}
    if wrong or not titles or title in titles:
        return
    earlier = manifest.get("contents", {}).get("earlier_titles")
    if version_of(manifest) == KNOWN and not (isinstance(earlier, list) and titles <= set(earlier)):
        yield check(MANIFEST, "", [Difference(where="meeting.title", said=title, counted=" or ".join(sorted(titles)))],
                    otherwise="the manifest names the meeting otherwise than its summaries")
    else:
        yield Finding(file=MANIFEST, status=Status.NOT_COUNTED, what=(
            f"the meeting's title, “{title}”, which no summary has: it was renamed after they were published"))


def _once(wrong: list[Difference]) -> list[Difference]:
    found: dict[tuple[str, str], Difference] = {}
    for one in wrong:
        found.setdefault((one.where, str(one.counted)), one)
    return list(found.values())
