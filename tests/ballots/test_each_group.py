"""Polls whose rule asks each stakeholder group: kept at the close, told as marks, and counted again from the sheet."""

import json

import pytest

from sigforum.ballots import queries
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.record import sheet_file
from sigforum.consensus.rule_fields import NEWEST_VERSION
from sigforum.kernel.errors import Invalid
from sigforum.people.domain import Audience
from sigforum.people.queries import members
from sigforum.transaction import transaction
from sigforum.verification.findings import Status
from sigforum.verification.sheet import check_sheet
from tests.ballots.polling import make_poll, move, vote
from tests.casting import Cast
from tests.groups.room import seat

EACH = {"kind": "rating", "title": "In each group", "statements": "Closed systems come first.",
        "rule": "percent_agreement", "percent_agreement-each_group": "on"}


def rated(cast: Cast, ratings, **fields: str):
    """A revealed poll in which everybody of a group rated the one statement as told, by group and place."""
    names = seat(cast, {group: len(own) for group, own in ratings.items()})
    poll = make_poll(cast, upto="open", **{**EACH, **fields})
    (key,) = queries.paper(poll, poll.rounds[-1]).keys
    for group, own in ratings.items():
        for name, rating in zip(names[group], own, strict=True):
            vote(cast, name, poll, {"ratings": {key: rating}})
    move(cast, poll, "close")
    move(cast, poll, "reveal")
    return poll


@pytest.mark.both_databases
def test_verdict_names_the_group_in_which_it_does_not_hold(cast: Cast) -> None:
    poll = rated(cast, {"Industry": [8] * 12, "Patients": [8, 8, 5, 5, 5]})
    (line,) = queries.result(poll, poll.rounds[-1]).lines
    assert line.verdict is not None
    assert line.verdict.word == "no_consensus"
    assert "does not hold among Patients" in line.verdict.because
    assert line.figures["groups_met"] == [["Industry", True, False], ["Patients", False, False]]


def test_sheet_tells_marks_alone_and_is_counted_again(cast: Cast) -> None:
    poll = rated(cast, {"Industry": [8] * 12, "Patients": [8, 8, 8, 8, 5]})
    sheet = json.loads(sheet_file(poll, 1, audience=Audience.SPEAKER))
    assert sheet["result"]["lines"][0]["verdict"]["word"] == "consensus_for"
    assert "groups" not in sheet["terms"]["rule"]
    assert not any("group" in ballot or "group" in ballot["answer"] for ballot in sheet["ballots"])
    assert [one for one in check_sheet(sheet, file="sheet.json") if one.status is Status.DIFFERS] == []
    sheet["result"]["lines"][0]["figures"]["groups_met"][1][1] = False
    assert [one for one in check_sheet(sheet, file="sheet.json") if one.status is Status.DIFFERS] != []


def test_change_of_groups_after_the_close_moves_no_verdict(cast: Cast) -> None:
    poll = rated(cast, {"Industry": [8] * 12, "Patients": [8, 8, 5, 5, 5]})
    before = queries.result(poll, poll.rounds[-1])
    with transaction():
        for member in members(cast.meeting_id):
            member.stakeholder_group = "Industry"
    assert queries.result(poll, poll.rounds[-1]) == before


def test_groups_too_small_to_tell_of_stand_together(cast: Cast) -> None:
    poll = rated(cast, {"Industry": [8] * 12, "Patients": [8, 8, 8], "Payers": [5, 5, 5]})
    (line,) = queries.result(poll, poll.rounds[-1]).lines
    assert line.figures["groups_met"] == [["Industry", True, False], ["Other groups", False, False]]


@pytest.mark.parametrize(("field", "value"), [("secrecy", "secret"), ("visibility", "live")])
def test_such_a_poll_is_neither_secret_nor_watched(field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_poll({**EACH, field: value})
    assert field in refused.value.errors
    assert parse_poll(EACH).rule["version"] == NEWEST_VERSION


@pytest.mark.parametrize(("kind", "rule", "field", "value"), [
    ("motion", "two_thirds", "majority_of", "present"), ("rating", "seventy_fifteen", "variant", "variant_out50")])
def test_new_poll_cannot_choose_what_counts_something_else_than_it_says(
        kind: str, rule: str, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_poll({"kind": kind, "title": "Title", "statements": "A", "rule": rule, f"{rule}-{field}": value})
    assert list(refused.value.errors) == [f"{rule}-{field}"]
