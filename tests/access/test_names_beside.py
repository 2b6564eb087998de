"""Names never stand beside something that moves with a person's act: where a session names nobody, no page, frame, log
or file brings a name, or takes one away, when somebody has written, signed, come or gone."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sigforum.agenda import queries as agenda
from sigforum.disclosures.entering import acknowledge_rules
from sigforum.disclosures.forms import NewEntry
from sigforum.disclosures.models import EntryRule
from sigforum.extensions import db
from sigforum.kernel.events import forum_room
from sigforum.live.gateway import Onlooker, fragments_of, gateway
from sigforum.live.presence import Presence
from sigforum.oversight.actions import erase_member
from sigforum.oversight.domain import Texts
from sigforum.people.domain import Audience
from sigforum.people.links import make_link
from sigforum.people.queries import members, usable_link
from sigforum.summaries import queries as summaries
from sigforum.summaries.actions import move_summary
from sigforum.summaries.assemble import session_summary, working_summary
from sigforum.summaries.domain import LineKind, Listing, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.forms import NewSignOff
from sigforum.summaries.reviewing import sign
from sigforum.summaries.writing import write_line
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import MeetingEvent, transaction
from tests.ballots.polling import add_voters
from tests.casting import Cast, meets_today

UNNAMED = ("chatham", "role")
NAMES = ("Ben Participant", "Cyn Participant", "Voter 0", "Voter 1", "Voter 2")


def rule(cast: Cast, attribution: str, code: str = "1A") -> None:
    cast.forum_session(code).attribution = attribution
    db.session.commit()


def say(cast: Cast, name: str, text: str, *, code: str = "1A") -> int:
    """Post a response; its id."""
    return post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session(code).asked[0].id, parent_id=None, key=f"key of {name} {text}", text=text)).id


def in_review(cast: Cast) -> int:
    """A summary that people sign; the forum session's id."""
    identifier = cast.forum_session().id
    begin_summary(cast.viewer("finn"), identifier)
    write_line(cast.viewer("finn"), identifier, kind=LineKind.ANSWER, words=Wording(text="In closed systems."))
    move_summary(cast.viewer("finn"), identifier, verb="ask_review")
    return identifier


def put_name(cast: Cast, name: str, *, reservations: str = "") -> None:
    """Sign the summary, with reservations where there are some."""
    summary = summaries.summary_of(cast.forum_session().id)
    assert summary is not None
    sign(cast.viewer(name), cast.forum_session().id, NewSignOff(
        revision=summary.revision, listing=Listing.WITH_RESERVATIONS if reservations else Listing.LISTED,
        reservations=reservations, may_be_quoted=False))


def named_in(text: str) -> set[str]:
    return {name for name in NAMES if name in text}


def seen_of_signing(cast: Cast, sign_in) -> str:
    """What the chair, an organizer and a participant are shown of a summary that people sign."""
    base, found = f"/meetings/{cast.slug}/sessions/1A/summary", []
    for name, path in (("finn", "/edit"), ("ada", "/edit"), ("ada", ""), ("cyn", ""), ("olu", "")):
        found.append(sign_in(cast.person(name)).get(base + path).get_data(as_text=True).partition('id="main"')[2])
    for audience in Audience:
        payload = {"meeting_id": cast.meeting_id, "forum_session_id": cast.forum_session().id, "line_id": 0,
                   "person_id": 0}
        found += [one.html for one in fragments_of("summary_changed", payload, Onlooker(audience=audience))]
    db.session.rollback()
    for is_chair in (True, False):
        found.append(json.dumps(working_summary(cast.forum_session(), is_chair=is_chair).to_json()))
    return "\n".join(found)


@pytest.mark.parametrize("attribution", ["named", *UNNAMED])
def test_nobody_is_named_while_people_sign(cast: Cast, sign_in, attribution: str) -> None:
    add_voters(cast, 3)
    rule(cast, attribution)
    in_review(cast)
    assert named_in(seen_of_signing(cast, sign_in)) == set(), "those who have not signed"
    put_name(cast, "ben", reservations="The scope is narrow.")
    put_name(cast, "v0")
    seen = seen_of_signing(cast, sign_in)
    assert named_in(seen) == set(), "those who have"
    assert "The scope is narrow." not in seen


