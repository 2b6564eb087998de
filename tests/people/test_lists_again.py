"""Uploading a list again: what it does not mention stays, the preview tells the rest, and nothing typed is lost."""

import html
import re

import pytest
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.actions import invite_people
from sigforum.people.forms import parse_invitations
from sigforum.people.list_imports import request_import
from tests.casting import Cast
from tests.previewing import post_seen

FULL = ("name,email,affiliation,stakeholder group,role,sessions\n"
        "Finn Facilitator,finn@example.org,Office,Organization,facilitator,1A\n")


@pytest.fixture
def send(cast: Cast, sign_in):
    """Sends a list as ada, who organizes."""
    browser = sign_in(cast.person("ada"))

    def post(text: str, *, step: str = "preview"):
        answer = post_seen(browser, f"/meetings/{cast.slug}/people/invite", {"step": step, "text": text})
        return answer, html.unescape(answer.get_data(as_text=True))
    return post


def places(cast: Cast) -> dict[str, tuple]:
    """All that a meeting knows of its people, by address."""
    db.session.rollback()
    return {found.person.email: (found.role, found.stakeholder_group, found.shown_name, found.shown_affiliation,
                                 found.status, {one.forum_session_id for one in found.assignments})
            for found in queries.members(cast.meeting_id)}


def words(page: str) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_list_of_names_and_addresses_changes_no_role_group_session_or_affiliation(cast: Cast, send) -> None:
    before = places(cast)
    assert before["finn@example.org"][0] == "facilitator"
    answer, _ = send("name,email\nFinn Facilitator,finn@example.org\nOlu Observer,olu@example.org\n"
                     "Ada Organizer,ada@example.org\nNew Person,new@example.org\n", step="draft")
    assert answer.status_code == 302
    after = places(cast)
    assert after.pop("new@example.org")[:3] == ("participant", "", "New Person")
    assert after == before


@pytest.mark.parametrize("column", ["affiliation", "stakeholder group", "role", "sessions"])
def test_empty_cell_leaves_things_as_they_are(cast: Cast, send, column: str) -> None:
    before = places(cast)
    header, row = FULL.splitlines()
    cells = row.split(",")
    cells[header.split(",").index(column)] = ""
    assert send(f"{header}\n{','.join(cells)}\n", step="send")[0].status_code == 302
    assert places(cast) == before


def test_preview_shows_old_and_new_of_each_field_and_that_is_what_is_stored(cast: Cast, send) -> None:
    text = FULL.splitlines()[0] + "\nDov Renamed,dov@example.org,Dov's Clinic,Clinical,observer,1B\n"
    answer, page = send(text)
    assert answer.status_code == 200
    told = words(page)
    for change in ("name: Dov Invited Dov Renamed", "affiliation: Dov's Lab Dov's Clinic",
                   "stakeholder group: Academia Clinical", "role: participant observer", "sessions: all 1B"):
        assert change in told
    send(text, step="draft")
    assert places(cast)["dov@example.org"] == (
        "observer", "Clinical", "Dov Renamed", "Dov's Clinic", "invited", {cast.forum_session("1B").id})


def test_name_that_the_preview_shows_for_somebody_who_accepted_is_the_name_that_is_shown_then(
        cast: Cast, send) -> None:
    text = "name,email,affiliation\nBenedict Participant,ben@example.org,Ben's Other Works\n"
    assert "name: Ben Participant Benedict Participant" in words(send(text)[1])
    send(text, step="draft")
    assert places(cast)["ben@example.org"][2:4] == ("Benedict Participant", "Ben's Other Works")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).where(
        AuditEntry.subject == f"person {cast.ids['ben']}")).first()
    assert entry is not None
    assert (entry.detail["before"]["name"], entry.detail["after"]["name"]) == (
        "Ben Participant", "Benedict Participant")
    assert cast.person("ben").name == "Ben Participant", "other meetings know the person's own name"


def test_demotion_stands_out_and_an_equal_list_says_that_nothing_changes(cast: Cast, send) -> None:
    _, page = send(FULL.replace("facilitator,1A", "participant,1A"))
    assert "1 person loses a role: finn@example.org is facilitator and becomes participant." in words(page)
    _, page = send(FULL)
    assert "loses a role" not in page
    assert "0 changed" in words(page)


def test_own_demotion_is_found_in_the_preview_by_its_row_with_the_list_kept(cast: Cast, send, whole_database) -> None:
    text = "name,email,role\nNew,new@example.org,\nAda Organizer,ada@example.org,observer\n"
    before = whole_database()
    for step in ("preview", "draft"):
        answer, page = send(text, step=step)
        assert (answer.status_code, whole_database()) == (422, before)
        assert text in page
    _, page = send(text)
    assert "Line 3, role: This would take your own organizer role away." in words(page)


def test_conflict_at_the_time_of_storing_comes_back_with_the_list(cast: Cast, send) -> None:
    text = "name,email\n" + "".join(f"Person {n},p{n}@example.org\n" for n in range(600))
    request_import(cast.viewer("ada"), text, codes={}, sends_mail=False)
    answer, page = send(text, step="draft")
    assert answer.status_code == 409
    assert "Another list is being taken in." in page
    assert text.strip() in page


def test_row_that_names_a_known_address_needs_no_name(cast: Cast, send) -> None:
    assert send("name,email,role\n,ben@example.org,observer\n", step="draft")[0].status_code == 302
    assert places(cast)["ben@example.org"][:3] == ("observer", "Industry", "Ben Participant")
    assert send("name,email,role\n,nobody@example.org,observer\n", step="draft")[0].status_code == 422


def test_somebody_removed_comes_back_in_the_role_they_had(cast: Cast) -> None:
    before = places(cast)["rex@example.org"]
    people = parse_invitations("name,email\nRex Removed,rex@example.org\n", codes={}).people
    invite_people(cast.viewer("ada"), people, send_mail=False)
    after = places(cast)["rex@example.org"]
    assert (before[4], after[4]) == ("revoked", "invited")
    assert after[:4] == before[:4]


@pytest.mark.parametrize(("text", "told"), [
    ("email,name,E-Mail\nnew@example.org,New Person,other@example.org\n", "Two columns are read as email"),
    ("name,email,group,stakeholder\nNew Person,new@example.org,Industry,\n", "Two columns are read as stakeholder"),
    ("name,email,,group\nNew Person,new@example.org,Some Works,Industry\n", "Column 3 has no name"),
])
def test_no_column_is_left_out_unseen(cast: Cast, send, text: str, told: str) -> None:
    before = places(cast)
    assert told in words(send(text)[1])
    page = send(text, step="draft")[1]
    assert words(text) in words(page), "the list is kept"
    assert places(cast) == before


def test_empty_column_without_a_name_is_nothing(cast: Cast, send) -> None:
    send("name,email,,\nNew Person,new@example.org,,\n", step="draft")
    assert "new@example.org" in places(cast)
