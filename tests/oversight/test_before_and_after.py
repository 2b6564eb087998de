"""Every entry of the audit log that speaks of a change says what was before and after it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from sigforum.agenda.actions import import_agenda, mark_summarised, move_forum_session
from sigforum.agenda.domain import ForumSessionState
from sigforum.agenda.importing.reading import read_agenda
from sigforum.audit.domain import SALT
from sigforum.audit.models import AuditEntry
from sigforum.ballots.actions import (
    change_poll,
    close_due_rounds,
    create_poll,
    delete_poll,
    move_poll,
    set_timer,
    undo_open,
)
from sigforum.ballots.deviating import deviate
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.recusing import recuse, take_back
from sigforum.digests.actions import set_hour
from sigforum.disclosures.actions import declare_interests
from sigforum.disclosures.domain import Declared
from sigforum.disclosures.domain import Stance as Interest
from sigforum.disclosures.entering import acknowledge_rules, choose_attribution, set_entry
from sigforum.disclosures.forms import NewEntry
from sigforum.disclosures.queries import notice
from sigforum.exports.actions import cancel_export, request_export, retry_export
from sigforum.exports.forms import parse_export
from sigforum.extensions import db
from sigforum.facilitation.actions import hand_over, show_on_stage, take_lead
from sigforum.kernel.clock import now
from sigforum.oversight.actions import set_retention
from sigforum.oversight.domain import VERB_WORDS
from sigforum.people.actions import invite_people, make_host, revoke_membership
from sigforum.people.address_tokens import address_token
from sigforum.people.answering import answer_invitation, decline_by_link
from sigforum.people.bounces import Bounce, note_bounce
from sigforum.people.domain import MailKind
from sigforum.people.forms import parse_invitations
from sigforum.people.hours import save_hours
from sigforum.people.links import make_link
from sigforum.people.models import OutgoingMail
from sigforum.people.naming import confirm_address
from sigforum.people.outbox import save_wording
from sigforum.summaries import queries as summaries
from sigforum.summaries import writing
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Listing, Stance, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.forms import NewReview, NewSignOff
from sigforum.summaries.reviewing import (
    hold_position,
    leave_position,
    review_line,
    reword_position,
    sign,
    write_position,
)
from sigforum.threads.actions import (
    edit_response,
    hide_response,
    post_response,
    restore_response,
    show_response,
    withdraw_response,
)
from sigforum.threads.flagging import flag_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from tests.casting import AGENDA, Cast

# These tell that something happened or was made; nothing that stood there before was changed by them.
HAPPENED = frozenset({
    "address_asked", "card_first_used", "cards_printed", "code_tries_used_up", "data_erased", "export_requested",
    "invitation_resent", "keys_forgotten", "list_queued", "mails_queued", "meeting_created", "meeting_purged",
    "minority_position_written", "people_invited", "poll_created", "poll_nudged", "recovery_code_used",
    "recovery_codes_renewed", "response_posted", "rules_acknowledged", "second_step_failed", "sign_in_refused",
    "signed_in", "signed_out", "summary_drafted", "summary_line_written", "summary_response_lifted",
    "summary_rest_approved", "summary_result_lifted", "summary_statements_drafted", "test_mail_queued",
    "version_redacted"})
# Walked through where there are devices: tests/people/test_authenticators.py, tests/journeys/test_signing_in.py.
ELSEWHERE = frozenset({"authenticator_added", "authenticator_removed", "passkey_added", "passkey_removed"})
POLL = {"kind": "rating", "title": "Where to make cells", "statements": "Here\nThere", "rule": "percent_agreement"}
Noted = dict[str, list[dict]]


def lacking(noted: Noted) -> list[str]:
    """The verbs whose entries do not say what was before and after, or say twice the same."""
    return sorted(verb for verb, details in noted.items() if verb not in HAPPENED and not all(
        {"before", "after"} <= detail.keys() and detail["before"] != detail["after"] for detail in details))


@contextmanager
def noting() -> Iterator[Noted]:
    """Collects what the log says of what is done inside, by verb."""
    last = db.session.scalar(select(func.max(AuditEntry.id))) or 0
    noted: Noted = {}
    yield noted
    for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id)):
        noted.setdefault(entry.verb, []).append(entry.detail)


def of_people(cast: Cast) -> None:
    """Places given, changed, declined, taken up and taken away; words, hours, rules and days set."""
    ada, dov = cast.viewer("ada"), cast.person("dov")
    codes = {"1A": cast.forum_session("1A").id, "1B": cast.forum_session("1B").id}
    rows = ("name,email,stakeholder group,role,sessions\nCyn,cyn@example.org,Industry,facilitator,1B\n"
            "New,new@example.org,,,\n")
    *_, new = invite_people(ada, parse_invitations(rows, codes=codes).people, send_mail=False)
    decline_by_link(make_link(new.person, lifetime=timedelta(hours=1), meeting_id=cast.meeting_id).rpartition("/")[2])
    answer_invitation(dov, slug=cast.slug, verb="accept")
    revoke_membership(ada, cast.viewer("dov").membership_id)
    make_host("eve@example.org", name="Eve")
    save_wording(ada, MailKind.INVITATION, subject="Come", text="Here: {link}")
    save_hours(ada, cast.forum_session().meeting, {"time_zone": "Europe/Berlin"})
    set_retention(ada, days=30)
    set_hour(ada, 9)
    queued = OutgoingMail(person_id=dov.id, meeting_id=cast.meeting_id, template="invitation", state="sent",
                          message_id="<one@example.org>")
    with transaction():
        db.session.add(queued)
    note_bounce(Bounce(message_id="<one@example.org>", reason="5.1.1 nobody here"))
    set_entry(ada, is_on=True, text="Nobody speaks of prices.")
    confirm_address(cast.person("olu").id, address_token(cast.person("olu"), "olu.new@example.org"))


def of_the_room(cast: Cast) -> None:
    """An agenda changed, interests declared, rules acknowledged and sessions moved."""
    ada, ben, gus = (cast.viewer(name) for name in ("ada", "ben", "gus"))
    import_agenda(ada, cast.forum_session().meeting, read_agenda(AGENDA.replace("be made", "be grown").encode()))
    declare_interests(ben, {None: Declared(stance=Interest.NOTHING, financial="", advocacy="")})
    forum_session_id = cast.forum_session("1B").id
    choose_attribution(gus, forum_session_id, attribution="role")
    for listed in (True, False):
        acknowledge_rules(ben, forum_session_id, NewEntry(
            notice=notice(cast.meeting_id).number, attribution="role", may_be_listed=listed, may_be_quoted=False))
    with transaction():
        cast.forum_session("1B").state = ForumSessionState.PLANNED
    for verb in ("open", "go_live", "close", "reopen", "close"):
        move_forum_session(gus, forum_session_id, verb=verb)
    mark_summarised(gus, forum_session_id)


def of_threads(cast: Cast) -> None:
    """A response edited, withdrawn and put back; hidden, shown and flagged."""
    ben, cyn, finn = (cast.viewer(name) for name in ("ben", "cyn", "finn"))
    said = post_response(ben, NewResponse(question_id=cast.forum_session().asked[0].id, parent_id=None, key="one-key",
                                          text="In closed systems"))
    edit_response(ben, said.id, text="In open systems", revision=1)
    withdraw_response(ben, said.id)
    restore_response(ben, said.id)
    hide_response(finn, said.id, reason="It names a price")
    show_response(finn, said.id)
    flag_response(cyn, said.id, reason="It names a price")
    show_response(finn, said.id)


def of_polls(cast: Cast) -> None:
    """Drafts, rounds, timers and deviations; recusals; the stage; files."""
    ada, finn, ben = (cast.viewer(name) for name in ("ada", "finn", "ben"))
    forum_session_id = cast.forum_session().id
    dropped, poll = (create_poll(finn, forum_session_id, parse_poll(POLL)) for _ in range(2))
    delete_poll(finn, dropped.id)
    change_poll(finn, poll.id, parse_poll(POLL | {"title": "Where"}))
    move_poll(finn, poll.id, verb="open", seconds=60)
    undo_open(finn, poll.id)
    move_poll(finn, poll.id, verb="open")
    set_timer(finn, poll.id, seconds=60)
    with transaction():
        poll.rounds[-1].ends_at = now() - timedelta(minutes=5)
    assert close_due_rounds() == 1
    deviate(finn, poll.id, parse_poll(POLL | {"title": "Where else"}), reason="Too short")
    for verb in ("open", "close", "reveal", "decide"):
        move_poll(finn, poll.id, verb=verb)
    take_back(finn, recuse(ben, forum_session_id, person_id=ben.person_id, poll_id=None, reason="Mine").id)
    take_lead(finn, forum_session_id)
    hand_over(finn, forum_session_id, person_id=ada.person_id)
    show_on_stage(finn, forum_session_id, poll_id=None)
    show_on_stage(finn, forum_session_id, poll_id=poll.id)
    show_on_stage(finn, forum_session_id, poll_id=None)
    job = request_export(ben, parse_export({"format": "csv", "session": "1A"}))
    cancel_export(ben, job.id)
    retry_export(ben, job.id)


def of_summaries(cast: Cast) -> None:
    """Lines written and changed, reviewed, dissented from and signed; published, and corrected."""
    finn, ben, cyn = (cast.viewer(name) for name in ("finn", "ben", "cyn"))
    forum_session_id = cast.forum_session().id
    begin_summary(finn, forum_session_id)

    def write(text: str, kind: LineKind = LineKind.STATEMENT) -> int:
        return writing.write_line(finn, forum_session_id, kind=kind, words=Wording(text=text)).id
    write("In closed systems. With care.", LineKind.ANSWER)
    one, two, three = write("One."), write("Two."), write("Three. Four.")
    writing.reword_line(finn, one, words=Wording(text="Another."), wording=1)
    writing.move_line(finn, one, step=1)
    writing.remove_line(finn, one)
    writing.restore_line(finn, one)
    writing.split_line(finn, three, parts=["Three.", "Four."], wording=1)
    writing.merge_lines(finn, {one: 2, two: 1}, words=Wording(text="Both."))
    move_summary(finn, forum_session_id, verb="ask_review")
    move_summary(finn, forum_session_id, verb="edit_again")
    move_summary(finn, forum_session_id, verb="ask_review")
    summary = summaries.summary_of(forum_session_id)
    assert summary is not None
    line = next(found for found in summary.standing if found.kind == LineKind.STATEMENT)
    for stance, text in ((Stance.APPROVE, ""), (Stance.COMMENT, "Hm."), (Stance.DISSENT, "No.")):
        review_line(ben, line.id, NewReview(wording=line.wording.number, stance=stance, text=text))
    position = write_position(ben, forum_session_id, text="Not as a whole.")
    reword_position(ben, position.id, text="Not at all.")
    hold_position(cyn, position.id, read=position.mark)
    leave_position(cyn, position.id)
    for listing in (Listing.LISTED, Listing.NOT_LISTED):
        sign(ben, forum_session_id, NewSignOff(revision=summary.revision, listing=listing, reservations="",
                                               may_be_quoted=False))
    for verb in ("close_review", "publish", "correct"):
        move_summary(finn, forum_session_id, verb=verb, reason="A mistake" if verb == "correct" else "")


FLOWS: tuple[Callable[[Cast], None], ...] = (of_polls, of_threads, of_summaries, of_people, of_the_room)


def test_every_change_is_noted_with_before_and_after(app: Flask, cast: Cast) -> None:
    with noting() as noted:
        for flow in FLOWS:
            flow(cast)
    assert lacking(noted) == [], "say before= and after= where these are recorded"
    seen = set(noted)
    unknown = VERB_WORDS.keys() - HAPPENED - ELSEWHERE - seen
    assert sorted(unknown) == [], "walk through these here, or say in HAPPENED why nothing is changed by them"
    assert sorted(seen - VERB_WORDS.keys()) == [], "say these in words in sigforum/oversight/domain.py"


def test_change_without_before_and_after_would_be_found() -> None:
    assert lacking({"poll_open": [{"before": "draft", "after": "open"}], "signed_in": [{}]}) == []
    for detail in ({}, {"before": "draft"}, {"before": "open", "after": "open"}):
        assert lacking({"poll_open": [{"before": "draft", "after": "open"}, detail]}) == ["poll_open"]


def test_role_and_sessions_before_and_after_are_told_on_the_page(cast: Cast, sign_in) -> None:
    of_people(cast)
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/audit?verb=membership_changed")
    told = re.sub(r"\s+", " ", page.get_data(as_text=True))
    assert ("before: status accepted, role participant, forum sessions none; "
            "after: status accepted, role facilitator, forum sessions 1B; another group: yes") in told
    assert re.search(r">Cyn ·", told)


def test_same_list_again_changes_no_place(cast: Cast) -> None:
    row = "name,email,affiliation,stakeholder group,role,sessions\n"
    row += "Cyn Participant,cyn@example.org,Cyn's Hospital,Clinical,participant,\n"
    with noting() as noted:
        invite_people(cast.viewer("ada"), parse_invitations(row, codes={}).people, send_mail=False)
    assert set(noted) == {"people_invited"}


@pytest.mark.parametrize("verb", ["response_flagged", "consent_changed", "summary_signed", "response_edited"])
def test_what_is_kept_back_cannot_be_tried_out_from_the_hashes(cast: Cast, verb: str) -> None:
    for flow in (of_threads, of_summaries, of_people, of_the_room):
        flow(cast)
    salts = [entry.detail[SALT] for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb))]
    assert salts
    assert len(set(salts)) == len(salts)
    assert {len(salt) for salt in salts} == {16}
