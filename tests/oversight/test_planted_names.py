"""A canary for erasure: a name and an address in every place where a person can leave them, by the ways people use;
afterwards neither is found anywhere, in no table of either database and in no file that members can share."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask

from sigforum.agenda.models import Meeting
from sigforum.ballots import vote_queries
from sigforum.ballots.actions import cast_vote, create_poll, move_poll
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.recusing import recuse
from sigforum.disclosures.actions import declare_interests
from sigforum.disclosures.domain import Declared
from sigforum.disclosures.domain import Stance as Interest
from sigforum.disclosures.entering import acknowledge_rules
from sigforum.disclosures.forms import NewEntry
from sigforum.disclosures.queries import notice
from sigforum.exports.actions import request_export
from sigforum.exports.files import folder_of
from sigforum.exports.forms import parse_export
from sigforum.exports.making import expire_exports, run_export
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.facilitation.actions import take_lead
from sigforum.facilitation.queries import log
from sigforum.oversight.actions import erase_member, erase_own_data
from sigforum.oversight.domain import NAME_REMOVED, TEXT_REMOVED, Texts
from sigforum.people import queries as people
from sigforum.people.actions import request_sign_in
from sigforum.people.domain import Role
from sigforum.people.door_sheet import print_cards
from sigforum.people.links import make_link
from sigforum.people.list_imports import request_import, run_imports
from sigforum.people.models import OutgoingMail
from sigforum.people.signing_models import Passkey
from sigforum.summaries import queries as summaries
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Stance
from sigforum.summaries.forms import NewReview
from sigforum.summaries.reviewing import review_line
from sigforum.threads.actions import edit_response
from sigforum.threads.flagging import flag_response
from sigforum.transaction import transaction
from sigforum.verification.cli import verify
from tests.oversight.conftest import TRACES, Published
from tests.oversight.test_erasing import counts, traces
from tests.summaries.panel import readable

NAME, ADDRESS = "Quill Zebranek", "p1@example.org"


@dataclass
class Planted:
    """Where to look afterwards."""

    membership_id: int
    poll_id: int


def plant(published: Published, sign_in) -> Planted:
    """Write the name into every free text that is one's own."""
    panel, cast = published.panel, published.cast
    p1, forum_session_id = cast.viewer("p1"), panel.forum_session.id
    with transaction():
        meeting = db.session.get_one(Meeting, cast.meeting_id)
        meeting.start_on = meeting.end_on = date.today() + timedelta(days=2)
    browser = sign_in(None)
    link = make_link(cast.person("p1"), lifetime=timedelta(hours=1), meeting_id=cast.meeting_id)
    assert browser.post(link.removeprefix("http://localhost"), headers={"User-Agent": f"{NAME}'s browser"})
    request_sign_in(ADDRESS)
    declare_interests(p1, {None: Declared(stance=Interest.INTERESTS, financial=f"{NAME} holds shares of Vantorix",
                                          advocacy=f"{NAME}, {ADDRESS}")})
    acknowledge_rules(p1, forum_session_id, NewEntry(
        notice=notice(cast.meeting_id).number, attribution=panel.forum_session.attribution, may_be_listed=True,
        may_be_quoted=True))
    said = panel.say("p1", f"I am {NAME}")
    edit_response(p1, said.id, text=f"I am {NAME}, write to {ADDRESS}", revision=1)
    other = panel.say("p3", "Somebody else's words")
    flag_response(p1, other.id, reason=f"{NAME} finds it odd")
    move_summary(cast.viewer("finn"), forum_session_id, verb="correct", reason="More polls")
    rated = panel.rate(until="open")
    recuse(p1, panel.forum_session.id, person_id=p1.person_id, poll_id=rated.id, reason=f"So {NAME}")
    move_poll(cast.viewer("finn"), rated.id, verb="close")
    poll_id = write_on_a_ballot(published)
    publish_again(published)
    request_import(cast.viewer("ada"), f"name,email\n{NAME},{ADDRESS}\n", codes={}, sends_mail=False)
    run_imports()
    print_cards(cast.viewer("ada"), panel.forum_session.meeting, membership_ids=[p1.membership_id])
    run_export(request_export(p1, parse_export({"format": "json", "session": "1A"})).id)
    with transaction():
        # The device's half of a key, and a mail server's refusal, come from outside.
        db.session.add(Passkey(person_id=p1.person_id, credential_id=NAME, public_key="", user_handle="", sign_count=0,
                               name=f"{NAME}'s key"))
        db.session.add(OutgoingMail(person_id=p1.person_id, meeting_id=cast.meeting_id, template="change",
                                    state="bounced", last_error=f"550 {ADDRESS} is nobody here"))
    return Planted(p1.membership_id, poll_id)


