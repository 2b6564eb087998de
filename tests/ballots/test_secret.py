"""Secret and open ballots, receipts, and the published tally sheet that anybody can count again."""

import json
import re
import zipfile
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from sigforum.ballots import queries, vote_queries
from sigforum.ballots.box import Receipt
from sigforum.ballots.models import Participation, Poll, SecretBallot, Vote, VoteChange
from sigforum.ballots.receipts import receipt_code
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.transaction import transaction
from sigforum.verification.cli import verify
from sigforum.verification.findings import Status
from sigforum.verification.sheet import check_sheet
from tests.ballots.polling import add_voters, make_poll, move, rating_answer, vote
from tests.casting import Cast

RATINGS = {"ben": 9, "cyn": 2, "v0": 7, "v1": 7}


def voted_poll(cast: Cast, *, secrecy: str, upto: str = "reveal") -> tuple[Poll, dict[str, Receipt]]:
    """A poll in which four people gave both statements one rating each, and their receipts."""
    add_voters(cast, 2)
    poll = make_poll(cast, upto="open", secrecy=secrecy)
    receipts = {name: vote(cast, name, poll, rating_answer(poll, rating, 10 - rating), key=f"key-of-{name}")
                for name, rating in RATINGS.items()}
    for verb in ("close", "reveal") if upto == "reveal" else (upto,) if upto else ():
        move(cast, poll, verb)
    return poll, receipts


def sheet_of(cast: Cast, sign_in, poll: Poll, *, name: str = "olu") -> dict:
    db.session.rollback()
    answer = sign_in(cast.person(name)).get(f"/meetings/{cast.slug}/polls/{poll.id}/rounds/1/sheet.json")
    assert answer.status_code == 200
    return json.loads(answer.get_data(as_text=True))


@pytest.mark.both_databases
def test_secret_ballots_name_nobody_and_are_counted(cast: Cast) -> None:
    poll, receipts = voted_poll(cast, secrecy="secret", upto="")
    round_id = poll.rounds[-1].id
    for model in (Vote, VoteChange):
        assert db.session.scalars(select(model).where(model.round_id == round_id)).all() == []
    assert set(db.session.scalars(select(Participation.person_id).where(Participation.round_id == round_id))) == {
        cast.viewer(name).person_id for name in RATINGS}
    stored = {ballot.code: ballot.answer for ballot in db.session.scalars(select(SecretBallot))}
    assert stored == {receipt.code: receipt.answer for receipt in receipts.values()}
    # The rows have a place to say when or by whom in neither table.
    columns = {table: {column["name"] for column in inspect(db.engine).get_columns(table)}
               for table in ("participations", "secret_ballots")}
    assert columns == {"participations": {"round_id", "person_id"}, "secret_ballots": {"round_id", "code", "answer"}}
    move(cast, poll, "close")
    result = queries.result(poll, poll.rounds[-1])
    assert (result.answered, [line.figures["median"] for line in result.lines]) == (4, [7, 3])


@pytest.mark.both_databases
def test_order_of_secret_rows_says_nothing_after_the_close(cast: Cast) -> None:
    voted_poll(cast, secrecy="secret", upto="close")
    is_sqlite = db.engine.dialect.name == "sqlite"
    for table, key in (("participations", "person_id"), ("secret_ballots", "code")):
        rows = db.session.execute(text(f"SELECT {key} FROM {table}")).scalars().all()
        assert len(rows) == 4
        assert rows == sorted(rows)
        if is_sqlite:
            with pytest.raises(Exception, match="no such column: rowid"):
                db.session.execute(text(f"SELECT rowid FROM {table}"))
        else:
            # One transaction wrote them all, so its number tells no pairs.
            assert len(set(db.session.execute(text(f"SELECT xmin::text FROM {table}")).scalars())) == 1