def test_reservations_and_names_come_together_with_the_published_version(cast: Cast) -> None:
    add_voters(cast, 3)
    rule(cast, "chatham")
    identifier = in_review(cast)
    for name in ("v0", "v1"):
        put_name(cast, name)
    put_name(cast, "ben", reservations="The scope is narrow.")
    move_summary(cast.viewer("finn"), identifier, verb="close_review")
    closed = json.dumps(working_summary(cast.forum_session(), is_chair=True).to_json())
    assert named_in(closed) == set()
    assert "The scope is narrow." in closed
    move_summary(cast.viewer("finn"), identifier, verb="publish")
    document = session_summary(cast.forum_session())
    assert document.sign_offs is not None
    assert document.sign_offs.listed == ("Ben Participant", "Voter 0", "Voter 1")
    assert document.sign_offs.reservations[0].byline == ""


def test_reservations_of_one_of_two_who_sign_name_neither(cast: Cast) -> None:
    rule(cast, "chatham")
    identifier = in_review(cast)
    put_name(cast, "ben", reservations="The scope is narrow.")
    for verb in ("close_review", "publish"):
        move_summary(cast.viewer("finn"), identifier, verb=verb)
    document = session_summary(cast.forum_session())
    assert document.sign_offs is not None
    assert len(document.sign_offs.listed) == 1
    assert named_in(json.dumps(document.to_json())) == set()


@pytest.mark.parametrize(("attribution", "are_named"), [("named", True), ("chatham", False), ("role", False)])
def test_presence_names_people_only_where_the_session_does(cast: Cast, attribution: str, are_named: bool) -> None:
    rule(cast, attribution)
    forum = cast.forum_session().id
    for name in ("ben", "cyn"):
        gateway().attendance.came(forum_room(forum), cast.ids[name])
    one, = Presence().render((forum_room(forum), forum), 1, Onlooker(audience=Audience.CHAIR))
    assert "2 here" in one.html
    assert bool(named_in(one.html)) is are_named


def log_of(cast: Cast, sign_in) -> tuple[str, list[dict[str, str]]]:
    """The page of the log, and the rows of its file."""
    browser = sign_in(cast.person("ada"))
    page = browser.get(f"/meetings/{cast.slug}/audit").get_data(as_text=True).partition('id="main"')[2]
    file = browser.get(f"/meetings/{cast.slug}/audit.csv").get_data(as_text=True)
    return page, list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))


@pytest.mark.parametrize("attribution", ["named", *UNNAMED])
def test_log_names_nobody_for_coming_in_beside_somebody_unnamed_who_posts(
        cast: Cast, sign_in, attribution: str) -> None:
    rule(cast, attribution)
    with transaction():
        db.session.get_one(EntryRule, cast.meeting_id).is_on = True
    acknowledge_rules(cast.viewer("ben"), cast.forum_session().id, NewEntry(
        notice=0, attribution=attribution, may_be_listed=False, may_be_quoted=False))
    said = say(cast, "ben", "Said plainly")
    page, rows = log_of(cast, sign_in)
    beside = [row for row in rows if row["verb"] in ("rules_acknowledged", "response_posted")]
    assert [row["what"] for row in beside] == [f"forum session {cast.forum_session().id}", f"response {said}"]
    names = {row["person"] for row in beside}
    assert names == ({"Ben Participant"} if attribution == "named" else {"A participant"})
    # Nor does the name come into the list by which the log can be filtered.
    options = re.findall(r'<option value="\d+"[^>]*>([^<]+)</option>', page)
    assert ("Ben Participant" in options) is (attribution == "named")
    found = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit?person={cast.viewer('ben').membership_id}")
    shown = found.get_data(as_text=True).partition("<tbody>")[2]
    assert ("acknowledged the rules" in shown) is (attribution == "named")


