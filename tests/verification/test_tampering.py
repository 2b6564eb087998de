"""A changed vote, number or file is found and named, also where every hash was made right again."""

from collections.abc import Callable
from typing import Any

import pytest

from sigforum.verification.bundle import check_bundle
from sigforum.verification.findings import Finding, Status
from sigforum.verification.sheet import terms_sha256
from tests.verification.forging import DOCUMENT, TABLE, Forger
from tests.verification.meeting import Held

CODE = "AAAA-BBBB-CCCC-DDDD"
Change = Callable[[Forger], None]


def wrong(content: bytes) -> list[Finding]:
    return [finding for finding in check_bundle(content, name="bundle.zip") if finding.status is Status.DIFFERS]


def named(findings: list[Finding]) -> set[tuple[str, str, str, str]]:
    """File, poll, statement and figure of everything that differs."""
    return {(finding.file, finding.poll, finding.statement, one.where)
            for finding in findings for one in finding.differences}


def rate(ballot: Any, value: int) -> None:
    """Put another rating on the first statement of a ballot, in words as well."""
    key = next(key for key, rating in ballot["answer"]["ratings"].items() if rating != "x")
    ballot["answer"]["ratings"][key] = value
    ballot["says"][key] = str(value)


def first_rated(sheet: Any) -> Any:
    return next(ballot for ballot in sheet["ballots"]
                if next(iter(ballot["answer"].get("ratings", {"": "x"}).values())) in (9, 8))


def change_a_vote(forger: Forger) -> None:
    rate(first_rated(forger.sheet("kind rating")), 2)


def drop_a_vote(forger: Forger) -> None:
    sheet = forger.sheet("kind rating")
    sheet["ballots"].remove(first_rated(sheet))


def add_a_vote(forger: Forger) -> None:
    sheet = forger.sheet("kind rating")
    first = first_rated(sheet)
    sheet["ballots"] = sorted([*sheet["ballots"], {**first, "code": CODE}], key=lambda ballot: ballot["code"])
    sheet["headcount"] = {"invited": 20, "entitled": 20, "recused": 0}


def number_in_the_summary(forger: Forger) -> None:
    line = forger.poll("kind rating")["lines"][0]
    line["median"] += 1


def printed_number(forger: Forger) -> None:
    figure = next(one for one in forger.poll("kind single")["lines"][0]["figures"] if one["key"] == "count")
    figure["text"] = figure["text"].replace(" of ", " of 1")


def word_in_the_summary(forger: Forger) -> None:
    verdict = forger.poll("rule rand_ucla")["lines"][0]["verdict"]
    verdict["word"] = "too_few"


def word_everywhere(forger: Forger) -> None:
    for line in (forger.poll("rule median_iqr")["lines"][0], forger.sheet("rule median_iqr")["result"]["lines"][0]):
        line["verdict"]["word"] = "disagreement"


def number_in_a_reason(forger: Forger) -> None:
    for line in (forger.poll("kind rating")["lines"][0], forger.sheet("kind rating")["result"]["lines"][0]):
        line["verdict"]["because"] = line["verdict"]["because"].replace("75 %", "57 %")


def fragile_word(forger: Forger) -> None:
    verdict = forger.poll("kind rating")["lines"][0]["verdict"]
    verdict["is_fragile"] = not verdict["is_fragile"]


def distribution(forger: Forger) -> None:
    steps = forger.poll("kind agree")["lines"][0]["distribution"]
    steps[0]["count"], steps[1]["count"] = steps[0]["count"] + 1, steps[1]["count"] - 1


def order_of_a_ranking(forger: Forger) -> None:
    lines = forger.sheet("kind ranking")["result"]["lines"]
    lines[0]["figures"]["borda"] -= 0.5


def chance_of_concordance(forger: Forger) -> None:
    extra = forger.sheet("kind ranking")["result"]["extra"]
    extra["p"] = 0.001 if extra["p"] > 0.5 else 0.999


