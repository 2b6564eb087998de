"""Words stand under no looser rule than the one that their form showed: whoever wrote without their name is asked
before it stands there."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sigforum.disclosures.entering import acknowledge_rules
from sigforum.disclosures.forms import NewEntry
from sigforum.disclosures.models import EntryRule
from sigforum.disclosures.queries import notice
from sigforum.extensions import db
from sigforum.threads.domain import Attribution, check_shown, shown_rule
from sigforum.threads.models import Response
from tests.casting import Cast
from tests.threads.test_stored_attribution import rule, say, take_over

JSON = {"Accept": "application/json"}
WORDS = "Our plant failed inspection twice."
NAMED = "what you write here now stands with your name and affiliation"


def form(page: str, *, question_id: int | None = None) -> dict[str, str]:
    """What a page's form of words carries unseen, with words typed into it."""
    forms = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="text"' in one]
    found = next(one for one in forms if question_id is None or f'name="question_id" value="{question_id}"' in one)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found)) | {"text": WORDS}


def choose(browser: FlaskClient, cast: Cast, attribution: str) -> None:
    """Choose the rule of 1A as its chair does."""
    assert browser.post(f"/meetings/{cast.slug}/sessions/1A/attribution",
                        data={"attribution": attribution}).status_code == 302


def stored() -> list[tuple[str, str]]:
    """All that was posted: the rule it was promised, and the words."""
    db.session.rollback()
    return [(one.attribution, one.text) for one in db.session.scalars(select(Response).order_by(Response.id))]


@pytest.mark.both_databases
def test_words_typed_without_a_name_ask_before_they_carry_one(cast: Cast, sign_in) -> None:
    ada, cyn = sign_in(cast.person("ada")), sign_in(cast.person("cyn"))
    address = f"/meetings/{cast.slug}/sessions/1A"
    choose(ada, cast, "chatham")
    page = cyn.get(address).get_data(as_text=True)
    assert "Seen by everyone in this meeting, without your name" in page
    typed = form(page)
    choose(ada, cast, "named")
    refused = cyn.post(f"{address}/responses", data=typed)
    assert (refused.status_code, stored()) == (409, [])
    again = refused.get_data(as_text=True)
    assert NAMED in again
    assert "Seen by everyone in this meeting, with your name" in again
    assert WORDS in again
    # Whoever has read it and sends again means it.
    assert cyn.post(f"{address}/responses", data=form(again)).status_code == 302
    assert stored() == [("named", WORDS)]


def test_script_is_told_the_rule_and_sends_again_under_it(cast: Cast, sign_in) -> None:
    ada, cyn = sign_in(cast.person("ada")), sign_in(cast.person("cyn"))
    address = f"/meetings/{cast.slug}/sessions/1A"
    choose(ada, cast, "chatham")
    typed = form(cyn.get(address).get_data(as_text=True))
    choose(ada, cast, "role")
    refused = cyn.post(f"{address}/responses", data=typed, headers=JSON)
    assert (refused.status_code, refused.json["renewed"], stored()) == (409, {"shown": "role"}, [])
    assert "with your stakeholder group" in refused.json["error"]
    assert cyn.post(f"{address}/responses", data=typed | refused.json["renewed"], headers=JSON).status_code == 200
    assert stored() == [("role", WORDS)]


