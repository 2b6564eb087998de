"""Words, dissent and signatures that were changed in one of the files are found, also where every hash was made anew
and nothing is signed."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sigforum.exports.bundle import write_bundle
from sigforum.settings import Settings
from sigforum.summaries import assemble
from sigforum.summaries.domain import LineKind, Stance
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.reviewing import write_position
from sigforum.verification.bundle import check_bundle
from sigforum.verification.findings import Status
from sigforum.verification.sheet import check_sheet
from tests.casting import Cast
from tests.conftest import changing
from tests.summaries.panel import make_panel
from tests.summaries.test_life import move, put_name, review, statements, write
from tests.verification.meeting import _quickly

PAST = Path(__file__).parents[1] / "past" / "files"
DOCUMENT, TABLE = "1A/sigforum-1A-summary.json", "1A/sigforum-1A-summary.csv"


@pytest.fixture(scope="module")
def published(staged: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bundle of a meeting with a published summary: judged statements, a minority position, people who signed."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copy(staged[0], folder / "sigforum.db")
    with changing(Settings(secret_key="publishing", instance=folder, async_mode="threading")):
        panel = make_panel(staged[1])
        panel.rate()
        begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
        write(panel, "In closed systems.", kind=LineKind.ANSWER)
        move(panel, "ask_review")
        review(panel, "p4", statements(panel)[0], Stance.DISSENT, "A matrix hides the weak assay.")
        write_position(panel.cast.viewer("p5"), panel.forum_session.id, text="Cost should have been said more of.")
        for name in ("p1", "p2"):
            put_name(panel, name)
        for verb in ("close_review", "publish"):
            move(panel, verb)
        meeting = panel.forum_session.meeting
        return write_bundle(assemble.meeting_summary(meeting), software="sigforum test",
                            sheets=assemble.meeting_sheets(meeting), write=_quickly)


class Unsigned:
    """A bundle taken apart to be changed, without the signature that it may have had."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.files = {path: archive.read(path) for path in archive.namelist()
                          if path != "manifest.sig"}
        self.document = json.loads(self.files[DOCUMENT])
        self.manifest = json.loads(self.files["manifest.json"])

    def statement(self) -> Any:
        return next(line for line in self.document["lines"] if line["votes"])

    def in_table(self, before: str, after: str) -> None:
        assert before.encode() in self.files[TABLE]
        self.files[TABLE] = self.files[TABLE].replace(before.encode(), after.encode())

    def row(self, section: str, measure: str, value: str) -> None:
        """Another value in the first such row of the table."""
        rows = list(csv.reader(io.StringIO(self.files[TABLE].decode("utf-8-sig"), newline="")))
        found = next(row for row in rows if (row[1], row[4]) == (section, measure))
        found[5] = value
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        self.files[TABLE] = b"\xef\xbb\xbf" + out.getvalue().encode()

    def sealed(self) -> bytes:
        """The archive, with every hash made right again, the one in the table included."""
        provenance = self.document["provenance"]
        before = provenance["inputs_sha256"]
        content = {name: value for name, value in self.document.items() if name != "provenance"}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        provenance["inputs_sha256"] = hashlib.sha256(text.encode()).hexdigest()
        self.files[DOCUMENT] = (json.dumps(self.document, ensure_ascii=False, indent=2) + "\n").encode()
        self.in_table(before, provenance["inputs_sha256"])
        for entry in self.manifest["sessions"]:
            for file in entry["files"]:
                one = self.files[file["path"]]
                file |= {"size": len(one), "sha256": hashlib.sha256(one).hexdigest()}
                if file["path"] == DOCUMENT:
                    entry["inputs_sha256"] = provenance["inputs_sha256"]
        self.files["manifest.json"] = json.dumps(self.manifest).encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for path, one in self.files.items():
                archive.writestr(path, one)
        return out.getvalue()


def statement_reworded_everywhere(bundle: Unsigned) -> None:
    line, words = bundle.statement(), "Open systems come first."
    # In the summary's own line and its row alone: the poll keeps the words that were voted on.
    bundle.row("line", "text", words)
    line["text"] = words


def minority_position_deleted(bundle: Unsigned) -> None:
    bundle.document["minority"] = []


def minority_position_softened(bundle: Unsigned) -> None:
    bundle.document["minority"][0]["text"] = "Cost could have been said more of."


def sign_off_added(bundle: Unsigned) -> None:
    bundle.document["sign_offs"]["listed"].append("Zoe Somebody")


def approvals_changed(bundle: Unsigned) -> None:
    bundle.statement()["approved"] += 1


def answer_rewritten(bundle: Unsigned) -> None:
    next(line for line in bundle.document["lines"] if line["kind"] == "answer")["text"] = "We agree on everything."


def checklist_changed(bundle: Unsigned) -> None:
    bundle.document["checklist"][7]["text"] = "Everything was done as planned."


def interests_changed(bundle: Unsigned) -> None:
    bundle.document["interests"]["declared"] = 1


def group_table_changed(bundle: Unsigned) -> None:
    poll = next(poll for poll in bundle.document["polls"] if poll["groups"] and poll["groups"]["lines"])
    poll["groups"]["lines"][0]["cells"][0] = "fewer than half"