def test_secret_vote_is_final_and_its_repetition_harmless(cast: Cast) -> None:
    poll, receipts = voted_poll(cast, secrecy="secret", upto="")
    same = vote(cast, "ben", poll, rating_answer(poll, 1, 1), key="key-of-ben")
    assert (same.code, same.answer) == (receipts["ben"].code, receipts["ben"].answer)
    with pytest.raises(Conflict, match="cannot be changed"):
        vote(cast, "ben", poll, rating_answer(poll, 1, 1))
    assert vote_queries.voted(poll.rounds[-1]) == 4
    move(cast, poll, "close")
    assert vote(cast, "ben", poll, rating_answer(poll, 1, 1), key="key-of-ben").code == receipts["ben"].code


def test_secret_ballot_page_says_all_this_before_the_vote(cast: Cast, sign_in) -> None:
    add_voters(cast, 2)
    poll = make_poll(cast, upto="open", secrecy="secret")
    address = f"/meetings/{cast.slug}/polls/{poll.id}/ballot"
    page = sign_in(cast.person("ben")).get(address).get_data(as_text=True)
    assert "stored without your name or the time, so it cannot be changed once cast" in page
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    db.session.rollback()
    page = sign_in(cast.person("ben")).get(address).get_data(as_text=True)
    assert "You have voted. This ballot is secret" in page
    assert "<form class=\"ballot\"" not in page


def test_secret_result_of_two_is_shown_to_nobody(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="open", secrecy="secret")
    vote(cast, "ben", poll, rating_answer(poll, 9, 9))
    vote(cast, "cyn", poll, rating_answer(poll, 6, 6))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    for name in ("ada", "finn", "ben", "olu"):
        browser = sign_in(cast.person(name))
        for path in ("/sessions/1A", f"/polls/{poll.id}", "/sessions/1A/summary"):
            page = browser.get(f"/meetings/{cast.slug}{path}").get_data(as_text=True)
            assert not re.search(r"\b7\.5\b", page)
    sheet = sheet_of(cast, sign_in, poll)
    assert (sheet["ballots"], sheet["result"], sheet["withheld"]) == (None, None, 2)


def test_secret_and_live_together_are_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        make_poll(cast, secrecy="secret", visibility="live")


@pytest.mark.parametrize("attribution", ["role", "chatham"])
def test_open_ballots_need_a_session_in_which_people_are_named(cast: Cast, attribution: str) -> None:
    poll = make_poll(cast, secrecy="open")
    with transaction():
        cast.forum_session().attribution = attribution
    with pytest.raises(Conflict, match="nobody is named"):
        move(cast, poll, "open")
    with pytest.raises(Conflict, match="nobody is named"):
        make_poll(cast, secrecy="open")


def test_open_ballots_are_shown_with_the_result_and_not_before(cast: Cast, sign_in) -> None:
    poll, _ = voted_poll(cast, secrecy="open", upto="close")
    address = f"/meetings/{cast.slug}/polls/{poll.id}"

    def names(who: str) -> list[str]:
        db.session.rollback()
        page = sign_in(cast.person(who)).get(address).get_data(as_text=True)
        return re.findall(r'<th scope="row">(Ben[^<]*|Cyn[^<]*|Voter[^<]*)</th><td>([^<]+)</td>', page)
    assert names("olu") == []
    move(cast, poll, "reveal")
    found = names("olu")
    assert [name for name, _ in found] == sorted(cast.person(name).name for name in RATINGS)
    assert "Closed systems come first.: 9" in dict(found)[cast.person("ben").name]


@pytest.mark.parametrize("secrecy", ["open", "confidential", "secret"])
def test_everybody_finds_their_ballot_by_the_receipt_and_the_sheet_counts_again(
        cast: Cast, sign_in, tmp_path: Path, secrecy: str) -> None:
    poll, receipts = voted_poll(cast, secrecy=secrecy)
    sheet = sheet_of(cast, sign_in, poll)
    listed = {ballot["code"]: ballot["answer"] for ballot in sheet["ballots"]}
    assert listed == {receipt.code: receipt.answer for receipt in receipts.values()}
    assert [ballot["code"] for ballot in sheet["ballots"]] == sorted(listed)
    assert len({str(answer) for answer in listed.values()}) == 3
    people = {cast.person(name).name for name in RATINGS}
    assert {name for name in people if name in json.dumps(sheet)} == (people if secrecy == "open" else set())
    file = tmp_path / "sheet.json"
    file.write_text(json.dumps(sheet))
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("1A/sheet.json", json.dumps(sheet))
        archive.writestr("1A/other.json", "{}")
    for path in (file, bundle):
        done = CliRunner().invoke(verify, [str(path), "--code", receipts["cyn"].code.lower()])
        assert done.exit_code == 0, done.output
        assert "4 ballots counted again" in done.output
        assert f"{receipts['cyn'].code}: 2; 8" in done.output


