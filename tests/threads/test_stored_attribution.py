"""The rule of attribution and the group that is told belong to the words: no import, no move, no change of groups tells
afterwards who wrote them."""

import json

import pytest
from flask.testing import FlaskClient

from sigforum.agenda.importing.reading import formats
from sigforum.agenda.plans import stored_plan
from sigforum.extensions import db
from sigforum.live.gateway import Onlooker, fragments_of
from sigforum.migrating import downgrade, upgrade
from sigforum.people.actions import invite_people
from sigforum.people.domain import Audience, MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import members
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import all_formats
from sigforum.threads.actions import edit_response, post_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from tests.casting import AGENDA, Cast
from tests.previewing import post_seen
from tests.summaries.panel import readable

MOVED = "Where should cells be made?"
# The question stands in the other session.
OTHER_AGENDA = AGENDA.replace(f"  • {MOVED}\n", "").replace(
    "  • For how long can cells be kept?\n", f"  • For how long can cells be kept?\n  • {MOVED}\n")
TRACES = ("Ben Participant", "Ben's Works", "Ben&#39;s Works", "Ben&#x27;s Works")


def rule(cast: Cast, code: str, attribution: str) -> None:
    """Give a session its rule of attribution."""
    cast.forum_session(code).attribution = attribution
    db.session.commit()


def say(cast: Cast, name: str, text: str, *, number: int = 1, code: str = "1A", parent: int | None = None) -> Response:
    """Post a response to a question of a session."""
    question = cast.forum_session(code).asked[number]
    return post_response(cast.viewer(name), NewResponse(
        question_id=question.id, parent_id=parent, key=f"key of {name} {text}", text=text))


def take_over(browser: FlaskClient, cast: Cast, **fields: str):
    """Import the agenda in which the question stands elsewhere."""
    return post_seen(browser, f"/meetings/{cast.slug}/agenda", {"step": "import", "text": OTHER_AGENDA, **fields})


def told(cast: Cast, sign_in, response_id: int) -> dict[str, str]:
    """What a participant, a chair and an organizer are told of a response on pages, in frames and in files."""
    found: dict[str, str] = {}
    pages = {"cyn": ("sessions/1B", "sessions/1B/summary", "search?q=plainly", f"responses/{response_id}/reply"),
             "gus": ("sessions/1B", "sessions/1B/console"), "ada": ("sessions/1B", f"responses/{response_id}/history")}
    for name, paths in pages.items():
        browser = sign_in(cast.person(name))
        for path in paths:
            answer = browser.get(f"/meetings/{cast.slug}/{path}")
            assert answer.status_code == 200
            # What stands above names the person whose page it is, and the way round the meeting.
            found[f"{name} {path}"] = answer.get_data(as_text=True).partition('id="main"')[2]
    for audience in Audience:
        payload = {"meeting_id": cast.meeting_id, "forum_session_id": cast.forum_session("1B").id,
                   "response_id": response_id, "person_id": 0}
        found[f"frame to {audience}"] = "".join(one.html for one in fragments_of(
            "response_changed", payload, Onlooker(audience=audience)))
    document = session_summary(cast.forum_session("1B"))
    return found | {f"file {name}": readable(one.write(document), one.extension) for name, one in all_formats().items()
                    if name in ("json", "html", "csv", "markdown")}


def test_question_that_moves_to_a_named_session_names_nobody_who_wrote_under_another_rule(
        cast: Cast, sign_in) -> None:
    rule(cast, "1A", "chatham")
    said = say(cast, "ben", "Said plainly")
    reply = say(cast, "ben", "Replied plainly", parent=said.id)
    edit_response(cast.viewer("ben"), said.id, text="Said plainly, later", revision=1)
    assert take_over(sign_in(cast.person("ada")), cast, rules_confirmed="1").status_code == 302
    assert db.session.get_one(Response, said.id).forum_session_id == cast.forum_session("1B").id
    for response_id in (said.id, reply.id):
        for way, text in told(cast, sign_in, response_id).items():
            assert not [trace for trace in TRACES if trace in text], f"{way} tells who wrote it"
    # What is said there from now on is said under that session's own rule, and shows that the names could be found.
    later = say(cast, "ben", "Said plainly in the other place", code="1B")
    assert "Ben Participant" in told(cast, sign_in, later.id)["cyn sessions/1B"]


def test_words_from_before_rules_were_stored_keep_the_rule_they_were_said_under(cast: Cast, sign_in) -> None:
    rule(cast, "1A", "chatham")
    said = say(cast, "ben", "Said plainly").id
    assert take_over(sign_in(cast.person("ada")), cast, rules_confirmed="1").status_code == 302
    db.session.remove()
    db.engine.dispose()
    # The tables of version 0.1.0, and the newest ones again.
    downgrade(revision="0011")
    upgrade()
    for way, text in told(cast, sign_in, said).items():
        assert not [trace for trace in TRACES if trace in text], f"{way} tells who wrote it"


