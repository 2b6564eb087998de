"""Groups in the application: counted at the reveal and kept, found by the worker, shown to those who see the result."""

import subprocess
import sys

import pytest
from sqlalchemy import delete

from sigforum.disclosure_control.joining import POOLED
from sigforum.extensions import db
from sigforum.groups.actions import count_earlier, find_waiting
from sigforum.groups.models import GroupReport
from sigforum.people.actions import revoke_membership
from sigforum.people.domain import Audience
from sigforum.people.queries import members, membership
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll, move, rating_answer, vote
from tests.casting import Cast
from tests.groups.room import agree_poll, seat, told

CAMPS = ("aaaaddd", "ddddaaa")


def attribute(cast: Cast, how: str) -> None:
    with transaction():
        cast.forum_session().attribution = how


def two_camps(cast: Cast, *, people: int = 16, **fields: str):
    (names,) = seat(cast, {"Voter": people}).values()
    # Each differs a little, so that votes are a cloud and not two points.
    return agree_poll(cast, {name: _odd(CAMPS[place % 2], place) for place, name in enumerate(names)}, **fields)


def _odd(word: str, place: int) -> str:
    spot = place // 2 % 5
    return word[:spot] + "p" + word[spot + 1:]


@pytest.mark.both_databases
def test_declared_groups_are_counted_with_the_reveal(cast: Cast) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7, "Patients": 2})
    words = {name: "ad" if place < 4 else "da" for some in names.values() for place, name in enumerate(some)}
    poll = make_poll(cast, upto="open")
    assert told(poll) is None
    move(cast, poll, "close")
    assert told(poll, Audience.CHAIR) is None
    found = told(agree_poll(cast, words))
    assert found is not None
    assert found.declared is not None
    assert found.declared.groups == (("Industry", 7), (POOLED, 9))
    assert [[cell.text for cell in line.cells] for line in found.declared.lines] == [
        ["4 of 7", "6 of 9"], ["3 of 7", "3 of 9"]]
    assert (found.found, found.is_waiting) == (None, False)


def test_table_stays_as_it_was_at_the_reveal(cast: Cast) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    poll = agree_poll(cast, {name: "ad" if place < 4 else "da" for some in names.values()
                             for place, name in enumerate(some)})
    before = told(poll)
    with transaction():
        for member in members(cast.meeting_id):
            if member.person.email == "clinical0@example.org":
                member.stakeholder_group = "Industry"
    revoke_membership(cast.viewer("ada"), membership(cast.person("clinical1").id, meeting_id=cast.meeting_id).id)
    move(cast, poll, "decide")
    assert told(poll) == before


def test_secret_ballots_are_in_no_stakeholder_group(cast: Cast) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    words = {name: "ad" for some in names.values() for name in some}
    assert told(agree_poll(cast, words, secrecy="secret")) is None
    assert told(agree_poll(cast, words)) is not None


def test_round_is_told_of_to_all_who_see_its_result(cast: Cast, sign_in) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    words = {name: "ad" if place < 4 else "da" for some in names.values() for place, name in enumerate(some)}
    poll = agree_poll(cast, words)
    address = f"/meetings/{cast.slug}/polls/{poll.id}"
    for name in ("ada", "finn", "ben", "olu"):
        page = sign_in(cast.person(name)).get(address).text
        assert "By stakeholder group" in page
        assert page.count("<td>4</td>") == 2
    assert sign_in(cast.person("mal")).get(address).status_code == 404
    sealed = make_poll(cast, kind="agree", statements="Here", upto="close")
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/polls/{sealed.id}").text
    assert "By stakeholder group" not in page


def test_chatham_session_tells_of_larger_groups_only(cast: Cast) -> None:
    attribute(cast, "chatham")
    names = seat(cast, {"Clinical": 7, "Academic": 4})
    words = {name: "a" if place < 3 else "d" for some in names.values() for place, name in enumerate(some)}
    found = told(agree_poll(cast, words))
    assert found is not None
    assert found.declared is not None
    assert found.declared.lines == ()
    assert "No two groups of 5 or more" in found.declared.refused


