"""The pages of erasure, as people use them."""

from sigforum.extensions import db
from sigforum.oversight.domain import NAME_REMOVED
from sigforum.people.models import Person
from tests.casting import Cast

YES = {"texts": "keep", "confirm": "yes"}


def test_own_erasure_needs_its_choice_and_its_confirmation(cast: Cast, sign_in, whole_database) -> None:
    browser = sign_in(cast.person("ben"))
    assert "What goes and what stays" in browser.get("/account/erase").get_data(as_text=True)
    before = whole_database()
    for form, words in (({}, "Confirm that"), ({"texts": "keep"}, "Confirm that"), ({"confirm": "yes"}, "Choose what"),
                        ({"texts": "burn", "confirm": "yes"}, "Choose what")):
        answer = browser.post("/account/erase", data=form)
        assert (answer.status_code, words in answer.get_data(as_text=True)) == (422, True)
    assert whole_database() == before
    answer = browser.post("/account/erase", data=YES)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    assert "Your data was erased" in browser.get("/sign-in").get_data(as_text=True)
    assert browser.get("/account").status_code == 401
    db.session.expire_all()
    assert db.session.get_one(Person, cast.ids["ben"]).name == NAME_REMOVED


def test_only_organizer_is_told_why_not(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.person("ada")).post("/account/erase", data=YES)
    assert answer.status_code == 409
    assert "only organizer of “Cells that stay”" in answer.get_data(as_text=True)


def test_organizer_erases_a_member_from_the_list_of_people(cast: Cast, sign_in) -> None:
    browser, address = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/people"
    membership_id = cast.viewer("cyn").membership_id
    assert f"{address}/{membership_id}/erase" in browser.get(address).get_data(as_text=True)
    page = browser.get(f"{address}/{membership_id}/erase").get_data(as_text=True)
    assert "Erase the data of Cyn Participant" in page
    assert browser.post(f"{address}/{membership_id}/erase", data=YES).headers["Location"] == address
    page = browser.get(address).get_data(as_text=True)
    assert "Cyn" not in page
    assert NAME_REMOVED in page
    assert f"{address}/{membership_id}/erase" not in page
