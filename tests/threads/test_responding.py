"""Posting, replying, editing, withdrawing and hiding, through the forms people use."""

import pytest
from sqlalchemy import select

from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.threads.domain import LONGEST_REASON, LONGEST_RESPONSE
from sigforum.threads.models import Response, ResponseRevision
from tests.casting import Cast

JSON = {"Accept": "application/json"}


@pytest.fixture
def room(cast: Cast, sign_in):
    """The cast's browsers in 1A, and what they do there."""
    return Room(cast, {name: sign_in(cast.person(name)) for name in ("ada", "finn", "gus", "ben", "cyn", "olu")})


class Room:
    """Who sits in 1A."""

    def __init__(self, cast: Cast, browsers: dict) -> None:
        self.cast, self.browsers = cast, browsers
        self.question = cast.forum_session().asked[0].id

    def send(self, name: str, path: str, *, json: bool = True, **form: object):
        """Send a form as somebody."""
        return self.browsers[name].post(f"/meetings/{self.cast.slug}/{path}", data={"shown": "named"} | form,
                                         headers=JSON if json else {})

    def say(self, name: str, text: str, *, key: str, parent: int | str = "", question: int | None = None):
        """Post a response or reply."""
        return self.send(name, "sessions/1A/responses", question_id=question or self.question, parent_id=parent,
                         key=key, text=text)

    def page(self, name: str) -> str:
        """The session's page."""
        return self.browsers[name].get(f"/meetings/{self.cast.slug}/sessions/1A").get_data(as_text=True)


def said(text: str) -> Response:
    """The stored response with this text."""
    db.session.rollback()
    return db.session.scalars(select(Response).where(Response.text == text)).one()


def count() -> int:
    """How many responses there are."""
    return db.session.query(Response).count()


def verbs() -> list[str]:
    """What the log says was done to responses."""
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [entry.verb for entry in entries if entry.verb.startswith("response_")]


@pytest.mark.both_databases
def test_response_and_replies_stand_where_they_belong(room: Room) -> None:
    assert room.say("ben", "  First\r\nand second line  ", key="key-00000001").status_code == 200
    top = said("First\nand second line")
    assert room.say("cyn", "A reply", key="key-00000002", parent=top.id).status_code == 200
    assert room.say("ben", "To the reply", key="key-00000003", parent=said("A reply").id).status_code == 200
    assert {said("A reply").parent_id, said("To the reply").parent_id} == {said("First\nand second line").id}
    page = room.page("olu")
    assert page.index("First<br>") < page.index("A reply") < page.index("To the reply")


@pytest.mark.both_databases
def test_same_key_is_one_response_and_another_person_may_use_it(room: Room) -> None:
    first = room.say("ben", "Once", key="key-00000001").json["fragments"][0]["id"]
    again = room.say("ben", "Once", key="key-00000001").json["fragments"][0]["id"]
    assert first == again
    assert room.say("cyn", "Another person's", key="key-00000001").status_code == 200
    assert count() == 2
    assert said("Once").revision == 1


def test_same_key_with_other_words_changes_the_first_response(room: Room) -> None:
    """The answer to the first post was lost, and its author went on writing before it was sent again."""
    first = room.say("ben", "In closed systems", key="key-00000001").json["fragments"][0]["id"]
    again = room.say("ben", "In closed, automated systems", key="key-00000001").json["fragments"][0]["id"]
    assert (first, count()) == (again, 1)
    changed = said("In closed, automated systems")
    assert [revision.text for revision in changed.revisions] == ["In closed systems", "In closed, automated systems"]


