"""A real bundle counts again, whole and line by line."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from sigforum.ballots.registry import all_kinds
from sigforum.consensus.rulebook import all_rules
from sigforum.extensions import db
from sigforum.verification.bundle import check_bundle
from sigforum.verification.cli import verify
from sigforum.verification.findings import Finding, Status
from tests.ballots.polling import add_voters
from tests.casting import Cast
from tests.verification.meeting import POLLS, RULES, Held, Voted


def of_poll(findings: list[Finding], key: str) -> list[Finding]:
    return [finding for finding in findings if finding.poll.split()[:1] == [key]]


def test_meeting_has_every_kind_and_every_rule() -> None:
    assert {*POLLS, "points"} == set(all_kinds())
    assert {*RULES, *(fields["rule"] for fields in POLLS.values() if "rule" in fields)} == set(all_rules())


def test_bundle_of_a_meeting_counts_again(held: Held) -> None:
    findings = check_bundle(held.bundle, name="bundle.zip")
    assert [finding for finding in findings if finding.status is Status.DIFFERS] == []
    keys = {name: f"p{number}" for name, number in held.polls.items()}
    counted = {finding.poll for finding in findings if finding.statement and finding.what == "the result"}
    assert counted == {f"{keys[name]} round 1" for name in keys if name not in (
        "too secret", "kept back", "still open")} | {f"{keys['two rounds']} round 2"}
    told = {name: {finding.status for finding in of_poll(findings, key)} for name, key in keys.items()}
    assert {name for name in told if Status.WITHHELD in told[name]} == {"too secret", "kept back"}
    assert {name for name in told if Status.NOT_COUNTED in told[name]} == {"still open"}
    # The open priorities of the one session, and the revealed ones of the other.
    assert len([finding for finding in findings if finding.what == "the points"]) == 6


def test_results_of_the_meeting_are_not_all_alike(held: Held) -> None:
    """Two implementations that always say the same number would agree as well."""
    with zipfile.ZipFile(io.BytesIO(held.bundle)) as archive:
        document = json.loads(archive.read("1A/sigforum-1A-summary.json"))
    lines = [line for poll in document["polls"] for line in poll["lines"]]
    assert len({line["median"] for line in lines}) > 4
    assert len({line["verdict"]["word"] for line in lines if line["verdict"]}) > 2
    assert {line["verdict"]["is_fragile"] for line in lines if line["verdict"]} >= {True, False}
    assert len({line["share"]["count"] for line in lines if line["share"]}) > 5


def test_command_says_line_by_line_what_holds(held: Held, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(held.bundle)
    done = CliRunner().invoke(verify, [str(path)])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    poll = held.polls["kind rating"]
    assert any(f"tally-1A-poll-{poll}-round-1.json: p{poll} round 1, “Closed systems come first.”: the result"
               in line and line.lstrip().startswith("holds") for line in lines)
    assert any("withheld, nothing to recount" in line for line in lines)
    assert "checks hold, 3 withheld, 1 not counted, signed by a key you have not confirmed" in lines[-1]
    report = json.loads(CliRunner().invoke(verify, [str(path), "--json"]).output)[0]
    assert report["holds"] is True
    assert report["counts"]["holds"] > 100
    assert {finding["status"] for finding in report["findings"]} == {
        "holds", "withheld", "not counted", "unconfirmed"}


def test_receipt_is_found_in_a_bundle(held: Held, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(held.bundle)
    with zipfile.ZipFile(path) as archive:
        poll = held.polls["kind single"]
        ballot = json.loads(archive.read(f"1A/tally-1A-poll-{poll}-round-1.json"))["ballots"][0]
    shown = CliRunner().invoke(verify, [str(path), "--differences", "--code", ballot["code"].lower()]).output
    assert f"{ballot['code']}: {'; '.join(ballot['says'].values())}" in shown
    assert "No ballot stands under this receipt." in CliRunner().invoke(
        verify, [str(path), "--differences", "--code", "AAAA-AAAA-AAAA-AAAA"]).output


@pytest.mark.parametrize("code", ["A/B", "1:A", "back\\slash", "第一"])
def test_bundle_of_a_session_with_an_odd_code_counts_again(cast: Cast, code: str) -> None:
    voted = Voted(cast, ["ben", "cyn", *add_voters(cast, 6)])
    poll = voted.ask("suites", "single")
    forum_session = cast.forum_session()
    forum_session.code = code
    db.session.commit()
    findings = check_bundle(voted.bundle(forum_session.meeting), name="bundle.zip")
    assert [finding for finding in findings if finding.status is Status.DIFFERS] == []
    assert "the result" in {finding.what for finding in of_poll(findings, f"p{poll.id}")}
