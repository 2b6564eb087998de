"""Codes of sessions with any sign in them: their pages can be reached, and lists can name them."""

import re
from html import unescape

import pytest

from sigforum.agenda import queries
from sigforum.people.queries import membership, person_by_email
from tests.casting import Cast
from tests.previewing import post_seen

CODES = ("A/B", "WG 3", "50%", "Q?", "C#", "..", ".", "invite", "1A+1B", "Séance 1", "第一", "a.b", "COM1", "1&2",
         "<i>", "x;y", "all", "back\\slash", "a,b", "~2F", "new", "a//b", "/")
AGENDA = "sigforum-agenda: 1\ntitle: Codes\ndays:\n- label: DAY 1\n  slots:\n  - title: X\n    sessions:\n" + "".join(
    f"    - {{code: '{code}', title: 'Title of {number}', central_question: 'What of {number}?'}}\n"
    for number, code in enumerate(CODES))


@pytest.fixture
def coded(cast: Cast, sign_in):
    """ada's browser, and a meeting of hers whose sessions have odd codes."""
    browser = sign_in(cast.person("ada"))
    made = post_seen(browser, "/meetings/new", {"step": "import", "text": AGENDA})
    assert made.status_code == 302
    return browser, made.location


def test_every_session_is_reached_from_the_agenda(coded) -> None:
    browser, address = coded
    page = browser.get(address).get_data(as_text=True)
    links = [unescape(link) for link in re.findall(r'class="session-link" href="([^"]+)"', page)]
    assert len(links) == len(CODES)
    for number, link in enumerate(links):
        # As a browser asks for it: a part that is a dot or two is taken out of the path before.
        assert "/../" not in link + "/"
        assert "/./" not in link + "/"
        answer = browser.get(link, follow_redirects=True)
        assert (answer.status_code, f"Title of {number}" in answer.get_data(as_text=True)) == (200, True), link
        assert browser.get(f"{link}/summary", follow_redirects=True).status_code == 200


@pytest.mark.parametrize("code", [code for code in CODES if code != "all"])
def test_list_can_name_every_session(coded, code: str) -> None:
    browser, address = coded
    cell = code.replace('"', '""')
    answer = post_seen(browser, f"{address}/people/invite", {
        "step": "draft", "text": f'name,email,sessions\nNew,new@example.org,"{cell}"\n'})
    assert answer.status_code == 302, unescape(answer.get_data(as_text=True))
    person, meeting = person_by_email("new@example.org"), queries.meeting_by_slug(address.rpartition("/")[2])
    assert person is not None
    assigned = membership(person.id, meeting_id=meeting.id).viewer().assigned
    assert assigned == {queries.forum_session(meeting.id, code).id}


@pytest.mark.parametrize(("cell", "codes"), [
    ("WG 3 A/B", {"WG 3", "A/B"}), ("wg 3; x;y; 1A+1B", {"WG 3", "x;y", "1A+1B"}), ("C#|50%,Q?", {"C#", "50%", "Q?"})])
def test_list_can_name_several_of_them(coded, cell: str, codes: set[str]) -> None:
    browser, address = coded
    post_seen(browser, f"{address}/people/invite", {
        "step": "draft", "text": f'name,email,sessions\nNew,new@example.org,"{cell}"\n'})
    person, meeting = person_by_email("new@example.org"), queries.meeting_by_slug(address.rpartition("/")[2])
    assert person is not None
    assert membership(person.id, meeting_id=meeting.id).viewer().assigned == {
        queries.forum_session(meeting.id, code).id for code in codes}