def test_question_that_went_to_a_named_session_asks_and_keeps_the_words_on_its_new_page(cast: Cast, sign_in) -> None:
    ada, cyn = sign_in(cast.person("ada")), sign_in(cast.person("cyn"))
    db.session.execute(db.update(EntryRule).values(is_on=True))
    rule(cast, "1A", "chatham")
    for code, attribution in (("1A", "chatham"), ("1B", "named")):
        acknowledge_rules(cast.viewer("cyn"), cast.forum_session(code).id, NewEntry(
            notice=notice(cast.meeting_id).number, attribution=attribution, may_be_listed=False, may_be_quoted=False))
    question_id = cast.forum_session("1A").asked[1].id
    typed = form(cyn.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True), question_id=question_id)
    assert take_over(ada, cast, rules_confirmed="1").status_code == 302
    refused = cyn.post(f"/meetings/{cast.slug}/sessions/1A/responses", data=typed)
    assert (refused.status_code, stored()) == (409, [])
    again = refused.get_data(as_text=True)
    assert NAMED in again
    renewed = form(again, question_id=question_id)
    assert (renewed["shown"], WORDS in again) == ("named", True)
    assert cyn.post(f"/meetings/{cast.slug}/sessions/1B/responses", data=renewed).status_code == 302
    assert stored() == [("named", WORDS)]


def test_reply_and_edit_ask_too(cast: Cast, sign_in) -> None:
    ada, cyn = sign_in(cast.person("ada")), sign_in(cast.person("cyn"))
    # Written with a name, shown without one where the question stands now, and then with one again.
    own = say(cast, "cyn", "In closed systems.").id
    rule(cast, "1A", "chatham")
    pages = {path: cyn.get(f"/meetings/{cast.slug}/responses/{own}/{path}").get_data(as_text=True)
             for path in ("reply", "edit")}
    assert "It carries neither your name nor your affiliation." in pages["edit"]
    assert take_over(ada, cast, rules_confirmed="1").status_code == 302
    for path, where in (("reply", "sessions/1A/responses"), ("edit", f"responses/{own}/edit")):
        refused = cyn.post(f"/meetings/{cast.slug}/{where}", data=form(pages[path]))
        assert (path, refused.status_code, stored()) == (path, 409, [("named", "In closed systems.")])
        again = refused.get_data(as_text=True)
        assert NAMED in again
        assert WORDS in again
        pages[path] = again
    assert cyn.post(f"/meetings/{cast.slug}/sessions/1A/responses", data=form(pages["reply"])).status_code == 302
    assert cyn.post(f"/meetings/{cast.slug}/responses/{own}/edit", data=form(pages["edit"])).status_code == 302
    assert stored() == [("named", WORDS), ("named", WORDS)]


def test_stricter_rule_asks_nothing(cast: Cast, sign_in) -> None:
    ada, cyn = sign_in(cast.person("ada")), sign_in(cast.person("cyn"))
    typed = form(cyn.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True))
    choose(ada, cast, "chatham")
    assert cyn.post(f"/meetings/{cast.slug}/sessions/1A/responses", data=typed).status_code == 302
    assert stored() == [("chatham", WORDS)]


@pytest.mark.parametrize(("attribution", "status"), [("named", 409), ("role", 409), ("chatham", 302)])
def test_page_from_before_forms_said_their_rule_never_names_unasked(
        cast: Cast, sign_in, attribution: str, status: int) -> None:
    rule(cast, "1A", attribution)
    cyn = sign_in(cast.person("cyn"))
    typed = form(cyn.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True))
    assert typed.pop("shown") == attribution
    answer = cyn.post(f"/meetings/{cast.slug}/sessions/1A/responses", data=typed)
    assert (answer.status_code, len(stored())) == (status, status == 302)


@pytest.mark.parametrize("raw", ["", "named ", "NAMED", "anything"])
def test_rule_that_is_not_said_is_the_strictest(raw: str) -> None:
    assert shown_rule(raw) is Attribution.CHATHAM
    assert shown_rule("named") is Attribution.NAMED


def test_rules_are_asked_about_exactly_where_more_is_told() -> None:
    def is_asked(shown: Attribution, in_force: Attribution) -> bool:
        try:
            check_shown(shown, in_force=in_force)
        except Exception as refusal:
            return bool(str(refusal))
        return False
    assert {(shown.value, rule.value) for shown in Attribution for rule in Attribution if is_asked(shown, rule)} == {
        ("chatham", "role"), ("chatham", "named"), ("role", "named")}
