"""Reviewing a summary: line by line, minority positions, and signing."""

from hashlib import sha256
from typing import Any

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.people.domain import Viewer
from sigforum.summaries import queries
from sigforum.summaries.changing import changed, locked, locked_line
from sigforum.summaries.domain import Stance
from sigforum.summaries.forms import NewReview, NewSignOff
from sigforum.summaries.models import Line, LineReview, MinorityHolder, MinorityPosition, SessionSummary, SignOff
from sigforum.summaries.policy import check, check_in_review, check_revision
from sigforum.threads import queries as threads
from sigforum.threads.domain import Attribution, check_shown, strictest
from sigforum.transaction import Transaction, transaction


def review_line(viewer: Viewer, line_id: int, new: NewReview) -> Line:
    """Approve a line, comment on it or dissent; the newest stance counts. A dissent becomes a minority position in
    the dissenter's words, and taking the dissent back withdraws it.

    Raises Conflict where the line has other words than those that were read, or a rule is in force that tells more
    than the one that was shown.
    """
    check("review", viewer, queries.line(viewer.meeting_id, line_id).summary.forum_session_id)
    with transaction() as tx:
        line = locked_line(viewer, line_id)
        check_in_review(line.summary.state)
        if line.retired_at is not None or line.wording.number != new.wording:
            raise Conflict("This line reads differently now. Copy your words, reload, and read it again.")
        review = db.session.get(LineReview, (line.id, viewer.person_id))
        before = None if review is None else {"stance": review.stance, "wording": review.wording}
        if review is None:
            review = LineReview(line_id=line.id, person_id=viewer.person_id, wording=new.wording, stance=new.stance)
            db.session.add(review)
        _promise(review, line.summary, viewer.person_id, shown=new.shown)
        review.wording, review.stance, review.reviewed_at = new.wording, new.stance, now()
        review.text = new.text if new.stance is Stance.COMMENT else ""
        _keep_position(line, viewer.person_id, text=new.text if new.stance is Stance.DISSENT else "", shown=new.shown)
        db.session.flush()
        changed(tx, line.summary, f"summary_line_{new.stance}", actor_id=viewer.person_id,
                line_id=line.id, is_text=False, before=before, after={"stance": new.stance, "wording": new.wording})
    return line


def approve_rest(viewer: Viewer, forum_session_id: int, *, revision: int) -> int:
    """Approve every line that one has said nothing of in its present words. Gives how many these were."""
    check("review", viewer, forum_session_id)
    with transaction() as tx:
        summary = locked(viewer, forum_session_id)
        check_in_review(summary.state)
        check_revision(summary.revision, revision)
        open_lines = [line for line in summary.standing if not any(
            one.person_id == viewer.person_id and one.wording == line.wording.number for one in line.reviews)]
        for line in open_lines:
            review = LineReview(line_id=line.id, person_id=viewer.person_id, wording=line.wording.number,
                                stance=Stance.APPROVE, text="", reviewed_at=now())
            # An approval has no words of its own.
            _promise(review, summary, viewer.person_id, shown=Attribution.NAMED)
            db.session.merge(review)
        changed(tx, summary, "summary_rest_approved", actor_id=viewer.person_id, is_text=False,
                lines=[line.id for line in open_lines])
    return len(open_lines)


def _promise(words: LineReview | MinorityHolder | SignOff, summary: SessionSummary, person_id: int, *,
             shown: Attribution) -> None:
    """Store with somebody's words what they are promised now; what was promised before is not loosened, and neither is
    what their form showed."""
    promised = threads.promise_to(person_id, summary.forum_session)
    if words.attribution is None or strictest(words.attribution, promised.attribution) != words.attribution:
        words.attribution, words.role_label = promised.attribution, promised.label
    check_shown(shown, in_force=words.attribution)


def _holder(summary: SessionSummary, person_id: int, *, shown: Attribution) -> MinorityHolder:
    holder = MinorityHolder(person_id=person_id)
    _promise(holder, summary, person_id, shown=shown)
    return holder


def own_position(line: Line, person_id: int) -> MinorityPosition | None:
    """What somebody wrote against a line and still holds."""
    return next((one for one in line.summary.minority_positions if one.line_id == line.id and one.withdrawn_at is None
                 and one.written_by_id == person_id and one.is_held_by(person_id)), None)


def _keep_position(line: Line, person_id: int, *, text: str, shown: Attribution) -> None:
    """One's own minority position on a line: written, reworded, or withdrawn with the dissent. What others hold too
    stays as they read it, against the words of the line that they read."""
    own, number = own_position(line, person_id), line.wording.number
    if own is not None and text and (own.text, own.wording) == (text, number):
        return
    if own is not None and text and not own.is_held_by_others(person_id):
        if own.text != text:
            own.text, own.edited_at = text, now()
        own.wording = number
        return
    if own is not None:
        _leave(own, person_id)
    if text:
        line.summary.minority_positions.append(MinorityPosition(
            line_id=line.id, wording=line.wording.number, written_by_id=person_id, text=text,
            holders=[_holder(line.summary, person_id, shown=shown)]))