def write_on_a_ballot(published: Published) -> int:
    """A revealed poll in open text; its id."""
    cast, finn = published.cast, published.cast.viewer("finn")
    poll = create_poll(finn, published.panel.forum_session.id, parse_poll({
        "kind": "text", "title": "What else", "statements": "In your words"}))
    move_poll(finn, poll.id, verb="open")
    key = poll.rounds[-1].frozen.options[0].key
    for name, words in (("p1", f"{NAME} says so"), ("p2", "Nothing"), ("p4", "Something")):
        cast_vote(cast.viewer(name), CastVote(poll_id=poll.id, round_number=1, key=f"key-of-{name}",
                                              raw={"texts": {key: words}}))
    for verb in ("close", "reveal"):
        move_poll(finn, poll.id, verb=verb)
    return poll.id


def publish_again(published: Published) -> None:
    """The corrected version, with a comment and a dissent of Quill's on its lines."""
    finn, forum_session_id = published.cast.viewer("finn"), published.panel.forum_session.id
    move_summary(finn, forum_session_id, verb="ask_review")
    summary = summaries.summary_of(forum_session_id)
    assert summary is not None
    for line, stance in zip([one for one in summary.standing if one.kind == LineKind.STATEMENT],
                            (Stance.COMMENT, Stance.DISSENT), strict=False):
        review_line(published.cast.viewer("p1"), line.id, NewReview(
            wording=line.wording.number, stance=stance, text=f"{NAME} has a word on it"))
    for verb in ("close_review", "publish"):
        move_summary(finn, forum_session_id, verb=verb)


def shareable(published: Published) -> str:
    """Every word of the ZIP of the whole meeting, made anew, and counted again by what shares no code with it."""
    job = request_export(published.cast.viewer("ada"), parse_export({"format": "zip"}))
    run_export(job.id)
    db.session.expire_all()
    job = db.session.get_one(ExportJob, job.id)
    assert job.state == "done", job.error
    file = folder_of(job.id) / job.file_name
    counted = CliRunner().invoke(verify, [str(file)])
    assert counted.exit_code == 0, counted.output
    words = readable(file.read_bytes(), "zip")
    assert len(words) > 10_000
    return words


def on_disk(app: Flask) -> list[str]:
    """The files of the installation, the database apart, in which something names the person."""
    found = []
    for file in (app.config["SETTINGS"].instance / "exports").rglob("*"):
        if file.is_file() and any(trace.encode() in file.read_bytes() for trace in TRACES):
            found.append(file.name)
    return found


@pytest.mark.timeout(300)
@pytest.mark.both_databases
def test_name_planted_everywhere_is_found_nowhere_after_an_erasure(
        app: Flask, published: Published, sign_in, whole_database) -> None:
    planted = plant(published, sign_in)
    places = set(traces(whole_database()))
    assert places >= {
        "people", "memberships", "sign_ins", "passkeys", "disclosures", "responses", "response_revisions",
        "response_flags", "recusals", "votes", "vote_changes", "published_versions", "summary_wordings",
        "summary_reviews", "minority_positions", "outgoing_mails"}, "the search is blind"
    assert on_disk(app) != [], "a file that was made before"
    before = counts(published)
    erase_own_data(published.person_id, texts=Texts.WITHDRAW)
    expire_exports()
    assert traces(whole_database()) == {}
    assert on_disk(app) == []
    words = shareable(published)
    assert [words[max(0, words.index(trace) - 80):][:200] for trace in TRACES if trace in words] == []
    assert [one[:4] for one in counts(published)] == [one[:4] for one in before], "headcounts stay"
    assert headings(published, planted) == [NAME_REMOVED, TEXT_REMOVED]


def headings(published: Published, planted: Planted) -> list[str]:
    """What stands where Quill's name stood on the list of people, and where Quill's words stood among the answers."""
    cast = published.cast
    person = next(found.person for found in people.members(cast.meeting_id) if found.id == planted.membership_id)
    poll = db.session.get_one(Poll, planted.poll_id)
    answers = [ballot for _, ballot in vote_queries.ballots(poll.rounds[-1])]
    return [person.name, *(text for answer in answers for text in answer["texts"].values() if text == TEXT_REMOVED)]


def test_whoever_goes_on_elsewhere_is_named_nowhere_in_the_meeting_that_erased_them(
        in_two_meetings: Published, sign_in, whole_database) -> None:
    published, cast = in_two_meetings, in_two_meetings.cast
    with transaction():
        place = people.membership(published.person_id, meeting_id=cast.meeting_id)
        place.role = Role.ORGANIZER
    take_lead(cast.viewer("p1"), published.panel.forum_session.id)
    console = f"/meetings/{cast.slug}/sessions/1A/console"
    browser = sign_in(cast.person("ada"))
    assert "Quill Zebranek" in browser.get(console).get_data(as_text=True)
    assert "Quill Zebranek" in [entry.who for entry in log(published.panel.forum_session)]
    erase_member(cast.viewer("ada"), place.id, texts=Texts.WITHDRAW)
    assert set(traces(whole_database())) == {"people"}
    page = browser.get(console).get_data(as_text=True)
    assert [trace for trace in TRACES if trace in page] == []
    assert NAME_REMOVED in [entry.who for entry in log(published.panel.forum_session)]
    assert cast.person("p1").name == "Quill Zebranek", "the other meeting keeps the person"