def duel(forger: Forger) -> None:
    forger.sheet("kind ranking")["result"]["extra"]["pairwise"][0][1] += 1


def split_of_a_cell(forger: Forger) -> None:
    cell = forger.sheet("kind matrix")["result"]["lines"][0]["figures"]["cells"]["c2"]
    cell["is_split"] = not cell["is_split"]


def lead_over_weightings(forger: Forger) -> None:
    figures = forger.sheet("kind matrix")["result"]["lines"][0]["figures"]
    figures["leads_share"] = 0.5 if figures["leads_share"] > 0.7 else 0.95


def bin_of_estimates(forger: Forger) -> None:
    figures = forger.sheet("kind numeric")["result"]["lines"][1]["figures"]
    figures["bins"][0][2] += 1


def words_of_a_voter(forger: Forger) -> None:
    poll = forger.poll("kind text")
    poll["lines"][0]["texts"][0] = "Twenty suites."


def what_a_ballot_says(forger: Forger) -> None:
    first_rated(forger.sheet("kind rating"))["says"]["o0"] = "9"


def terms_with_their_hash(forger: Forger) -> None:
    sheet = forger.sheet("kind rating")
    sheet["terms"]["rule"]["params"]["threshold"] = 51
    sheet["terms_sha256"] = terms_sha256(sheet["terms"])


def people(forger: Forger) -> None:
    for room in (forger.sheet("kind rating")["headcount"], forger.sheet("kind rating")["result"]["headcount"]):
        room["entitled"] += 1


def name_on_a_secret_ballot(forger: Forger) -> None:
    forger.sheet("secret ballot")["ballots"][0]["name"] = "Ben Participant"


def receipt_of_no_form(forger: Forger) -> None:
    forger.sheet("kind single")["ballots"][0]["code"] = "0000"


def leak_of_a_withheld_result(forger: Forger) -> None:
    forger.poll("too secret")["turnout"]["abstained"] = 1


def leak_of_an_unrevealed_result(forger: Forger) -> None:
    forger.poll("kept back")["lines"] = forger.poll("kind rating")["lines"]


def deviation_off_the_record(forger: Forger) -> None:
    forger.poll("two rounds")["deviations"] = []
    forger.sheet("two rounds", number=2)["deviations"] = []


def points_in_the_summary(forger: Forger) -> None:
    forger.document["priorities"]["items"][0]["points"] += 1


def points_of_an_open_round(forger: Forger) -> None:
    path = next(path for path in forger.files if "/interim-1A" in path)
    points = next(iter(forger.files[path]["laid"].values()))
    points[0] = 1 if points[0] != 1 else 2


def row_of_the_table(forger: Forger) -> None:
    forger.files[TABLE] = forger.files[TABLE].replace(b"upper_third_count,", b"upper_third_count,1", 1)


def sheet_taken_away(forger: Forger) -> None:
    forger.remove(forger.path("kind motion"))


def sheet_under_another_name(forger: Forger) -> None:
    one, other = forger.path("kind single"), forger.path("kind approval")
    forger.files[one], forger.files[other] = forger.files[other], forger.files[one]


