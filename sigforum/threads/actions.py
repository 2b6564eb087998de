"""What can be done in a thread: posting, editing, withdrawing, hiding, reading."""

from sqlalchemy import func, select, update

from sigforum.agenda import queries as agenda
from sigforum.audit.actions import record
from sigforum.disclosures import queries as entry
from sigforum.disclosures.domain import EntryNeeded
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.people.domain import Viewer
from sigforum.threads import queries
from sigforum.threads.domain import Attribution, check_shown
from sigforum.threads.events import ResponseChanged, ResponsePosted
from sigforum.threads.flagging import close_flags
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import ReadingMark, Response, ResponseRevision
from sigforum.threads.policy import check
from sigforum.transaction import Transaction, transaction


def post_response(viewer: Viewer, new: NewResponse) -> Response:
    """Answer a question, or reply to a response. Repeating it with the same key gives the first one back;
    repeating it with other words, after an answer that was lost on the way, changes the first one's words.

    Raises Outdated where the rule in force tells more of the author than the form said."""
    with transaction() as tx:
        earlier = db.session.scalar(
            select(Response).where(Response.author_id == viewer.person_id, Response.key == new.key))
        if earlier is not None:
            if earlier.text != new.text:
                return edit_response(viewer, earlier.id, text=new.text, revision=earlier.revision,
                                     shown=new.shown)
            return earlier
        question = agenda.question(viewer.meeting_id, new.question_id)
        parent = None
        if new.parent_id is not None:
            parent = queries.response(viewer.meeting_id, new.parent_id)
            if parent.question_id != question.id:
                raise Invalid({"parent_id": "The response stands in another thread."})
        check("reply" if parent else "post", viewer, question.forum_session, parent)
        if question.retired_at is not None:
            raise Conflict("This question is no longer on the agenda; its thread can only be read.")
        if entry.needs_entry(viewer, question.forum_session_id):
            raise EntryNeeded(place=question.forum_session_id)
        promised = queries.promise_to(viewer.person_id, question.forum_session)
        check_shown(new.shown, in_force=promised.attribution)
        response = Response(
            forum_session_id=question.forum_session_id, question_id=question.id,
            attribution=promised.attribution, role_label=promised.label,
            wording_id=question.wording.id, author_id=viewer.person_id, key=new.key, text=new.text,
            # Threads are one level deep: a reply to a reply stands below the same response.
            parent_id=(parent.parent_id or parent.id) if parent else None,
            revisions=[ResponseRevision(number=1, text=new.text)])
        db.session.add(response)
        db.session.flush()
        record("response_posted", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"response {response.id}")
        tx.publish(ResponsePosted(
            meeting_id=viewer.meeting_id, forum_session_id=response.forum_session_id,
            response_id=response.id, person_id=response.author_id))
    return response


def edit_response(viewer: Viewer, response_id: int, *, text: str, revision: int,
                  shown: Attribution = Attribution.NAMED) -> Response:
    """Change one's own words; every earlier version is kept. `revision` is the one that was edited, and `shown` the
    rule that its author had before them. Raises Outdated where more would be told of them."""
    with transaction() as tx:
        response = queries.response(viewer.meeting_id, response_id)
        check("edit", viewer, response.question.forum_session, response)
        if response.revision != revision:
            raise Conflict("This response was changed in another window meanwhile. "
                           "Copy your text, reload, and edit the newer version.")
        if response.text != text:
            # New words in a stricter place are promised what that place promises.
            response.attribution = response.rule_in_force
            check_shown(shown, in_force=response.attribution)
            response.revision += 1
            response.text, response.edited_at = text, now()
            db.session.add(ResponseRevision(response_id=response.id, number=response.revision, text=text))
            _changed(tx, viewer, response, "response_edited", before={"revision": revision},
                     after={"revision": response.revision})
    return response


def withdraw_response(viewer: Viewer, response_id: int) -> Response:
    """Take one's own response back; it no longer counts and its words are no longer shown."""
    with transaction() as tx:
        response = queries.response(viewer.meeting_id, response_id)
        check("withdraw", viewer, response.question.forum_session, response)
        if response.withdrawn_at is None:
            response.withdrawn_at = now()
            close_flags(viewer, response, is_upheld=None)
            _changed(tx, viewer, response, "response_withdrawn", before="standing", after="withdrawn")
    return response


def restore_response(viewer: Viewer, response_id: int) -> Response:
    """Undo a withdrawal."""
    with transaction() as tx:
        response = queries.response(viewer.meeting_id, response_id)
        check("withdraw", viewer, response.question.forum_session, response)
        if response.withdrawn_at is not None:
            response.withdrawn_at = None
            _changed(tx, viewer, response, "response_restored", before="withdrawn", after="standing")
    return response


def hide_response(viewer: Viewer, response_id: int, *, reason: str) -> Response:
    """Hide somebody's response from the room, for a stated reason; one that was flagged stays hidden for it."""
    with transaction() as tx:
        response = queries.response(viewer.meeting_id, response_id)
        check("hide", viewer, response.question.forum_session, response)
        if response.hidden_at is None or response.review_since is not None:
            was_flagged = response.review_since is not None
            response.hidden_at, response.hidden_reason = response.hidden_at or now(), reason
            close_flags(viewer, response, is_upheld=True)
            _changed(tx, viewer, response, "response_hidden", reason=reason,
                     before="flagged" if was_flagged else "shown", after="hidden")
    return response


def show_response(viewer: Viewer, response_id: int) -> Response:
    """Undo hiding, by the chair or by a flag."""
    with transaction() as tx:
        response = queries.response(viewer.meeting_id, response_id)
        check("hide", viewer, response.question.forum_session, response)
        if response.hidden_at is not None:
            was_flagged = response.review_since is not None
            response.hidden_at, response.hidden_reason = None, ""
            close_flags(viewer, response, is_upheld=False)
            _changed(tx, viewer, response, "response_shown", before="flagged" if was_flagged else "hidden",
                     after="shown")
    return response


def mark_read(viewer: Viewer, forum_session_id: int, *, response_id: int) -> None:
    """Remember how far a person has read; the mark only moves forward."""
    with transaction():
        mark = db.session.get(ReadingMark, (viewer.person_id, forum_session_id))
        if mark is None:
            mark = ReadingMark(person_id=viewer.person_id, forum_session_id=forum_session_id,
                               last_response_id=0)
            db.session.add(mark)
        newest = db.session.scalar(
            select(func.max(Response.id)).where(Response.forum_session_id == forum_session_id)) or 0
        mark.last_response_id = max(mark.last_response_id, min(response_id, newest))
        mark.read_at = now()


def _changed(tx: Transaction, viewer: Viewer, response: Response, verb: str, **detail: object) -> None:
    record(verb, meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
           subject=f"response {response.id}", **detail)
    tx.publish(ResponseChanged(
        meeting_id=viewer.meeting_id, forum_session_id=response.forum_session_id,
        response_id=response.id, person_id=response.author_id))


def follow_question(question_id: int, forum_session_id: int) -> None:
    """Take a thread along when an import moves its question to another forum session. Part of the import."""
    db.session.execute(
        update(Response).where(Response.question_id == question_id)
        .values(forum_session_id=forum_session_id))
