"""A whole bundle: the manifest's hashes, every tally sheet, every summary against its sheets, every table."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sigforum.verification.archive import read_bundle
from sigforum.verification.complete import KNOWN, check_complete, check_names, version_of
from sigforum.verification.document import check_document, is_document
from sigforum.verification.findings import Difference, Finding, Status, check, same
from sigforum.verification.interim import check_interim, is_interim
from sigforum.verification.json_text import read_json, refuse_floods
from sigforum.verification.polls import Sheets
from sigforum.verification.sheet import Damaged, check_sheet, is_sheet
from sigforum.verification.signed import MANIFEST, SIGNATURE, check_signature, check_unsigned_sheets
from sigforum.verification.tables import check_table

# How the files of sheets are called.
_SHEETS = ("tally-", "interim-")


@dataclass
class Folder:
    """What one forum session's folder holds, by path."""

    documents: dict[str, Any] = field(default_factory=dict)
    sheets: dict[str, Any] = field(default_factory=dict)
    interim: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, bytes] = field(default_factory=dict)


def check_bundle(content: bytes, *, name: str, keys: Collection[bytes] = ()) -> list[Finding]:
    """Every finding about a bundle; `keys` are the public keys that the reader took from the publisher, not from the
    bundle. Raises Damaged for what is none at all."""
    bundle = read_bundle(content, name=name)
    findings, folders = [*bundle.findings], defaultdict[str, Folder](Folder)
    refuse_floods(text for path, text in bundle.files.items() if path.endswith(".json"))
    for path, text in bundle.files.items():
        findings += _sort(path, text, folders[path.rpartition("/")[0]])
    # Loose sheets can be counted without a manifest; a report that has lost its manifest is not whole.
    if {MANIFEST, SIGNATURE} & bundle.files.keys() or any(folder.documents for folder in folders.values()):
        findings += _check_manifest(bundle.files, folders, keys)
    elif not any(folder.sheets for folder in folders.values()):
        raise Damaged("There is no tally sheet in there.")
    else:
        findings += check_unsigned_sheets(name, keys=keys)
        findings += _check_loose(bundle.files, folders, name)
    is_complete = _is_complete(bundle.files)
    for path, folder in sorted(folders.items()):
        findings += _check_folder(path, folder, is_complete=is_complete)
    return findings


def _is_complete(files: Mapping[str, bytes]) -> bool:
    """Whether the bundle is of the form in which the table has a row for every word of the JSON."""
    try:
        return bool(version_of(read_json(files.get(MANIFEST, b""))) == KNOWN)
    except (Damaged, AttributeError):
        return False


