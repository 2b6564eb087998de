"""What no version has, added to any object of any JSON file of a bundle, to its tables or beside its files, every hash
made anew: it is found without a signature, and named by file and place."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from sigforum.verification.bundle import check_bundle
from sigforum.verification.counting.kinds import COUNTS
from sigforum.verification.findings import Finding, Status
from sigforum.verification.interim import check_interim, is_interim
from sigforum.verification.shapes import check_shape
from sigforum.verification.sheet import Damaged, check_sheet, is_sheet, terms_sha256
from tests.past.conftest import FILES
from tests.thorough import some
from tests.verification.forging import SIGNATURE
from tests.verification.meeting import Held
from tests.verification.test_random_changes import bundle, packed, seal

assert bundle
NAME, WORDS = "correction", "Consensus for, 9 of 9"
Files = dict[str, bytes]
Path = tuple[str | int, ...]


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


@pytest.fixture(params=["every kind", "published", "before signing"])
def files(request: pytest.FixtureRequest) -> Files:
    """A meeting with every kind; one with published versions, groups, several rounds; and the same as version 0.1.0
    wrote it."""
    if request.param == "every kind":
        held: Held = request.getfixturevalue("held")
        return unpacked(held.bundle)
    return dict(request.getfixturevalue("bundle")) if request.param == "published" else unpacked(
        (FILES / "bundle.zip").read_bytes())


def objects(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where every object stands."""
    if isinstance(value, dict):
        yield path
    for name, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from objects(one, (*path, name))


def put(value: Any, path: Path, name: str = NAME) -> Any:
    """Add the field to the object at that place, and give the object."""
    for part in path:
        value = value[part]
    value[name] = WORDS
    return value


def place(path: Path, name: str = NAME) -> str:
    """The place as findings name it."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" if re.fullmatch("[A-Za-z_0-9]+", part)
             else f"[{json.dumps(part)}]" for part in (*path, name))
    return "".join(parts).removeprefix(".")


def data(files: Files) -> Iterator[tuple[str, Any]]:
    """Every JSON file, read."""
    for path, content in files.items():
        if path.endswith(".json") or path == SIGNATURE:
            yield path, json.loads(content)


def written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def forged(files: Files, path: str, whole: Any) -> bytes:
    """The bundle with another content of one file, and everything made right again that can be: the hashes of terms in
    sheet, summary and table, those of content and files, and a signature by a key of one's own."""
    files = files | {path: written(whole)}
    if "terms" in whole:
        anew = terms_sha256(whole["terms"]).encode()
        files = {name: content.replace(whole["terms_sha256"].encode(), anew) if name.startswith(path[:3]) else content
                 for name, content in files.items()}
    if path != SIGNATURE:
        seal(files, signed=SIGNATURE in files)
    return packed(files)


def named(findings: list[Finding]) -> set[tuple[str, str]]:
    """What differs, by file and place."""
    return {(finding.file, one.where) for finding in findings if finding.status is Status.DIFFERS
            for one in finding.differences}


def alone(path: str, whole: Any) -> list[Finding]:
    """What the file says of itself, quicker than the whole bundle."""
    if is_sheet(whole):
        return check_sheet(whole, file=path)
    return check_interim(whole, file=path) if is_interim(whole) else [check_shape(whole, file=path)]


def kind_of_place(whole: Any, path: Path) -> tuple[str, ...]:
    """One for each name of a field in each kind of sheet: entries of a list and options of a poll are alike."""
    return (str(whole.get("terms", {}).get("kind")), str(whole.get("round")), *(
        "#" if isinstance(part, int) or re.fullmatch(r"[or]\d+", part) else part for part in path))


def test_bundles_have_every_kind(held: Held) -> None:
    kinds = {whole["terms"]["kind"] for _, whole in data(unpacked(held.bundle)) if "terms" in whole}
    assert kinds == set(COUNTS)


def test_field_added_to_any_object_is_found_and_named_by_the_file_alone(files: Files) -> None:
    missed = []
    everywhere = [(name, path) for name, whole in data(files) if not name.startswith("manifest.")
                  for path in objects(whole)]
    read = dict(data(files))
    for name, path in some(everywhere, one_in=60):
        box = put(read[name], path)
        if (name, place(path)) not in named(alone(name, read[name])):
            missed.append((name, place(path)))
        del box[NAME]
    assert (missed, len(everywhere) > 1000) == ([], True)


def test_field_added_to_any_kind_of_object_is_found_and_named_in_the_bundle(files: Files) -> None:
    kinds = {}
    for name, whole in data(files):
        for path in objects(whole):
            kinds.setdefault((name.rpartition("-")[2], *kind_of_place(whole, path)), (name, path))
    missed = []
    for name, path in some(kinds.values(), one_in=40):
        whole = json.loads(files[name])
        put(whole, path)
        if (name, place(path)) not in named(check_bundle(forged(files, name, whole), name="bundle.zip")):
            missed.append((name, place(path)))
    assert (missed, len(kinds) > 100) == ([], True)


