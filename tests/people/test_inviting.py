"""Inviting by list: previewed row by row, and stored whole or not at all."""

import html
import io

import pytest

from sigforum.people import queries
from sigforum.people.domain import MembershipStatus, Role
from tests.casting import Cast
from tests.previewing import post_seen

HEADER = "name,email,affiliation,stakeholder group,role,sessions\n"
ODD = HEADER + """\
"O'Brien, Siobhán ""Shiv"" ",o'brien+sig@example.org,"Works, ""Cells"" & Sons",Patients' voice,participant,1A 1B
José Ñandú-Łukasz,jose.nandu@xn--exmple-cua.org,Université <script>alert(1)</script>,Clinical,observer,
李 小龍,li_xiao-long@mail.example.co.uk,香港,,facilitator,1B
=cmd|' /C calc'!A0,FORMULA@Example.ORG,=1+1,Industry,Participant,all
Straße Groß,straße@example.org,,,,
{long},long.{local}@example.org,,,participant,1a;1b
""".format(long="L" * 200, local="x" * 50)
WRONG = {
    "no name": (",new@example.org,,,,", "A name is needed."),
    "no address": ("New,,,,,", "An address is needed."),
    "no at": ("New,new.example.org,,,,", "'new.example.org' is not an e-mail address."),
    "two addresses": ('New,"new@example.org, other@example.org",,,,', "is not an e-mail address."),
    "separator inside": ('New,"new,other@example.org",,,,', "is not an e-mail address."),
    "two in angle brackets": ("New,New <new@example.org> <other@example.org>,,,,", "is not an e-mail address."),
    "header in it": ('New,"new@example.org\nBcc: eve@example.org",,,,', "is not an e-mail address."),
    "no dot": ("New,new@localhost,,,,", "is not an e-mail address."),
    "unknown role": ("New,new@example.org,,,chair,", "'chair' is not a role"),
    "unknown session": ("New,new@example.org,,,,1A 7C", "There is no session 7C."),
    "unquoted comma": ("New, PhD,new@example.org,,,,1A", "is a comma unquoted?"),
    "name too long": ("N" * 201 + ",new@example.org,,,,", "At most 200 characters."),
    "address twice": ("New,one@example.org,,,,", "The same address stands in line 2."),
}


@pytest.fixture
def organizer(cast: Cast, sign_in):
    """Sends a list as ada, who organizes."""
    browser = sign_in(cast.person("ada"))

    def send(text: str | bytes, *, step: str = "preview"):
        address = f"/meetings/{cast.slug}/people/invite"
        if isinstance(text, bytes):
            return post_seen(browser, address, {
                "step": step, "text": "", "file": (io.BytesIO(text), "people.csv")})
        return post_seen(browser, address, {"step": step, "text": text})
    return send


def invited(cast: Cast) -> dict[str, Role]:
    """Roles by address of all members now."""
    return {found.person.email: Role(found.role) for found in queries.members(cast.meeting_id)}


@pytest.mark.parametrize("as_upload", [False, True])
def test_preview_shows_every_row_and_stores_nothing(organizer, whole_database, as_upload: bool) -> None:
    before = whole_database()
    answer = organizer(ODD.encode() if as_upload else ODD)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<h2 id=\"preview\">6 people</h2>" in page
    for words in ("O'Brien, Siobhán \"Shiv\"", "José Ñandú-Łukasz", "李 小龍", "=cmd|' /C calc'!A0", "L" * 200,
                  "Université <script>alert(1)</script>"):
        assert str(html.escape(words)).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page
    assert "<script>alert(1)" not in page
    assert whole_database() == before