@pytest.mark.parametrize(("form", "field", "words"), [
    ({"text": ""}, "text", "Write something first."), ({"text": " \n\t "}, "text", "Write something first."),
    ({"text": "\u202e\x07"}, "text", "Write something first."),
    ({"text": "x" * (LONGEST_RESPONSE + 1)}, "text", "10,001 characters; at most 10,000"),
    ({"key": ""}, "key", "Reload the page"), ({"key": "short"}, "key", "Reload the page"),
    ({"key": "x" * 65}, "key", "Reload the page"), ({"key": "<script>alert(1)"}, "key", "Reload the page"),
    ({"question_id": ""}, "question_id", "which question"), ({"question_id": "one"}, "question_id", "which question"),
    ({"parent_id": "-1"}, "parent_id", "to which response"),
])
def test_bad_input_gets_a_message_by_field_and_stores_nothing(
        room: Room, whole_database, form: dict, field: str, words: str) -> None:
    before = whole_database()
    whole = {"question_id": room.question, "key": "key-00000001", "text": "Words to keep"} | form
    answer = room.send("ben", "sessions/1A/responses", **whole)
    assert answer.status_code == 422
    assert words in answer.json["errors"][field]
    page = room.send("ben", "sessions/1A/responses", json=False, **whole)
    assert page.status_code == 422
    if "text" in form and form["text"].strip("\u202e\x07 \n\t"):
        assert form["text"] in page.get_data(as_text=True)
        assert words in page.get_data(as_text=True)
    assert whole_database() == before


@pytest.mark.parametrize("number", ["99999999", "99999999999999999999", "9" * 5000, "0"])
def test_numbers_of_nothing_are_not_found(room: Room, whole_database, number: str) -> None:
    before = whole_database()
    for form in ({"question_id": number}, {"question_id": room.question, "parent_id": number}):
        assert room.send("ben", "sessions/1A/responses", key="key-00000001", text="x", **form).status_code in (404, 422)
    assert room.send("ben", f"responses/{number}/withdraw").status_code == 404
    assert whole_database() == before


def test_reply_to_another_thread_is_refused(room: Room, whole_database) -> None:
    room.say("ben", "In the first thread", key="key-00000001")
    other = room.cast.forum_session().asked[1].id
    before = whole_database()
    answer = room.say("cyn", "Astray", key="key-00000002", parent=said("In the first thread").id, question=other)
    assert answer.status_code == 422
    assert whole_database() == before


@pytest.mark.both_databases
def test_edit_keeps_every_version(room: Room) -> None:
    room.say("ben", "Version one", key="key-00000001")
    identifier = said("Version one").id
    for number, text in ((1, "Version two"), (2, "Version three")):
        assert room.send("ben", f"responses/{identifier}/edit", text=text, revision=number).status_code == 200
    found = said("Version three")
    assert (found.id, found.revision) == (identifier, 3)
    assert [(one.number, one.text) for one in found.revisions] == [
        (1, "Version one"), (2, "Version two"), (3, "Version three")]
    assert found.edited_at is not None
    address = f"/meetings/{room.cast.slug}/responses/{identifier}/history"
    history = room.browsers["olu"].get(address).get_data(as_text=True)
    assert history.index("Version three") < history.index("Version two") < history.index("Version one")
    assert "edited</a>" in room.page("cyn")
    assert verbs() == ["response_posted", "response_edited", "response_edited"]


def test_edit_of_an_older_version_is_refused_and_loses_nothing(room: Room) -> None:
    room.say("ben", "Version one", key="key-00000001")
    identifier = said("Version one").id
    room.send("ben", f"responses/{identifier}/edit", text="From one window", revision=1)
    for revision in ("1", "0", "7", "", "9" * 30):
        answer = room.send("ben", f"responses/{identifier}/edit", text="From another window", revision=revision)
        assert answer.status_code == 409
        assert "changed in another window" in answer.json["error"]
    page = room.send("ben", f"responses/{identifier}/edit", json=False, text="From another window", revision=1)
    assert page.status_code == 409
    assert "From another window" in page.get_data(as_text=True)
    assert said("From one window").revision == 2


def test_edit_without_a_change_makes_no_version(room: Room, whole_database) -> None:
    room.say("ben", "The same", key="key-00000001")
    before = whole_database()
    assert room.send("ben", f"responses/{said('The same').id}/edit", text="The same", revision=1).status_code == 200
    assert whole_database() == before