def write_position(viewer: Viewer, forum_session_id: int, *, text: str,
                   shown: Attribution = Attribution.NAMED) -> MinorityPosition:
    """Hold something against the summary as a whole, in one's own words."""
    check("review", viewer, forum_session_id)
    with transaction() as tx:
        summary = locked(viewer, forum_session_id)
        check_in_review(summary.state)
        same = next((one for one in summary.minority_positions if one.text == text and one.line_id is None
                     and one.written_by_id == viewer.person_id and one.withdrawn_at is None), None)
        if same is not None:
            return same
        position = MinorityPosition(written_by_id=viewer.person_id, text=text,
                                    holders=[_holder(summary, viewer.person_id, shown=shown)])
        summary.minority_positions.append(position)
        db.session.flush()
        _position_changed(tx, viewer, position, "minority_position_written")
    return position


def reword_position(viewer: Viewer, position_id: int, *, text: str,
                    shown: Attribution = Attribution.NAMED) -> MinorityPosition:
    """Change one's own minority position, while nobody else holds it in these words."""
    with transaction() as tx:
        position = _locked_position(viewer, position_id)
        if position.written_by_id != viewer.person_id:
            raise NotAllowed("Only its author can change a minority position.")
        if not position.is_held_by(viewer.person_id):
            raise Conflict("You have left this position; those who hold it stand behind these words.")
        if position.is_held_by_others(viewer.person_id):
            raise Conflict("Others hold this position in these words. You can leave it and write another.")
        if position.text != text:
            for holder in position.holders:
                _promise(holder, position.summary, holder.person_id, shown=shown)
            # The log keeps no words; it can be shown later which ones stood there.
            before, after = ({"sha256": sha256(words.encode()).hexdigest()} for words in (position.text, text))
            position.text, position.edited_at = text, now()
            _position_changed(tx, viewer, position, "minority_position_reworded", before=before, after=after)
    return position


def hold_position(viewer: Viewer, position_id: int, *, read: str,
                  shown: Attribution = Attribution.NAMED) -> MinorityPosition:
    """Hold a minority position together with its author. Repeating it changes nothing. Raises Conflict where its words
    are not those that were `read`, which is their mark."""
    with transaction() as tx:
        position = _locked_position(viewer, position_id)
        if not position.is_held_by(viewer.person_id):
            if read != position.mark:
                raise Conflict("This minority position reads differently now. Reload the page and read it again.")
            position.holders.append(_holder(position.summary, viewer.person_id, shown=shown))
            _position_changed(tx, viewer, position, "minority_position_held", before=len(position.holders) - 1,
                              after=len(position.holders))
    return position


def leave_position(viewer: Viewer, position_id: int) -> MinorityPosition:
    """Hold it no longer; without anybody who holds it a position is withdrawn."""
    with transaction() as tx:
        position = _locked_position(viewer, position_id)
        if position.is_held_by(viewer.person_id):
            _leave(position, viewer.person_id)
            _position_changed(tx, viewer, position, "minority_position_left", before=len(position.holders) + 1,
                              after=len(position.holders))
    return position


def _position_changed(tx: Transaction, viewer: Viewer, position: MinorityPosition, verb: str, **detail: Any) -> None:
    changed(tx, position.summary, verb, actor_id=viewer.person_id, subject=f"minority position {position.id}",
            line_id=position.line_id or 0, is_text=False, **detail)


def _leave(position: MinorityPosition, person_id: int) -> None:
    position.holders = [holder for holder in position.holders if holder.person_id != person_id]
    if not position.holders:
        position.withdrawn_at = now()


def _locked_position(viewer: Viewer, position_id: int) -> MinorityPosition:
    found = queries.minority_position(viewer.meeting_id, position_id)
    forum_session_id = found.summary.forum_session_id
    check("review", viewer, forum_session_id)
    check_in_review(queries.locked_summary(forum_session_id).state)
    return queries.minority_position(viewer.meeting_id, position_id)


def sign(viewer: Viewer, forum_session_id: int, new: NewSignOff) -> SignOff:
    """Say whether one is listed under the summary, and whether one may be quoted by name. It can be changed while
    the review lasts.

    Raises Conflict where the text was changed since it was read.
    """
    check("review", viewer, forum_session_id)
    with transaction() as tx:
        summary = locked(viewer, forum_session_id)
        check_in_review(summary.state)
        check_revision(summary.revision, new.revision)
        found = queries.sign_off(summary.id, viewer.person_id)
        before = None if found is None else {"listing": found.listing, "may_be_quoted": found.may_be_quoted}
        if found is None:
            found = SignOff(summary_id=summary.id, person_id=viewer.person_id, listing=new.listing,
                            revision=new.revision)
            db.session.add(found)
        _promise(found, summary, viewer.person_id, shown=new.shown)
        found.listing, found.reservations = new.listing, new.reservations
        found.may_be_quoted, found.revision, found.signed_at = new.may_be_quoted, new.revision, now()
        db.session.flush()
        changed(tx, summary, "summary_signed", actor_id=viewer.person_id, is_text=False, revision=new.revision,
                before=before, after={"listing": new.listing, "may_be_quoted": new.may_be_quoted})
    return found