# What is changed, and the file, poll and figure that the line has to name.
CHANGES: dict[Change, tuple[str, str, str]] = {
    change_a_vote: ("kind rating", "sheet", "figures.high"),
    drop_a_vote: ("kind rating", "sheet", "answered"),
    add_a_vote: ("kind rating", "sheet", "answered"),
    number_in_the_summary: ("kind rating", "summary", "median"),
    printed_number: ("kind single", "summary", "figures[0].text"),
    word_in_the_summary: ("rule rand_ucla", "summary", "verdict.word"),
    word_everywhere: ("rule median_iqr", "sheet", "verdict.word"),
    number_in_a_reason: ("kind rating", "summary", "verdict.because"),
    fragile_word: ("kind rating", "summary", "verdict.is_fragile"),
    distribution: ("kind agree", "summary", "distribution[0].count"),
    order_of_a_ranking: ("kind ranking", "sheet", "figures.borda"),
    chance_of_concordance: ("kind ranking", "sheet", "extra.p"),
    duel: ("kind ranking", "sheet", "extra.pairwise[0][1]"),
    split_of_a_cell: ("kind matrix", "sheet", "figures.cells.c2.is_split"),
    lead_over_weightings: ("kind matrix", "sheet", "figures.leads_share"),
    bin_of_estimates: ("kind numeric", "sheet", "figures.bins[0][2]"),
    words_of_a_voter: ("kind text", "summary", "texts[0]"),
    terms_with_their_hash: ("kind rating", "summary", "terms_sha256"),
    people: ("kind rating", "summary", "turnout.entitled"),
    receipt_of_no_form: ("kind single", "sheet", "receipt"),
    leak_of_a_withheld_result: ("too secret", "summary", "turnout.abstained"),
    leak_of_an_unrevealed_result: ("kept back", "summary", "lines"),
    deviation_off_the_record: ("two rounds", "summary", "fields changed"),
    sheet_taken_away: ("kind motion", "summary", "tally sheet"),
}


def test_bundle_that_was_only_sealed_again_holds(held: Held) -> None:
    assert wrong(Forger(held).sealed()) == []


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_bundle_is_found_out_by_the_line_that_changed(held: Held, change: Change) -> None:
    forger = Forger(held)
    change(forger)
    poll, place, figure = CHANGES[change]
    found = named(wrong(forger.sealed()))
    file = forger.path(poll) if place == "sheet" else DOCUMENT
    told = {(one[0], one[1].partition(" ")[0], one[3]) for one in found}
    assert (file, f"p{held.polls[poll]}", figure) in told, found
    # Nothing but this poll is blamed, and what repeats what the summary says: the table, and the list of sheets.
    assert {one[1].partition(" ")[0] for one in found if one[1]} == {f"p{held.polls[poll]}"}
    assert {one[0] for one in found if not one[1]} <= {TABLE, "manifest.json"}


@pytest.mark.parametrize(("change", "file", "where"), [
    (points_in_the_summary, DOCUMENT, "points"), (points_of_an_open_round, DOCUMENT, "points"),
    (what_a_ballot_says, "tally", "ballot "), (name_on_a_secret_ballot, "tally", "ballot "),
    (row_of_the_table, TABLE, "statement o"), (sheet_under_another_name, DOCUMENT, DOCUMENT)])
def test_other_changes_are_named(held: Held, change: Change, file: str, where: str) -> None:
    forger = Forger(held)
    change(forger)
    found = named(wrong(forger.sealed()))
    assert any(file in one[0] and one[3].startswith(where) for one in found), found


def test_summary_that_was_changed_without_sealing_it_is_found_out(held: Held) -> None:
    forger = Forger(held)
    forger.document["questions"][0]["text"] = "Another question?"
    found = {(finding.file, one.where) for finding in wrong(forger.packed()) for one in finding.differences}
    assert found >= {(DOCUMENT, "sha256"), (DOCUMENT, "inputs_sha256")}


def test_sheet_with_other_terms_is_found_out_by_their_hash(held: Held) -> None:
    forger = Forger(held)
    forger.sheet("kind rating")["terms"]["title"] = "Another title"
    assert (forger.path("kind rating"), f"p{held.polls['kind rating']} round 1", "", "terms_sha256") in named(
        wrong(forger.sealed()))


def test_manifest_with_another_hash_names_the_file(held: Held) -> None:
    forger = Forger(held)
    forger.manifest["sessions"][0]["files"][0]["sha256"] = "0" * 64
    path = forger.manifest["sessions"][0]["files"][0]["path"]
    assert {(one[0], one[3]) for one in named(wrong(forger.packed()))} == {
        (path, "sha256"), ("manifest.sig", "signature")}