def test_refused_edit_keeps_what_was_typed(room: Room) -> None:
    room.say("ben", "Before", key="key-00000001")
    text = "</textarea><b>" + "y" * (LONGEST_RESPONSE + 1)
    page = room.send("ben", f"responses/{said('Before').id}/edit", json=False, text=text, revision=1)
    assert page.status_code == 422
    assert "&lt;/textarea&gt;&lt;b&gt;" + "y" * (LONGEST_RESPONSE + 1) in page.get_data(as_text=True)
    assert said("Before").revision == 1


@pytest.mark.both_databases
def test_withdrawn_response_shows_no_words_counts_no_more_and_can_come_back(room: Room) -> None:
    room.say("ben", "Regretted words", key="key-00000001")
    identifier = said("Regretted words").id
    room.say("cyn", "A reply to it", key="key-00000002", parent=identifier)
    for _ in range(2):
        assert room.send("ben", f"responses/{identifier}/withdraw").status_code == 200
    for name in room.browsers:
        page = room.page(name)
        assert "Regretted words" not in page
        assert "Withdrawn by its author." in page
        assert "A reply to it" in page
        assert ("Put it back" in page) is (name == "ben")
    assert room.say("cyn", "Too late", key="key-00000003", parent=identifier).status_code == 403
    assert room.send("ben", f"responses/{identifier}/edit", text="Other", revision=1).status_code == 403
    assert room.browsers["cyn"].get(
        f"/meetings/{room.cast.slug}/responses/{identifier}/history").status_code == 403
    for _ in range(2):
        assert room.send("ben", f"responses/{identifier}/restore").status_code == 200
    assert "Regretted words" in room.page("olu")
    assert verbs()[2:] == ["response_withdrawn", "response_restored"]


@pytest.mark.both_databases
def test_hidden_response_shows_the_reason_and_its_words_to_chair_and_author_only(room: Room) -> None:
    room.say("ben", "Our price is secret", key="key-00000001")
    identifier = said("Our price is secret").id
    for reason, words in (("", "Say why"), ("r" * (LONGEST_REASON + 1), "At most 500")):
        refused = room.send("finn", f"responses/{identifier}/hide", reason=reason)
        assert (refused.status_code, words in refused.json["errors"]["reason"]) == (422, True)
    assert room.send("finn", f"responses/{identifier}/hide", reason="Names a <price>").status_code == 200
    assert room.send("ada", f"responses/{identifier}/hide", reason="Again, otherwise").status_code == 200
    for name in room.browsers:
        page = room.page(name)
        assert "Hidden by a facilitator: Names a &lt;price&gt;" in page
        assert ("Our price is secret" in page) is (name in ("ada", "finn", "ben"))
        assert ("Show it again" in page) is (name in ("ada", "finn"))
    history = {name: browser.get(f"/meetings/{room.cast.slug}/responses/{identifier}/history").status_code
               for name, browser in room.browsers.items()}
    assert history == {"ada": 200, "finn": 200, "ben": 200, "gus": 403, "cyn": 403, "olu": 403}
    assert room.send("finn", f"responses/{identifier}/show").status_code == 200
    assert "Our price is secret" in room.page("cyn")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "response_hidden")).one()
    assert (entry.actor_id, entry.detail["reason"]) == (room.cast.ids["finn"], "Names a <price>")


def test_form_pages_of_a_hidden_response_do_not_show_its_words_to_others(room: Room) -> None:
    room.say("ben", "Our price is secret", key="key-00000001")
    identifier = said("Our price is secret").id
    room.send("finn", f"responses/{identifier}/hide", reason="Names a price")
    for name in ("gus", "cyn", "olu"):
        for page in ("reply", "edit", "withdraw", "restore", "hide", "show", "history"):
            answer = room.browsers[name].get(f"/meetings/{room.cast.slug}/responses/{identifier}/{page}")
            assert answer.status_code == 403
            assert "Our price is secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("state", ["closed", "summarised"])