def test_forger_of_these_tests_leaves_no_other_trace(files: Files) -> None:
    """What is found is the field, and no hash that was left as it was."""
    sheet = next(name for name in files if "/tally-1A-" in name)
    summary = next(name for name in files if name.endswith("-summary.json"))
    for name, path in ((sheet, ()), (sheet, ("terms", "settings")), (summary, ("polls", 0)), ("manifest.json", ())):
        whole = json.loads(files[name])
        put(whole, path)
        assert named(check_bundle(forged(files, name, whole), name="bundle.zip")) == {(name, place(path))}


@pytest.mark.parametrize("name", ["Invited", "invited ", "invited\u200b", "inv\u0456ted", "", "headcount.invited"])
def test_name_that_is_almost_one_is_none(held: Held, name: str) -> None:
    files = unpacked(held.bundle)
    path = next(path for path in files if "/tally-1A-" in path)
    sheet = json.loads(files[path])
    put(sheet, ("headcount",), name)
    assert (path, place(("headcount",), name)) in named(check_bundle(forged(files, path, sheet), name="bundle.zip"))


@pytest.mark.parametrize(("kind", "at"), [
    ("single", ("terms", "settings", "intervals")), ("ranking", ("terms", "settings", "w_p")),
    ("matrix", ("terms", "settings", "leads_error")), ("matrix", ("terms", "settings", "names")),
    ("agree", ("terms", "settings", "groups")), ("rating", ("terms", "rule", "params", "who_counts")),
    ("rating", ("withheld",)), ("rating", ("ballots", 0, "name")), ("ranking", ("result", "extra", "draws")),
    ("rating", ("result", "lines", 0, "figures", "cvr")), ("rating", ("result", "lines", 0, "figures", "groups_met"))])
def test_words_under_a_known_name_are_found_where_that_name_says_nothing(held: Held, kind: str, at: Path) -> None:
    """A mark of terms that says another word counts for none, and a name of another kind of sheet is read by nobody."""
    files = unpacked(held.bundle)
    path, sheet = next((path, whole) for path, whole in data(files) if "terms" in whole
                       and whole["terms"]["title"] == f"kind {kind}")
    *outer, name = at
    put(sheet, tuple(outer), str(name))
    assert (path, place(tuple(outer), str(name))) in named(check_bundle(forged(files, path, sheet), name="bundle.zip"))


@pytest.mark.parametrize(("at", "value", "words"), [
    (("terms", "kind"), "hands", "the kind “hands”"), (("terms", "rule", "name"), "by_luck", "the rule “by_luck”"),
    (("terms", "rule", "version"), 9, "version 9 of the rule")])
def test_sheet_of_what_came_later_is_not_judged(held: Held, at: tuple[str, ...], value: Any, words: str) -> None:
    sheet = next(whole for _, whole in data(unpacked(held.bundle)) if whole.get("terms", {}).get("rule"))
    box = sheet
    for name in at[:-1]:
        box = box[name]
    box[at[-1]] = value
    with pytest.raises(Damaged, match=f"does not know {words}.*cannot judge"):
        check_sheet(sheet, file="sheet.json")


def test_summary_of_a_later_schema_is_not_judged(files: Files) -> None:
    path = next(name for name in files if name.endswith("-summary.json"))
    files = files | {path: written(json.loads(files[path]) | {"schema_version": 2})}
    assert any("does not know version 2 of the summaries' schema, and cannot judge" in str(one.said)
               for finding in check_bundle(packed(files), name="bundle.zip") for one in finding.differences)


@pytest.mark.parametrize("name", ["1A/correction.json", "correction.txt", "1A/sigforum-1A-summary/correction.md",
                                  "1A/sigforum-1A-summary.md/", "1A/tally-1A.json"])
def test_listed_file_that_is_none_of_a_bundle_is_named(files: Files, name: str) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["sessions"][0]["files"].append({"path": name, "size": 0, "sha256": ""})
    files = files | {"manifest.json": written(manifest), name: b"{}"}
    seal(files, signed=SIGNATURE in files)
    assert ("manifest.json", name) in named(check_bundle(packed(files), name="bundle.zip"))


def test_row_of_an_unknown_section_is_named(files: Files) -> None:
    """Also in tables from before bundles were signed, which have fewer sections."""
    path = next(name for name in files if name.endswith("-summary.csv"))
    files = files | {path: files[path] + f"1A,{NAME},x,,text,{WORDS.replace(',', ';')}\r\n".encode()}
    seal(files, signed=SIGNATURE in files)
    assert (path, f"{NAME} x  text") in named(check_bundle(packed(files), name="bundle.zip"))


def test_file_beside_loose_sheets_is_named(held: Held) -> None:
    """Nothing says what belongs to sheets that came without their manifest."""
    sheets = {path: content for path, content in unpacked(held.bundle).items() if "/tally-" in path}
    told = [[finding.what for finding in check_bundle(packed(files), name="sheets.zip")
             if finding.status is Status.NOT_COUNTED] for files in (sheets, sheets | {"1A/correction.txt": b"9 of 9"})]
    assert told == [[], ["files that are no sheets: 1A/correction.txt"]]
