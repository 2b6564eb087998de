"""Flagging to the chair: hidden at once, decided by the chair, and nobody is told who did it."""

import pytest
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.threads import queries
from sigforum.threads.actions import hide_response, post_response, restore_response, show_response, withdraw_response
from sigforum.threads.flagging import flag_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response, ResponseFlag
from sigforum.transaction import MeetingEvent
from tests.casting import Cast

REASON = "The canary reason of cyn"


def say(cast: Cast, name: str, text: str = "Our price is a canary price") -> Response:
    return post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key=f"key-{name}-{len(text)}", text=text))


def flag(cast: Cast, name: str, response: Response, reason: str = REASON) -> Response:
    return flag_response(cast.viewer(name), response.id, reason=reason)


def page(cast: Cast, sign_in, name: str, place: str = "") -> str:
    return sign_in(cast.person(name)).get(f"/meetings/{cast.slug}/sessions/1A{place}").get_data(as_text=True)


@pytest.mark.both_databases
def test_flagged_response_is_hidden_at_once_from_the_room(cast: Cast, sign_in) -> None:
    response = say(cast, "ben")
    assert "canary price" in page(cast, sign_in, "olu")
    flag(cast, "cyn", response)
    for name, sees in (("olu", False), ("cyn", False), ("ben", True), ("finn", True), ("ada", True)):
        told = page(cast, sign_in, name)
        assert ("canary price" in told, "Hidden while the chair looks at it" in told) == (sees, True)
        assert "canary reason" not in told
    assert queries.standing_texts(cast.forum_session().id) == []


def test_chair_alone_reads_the_reason_and_nobody_who_it_was(cast: Cast, sign_in) -> None:
    assert "Nothing waits for you" in page(cast, sign_in, "finn", "/console")
    flag(cast, "cyn", say(cast, "ben"))
    told = page(cast, sign_in, "finn", "/console")
    assert REASON in told
    assert "Cyn Participant" not in told.partition('id="flags-')[2].partition("</section>")[0]
    logged = [row for row in db.session.scalars(select(AuditEntry)) if row.verb == "response_flagged"]
    assert [(row.actor_id, row.detail["before"], row.detail["after"]) for row in logged] == [
        (cast.ids["cyn"], "shown", "flagged")]
    assert "reason" not in logged[0].detail
    events = db.session.scalars(select(MeetingEvent).where(MeetingEvent.kind == "response_changed")).all()
    assert [event.payload["person_id"] for event in events] == [cast.ids["ben"]]
    assert "canary" not in str([event.payload for event in events])


@pytest.mark.parametrize("is_kept", [True, False])
def test_chair_decides(cast: Cast, sign_in, is_kept: bool) -> None:
    response = say(cast, "ben")
    flag(cast, "cyn", response)
    if is_kept:
        hide_response(cast.viewer("finn"), response.id, reason="It names a price")
    else:
        show_response(cast.viewer("finn"), response.id)
    told = page(cast, sign_in, "olu")
    assert ("canary price" in told, "It names a price" in told) == (not is_kept, is_kept)
    assert "while the chair looks" not in told
    decided = db.session.scalars(select(ResponseFlag)).one()
    assert (decided.is_upheld, decided.decided_by_id) == (is_kept, cast.ids["finn"])
    verb = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"response {response.id}")
                              .order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (verb.verb, verb.detail["before"]) == ("response_hidden" if is_kept else "response_shown", "flagged")


def test_one_person_hides_no_discussion(cast: Cast) -> None:
    first, second = say(cast, "ben"), say(cast, "ben", "Something else")
    flag(cast, "cyn", first)
    with pytest.raises(Conflict, match="another response"):
        flag(cast, "cyn", second)
    show_response(cast.viewer("finn"), first.id)
    with pytest.raises(Conflict, match="decided to show"):
        flag(cast, "cyn", first)
    flag(cast, "cyn", second)
    assert [one.id for one in queries.under_review(cast.forum_session().id)] == [second.id]


def test_flag_of_a_withdrawn_response_binds_nobody(cast: Cast) -> None:
    first, second = say(cast, "ben"), say(cast, "ben", "Something else")
    flag(cast, "cyn", first)
    withdraw_response(cast.viewer("ben"), first.id)
    assert queries.under_review(cast.forum_session().id) == []
    flag(cast, "cyn", second)
    # Putting it back does not get it past the chair.
    restore_response(cast.viewer("ben"), first.id)
    assert not queries.response(cast.meeting_id, first.id).is_standing
    assert len(queries.under_review(cast.forum_session().id)) == 2


def test_only_those_who_take_part_flag_what_others_said(cast: Cast) -> None:
    response = say(cast, "ben")
    for name in ("ben", "olu", "finn", "ada", "gus"):
        with pytest.raises(NotAllowed):
            flag(cast, name, response)
    hide_response(cast.viewer("finn"), response.id, reason="It names a price")
    with pytest.raises(NotAllowed):
        flag(cast, "cyn", response)
    assert db.session.scalars(select(ResponseFlag)).all() == []


def test_form_says_what_happens_and_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    first, second = say(cast, "ben"), say(cast, "ben", "Something else")
    browser = sign_in(cast.person("cyn"))
    address = f"/meetings/{cast.slug}/responses/{{}}/flag"
    assert "hidden at once" in browser.get(address.format(first.id)).get_data(as_text=True)
    assert browser.post(address.format(first.id), data={"reason": " "}).status_code == 422
    assert browser.post(address.format(first.id), data={"reason": "A price"}).status_code == 302
    refused = browser.post(address.format(second.id), data={"reason": "A second price"})
    assert refused.status_code == 409
    assert 'value="A second price"' in refused.get_data(as_text=True)