@pytest.mark.both_databases
def test_odd_names_and_addresses_are_stored_as_they_are(cast: Cast, organizer) -> None:
    before = invited(cast)
    assert organizer(ODD, step="send").status_code == 302
    new = {email: role for email, role in invited(cast).items() if email not in before}
    assert new == {
        "o'brien+sig@example.org": Role.PARTICIPANT, "jose.nandu@xn--exmple-cua.org": Role.OBSERVER,
        "li_xiao-long@mail.example.co.uk": Role.FACILITATOR, "formula@example.org": Role.PARTICIPANT,
        "straße@example.org": Role.PARTICIPANT, f"long.{'x' * 50}@example.org": Role.PARTICIPANT}
    person = queries.person_by_email("O'Brien+SIG@Example.org")
    assert person is not None
    assert (person.name, person.affiliation) == ("O'Brien, Siobhán \"Shiv\"", 'Works, "Cells" & Sons')
    ids = {code: cast.forum_session(code).id for code in ("1A", "1B")}
    assert queries.membership(person.id, meeting_id=cast.meeting_id).viewer().assigned == set(ids.values())
    formula = queries.person_by_email("formula@example.org")
    assert formula is not None
    assert queries.membership(formula.id, meeting_id=cast.meeting_id).viewer().assigned == frozenset()


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("step", ["preview", "send"])
def test_nothing_is_stored_while_a_row_is_wrong_and_nothing_typed_is_lost(
        organizer, whole_database, case: str, step: str) -> None:
    row, message = WRONG[case]
    text = HEADER + "One,one@example.org,,,,\n" + row + "\nThree,three@example.org,,,,\n"
    before = whole_database()
    answer = organizer(text, step=step)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert whole_database() == before
    assert text in page
    if step == "preview":
        assert message in page
        # A cell that holds a line end makes its row end one line further down.
        assert f"Line {4 if case == 'header in it' else 3}, " in page
        assert "three@example.org" in page
        assert 'value="send"' not in page
    else:
        assert "1 of 3 rows need mending." in page


@pytest.mark.parametrize(("text", "message"), [
    ("", "The list is empty."), ("name,email\n", "nobody in them"),
    ("who,email\nNew,new@example.org", "name is missing"),
    ("name,email,wishes\nNew,new@example.org,none", "Unknown column wishes"),
    (b"name,email\nJos\xe9,jose@example.org", "not UTF-8"), (b"name,email\n\0,new@example.org", "not text"),
    (b"PK\x03\x04\xff\xfe", "cannot be read as a workbook"),
])
def test_what_is_no_list_is_refused_in_clear_words(organizer, whole_database, text, message: str) -> None:
    before = whole_database()
    for step in ("preview", "send"):
        answer = organizer(text, step=step)
        assert answer.status_code == 422
        assert message in html.unescape(answer.get_data(as_text=True))
        assert whole_database() == before


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_of_other_countries_are_read(cast: Cast, organizer, delimiter: str) -> None:
    text = "\ufeffFull Name,E-Mail,Company\nNew Person,NEW@Example.org,Here\n".replace(",", delimiter)
    assert organizer(text.encode(), step="send").status_code == 302
    person = queries.person_by_email("new@example.org")
    assert person is not None
    assert (person.name, person.affiliation) == ("New Person", "Here")


def test_preview_says_who_is_already_here(organizer) -> None:
    page = organizer("name,email\nBen,BEN@example.org\nNew,new@example.org\n").get_data(as_text=True)
    assert page.count("already in this meeting") == 1


def test_list_changes_roles_and_sessions_of_those_who_are_here(cast: Cast, organizer) -> None:
    assert organizer(HEADER + "Ben,ben@example.org,,Payers,observer,1B\n", step="send").status_code == 302
    viewer = cast.viewer("ben")
    assert (viewer.role, viewer.assigned) == (Role.OBSERVER, {cast.forum_session("1B").id})
    assert queries.mail_states(cast.meeting_id).get(cast.ids["ben"]) is None
    assert cast.person("ben").name == "Ben Participant"


def test_removed_person_comes_back_by_list_and_is_written_to(cast: Cast, organizer) -> None:
    assert organizer("name,email\nRex,rex@example.org\n", step="send").status_code == 302
    member = queries.membership(cast.ids["rex"], meeting_id=cast.meeting_id)
    assert member.status == MembershipStatus.INVITED
    assert queries.mail_states(cast.meeting_id)[cast.ids["rex"]].state == "queued"


def test_organizer_cannot_lose_the_own_role_by_list(organizer, whole_database) -> None:
    before = whole_database()
    answer = organizer("name,email,role\nNew,new@example.org,\nAda,ada@example.org,observer\n", step="send")
    assert answer.status_code == 422
    assert "take your own organizer role away" in answer.get_data(as_text=True)
    assert whole_database() == before


@pytest.mark.parametrize("count", [3, 300])
def test_page_of_people_costs_the_same_queries_for_few_and_many(
        cast: Cast, organizer, sign_in, counted_queries, count: int) -> None:
    rows = "".join(f"Person {number},p{number}@example.org,,,participant,1A\n" for number in range(count))
    assert organizer(HEADER + rows, step="send").status_code == 302
    browser = sign_in(cast.person("ada"))
    with counted_queries() as statements:
        page = browser.get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    assert page.count("Person ") >= count
    assert len(statements) <= 12, "\n".join(statements)
