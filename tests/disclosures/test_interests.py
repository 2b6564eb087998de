"""Declaring interests: versions, what holds in which session, and that nobody but the chair reads a word."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.disclosures import queries
from sigforum.disclosures.actions import declare_interests
from sigforum.disclosures.domain import Declared, DisclosureCounts, Stance, count_declared
from sigforum.disclosures.forms import parse_disclosures
from sigforum.disclosures.models import Disclosure
from sigforum.extensions import db
from sigforum.kernel.errors import Invalid
from sigforum.transaction import MeetingEvent
from tests.ballots.polling import add_voters
from tests.casting import Cast

NOTHING = Declared(stance=Stance.NOTHING)
AS_MEETING = Declared(stance=Stance.AS_MEETING)
SHARES = Declared(stance=Stance.INTERESTS, financial="Shares of canary works")
BOARD = Declared(stance=Stance.INTERESTS, advocacy="Board of a canary society")


def declares(cast: Cast, name: str, whole: Declared, **sessions: Declared) -> int:
    places = {cast.forum_session(code.removeprefix("s")).id: one for code, one in sessions.items()}
    return declare_interests(cast.viewer(name), {None: whole, **places})


def holds(cast: Cast, name: str, code: str = "1A") -> Declared | None:
    found = queries.in_force(cast.forum_session(code)).get(cast.ids[name])
    return found.declared if found else None


@pytest.mark.both_databases
def test_session_is_declared_for_apart_from_the_meeting(cast: Cast) -> None:
    assert holds(cast, "ben") is None
    assert declares(cast, "ben", NOTHING) == 1
    assert holds(cast, "ben", "1A") == holds(cast, "ben", "1B") == NOTHING
    assert declares(cast, "ben", NOTHING, s1A=SHARES, s1B=AS_MEETING) == 1
    assert (holds(cast, "ben", "1A"), holds(cast, "ben", "1B")) == (SHARES, NOTHING)
    assert declares(cast, "ben", BOARD, s1A=AS_MEETING) == 2
    assert holds(cast, "ben", "1A") == holds(cast, "ben", "1B") == BOARD
    assert holds(cast, "cyn") is None
    assert queries.declarers(cast.forum_session()) == {cast.ids["ben"]}


def test_every_version_is_kept_and_the_same_again_is_none(cast: Cast) -> None:
    for whole in (NOTHING, SHARES, SHARES, NOTHING):
        declares(cast, "ben", whole)
    rows = queries.history(cast.meeting_id, person_id=cast.ids["ben"])
    assert [(row.number, row.stance) for row in rows] == [(3, "nothing"), (2, "interests"), (1, "nothing")]
    # What held at a moment can be asked for later.
    assert queries.declarers(cast.forum_session(), at=rows[1].declared_at) == {cast.ids["ben"]}
    assert queries.declarers(cast.forum_session(), at=rows[2].declared_at) == frozenset()
    assert queries.declarers(cast.forum_session(), at=rows[2].declared_at - timedelta(seconds=1)) == frozenset()


def test_room_is_counted_and_small_rooms_are_not_told(cast: Cast) -> None:
    assert count_declared([None, NOTHING, SHARES, BOARD]) == DisclosureCounts(
        people=4, declared=2, nothing=1, financial=1, advocacy=1)
    declares(cast, "ben", SHARES)
    # The facilitator declares too, and is not one of those who vote.
    declares(cast, "finn", BOARD)
    counts = queries.counts(cast.forum_session())
    # ben, cyn, and rex, who accepted and was removed since.
    assert (counts.people, counts.declared, counts.unanswered, counts.is_told) == (3, 1, 2, True)
    assert not count_declared([None, SHARES]).is_told
    add_voters(cast, 1)
    assert queries.counts(cast.forum_session()).people == 4


@pytest.mark.parametrize(("form", "field"), [
    ({}, "stance"), ({"stance": "as_meeting"}, "stance"), ({"stance": "interests"}, "financial"),
    ({"stance": "nothing", "advocacy": "A board"}, "stance"),
    ({"stance": "interests", "financial": "x" * 4001}, "financial"),
    ({"stance": "nothing", "stance-7": "perhaps"}, "stance-7"),
    ({"stance": "nothing", "stance-7": "interests"}, "financial-7")])
def test_form_that_says_nothing_clear_is_refused(form: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_disclosures(form, [7])
    assert set(refusal.value.errors) == {field}


def test_form_reads_what_was_typed() -> None:
    form = {"stance": "interests", "financial": " Shares\r\nof a\x00 firm ", "stance-7": "nothing"}
    assert parse_disclosures(form, [7, 8]) == {
        None: Declared(stance=Stance.INTERESTS, financial="Shares\nof a firm"), 7: NOTHING, 8: AS_MEETING}


def test_person_declares_on_the_page_and_sees_it_again(cast: Cast, sign_in) -> None:
    browser, address = sign_in(cast.person("ben")), f"/meetings/{cast.slug}/interests"
    one_a, one_b = cast.forum_session("1A").id, cast.forum_session("1B").id
    answer = browser.post(address, data={"stance": "interests", "financial": "Shares of <b>canary</b>",
                                         f"stance-{one_b}": "nothing", "session": "1A"})
    assert answer.location == f"/meetings/{cast.slug}/sessions/1A"
    page = browser.get(address).get_data(as_text=True)
    assert "Shares of &lt;b&gt;canary&lt;/b&gt;</textarea>" in page
    assert f'name="stance-{one_b}" value="nothing" checked' in page
    assert f'name="stance-{one_a}" value="as_meeting" checked' in page
    assert browser.post(address, data={"stance": "nothing", "financial": "x"}).status_code == 422
    # Where the form leads is never somebody else's choice.
    assert browser.post(address, data={"stance": "nothing", "session": "//evil.example"}).location == address


def test_chair_alone_reads_what_was_declared(cast: Cast, sign_in) -> None:
    declares(cast, "ben", SHARES)
    address = f"/meetings/{cast.slug}/sessions/1A/interests"
    for name in ("ada", "finn"):
        page = sign_in(cast.person(name)).get(address).get_data(as_text=True)
        assert "Shares of canary works" in page
    for name, status in (("gus", 403), ("ben", 403), ("cyn", 403), ("olu", 403), ("mal", 404)):
        answer = sign_in(cast.person(name)).get(address)
        assert (answer.status_code, "canary" in answer.get_data(as_text=True)) == (status, False)


def test_nothing_declared_is_on_the_pages_of_others_or_in_the_log(cast: Cast, sign_in) -> None:
    declares(cast, "ben", SHARES)
    own = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/interests").get_data(as_text=True)
    assert "canary works" in own
    for name in ("cyn", "olu", "gus"):
        browser = sign_in(cast.person(name))
        for page in ("", "/sessions/1A", "/interests", "/summary", "/sessions/1A/summary"):
            told = browser.get(f"/meetings/{cast.slug}{page}").get_data(as_text=True)
            assert "canary works" not in told
            assert "1 of 2 declared" not in told
    logged = [row for row in db.session.scalars(select(AuditEntry)) if row.verb == "interests_declared"]
    events = [row for row in db.session.scalars(select(MeetingEvent)) if row.kind == "interests_declared"]
    assert len(logged) == len(events) == 1
    assert not {"canary", "interests_", "nothing"} & set(str((logged[0].detail, events[0].payload)).split())
    assert "stance" not in str(logged[0].detail)
    assert len(db.session.scalars(select(Disclosure)).all()) == 1


@pytest.mark.parametrize("stance", ["as_meeting", "nothing"])
def test_interest_in_a_session_is_never_dropped_by_another_choice(cast: Cast, sign_in, stance: str) -> None:
    browser, place = sign_in(cast.person("ben")), cast.forum_session("1A").id
    answer = browser.post(f"/meetings/{cast.slug}/interests", data={
        "stance": "nothing", f"stance-{place}": stance, f"financial-{place}": "Shares in the maker of suites."})
    page = answer.get_data(as_text=True)
    assert answer.status_code in (200, 422)
    assert "Which of them is it?" in page
    assert "Shares in the maker of suites." in page
