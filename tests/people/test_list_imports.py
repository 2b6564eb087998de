"""Long lists: handed to the worker, taken in piece by piece, resumed after a crash, whole in the end."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed
from sigforum.people import list_imports, queries
from sigforum.people.actions import revoke_membership
from sigforum.people.list_imports import PIECE, list_import, request_import, run_imports
from sigforum.people.models import Membership, OutgoingMail
from sigforum.transaction import transaction
from tests.casting import Cast
from tests.previewing import post_seen

COUNT = 5 * PIECE + 7


def rows(count: int = COUNT) -> str:
    return "name,email,sessions\n" + "".join(f"Person {n},p{n}@example.org,1A\n" for n in range(count))


def taken(cast: Cast) -> int:
    db.session.rollback()
    return sum(found.person.email.startswith("p") for found in queries.members(cast.meeting_id))


def ask(cast: Cast, text: str = rows(), *, sends_mail: bool = True) -> int:
    codes = {"1A": cast.forum_session().id}
    return request_import(cast.viewer("ada"), text, codes=codes, sends_mail=sends_mail).id


def test_long_list_goes_to_the_worker_and_shows_how_far_it_is(cast: Cast, sign_in) -> None:
    browser: FlaskClient = sign_in(cast.person("ada"))
    address = f"/meetings/{cast.slug}/people/invite"
    preview = browser.post(address, data={"text": rows(), "step": "preview"}).get_data(as_text=True)
    assert f"200 of {COUNT} rows are shown" in preview
    answer = post_seen(browser, address, {"text": rows(), "step": "draft"})
    assert answer.status_code == 302
    assert taken(cast) == 0
    page = browser.get(answer.location).get_data(as_text=True)
    assert "Taking the list in" in page
    run_imports()
    assert browser.get(answer.location, headers={"Accept": "application/json"}).json == {
        "ok": True, "state": "done", "done": COUNT, "total": COUNT}
    assert "The list is in" in browser.get(answer.location).get_data(as_text=True)
    assert taken(cast) == COUNT
    assert db.session.query(OutgoingMail).count() == 0


@pytest.mark.both_databases
def test_interrupted_list_goes_on_where_it_stopped_and_nobody_is_taken_twice(
        cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    identifier = ask(cast)
    take_in, calls = list_imports.take_in, []

    def stopping(*arguments, **options):
        calls.append(1)
        if len(calls) == 2:
            # What a power cut does: neither Refusal nor Exception, and nothing is tidied up.
            raise KeyboardInterrupt
        return take_in(*arguments, **options)
    monkeypatch.setattr(list_imports, "take_in", stopping)
    with pytest.raises(KeyboardInterrupt):
        run_imports()
    db.session.rollback()
    assert (list_import(cast.meeting_id, identifier).done_rows, taken(cast)) == (PIECE, PIECE)
    run_imports()
    found = list_import(cast.meeting_id, identifier)
    assert (found.state, found.done_rows, taken(cast)) == ("done", COUNT, COUNT)
    assert db.session.query(OutgoingMail).count() == COUNT
    assert found.text == "", "a copy of names and addresses would outlive an erasure"
    assigned = db.session.scalars(db.select(Membership).where(Membership.meeting_id == cast.meeting_id)).unique()
    assert all(len(one.assignments) == 1 for one in assigned if one.person.email.startswith("p"))


def test_one_list_at_a_time_and_only_checked_ones(cast: Cast, whole_database) -> None:
    before = whole_database()
    with pytest.raises(Invalid):
        ask(cast, rows() + "Nobody,no address,\n")
    with pytest.raises(NotAllowed):
        request_import(cast.viewer("finn"), rows(), codes={"1A": 1}, sends_mail=True)
    assert whole_database() == before
    ask(cast)
    with pytest.raises(Conflict, match="Another list"):
        ask(cast)


def test_organizer_removed_meanwhile_invites_nobody_any_more(cast: Cast) -> None:
    with transaction():
        queries.membership(cast.ids["gus"], meeting_id=cast.meeting_id).role = "organizer"
    gus = replace(cast.viewer("gus"))
    identifier = request_import(gus, rows(), codes={"1A": cast.forum_session().id}, sends_mail=True).id
    revoke_membership(cast.viewer("ada"), gus.membership_id)
    run_imports()
    found = list_import(cast.meeting_id, identifier)
    assert (found.state, taken(cast)) == ("failed", 0)
    assert found.text == ""
    assert found.error != ""


def test_wrong_rows_come_first_in_the_preview_of_a_long_list(cast: Cast, sign_in) -> None:
    text = rows() + "Last,wrong,1A\n"
    answer = sign_in(cast.person("ada")).post(
        f"/meetings/{cast.slug}/people/invite", data={"text": text, "step": "preview"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"Line {COUNT + 2}, email" in page
    assert f'id="row-{COUNT + 2}"' in page
    assert f'id="row-{COUNT}"' not in page