def test_log_names_nobody_who_wrote_under_another_rule(cast: Cast, sign_in) -> None:
    rule(cast, "1A", "chatham")
    said = say(cast, "ben", "Said plainly")
    browser = sign_in(cast.person("ada"))
    assert take_over(browser, cast, rules_confirmed="1").status_code == 302
    later = say(cast, "ben", "Said by name", code="1B")
    lines = browser.get(f"/meetings/{cast.slug}/audit.csv").get_data(as_text=True).splitlines()
    of = {response_id: next(line for line in lines if f"response {response_id}," in line)
          for response_id in (said.id, later.id)}
    assert "Ben Participant" in of[later.id]
    assert "Ben Participant" not in of[said.id]
    shown = browser.get(f"/meetings/{cast.slug}/audit?verb=response_posted&person={cast.viewer('ben').membership_id}")
    assert f"response {said.id}<" not in shown.get_data(as_text=True)


def test_import_that_changes_the_rule_of_a_question_is_listed_and_asks_first(cast: Cast, sign_in) -> None:
    rule(cast, "1A", "chatham")
    said = say(cast, "ben", "Said plainly")
    browser = sign_in(cast.person("ada"))
    preview = browser.post(f"/meetings/{cast.slug}/agenda", data={"step": "preview", "text": OTHER_AGENDA})
    assert f"“{MOVED}” from 1A (no names) to 1B (names), with 1 response" in preview.get_data(as_text=True)
    refused = take_over(browser, cast)
    assert refused.status_code == 422
    assert "These questions are meant to go there" in refused.get_data(as_text=True)
    assert db.session.get_one(Response, said.id).forum_session_id == cast.forum_session("1A").id
    assert take_over(browser, cast, rules_confirmed="1").status_code == 302


def test_import_that_keeps_rules_asks_nothing(cast: Cast, sign_in) -> None:
    say(cast, "ben", "Said by name")
    browser = sign_in(cast.person("ada"))
    assert "another rule" not in browser.post(f"/meetings/{cast.slug}/agenda", data={
        "step": "preview", "text": OTHER_AGENDA}).get_data(as_text=True)
    assert take_over(browser, cast).status_code == 302


def enlarge(cast: Cast, group: str, number: int, *, status: MembershipStatus, name: str = "p") -> None:
    """Bring people of a stakeholder group into the meeting."""
    rows = "".join(f"Person {name}{place},{name}{place}@example.org,{group}\n" for place in range(number))
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,stakeholder group\n" + rows, codes={}).people, send_mail=False)
    for one in members(cast.meeting_id):
        if one.person.email.startswith(name):
            one.status = status
    db.session.commit()


@pytest.mark.parametrize(("status", "is_told"), [
    (MembershipStatus.INVITED, False), (MembershipStatus.ACCEPTED, True)])
def test_group_counts_accepted_people_only(cast: Cast, sign_in, status: MembershipStatus, is_told: bool) -> None:
    rule(cast, "1A", "role")
    enlarge(cast, "Industry", 2, status=status)
    say(cast, "ben", "Said plainly")
    page = sign_in(cast.person("cyn")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    assert ("Stakeholder group: Industry" in page) is is_told


def test_changing_groups_tells_an_organizer_nothing(cast: Cast, sign_in) -> None:
    rule(cast, "1A", "role")
    enlarge(cast, "Industry", 3, status=MembershipStatus.ACCEPTED)
    enlarge(cast, "Clinical", 3, status=MembershipStatus.ACCEPTED, name="q")
    said = say(cast, "ben", "Said plainly")
    browser = sign_in(cast.person("ada"))

    def bylines() -> list[str]:
        pages = [browser.get(f"/meetings/{cast.slug}/sessions/1A{path}").get_data(as_text=True)
                 for path in ("", "/summary")]
        return [part.partition("<")[0] for page in pages for part in page.split("Stakeholder group: ")[1:]]

    def wrote() -> list[tuple[str, int]]:
        document = json.loads(all_formats()["json"].write(session_summary(cast.forum_session())))
        return [(row["label"], row["responses"]) for row in document["participation"]["groups"]]
    assert bylines() == ["Industry", "Industry"]
    assert ("Industry", 1) in wrote()
    counted = set()
    for suspect in ("ben", "p0", "p1", "p2"):
        member = next(one for one in members(cast.meeting_id) if one.person.email == f"{suspect}@example.org")
        member.stakeholder_group = "Clinical"
        db.session.commit()
        assert bylines() == ["Industry", "Industry"], f"moving {suspect} to another group shows"
        counted.add(str(wrote()))
        member.stakeholder_group = "Industry"
        db.session.commit()
    # What each group wrote is counted by what was told with the words, whoever was moved.
    assert len(counted) == 1
    assert db.session.get_one(Response, said.id).text == "Said plainly"


def test_export_of_the_agenda_moves_nothing(cast: Cast, sign_in) -> None:
    rule(cast, "1A", "chatham")
    write = formats()["yaml"].write
    assert write is not None
    text = write(stored_plan(cast.forum_session().meeting))
    answer = post_seen(sign_in(cast.person("ada")), f"/meetings/{cast.slug}/agenda", {
        "step": "import", "text": text})
    assert answer.status_code == 302
