"""The audit log names what people know: codes, titles and words, never the number of a row."""

import csv
import io
import re

from sigforum.agenda.actions import move_forum_session
from sigforum.audit.actions import record
from sigforum.ballots.actions import create_poll, delete_poll
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.exports.actions import request_export
from sigforum.exports.forms import parse_export
from sigforum.extensions import db
from sigforum.facilitation.queries import log
from sigforum.oversight.audit_log import log_csv
from sigforum.people.actions import invite_people
from sigforum.people.forms import parse_invitations
from sigforum.summaries import queries, writing
from sigforum.summaries.actions import move_summary
from sigforum.summaries.drafting import draft_closed_sessions
from sigforum.transaction import transaction
from tests.casting import Cast
from tests.oversight.conftest import Published

NUMBERED = re.compile(
    r"\b(?:forum )?(?:session|sessions|stage|poll|response|summary|line|lines|option|export|position|meeting|question|"
    r"wordings|link|certificate):? o?\d+\b")


def words_of_page(cast: Cast, sign_in) -> str:
    """All pages of the log as text."""
    browser, address, found = sign_in(cast.person("ada")), f"/meetings/{cast.slug}/audit", ""
    while address:
        page = browser.get(address).get_data(as_text=True)
        found += re.sub(r"<[^>]+>", " ", page.partition("<tbody>")[2].partition("</tbody>")[0])
        older = re.search(r'href="([^"]+before=[^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    return re.sub(r"\s+", " ", found)


def many_acts(published: Published) -> None:
    """Acts whose entries hold the numbers of sessions, polls, responses and lines."""
    cast, panel = published.cast, published.panel
    finn, ada, forum_session_id = cast.viewer("finn"), cast.viewer("ada"), panel.forum_session.id
    move_summary(finn, forum_session_id, verb="correct", reason="More")
    summary = queries.summary_of(forum_session_id)
    assert summary is not None
    line = next(one for one in summary.standing if one.kind == "statement")
    writing.split_line(finn, line.id, parts=["One half.", "The other half."], wording=line.wording.number)
    said = panel.say("p3", "A response to be lifted into the summary")
    writing.lift_response(finn, said.id)
    delete_poll(finn, create_poll(finn, forum_session_id, parse_poll({
        "kind": "rating", "title": "A draft to be thrown away", "statements": "A.", "rule": "percent_agreement"})).id)
    codes = {one.code: one.id for one in panel.forum_session.meeting.forum_sessions}
    for sessions in ("1B", "1A"):
        invite_people(ada, parse_invitations(f"name,email,sessions\nPia Lovelock,p6@example.org,{sessions}\n",
                                             codes=codes).people, send_mail=False)
    request_export(ada, parse_export({"format": "json", "session": "1B"}))
    with transaction():
        record("response_moved", meeting_id=cast.meeting_id, actor_id=ada.person_id, subject=f"response {said.id}",
               forum_session=codes["1B"], before={"session": codes["1A"]}, after={"session": codes["1B"]})


def test_deleted_draft_keeps_its_title_where_its_number_is_given_again(cast: Cast, sign_in) -> None:
    finn, forum_session = cast.viewer("finn"), cast.forum_session()

    def written(title: str) -> Poll:
        return create_poll(finn, forum_session.id, parse_poll({
            "kind": "rating", "title": title, "statements": "A.", "rule": "percent_agreement"}))
    thrown_away = written("Thrown away")
    number = thrown_away.id
    delete_poll(finn, number)
    kept = written("Kept")
    if db.session.get_bind().dialect.name == "sqlite":
        assert kept.id == number, "this database gives the number again"
    text = words_of_page(cast, sign_in)
    assert text.count("“Thrown away”") == 2
    assert text.count("“Kept”") == 1
    if kept.id == number:
        assert [entry.words for entry in log(cast.forum_session())] == [
            "wrote “Kept”", "wrote “a draft that is deleted”"]


def test_no_number_of_a_row_stands_on_the_page(published: Published, sign_in) -> None:
    many_acts(published)
    text = words_of_page(published.cast, sign_in)
    for words in ("session 1A", "response 1A “A response to be lifted", "line 1A", "summary 1A",
                  "poll “A draft to be thrown away”", "forum sessions 1B"):
        assert words in text, words
    assert sorted(set(NUMBERED.findall(text))) == []


def test_file_has_the_same_words_beside_what_is_hashed(published: Published) -> None:
    many_acts(published)
    head, *rows, _ = csv.reader(io.StringIO(log_csv(published.cast.meeting_id).decode("utf-8-sig")))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    words = [f"{one.get('what in words', '')} {one.get('detail in words', '')}" for one in told]
    assert any("session 1A" in one for one in words)
    assert [one for one in words if NUMBERED.search(one)] == []
    assert any(one["what"].startswith("forum session ") or one["what"].startswith("summary ") for one in told)


def test_a_draft_made_by_itself_says_on_whose_closing(cast: Cast, sign_in) -> None:
    for verb in ("go_live", "close"):
        move_forum_session(cast.viewer("finn"), cast.forum_session("1A").id, verb=verb)
    draft_closed_sessions()
    browser = sign_in(cast.person("ada"))
    page = browser.get(f"/meetings/{cast.slug}/audit?verb=summary_drafted").get_data(as_text=True)
    row = re.sub(r"<[^>]+>", " ", page.partition("<tbody>")[2].partition("</tbody>")[0])
    assert "Automatically, when Finn Facilitator closed the session" in row
    assert "The operator" not in row