@pytest.mark.parametrize("attribution", ["named", *UNNAMED])
def test_log_names_nobody_for_a_card_or_an_own_name_beside_somebody_unnamed_who_posts(
        cast: Cast, sign_in, attribution: str) -> None:
    rule(cast, attribution)
    link = make_link(cast.person("ben"), lifetime=timedelta(hours=1), meeting_id=cast.meeting_id)
    found = usable_link(link.rpartition("/")[2])
    assert found is not None
    found.is_for_door = True
    meets_today(cast.meeting_id)
    db.session.commit()
    browser = sign_in(None)
    assert browser.post(link.removeprefix("http://localhost")).status_code == 302
    own = sign_in(cast.person("ben"))
    assert own.post("/account/name", data={"name": "Ben Newname", "affiliation": "Ben's Works"}).status_code == 302
    say(cast, "ben", "Said plainly")
    # What an organizer corrects stays under the organizer's name.
    cyn = next(one for one in members(cast.meeting_id) if one.person_id == cast.ids["cyn"])
    assert sign_in(cast.person("ada")).post(
        f"/meetings/{cast.slug}/people/{cyn.id}/name", data={"name": "Cyn Newname"}).status_code == 302
    _, rows = log_of(cast, sign_in)
    named = [row["verb"] for row in rows if any(
        word in str(row) for word in ("Ben Newname", "Ben Participant", f"person {cast.viewer('ben').membership_id}'"))
        and row["verb"] in ("card_first_used", "person_renamed")]
    assert named == (["card_first_used", "person_renamed"] if attribution == "named" else [])
    assert {row["verb"] for row in rows} >= {"card_first_used", "person_renamed", "response_posted"}
    by_ada, = (row for row in rows if "Cyn Newname" in str(row["detail"]))
    assert by_ada["person"] == "Ada Organizer"


@pytest.mark.parametrize(("attribution", "is_told"), [("named", True), ("chatham", False), ("role", False)])
def test_erasing_somebody_points_at_none_of_their_unnamed_words(
        cast: Cast, attribution: str, is_told: bool) -> None:
    rule(cast, attribution)
    said = [say(cast, name, f"Said by {name}") for name in ("ben", "cyn")]
    membership = next(one for one in members(cast.meeting_id) if one.person_id == cast.ids["ben"])
    before = db.session.scalar(select(func.max(MeetingEvent.number))) or 0
    erase_member(cast.viewer("ada"), membership.id, texts=Texts.KEEP)
    told = {event.payload.get("response_id") for event in db.session.scalars(
        select(MeetingEvent).where(MeetingEvent.number > before, MeetingEvent.kind == "response_changed"))}
    assert told == ({said[0]} if is_told else set())


def test_recusals_and_interests_tell_chairs_the_day_and_not_the_moment(cast: Cast, sign_in) -> None:
    rule(cast, "chatham")
    browser = sign_in(cast.person("ben"))
    base = f"/meetings/{cast.slug}"
    browser.post(f"{base}/sessions/1A/recusals", data={"reason": "My employer sells it"})
    browser.post(f"{base}/interests", data={"stance": "interests", "financial": "Shares"})
    chair = sign_in(cast.person("finn"))
    for path, words in (("recusals", "My employer sells it"), ("interests", "1 declared an interest")):
        page = chair.get(f"{base}/sessions/1A/{path}").get_data(as_text=True).partition('id="main"')[2]
        assert words in page
        assert not re.search(r"\d{1,2}:\d\d", page), f"{path} tell the moment"


@pytest.mark.parametrize(("attribution", "is_told"), [("named", True), ("chatham", False), ("role", False)])
def test_numbers_of_authors_do_not_tie_unnamed_responses_together(
        cast: Cast, sign_in, attribution: str, is_told: bool) -> None:
    add_voters(cast, 2)
    rule(cast, attribution)
    for name in ("ben", "cyn", "v0", "v1"):
        say(cast, name, f"Said by {name}")
    console = sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/sessions/1A/console").get_data(as_text=True)
    assert ("4 responses from 4 people" in console) is is_told
    assert (session_summary(agenda.forum_session(cast.meeting_id, "1A")).participation.posted == 4) is is_told