def test_closed_session_takes_nothing_but_moderation(room: Room, state: str) -> None:
    room.say("ben", "While it was open", key="key-00000001")
    identifier = said("While it was open").id
    room.cast.forum_session().state = state
    db.session.commit()
    assert room.say("ben", "Late", key="key-00000002").status_code == 403
    assert room.say("cyn", "Late", key="key-00000003", parent=identifier).status_code == 403
    assert room.send("ben", f"responses/{identifier}/edit", text="Late", revision=1).status_code == 403
    assert room.send("ben", f"responses/{identifier}/withdraw").status_code == 403
    assert room.send("finn", f"responses/{identifier}/hide", reason="A reason").status_code == 200
    assert count() == 1
    assert 'data-composer="' not in room.page("ben")


def test_script_gets_the_response_as_its_author_sees_it(room: Room) -> None:
    answer = room.say("ben", "**Mine**", key="key-00000001").json
    assert answer["ok"] is True
    fragment = answer["fragments"][0]
    assert (fragment["into"], fragment["version"]) == (f"responses-{room.question}", 1)
    assert "<strong>Mine</strong>" in fragment["html"]
    assert f"/responses/{said('**Mine**').id}/edit" in fragment["html"]


def test_revisions_cannot_be_doubled_by_the_database(room: Room) -> None:
    room.say("ben", "Words", key="key-00000001")
    db.session.add(ResponseRevision(response_id=said("Words").id, number=1, text="Forged"))
    with pytest.raises(Exception, match="UNIQUE"):
        db.session.commit()
    db.session.rollback()



def test_words_that_cannot_be_posted_any_more_are_given_back(room: Room) -> None:
    for verb in ("go_live", "close"):
        assert room.send("finn", f"sessions/1A/{verb}").status_code == 200
    answer = room.send("ben", "sessions/1A/responses", json=False, question_id=room.question, key="key-00000001",
                       text="Written a moment too long")
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert "Written a moment too long" in page
    assert "the session is closed" in page or "it is closed" in page
    assert count() == 0


def test_reply_without_words_comes_back_as_a_reply(room: Room) -> None:
    said_first = room.say("ben", "In closed systems", key="key-00000001").json["fragments"][0]["id"]
    first = said_first.removeprefix("response-")
    answer = room.send("cyn", "sessions/1A/responses", json=False, question_id=room.question, parent_id=first,
                       key="key-00000002", text="x" * (LONGEST_RESPONSE + 1))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "at most 10,000" in page
    assert "x" * (LONGEST_RESPONSE + 1) in page
    assert f'name="parent_id" value="{first}"' in page


@pytest.mark.both_databases
def test_invisible_nul_is_refused_in_every_field(cast: Cast, sign_in) -> None:
    finn = sign_in(cast.person("finn"))
    ada = sign_in(cast.person("ada"))
    for browser, path, form in (
            (finn, "sessions/1A/polls/new", {"title": "a\0b", "statements": "c", "rule": "percent_agreement"}),
            (finn, "sessions/1A/polls/new?kind=a%00b", {}),
            (ada, "people/invite", {"text": "name,email\nA\0nn,ann@example.org", "step": "send"})):
        answer = browser.post(f"/meetings/{cast.slug}/{path}", data=form)
        assert (answer.status_code, "NUL" in answer.get_data(as_text=True)) == (422, True)


def test_paragraphs_are_paragraphs_and_not_their_tags(room: Room) -> None:
    room.say("ben", "First **strong**\n\n- one\n- two", key="in-paragraphs")
    body = room.page("ben").partition('<div class="response-body">')[2].partition("</div>")[0]
    assert '<p dir="auto">First <strong>strong</strong></p>' in body
    assert '<li dir="auto">one</li>' in body
    assert "&lt;" not in body


def test_words_for_a_question_that_has_left_the_agenda_are_kept_on_the_page(room: Room) -> None:
    question = room.cast.forum_session().asked[1]
    question.retired_at = now()
    db.session.commit()
    answer = room.send("ben", "sessions/1A/responses", json=False, question_id=question.id, key="key-00000001",
                       text="In short.")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "This question is no longer on the agenda" in page
    assert "In short.</textarea>" in page