def test_sheet_is_published_with_the_reveal_and_to_members_alone(cast: Cast, sign_in) -> None:
    poll, _ = voted_poll(cast, secrecy="confidential", upto="close")
    address = f"/meetings/{cast.slug}/polls/{poll.id}/rounds/1/sheet.json"
    assert {name: sign_in(cast.person(name)).get(address).status_code for name in ("ada", "finn", "ben", "eve")} == {
        "ada": 404, "finn": 404, "ben": 404, "eve": 404}
    move(cast, poll, "reveal")
    assert {name: sign_in(cast.person(name)).get(address).status_code for name in ("ada", "ben", "olu", "eve", "mal")
            } == {"ada": 200, "ben": 200, "olu": 200, "eve": 404, "mal": 404}


def altered(sheet: dict, change: str) -> dict:
    """A sheet with one thing changed by somebody who would like another result."""
    sheet = deepcopy(sheet)
    first = sheet["ballots"][0]
    if change == "a vote":
        key = next(iter(first["answer"]["ratings"]))
        first["answer"]["ratings"][key] = 10 - first["answer"]["ratings"][key]
    elif change == "a ballot less":
        sheet["ballots"].pop()
    elif change == "a ballot twice":
        sheet["ballots"].append(deepcopy(first))
    elif change == "a verdict":
        sheet["result"]["lines"][0]["verdict"]["word"] = "consensus_for"
    elif change == "the rule":
        sheet["terms"]["rule"]["name"] = "seventy_fifteen"
    elif change == "a statement":
        sheet["terms"]["options"][0]["text"] = "Something else."
    elif change == "the room":
        sheet["headcount"]["entitled"] = 2
    elif change == "an impossible vote":
        first["answer"]["ratings"] = dict.fromkeys(first["answer"]["ratings"], 99)
    return sheet


@pytest.mark.parametrize("change", ["a vote", "a ballot less", "a ballot twice", "a verdict", "the rule",
                                    "a statement", "the room", "an impossible vote"])
def test_altered_sheet_does_not_count_again(cast: Cast, sign_in, tmp_path: Path, change: str) -> None:
    poll, _ = voted_poll(cast, secrecy="confidential")
    sheet = sheet_of(cast, sign_in, poll)
    assert {finding.status for finding in check_sheet(sheet, file="sheet.json")} == {Status.HOLDS}
    file = tmp_path / "sheet.json"
    file.write_text(json.dumps(altered(sheet, change)))
    done = CliRunner().invoke(verify, [str(file)])
    assert done.exit_code == 1, done.output
    assert "DIFFERS" in done.output or "Error" in done.output


@pytest.mark.parametrize("content", ["", "no json", "[]", "{}", '{"schema": "sigforum-tally-sheet/1"}', "null"])
def test_what_is_no_sheet_gives_a_clear_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sheet.json"
    file.write_text(content)
    done = CliRunner().invoke(verify, [str(file)])
    assert done.exit_code == 1
    assert "Error" in done.output
    assert "Traceback" not in done.output


@given(st.lists(st.tuples(st.integers(), st.integers(), st.text(max_size=20)), min_size=2, unique=True))
def test_receipts_of_different_ballots_differ(parts: list[tuple[int, int, str]]) -> None:
    codes = [receipt_code("a secret", *one) for one in parts]
    assert len(set(codes)) == len(codes)
    assert codes == [receipt_code("a secret", *one) for one in parts]
    assert set(codes).isdisjoint(receipt_code("another secret", *one) for one in parts)
    assert all(re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code) for code in codes)