def test_file_that_is_missing_is_named(held: Held) -> None:
    forger = Forger(held)
    del forger.files["1A/sigforum-1A-summary.pdf"]
    assert {(one[0], one[3]) for one in named(wrong(forger.packed()))} == {
        ("manifest.json", "1A/sigforum-1A-summary.pdf")}


def test_file_that_nobody_listed_is_named(held: Held) -> None:
    forger = Forger(held)
    forger.files["1A/more.txt"] = b"More."
    assert {(one[0], one[3]) for one in named(wrong(forger.packed()))} == {("manifest.json", "1A/more.txt")}


def test_report_without_its_manifest_is_not_whole(held: Held) -> None:
    forger = Forger(held)
    del forger.files["manifest.json"]
    # The tables' own rows tell that the bundle was signed.
    assert {(one[0], one[3]) for one in named(wrong(forger.packed()))} == {
        ("manifest.json", "manifest.json"), ("1A/sigforum-1A-summary.csv", "section further"),
        ("1B/sigforum-1B-summary.csv", "section further")}


def test_session_without_its_data_is_not_whole(held: Held) -> None:
    forger = Forger(held)
    forger.remove(DOCUMENT)
    assert {(one[0], one[3]) for one in named(wrong(forger.sealed()))} >= {("manifest.json", "sessions")}


def beside_table(forger: Forger) -> list[Finding]:
    """What differs beside the table, which repeats the hash of the summary as it was."""
    return [finding for finding in wrong(forger.sealed()) if finding.file != TABLE]


def lean_on(forger: Forger, name: str) -> Any:
    """A statement of the summary's own that leans on the first verdict of a poll; its vote."""
    line = forger.poll(name)["lines"][0]
    vote = {"poll": f"p{forger.polls[name]}", "line": line["key"], "round": 1, "wording": 1, "is_current": True,
            "statement": line["text"], "verdict": line["verdict"]["word"], "label": line["verdict"]["label"],
            "words": line["verdict"]["because"]}
    forger.document["lines"] = [{
        "key": "l1", "kind": "statement", "number": 1, "text": line["text"], "owner": "", "due_on": None, "wording": 1,
        "earlier_wordings": [], "lineage": [], "votes": [vote], "approved": 0, "commented": 0, "dissented": 0,
        "reviewers": 0, "comments": [], "minority": []}]
    return vote


def test_verdict_that_a_statement_leans_on_is_counted_again(held: Held) -> None:
    forger = Forger(held)
    vote = lean_on(forger, "rule median_iqr")
    assert beside_table(forger) == []
    vote["verdict"], vote["label"] = "too_few", "too few to say"
    line = forger.document["lines"][0]["text"]
    assert {(one[0], one[2], one[3]) for one in named(beside_table(forger))} == {
        (DOCUMENT, line, "verdict"), (DOCUMENT, line, "label"), (DOCUMENT, line, "vote.verdict"),
        (DOCUMENT, line, "vote.label")}


def test_statement_with_other_words_than_were_voted_on_is_named(held: Held) -> None:
    forger = Forger(held)
    lean_on(forger, "rule median_iqr")
    forger.document["lines"][0]["text"] = "We agree on everything."
    assert (DOCUMENT, "We agree on everything.", "text") in {
        (one[0], one[2], one[3]) for one in named(beside_table(forger))}


def test_published_version_keeps_the_ranking_of_its_day(held: Held) -> None:
    """Points that were laid since are no forgery; a version of today is counted as ever."""
    forger = Forger(held)
    forger.document["edition"] = {"state": "published", "version": 1, "published_at": "2099-01-01T00:00:00Z"}
    assert beside_table(forger) == []
    points_of_an_open_round(forger)
    told = [finding.what for finding in check_bundle(forger.sealed(), name="bundle.zip")
            if finding.status is Status.NOT_COUNTED]
    assert (beside_table(forger), any("moved on" in what for what in told)) == ([], True)
