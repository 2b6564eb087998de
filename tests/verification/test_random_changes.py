"""One random change in a data file is found: whatever it is by the signature, and by the other files without one."""

import csv
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from sigforum.settings import Settings
from sigforum.verification.bundle import check_bundle
from sigforum.verification.findings import Finding, Status
from sigforum.verification.sheet import Damaged
from tests.conftest import changing
from tests.verification.forging import _FORGERS_KEY, SIGNATURE, signature_by
from tests.verification.rewritten import rewritten

CHANGES, SEED = 40, 20_261
# What the signature alone protects; docs/verification.md lists it.
SIGNATURE_ALONE = ("/interim-", "result.lines.#.figures", "result.extra", "result.columns", "result.text",
                   "software", "files.")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with changing(Settings(secret_key="rewriting", instance=tmp_path_factory.mktemp("keys"), async_mode="threading")):
        content = rewritten("bundle.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def wrong(files: dict[str, bytes]) -> list[Finding]:
    try:
        found = check_bundle(packed(files), name="bundle.zip")
    except Damaged as problem:
        return [Finding(file="bundle.zip", what=str(problem), status=Status.DIFFERS)]
    return [finding for finding in found if finding.status is Status.DIFFERS]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every word, number and list stands."""
    if isinstance(value, list) and value:
        yield path
    for name, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(one, dict | list):
            yield from places(one, (*path, name))
        else:
            yield (*path, name)


def other(value: Any, dice: random.Random) -> Any:
    """Another value of that kind, or a list with an entry lost, doubled or in another place."""
    if isinstance(value, list):
        made = list(value)
        place = dice.randrange(len(made))
        if dice.random() < 0.4:
            del made[place]
        elif dice.random() < 0.6 or made == made[::-1]:
            made.append(made[place])
        else:
            made.reverse()
        return made
    if isinstance(value, bool) or value is None:
        return not value if value is not None else "something"
    return value + dice.choice((-1, 1, 10)) if isinstance(value, int | float) else f"{value} not"


def change_json(content: bytes, dice: random.Random) -> tuple[bytes, str]:
    value = json.loads(content)
    path = dice.choice(list(places(value)))
    box = value
    for name in path[:-1]:
        box = box[name]
    box[path[-1]] = other(box[path[-1]], dice)
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode(), ".".join(
        "#" if isinstance(name, int) else name for name in path)


def change_table(content: bytes, dice: random.Random) -> tuple[bytes, str]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    place, column = dice.randrange(1, len(rows)), dice.randrange(6)
    said = f"row of {rows[place][1]} {rows[place][4]}"
    turn = dice.random()
    if turn < 0.3:
        del rows[place]
    elif turn < 0.5:
        rows.insert(place, rows[place])
    else:
        rows[place][column] += " not"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode(), said


def change_one(files: dict[str, bytes], dice: random.Random) -> str:
    """Change one thing in one data file; what it was."""
    kind = dice.choice(("-summary.json", "-summary.json", ".csv", "/tally-", "/interim-", "manifest.json"))
    path = dice.choice([path for path in files if kind in path])
    files[path], what = (change_table if path.endswith(".csv") else change_json)(files[path], dice)
    return f"{path}: {what}"


def seal(files: dict[str, bytes], *, signed: bool) -> None:
    """Make every hash right again, in the table as well, and sign with a key of one's own or not at all."""
    manifest, digests = json.loads(files["manifest.json"]), {}
    for path in [path for path in files if path.endswith("-summary.json")]:
        document = json.loads(files[path])
        text = json.dumps({name: value for name, value in document.items() if name != "provenance"}, sort_keys=True,
                          ensure_ascii=False, separators=(",", ":"))
        before, digests[path] = document["provenance"]["inputs_sha256"], hashlib.sha256(text.encode()).hexdigest()
        if before != digests[path]:
            document["provenance"]["inputs_sha256"] = digests[path]
            files[path] = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
            table = path.removesuffix(".json") + ".csv"
            files[table] = files.get(table, b"").replace(before.encode(), digests[path].encode())
    for entry in manifest["sessions"]:
        for file in entry["files"]:
            if file["path"] in files:
                content = files[file["path"]]
                file |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                if file["path"] in digests:
                    entry["inputs_sha256"] = digests[file["path"]]
    files["manifest.json"] = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    if signed:
        files[SIGNATURE] = signature_by(_FORGERS_KEY, files["manifest.json"])


def test_untouched_bundle_holds(bundle: dict[str, bytes]) -> None:
    files = dict(bundle)
    assert wrong(files) == []
    seal(files, signed=True)
    assert wrong(files) == []


def test_random_change_is_found_by_the_other_files(bundle: dict[str, bytes]) -> None:
    """The forger makes every hash anew and signs with a key of their own, so that the signature says nothing."""
    dice, missed, tried = random.Random(SEED), [], 0
    while tried < CHANGES:
        files = dict(bundle)
        what = change_one(files, dice)
        if any(words in what for words in SIGNATURE_ALONE):
            continue
        tried += 1
        seal(files, signed=True)
        changed = any(files[path] != bundle[path] for path in files if path != SIGNATURE)
        if changed and not wrong(files):
            missed.append(what)
    assert missed == []


def test_any_change_is_found_by_the_signature(bundle: dict[str, bytes]) -> None:
    """Sealed, and under the signature that the publisher made."""
    dice = random.Random(SEED + 1)
    for _ in range(6):
        files = dict(bundle)
        what = change_one(files, dice)
        seal(files, signed=False)
        if any(files[path] != bundle[path] for path in files):
            assert any("not the one that was signed" in finding.what for finding in wrong(files)), what


def test_session_that_was_taken_out_is_named(bundle: dict[str, bytes]) -> None:
    files = {path: content for path, content in bundle.items() if not path.startswith("1B/")}
    manifest = json.loads(files["manifest.json"])
    manifest["sessions"] = [entry for entry in manifest["sessions"] if entry["session"] != "1B"]
    files["manifest.json"] = json.dumps(manifest).encode()
    seal(files, signed=True)
    assert [finding.what for finding in wrong(files)] == [
        "a session is missing, added, doubled or in another place", "a sheet is missing, added or in another place"]


@pytest.mark.parametrize("ending", [".csv", ".md"])
def test_format_that_was_taken_out_is_named(bundle: dict[str, bytes], ending: str) -> None:
    path = f"1A/sigforum-1A-summary{ending}"
    files = {name: content for name, content in bundle.items() if name != path}
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["sessions"]:
        entry["files"] = [file for file in entry["files"] if file["path"] != path]
    files["manifest.json"] = json.dumps(manifest).encode()
    seal(files, signed=True)
    assert [finding.what for finding in wrong(files)] == ["a session is not there in every format"]
