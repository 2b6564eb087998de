"""What a manifest says that a bundle holds, against what is there: sessions, formats, sheets, and the meeting."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sigforum.verification.findings import Difference, Finding, Status, check, same
from sigforum.verification.signed import MANIFEST

# The newest form of a manifest that this program knows.
KNOWN = 2
_SHEET = re.compile(r"/(tally|interim)-[^/]*\.json$")


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
    sheets = [one["path"] for entry in entries for one in entry["files"] if _SHEET.search(one["path"])]
    yield check(MANIFEST, "every sheet is there", same("sheets", sheets, contents["sheets"]),
                otherwise="a sheet is missing, added or in another place")


def _formats(entry: Mapping[str, Any], formats: list[str]) -> Iterator[Difference]:
    there = [one["path"].rpartition(".")[2] for one in entry["files"] if not _SHEET.search(one["path"])]
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