def is_sample_changed(bundle: Unsigned) -> None:
    bundle.manifest["meeting"]["is_sample"] = not bundle.manifest["meeting"]["is_sample"]


def title_changed(bundle: Unsigned) -> None:
    bundle.manifest["meeting"]["title"] = "Another meeting"


def row_changed(section: str, measure: str) -> Callable[[Unsigned], None]:
    def change(bundle: Unsigned) -> None:
        bundle.row(section, measure, "Something else.")
    change.__name__ = f"row_of_{section}_changed"
    return change


# What is changed, in which bundle, and in which file the words of the finding say what.
CHANGES: dict[Callable[[Unsigned], None], tuple[str, str, str]] = {
    statement_reworded_everywhere: ("bundle.zip", DOCUMENT, "other words than those that were voted on"),
    minority_position_deleted: ("bundle.zip", TABLE, "minority m2"),
    minority_position_softened: ("bundle.zip", TABLE, "minority m2"),
    sign_off_added: ("bundle.zip", TABLE, "sign_off n5"),
    approvals_changed: ("bundle.zip", TABLE, "line l1  approved"),
    answer_rewritten: ("bundle.zip", TABLE, "line l"),
    checklist_changed: ("bundle.zip", TABLE, "checklist"),
    interests_changed: ("bundle.zip", DOCUMENT, "interests do not add up"),
    group_table_changed: ("bundle-sample.zip", TABLE, "by_group"),
    is_sample_changed: ("bundle.zip", "manifest.json", "meeting.is_sample"),
    title_changed: ("bundle-sample.zip", "manifest.json", "meeting.title"),
    row_changed("line", "text"): ("bundle.zip", TABLE, "line l"),
    row_changed("minority", "text"): ("bundle.zip", TABLE, "minority m"),
    row_changed("sign_off", "name"): ("bundle.zip", TABLE, "sign_off n1"),
    row_changed("checklist", "status"): ("bundle.zip", TABLE, "checklist"),
    row_changed("by_group", "count"): ("bundle-sample.zip", TABLE, "by_group"),
}


def said(content: bytes) -> list[tuple[str, str]]:
    """File and words of everything that differs."""
    return [(finding.file, " ".join([finding.what, *(one.where for one in finding.differences)]))
            for finding in check_bundle(content, name="bundle.zip") if finding.status is Status.DIFFERS]


@pytest.mark.parametrize("name", ["bundle.zip", "bundle-sample.zip"])
def test_bundle_that_was_only_sealed_again_holds(name: str) -> None:
    assert said(Unsigned((PAST / name).read_bytes()).sealed()) == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_words_are_found_and_named(published: bytes, change: Callable[[Unsigned], None]) -> None:
    _, file, words = CHANGES[change]
    assert is_named(published, change, file=file, words=words.rstrip("0123456789"))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_words_of_an_earlier_bundle_are_found_and_named(change: Callable[[Unsigned], None]) -> None:
    name, file, words = CHANGES[change]
    assert is_named((PAST / name).read_bytes(), change, file=file, words=words)


def is_named(content: bytes, change: Callable[[Unsigned], None], *, file: str, words: str) -> bool:
    """Whether a finding that a change brings names it, in that file and in these words."""
    before, bundle = said(Unsigned(content).sealed()), Unsigned(content)
    change(bundle)
    found = [one for one in said(bundle.sealed()) if one not in before]
    return any(one[0] == file and words in one[1] for one in found)


def session_taken_out(bundle: Unsigned) -> None:
    bundle.files = {path: content for path, content in bundle.files.items() if not path.startswith("1B/")}
    bundle.manifest["sessions"] = [entry for entry in bundle.manifest["sessions"] if entry["session"] != "1B"]


def session_table_taken_out(bundle: Unsigned) -> None:
    path = "1B/sigforum-1B-summary.csv"
    del bundle.files[path]
    for entry in bundle.manifest["sessions"]:
        entry["files"] = [file for file in entry["files"] if file["path"] != path]


@pytest.mark.parametrize(("change", "words"), [
    (session_taken_out, "a session is missing, added, doubled or in another place"),
    (session_table_taken_out, "a session is not there in every format")])
def test_what_was_taken_out_is_named(published: bytes, change: Callable[[Unsigned], None], words: str) -> None:
    bundle = Unsigned(published)
    change(bundle)
    assert any(what.startswith(words) for _, what in said(bundle.sealed()))


def test_strength_turned_round_is_found(published: bytes) -> None:
    bundle = Unsigned(published)
    path = next(path for path in bundle.files if "/tally-" in path and b"under 80 %" in bundle.files[path])
    sheet = json.loads(bundle.files[path])
    assert all(one.status is Status.HOLDS for one in check_sheet(sheet, file=path))
    figures = next(line["figures"] for line in sheet["result"]["lines"] if line["figures"]["strength"] == "under 80 %")
    figures["strength"] = "over 80 %"
    assert any(one.status is Status.DIFFERS for one in check_sheet(sheet, file=path))