def test_groups_are_found_where_the_poll_asks_for_it(cast: Cast, sign_in) -> None:
    poll = two_camps(cast, groups="always")
    waiting = told(poll)
    assert waiting is not None
    assert (waiting.is_waiting, waiting.found) == (True, None)
    finn = sign_in(cast.person("finn"))
    address = f"/meetings/{cast.slug}/polls/{poll.id}"
    assert "Groups are being looked for" in finn.get(address).text
    assert find_waiting() == 1
    assert find_waiting() == 0
    found = told(poll)
    assert found is not None
    assert found.found is not None
    assert not found.is_waiting
    assert [(group.name, group.people) for group in found.found.groups] == [("A", 8), ("B", 8)]
    assert "shuffled at random" in found.found.chance
    assert len(found.found.drawn["points"]) == 16
    texts = {text for group in found.found.groups for text, _ in group.statements}
    assert texts
    assert texts <= {f"Statement {place}." for place in range(7)}
    page = finn.get(address).text
    assert "Groups found in the votes (exploratory)" in page
    assert page.count('class="opinion-dot') == 16
    assert "Map of 16 people" in page


@pytest.mark.parametrize(("fields", "is_chatham"), [({"secrecy": "secret"}, False), ({}, True)])
def test_map_has_no_dots_where_nobody_may_be_told_apart(cast: Cast, fields: dict[str, str], is_chatham: bool) -> None:
    if is_chatham:
        attribute(cast, "chatham")
    poll = two_camps(cast, groups="always", **fields)
    assert find_waiting() == 1
    found = told(poll)
    assert found is not None
    assert found.found is not None
    assert found.found.drawn["points"] == []
    assert [len(group["outline"]) > 2 for group in found.found.drawn["groups"]] == [True, True]
    report = db.session.get(GroupReport, poll.rounds[-1].id)
    assert report is not None
    assert report.found["map"]["points"] == []


@pytest.mark.parametrize(("people", "groups", "is_waiting"), [
    (16, "by_size", False), (16, "never", False), (16, "always", True), (40, "by_size", True)])
def test_groups_wait_for_forty_people_or_the_facilitator(
        cast: Cast, people: int, groups: str, is_waiting: bool) -> None:
    found = told(two_camps(cast, people=people, groups=groups))
    assert (found is not None and found.is_waiting) is is_waiting


def test_one_against_all_is_refused_with_the_reason(cast: Cast, sign_in) -> None:
    (names,) = seat(cast, {"Voter": 16}).values()
    poll = agree_poll(cast, {name: "ddddddd" if not place else "aaaaaaa" for place, name in enumerate(names)},
                      groups="always")
    find_waiting()
    found = told(poll)
    assert found is not None
    assert found.found is not None
    assert (found.found.groups, found.found.drawn) == ((), None)
    assert "a split of 15 against 1 leaves a group under 3" in found.found.refused
    assert "a split of 15 against 1" in sign_in(cast.person("olu")).get(f"/meetings/{cast.slug}/polls/{poll.id}").text


def test_fewer_than_fifteen_are_refused_by_their_number(cast: Cast) -> None:
    poll = two_camps(cast, people=14, groups="always")
    find_waiting()
    found = told(poll)
    assert found is not None
    assert found.found is not None
    assert found.found.refused.startswith("14 people have voted on at least 7 statements")


def test_rounds_revealed_earlier_are_counted_when_the_worker_starts(cast: Cast) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    words = {name: "ad" if place < 4 else "da" for some in names.values() for place, name in enumerate(some)}
    poll = agree_poll(cast, words)
    before = told(poll)
    with transaction():
        db.session.execute(delete(GroupReport))
    assert told(poll) is None
    count_earlier()
    assert told(poll) == before


def test_round_sealed_until_the_decision_is_counted_then(cast: Cast) -> None:
    names = seat(cast, {"Clinical": 7, "Industry": 7})
    poll = make_poll(cast, upto="open")
    for some in names.values():
        for place, name in enumerate(some):
            vote(cast, name, poll, rating_answer(poll, 8 if place < 4 else 2, "x"))
    for verb in ("close", "open", "close", "reveal"):
        move(cast, poll, verb)
    first, second = poll.rounds
    assert db.session.get(GroupReport, first.id) is None
    assert db.session.get(GroupReport, second.id) is not None
    move(cast, poll, "decide")
    report = db.session.get(GroupReport, first.id)
    assert report is not None
    assert [cell["count"] for cell in report.declared["lines"][0]["cells"]] == [4, 4]


def test_web_process_loads_no_numpy_with_the_feature() -> None:
    code = "import sigforum.app, sys; print('numpy' in sys.modules, 'sigforum.groups.finding' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
