"""The rules of a room: choosing them while nobody relies on them yet, and acknowledging them."""

from sqlalchemy import select

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession, Meeting
from sigforum.audit.actions import record
from sigforum.disclosures import queries
from sigforum.disclosures.domain import ATTRIBUTION_WORDS
from sigforum.disclosures.events import AttributionChosen, EntryChanged, RulesAcknowledged
from sigforum.disclosures.forms import NewEntry
from sigforum.disclosures.models import Acknowledgement, EntryRule, Notice
from sigforum.disclosures.policy import check_chooses_attribution, check_enters, check_sets_entry, check_unlocked
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.kernel.loaded import check_loaded, mark
from sigforum.people.domain import Viewer
from sigforum.transaction import transaction


def acknowledge_rules(viewer: Viewer, forum_session_id: int, new: NewEntry) -> Acknowledgement:
    """Store that somebody has read a forum session's rules, and what they consent to. Repeating it changes the consent
    alone. Raises Conflict where the rules are not those that were read."""
    check_enters(viewer, forum_session_id)
    with transaction() as tx:
        forum_session = _locked(viewer, forum_session_id)
        notice = queries.notice(viewer.meeting_id)
        if (new.notice, new.attribution) != (notice.number, forum_session.attribution):
            raise Conflict("The rules were changed while you read them. Please read them again.")
        found = queries.acknowledgement(forum_session_id, person_id=viewer.person_id)
        consent = {"listed": new.may_be_listed, "quoted": new.may_be_quoted}
        subject = f"forum session {forum_session_id}"
        if found is None:
            found = Acknowledgement(
                forum_session_id=forum_session_id, person_id=viewer.person_id, notice_number=notice.number,
                notice_hash=notice.sha256, attribution=forum_session.attribution)
            db.session.add(found)
            record("rules_acknowledged", meeting_id=viewer.meeting_id, actor_id=viewer.person_id, subject=subject,
                   notice=notice.number, notice_sha256=notice.sha256, attribution=forum_session.attribution, **consent)
            tx.publish(RulesAcknowledged(meeting_id=viewer.meeting_id, forum_session_id=forum_session_id,
                                         person_id=viewer.person_id))
        elif (found.may_be_listed, found.may_be_quoted) != (new.may_be_listed, new.may_be_quoted):
            record("consent_changed", meeting_id=viewer.meeting_id, actor_id=viewer.person_id, subject=subject,
                   before={"listed": found.may_be_listed, "quoted": found.may_be_quoted}, after=consent)
        found.may_be_listed, found.may_be_quoted = new.may_be_listed, new.may_be_quoted
    return found


def choose_attribution(viewer: Viewer, forum_session_id: int, *, attribution: str,
                       loaded: str = "") -> ForumSession:
    """Choose how what is said in a forum session may be attributed. Raises Conflict once somebody relies on it, and
    Outdated where the form was loaded with another rule than the one in force."""
    check_chooses_attribution(viewer, forum_session_id)
    if attribution not in ATTRIBUTION_WORDS:
        raise Invalid({"attribution": "Choose one of the three."})
    with transaction() as tx:
        forum_session = _locked(viewer, forum_session_id)
        if forum_session.attribution != attribution:
            check_unlocked(queries.lock_of(forum_session))
            check_loaded(loaded, mark(forum_session.attribution), stands=ATTRIBUTION_WORDS[forum_session.attribution])
            record("attribution_chosen", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
                   subject=f"forum session {forum_session_id}", before=forum_session.attribution, after=attribution)
            forum_session.attribution = attribution
            tx.publish(AttributionChosen(meeting_id=viewer.meeting_id, forum_session_id=forum_session_id))
    return forum_session


def set_entry(viewer: Viewer, *, is_on: bool, text: str, loaded: str = "") -> bool:
    """Choose whether people acknowledge the rules first, and in which words; whether anything was changed.

    Whoever has acknowledged earlier words has entered: nobody is stopped in the middle of a session. Raises Outdated
    where the form was loaded with another choice or other words than those in force.
    """
    check_sets_entry(viewer)
    subject = f"meeting {viewer.meeting_id}"
    with transaction() as tx:
        rule = db.session.get(EntryRule, viewer.meeting_id, with_for_update=True)
        if rule is None:
            rule = EntryRule(meeting_id=viewer.meeting_id, is_on=False)
            db.session.add(rule)
        is_moved, notice = rule.is_on != is_on, queries.notice(viewer.meeting_id)
        if is_moved or text != notice.text.strip():
            check_loaded(loaded, entry_mark(viewer.meeting_id), stands=f"{'asked' if rule.is_on else 'not asked'}, in "
                         f"these words: “{notice.text.strip()}”")
        if is_moved:
            rule.is_on = is_on
            record("entry_set", meeting_id=viewer.meeting_id, actor_id=viewer.person_id, subject=subject,
                   before=not is_on, after=is_on)
        is_reworded = text != notice.text.strip()
        if is_reworded:
            written = Notice(meeting_id=viewer.meeting_id, number=notice.number + 1, text=text,
                             written_by_id=viewer.person_id)
            db.session.add(written)
            db.session.flush()
            record("notice_written", meeting_id=viewer.meeting_id, actor_id=viewer.person_id, subject=subject,
                   before={"number": notice.number, "sha256": notice.sha256},
                   after={"number": written.number, "sha256": queries.notice(viewer.meeting_id).sha256})
        if is_moved or is_reworded:
            tx.publish(EntryChanged(meeting_id=viewer.meeting_id))
    return is_moved or is_reworded


def entry_mark(meeting_id: int) -> str:
    """The mark of a form with the rules of entry as they are."""
    return mark(queries.is_entry_asked(meeting_id), queries.notice(meeting_id).number)


def ask_in_new_meetings(meeting: Meeting) -> None:
    """People of a new meeting acknowledge its rules first, unless its organizer chooses otherwise. Part of making the
    meeting. Nobody enters the sample, whose people are invented."""
    db.session.add(EntryRule(meeting_id=meeting.id, is_on=not meeting.is_sample))


def _locked(viewer: Viewer, forum_session_id: int) -> ForumSession:
    # Found through the meeting, and then locked: the rule cannot change under somebody who acknowledges it.
    agenda.forum_session_by_id(viewer.meeting_id, forum_session_id)
    found: ForumSession = db.session.scalars(
        select(ForumSession).where(ForumSession.id == forum_session_id).with_for_update()
        .execution_options(populate_existing=True)).one()
    return found