def sheets_in(content: bytes, *, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tally sheets of a bundle with their paths, to look a receipt up."""
    for path, text in read_bundle(content, name=name).files.items():
        if path.endswith(".json"):
            try:
                found = read_json(text)
            except Damaged:
                continue
            if is_sheet(found):
                yield path, found


def _sort(path: str, text: bytes, folder: Folder) -> Iterator[Finding]:
    if path.endswith(".csv"):
        folder.tables[path] = text
    if not path.endswith(".json") or path == MANIFEST:
        return
    try:
        found = read_json(text)
    except Damaged as problem:
        yield _damaged(path, problem)
        return
    kinds = ((is_sheet, folder.sheets), (is_interim, folder.interim), (is_document, folder.documents))
    for is_kind, place in kinds:
        if is_kind(found):
            place[path] = found
    if path.rpartition("/")[2].startswith(_SHEETS) and not any(is_kind(found) for is_kind, _ in kinds):
        # It would be passed over as somebody else's file, and its result be taken for one that is not published.
        said = found.get("schema") if isinstance(found, dict) else None
        yield check(path, "", [Difference(where="schema", said=said, counted="a sheet that this program knows")],
                    otherwise="the file is called a sheet, and is none that this program knows")


def _check_manifest(files: Mapping[str, bytes], folders: Mapping[str, Folder], keys: Collection[bytes]
                    ) -> Iterator[Finding]:
    if MANIFEST not in files:
        yield check(MANIFEST, "", [Difference(where=MANIFEST, said="(missing)", counted="a file")],
                    otherwise="the bundle has lost its manifest")
        return
    try:
        manifest = read_json(files[MANIFEST])
        yield from check_signature(files, manifest, keys=keys)
        listed = {entry["path"]: entry for entry in _entries(manifest)}
        if not listed:
            raise Damaged("It lists no file.")
        yield check(MANIFEST, "every listed file is there, and no other", _presence(files, listed))
        yield from check_names(listed, manifest)
        for path, entry in listed.items():
            if path in files:
                counted = {"size": len(files[path]), "sha256": hashlib.sha256(files[path]).hexdigest()}
                yield check(path, "the file is the one that the manifest lists", [
                    one for name, value in counted.items() for one in same(name, entry[name], value)],
                    otherwise="the file was changed: it is not the one that the manifest lists")
        yield from _check_entries(manifest, folders)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        yield _damaged(MANIFEST, problem)


def _check_loose(files: Mapping[str, bytes], folders: Mapping[str, Folder], name: str) -> Iterator[Finding]:
    """Files beside sheets that came without their manifest, so that nothing says what belongs to them."""
    known = {path for folder in folders.values() for path in (*folder.sheets, *folder.interim)}
    if files.keys() - known:
        yield Finding(file=name, status=Status.NOT_COUNTED,
                      what=f"files that are no sheets: {', '.join(sorted(files.keys() - known))}")


def _entries(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every file that a manifest lists, wherever it does: a later version may list some elsewhere."""
    if isinstance(value, Mapping):
        if {"path", "sha256", "size"} <= value.keys():
            yield value
        else:
            for one in value.values():
                yield from _entries(one)
    elif isinstance(value, list):
        for one in value:
            yield from _entries(one)


def _presence(files: Mapping[str, bytes], listed: Mapping[str, Any]) -> Iterator[Difference]:
    for path in sorted(listed.keys() - files.keys()):
        yield Difference(where=path, said="listed", counted="(missing)")
    for path in sorted(files.keys() - listed.keys() - {MANIFEST, SIGNATURE}):
        yield Difference(where=path, said="not listed", counted="a file in the bundle")


def _check_entries(manifest: Mapping[str, Any], folders: Mapping[str, Folder]) -> Iterator[Finding]:
    """That the manifest and the summaries of the sessions speak of the same content."""
    documents = {path: document for folder in folders.values() for path, document in folder.documents.items()}
    listed = 0
    for entry in manifest["sessions"]:
        for path in (one["path"] for one in entry["files"] if one["path"] in documents):
            listed += 1
            provenance, forum_session = documents[path]["provenance"], documents[path]["forum_session"]
            yield check(MANIFEST, f"the manifest's entry and {path} speak of the same", [
                *same("inputs_sha256", entry["inputs_sha256"], provenance["inputs_sha256"]),
                *same("event_number", entry["event_number"], provenance["event_number"]),
                *same("session", entry["session"], forum_session["code"]),
                *same("title", entry["title"], forum_session["title"])],
                otherwise=f"the manifest's entry and {path} do not speak of the same")
    yield check(MANIFEST, "every session has its summary as JSON",
                same("sessions", len(manifest["sessions"]), listed))
    yield check(MANIFEST, "every summary is of a session that the manifest lists", same(
        "summaries", len(documents), listed), otherwise="a summary is of no session that the manifest lists")
    yield from check_complete(manifest, documents)


def _check_folder(path: str, folder: Folder, *, is_complete: bool) -> Iterator[Finding]:
    for file, sheet in folder.sheets.items():
        yield from _guarded(file, lambda file=file, sheet=sheet: check_sheet(sheet, file=file))
    for file, sheet in folder.interim.items():
        yield from _guarded(file, lambda file=file, sheet=sheet: check_interim(sheet, file=file))
    if folder.sheets and len(folder.documents) > 1:
        yield check(path, "one summary belongs to the sheets", same("summaries", len(folder.documents), 1))
    for file, document in folder.documents.items():
        yield from _guarded(file, lambda file=file, document=document: check_document(
            document, _sheets(folder, document), file=file))
        name = file.removesuffix(".json") + ".csv"
        if name in folder.tables:
            yield from _guarded(name, lambda document=document, name=name: check_table(
                folder.tables[name], document, file=name, is_complete=is_complete))


def _sheets(folder: Folder, document: Mapping[str, Any]) -> Sheets:
    edition = document.get("edition") or {}
    for path, sheet in {**folder.sheets, **folder.interim}.items():
        if not path.endswith(f"-poll-{sheet['poll']}-round-{sheet['round']}.json"):
            raise Damaged(f"{path} holds the sheet of poll {sheet['poll']}, round {sheet['round']}.")
    return Sheets(published=_by_round(folder.sheets), interim=_by_round(folder.interim),
                  published_at=edition.get("published_at"))


def _by_round(sheets: Mapping[str, Any]) -> dict[tuple[int, int], Any]:
    found: dict[tuple[int, int], Any] = {}
    for path, sheet in sheets.items():
        place = sheet["poll"], sheet["round"]
        if place in found:
            raise Damaged(f"{path} is a second sheet of poll {place[0]} round {place[1]}.")
        found[place] = sheet
    return found


def _guarded(file: str, run: Any) -> Iterator[Finding]:
    try:
        yield from run()
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as problem:
        yield _damaged(file, problem)


def _damaged(file: str, problem: Exception) -> Finding:
    text = str(problem) if isinstance(problem, Damaged) else repr(problem)
    return check(file, "the file can be read", [Difference(where=file, said=text, counted="a whole file")])


